"""What the rules about single settings, headers and files have in common: how one is told of, and mended."""

from collections.abc import Mapping

from rolecall.aws import paths, regions
from rolecall.aws.config_file import ConfigFile
from rolecall.doctor import fixes
from rolecall.doctor.context import RuleContext
from rolecall.doctor.finding import Location, Occurrence, Subject, SubjectKind
from rolecall.doctor.fixes import Fix
from rolecall.doctor.known import REGIONS
from rolecall.doctor.sections import Passage
from rolecall.text import is_secret_name, mask

_ODD = "\"'#;[]{}<>$`"
"""What no good value begins or ends with."""


def setting_occurrence(
    context: RuleContext,
    passage: Passage,
    key: str,
    message: str,
    fix: Fix,
    *,
    evidence: tuple[str, ...] = (),
) -> Occurrence:
    """Return what is told of a setting; the evidence is its line, where there is no other."""
    return Occurrence(
        subject_of(passage),
        message,
        fix,
        place_in(passage.file, passage.line(key)),
        evidence or (passage.quote(context.snapshot.host, key),),
        profiles=passage.profiles,
    )


def subject_of(passage: Passage) -> Subject:
    """Return whom a finding about a section is about."""
    return Subject(SubjectKind.SESSION if passage.is_session else SubjectKind.PROFILE, passage.name)


def place_in(file: ConfigFile, line: int | None = None) -> Location | None:
    """Return a place in a file; None where there is no such file."""
    return Location(file.path, line) if file.path is not None else None


def put(passage: Passage, key: str, changes: Mapping[str, str | None], words: str) -> Fix:
    """Return: set and unset settings of the profile, in the file in which the key stands.

    A secret is not written on a command line, and an sso-session has no command: then it is the editor.
    """
    is_plain = all(value is None or is_plain_value(name, value) for name, value in changes.items())
    if passage.is_session or not is_plain:
        return in_editor(passage, key, words)
    return fixes.change(words, passage.name, changes, passage.file.role)


def is_plain_value(name: str, value: str) -> bool:
    """Whether a value may stand on a line to be run: nothing secret, and nothing that is wrong in itself.

    What stands in a file or a variable may hold quotes, a comment or a zone; it is not to be carried on.
    """
    if is_secret_name(name) or mask(value) != value or not value or value != value.strip():
        return False
    if name in REGIONS and not regions.is_region(value):
        return regions.meant(value) is None and value.isalnum()
    is_command = name in ("credential_process", "cli_pager")
    return value.isprintable() and (
        is_command or not (value[0] in _ODD or value[-1] in _ODD or " #" in value)
    )


def in_editor(passage: Passage, key: str, words: str) -> Fix:
    """Return: the editor at the line of a setting."""
    return open_file(passage.file, passage.line(key), f"{words} (in the editor)")


def open_file(file: ConfigFile, line: int | None, words: str) -> Fix:
    """Return: the editor at a line of one of the two files."""
    return fixes.open_at(words, file.path, line) if file.path is not None else fixes.manual(words)


def files_in_force(context: RuleContext) -> tuple[ConfigFile, ...]:
    """Return the two files; none where one does not parse, for AWS tools know no profile then."""
    return context.snapshot.files if context.snapshot.merged.broken_file is None else ()


def text_of(file: ConfigFile) -> str | None:
    """Return a file's text as it is now, be it parseable or not; None where it cannot be read any more."""
    if file.path is None:
        return None
    try:
        return paths.read(file.path).decode(file.encoding)
    except (OSError, UnicodeDecodeError):
        return None
