"""Runs one command with the credentials of several profiles, side by side, and passes on what each prints."""

import contextlib
import errno
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import IO

from rolecall.actions import assume, batch
from rolecall.actions.batch import Ended as JobEnded
from rolecall.actions.command_environment import CommandEnvironment
from rolecall.actions.prompts import Cancel, Prompts, SharedAnswers
from rolecall.actions.run_command import NotRun, Program, by_shell, refused
from rolecall.actions.watch_command import KEPT
from rolecall.aws.snapshot import Snapshot
from rolecall.values import dataclass

PATIENCE = 5.0
"""Seconds for which a command may clean up once ctrl+c was pressed."""
LONGEST_LINE = 1 << 20
"""Bytes after which a line is passed on although it has not ended."""


class Stream(StrEnum):
    """Where a command has printed a line."""

    OUT = "stdout"
    ERR = "stderr"


@dataclass(frozen=True, slots=True)
class Line:
    """A line that a command has printed, without its end."""

    profile: str
    stream: Stream
    text: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ended:
    """How the command has ended for one profile.

    Attributes:
        profile: the profile.
        code: its exit code; of one that a signal has ended, 128 and the signal's number.
        said: the last of what it wrote to stderr.
    """

    profile: str
    code: int
    said: bytes = field(repr=False)


def prepare(
    snapshot: Snapshot,
    names: Sequence[str],
    prompts: Prompts,
    cancel: Cancel,
    *,
    work: Callable[[str, Prompts, Cancel], CommandEnvironment],
    at_once: int,
) -> dict[str, JobEnded[CommandEnvironment]]:
    """Fetch the credentials of several profiles, sources first; return how it ended for each.

    Args:
        snapshot: the files.
        names: the profiles.
        prompts: answers questions, on this thread; a code serves all profiles of its device.
        cancel: ends it.
        work: fetches those of one profile (``command_environment.prepare``).
        at_once: how many are fetched at the same time, at most.
    """
    answers = SharedAnswers(prompts)
    jobs = [assume.job_of(snapshot, name, names) for name in names]
    running = batch.Batch(work, lambda _: answers.for_profile(), lambda _: None, min(at_once, batch.AT_ONCE))
    return running.run(jobs, cancel)


def run(
    program: Program,
    environments: Sequence[CommandEnvironment],
    at_once: int,
    when_printed: Callable[[Line], None],
    when_ended: Callable[[Ended], None],
) -> None:
    """Run a program once with each environment; it is given nothing to read.

    Args:
        program: the program.
        environments: what it is given.
        at_once: how many run at the same time, at most.
        when_printed: called for each line, on this thread.
        when_ended: called for each profile, on this thread.

    Raises:
        KeyboardInterrupt, SystemExit: a signal came; all of them have ended.
    """
    waiting = list(environments)[::-1]
    events: queue.SimpleQueue[Line | Ended] = queue.SimpleQueue()
    running: dict[str, _Running] = {}
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                given = waiting.pop()
                try:
                    running[given.profile] = _Running(program, given, events)
                except NotRun as failed:
                    when_ended(Ended(given.profile, failed.code, failed.message.encode()))
            if not running:
                continue
            event = _next(events)
            if isinstance(event, Ended):
                del running[event.profile]
                when_ended(event)
            elif event is not None:
                when_printed(event)
    finally:
        _end(list(running.values()))


def _next(events: "queue.SimpleQueue[Line | Ended]") -> Line | Ended | None:
    """Return what has come; None now and then, because on Windows ctrl+c does not interrupt this wait."""
    with contextlib.suppress(queue.Empty):
        return events.get(timeout=0.2)
    return None


class _Running:
    """A command that runs, in a group of processes of its own, with two threads that read what it prints."""

    def __init__(
        self, program: Program, given: CommandEnvironment, events: "queue.SimpleQueue[Line | Ended]"
    ) -> None:
        self._profile = given.profile
        self._events = events
        self._said = b""
        self._process = _start(program, given.environ)
        self._readers = [
            threading.Thread(target=self._read, args=(pipe, stream), name=given.profile, daemon=True)
            for pipe, stream in ((self._process.stdout, Stream.OUT), (self._process.stderr, Stream.ERR))
        ]
        for each in self._readers:
            each.start()
        threading.Thread(target=self._wait, name=given.profile, daemon=True).start()

    def _read(self, pipe: IO[bytes], stream: Stream) -> None:
        with pipe:
            while text := pipe.readline(LONGEST_LINE):
                if stream is Stream.ERR:
                    self._said = (self._said + text)[-KEPT:]
                self._events.put(Line(self._profile, stream, text.rstrip(b"\r\n")))

    def _wait(self) -> None:
        code = self._process.wait()
        for each in self._readers:
            each.join(PATIENCE)  # what it has started in the background may go on to print
        self._events.put(Ended(self._profile, 128 - code if code < 0 else code, self._said))

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self._process.poll() is not None

    def send(self, number: int) -> None:
        """Send a signal to it, and to all that it has started."""
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                self._process.terminate()
            else:
                os.killpg(self._process.pid, number)


def _start(program: Program, environ: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603 - no shell; the user's own command
            program.words,
            executable=program.path,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=sys.platform != "win32",
        )
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENOEXEC:
            return _start(by_shell(program), environ)
        raise refused(program, error) from error


def _end(left: Sequence[_Running]) -> None:
    """End what still runs as ctrl+c does; what does not end in time, or at a second ctrl+c, is killed."""
    try:
        for number, patience in ((signal.SIGINT, PATIENCE), (signal.SIGTERM, 1.0)):
            for each in left:
                each.send(number)
            deadline = time.monotonic() + patience
            while not all(each.is_over for each in left) and time.monotonic() < deadline:
                time.sleep(0.02)
    finally:
        for each in left:
            each.send(getattr(signal, "SIGKILL", signal.SIGTERM))
