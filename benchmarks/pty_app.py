"""A program on a real pseudo-terminal: what it wrote and when, keys to it, and its end."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import NoReturn, Self

from measure import BenchmarkError

COLUMNS = 120
ROWS = 40
ANSWERS: Mapping[bytes, bytes] = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",  # synchronized output: known, off
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",  # resize reports within the stream: not known
    b"\x1b[c": b"\x1b[?62;22c",  # primary device attributes: a VT220 with colour
}
READ_SIZE = 1 << 16
TAIL_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one read returned, and when, in seconds of ``time.perf_counter``."""

    at: float
    data: bytes


class Terminal:
    """A program on its own pseudo-terminal of 120x40, until the end of the ``with`` block."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self.chunks: list[Chunk] = []
        self._received = bytearray()
        self.started = time.perf_counter()
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            _become(command, environ)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._master)

    @property
    def position(self) -> int:
        """How many bytes came so far: from where to look for what comes next."""
        return len(self._received)

    def has_written(self, text: bytes) -> bool:
        """Whether it has written this by now."""
        return text in self._received

    def send(self, keys: bytes) -> float:
        """Type keys, and return the moment before."""
        moment = time.perf_counter()
        os.write(self._master, keys)
        return moment

    def wait_for(self, pattern: bytes, since: int, seconds: float) -> float:
        """Read until a pattern matches what came after a position, and return that moment."""
        expression = re.compile(pattern)
        deadline = time.perf_counter() + seconds
        while (chunk := self._read(deadline)) is not None:
            if expression.search(self._received, since):
                return chunk.at
        raise BenchmarkError(f"no {pattern!r} within {seconds:g} s; last came {self._tail()}")

    def settle(self, quiet: float, seconds: float) -> float | None:
        """Read until nothing came for so long; return when the last bytes came (None: none did)."""
        last = None
        deadline = time.perf_counter() + seconds
        while chunk := self._read(min(time.perf_counter() + quiet, deadline)):
            last = chunk.at
        if time.perf_counter() >= deadline:
            raise BenchmarkError(f"the screen did not come to rest within {seconds:g} s")
        return last

    def read_for(self, seconds: float) -> None:
        """Take in whatever comes, for so long."""
        deadline = time.perf_counter() + seconds
        while self._read(deadline):
            pass

    def _read(self, deadline: float) -> Chunk | None:
        ready, _, _ = select.select([self._master], [], [], max(deadline - time.perf_counter(), 0))
        if not ready:
            return None
        try:
            data = os.read(self._master, READ_SIZE)
        except OSError:  # Linux says EIO where the other side is closed
            data = b""
        if not data:
            raise BenchmarkError(f"the program ended by itself; last came {self._tail()}")
        chunk = Chunk(time.perf_counter(), data)
        self.chunks.append(chunk)
        self._received += data
        self._answer(data)
        return chunk

    def _answer(self, data: bytes) -> None:
        for query, answer in ANSWERS.items():
            if query in data:
                os.write(self._master, answer)

    def _tail(self) -> str:
        return repr(bytes(self._received[-TAIL_SHOWN:]))


def _become(command: Sequence[str], environ: Mapping[str, str]) -> NoReturn:
    """Turn the child of the fork into the program; the size is set before it can ask for it."""
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        os.execvpe(command[0], list(command), dict(environ))  # noqa: S606 - no shell is wanted
    finally:
        os._exit(127)
