"""What is wrong with two files wherever they are used: findings that are the same on every machine.

A file that a team shares is read where nothing else is known: no environment, no cache, no program, no
clock, and often no credentials file, which everybody has for themselves.
"""

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path
from types import MappingProxyType

from rolecall.aws.config_file import FileStatus
from rolecall.aws.providers import Cause
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, Rule, Severity
from rolecall.doctor.registry import CHAPTERS, RULES, Findings, examine
from rolecall.doctor.root_cause import root_causes
from rolecall.host import Host
from rolecall.text import mask_name
from rolecall.user_settings import Silence

_OF_MACHINE = frozenset(
    (
        # another program's file, or a program, that is or is not here
        *("file-with-ending", "process-not-started", "script-asks-again", "plugin-not-found"),
        *("bad-web-identity-token", "web-identity-no-jwt", "login-needs-crt"),
        # a variable that is or is not set, or the machine that a command runs on
        *("environment-source-empty", "container-source-missing", "metadata-disabled"),
        *("no-region", "no-region-for-sts"),
        # a login and its file in a cache
        *("sso-token-missing", "sso-token-expired", "sso-token-damaged", "sso-token-ending"),
        *("sso-token-region", "sso-registration-expired", "login-missing", "login-damaged"),
        *("damaged-cache", "cache-unwritable", "role-ending", "live-over-dead"),
        # the clock
        *("expired-keys", "keys-ending", "web-identity-expired"),
    )
)
"""Codes of what depends on the machine, in the chapters that are about the files."""
_CHAPTERS_OF_MACHINE = ("Environment", "Caches", "Permissions")
_OF_FILES_THERE = frozenset(("odd-keys",))
"""Codes of what is about the files, in the chapters that are about the machine."""


def _is_of_files(chapter: str, rule: Rule) -> bool:
    if chapter in _CHAPTERS_OF_MACHINE:
        return rule.code in _OF_FILES_THERE
    return rule.code not in _OF_MACHINE


RULES_OF_FILES: tuple[Rule, ...] = tuple(
    rule for chapter, rules in CHAPTERS.items() for rule in rules if _is_of_files(chapter, rule)
)
"""The rules whose findings are the same on every machine."""
_WITHOUT_CONFIG = frozenset(
    (
        *("no-credentials", "missing-source", "no-source", "unknown-sso-session", "incomplete-sso-session"),
        *("sso-incomplete", "unknown-services", "role-settings-without-role", "mfa-without-role"),
        *("process-missing-profile", "process-no-credentials", "web-identity-no-role", "unused-section"),
    )
)
"""Codes of what is missing in a credentials file, and may well be in a config file that was not given."""
_SUPPLIED = (Cause.SOURCE_MISSING, Cause.NO_CREDENTIALS, Cause.PROCESS_PROFILE_MISSING)
_KEYS_OF_AWS, _KEYS_OF_ANOTHER = (
    f"aws_access_key_id = {key}\naws_secret_access_key = {'k' * 40}\n"
    for key in ("AKIAQ3EGVM6SZUUJ7K4N", "of-another-service")
)
_NEAR, _LONGEST = 0.8, 80
"""How much alike two names are of which one is probably misspelt; characters that are compared."""
_MOST = 64
"""Rounds in which missing profiles are supplied: each may show that another one is missing."""


def lint(
    host: Host, silences: Collection[Silence] = (), severities: Mapping[str, str] = MappingProxyType({})
) -> tuple[Snapshot, Findings]:
    """Return the Snapshot of the files of ``Host.of_files``, and what is wrong with them anywhere.

    A file that was not given is not taken as empty: what it may have is not reported as missing. Only where
    the name of a missing profile is nearly that of another is this a warning: it is probably misspelt.
    """
    config, credentials = host.only_files or (None, None)
    nothing = Path(os.devnull)
    snapshot = Snapshot.take(replace(host, only_files=(config or nothing, credentials or nothing)))
    found = examine(snapshot, silences, RULES_OF_FILES, severities)
    if config is None:
        kept = tuple(each for each in found.all if each.code not in _WITHOUT_CONFIG)
        return snapshot, replace(found, all=kept)
    if credentials is not None:
        return snapshot, found
    of_aws, of_another = (
        {_identity(each) for each in examine(_supplied(snapshot, keys), silences, RULES_OF_FILES).all}
        for keys in (_KEYS_OF_AWS, _KEYS_OF_ANOTHER)
    )
    sure: list[Finding] = []
    for each in found.all:
        if _identity(each) in of_aws & of_another:
            sure.append(each)
        elif _identity(each) in of_aws:  # a region that S3 of another service may well have
            sure.append(_at_most(Severity.INFO, each, severities))
        elif each.code == "missing-source" and _is_misspelt(each):
            unless = f"every command with {_named(each)} fails, unless everybody has that profile themselves"
            doubted = replace(each, seen=replace(each.seen, consequence=unless))
            sure.append(_at_most(Severity.WARNING, doubted, severities))
    return snapshot, replace(found, all=tuple(sorted(sure, key=lambda each: each.severity.rank)))


def _at_most(most: Severity, finding: Finding, severities: Mapping[str, str]) -> Finding:
    """Return a finding that is in doubt with this severity at most, if the user has not given it one."""
    if finding.code in severities or finding.severity.rank >= most.rank:
        return finding
    return replace(finding, seen=replace(finding.seen, severity=most))


def _named(finding: Finding) -> str:
    return mask_name(finding.profiles[0]) if len(finding.profiles) == 1 else "these profiles"


def _is_misspelt(finding: Finding) -> bool:
    """Whether the name that is missing is nearly the one that the fix sets."""
    written = finding.seen.lacks.removeprefix("profile ")
    return any(
        value is not None and SequenceMatcher(None, written[:_LONGEST], value[:_LONGEST]).ratio() > _NEAR
        for value in finding.fix.changes.values()
    )


def _identity(finding: Finding) -> object:
    return finding.code, finding.subject, finding.place


def _supplied(snapshot: Snapshot, keys: str) -> Snapshot:
    """Return the Snapshot with a credentials file that has the keys which are missing."""
    path = snapshot.files[1].path
    names: dict[str, None] = {}
    for _ in range(_MOST):
        causes = root_causes(snapshot)
        missing = [each.culprit for cause in _SUPPLIED for each in causes.get(cause, ())]
        new = [name for name in missing if name not in names and _is_header(name)]
        if not new or path is None or snapshot.files[0].status is not FileStatus.OK:
            break
        names |= dict.fromkeys(new)
        text = "".join(f"[{name}]\n{keys}" for name in names)
        snapshot = snapshot.edited({path: text.encode()})
    return snapshot


def _is_header(name: str) -> bool:
    return name.isprintable() and not set(name) & set("[]\r\n") and bool(name.strip())


def project_files(path: Path, working: Path) -> Iterator[Path]:
    """Yield where a ``pyproject.toml`` for a file may be, the nearest first.

    That is beside it, and above it as far as the working directory, where the file is below that.
    """
    directory = path.absolute().parent
    yield directory / "pyproject.toml"
    if directory.is_relative_to(working):
        for above in directory.parents:
            if not above.is_relative_to(working):
                break
            yield above / "pyproject.toml"


assert {rule.code for rule in RULES} >= _OF_MACHINE | _OF_FILES_THERE | _WITHOUT_CONFIG  # noqa: S101 - a code that is renamed is renamed here
