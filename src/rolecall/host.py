"""The outside world in one object: environment, home, clock, platform.

Everything that rolecall reads from the machine goes through a Host, so that a test (or the demo) can
replace it.
"""

import errno
import functools
import importlib.machinery
import os
import re
import shlex
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import MappingProxyType

from rolecall import ancestry
from rolecall.ancestry import Process
from rolecall.values import dataclass

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
"""Variables by which AWS tools read or write other files than those in the home.

Variables for the connection to AWS (a CA bundle, a proxy) and for the identity of this process (keys, its
pod's token file) are not among them.
"""
PROGRAM = "rolecall"
SETTINGS = "settings.toml"
STATE = "state.json"
MEBIBYTE = 1 << 20
_OPEN_TO_READ = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
)


class TooLargeError(OSError):
    """A file is larger than the limit."""


class LeadsOutError(OSError):
    """A link leads out of the home in which a look has to stay."""


_confined: ContextVar[Path | None] = ContextVar("confined", default=None)


@contextmanager
def confined_to(home: Path) -> Iterator[None]:
    """Follow no link that leads from inside a home to the outside, whatever is read."""
    token = _confined.set(home)
    try:
        yield
    finally:
        _confined.reset(token)


def leads_out(path: Path, home: Path) -> bool:
    """Whether a path is inside a home by its name, and outside of it once its links are followed."""
    named = os.path.abspath(path)  # noqa: PTH100 - without following links
    inside = os.path.join(os.path.abspath(home), "")  # noqa: PTH100, PTH118 - with a slash at its end
    if not named.startswith(inside):
        return False
    real = os.path.join(os.path.realpath(home), "")  # noqa: PTH118 - as above
    return not os.path.realpath(named).startswith(real)


def require_inside(path: Path) -> None:
    """Refuse a path that leads out of the home in which this look has to stay, if it has to.

    Raises:
        LeadsOutError: it does.
    """
    home = _confined.get()
    if home is not None and leads_out(path, home):
        raise LeadsOutError(errno.ELOOP, "a link leads out of the home", str(path))


def read_limited(path: Path, most: int) -> bytes:
    """Return the bytes of a regular file. rolecall reads all files on the machine with this function.

    It never blocks: what is not a regular file (a FIFO, a socket, a device) is not even opened. And it never
    fills the memory, however large the file is or becomes meanwhile.

    Args:
        path: the file; links are followed.
        most: the limit in bytes.

    Raises:
        TooLargeError: it has more bytes.
        OSError: it cannot be read, or is not (or no longer) a regular file.
    """
    require_inside(path)
    try:
        # checked before it is opened: opening a device may already do something
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


def read_head(path: Path, most: int) -> bytes:
    """Return the first ``most`` bytes of a regular file, however large it is; it never blocks either.

    Raises:
        OSError: it cannot be read, or is not a regular file.
    """
    require_inside(path)
    _require_regular(path.stat(), path)
    descriptor = os.open(path, _OPEN_TO_READ)
    try:
        _require_regular(os.fstat(descriptor), path)
        return os.read(descriptor, most)
    finally:
        os.close(descriptor)


def _require_regular(status: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))


def _settings_below(home: Path) -> Path:
    """Return the path of the settings in a home that is not the user's own, on any platform."""
    return home / ".config" / PROGRAM / SETTINGS


def _home_variable(platform: str) -> str:
    return "USERPROFILE" if platform == "win32" else "HOME"


def _bare(name: str) -> str:
    return name[1:-1] if name.startswith("{") else name


def _encoding() -> str:
    """Return the encoding with which ``open`` decodes text by default."""
    with open(os.devnull) as file:  # noqa: PTH123 - the default is what is asked for
        return file.encoding


