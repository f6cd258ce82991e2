"""Settings in the files that are ignored, because another setting or the other file comes first."""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from rolecall.aws import neighbours
from rolecall.aws.config_file import FileKind, Value
from rolecall.aws.expiry import State
from rolecall.aws.line_edits import glued
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.profiles import OriginKind, Setting
from rolecall.aws.providers import Provider
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import fixes
from rolecall.doctor.evidence import join_words, quote_setting, quote_settings, visible_position
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix

_KEYS = ("aws_access_key_id", "aws_secret_access_key")
_TOKENS = ("aws_session_token", "aws_security_token")
_TRIPLE = (*_KEYS, *_TOKENS)
_MAKERS = {Provider.PROCESS: "credential_process", Provider.LOGIN: "login_session"}
_ROLE_PARTS = ("source_profile", "credential_source", "external_id", "role_session_name", "duration_seconds")

_DEFAULTS = frozenset(("external_id", "role_session_name", "duration_seconds"))
"""Settings that aws-vault and similar tools use as defaults for the profiles that name this one."""


class _Way(NamedTuple):
    """One way to credentials that a profile's settings name.

    Attributes:
        provider: the provider that would use it.
        key: the setting that names it.
        words: what to call it.
    """

    provider: Provider
    key: str
    words: str


@rule(
    "keys-shadow-process",
    Severity.WARNING,
    "Static keys hide a credential process or a login",
    cause="A profile has `credential_process` or `login_session`, and also static keys in the credentials "
    "file: left from before, or written there by another tool.",
    consequence="the keys in credentials are used, and the process or login is never asked for fresh ones",
    cure="Remove temporary keys from the credentials file; move long-term keys to their own profile.",
)
def keys_shadow_process(context: RuleContext) -> Iterator[Occurrence]:
    """Find the profiles with static keys that hide fresh ones (aws-cli issue 5109)."""
    for report in context.snapshot.profiles.values():
        hidden = [key for key in _MAKERS.values() if key in report.values]
        section = (
            context.snapshot.merged.static_credentials(report.name) or {}
        )  # [profile ""] uses those of default
        is_told = report.expiry.state is State.EXPIRED  # as expired keys, with the same cure
        if hidden and "aws_access_key_id" in section and _answers(report) and not is_told:
            yield _keys_shadow(context.snapshot, report, hidden)


def _answers(report: ProfileReport) -> bool:
    return report.resolution.provider == Provider.SHARED_CREDENTIALS


def _keys_shadow(snapshot: Snapshot, report: ProfileReport, hidden: list[str]) -> Occurrence:
    section = snapshot.merged.static_credentials(report.name) or {}
    named = join_words(hidden)
    keys = [key for key in _TRIPLE if key in section]
    settings = report.settings
    return Occurrence(
        Subject(SubjectKind.PROFILE, report.name),
        f"{report.name} has static keys in credentials, so its {named} is never asked",
        _fix_keys_shadow(snapshot, report, hidden[0], section, keys),
        place=visible_position(settings["aws_access_key_id"]),
        evidence=quote_settings(snapshot.host, settings, ("aws_access_key_id", *hidden)),
        consequence=f"the keys in credentials are used, stale or not, and {named} never gives fresh ones",
        profiles=(report.name, *snapshot.dependants.get(report.name, ())),
    )


def _fix_keys_shadow(
    snapshot: Snapshot, report: ProfileReport, hidden: str, section: Mapping[str, Value], keys: list[str]
) -> Fix:
    """Return a fix that removes temporary keys; long-term keys may be nowhere else.

    A tool that noted when its keys expire keeps them there, and writes them again: they are left to it.
    """
    if str(section.get("aws_access_key_id")).startswith("AKIA"):
        words = f"move the keys to their own profile in credentials, so that {hidden} is used"
        return replace(fixes.edit(words, report.name, "aws_access_key_id"), role=FileKind.CREDENTIALS)
    tools = neighbours.writers(report.name, report.values, snapshot.profiles)
    command = neighbours.renewal(tools, shlex.quote(report.name))
    if command is not None and report.expiry.state is not State.EXPIRED and report.expiry.at is not None:
        words = f"leave the keys to the tool that keeps them there (`{command}`), or remove {hidden}"
        return fixes.manual(words)
    words = f"remove the keys from credentials, so that {hidden} is used"
    return fixes.change(words, report.name, dict.fromkeys(keys), FileKind.CREDENTIALS)


