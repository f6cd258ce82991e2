"""Saves a plan of edits or a report, and takes edits back."""

import contextlib
import errno
import os.path
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from rolecall.actions.editing.diff import diff
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import FileChange, Plan
from rolecall.actions.writing import lock
from rolecall.actions.writing.replace import Replacement, final_target, see_unchanged
from rolecall.aws.paths import LARGEST
from rolecall.host import read_limited


class History:
    """The edits that were saved, the last one at the end."""

    def __init__(self) -> None:
        self._plans: list[Plan] = []

    @property
    def last(self) -> Plan | None:
        """The edit that would be undone next."""
        return self._plans[-1] if self._plans else None

    def saved(self, plan: Plan) -> None:
        """Remember an edit that was saved, unless it changed nothing."""
        if plan.changes:
            self._plans.append(plan)

    def undo(self) -> Plan:
        """Return what takes the last edit back, to the very bytes; it is to be saved, then ``undone`` called.

        Raises:
            ActionFailed: there is none (``NotApplicable``).
            Conflict: a file has been changed since by another program.
        """
        last = self.last
        if last is None:
            raise ActionFailed("NotApplicable", "there is no edit to undo")
        changes = tuple(_reversed(change) for change in last.changes)
        for change in changes:
            check_unchanged(change)
        gone = tuple(
            f"{change.path.name} is removed: the edit made it" for change in changes if change.after is None
        )
        return Plan(f"Undo: {last.title}", changes, gone)

    def undone(self) -> None:
        """Forget the last edit: it was undone."""
        self._plans.pop()


def _reversed(change: FileChange) -> FileChange:
    return FileChange(
        path=change.path,
        role=change.role,
        before=change.after,
        after=change.before,
        diff=diff(change.after, change.before or b""),
    )


