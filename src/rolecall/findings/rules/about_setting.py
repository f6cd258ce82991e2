"""What the rules about single settings, headers and files have in common: how one is told of, and mended."""

from collections.abc import Mapping

from rolecall.aws.config import ConfigFile
from rolecall.findings import fixes
from rolecall.findings.finding import About, Place, Seen, Subject
from rolecall.findings.fixes import Fix
from rolecall.findings.passages import Passage
from rolecall.findings.scene import Scene
from rolecall.text import is_secret_name, mask


def tell(
    scene: Scene, passage: Passage, key: str, message: str, fix: Fix, *, evidence: tuple[str, ...] = ()
) -> Seen:
    """Return what is told of a setting; the evidence is its line, where there is no other."""
    return Seen(
        subject_of(passage),
        message,
        fix,
        place_in(passage.file, passage.line(key)),
        evidence or (passage.quote(scene.snapshot.host, key),),
        profiles=passage.profiles,
    )


def subject_of(passage: Passage) -> Subject:
    """Return whom a finding about a section is about."""
    return Subject(About.SESSION if passage.is_session else About.PROFILE, passage.name)


def place_in(file: ConfigFile, line: int | None = None) -> Place | None:
    """Return a place in a file; None where there is no such file."""
    return Place(file.path, line) if file.path is not None else None


def put(passage: Passage, key: str, changes: Mapping[str, str | None], words: str) -> Fix:
    """Return: set and unset settings of the profile, in the file in which the key stands.

    A secret is not written on a command line, and an sso-session has no command: then it is the editor.
    """
    is_plain = all(value is None or _is_plain(name, value) for name, value in changes.items())
    if passage.is_session or not is_plain:
        return in_editor(passage, key, words)
    return fixes.change(words, passage.name, changes, passage.file.role)


def _is_plain(name: str, value: str) -> bool:
    return not is_secret_name(name) and mask(value) == value and "\n" not in value and bool(value)


def in_editor(passage: Passage, key: str, words: str) -> Fix:
    """Return: the editor at the line of a setting."""
    return open_file(passage.file, passage.line(key), f"{words} (in the editor)")


def open_file(file: ConfigFile, line: int | None, words: str) -> Fix:
    """Return: the editor at a line of one of the two files."""
    return fixes.open_at(words, file.path, line) if file.path is not None else fixes.by_hand(words)


def files_in_force(scene: Scene) -> tuple[ConfigFile, ...]:
    """Return the two files; none where one does not parse, for AWS tools know no profile then."""
    return scene.snapshot.files if scene.snapshot.merged.broken_file is None else ()
