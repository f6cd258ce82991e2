"""Profiles with incomplete or invalid settings: what ``errors`` reports of them, and missing services."""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace

from rolecall.aws import client_checks, neighbours, role_parameters
from rolecall.aws.line_edits import glued, own_line, with_names
from rolecall.aws.providers import Cause
from rolecall.aws.resolver import PAIR
from rolecall.aws.settings import CREDENTIAL_SETTINGS, SETTINGS
from rolecall.aws.value_shapes import Misfit
from rolecall.doctor import fixes
from rolecall.doctor.evidence import Quoted, listed, nearest, said
from rolecall.doctor.finding import Location, Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.rules.build import QuotedCause, edit_fix, is_plain_value, rewrite
from rolecall.doctor.sections import meant_by, misnamed_keys, section_lines
from rolecall.text import mask, mask_name

_OPTIONAL = ("external_id", "mfa_serial", "role_session_name", "duration_seconds")
_POINTLESS = {
    "source_profile": "names a source_profile, but no role_arn to assume with it",
    "credential_source": "names a credential_source, but no role_arn to assume with it",
    "sso_session": "names an sso_session, but neither sso_account_id nor sso_role_name",
    "web_identity_token_file": "has an empty web_identity_token_file",
}
"""Settings that look as if they gave credentials, but do not by themselves."""
_LOGIN_KEYS = ("sso_start_url", "sso_region")
_SSO_KEYS = ("sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name")


def nested_value(it: QuotedCause) -> Occurrence:
    """Report a block where text is expected."""
    key = it.subject
    place = it.quoted.place(key)
    words = f"write the {key} on one line"
    fix = fixes.open_at(words, place.path, place.line) if place is not None else it.edit(words)
    return it.occurrence(f"{it.name} has a nested block for {key}: {it.shown(key)}", fix, key)


def half_a_pair(it: QuotedCause) -> Occurrence:
    """Report the half that is there; the other one may be there under a wrong name."""
    there = next((key for key in PAIR if it.sets(key)), PAIR[0])
    missing = next(key for key in PAIR if key != there)
    shown = f" ({it.shown(there)})" if there == PAIR[0] else ""
    message = f"{it.name} has {there}{shown}, but no {missing}"
    wrong = misnamed_keys(_values(it))
    if missing not in wrong.values():
        fix = _other_half(it, there, missing) or it.edit(f"add the {missing}", there)
        return it.occurrence(message, fix, there)
    _, fix = _renamed(it, wrong)
    named = listed(mask_name(key) for key in wrong)
    message = f"{it.name} has {there}{shown}, and {named} where {listed(wrong.values())} should be"
    return it.occurrence(message, fix, *wrong, there)


def _renamed(it: QuotedCause, wrong: Mapping[str, str]) -> tuple[str, Fix]:
    """Return what misnamed keys are called, and what gives them the right names: their values are secrets."""
    place = it.quoted.place(*wrong)
    verb = "is" if len(wrong) == 1 else "are"
    words = f"rename {listed(mask_name(key) for key in wrong)} to {listed(wrong.values())}"
    if any('"' in key for key in wrong):
        words = f"write {listed(wrong.values())} with an equals sign, without quotes and commas"
    told = f"{listed(mask_name(key) for key in wrong)} {verb} not what AWS tools read"
    if place is None:
        return told, it.edit(words, *wrong)
    file = next(file for file in it.snapshot.files if file.path == place.path)
    places = {key: it.quoted.place(key) for key in wrong}
    lines = {at.line: wrong[key] for key, at in places.items() if at is not None and at.line is not None}
    is_in_one = len(lines) == len(wrong) and all(
        at is not None and at.path == file.path for at in places.values()
    )
    # a token alone would not help: what is to be renamed includes a key or its secret
    edit = with_names(file, lines) if is_in_one and not {*PAIR}.isdisjoint(wrong.values()) else None
    return told, rewrite(file, edit, words if edit is not None else f"{words} (in the editor)", place.line)


def _values(it: QuotedCause) -> Mapping[str, object]:
    return {key: each.value for key, each in it.quoted.settings.items()}


def _other_half(it: QuotedCause, there: str, missing: str) -> Fix | None:
    """Return a fix that takes the missing half out of the value of the other, of which it has become part."""
    file = (
        it.snapshot.merged.credentials
        if it.quoted.role(there) == "credentials"
        else it.snapshot.merged.config
    )
    place = it.quoted.place(there)
    if place is None or place.line is None or missing not in str(it.values.get(there)):
        return None
    edit = next((each.edit for each in glued(file) if each.line == place.line), None)
    edit = edit or own_line(file, place.line, missing)
    return rewrite(file, edit, f"put {missing} on its own line") if edit is not None else None


def split_pair(it: QuotedCause) -> Occurrence:
    """Report a pair with its halves in different files."""
    halves = [it.quoted.settings[key] for key in PAIR if it.sets(key)]
    stray = next((half for half in halves if half.origin.kind == "config"), halves[0])
    words = f"put {stray.name} beside its other half in the credentials file"
    places = " and its ".join(f"{each.name} in {each.origin.kind}" for each in halves)
    return it.occurrence(
        f"{it.name} has its {places}: AWS tools need both in one file",
        fixes.open_at(words, stray.origin.path, stray.origin.line),
        stray.name,
        *PAIR,
    )


