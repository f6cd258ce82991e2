"""What stands in the way of writing a file: permissions, a read-only file system, a file or a broken link."""

import errno
import os
import stat
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from rolecall.host import Host
from rolecall.values import dataclass

_ROOT = 0


class ObstacleKind(StrEnum):
    """What kind of thing is in the way."""

    FORBIDDEN = "forbidden"
    READ_ONLY = "read-only"
    FILE = "file"
    DIRECTORY = "directory"
    LINK = "link"


_ERRORS: dict[int, str] = {
    errno.ENOENT: "FileNotFoundError",
    errno.EACCES: "PermissionError",
    errno.EPERM: "PermissionError",
    errno.EEXIST: "FileExistsError",
    errno.ENOTDIR: "NotADirectoryError",
    errno.EROFS: "OSError",
    errno.EISDIR: "IsADirectoryError",
}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps AWS tools from writing.

    Attributes:
        kind: what kind of thing it is.
        where: the path that is in the way: the file, the broken link, or what may not be written to.
        number: the number of the error that Python raises (``errno``).
        at: the path that the error names. For a file whose name is made up as it is written, its directory.
        is_of_new_file: whether the directory is there, and only no file can be made in it.
    """

    kind: ObstacleKind
    where: Path
    number: int
    at: Path
    is_of_new_file: bool = False

    @property
    def error(self) -> str:
        """The class of the exception."""
        return _ERRORS[self.number]

    @property
    def message(self) -> str:
        """The message of the exception."""
        return f"[Errno {self.number}] {os.strerror(self.number)}: '{self.at}'"

    def naming(self, path: Path) -> "Obstacle":
        """Return the same for a file with a known name, where the error names the file itself."""
        return replace(self, at=path) if self.is_of_new_file else self


def of_directory(host: Host, directory: Path) -> Obstacle | None:
    """Return what keeps a new file from being written in a directory, or None.

    The directory is made where it is missing, as botocore's ``JSONFileCache`` does (``os.makedirs``).
    """
    if os.path.isdir(directory):  # noqa: PTH112 - Path.is_dir raises what is forbidden
        closed = _closed(host, directory, directory)
        return replace(closed, is_of_new_file=True) if closed is not None else None
    if os.path.exists(directory):  # noqa: PTH110 - as above
        return Obstacle(ObstacleKind.FILE, directory, errno.EEXIST, directory)
    missing = [directory]
    for above in directory.parents:
        if os.path.exists(above):  # noqa: PTH110 - Path.exists raises what is forbidden
            return _above(host, missing, above)
        missing.append(above)
    return None


def of_making(host: Host, directory: Path) -> Obstacle | None:
    """Return what keeps a directory from being made; None where it is there, even write-protected."""
    is_there = os.path.isdir(directory)  # noqa: PTH112 - as above
    return None if is_there else of_directory(host, directory)


def of_file(path: Path) -> Obstacle | None:
    """Return what keeps a file that exists from being written in place, as CLI v2 does, or None.

    A directory in its place keeps every tool from writing it.
    """
    if os.path.isdir(path):  # noqa: PTH112 - as above
        return Obstacle(ObstacleKind.DIRECTORY, path, errno.EISDIR, path)
    if os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        return None
    kind, number = _refusal(path)
    return Obstacle(kind, path, number, path)


def _above(host: Host, missing: list[Path], above: Path) -> Obstacle | None:
    """Say what keeps directories from being made, from the last one up to the first that is missing."""
    first = missing[-1]
    if os.path.islink(first):  # noqa: PTH114 - as above
        # os.makedirs passes over one that exists, and fails at the next; at its last it does not
        is_last = len(missing) == 1
        at, number = (first, errno.EEXIST) if is_last else (missing[-2], errno.ENOENT)
        return Obstacle(ObstacleKind.LINK, first, number, at)
    if not os.path.isdir(above):  # noqa: PTH112 - as above
        return Obstacle(ObstacleKind.FILE, above, errno.ENOTDIR, first)
    return _closed(host, above, first)


def _closed(host: Host, directory: Path, at: Path) -> Obstacle | None:
    if host.platform == "win32" or _may_write(host, directory):
        return None
    kind, number = _refusal(directory)
    where = _mounted(host, directory) if kind is ObstacleKind.READ_ONLY else directory
    return Obstacle(kind, where, number, at)


def _mounted(host: Host, directory: Path) -> Path:
    """Return the highest directory of the home that is on the same read-only file system."""
    for above in directory.parents:
        if host.home not in (above, *above.parents) or not _is_read_only(above):
            break
        directory = above
    return directory


def _may_write(host: Host, directory: Path) -> bool:
    """Whether the user may make files in a directory."""
    owner = _owner_looked_at(host)
    if owner is None:
        return os.access(directory, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids)
    return not _is_read_only(directory) and _may_by_mode(directory, owner)


def _owner_looked_at(host: Host) -> os.stat_result | None:
    """Return the owner of another account's home, where root looks at it with ``--home``: root may do all."""
    if host.own_environ is None or not hasattr(os, "geteuid") or os.geteuid() != _ROOT:
        return None
    try:
        home = host.home.stat()
    except OSError:
        return None
    return home if home.st_uid != _ROOT else None


def _may_by_mode(directory: Path, owner: os.stat_result) -> bool:
    try:
        found = directory.stat()
    except OSError:
        return True
    if found.st_uid == owner.st_uid:
        wanted = stat.S_IWUSR | stat.S_IXUSR
    elif found.st_gid == owner.st_gid:
        wanted = stat.S_IWGRP | stat.S_IXGRP
    else:
        wanted = stat.S_IWOTH | stat.S_IXOTH
    return found.st_mode & wanted == wanted


def _refusal(path: Path) -> tuple[ObstacleKind, int]:
    """Say why a path may not be written to; root is refused by a file system, or by an attribute."""
    if _is_read_only(path):
        return ObstacleKind.READ_ONLY, errno.EROFS
    is_root = hasattr(os, "geteuid") and os.geteuid() == _ROOT
    return ObstacleKind.FORBIDDEN, errno.EPERM if is_root else errno.EACCES


def _is_read_only(path: Path) -> bool:
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY) if hasattr(os, "statvfs") else False
    except OSError:
        return False
