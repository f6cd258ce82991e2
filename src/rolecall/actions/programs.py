"""Runs other programs: in the foreground, or with what they print bounded."""

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from typing import IO

from rolecall.actions.errors import ActionFailed
from rolecall.actions.worker_client import environment
from rolecall.host import Host


def run(host: Host, command: Sequence[str], environ: Mapping[str, str] | None = None) -> None:
    """Run a program, and wait for its end; it has the terminal meanwhile.

    Args:
        host: the world in which it runs.
        command: the program and its arguments.
        environ: its environment, where that is not the Host's.

    Raises:
        ActionFailed: it cannot be started, or it ended with an error (which it has told itself).
    """
    inherited = environment(host) if environ is None else environ
    try:
        code = subprocess.run(command, env=inherited, check=False).returncode  # noqa: S603 - no shell; the user's own program
    except OSError as error:
        raise ActionFailed(
            "NotStarted",
            f"{command[0]} cannot be started: {error.strerror}",
            cure="see whether it is installed",
        ) from error
    if code != 0:
        raise ActionFailed("ProgramFailed", f"{command[0]} ended with exit code {code}")


MOST = 1 << 20
"""Octets of one stream that are taken."""
TOO_MUCH = "it prints more than 1 MiB"
_CHUNK = 1 << 16


class TooMuch(Exception):  # noqa: N818 - it says what happened
    """A program has printed more than is taken of it, and was ended; what it has started may still run."""


class Program(subprocess.Popen[bytes]):
    """A program whose output ``communicate`` reads up to a bound, and not to the end of all memory."""

    _streams: "tuple[_Stream | None, ...] | None" = None

    def communicate(
        self,
        input: bytes | None = None,  # noqa: A002, ARG002 - as Popen has it
        timeout: float | None = None,
    ) -> tuple[bytes, bytes]:
        """Return what it has printed, once it has ended; it is given nothing to read.

        Raises:
            TooMuch: it printed more than is taken.
            subprocess.TimeoutExpired: it did not end in time; it still runs, and this can be called again.
        """
        end = None if timeout is None else time.monotonic() + timeout
        if self._streams is None:
            changed = threading.Condition()
            self._streams = tuple(
                None if pipe is None else _Stream(pipe, changed) for pipe in (self.stdout, self.stderr)
            )
        read = [stream for stream in self._streams if stream is not None]
        if read:
            with read[0].changed:
                read[0].changed.wait_for(lambda: _is_settled(read), timeout)
        if any(stream.is_too_much for stream in read):
            self.kill()
            raise TooMuch
        if not all(stream.is_over for stream in read):
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        self.wait(None if end is None else max(end - time.monotonic(), 0))
        out, err = (b"" if stream is None else bytes(stream.data) for stream in self._streams)
        return out, err


def _is_settled(streams: "list[_Stream]") -> bool:
    return any(each.is_too_much for each in streams) or all(each.is_over for each in streams)


class _Stream:
    """One pipe, read to its end or its bound on a thread of its own."""

    def __init__(self, pipe: IO[bytes], changed: threading.Condition) -> None:
        self.data = bytearray()
        self.is_over = False
        self.is_too_much = False
        self.changed = changed
        threading.Thread(target=self._read, args=(pipe,), name="output", daemon=True).start()

    def _read(self, pipe: IO[bytes]) -> None:
        with pipe:  # whoever goes on writing to it is ended by that
            while len(self.data) <= MOST and (chunk := os.read(pipe.fileno(), _CHUNK)):
                self.data += chunk
        with self.changed:
            self.is_too_much = len(self.data) > MOST
            self.is_over = True
            self.changed.notify_all()
