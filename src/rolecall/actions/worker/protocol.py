"""The worker's end of the pipes: JSON lines, one request, then questions and answers."""

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
    """Communicates with the parent process.

    If the parent is gone, this process ends at once, with all that it has started: no one could answer, and
    no one would end it.

    Attributes:
        writing: held while a file is written, so that the process does not end in the middle.
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
        """Return the code that an MFA device shows; ``problem`` says what was wrong with the last one."""
        return str(self._ask({"event": "code", "device": device, "problem": problem}))

    def may_run(self, profile: str, command: str) -> bool:
        """Whether the ``credential_process`` of a profile may be run."""
        return self._ask({"event": "may_run", "profile": profile, "command": command}) is True

    def authorize(self, authorization: Authorization) -> None:
        """Ask the parent to show where to log in; returns at once."""
        ends = authorization.ends.isoformat()
        self.send({"event": "authorize", **asdict(authorization), "ends": ends})

    def tell(self, step: str) -> None:
        """Tell the parent what is being done."""
        self.send({"event": "tell", "step": step})

    def pause(self) -> None:
        """Tell the parent that this waits for the user, so that the time does not count."""
        self.send({"event": "pause"})

    def resume(self) -> None:
        """Tell the parent that the time counts again."""
        self.send({"event": "resume"})

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Do not count the time of the body."""
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


def take_over_pipes() -> Wire:
    """Return the wire over stdin and stdout, which nothing else can read or write from now on.

    A ``credential_process`` inherits both: it must neither read the answers nor write between the events.
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