@rule(
    "unused-keys",
    Severity.WARNING,
    "Static keys that no command uses",
    cause="A profile has static keys and another source of credentials that comes first: a role, SSO, web "
    "identity, or, before keys in config, a login or a process.",
    consequence="renewing the keys changes nothing",
    cure="Move the keys to their own profile, or remove what comes before them.",
)
def unused_keys(context: RuleContext) -> Iterator[Occurrence]:
    """Find the profiles with keys that no profile uses, neither the profile itself nor one that names it."""
    snapshot = context.snapshot
    for report in snapshot.profiles.values():
        if "aws_access_key_id" in report.values:
            ways = _ways(report.values)
            if ways and _wins(snapshot, report, ways[0]):
                yield _unused_keys(snapshot, report, ways[0])


def _wins(snapshot: Snapshot, report: ProfileReport, first: _Way) -> bool:
    """Whether what comes first really answers, and no other profile uses this one's keys."""
    if report.effective.provider != first.provider:
        return False
    if first.provider is not Provider.ASSUME_ROLE:
        return True
    is_own_source = report.values.get("source_profile") == report.name
    return not is_own_source and report.name not in snapshot.dependants


def _unused_keys(snapshot: Snapshot, report: ProfileReport, first: _Way) -> Occurrence:
    settings = report.settings
    key = settings["aws_access_key_id"]
    return Occurrence(
        Subject(SubjectKind.PROFILE, report.name),
        f"{report.name} has static keys that no command uses: {first.words} comes first",
        fixes.open_at(
            "move the keys to their own profile, or remove what comes before them",
            key.origin.path,
            key.origin.line,
        ),
        place=visible_position(key),
        evidence=quote_settings(snapshot.host, settings, ("aws_access_key_id", first.key)),
        consequence=f"every command uses {first.key}; renewing the keys changes nothing",
        profiles=(report.name,),
    )


@rule(
    "unused-provider",
    Severity.WARNING,
    "Two sources of credentials in one profile",
    cause="A profile has the settings of two sources of credentials (a role, web identity, SSO, a login, a "
    "process), often after it was changed from one to the other.",
    consequence="AWS tools use the first of them, and silently ignore the other",
    cure="Remove the settings of the one that you do not mean.",
)
def unused_provider(context: RuleContext) -> Iterator[Occurrence]:
    """Find the profiles with settings of a provider that is never asked."""
    for report in context.snapshot.profiles.values():
        ways = _ways(report.values)
        is_first = len(ways) > 1 and report.effective.provider == ways[0].provider
        if is_first and not _is_meant(report.values, ways):
            yield _unused_provider(context.snapshot, report, ways[0], ways[1:])


def _is_meant(values: Mapping[str, Value], ways: list[_Way]) -> bool:
    """Whether the process gives the very SSO role to SDKs that cannot log in themselves."""
    found = [way.provider for way in ways]
    program = neighbours.program_of(values.get("credential_process"))
    return found == [Provider.SSO, Provider.PROCESS] and program in neighbours.SSO_PROGRAMS


def _unused_provider(
    snapshot: Snapshot, report: ProfileReport, first: _Way, others: list[_Way]
) -> Occurrence:
    settings = report.settings
    unused = join_words(way.key for way in others)
    return Occurrence(
        Subject(SubjectKind.PROFILE, report.name),
        f"{report.name} has both {first.key} and {unused}, and {first.words} comes first",
        fixes.open_at(
            "remove the settings of the one that you do not mean",
            settings[others[0].key].origin.path,
            settings[others[0].key].origin.line,
        ),
        place=visible_position(settings[others[0].key]),
        evidence=quote_settings(snapshot.host, settings, (first.key, *(way.key for way in others))),
        consequence=f"AWS tools silently ignore {unused}",
        profiles=(report.name,),
    )


