"""Secrets where they should not be, old or duplicate keys, and placeholders from tutorials."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from rolecall.aws import value_shapes
from rolecall.aws.config_file import ConfigFile, Value
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import fixes
from rolecall.doctor.evidence import join_words, quote, quote_settings, visible_position
from rolecall.doctor.finding import Location, Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.text import MASK, mask, mask_access_key

ACCOUNT = "123456789012"
"""The example account in AWS's documentation."""


def is_published(value: str) -> bool:
    """Whether a key or secret is an example in AWS's documentation."""
    return value.strip("'\" ") in value_shapes.PUBLISHED


def reason(key: str, value: str) -> str | None:
    """Return what kind of placeholder a value is, or None for a value that may be real.

    Args:
        key: the setting's name.
        value: its value.
    """
    if is_published(value):
        return "an example from AWS's documentation"
    if value_shapes.is_placeholder(value):
        return "a placeholder"
    account = value.split(":", 5)[4:5] if key == "role_arn" else [value] if key == "sso_account_id" else []
    if account and account[0] == ACCOUNT:
        return "of the example account in AWS's documentation"
    return None


_SECRETS = ("aws_secret_access_key", "aws_session_token", "aws_security_token")
KEYS = ("aws_access_key_id", *_SECRETS)
"""The settings of static keys."""
_OLD_KEY = re.compile(r"AKIA[A-P][A-Z2-7]{15}")
"""Long-term keys of the old generation: the first bit after the prefix is not set (Sivakumaran, "A bitwise
analysis of AWS access key identifiers")."""
_NAMED_SECRET = re.compile(
    r"(?<!\S)--?[\w-]+[-_](?:id|name|arn|var|env|ref|stdin|store|manager|cmd|command|field|label|title|item|file|path|key-name)(?:=\S*|\s+[^\s-]\S*)?"
)
"""Options that say which secret to read, or how to get it, and contain none."""
_COMPUTED = re.compile(r"(?<!\S)--?[\w-]+(?:=|\s+)[\"']?(?:\$\([^()]*\)|`[^`]*`|\$\w+|\$\{\w+\})[\"']?")
"""Options with a value that a command or a variable gives: there is no secret in the file."""
_ENOUGH = 5
"""Lines of evidence, at most."""


class _Held(NamedTuple):
    """An access key in one section.

    Attributes:
        profile: the profile with the section.
        file: the file with the section.
        header: the section's header.
    """

    profile: str
    file: ConfigFile
    header: str

    @property
    def secret(self) -> Value | None:
        """The secret in the same section, if there is one."""
        return self.file.sections[self.header].get("aws_secret_access_key")

    @property
    def path(self) -> Path:
        """The file."""
        assert self.file.path is not None  # noqa: S101 - for the type checker: a file with sections has a path
        return self.file.path

    @property
    def line(self) -> int | None:
        """The key's line."""
        located = self.file.located
        section = located.sections.get(self.header)
        keys = section.keys if section is not None else {}
        found = keys.get("aws_access_key_id") or located.defaults.get("aws_access_key_id")
        return found.line if found is not None else None


@rule(
    "same-key",
    Severity.INFO,
    "One access key in several profiles",
    cause="The same access key id is in several profiles, often `default` and another one.",
    consequence="a rotation has to change all of them, and a profile that is forgotten stops working",
    cure="Keep the key in one profile only; a role can use it through `source_profile`.",
)
def same_key(context: RuleContext) -> Iterator[Occurrence]:
    """Find the access keys that several profiles have, with one secret."""
    for key, held in _shared(context.snapshot).items():
        if len(_secrets(held)) <= 1:
            names = tuple(dict.fromkeys(each.profile for each in held))
            yield _of_key(
                context.snapshot,
                key,
                held,
                f"{join_words(names)} have the same access key {mask_access_key(key)}",
                f"keep the key in {names[0]}, and remove it from {join_words(names[1:])}",
            )


@rule(
    "two-secrets",
    Severity.WARNING,
    "One access key with two different secrets",
    cause="The same access key id is in several profiles, and the secrets beside it differ: one was cut "
    "off, or not replaced with the key.",
    consequence="an access key has one secret: with any other, AWS answers SignatureDoesNotMatch",
    cure="Keep the secret that works.",
)
def two_secrets(context: RuleContext) -> Iterator[Occurrence]:
    """Find the access keys with different secrets beside them."""
    for key, held in _shared(context.snapshot).items():
        if len(_secrets(held)) > 1:
            names = tuple(dict.fromkeys(each.profile for each in held))
            yield _of_key(
                context.snapshot,
                key,
                held,
                f"{join_words(names)} have the access key {mask_access_key(key)} with different secrets",
                "keep the secret that works",
            )


@rule(
    "old-key",
    Severity.INFO,
    "An access key that is years old",
    cause="The access key id is of the generation that AWS issued until about 2019; today's contain the "
    "account id.",
    consequence="anyone who has got hold of it in all these years can still use it",
    cure="Create a new key (`aws iam create-access-key`), use it, then deactivate and delete the old one.",
)
def old_key(context: RuleContext) -> Iterator[Occurrence]:
    """Find the long-term keys with an old form; nothing else in the files says how old a key is."""
    for key, held in _held(context.snapshot).items():
        if _OLD_KEY.fullmatch(key) and not key.endswith("EXAMPLE"):
            names = tuple(dict.fromkeys(each.profile for each in held))
            first = held[0]
            yield Occurrence(
                Subject(SubjectKind.PROFILE, first.profile),
                f"the access key {mask_access_key(key)} of {join_words(names)} has the form that AWS issued "
                "until about 2019",
                fixes.edit("create a new access key, and use it here", first.profile, "aws_access_key_id"),
                place=Location(first.path, first.line),
                evidence=_quoted(context.snapshot, key, held),
                profiles=names,
            )


