"""The directory of a file that is saved: made, locked against another rolecall, cleaned and synced."""

import contextlib
import errno
import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from rolecall.actions import timeouts
from rolecall.actions.errors import ActionFailed
from rolecall.actions.writing import atomic
from rolecall.aws import paths

if sys.platform != "win32":
    import fcntl


_PULSE = 0.02
_OWNER_ONLY = 0o700
_LOCKED = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES)


def make(path: Path) -> tuple[Path, ...]:
    """Make a directory, and those above it, for their owner alone; return what was made, deepest first.

    Raises:
        OSError: it cannot be made.
    """
    missing = [each for each in (path, *path.parents) if not each.exists()]
    made: list[Path] = []
    try:
        for each in reversed(missing):
            each.mkdir(_OWNER_ONLY)
            made.insert(0, each)
            each.chmod(_OWNER_ONLY)  # whatever the umask says
            atomic.drop_access_list(each)
    except OSError:
        unmake(made)
        raise
    return tuple(made)


def unmake(made: "tuple[Path, ...] | list[Path]") -> None:
    """Remove directories that were made for nothing, unless they have been used meanwhile."""
    for each in made:
        with contextlib.suppress(OSError):
            each.rmdir()


@contextlib.contextmanager
def held(path: Path) -> Iterator[int | None]:
    """Hold a directory against every other rolecall that saves there, and remove what a killed one has left.

    Gives a descriptor for ``sync``; None where a directory has none (Windows).

    Raises:
        ActionFailed: another rolecall does not let go of it.
        OSError: it cannot be opened, or a leftover cannot be removed.
    """
    if sys.platform == "win32":
        _sweep(path, is_locked=False)
        yield None
    else:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _sweep(path, is_locked=_lock(descriptor, path))
            yield descriptor
        finally:
            os.close(descriptor)  # and with it goes the lock


def sync(descriptor: int | None) -> None:
    """See a directory's names onto the disk, where its file system does that.

    Raises:
        OSError: the disk does not take it.
    """
    if descriptor is None:
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise


def _sweep(path: Path, *, is_locked: bool) -> None:
    """Remove the drafts of killed processes: they may hold secrets.

    With the lock no other save is under way here; without it the age of a draft decides.
    """
    for leftover in path.iterdir():
        if paths.OF_ROLECALL.fullmatch(leftover.name):
            with contextlib.suppress(FileNotFoundError):
                status = leftover.lstat()
                age = time.time() - max(status.st_mtime, status.st_ctime)
                if (
                    stat.S_ISREG(status.st_mode)
                    and _is_ours(status)
                    and (is_locked or age > timeouts.LEFTOVER)
                ):
                    _remove(leftover)


def _remove(leftover: Path) -> None:
    try:
        leftover.unlink()
    except FileNotFoundError:
        raise
    except OSError as error:
        words = f"{leftover.name}, which an earlier save has left, cannot be removed ({error.strerror})"
        raise OSError(error.errno, words, str(leftover)) from error


def _is_ours(status: os.stat_result) -> bool:
    """Whether a leftover is this user's; what root has left may have the owner of the file already."""
    return sys.platform == "win32" or os.geteuid() in (0, status.st_uid)


if sys.platform != "win32":

    def _lock(descriptor: int, path: Path) -> bool:
        """Lock a directory; False where its file system has no locks.

        Raises:
            ActionFailed: another process does not let go of it.
        """
        until = time.monotonic() + timeouts.DIRECTORY_LOCK
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno not in _LOCKED:
                    return False
            else:
                return True
            if time.monotonic() > until:
                raise ActionFailed(
                    "Timeout",
                    "another rolecall is saving in this directory, and does not end",
                    path=path,
                    cure="end it, then do this again",
                )
            time.sleep(_PULSE)