@rule(
    "shadowed-setting",
    Severity.WARNING,
    "A setting in config that the credentials file overrides",
    cause="The same key is in both files with different values. The credentials file comes first for every "
    "key, while `aws configure set` writes all but keys to config.",
    consequence="the value in config is never used, and changing it has no effect",
    cure="Remove the key from the credentials file.",
)
def shadowed_setting(context: RuleContext) -> Iterator[Occurrence]:
    """Find the profiles for which the two files have different values; other rules report keys.

    Settings below a header that is joined to a value belong to that header's profile.
    """
    merged = context.snapshot.merged
    lost = [each.line for each in glued(merged.credentials) if each.is_header]
    for name, section in merged.credentials.sections.items():
        config = merged.static_config(name) if name in context.snapshot.profiles else None
        if config is not None:
            shadowed = [key for key in section if config.get(key, section[key]) != section[key]]
            if lost:
                shadowed = _above(lost, shadowed, context.snapshot.profiles[name])
            if shadowed:
                yield _shadowed(context.snapshot, name, shadowed)


def _above(lost: list[int], keys: list[str], report: ProfileReport) -> list[str]:
    """Return those of a section's keys that are above every lost header in it."""
    lines = {key: report.settings[key].origin.line or 0 for key in keys}
    first = min((setting.origin.line or 0 for setting in report.settings.values()
                 if setting.origin.kind is OriginKind.CREDENTIALS), default=0)  # fmt: skip
    return [key for key in keys if not any(first <= line <= lines[key] for line in lost)]


def _shadowed(snapshot: Snapshot, name: str, keys: list[str]) -> Occurrence:
    settings = snapshot.profiles[name].settings
    named, first = join_words(keys), settings[keys[0]]
    return Occurrence(
        Subject(SubjectKind.PROFILE, name),
        f"the credentials file overrides {named} of {name} in config",
        _fix_shadowed(first, name, keys),
        place=visible_position(first),
        evidence=tuple(
            quote_setting(snapshot.host, setting)
            for key in keys
            for setting in (settings[key], *_in_config(settings[key].shadowed))
        ),
        consequence=f"the value of {named} in config is never used, and changing it there has no effect",
        profiles=(name,),
    )


def _in_config(losers: Iterable[Setting]) -> list[Setting]:
    """Return those of the overridden settings that config would have set."""
    return [loser for loser in losers if loser.origin.kind is OriginKind.CONFIG][:1]


def _fix_shadowed(first: Setting, name: str, keys: list[str]) -> Fix:
    """Return the fix: only the user knows which keys to keep, and [DEFAULT] is no profile's own section."""
    is_plain = first.origin.section == name and not set(keys) & set(_TRIPLE)
    named = join_words(keys)
    if is_plain:
        words = f"remove {named} from credentials, so that config's is used"
        return fixes.change(words, name, dict.fromkeys(keys), FileKind.CREDENTIALS)
    return fixes.open_at(f"keep {named} in one file only", first.origin.path, first.origin.line)


@rule(
    "token-in-other-file",
    Severity.WARNING,
    "A session token in another file than its keys",
    cause="The keys are in one file, the session token in the other. AWS tools read the keys of each file by "
    "themselves.",
    consequence="the token is never sent, and AWS refuses temporary keys without theirs",
    cure="Put the token beside its keys, or remove it if the keys are long-term keys.",
)
def token_in_other_file(context: RuleContext) -> Iterator[Occurrence]:
    """Find the profiles with keys in one file and their token in the other."""
    snapshot = context.snapshot
    for name in snapshot.merged.credentials.sections:
        report = snapshot.profiles.get(name)
        config = snapshot.merged.static_config(name)
        if report is None or config is None:
            continue
        sections = {
            Provider.SHARED_CREDENTIALS: snapshot.merged.static_credentials(name) or {},
            Provider.CONFIG_FILE: config,
        }
        # the keys in credentials come first; those in config are used only where there are none
        provider = next((each for each in sections if "aws_access_key_id" in sections[each]), None)
        if provider is not None and not any(token in sections[provider] for token in _TOKENS):
            lonely = next((token for token in _TOKENS if token in report.values), None)
            if lonely is not None:
                yield _lonely_token(snapshot, report, provider, lonely)


