"""One file's change on its way to the disk.

The new bytes are prepared beside the file and change names with it atomically. The old file is held
meanwhile: where another program has written to it, or waits for that, it is put back.
"""

import errno
import os
import stat
import sys
from pathlib import Path

from rolecall.actions.editing.diff import diff
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import DiffLine, FileChange
from rolecall.actions.writing import atomic

_CHANGED = "the file has changed since it was read, and is left as it is"
_GONE = "the file is gone since it was read"
_APPEARED = "there is a file by now where there was none, and it is left as it is"
_BUSY = "another program has the file open for writing, and it is left as it is"
_OVERWRITTEN = "the file was saved, and another program wrote over it at once"
_BEING_OVERWRITTEN = "the file was saved, and another program is writing over it right now"
_LATE = "the file was saved, but another program wrote to the old one in that very moment, and that is lost"
_WRITE_BITS = 0o222


class Conflict(ActionFailed):
    """Another program has changed the file since it was read, or is about to.

    Attributes:
        diff: what it has changed, secrets masked; empty where that cannot be told.
    """

    def __init__(self, change: FileChange, message: str, changed: tuple[DiffLine, ...] = ()) -> None:
        cure = "wait until it has done" if message == _BUSY else "look at what has changed"
        cure += ", then do it again from there"
        is_done = message in (_OVERWRITTEN, _BEING_OVERWRITTEN, _LATE)
        super().__init__("Conflict", message, path=change.path, cure=cure, is_done=is_done)
        self.diff = changed


def final_target(path: Path) -> Path:
    """Return where a path leads through all symlinks; the last of them may lead to nothing yet."""
    return Path(os.path.realpath(path))


def see_unchanged(change: FileChange) -> os.stat_result | None:
    """Look at the file of a change, and see that it still is what the change was made from.

    Raises:
        Conflict: it is not, or another program has it open for writing.
        OSError: it cannot be read, or is no regular file.
    """
    held = hold(change)
    if held is None:
        return None
    with held:
        return held.status


def hold(change: FileChange) -> atomic.Held | None:
    """Hold the file of a change, which has to be what the change was made from; None where there is none.

    Raises:
        Conflict: it is not, or another program has it open for writing.
        OSError: it cannot be read, or is no regular file.
    """
    try:
        held = atomic.Held(final_target(change.path))
    except FileNotFoundError:
        if change.before is None:
            return None
        raise Conflict(change, _GONE) from None
    try:
        _require(change, held.read())
    except BaseException:
        held.close()
        raise
    return held


def _require(change: FileChange, now: bytes | None) -> None:
    if now is None:
        raise Conflict(change, _BUSY)
    if now != change.before:
        words = _APPEARED if change.before is None else _CHANGED
        raise Conflict(change, words, diff(change.before, now))


