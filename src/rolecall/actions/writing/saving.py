"""Saves an edit: each file is at every moment either the old one or the new one, whatever happens.

- The new bytes are written beside the file that a symlink finally leads to, in a file that only its owner may
  read and that has no name where the system can do that; owner, mode and access lists are put on, and it is
  seen onto the disk. All files of an edit are prepared before the first is touched.
- The file is held: who wants to write to it from then on waits, and is seen. It is compared with what the
  edit was made from; then the two change names at one stroke, and unless somebody waits, the old one is
  removed. Else, or where it was written to or replaced after all, it is put back, and who has waited goes on
  with it. What is left is a program that is interrupted inside its one open(2) for as long as a save takes.
- Only Linux, on file systems of its own, can hold a file. Elsewhere its bytes are compared before and after,
  and a program that opens it before the exchange and writes after the save (a millisecond) goes unnoticed.
- Nobody can be kept from writing over the new file later (``aws configure set`` reads, then writes in place,
  with no lock): that shows in the next Snapshot, and as a Conflict when the edit is taken back.
- What a killed save leaves (a draft, or the old file) the next save in that directory removes.
"""

import contextlib
import errno
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rolecall.actions.failures import ActionFailed
from rolecall.actions.plans import FileChange, Plan
from rolecall.actions.writing import directories
from rolecall.actions.writing.replacing import Conflict, Replacement, final_target, look

__all__ = ["Conflict", "check", "save"]

_MOUNTED = (
    "it is mounted by itself, as in a container: open it in your editor (E), which writes to it in place"
)
_CURES = {
    errno.ENOSPC: "make room on the disk, then do it again",
    errno.EDQUOT: "make room within your quota, then do it again",
    errno.EROFS: "its file system is mounted read-only: edit it where it comes from",
    errno.EACCES: "see who may write in its directory (ls -ld)",
    errno.EPERM: "see the owner and the attributes of the file and its directory (ls -l, lsattr)",
    errno.ENOENT: "see where its path leads (ls -l)",
    errno.EBUSY: _MOUNTED,
    errno.EXDEV: _MOUNTED,
}


def save(plan: Plan) -> None:
    """Write what an edit would do; several files all, or none.

    Raises:
        Conflict: a file is not what the edit was made from.
        ActionFailed: it cannot be written; each file stands as it was, unless the message says otherwise.
    """
    targets = _targets(plan.changes)
    with _directories(targets) as descriptors, contextlib.ExitStack() as stack:
        replacements = [
            stack.enter_context(_replacement(change, target)) for target, change in targets.items()
        ]
        for each in replacements:
            with _telling(each.change):
                each.verify()
        _swap(replacements)
        for each, descriptor in zip(replacements, descriptors, strict=True):
            with _telling(each.change, "the file was saved, but the system says"):
                each.drop()
                directories.sync(descriptor)
        for each in replacements:
            with _telling(each.change, "the file was saved, but cannot be read again"):
                each.confirm()


def check(change: FileChange) -> None:
    """See that a file still is what a change was made from.

    Raises:
        Conflict: it is not.
        ActionFailed: it cannot be read.
    """
    with _telling(change, "the file cannot be read"):
        look(change)


def _targets(changes: Sequence[FileChange]) -> dict[Path, FileChange]:
    """Say which file each change finally is about.

    Raises:
        ActionFailed: two are about one file, of which each knows nothing of the other.
    """
    targets: dict[Path, FileChange] = {}
    for change in changes:
        with _telling(change):
            targets[final_target(change.path)] = change
    if len(targets) < len(changes):
        message = "config and credentials are one and the same file, which cannot be changed as both at once"
        raise ActionFailed("Refused", message, path=changes[0].path, cure="open it in your editor (E)")
    return targets


@contextlib.contextmanager
def _directories(targets: Mapping[Path, FileChange]) -> Iterator[list[int | None]]:
    """Hold the directory of each file, made where it is missing; what was made for nothing goes again."""
    made: list[Path] = []
    try:
        with contextlib.ExitStack() as stack:
            held: dict[Path, int | None] = {}
            # in one order, so that no two wait for each other
            for target, change in sorted(targets.items(), key=lambda item: item[0]):
                if target.parent not in held:
                    with _telling(change):
                        if change.before is None and not _dangles(change.path):
                            made = [*directories.make(target.parent), *made]
                        held[target.parent] = stack.enter_context(directories.held(target.parent))
            yield [held[target.parent] for target in targets]
    except BaseException:
        directories.unmake(made)
        raise


def _dangles(path: Path) -> bool:
    """Whether a symlink on the way to a file leads to nothing: a disk that is not mounted, as a rule."""
    return any(each.is_symlink() and not each.exists() for each in (path, *path.parents))


@contextlib.contextmanager
def _replacement(change: FileChange, target: Path) -> Iterator[Replacement]:
    """Prepare a file's replacement, and clean up after it."""
    with _telling(change):
        replacement = Replacement(change, target)
        try:
            replacement.prepare()
        except BaseException:
            replacement.close()
            raise
    try:
        yield replacement
    finally:
        with _telling(change, "a draft could not be removed"):
            replacement.close()


def _swap(replacements: Sequence[Replacement]) -> None:
    """Put all new files in place; where one fails, the earlier ones are taken back."""
    swapped: list[Replacement] = []
    try:
        for each in replacements:
            with _telling(each.change):
                each.swap()
            swapped.append(each)
    except BaseException:
        for each in reversed(swapped):
            with _telling(each.change, "half of the edit was done, and this file could not be put back"):
                each.put_back()
        raise


@contextlib.contextmanager
def _telling(change: FileChange, what: str = "the file was not changed") -> Iterator[None]:
    """Tell what the system says as a failure of the action."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        cure = _CURES.get(error.errno or 0)
        raise ActionFailed("Unwritable", f"{what}: {reason}", path=change.path, cure=cure) from error