def no_credentials(it: QuotedCause) -> Occurrence:
    """Report a profile that no provider answers for, with what it sets instead."""
    victims = [each for each in it.profiles if each != it.name]
    over = f", and {listed(victims)} {'uses' if len(victims) == 1 else 'use'} it" if victims else ""
    settings = tuple(it.quoted.settings)
    pointless = next((key for key in _POINTLESS if it.sets(key)), None)
    keys = (pointless,) if pointless is not None else settings[:3]
    is_on_purpose = pointless is None and not _is_wanted(it, victims)
    more = ", if it is more than a place for defaults" if is_on_purpose else ""
    fix = it.edit(f"give it credentials{more}", *keys)
    wrong = misnamed_keys(_values(it))
    if wrong:
        told, fix = _renamed(it, wrong)
        words, keys = f"has no credentials: {told}", tuple(wrong)
    elif pointless is not None:
        words = _POINTLESS[pointless]
    elif it.sets("sso_start_url"):
        words, keys = "only logs in: it has no sso_account_id and no sso_role_name", _LOGIN_KEYS
        fix = it.edit("add sso_account_id and sso_role_name, if commands are to use it", *keys)
    elif (command := _filled_by(it)) is not None:
        words, keys = "has no keys yet", tuple(key for key in settings if key not in SETTINGS)[:3]
        fix = fixes.manual(f"run `{command}`, which writes them")
    elif settings:
        words = f"has no credentials: all it sets is {listed(map(mask_name, settings))}"
    else:
        words = "has no credentials: it is empty"
    seen = it.occurrence(f"{it.name} {words}{over}", fix, *keys)
    seen = replace(seen, lacks=f"profile {it.name}")
    if not is_on_purpose:
        return seen
    return replace(
        seen,
        severity=Severity.INFO,
        consequence="nothing here chooses it; a command that does fails with NoCredentialsError, unless the "
        "metadata of an EC2 instance answers",
    )


def _filled_by(it: QuotedCause) -> str | None:
    """Return the command of the tool that writes the profile's keys, where its settings are such a tool's."""
    tools = neighbours.writers(it.name, it.quoted.settings, it.snapshot.profiles)
    return neighbours.renewal((tool for tool in tools if not tool.reads_defaults), shlex.quote(it.name))


def _is_wanted(it: QuotedCause, victims: list[str]) -> bool:
    """Whether credentials are expected of a profile that has none.

    Many keep only defaults in a profile that nothing chooses: keys in the environment and the role of a
    machine use its region; aws-vault adds the credentials from its own store.
    """
    if any(meant_by(key, value) in CREDENTIAL_SETTINGS for key, value in _values(it).items()):
        return True
    if victims and not it.context.others_read_defaults:
        return True
    chosen = it.snapshot.default_session
    return any(
        here.profile == it.name and here.variable is not None and here.resolution.fault is not None
        for here in chosen.values()
    )


def bad_parameter(it: QuotedCause) -> Occurrence:
    """Report the values that botocore's model of STS refuses; empty ones can be removed."""
    keys = it.subjects
    refused = role_parameters.misfits(it.root.hop) if it.root.hop is not None else ()
    if refused and {each.name for each in refused} >= {*keys}:
        return _refused_parameter(it, tuple(each for each in refused if each.name in keys))
    if all(key in _OPTIONAL and not it.values.get(key) for key in keys):
        fix = fixes.change(f"remove {listed(keys)}", it.name, dict.fromkeys(keys))
    else:
        fix = it.edit(f"correct {listed(keys)}", *keys)
    shown = listed(f"{key} '{it.shown(key)}'" for key in keys)
    return it.occurrence(f"{it.name} has {shown}, which AWS does not accept", fix, *keys)


def _refused_parameter(it: QuotedCause, refused: tuple[Misfit, ...]) -> Occurrence:
    """Report the values that STS or IAM Identity Center refuses, each with the reason."""
    keys = tuple(each.name for each in refused)
    told = "; ".join(f"its {each.name} '{it.shown(each.name)}' {each.words}" for each in refused)
    fix = it.edit(f"correct {listed(keys)}", *keys)
    right = {each.name: each.right for each in refused}
    is_here = all(key in it.quoted.settings for key in keys)  # and not in a variable
    if is_here and all(value is not None and is_plain_value(key, value) for key, value in right.items()):
        words = f"write {listed(str(value) for value in right.values())}, which is probably meant"
        fix = fixes.change(words, it.name, right, it.quoted.role(*keys))
    return it.occurrence(f"AWS refuses the role of {it.name}: {told}", fix, *keys)


