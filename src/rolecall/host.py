"""The outside world in one object: environment, home, clock, platform.

Everything that rolecall reads of the machine goes through a Host, so that a test (or the demo) can hand it
another world.
"""

import errno
import functools
import importlib.machinery
import os
import re
import shlex
import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import MappingProxyType

from rolecall import ancestry
from rolecall.ancestry import Process

_POSIX_VARIABLE = re.compile(r"\$(\w+|\{[^}]*\})", re.ASCII)
_BARE_VARIABLE = re.compile(r"\$(\w+)", re.ASCII)
_WINDOWS_VARIABLE = re.compile(r"%([^%]+)%")


FILES_OF_A_HOME = (
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_LOGIN_CACHE_DIRECTORY",
    "AWS_CREDENTIAL_FILE",
    "BOTO_CONFIG",
    "AWS_CLI_HISTORY_FILE",
    "AWS_DATA_PATH",
)
"""Variables by which AWS tools read or write other files than those of the home.

What says how AWS is reached from this machine (a CA bundle, a proxy), and who this process is (keys, a token
file of its pod), is none of them.
"""
PROGRAM = "rolecall"
SETTINGS = "settings.toml"
MEBIBYTE = 1 << 20
_OPEN_TO_READ = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
)


class TooLargeError(OSError):
    """A file holds more than is read of one."""


def read_limited(path: Path, most: int) -> bytes:
    """Return the bytes of a regular file. Everything that is read of the machine's files is read here.

    Nothing blocks: what is no regular file (a FIFO, a socket, a device) is not even opened. And nothing
    fills the memory, however large the file is or becomes meanwhile.

    Args:
        path: the file; links are followed.
        most: in bytes.

    Raises:
        TooLargeError: it has more bytes.
        OSError: it cannot be read, or is no regular file (by now).
    """
    try:
        # looked at before it is opened: opening a device may already do something
        _require_regular(path.stat(), path)
        descriptor = os.open(path, _OPEN_TO_READ)
    except ValueError:
        raise OSError(errno.EINVAL, "it is not a possible file name", str(path)) from None
    try:
        status = os.fstat(descriptor)
        _require_regular(status, path)
        parts: list[bytes] = []
        left = most + 1 if status.st_size <= most else 0
        while left > 0 and (part := os.read(descriptor, min(left, MEBIBYTE))):
            parts.append(part)
            left -= len(part)
    finally:
        os.close(descriptor)
    if left == 0:
        raise TooLargeError(errno.EFBIG, f"it has more than {most // MEBIBYTE} MiB", str(path))
    return b"".join(parts)


def _require_regular(status: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))


def _settings_below(home: Path) -> Path:
    """Return where a home that is not the user's own has the settings, whatever the platform."""
    return home / ".config" / PROGRAM / SETTINGS


def _home_variable(platform: str) -> str:
    return "USERPROFILE" if platform == "win32" else "HOME"


def _bare(name: str) -> str:
    return name[1:-1] if name.startswith("{") else name


