"""What rules build their findings with: of a setting, a header, a file, a root cause."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from rolecall.aws import identifiers
from rolecall.aws.config_file import ConfigFile
from rolecall.aws.expiry import State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Cause, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import fixes
from rolecall.doctor.evidence import Quoted, listed, said
from rolecall.doctor.finding import Location, Occurrence, RuleContext, Subject, SubjectKind
from rolecall.doctor.fixes import Fix
from rolecall.doctor.root_cause import RootCause
from rolecall.doctor.sections import REGIONS, Passage
from rolecall.text import is_secret_name, mask

_ODD = "\"'#;[]{}<>$`"
"""What no valid value begins or ends with."""


def setting_occurrence(
    context: RuleContext,
    passage: Passage,
    key: str,
    message: str,
    fix: Fix,
    *,
    evidence: tuple[str, ...] = (),
) -> Occurrence:
    """Return what a rule reports about a setting; its line is the evidence, if no other is given."""
    return Occurrence(
        subject_of(passage),
        message,
        fix,
        place_in(passage.file, passage.line(key)),
        evidence or (passage.quote(context.snapshot.host, key),),
        profiles=passage.profiles,
    )


def subject_of(passage: Passage) -> Subject:
    """Return the subject of a finding about a section."""
    return Subject(SubjectKind.SESSION if passage.is_session else SubjectKind.PROFILE, passage.name)


def place_in(file: ConfigFile, line: int | None = None) -> Location | None:
    """Return a place in a file; None where there is no such file."""
    return Location(file.path, line) if file.path is not None else None


def put(passage: Passage, key: str, changes: Mapping[str, str | None], words: str) -> Fix:
    """Return a fix that sets and unsets settings of the profile, in the file that has the key.

    A secret is never put on a command line, and no command edits an sso-session: then it opens the editor.
    """
    is_plain = all(value is None or is_plain_value(name, value) for name, value in changes.items())
    if passage.is_session or not is_plain:
        return in_editor(passage, key, words)
    return fixes.change(words, passage.name, changes, passage.file.role)


def is_plain_value(name: str, value: str) -> bool:
    """Whether a value may be in a line to be run: nothing secret, and nothing that is wrong in itself.

    A value from a file or a variable may contain quotes, a comment or a zone; a fix must not copy those.
    """
    if is_secret_name(name) or mask(value) != value or not value or value != value.strip():
        return False
    if name in REGIONS and not identifiers.is_region(value):
        return identifiers.meant(value) is None and value.isalnum()
    is_command = name in ("credential_process", "cli_pager")
    return value.isprintable() and (
        is_command or not (value[0] in _ODD or value[-1] in _ODD or " #" in value)
    )


def in_editor(passage: Passage, key: str, words: str) -> Fix:
    """Return a fix that opens the editor at the line of a setting."""
    return open_file(passage.file, passage.line(key), f"{words} (in the editor)")


def open_file(file: ConfigFile, line: int | None, words: str) -> Fix:
    """Return a fix that opens the editor at a line of one of the two files."""
    return fixes.open_at(words, file.path, line) if file.path is not None else fixes.manual(words)


def files_in_force(context: RuleContext) -> tuple[ConfigFile, ...]:
    """Return the two files; none if one does not parse, because AWS tools then know no profile."""
    return context.snapshot.files if context.snapshot.merged.broken_file is None else ()


def accused(context: RuleContext, cause: Cause) -> Iterator[tuple[RootCause, Quoted]]:
    """Yield the root causes of one kind whose culprits are profiles, with the settings of each culprit."""
    for blamed in context.blamed.get(cause, ()):
        yield blamed, Quoted(context.snapshot, blamed.culprit)


def root_cause_occurrence(
    blamed: RootCause, quoted: Quoted, message: str, fix: Fix, *keys: str
) -> Occurrence:
    """Return what a rule reports about a profile; ``keys`` are the settings at fault, the place first."""
    evidence = (*quoted.lines(*keys), *said(blamed.fault))
    subject = Subject(SubjectKind.PROFILE, blamed.culprit)
    return Occurrence(
        subject,
        message,
        fix,
        quoted.place(*keys),
        evidence,
        consequence=reach(quoted.snapshot, blamed),
        profiles=blamed.profiles,
    )


def reach(snapshot: Snapshot, blamed: RootCause) -> str:
    """Return the consequence where it differs from the rule's: some profiles fail in boto3 only.

    The AWS CLI caches roles on disk, and does not look at their source while the cached role is valid.
    """
    reports = (snapshot.profiles[name] for name in blamed.profiles)
    cached = [each.name for each in reports if _is_cached(each)]
    if not cached:
        return ""
    others = (
        "" if len(cached) == len(blamed.profiles) else "every command with these profiles fails, except for "
    )
    has = "has the role" if len(cached) == 1 else "has the roles"
    return f"{others}{listed(cached)}: the AWS CLI {has} cached until it expires, and only boto3 fails now"


def _is_cached(report: ProfileReport) -> bool:
    fails_in_boto3 = report.resolution.fault is not None
    works_in_cli = report.resolutions[Tool.CLI_V2].fault is None and report.expiry.state is State.VALID
    return fails_in_boto3 and works_in_cli and report.expiry.renewed_early


def edit(quoted: Quoted, words: str, *keys: str) -> Fix:
    """Return a fix that opens the form over the file that has the first of these keys."""
    return replace(fixes.edit(words, quoted.name), role=quoted.role(*keys))
