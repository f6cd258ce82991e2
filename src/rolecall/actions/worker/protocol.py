"""The child's end of the pipes: JSON lines, one request, then questions and answers."""

import contextlib
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import BinaryIO

from rolecall.actions.prompts import Authorization


class Wire:
    """Speaks with the process that started this one.

    Where that process is gone, so is this one at once, with all that it has started: nobody could answer, and
    nobody would end it.

    Attributes:
        writing: held while a file is written, so that the end does not come in the middle.
    """

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO, gone: Callable[[], None]) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._gone = gone
        self._lines: queue.SimpleQueue[Mapping[str, object]] = queue.SimpleQueue()
        self.writing = threading.Lock()
        threading.Thread(target=self._read, name="wire", daemon=True).start()

    def request(self) -> Mapping[str, object]:
        """Return the request: ``task``, ``arguments``, ``patience`` in seconds, ``scratch``."""
        return self._lines.get()

    def code(self, device: str, problem: str | None) -> str:
        """Return the code that an MFA device shows now; ``problem`` says what was wrong with the last one."""
        return str(self._ask({"event": "code", "device": device, "problem": problem}))

    def may_run(self, profile: str, command: str) -> bool:
        """Whether the ``credential_process`` of a profile may be run."""
        return self._ask({"event": "may_run", "profile": profile, "command": command}) is True

    def authorize(self, authorization: Authorization) -> None:
        """Have it shown where to log in; returns at once."""
        ends = authorization.ends.isoformat()
        self.send({"event": "authorize", **asdict(authorization), "ends": ends})

    def tell(self, step: str) -> None:
        """Have it said what is being done."""
        self.send({"event": "tell", "step": step})

    def pause(self) -> None:
        """Say that somebody is waited for, so that the time does not count."""
        self.send({"event": "pause"})

    def resume(self) -> None:
        """Say that the time counts again."""
        self.send({"event": "resume"})

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Let the time of the body not count."""
        self.pause()
        try:
            yield
        finally:
            self.resume()

    def send(self, event: Mapping[str, object]) -> None:
        """Send an event."""
        try:
            self._outgoing.write(json.dumps(event).encode() + b"\n")
            self._outgoing.flush()
        except OSError:
            self._end()

    def _ask(self, question: Mapping[str, object]) -> object:
        self.send(question)
        return self._lines.get()["answer"]

    def _read(self) -> None:
        for line in self._incoming:
            self._lines.put(json.loads(line))
        self._end()

    def _end(self) -> None:
        with self.writing:
            self._gone()


def take_over() -> Wire:
    """Return the wire over stdin and stdout, which nothing else gets to read or to write from here on.

    A ``credential_process`` inherits both: it must not read the answers, nor write among the events.
    """
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return Wire(incoming, outgoing, end_all)


def end_all() -> None:
    """End this process at once, and all that it has started."""
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