def _encoding() -> str:
    """Return the encoding that ``open`` decodes text with where none is given."""
    with open(os.devnull) as file:  # noqa: PTH123 - the default is what is asked for
        return file.encoding


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Host:
    """The outside world.

    Attributes:
        environ: the environment variables.
        home: what ``~`` stands for.
        root: the root of the file system, below which ``/etc/boto.cfg`` is looked up.
        platform: as ``sys.platform`` has it.
        clock: gives the present moment, aware.
        has_crt: whether ``awscrt`` is there, without which boto3 and CLI v1 refuse ``login_session``.
        encoding: with which the AWS tools decode text files (Python's default for ``open``).
        settings: the file of rolecall's own settings; None for where the platform wants it.
        is_demo: whether the home is made up, and its environment no shell's.
        own_environ: the user's own environment, where ``environ`` is that of another home: their editor is
            set there, and runs with it. None where the two are the same.
        zone: that of local times; None for this machine's, or the one that TZ names.
        set_aside: the variables of the user's own environment that name files of their home, not of this one.
        ancestry: gives the processes that this one was started by, the nearest first, as far as is told.
    """

    environ: Mapping[str, str] = field(repr=False)
    home: Path
    root: Path
    platform: str
    clock: Callable[[], datetime]
    has_crt: bool
    encoding: str
    settings: Path | None = None
    is_demo: bool = False
    own_environ: Mapping[str, str] | None = field(default=None, repr=False)
    zone: tzinfo | None = None
    set_aside: tuple[str, ...] = ()
    ancestry: Callable[[], tuple[Process, ...]] = tuple

    @classmethod
    def real(cls, home: Path | None = None) -> "Host":
        """Return the world as it is, or that of another home.

        Args:
            home: stands in for the user's home directory, as HOME would; variables that name files of the
                user's own home do not count then.
        """
        environ = dict(os.environ)
        own = MappingProxyType(dict(environ)) if home is not None else None
        if home is not None:
            environ[_home_variable(sys.platform)] = str(home.absolute())
        set_aside = tuple(name for name in FILES_OF_A_HOME if home is not None and name in environ)
        for name in set_aside:
            del environ[name]
        return cls(
            environ=MappingProxyType(environ),
            home=home.absolute() if home is not None else Path(os.path.expanduser("~")),  # noqa: PTH111 - Path.expanduser refuses an unknown home
            root=Path(os.path.abspath(os.sep)),  # noqa: PTH100 - the drive's root on Windows
            platform=sys.platform,
            clock=utc_now,
            has_crt=importlib.machinery.PathFinder.find_spec("awscrt") is not None,
            encoding=_encoding(),
            settings=_settings_below(home.absolute()) if home is not None else None,
            own_environ=own,
            set_aside=set_aside,
            ancestry=functools.cache(ancestry.of_this_process),
        )

    @classmethod
    def of(
        cls,
        home: Path,
        environ: Mapping[str, str] | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
        platform: str = "linux",
        root: Path | None = None,
        has_crt: bool = False,
        zone: tzinfo = UTC,
    ) -> "Host":
        """Return a made-up world: a directory for a home, a dict for an environment.

        ``root`` defaults to the home itself, so that nothing of the real file system is looked at.
        """
        return cls(
            environ=MappingProxyType({"HOME": str(home)} | dict(environ or {})),
            home=home,
            root=root if root is not None else home,
            platform=platform,
            clock=clock,
            has_crt=has_crt,
            encoding="utf-8",
            settings=_settings_below(home),
            zone=zone,
        )

    @property
    def homeless(self) -> str | None:
        """Why no home directory is known, in a clause; None where one is.

        Then AWS tools take ``~`` for the name of a directory, and read what stands below that.
        """
        if self.home.is_absolute():
            return None
        name = _home_variable(self.platform)
        given = self.environ.get(name)
        if given is None:
            return f"{name} is not set, and the system knows no home of this user"
        return f"{name} is {given!r}, which is no absolute path"

    @property
    def settings_file(self) -> Path:
        """The file of rolecall's own settings, be it there or not; another home has its own."""
        if self.settings is not None:
            return self.settings
        if self.platform == "linux":
            # as platformdirs has it, which a test holds it to; without its imports, for a prompt waits
            given = self.environ.get("XDG_CONFIG_HOME", "")
            return Path(given if given.strip() else self.home / ".config") / PROGRAM / SETTINGS
        import platformdirs  # noqa: PLC0415 - only who asks for the settings waits for it

        return platformdirs.user_config_path(PROGRAM, appauthor=False) / SETTINGS

    @property
    def program(self) -> tuple[str, ...]:
        """How rolecall is called about this home: with ``--home`` where it is not the user's own."""
        return (PROGRAM,) if self.settings is None else (PROGRAM, "--home", str(self.home))

    def command(self, *words: str) -> str:
        """Return one of rolecall's commands, about this home, as it is typed in a POSIX shell."""
        return shlex.join((*self.program, *words))

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return self.clock().astimezone(UTC)

    def local(self, naive: datetime) -> datetime:
        """Return the moment in UTC of a time on the clock here; of one that comes twice, the later."""
        both = (naive.replace(tzinfo=self.zone, fold=fold) for fold in (0, 1))
        try:
            return max(one.astimezone(UTC) for one in both)
        except (OverflowError, ValueError, OSError):  # a year that the system's clock does not know
            return naive.replace(tzinfo=UTC)

    def at(self, moment: datetime) -> "Host":
        """Return the same world with the clock stopped at a moment."""
        return replace(self, clock=lambda: moment)

    def expand(self, path: str) -> str:
        """Expand variables, then ``~``, as ``os.path.expandvars`` and ``expanduser`` do for botocore."""
        return self.expand_user(self._expand_variables(path))

    def expand_user(self, path: str) -> str:
        """Expand a leading ``~`` only, as botocore does for AWS_CREDENTIAL_FILE."""
        if path == "~":
            return str(self.home)
        if path.startswith("~/") or (self.platform == "win32" and path.startswith("~\\")):
            return str(self.home).rstrip("/") + path[1:]
        return os.path.expanduser(path) if path.startswith("~") else path  # noqa: PTH111 - ~user, from the user database

    def _expand_variables(self, path: str) -> str:
        # behind the last brace no other is looked for: thousands of "${" would each look to the very end
        head, brace, tail = path.rpartition("}")
        path = "".join(
            pattern.sub(lambda match: self._variable(_bare(match[1]), match[0]), part)
            for pattern, part in ((_POSIX_VARIABLE, head + brace), (_BARE_VARIABLE, tail))
        )
        if self.platform == "win32":
            path = _WINDOWS_VARIABLE.sub(lambda match: self._variable(match[1], match[0]), path)
        return path

    def _variable(self, name: str, unset: str) -> str:
        return self.environ.get(name, unset)

    def display(self, path: Path | str) -> str:
        """Return a path as a person writes it: with ``~`` for the home."""
        text = str(path)
        home = str(self.home)
        if text == home:
            return "~"
        return "~" + text[len(home) :] if text.startswith(home + os.sep) else text