@rule(
    "secret-in-config",
    Severity.INFO,
    "Secrets in the config file",
    cause="Secret keys or session tokens are in the config file, which people share, copy and commit.",
    consequence="anyone who gets the config file to see your setup gets the keys as well",
    cure="Move them to the credentials file: key, secret and token together.",
)
def secret_in_config(context: RuleContext) -> Iterator[Occurrence]:
    """Report the config file if it contains secrets."""
    file = context.snapshot.merged.config
    holding = {
        header: [key for key in _SECRETS if key in section] for header, section in file.sections.items()
    }
    holding = {header: keys for header, keys in holding.items() if keys}
    if holding and file.path is not None:
        yield _secrets_in(context.snapshot, file, file.path, holding)


def _secrets_in(
    snapshot: Snapshot, file: ConfigFile, path: Path, holding: Mapping[str, list[str]]
) -> Occurrence:
    located = file.located
    lines: dict[int, str] = {}
    for header, keys in holding.items():
        own = located.sections[header].keys if header in located.sections else {}
        for key in keys:
            found = own.get(key) or located.defaults.get(key)
            if found is not None:
                lines[found.line] = key
    names = tuple(
        name
        for name, headers in file.headers.profiles.items()
        if any(header in holding for header in headers)
    )
    shown = snapshot.host.display(path)
    what = "a secret is" if len(lines) == 1 else f"{len(lines)} secrets are"
    whose = (
        f", of {join_words(names[:_ENOUGH])}{' and others' if len(names) > _ENOUGH else ''}" if names else ""
    )
    first = min(lines, default=None)
    return Occurrence(
        Subject(SubjectKind.FILE, path.name),
        f"{what} in {shown}{whose}",
        fixes.open_at("move the secrets to the credentials file, with their keys", path, first),
        place=Location(path, first),
        evidence=tuple(
            quote(snapshot.host, path, line, f"{lines[line]} = {MASK}") for line in sorted(lines)[:_ENOUGH]
        ),
        profiles=names,
    )


@rule(
    "secret-in-process",
    Severity.INFO,
    "A secret in a credential_process command",
    cause="The command of `credential_process` seems to have a secret among its arguments.",
    consequence="every user of this machine sees it in the process list whenever the command runs",
    cure="Let the command read the secret from a file, a vault or the system's keychain.",
)
def secret_in_process(context: RuleContext) -> Iterator[Occurrence]:
    """Find the profiles with what looks like a secret in the command."""
    for report in context.snapshot.profiles.values():
        command = report.values.get("credential_process")
        if isinstance(command, str) and _holds_secret(command):
            yield _of_process(context.snapshot, report)


def _holds_secret(command: str) -> bool:
    command = _COMPUTED.sub("", _NAMED_SECRET.sub("", command))
    return MASK not in command and MASK in mask(command)


def _of_process(snapshot: Snapshot, report: ProfileReport) -> Occurrence:
    settings = report.settings
    return Occurrence(
        Subject(SubjectKind.PROFILE, report.name),
        f"the credential_process of {report.name} seems to have a secret among its arguments",
        fixes.edit("have the command read its secret from elsewhere", report.name, "credential_process"),
        place=visible_position(settings["credential_process"]),
        evidence=quote_settings(snapshot.host, settings, ("credential_process",)),
        profiles=(report.name,),
    )


def _held(snapshot: Snapshot) -> dict[str, list[_Held]]:
    """Return where each access key is; a section that a later one replaces has none."""
    found: defaultdict[str, list[_Held]] = defaultdict(list)
    for file in snapshot.files:
        for name, headers in file.headers.profiles.items():
            section = file.sections[headers[-1]]
            key = section.get("aws_access_key_id")
            if isinstance(key, str) and key:
                found[key].append(_Held(name, file, headers[-1]))
    return found


def _shared(snapshot: Snapshot) -> dict[str, list[_Held]]:
    """Return the keys that several profiles have, except published examples."""
    return {
        key: held
        for key, held in _held(snapshot).items()
        if len(held) > 1 and len({each.profile for each in held}) > 1 and not is_published(key)
    }


def _secrets(held: list[_Held]) -> set[str]:
    return {each.secret for each in held if isinstance(each.secret, str) and each.secret}


def _of_key(snapshot: Snapshot, key: str, held: list[_Held], message: str, cure: str) -> Occurrence:
    last = held[-1]
    return Occurrence(
        Subject(SubjectKind.PROFILE, held[0].profile),
        message,
        fixes.open_at(cure, last.path, last.line),
        place=Location(last.path, last.line),
        evidence=_quoted(snapshot, key, held),
        profiles=tuple(dict.fromkeys(each.profile for each in held)),
    )


def _quoted(snapshot: Snapshot, key: str, held: list[_Held]) -> tuple[str, ...]:
    words = f"aws_access_key_id = {mask_access_key(key)}"
    return tuple(quote(snapshot.host, each.path, each.line, words) for each in held[:_ENOUGH])