_MOUNTED = (
    "it is mounted by itself, as in a container: open it in your editor (E), which writes to it in place"
)
_NOT_CHANGED, _SAVED = "the file was not changed", "the file was saved, but the system says"
_CURES = {
    errno.ENOSPC: "make room on the disk, then do it again",
    errno.EDQUOT: "make room within your quota, then do it again",
    errno.EROFS: "its file system is mounted read-only: edit it where it comes from",
    errno.EIO: "see whether the disk is well (dmesg), then do it again",
    errno.EACCES: "see who may write in its directory (ls -ld)",
    errno.EPERM: "see the owner and the attributes of the file and its directory (ls -l, lsattr)",
    errno.ENOENT: "see where its path leads (ls -l)",
    errno.ENOTDIR: "see where its path leads (ls -l)",
    errno.ELOOP: "see where its path leads (ls -l)",
    errno.ENAMETOOLONG: "choose a shorter name or path",
    errno.EMFILE: "close other programs, or raise the limit (ulimit -n), then do it again",
    errno.ENFILE: "close other programs, then do it again",
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
            with _telling_of(each):
                each.verify()
        _swap(replacements)
        for each, descriptor in zip(replacements, descriptors, strict=True):
            _finish(each.drop, each)
            with _telling_of(each):
                lock.sync(descriptor)
        for each in replacements:
            with _telling_of(each):
                each.confirm()


def check_unchanged(change: FileChange) -> None:
    """See that a file still is what a change was made from.

    Raises:
        Conflict: it is not.
        ActionFailed: it cannot be read.
    """
    with _telling(change, "the file cannot be read"):
        see_unchanged(change)


def _targets(changes: Sequence[FileChange]) -> dict[Path, FileChange]:
    """Return the changes by the file that each finally changes, links followed.

    Raises:
        ActionFailed: two are about one file, of which each knows nothing of the other.
    """
    targets: dict[Path, FileChange] = {}
    for change in changes:
        with _telling(change):
            try:
                targets[final_target(change.path)] = change
            except ValueError as error:
                raise ActionFailed("Refused", "no file can be called so", path=change.path) from error
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
                            made = [*lock.make(target.parent), *made]
                        held[target.parent] = stack.enter_context(lock.held(target.parent))
            yield [held[target.parent] for target in targets]
    except BaseException:
        lock.unmake(made)
        raise


def _dangles(path: Path) -> bool:
    """Whether a symlink in the path leads to nothing, which usually means that a disk is not mounted."""
    return any(each.is_symlink() and not each.exists() for each in (path, *path.parents))


@contextlib.contextmanager
def _replacement(change: FileChange, target: Path) -> Iterator[Replacement]:
    """Prepare a file's replacement, and clean up after it."""
    replacement = Replacement(change, target)
    failed: ActionFailed | None = None
    try:
        with _telling_of(replacement):
            replacement.prepare()
        yield replacement
    except ActionFailed as error:
        failed = error
        raise
    finally:
        _finish(replacement.close, replacement, failed)


def _finish(
    clean_up: Callable[[], None], replacement: Replacement, failed: ActionFailed | None = None
) -> None:
    """Clean up; an error names the file that is left, and says whether the edit was done.

    Args:
        clean_up: does it.
        replacement: the replacement that is cleaned up.
        failed: what has gone wrong before, to which it is added.

    Raises:
        ActionFailed: something is left, and nothing has gone wrong before.
    """
    try:
        clean_up()
    except OSError as error:
        left = replacement.left or "a file"
        what = "the old file" if replacement.is_done else "its draft"
        words = f"{what} could not be removed, and is still there as {left}: {error.strerror or error}"
        cure = f"remove {left} by hand: it may hold what is secret in the file"
        if failed is None:
            is_done = replacement.is_done
            told = f"{'the file was saved' if is_done else _NOT_CHANGED}, but {words}"
            path = replacement.change.path
            raise ActionFailed("Unwritable", told, path=path, cure=cure, is_done=is_done) from error
        if left not in failed.message:
            failed.message += f"; {words}"
            failed.cure = cure if failed.cure is None else f"{failed.cure}; {cure}"


def _swap(replacements: Sequence[Replacement]) -> None:
    """Put all new files in place; where one fails, the earlier ones are undone."""
    swapped: list[Replacement] = []
    try:
        for each in replacements:
            with _telling_of(each):
                each.swap()
            swapped.append(each)
    except BaseException:
        for each in reversed(swapped):
            with _telling(each.change, "half of the edit was done, and this file could not be put back"):
                each.put_back()
        raise


@contextlib.contextmanager
def _telling_of(replacement: Replacement) -> Iterator[None]:
    """Turn an error of the system into a failure that says whether the new file was put in place."""
    try:
        yield
    except OSError as error:
        is_done = replacement.is_done
        raise _told(
            replacement.change, _SAVED if is_done else _NOT_CHANGED, error, is_done=is_done
        ) from error


@contextlib.contextmanager
def _telling(change: FileChange, what: str = _NOT_CHANGED) -> Iterator[None]:
    """Tell what the system says as a failure of the action."""
    try:
        yield
    except OSError as error:
        raise _told(change, what, error) from error


def _told(change: FileChange, what: str, error: OSError, *, is_done: bool = False) -> ActionFailed:
    reason = error.strerror or str(error)
    cure = _CURES.get(error.errno or 0)
    return ActionFailed("Unwritable", f"{what}: {reason}", path=change.path, cure=cure, is_done=is_done)


def save_report(path: Path, text: str, *, replaces: bool = False) -> None:
    """Write a text to a file, atomically.

    Args:
        path: where; its directory is there.
        text: what.
        replaces: whether a file that is there already is to be replaced; it keeps its mode. A new one may be
            read and written by its owner alone.

    Raises:
        Conflict: a file is there, and is not to be replaced.
        ActionFailed: it cannot be written; nothing has changed.
    """
    if not os.path.isdir(path.parent):  # noqa: PTH112 - with a NUL in it, Path.is_dir may raise
        message = f"there is no directory {path.parent}"
        raise ActionFailed("Unwritable", message, path=path, cure="make it first, or choose another one")
    before = _read_before(path) if replaces else None
    save(Plan("Save the report", (FileChange(path, None, before, text.encode()),)))


def _read_before(path: Path) -> bytes | None:
    try:
        return read_limited(path, LARGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        message = f"what is there is no file that could be replaced: {error.strerror}"
        raise ActionFailed("Unwritable", message, path=path) from error
