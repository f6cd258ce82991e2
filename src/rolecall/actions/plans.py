"""What an edit would do, before it is done: the bytes, a diff fit to be shown, what is worth knowing."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from rolecall.aws.config import Role


class Mark(StrEnum):
    """What a line of a diff is."""

    SAME = " "
    ADDED = "+"
    REMOVED = "-"
    PLACE = "@"


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a unified diff, its secrets masked already; without the mark and the line end."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file's change.

    Attributes:
        path: the file as the user names it; it may be a symlink, which stays one.
        role: which of the two AWS files it is; None for rolecall's own settings.
        before: the bytes that the change was made from; None where there was no file.
        after: the bytes that will stand there; None where the file goes (what made it is taken back).
        diff: the lines that differ and three around them, masked.
    """

    path: Path
    role: Role | None
    before: bytes | None = field(repr=False)
    after: bytes | None = field(repr=False)
    diff: tuple[DiffLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What an edit would do.

    Attributes:
        title: what it is, in a few words and the imperative: ``Set region of prod``.
        changes: the files that change; none where everything is as asked already.
        remarks: what is worth knowing before, a sentence each: that another file shadows the key, who draws
            on the profile that goes.
    """

    title: str
    changes: tuple[FileChange, ...]
    remarks: tuple[str, ...] = ()