def _zone_named(name: str) -> tzinfo:
    """Return the zone that TZ names; UTC where it names none, or in a form that only the system knows."""
    if not name:
        return UTC
    import zoneinfo  # noqa: PLC0415 - only a made-up Host with TZ needs it

    try:
        return zoneinfo.ZoneInfo(name.removeprefix(":"))
    except (KeyError, ValueError, OSError):
        return UTC


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Host:
    """The outside world.

    Attributes:
        environ: the environment variables.
        home: the directory of ``~``.
        root: the root of the file system, below which ``/etc/boto.cfg`` is looked up.
        platform: as in ``sys.platform``.
        clock: returns the current time, aware.
        has_crt: whether ``awscrt`` is installed, without which boto3 and CLI v1 refuse ``login_session``.
        encoding: the encoding with which AWS tools decode text files (Python's default for ``open``).
        settings: the file of rolecall's own settings; None for the platform's usual place.
        is_demo: whether the home is made up, and its environment is not a shell's.
        own_environ: the user's own environment, where ``environ`` is that of another home: their editor is
            set there, and runs with it. None where the two are the same.
        zone: the zone of local times; None for this machine's, or the one that TZ names.
        set_aside: the variables of the user's own environment that name files of their home, not of this one.
        ancestry: returns the processes above this one, the nearest first, as far as they are known.
        only_files: the config and the credentials file, where nothing else is looked at.
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
    only_files: tuple[Path | None, Path | None] | None = None

    @classmethod
    def real(cls, home: Path | None = None) -> "Host":
        """Return the Host of this machine, or of another home on it.

        Args:
            home: replaces the user's home directory, as HOME would; variables that name files of the user's
                own home are then ignored.
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
        zone: tzinfo | None = None,
    ) -> "Host":
        """Return a made-up Host: a directory for a home, a dict for an environment.

        ``root`` defaults to the home itself, so that the real file system is not read; ``zone`` to the one
        that TZ names, as the system has it, else to UTC.
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
            zone=zone or _zone_named((environ or {}).get("TZ", "")),
        )

    @classmethod
    def of_files(cls, config: Path | None, credentials: Path | None) -> "Host":
        """Return a Host that has two files and nothing else: no home, no variable, no cache, no program.

        What is found there is the same on every machine.
        """
        nowhere = Path(os.devnull)  # nothing can be below it
        host = cls.of(nowhere, {}, has_crt=True)
        return replace(host, environ=MappingProxyType({}), only_files=(config, credentials))

    @property
    def homeless(self) -> str | None:
        """Why no home directory is known, in a clause; None where one is.

        AWS tools then take ``~`` as the name of a directory, and read the files in it.
        """
        if self.home.is_absolute():
            return None
        name = _home_variable(self.platform)
        given = self.environ.get(name)
        if given is None:
            return f"{name} is not set, and the system knows no home of this user"
        return f"{name} is {given!r}, which is not an absolute path"

    @property
    def settings_file(self) -> Path:
        """The file of rolecall's own settings, even if it does not exist; another home has its own."""
        if self.settings is not None:
            return self.settings
        if self.platform == "linux":
            # as in platformdirs, which a test compares; without its imports, because a prompt waits
            given = self.environ.get("XDG_CONFIG_HOME", "")
            return Path(given if given.strip() else self.home / ".config") / PROGRAM / SETTINGS
        import platformdirs  # noqa: PLC0415 - only who asks for the settings waits for it

        return platformdirs.user_config_path(PROGRAM, appauthor=False) / SETTINGS

    @property
    def state_file(self) -> Path | None:
        """The file in which the app remembers how it was left; None where it does not.

        It does not in the demo, and of another home: that one is only looked at.
        """
        if self.is_demo or self.own_environ is not None or self.homeless is not None:
            return None
        if self.settings is not None:
            return self.home / ".local" / "state" / PROGRAM / STATE
        if self.platform == "linux":
            # as in platformdirs, see above
            given = self.environ.get("XDG_STATE_HOME", "")
            return Path(given if given.strip() else self.home / ".local" / "state") / PROGRAM / STATE
        import platformdirs  # noqa: PLC0415 - as above

        return platformdirs.user_state_path(PROGRAM, appauthor=False) / STATE

    @property
    def program(self) -> tuple[str, ...]:
        """The command line of rolecall for this home: with ``--home`` where it is not the user's own.

        For two files alone they are named by the variables that AWS tools know.
        """
        if self.only_files is not None:
            named = zip(FILES_OF_A_HOME, self.only_files, strict=False)
            return ("env", *(f"{name}={path or os.devnull}" for name, path in named), PROGRAM)
        return (PROGRAM,) if self.settings is None else (PROGRAM, "--home", str(self.home))

    def command(self, *words: str) -> str:
        """Return one of rolecall's commands, for this home, as typed in a POSIX shell."""
        return shlex.join((*self.program, *words))

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""
        return self.clock().astimezone(UTC)

    def local(self, naive: datetime) -> datetime:
        """Return a local time in UTC; of a time that comes twice, the later."""
        both = (naive.replace(tzinfo=self.zone, fold=fold) for fold in (0, 1))
        try:
            return max(one.astimezone(UTC) for one in both)
        except (OverflowError, ValueError, OSError):  # a year that the system does not support
            return naive.replace(tzinfo=UTC)

    def at(self, moment: datetime) -> "Host":
        """Return the same Host with the clock stopped at a time."""
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
        # after the last brace no other is searched: thousands of "${" would each search to the very end
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
        """Return a path with ``~`` for the home."""
        text = str(path)
        home = str(self.home)
        if text == home:
            return "~"
        return "~" + text[len(home) :] if text.startswith(home + os.sep) else text
