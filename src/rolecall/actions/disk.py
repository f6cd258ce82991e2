"""What the system offers for putting one file in another's place, and what stands in where it does not."""

import contextlib
import ctypes
import errno
import os
import signal
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_MOUNTS = Path("/proc/self/mountinfo")
_REMOTE = ("nfs", "nfs4", "cifs", "smb3")
_HERE, _EXCHANGE = -100, 2
"""``AT_FDCWD`` and ``RENAME_EXCHANGE`` of renameat2(2)."""
# looked up beforehand: between the exchange and the removal of the old file no time is to be lost
_RENAME = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Sight:
    """A regular file as it was at one look.

    Attributes:
        status: what ``fstat`` says of it.
        data: its bytes; None where another program has it open for writing, so that they are not final.
    """

    status: os.stat_result
    data: bytes | None = field(repr=False)

    def is_same_file(self, other: "Sight") -> bool:
        """Whether both are looks at one file that has kept its owner and mode."""
        return _identity(self.status) == _identity(other.status)


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_mode, status.st_uid, status.st_gid


def see(path: Path) -> Sight:
    """Look at a file, which is no symlink.

    Raises:
        OSError: it cannot be read, or is no regular file (a FIFO does not hang).
    """
    descriptor = os.open(path, _READ)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        return Sight(status, _settled(descriptor))
    finally:
        os.close(descriptor)


def _settled(descriptor: int) -> bytes | None:
    """Return a file's bytes; None where another program has it open for writing, or is about to.

    A read lease tells: it cannot be had while a writer is there, and holds back who comes while the bytes are
    read. Only Linux has it, for a file's owner and on local file systems; elsewhere only the bytes tell.
    """
    if sys.platform != "linux":
        return _read(descriptor)
    try:
        # whoever is held back is announced by a signal: one that does nothing, in place of one that kills
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        is_refused = error.errno in (errno.EAGAIN, errno.EWOULDBLOCK)
        return None if is_refused and not _is_remote(os.fstat(descriptor)) else _read(descriptor)
    try:
        data = _read(descriptor)
        return data if fcntl.fcntl(descriptor, fcntl.F_GETLEASE) == fcntl.F_RDLCK else None
    finally:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)


def _read(descriptor: int) -> bytes:
    with open(descriptor, "rb", closefd=False) as file:
        return file.read()


def _is_remote(status: os.stat_result) -> bool:
    """Whether a file is on a file system that refuses leases for reasons of its own."""
    device = f"{os.major(status.st_dev)}:{os.minor(status.st_dev)}"
    with contextlib.suppress(OSError):
        for line in _MOUNTS.read_text(errors="replace").splitlines():
            mount, _, system = line.partition(" - ")
            if mount.split()[2:3] == [device]:
                return system.split(" ")[0] in _REMOTE
    return False


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
