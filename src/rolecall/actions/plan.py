"""What an edit would do, before it is done: the bytes, a diff fit to be shown, what is worth knowing."""

from dataclasses import field
from enum import StrEnum
from pathlib import Path

from rolecall.aws.config_file import FileKind
from rolecall.text import ELLIPSIS, MASK
from rolecall.values import dataclass


class Mark(StrEnum):
    """What a line of a diff is."""

    SAME = " "
    ADDED = "+"
    REMOVED = "-"
    PLACE = "@"


_CHANGED = (Mark.ADDED, Mark.REMOVED)


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
        after: its new bytes; None if the file is removed (the edit that made it is undone).
        diff: the lines that differ and three around them, masked.
    """

    path: Path
    role: FileKind | None
    before: bytes | None = field(repr=False)
    after: bytes | None = field(repr=False)
    diff: tuple[DiffLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What an edit would do.

    Attributes:
        title: what it is, in a few words and the imperative: ``Set region of prod``.
        changes: the files that change; none where everything is as asked already.
        remarks: what is worth knowing before, a sentence each: that another file shadows the key, which
            profiles use the one that is removed.
        lost: the long-term keys (their last four characters) of which it removes the only copy.
    """

    title: str
    changes: tuple[FileChange, ...]
    remarks: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    def does_as(self, other: "Plan") -> bool:
        """Whether it does to other bytes the very thing that another plan does to some.

        Wherever the lines are by now, it removes and adds the same ones. Lines with something masked in them
        cannot be compared.
        """
        shown = _shown(self)
        is_masked = MASK in str(shown) or ELLIPSIS in str(shown)
        return bool(self.changes) and shown == _shown(other) and not is_masked


def _shown(plan: Plan) -> object:
    changes = [
        (each.path, each.before is None, [line for line in each.diff if line.mark in _CHANGED])
        for each in plan.changes
    ]
    return plan.title, plan.remarks, changes
