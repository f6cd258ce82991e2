"""A program on a pseudo-terminal: what it wrote, what stands on the screen, keys to it, and its end."""

import os
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

import pexpect
import pyte

PATIENCE = 30.0
"""Seconds after which something that must come counts as never coming."""
_STEP = 0.05
_READ_SIZE = 1 << 16
_NO_EMULATION = re.compile(rb"\x1b\[[<>=?]\d*u|\x1b\[\?\d+\$p")
"""Asking about the keyboard and the modes, which pyte would print."""
_UNFINISHED = re.compile(rb"\x1b(\[[\d;<>=?$]*)?$")
ARROW_DOWN = "\x1b[B"
ESCAPE = "\x1b"
CLEAR_ESCAPE = "\x1b[27u"
"""The key as newer terminals send it: what comes right after it is no part of it."""
CTRL_C = "\x03"


def scratch_environment() -> dict[str, str]:
    """Return what a program needs to run at all; nothing of the developer's."""
    return {
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
    }


class Terminal:
    """A program on its own pseudo-terminal, until the end of the ``with`` block.

    Attributes:
        raw: every byte that it has written.
        screen: what stands on the screen.
    """

    def __init__(
        self, command: Sequence[str], environ: Mapping[str, str], columns: int = 120, rows: int = 40
    ) -> None:
        """Start a program, which gets this environment and what any program needs."""
        self.raw = bytearray()
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._held_back = b""
        self._has_vanished = False
        self._child = pexpect.spawn(
            command[0],
            list(command[1:]),
            env={**scratch_environment(), **environ},
            dimensions=(rows, columns),
        )
        self._child.delaybeforesend = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self._has_vanished:
            self._child.close(force=True)

    @property
    def pid(self) -> int:
        pid: int = self._child.pid
        return pid

    @property
    def text(self) -> str:
        """What stands on the screen, line by line."""
        return "\n".join(self.lines)

    @property
    def lines(self) -> list[str]:
        """The lines of the screen; pyte's own are no good where half of a wide character was overwritten."""
        rows, columns = range(self.screen.lines), range(self.screen.columns)
        return ["".join(self.screen.buffer[y][x].data for x in columns) for y in rows]

    @property
    def is_running(self) -> bool:
        return bool(self._child.isalive())

    @property
    def last_line(self) -> str:
        """The last line that was written."""
        return self.raw.decode().rstrip().splitlines()[-1]

    @property
    def is_restored(self) -> bool:
        """Whether the terminal is as it was: its first screen, a cursor, no mouse, no bracketed paste.

        The last two come with Textual, after the first frame.
        """
        return b"\x1b[?1049h" in self.raw and all(
            on not in self.raw or self.raw.rfind(off) > self.raw.rfind(on)
            for on, off in (
                (b"\x1b[?1049h", b"\x1b[?1049l"),
                (b"\x1b[?25l", b"\x1b[?25h"),
                (b"\x1b[?1000h", b"\x1b[?1000l"),
                (b"\x1b[?1003h", b"\x1b[?1003l"),
                (b"\x1b[?2004h", b"\x1b[?2004l"),
            )
        )

    def type(self, *keys: str) -> None:
        """Type keys, one after another."""
        for key in keys:
            self._child.send(key)

    def click_on(self, text: str) -> None:
        """Click with the mouse on the last character of a text that stands on the screen."""
        y, line = next((y, line) for y, line in enumerate(self.lines, start=1) if text in line)
        x = line.index(text) + len(text)
        self.type(f"\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m")

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        self._child.kill(number)

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size."""
        self._child.setwinsize(rows, columns)
        self.screen.resize(rows, columns)

    def wait_for(self, wanted: str | Callable[[str], bool], seconds: float = PATIENCE) -> None:
        """Read until a text stands on the screen, or until the screen's text is as wanted."""
        is_there = (lambda text: wanted in text) if isinstance(wanted, str) else wanted
        deadline = time.monotonic() + seconds
        while not is_there(self.text):
            assert time.monotonic() < deadline, f"{wanted!r} did not come:\n{self.text}"
            assert self._read(), f"the program ended before {wanted!r} came:\n{self.text}"

    def wait_until_gone(self, text: str, seconds: float = PATIENCE) -> None:
        """Read until a text has gone, and nothing more comes: half a frame may be without it."""
        deadline, before = time.monotonic() + seconds, -1
        while text in self.text or len(self.raw) != before:
            before = len(self.raw)
            assert time.monotonic() < deadline, f"{text!r} does not go:\n{self.text}"
            assert self._read(), f"the program ended before {text!r} went:\n{self.text}"

    def finish(self, seconds: float = PATIENCE) -> int:
        """Read until the program ends; return its exit code, or minus the signal that ended it."""
        deadline = time.monotonic() + seconds
        while self._read():
            assert time.monotonic() < deadline, f"the program does not end:\n{self.text}"
        self._child.wait()
        status, number = self._child.exitstatus, self._child.signalstatus
        return int(status) if status is not None else -int(number)

    def wait_for_bytes(self, wanted: bytes, seconds: float = PATIENCE, after: bytes = b"") -> None:
        """Read until the program has written this, after that was written for the first time."""
        deadline = time.monotonic() + seconds
        while wanted not in self.raw[self.raw.find(after) :]:
            assert time.monotonic() < deadline, f"{wanted!r} did not come"
            assert self._read(), f"the program ended before {wanted!r} came"

    def vanish(self, seconds: float = PATIENCE) -> None:
        """Close the terminal, as its window is closed, and wait until the program ends."""
        self._child.ptyproc.fileobj.close()
        self._has_vanished = True
        deadline = time.monotonic() + seconds
        while self._child.isalive():
            assert time.monotonic() < deadline, "the program does not end"
            time.sleep(_STEP)

    def _read(self) -> bool:
        """Take in what has come; False when no more can come."""
        try:
            data = self._child.read_nonblocking(_READ_SIZE, _STEP)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += data
        known, self._held_back = _split(self._held_back + data)
        self._stream.feed(_NO_EMULATION.sub(b"", known))
        return True


def rolecall(*arguments: str, environ: Mapping[str, str], columns: int = 120, rows: int = 40) -> Terminal:
    """Start rolecall itself."""
    return Terminal([sys.executable, "-m", "rolecall", *arguments], environ, columns, rows)


def _split(data: bytes) -> tuple[bytes, bytes]:
    """Hold back an escape sequence that has come in part."""
    found = _UNFINISHED.search(data)
    return (data[: found.start()], data[found.start() :]) if found else (data, b"")