def sso_incomplete(it: QuotedCause) -> Occurrence:
    """Report what is missing; the only sso-session is probably meant where its settings are."""
    sessions = tuple(it.snapshot.merged.config.headers.sso_sessions)
    missing = ", ".join(it.subjects)
    fix = it.edit(f"add {missing}", *_SSO_KEYS)
    if len(sessions) == 1 and sessions[0] and set(it.subjects) == {"sso_start_url", "sso_region"}:
        words = f"name the sso-session {sessions[0]}, which is probably meant"
        fix = fixes.change(words, it.name, {"sso_session": sessions[0]})
    return it.occurrence(f"{it.name} uses SSO, but has no {missing}", fix, *_SSO_KEYS)


def sso_conflict(it: QuotedCause) -> Occurrence:
    """Report the settings that differ between a profile and its sso-session."""
    keys = it.subjects
    name = it.values["sso_session"]
    session = it.snapshot.merged.sso_session(name) or {}
    return it.occurrence(
        f"{it.name} has another {listed(keys)} ({it.shown(keys[0])}) than its sso-session "
        f"{name} ({mask(str(session[keys[0]]))})",
        fixes.change("remove it, to use the sso-session's value", it.name, dict.fromkeys(keys)),
        *keys,
        "sso_session",
    )


def unknown_sso_session(it: QuotedCause) -> Occurrence:
    """Report an sso-session that does not exist: once, however many profiles name it."""
    merged = it.snapshot.merged.by_name
    direct = [each for each in it.profiles if merged[each].get("sso_session") == it.name]
    namers = [Quoted(it.snapshot, each) for each in direct or [it.profile]]
    is_one = len(namers) == 1
    guess = nearest(it.name, it.snapshot.merged.config.headers.sso_sessions)
    hint = f" ({guess} is probably meant)" if guess is not None else ""
    fix = edit_fix(namers[0], f"correct the name{hint}, or write the sso-session", "sso_session")
    if guess is not None and is_one:
        words = f"write {guess}, which is probably meant"
        fix = fixes.change(words, namers[0].name, {"sso_session": guess})
    seen = it.occurrence(
        f"{listed(each.name for each in namers)} {'names' if is_one else 'name'} sso_session '{it.name}', "
        "but config has no such section",
        fix,
        "sso_session",
        subject=Subject(SubjectKind.SESSION, it.name),
        quotes=namers,
    )
    return replace(seen, lacks=f"sso-session {it.name}")


def incomplete_sso_session(it: QuotedCause) -> Occurrence:
    """Report an sso-session without its start URL or region: once, however many profiles name it."""
    config = it.snapshot.merged.config
    headers = config.headers.sso_sessions.get(it.name, ())
    section = config.located.sections.get(headers[-1]) if headers else None
    missing = listed(it.subjects[1:])
    words = f"add the {missing} below its header (in the editor)"
    line = section.line if section is not None else None
    fix = fixes.open_at(words, config.path, line) if config.path is not None else fixes.manual(words)
    namers = [each for each in it.profiles if it.snapshot.merged.by_name[each].get("sso_session") == it.name]
    own = next(
        (each for each in it.subjects[1:] if each in it.snapshot.merged.by_name.get(it.profile, {})), None
    )
    there = f"; that of {it.profile} does not count for the token" if own is not None else ""
    told = it.occurrence(
        f"the sso-session {it.name} has no {missing}{there}",
        fix,
        "sso_session",
        subject=Subject(SubjectKind.SESSION, it.name),
        quotes=[Quoted(it.snapshot, each) for each in namers or [it.profile]],
        more=section_lines(it.snapshot.host, config, headers[-1:]),
    )
    return told if config.path is None else replace(told, place=Location(config.path, line))


@rule(
    "unknown-services",
    Severity.ERROR,
    "A services section that does not exist",
    cause="services names a section that no [services …] header in config has, or one that is empty.",
    consequence="every command with this profile fails with InvalidConfigError, unless a variable or an "
    "option gives its endpoint",
    cure="Correct the name, write the section, or remove the setting.",
    explains=[Cause.SERVICES_MISSING],
)
def unknown_services(context: RuleContext) -> Iterator[Occurrence]:
    """Find services sections that do not exist; where a variable gives an endpoint, AWS tools do not look."""
    merged, environ = context.snapshot.merged, context.snapshot.host.environ
    for name, values in merged.by_name.items():
        fault = client_checks.services_fault(environ, merged, name, values) if "services" in values else None
        if fault is None or fault.cause is not Cause.SERVICES_MISSING:
            continue
        config, services = merged.config, values["services"]
        quoted = Quoted(context.snapshot, name)
        guess = nearest(str(services), (each for each in config.headers.services if each != services))
        fix = edit_fix(quoted, "write the section, or remove the setting", "services")
        if guess is not None:
            fix = fixes.change(f"write {guess}, which is probably meant", name, {"services": guess})
        yield Occurrence(
            Subject(SubjectKind.PROFILE, name),
            f"{name} names services '{quoted.shown('services')}', but config has no such section"
            + (" with anything in it" if services in config.headers.services else ""),
            fix,
            quoted.place("services"),
            (*quoted.lines("services"), *said(fault)),
            profiles=(name,),
            lacks=f"services {services}",
        )
