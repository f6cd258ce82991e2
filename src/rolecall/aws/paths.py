"""The paths from which AWS tools read their files, and what is at them."""

import errno
import os
import re
import stat
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from rolecall.host import MEBIBYTE, Host, read_limited
from rolecall.values import dataclass

OF_AWS_TOOLS = re.compile(r"tmp[a-z0-9_]{8}\.tmp")
"""How botocore's ``JSONFileCache`` names the temporary file for a cache file (``tempfile.mkstemp``)."""
OF_ROLECALL = re.compile(r"\..{1,40}\.rolecall-[0-9a-f]{16}", re.DOTALL)
"""How rolecall names the temporary file for a file: ``.config.rolecall-0123456789abcdef``."""
IN_THE_MAKING = timedelta(minutes=1)
"""The age up to which a program may still be writing such a file."""


LARGEST = 64 * MEBIBYTE
"""Bytes up to which a file is read: thirty times as many as 10,000 profiles need."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The files and directories that botocore and the AWS CLI read.

    ``config`` and ``credentials`` are None where their variable names no file (it is empty, or ends in a
    slash), which botocore treats as "no such file". ``cli_history`` is the directory in which the AWS CLI
    keeps a history, if it is to keep one.
    """

    config: Path | None
    credentials: Path | None
    cli_cache: Path
    sso_cache: Path
    login_cache: Path
    boto_cache: Path
    cli_history: Path

    @property
    def caches(self) -> tuple[Path, ...]:
        """The four cache directories."""
        return (self.cli_cache, self.sso_cache, self.login_cache, self.boto_cache)


def find(host: Host) -> Paths:
    """Return the paths: variables can move only the two files and the login cache."""
    aws = Path(host.expand_user("~")) / ".aws"
    login = host.environ.get("AWS_LOGIN_CACHE_DIRECTORY")
    config, credentials = host.only_files or (
        _file(host, "AWS_CONFIG_FILE", aws / "config"),
        _file(host, "AWS_SHARED_CREDENTIALS_FILE", aws / "credentials"),
    )
    return Paths(
        config=config,
        credentials=credentials,
        cli_cache=aws / "cli" / "cache",
        sso_cache=aws / "sso" / "cache",
        login_cache=aws / "login" / "cache" if login is None else Path(host.expand(login)),
        boto_cache=aws / "boto" / "cache",
        cli_history=Path(host.environ.get("AWS_CLI_HISTORY_FILE", aws / "cli" / "history" / "db")).parent,
    )


def _file(host: Host, variable: str, default: Path) -> Path | None:
    value = host.environ.get(variable)
    if value is None:
        return default
    expanded = host.expand(value)
    # Path drops a slash at the end; the system does not, and finds no file by such a name
    return Path(expanded) if expanded and not expanded.endswith("/") else None


def join(directory: Path, name: str) -> str:
    """Return a file's path as text, by which thousands of cache files are looked up."""
    return f"{directory}{os.sep}{name}"


class Presence(StrEnum):
    """What is at a path."""

    FILE = "file"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What shows that a file is still the one that was read."""

    device: int
    inode: int
    size: int
    modified: int
    changed: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Stamp":
        """Take the stamp of a stat result (times in nanoseconds)."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found at a path, in words where it is not a plain readable file."""

    presence: Presence
    reason: str | None
    stamp: Stamp | None
    mode: int = 0


_KINDS = (
    (stat.S_ISDIR, "is a directory"),
    (stat.S_ISFIFO, "is a FIFO"),
    (stat.S_ISSOCK, "is a socket"),
    (stat.S_ISCHR, "is a device"),
    (stat.S_ISBLK, "is a device"),
)


def is_nowhere(path: Path) -> bool:
    """Whether a path is the null device, or leads to it: the user wants no file to be read."""
    try:
        leads_to = os.path.realpath(path)
    except (OSError, ValueError):
        return False
    return leads_to == "/dev/null" or str(path).upper() in ("NUL", "NUL:", "\\\\.\\NUL")


def look(path: Path) -> Found:
    """Return what is at a path without opening it, so that a FIFO cannot hang."""
    try:
        status = path.stat()
    except OSError as error:
        return _absent(path, error)
    except ValueError:
        return Found(Presence.MISSING, "is not a possible file name", None)
    for is_kind, words in _KINDS:
        if is_kind(status.st_mode):
            return Found(Presence.UNREADABLE, f"{words}; AWS tools treat it as missing", None, status.st_mode)
    return Found(Presence.FILE, None, Stamp.of(status), status.st_mode)


def _absent(path: Path, error: OSError) -> Found:
    target = _link(path) if error.errno == errno.ENOENT else None
    if target is not None:
        return Found(
            Presence.MISSING, f"is a broken symlink to {target}; AWS tools treat it as missing", None
        )
    above = _in_the_way(path, error)
    if above is not None:
        return Found(Presence.UNREADABLE, f"cannot be reached: {above}; AWS tools treat it as missing", None)
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return Found(Presence.MISSING, None, None)
    words = "cannot be reached" if error.errno == errno.EACCES else "cannot be read"
    return Found(Presence.UNREADABLE, f"{words} ({error.strerror}); AWS tools treat it as missing", None)


def _in_the_way(path: Path, error: OSError) -> str | None:
    """Return which directory above a path keeps it from being reached, or None."""
    for directory in path.parents:
        try:
            status = directory.stat()
        except OSError:
            target = _link(directory)
            if target is not None:
                return f"{directory} is a symlink to {target}, which cannot be reached"
            continue
        if not stat.S_ISDIR(status.st_mode):
            return f"{directory} is not a directory"
        return f"{directory} {whose(directory)}" if error.errno == errno.EACCES else None
    return None


def _link(path: Path) -> Path | None:
    try:
        return path.readlink()
    except OSError:
        return None  # no link, or gone by now


def whose(path: Path) -> str:
    """Return the owner and the mode of a file: they decide who may read it, or enter a directory."""
    try:
        status = path.stat()
        owner = path.owner()
    except OSError:
        return "is gone by now"
    except (KeyError, NotImplementedError):
        owner = f"user {status.st_uid}"
    return f"belongs to {owner}, mode {stat.S_IMODE(status.st_mode):03o}"


def read_file(path: Path, most: int = LARGEST) -> bytes:
    """Return the bytes of a regular file.

    Raises:
        TooLargeError: it has more than ``most``.
        OSError: it cannot be read, or is no longer a regular file (a FIFO in its place does not hang).
    """
    return read_limited(path, most)
