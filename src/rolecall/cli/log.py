"""``--log FILE``: what this process reads, writes, starts and calls, and when; secrets are masked.

It is for reports of bugs and for the curious, and is never written unless that option asks for it. Python
itself tells of each of these (``sys.addaudithook``), so that nothing can be left out by mistake. What a
process that is started does is not in it: the worker, ``aws``, a ``credential_process``.
"""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path

from rolecall import __version__
from rolecall.cli.output import BUG, Failure, inert
from rolecall.host import utc_now
from rolecall.masking.commands import mask_arguments
from rolecall.values import dataclass

_MODE = 0o600
_WRITING = os.O_WRONLY | os.O_RDWR
_OF_PYTHON = tuple(
    os.path.realpath(each) + os.sep
    for each in (sys.prefix, sys.base_prefix, Path(__file__).parents[1], "/proc", "/sys", "/dev")
)
"""Directories with what Python and its packages read for themselves."""


def start(path: Path, words: str) -> None:
    """Write to a file from now on, first the command line; what is in the file already stays.

    Raises:
        Failure: it cannot be written.
    """
    more = os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, os.O_WRONLY | more, _MODE)
    except OSError as error:
        raise Failure("OSError", f"{path}: the log cannot be written: {error.strerror}") from None
    log = _Log(descriptor, os.path.abspath(path))  # noqa: PTH100 - the name as it was given
    python = ".".join(map(str, sys.version_info[:3]))
    log.line(f"rolecall {__version__}, Python {python}, {sys.platform}: {words}")
    sys.addaudithook(log.hear)


@dataclass(slots=True)
class _Log:
    """The log of this process.

    Attributes:
        descriptor: where it is written.
        path: its own path, which is not told.
        is_busy: whether a line is being made: what that takes is not told.
        began: when it began.
    """

    descriptor: int
    path: str
    is_busy: bool = False
    began: float = field(default_factory=time.monotonic)

    def line(self, words: str) -> None:
        """Write a line: the time in UTC, the milliseconds since the beginning, and the words."""
        passed = (time.monotonic() - self.began) * 1000
        text = f"{utc_now():%Y-%m-%dT%H:%M:%S.%fZ} {passed:9.1f} ms  {inert(words)}\n"
        with contextlib.suppress(OSError):  # a full disk ends no command
            os.write(self.descriptor, text.encode("utf-8", "backslashreplace"))

    def hear(self, event: str, arguments: tuple[object, ...]) -> None:
        """Write what Python tells of; nothing that goes wrong here may reach the program."""
        tell = _EVENTS.get(event)
        if tell is None or self.is_busy:
            return
        self.is_busy = True
        try:
            words = tell(arguments)
            if words is not None and self.path not in words:
                self.line(words)
        except Exception:  # noqa: BLE001, S110 - see above
            pass
        finally:
            self.is_busy = False


def _opened(arguments: tuple[object, ...]) -> str | None:
    path, _, flags = arguments
    if isinstance(path, int) or _is_of_python(path):
        return None
    is_written = isinstance(flags, int) and bool(flags & _WRITING)
    return f"{'writes' if is_written else 'reads'} {_text(path)}"


def _listed(arguments: tuple[object, ...]) -> str | None:
    path = arguments[0]
    return None if path is None or isinstance(path, int) or _is_of_python(path) else f"lists {_text(path)}"


def _started(arguments: tuple[object, ...]) -> str:
    program, words = arguments[0], arguments[1]
    listed = list(map(_text, words)) if isinstance(words, list | tuple) else [_text(program)]
    return f"starts {' '.join(mask_arguments(listed))}"


def _named(verb: str) -> Callable[[tuple[object, ...]], str | None]:
    return lambda arguments: f"{verb} {_text(arguments[0])}"


def _connected(arguments: tuple[object, ...]) -> str | None:
    address = arguments[1]
    return f"connects to {address[0]}:{address[1]}" if isinstance(address, tuple) else None


def _looked_up(arguments: tuple[object, ...]) -> str:
    return f"looks up {_text(arguments[0])}"


def _broken(arguments: tuple[object, ...]) -> str:
    return f"is broken: {' '.join(map(str, arguments))}"


_EVENTS: Mapping[str, Callable[[tuple[object, ...]], str | None]] = {
    "open": _opened,
    "os.listdir": _listed,
    "os.scandir": _listed,
    "os.mkdir": _named("makes"),
    "os.remove": _named("deletes"),
    "os.rmdir": _named("deletes"),
    "os.rename": lambda arguments: f"moves {_text(arguments[0])} to {_text(arguments[1])}",
    "os.link": lambda arguments: f"links {_text(arguments[0])} as {_text(arguments[1])}",
    "os.chmod": _named("changes the mode of"),
    "os.truncate": _named("cuts"),
    "socket.connect": _connected,
    "socket.getaddrinfo": _looked_up,
    "subprocess.Popen": _started,
    BUG: _broken,
}
"""What is told, by Python's name of the event."""


def _text(path: object) -> str:
    return os.fsdecode(path) if isinstance(path, bytes | os.PathLike) else str(path)


def _is_of_python(path: object) -> bool:
    return os.path.realpath(_text(path)).startswith(_OF_PYTHON)
