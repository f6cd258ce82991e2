"""The names and the bytes of files in the making, which stand beside the file that they are to replace."""

import contextlib
import errno
import os
import secrets
import stat
import sys
from pathlib import Path

OWNER_ONLY = 0o600
"""The mode of a file in the making, and of one that was not there before."""

_LONGEST_STEM = 40
_CREATE = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_DESCRIPTORS = "/proc/self/fd"
_NO_LINKS = (errno.EPERM, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)
_NO_ATTRIBUTES = (errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
_ACCESS_LIST = "system.posix_acl_access"


def spare_name(target: Path) -> Path:
    """Return a name beside a file that nobody has, and that tells whose it is (``leftovers.OF_ROLECALL``)."""
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
    """Give a file another name, which must be nobody's; the one it has is to be removed, if it stays.

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
    """Give a file a second name, which must be nobody's; False where the file system has no hard links.

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
    """Let nobody but the owner read or write a new file, whatever the umask and the directory say."""
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, OWNER_ONLY)
    drop_access_list(descriptor)


def drop_access_list(file: Path | int) -> None:
    """Take from a new file or directory the access list that its directory gives by default, if one came.

    With the mode of a private file nobody on it gets in; but the next chmod that lets the group in would let
    them in as well.

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
