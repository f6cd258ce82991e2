"""What the system offers for putting one file in another's place, and what stands in where it does not."""

import contextlib
import ctypes
import errno
import os
import signal
import stat
import sys
from enum import Enum, auto
from pathlib import Path
from typing import Self

if sys.platform == "linux":
    import fcntl

_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_MOUNTS = Path("/proc/self/mountinfo")
_REMOTE = ("nfs", "nfs4", "cifs", "smb3")
_HERE, _EXCHANGE = -100, 2
"""``AT_FDCWD`` and ``RENAME_EXCHANGE`` of renameat2(2)."""
# looked up beforehand: between the exchange and the removal of the old file no time is to be lost
_RENAME = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None


class Held:
    """A file held open: whoever wants to write to it is seen, and waits until it is let go.

    A read lease does that: it cannot be had while a writer is there, and holds back who comes. Only Linux has
    it, for a file's owner and on local file systems; elsewhere only the bytes tell.

    Attributes:
        status: what ``fstat`` said of the file.
    """

    def __init__(self, path: Path) -> None:
        """Open a file, which is no symlink.

        Raises:
            OSError: it cannot be read, or is no regular file (a FIFO does not hang).
        """
        descriptor = os.open(path, _READ)
        self._descriptor: int | None = descriptor
        try:
            self.status = _regular(descriptor, path)
            self._lease = _lease(descriptor)
        except BaseException:
            self.close()
            raise

    def read(self) -> bytes | None:
        """Return the bytes; None where another program has the file open for writing, or waits for that."""
        if self._descriptor is None or self._lease is _Lease.REFUSED:
            return None
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        with open(self._descriptor, "rb", closefd=False) as file:
            data = file.read()
        return data if self._lease is _Lease.IMPOSSIBLE or _is_undisturbed(self._descriptor) else None

    def is_at(self, path: Path) -> bool:
        """Whether it is what stands at a path, with the owner and mode that it had.

        Raises:
            OSError: that cannot be told.
        """
        return _identity(path.lstat()) == _identity(self.status)

    def is_as(self, status: os.stat_result) -> bool:
        """Whether it is the file that was looked at before, with the same owner and mode."""
        return _identity(self.status) == _identity(status)

    def close(self) -> None:
        """Let it go; who has waited goes on."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def see(path: Path) -> bytes | None:
    """Return the bytes of a file; None where another program has it open for writing, or waits for that.

    Raises:
        OSError: as for ``Held``.
    """
    with Held(path) as file:
        return file.read()


def _regular(descriptor: int, path: Path) -> os.stat_result:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    return status


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_mode, status.st_uid, status.st_gid


class _Lease(Enum):
    """How asking for a lease ended."""

    GIVEN = auto()
    REFUSED = auto()
    IMPOSSIBLE = auto()


if sys.platform == "linux":

    def _lease(descriptor: int) -> _Lease:
        """Ask for a read lease: it is refused where somebody has the file open for writing."""
        try:
            # whoever is held back is announced by a signal: one that does nothing, in place of one that kills
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except OSError as error:
            is_refused = error.errno in (errno.EAGAIN, errno.EWOULDBLOCK)
            return (
                _Lease.REFUSED if is_refused and not _is_remote(os.fstat(descriptor)) else _Lease.IMPOSSIBLE
            )
        return _Lease.GIVEN

    def _is_remote(status: os.stat_result) -> bool:
        """Whether a file is on a file system that refuses leases for reasons of its own."""
        device = f"{os.major(status.st_dev)}:{os.minor(status.st_dev)}"
        with contextlib.suppress(OSError):
            for line in _MOUNTS.read_text(errors="replace").splitlines():
                mount, _, system = line.partition(" - ")
                if mount.split()[2:3] == [device]:
                    return system.split(" ")[0] in _REMOTE
        return False

    def _is_undisturbed(descriptor: int) -> bool:
        """Whether nobody waits for a lease to end."""
        return fcntl.fcntl(descriptor, fcntl.F_GETLEASE) == fcntl.F_RDLCK

else:

    def _lease(_descriptor: int) -> _Lease:
        return _Lease.IMPOSSIBLE

    def _is_undisturbed(_descriptor: int) -> bool:
        return True


def exchange(one: Path, other: Path) -> bool:
    """Give each of two files the other's name at one stroke; False where the system cannot.

    Raises:
        OSError: it can, but does not.
    """
    if _RENAME is None:
        return False
    if _RENAME(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(one), None, str(other))