def _lonely_token(snapshot: Snapshot, report: ProfileReport, provider: Provider, token: str) -> Occurrence:
    settings = report.settings
    files = (FileKind.CREDENTIALS, FileKind.CONFIG)
    keys_in, token_in = files if provider is Provider.SHARED_CREDENTIALS else files[::-1]
    is_temporary = str(report.values["aws_access_key_id"]).startswith("ASIA")
    origin = settings[token].origin
    return Occurrence(
        Subject(SubjectKind.PROFILE, report.name),
        f"{report.name} has its keys in {keys_in} and its {token} in {token_in}, where it is not read",
        fixes.open_at(f"move {token} to {keys_in}, beside its keys", origin.path, origin.line)
        if is_temporary
        else fixes.change(f"remove {token}: these keys have none", report.name, {token: None}, token_in),
        place=visible_position(settings[token]),
        evidence=quote_settings(snapshot.host, settings, ("aws_access_key_id", token)),
        consequence="these temporary keys are sent without their token, and AWS refuses them"
        if is_temporary
        else "the token is never sent; beside long-term keys, as these are, AWS would refuse it",
        profiles=(report.name,),
    )


@rule(
    "role-settings-without-role",
    Severity.WARNING,
    "Role settings without a role",
    cause="A profile has `source_profile`, `credential_source`, `external_id`, `role_session_name` or "
    "`duration_seconds`, but no `role_arn`: AWS tools read them only for a role.",
    consequence="they are ignored: no role is assumed, and source_profile alone gives no credentials",
    cure="Set `role_arn`, or remove them.",
)
def role_settings_without_role(context: RuleContext) -> Iterator[Occurrence]:
    """Find the profiles that have only parts of a role's settings."""
    for report in context.snapshot.profiles.values():
        values = report.values
        if "role_arn" not in values and "web_identity_token_file" not in values:
            parts = [key for key in _ROLE_PARTS if key in values]
            is_for_others = context.others_read_defaults and set(parts) <= _DEFAULTS
            if parts and not is_for_others:
                yield _without_role(context.snapshot, report, parts)


def _without_role(snapshot: Snapshot, report: ProfileReport, parts: list[str]) -> Occurrence:
    settings = report.settings
    named = join_words(parts)
    return Occurrence(
        Subject(SubjectKind.PROFILE, report.name),
        f"{report.name} has {named}, but no role_arn",
        fixes.edit("set role_arn, or remove what goes with it", report.name, "role_arn"),
        place=visible_position(settings[parts[0]]),
        evidence=quote_settings(snapshot.host, settings, parts),
        profiles=(report.name,),
    )


def _ways(values: Mapping[str, Value]) -> list[_Way]:
    """Return the sources of credentials other than static keys, in the order in which botocore asks them."""
    ways: list[_Way] = []
    if "role_arn" in values and "web_identity_token_file" not in values:
        ways.append(_Way(Provider.ASSUME_ROLE, "role_arn", "the role"))
    elif values.get("web_identity_token_file"):
        ways.append(_Way(Provider.WEB_IDENTITY, "web_identity_token_file", "web identity"))
    for key in ("sso_account_id", "sso_role_name"):
        if key in values:
            ways.append(_Way(Provider.SSO, key, "SSO"))
            break
    if "login_session" in values:
        ways.append(_Way(Provider.LOGIN, "login_session", "the login"))
    if "credential_process" in values:
        ways.append(_Way(Provider.PROCESS, "credential_process", "the process"))
    return ways
