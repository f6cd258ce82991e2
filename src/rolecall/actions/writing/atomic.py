"""Writes a file's bytes beside it, and puts them in its place atomically."""

import contextlib
import ctypes
import errno
import os
import secrets
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
    """A file held open: a program that wants to write to it is noticed, and waits until it is released.

    A read lease does that: it is refused while a writer has the file open, and holds back the next one.
    Only Linux has it, for a file's owner and on local file systems; elsewhere only the bytes are compared.

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
        """Whether it is what is at a path, with the owner and mode that it had.

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
        """Ask for a read lease: it is refused if another program has the file open for writing."""
        try:
            # a writer that is held back is announced by a signal: not the default, which kills
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
        """Whether no program waits for the lease to end."""
        return fcntl.fcntl(descriptor, fcntl.F_GETLEASE) == fcntl.F_RDLCK

else:

    def _lease(_descriptor: int) -> _Lease:
        return _Lease.IMPOSSIBLE

    def _is_undisturbed(_descriptor: int) -> bool:
        return True


def exchange(one: Path, other: Path) -> bool:
    """Give each of two files the other's name atomically; False where the system cannot.

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


OWNER_ONLY = 0o600
"""The mode of a file in the making, and of one that was not there before."""

_LONGEST_STEM = 40
_CREATE = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_DESCRIPTORS = "/proc/self/fd"
_NO_LINKS = (errno.EPERM, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)
_NO_ATTRIBUTES = (errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
_ACCESS_LIST = "system.posix_acl_access"


def spare_name(target: Path) -> Path:
    """Return an unused name beside a file, which marks it as rolecall's (``paths.OF_ROLECALL``)."""
    return target.with_name(f".{target.name[:_LONGEST_STEM]}.rolecall-{secrets.token_hex(8)}")


def create(path: Path) -> tuple[int, bool]:
    """Make an empty file that only its owner may read; return its descriptor, and whether it has its name.

    Where the system can do that (Linux), it has none until ``give_name``: a kill before that leaves nothing.

    Raises:
        OSError: the directory does not take it.
    """
    if sys.platform == "linux" and Path(_DESCRIPTORS).is_dir():
        with contextlib.suppress(OSError):  # not on this file system; or for a reason that comes again below
            return os.open(path.parent, os.O_TMPFILE | os.O_RDWR, OWNER_ONLY), False
    return os.open(path, _CREATE, OWNER_ONLY), True


def write(descriptor: int, data: bytes) -> None:
    """Write all bytes to a file."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def give_name(descriptor: int, path: Path) -> None:
    """Give a file that has no name one.

    Raises:
        FileExistsError: another file has it.
        OSError: the directory does not take it.
    """
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        # with a directory given, the link to the descriptor is followed; without, it would be linked itself
        source = f"{_DESCRIPTORS}/{descriptor}"
        os.link(source, path.name, src_dir_fd=directory, dst_dir_fd=directory, follow_symlinks=True)
    finally:
        os.close(directory)


def also_name(path: Path, name: Path) -> None:
    """Give a file another, unused name; the old one is to be removed if it stays.

    Where the file system has no hard links, a file that appears in the last microseconds is overwritten.

    Raises:
        FileExistsError: another file has it.
        OSError: the directory does not take it.
    """
    if link(path, name):
        return
    if os.path.lexists(name):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(name))
    path.rename(name)


def link(path: Path, name: Path) -> bool:
    """Give a file a second, unused name; False if the file system has no hard links.

    Raises:
        FileExistsError: another file has it.
        OSError: the directory does not take it.
    """
    try:
        os.link(path, name, follow_symlinks=False)
    except OSError as error:
        if error.errno in _NO_LINKS:
            return False
        raise
    return True


def keep_private(descriptor: int) -> None:
    """Let only the owner read or write a new file, whatever the umask and the directory say."""
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, OWNER_ONLY)
    drop_access_list(descriptor)


def drop_access_list(file: Path | int) -> None:
    """Take from a new file or directory the access list that its directory gives by default, if one came.

    With the mode of a private file the list grants nothing; but the next chmod that lets the group in would
    let everyone on the list in as well.

    Raises:
        OSError: the system does not let us.
    """
    if sys.platform == "linux":
        try:
            os.removexattr(file, _ACCESS_LIST)
        except OSError as error:
            if error.errno not in (errno.ENODATA, *_NO_ATTRIBUTES):
                raise


def keep_owner_and_mode(path: Path, status: os.stat_result, descriptor: int) -> None:
    """Give a file in the making the owner, group, mode and extended attributes (access lists) of another.

    Raises:
        OSError: the system does not let us.
    """
    ours = os.fstat(descriptor)
    if hasattr(os, "fchown") and (ours.st_uid, ours.st_gid) != (status.st_uid, status.st_gid):
        try:
            os.fchown(descriptor, status.st_uid, status.st_gid)
        except OSError as error:
            words = f"its owner {status.st_uid} and group {status.st_gid} cannot be kept ({error.strerror})"
            raise OSError(error.errno, words, str(path)) from error
    if sys.platform == "linux":
        _keep_attributes(path, descriptor)
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, stat.S_IMODE(status.st_mode))


if sys.platform == "linux":

    def _keep_attributes(path: Path, descriptor: int) -> None:
        """Copy access lists and the user's own attributes; the system's labels where it lets us."""
        wanted, there = _attributes(path), _attributes(descriptor)
        if _ACCESS_LIST in there and _ACCESS_LIST not in wanted:
            os.removexattr(descriptor, _ACCESS_LIST)  # the directory's default, which may let others in
        for name, value in wanted.items():
            if there.get(name) != value:
                try:
                    os.setxattr(descriptor, name, value)
                except OSError:
                    if not name.startswith("security."):
                        raise

    def _attributes(file: Path | int) -> dict[str, bytes]:
        try:
            return {name: os.getxattr(file, name) for name in os.listxattr(file)}
        except OSError as error:
            if error.errno in _NO_ATTRIBUTES:
                return {}
            raise