class Replacement:
    """Brings one change about, step by step: prepare, verify, swap, drop, confirm, close.

    A step raises a Conflict, another ActionFailed, or the system's OSError.

    Attributes:
        change: what it brings about.
        is_done: whether the new file is in the old one's place.
    """

    def __init__(self, change: FileChange, target: Path) -> None:
        """Take in hand the change of a file, and where its path finally leads."""
        self.change = change
        self.is_done = False
        self._target = target
        self._spare = atomic.spare_name(self._target)
        self._descriptor: int | None = None
        self._names: list[Path] = []
        self._old: os.stat_result | None = None
        self._old_name: Path | None = None
        self._held: atomic.Held | None = None

    def prepare(self) -> None:
        """See that the file may be replaced, and put the new bytes on the disk beside it."""
        self._old = see_unchanged(self.change)
        if self._old is not None:
            _require_replaceable(self.change, self._target, self._old)
        if self.change.after is not None:
            self._draft(self.change.after)

    def _draft(self, data: bytes) -> None:
        self._descriptor, is_named = atomic.create(self._spare)
        if is_named:
            self._names.append(self._spare)
        atomic.write(self._descriptor, data)
        if self._old is None:
            atomic.keep_private(self._descriptor)
        else:
            atomic.keep_owner_and_mode(self._target, self._old, self._descriptor)
        os.fsync(self._descriptor)
        if is_named:
            self._close_draft()  # Windows moves no file that is open

    def verify(self) -> None:
        """Check that the file has not changed since ``prepare``, and hold it from now on."""
        self._held = hold(self.change)
        if self._held is None:
            is_same = self._old is None
        else:
            is_same = self._old is not None and self._held.is_as(self._old)
        if not is_same or final_target(self.change.path) != self._target:
            raise Conflict(self.change, _CHANGED)
        if sys.platform == "win32":
            self._let_go()  # no file that is open can be moved

    def swap(self) -> None:
        """Put the new file in the old one's place; where that was written to meanwhile, put it back.

        Raises:
            Conflict: it was, or is about to be.
        """
        if self._old is None:
            self._appear()
            self.is_done = True
            return
        try:
            if self.change.after is None:
                self._disappear()
            else:
                self._exchange()
        except FileNotFoundError:
            raise Conflict(self.change, _GONE) from None
        self.is_done = True
        try:
            self._see_old_unchanged()
        except BaseException:
            self.put_back()
            raise

    def _appear(self) -> None:
        try:
            if self._descriptor is not None:
                atomic.give_name(self._descriptor, self._target)
            else:
                atomic.also_name(self._spare, self._target)
        except FileExistsError:
            see_unchanged(self.change)
            raise
        self._close_draft()

    def _disappear(self) -> None:
        self._names.append(self._spare)
        self._target.rename(self._spare)
        self._old_name = self._spare

    def _exchange(self) -> None:
        if self._descriptor is not None:
            self._names.append(self._spare)
            atomic.give_name(self._descriptor, self._spare)
            self._close_draft()
        if atomic.exchange(self._spare, self._target):
            self._old_name = self._spare
            return
        second = atomic.spare_name(self._target)
        self._names.append(second)
        if atomic.link(self._target, second):
            self._old_name = second
        self._spare.replace(self._target)

    def _see_old_unchanged(self) -> None:
        if self._held is not None:
            _require(self.change, self._held.read())
            if self._old_name is not None and not self._held.is_at(self._old_name):
                _require(self.change, atomic.see(self._old_name))  # tells what was put in its place
                raise Conflict(self.change, _CHANGED)
        elif self._old_name is not None:
            _require(self.change, atomic.see(self._old_name))

    def put_back(self) -> None:
        """Take ``swap`` back: the very file that stood there, with what others have written to it since.

        Raises:
            Conflict: another program has written to the new file meanwhile, which stays.
            OSError: the directory does not take it any more.
        """
        self._require_new()
        if self._old is None:
            self._target.unlink()
        elif self._old_name is None:
            self._write_again()
        elif self.change.after is None:
            atomic.also_name(self._old_name, self._target)
        elif not atomic.exchange(self._old_name, self._target):
            self._old_name.replace(self._target)
        self.is_done = False

    @property
    def left(self) -> str | None:
        """The name of the file beside the target that is still to be removed, or None."""
        return next((name.name for name in reversed(self._names) if os.path.lexists(name)), None)

    def _write_again(self) -> None:
        """Put the old bytes back where the system has let the old file go."""
        now = self._held.read() if self._held is not None else None
        self._draft(self.change.before or b"" if now is None else now)
        self._spare.replace(self._target)

    def drop(self) -> None:
        """Remove the file with the spare name: the old file after ``swap``, the draft before."""
        self._close_draft()
        while self._names:
            self._names[-1].unlink(missing_ok=True)
            self._names.pop()

    def confirm(self) -> None:
        """Check, once all is done, that nothing was written to the old file after all, or over the new one.

        Raises:
            Conflict: another program has written to it, or is about to.
        """
        if self._held is not None:
            late = self._held.read()
            if late != self.change.before:
                raise Conflict(self.change, _LATE, () if late is None else diff(self.change.before, late))
        self._require_new()

    def _require_new(self) -> None:
        if self.change.after is None:
            return
        try:
            now = atomic.see(self._target)
        except FileNotFoundError:
            now = b""
        if now is None:
            raise Conflict(self.change, _BEING_OVERWRITTEN)
        if now != self.change.after:
            raise Conflict(self.change, _OVERWRITTEN, diff(self.change.after, now))

    def close(self) -> None:
        """Clean up, wherever it was left off, and let the old file go."""
        try:
            self.drop()
        finally:
            self._let_go()

    def _let_go(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None

    def _close_draft(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _require_replaceable(change: FileChange, target: Path, status: os.stat_result) -> None:
    """Refuse what an editor would refuse, and what a replacement would part from its other names."""
    if status.st_nlink > 1:
        raise ActionFailed(
            "Refused",
            f"the file has {status.st_nlink} names (hard links), which a save would part",
            path=change.path,
            cure="open it in your editor (E), which writes to it in place",
        )
    if sys.platform != "win32" and os.statvfs(target).f_flag & os.ST_RDONLY:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(target))
    mode = stat.S_IMODE(status.st_mode)
    may_write = os.access(target, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
    if not mode & _WRITE_BITS or not may_write:
        raise ActionFailed(
            "Unwritable",
            f"the file is write-protected (mode {mode:04o})",
            path=change.path,
            cure="see its owner, mode and attributes (ls -l, lsattr), and allow yourself to write to it",
        )
