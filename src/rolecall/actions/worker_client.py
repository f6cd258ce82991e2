"""Starts the worker, which is the only process that calls AWS, and reads its answers."""

import contextlib
import json
import os
import queue
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from rolecall.actions import timeouts
from rolecall.actions.errors import ActionFailed, require_home, require_writable
from rolecall.actions.prompts import Authorization, Cancel, Prompts
from rolecall.aws import paths
from rolecall.aws.providers import Cause
from rolecall.aws.settings import Kind
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.write_access import Obstacle
from rolecall.host import Host
from rolecall.messages import errors
from rolecall.messages.error_case import Case
from rolecall.text import mask, size


def failure(kind: str, message: str, snapshot: Snapshot, profile: str) -> ActionFailed:
    """Return an error as a person needs it: what happened, what to do about it, the command that does it.

    Args:
        kind: botocore's exception class, AWS's error code, or a word of rolecall's own.
        message: the words of what raised it.
        snapshot: the files with which it happened.
        profile: the profile that it happened to.
    """
    case = Case(kind, message, snapshot, profile)
    told = errors.reason_for(kind)(case)
    return ActionFailed(
        kind, mask(told.message), path=told.path, line=told.line, cure=told.cure, command=told.command
    )


COMMAND = (sys.executable, "-P", "-W", "ignore", "-m", "rolecall.actions.worker")
"""``-P``: nothing is imported from the directory in which rolecall was started."""
LONGEST_LINE = 16 << 20
"""Bytes of one line from the worker, at most; the line may contain what a program printed."""
_LENT = (
    "PATH",
    "PATHEXT",
    "COMSPEC",
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "WINDIR",
    "TEMP",
    "TMP",
    "TMPDIR",
    "TZ",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LD_LIBRARY_PATH",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
)
"""Variables that any process needs to run: taken from this process where the Host has none."""

Event = Mapping[str, object]


def run_task(
    host: Host,
    task: str,
    arguments: Mapping[str, object],
    prompts: Prompts,
    cancel: Cancel,
    *,
    patience: float = timeouts.AWS_CALL,
) -> Mapping[str, object]:
    """Have the worker do a task, and return the result.

    Args:
        host: the Host in which it is done.
        task: which one (``rolecall.actions.worker.TASKS``).
        arguments: what it needs; goes over a pipe.
        prompts: answers its questions, on this thread.
        cancel: ends it.
        patience: seconds without any sign of life after which it is ended. They do not count while the user
            is asked, nor while the task says that it waits for the user or a program.

    Raises:
        ActionFailed: it was not done; ``kind`` is botocore's, AWS's, or ``Timeout`` or ``Crashed``.
        Cancelled: the user cancelled; the worker and all that it started are gone.
    """
    cancel.check()
    _refuse_large_files(host)
    with _started(host) as child:
        cancel.when_set(child.cancelled)
        child.send({"task": task, "arguments": arguments, "patience": patience, "scratch": child.scratch})
        return _listen(child, prompts, cancel, patience)


def _refuse_large_files(host: Host) -> None:
    """Refuse files that rolecall does not read itself: botocore reads both files whole, at any size."""
    where = paths.find(host)
    for path in (where.config, where.credentials):
        stamp = paths.look(path).stamp if path is not None else None
        if path is not None and stamp is not None and stamp.size > paths.LARGEST:
            message = f"{host.display(path)} has {size(stamp.size)}, which every AWS command reads whole"
            raise ActionFailed("TooLarge", message, path=path, cure="check what has filled it, and empty it")


def _listen(child: "_Child", prompts: Prompts, cancel: Cancel, patience: float) -> Mapping[str, object]:
    """Answer the worker's questions until it is done."""
    step, is_waiting = "starting", False
    limit = max(patience, timeouts.WORKER_START)
    while True:
        event = child.next(None if is_waiting else limit, step)
        if event["event"] == "done":
            return _mapping(event["result"])
        cancel.check()
        limit = patience
        match event["event"]:
            case "failed":
                raise _failure(event)
            case "tell":
                step = _text(event["step"])
                prompts.tell(step)
            case "pause":
                is_waiting = True
            case "resume":
                is_waiting = False
            case "code":
                device, problem = _text(event["device"]), _optional(event["problem"])
                child.answer(prompts.code(device, problem, step))
            case "may_run":
                child.answer(prompts.may_run(_text(event["profile"]), _text(event["command"])))
            case "authorize":
                prompts.authorize(_authorization(event))


def environment(host: Host) -> dict[str, str]:
    """Return the worker's environment: the Host's, and what a process needs to run at all.

    Variables for Python itself are this process's, whatever the Host has: they decide where rolecall and its
    botocore are imported from, which must be the same in both processes.
    """
    own = {name: value for name, value in os.environ.items() if name in _LENT or name.startswith("PYTHON")}
    others = {name: value for name, value in host.environ.items() if not name.startswith("PYTHON")}
    return own | others


@contextlib.contextmanager
def _started(host: Host) -> Iterator["_Child"]:
    child = _Child(host)
    try:
        yield child
    finally:
        child.end()


class _Child:
    """A running worker with its pipes.

    Attributes:
        scratch: the name of the only temporary file that it may have in a cache directory at any time.
    """

    def __init__(self, host: Host) -> None:
        self.scratch = f"rolecall-{secrets.token_hex(8)}.tmp"
        self._where = paths.find(host)
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._is_over = False
        self._gone = threading.Event()
        self._process = _start(environment(host))
        threading.Thread(target=self._read, name="child", daemon=True).start()

    def send(self, message: Mapping[str, object]) -> None:
        """Send a line; if the worker is gone, reading its events shows that."""
        assert self._process.stdin is not None  # noqa: S101 - for the type checker: it is a pipe
        with contextlib.suppress(OSError):
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()

    def answer(self, answer: object) -> None:
        """Answer its question."""
        self.send({"answer": answer})

    def cancelled(self) -> None:
        """Wake the thread that waits for its events: they are no longer wanted."""
        self._events.put({"event": "cancelled"})

    def next(self, limit: float | None, step: str) -> Event:
        """Return its next event.

        Args:
            limit: how many seconds to wait for it; None for as long as it takes.
            step: what it is doing, for the message of a failure.

        Raises:
            ActionFailed: none came in time, or it ended without a result.
        """
        try:
            event = self._events.get(timeout=limit)
        except queue.Empty:
            raise ActionFailed("Timeout", f"no answer within {limit:g} s ({step})") from None
        if event is None:
            self._kill()
            code = self._process.wait()
            raise ActionFailed("Crashed", f"the process that calls AWS ended with exit code {code} ({step})")
        self._is_over = event["event"] in ("done", "failed")
        return event

    def end(self) -> None:
        """End it, and leave no process, no pipe and no temporary file."""
        if self._process.returncode is None:
            is_well = self._is_over and self._gone.wait(timeouts.WORKER_EXIT)
            self._end_group() if is_well else self._kill()
        self._process.wait()
        self._gone.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        for directory in self._where.caches:
            with contextlib.suppress(OSError):
                (directory / self.scratch).unlink()

    def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - for the type checker: it is a pipe
        with contextlib.suppress(ValueError):  # half a line: it was killed
            while line := self._process.stdout.readline(LONGEST_LINE):
                if len(line) == LONGEST_LINE:
                    message = "the process that calls AWS sent more than AWS can have answered"
                    self._events.put({"event": "failed", "kind": "Crashed", "message": message})
                    break
                self._events.put(json.loads(line))
        self._events.put(None)
        self._gone.set()

    def _end_group(self) -> None:
        """Kill what it started and left running, once it has given its result; a daemon has left its group.

        It has not been waited for: until then its process id, which is its group's, is not reused.
        """
        if sys.platform != "win32":
            with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: only the dead are left
                os.killpg(self._process.pid, signal.SIGKILL)

    def _kill(self) -> None:
        """End it and all that it started: SIGTERM, then SIGKILL."""
        if sys.platform == "win32":
            subprocess.run(  # noqa: S603 - no shell, no words of others
                [_taskkill(), "/T", "/F", "/PID", str(self._process.pid)], capture_output=True, check=False
            )
            self._process.kill()
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGTERM)
        time.sleep(timeouts.WORKER_TERMINATION)
        self._end_group()


def _start(environ: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start the worker in its own process group, so that ctrl+c in the terminal reaches only this process."""
    flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    try:
        return subprocess.Popen(  # noqa: S603 - no shell, no words of others
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environ,
            start_new_session=sys.platform != "win32",
            creationflags=flags,
        )
    except OSError as error:
        raise ActionFailed("NotStarted", f"no process can be started: {error.strerror}") from error


def _taskkill() -> str:
    return str(Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "taskkill.exe"))


def _failure(event: Event) -> ActionFailed:
    path = _optional(event.get("path"))
    return ActionFailed(
        _text(event["kind"]),
        _text(event["message"]),
        path=None if path is None else Path(path),
        cure=_optional(event.get("cure")),
        command=_optional(event.get("command")),
    )


def _authorization(event: Event) -> Authorization:
    return Authorization(
        code=_text(event["code"]),
        address=_text(event["address"]),
        complete_address=_text(event["complete_address"]),
        ends=datetime.fromisoformat(_text(event["ends"])),
    )


def _text(value: object) -> str:
    assert isinstance(value, str)  # noqa: S101 - for the type checker: the worker writes it
    return value


def _optional(value: object) -> str | None:
    return None if value is None else _text(value)


def _mapping(value: object) -> Mapping[str, object]:
    assert isinstance(value, dict)  # noqa: S101 - for the type checker: the worker writes it
    return value


_KEPT = (Kind.ROLE, Kind.WEB_IDENTITY, Kind.SSO, Kind.LOGIN)
"""Kinds of profiles with credentials that are cached below the home."""


def call(
    snapshot: Snapshot,
    profile: str,
    task: str,
    prompts: Prompts,
    cancel: Cancel,
    *,
    force: bool = False,
    durations: Mapping[str, int] | None = None,
    more: Mapping[str, object] | None = None,
    patience: float = timeouts.AWS_CALL,
) -> Mapping[str, object]:
    """Have the worker do a task with a profile's credentials; explain what goes wrong.

    Args:
        snapshot: the files, and what is known of the profile.
        profile: its name.
        task: what to do with them (``rolecall.actions.worker.TASKS``).
        prompts: answers questions.
        cancel: ends it.
        force: whether the profile's own role is assumed although its cached credentials are valid.
        durations: seconds by role ARN, to ask for instead of what the profiles say.
        more: the other arguments of the task.
        patience: as for ``run_task``.

    Raises:
        ActionFailed: it was not done.
        Cancelled: the user cancelled.
    """
    arguments = {
        **(more or {}),
        "profile": profile,
        "cli_cache": str(snapshot.where.cli_cache),
        "force": force,
        "durations": dict(durations or {}),
    }
    if profile not in snapshot.profiles:
        message = f"there is no profile {profile}"
        raise ActionFailed("ProfileNotFound", message, cure="read the files again", command="reread")
    if snapshot.profiles[profile].kind in _KEPT:
        require_home(snapshot.host)
    require_writable(snapshot.host, _obstacle(snapshot, profile, force=force))
    try:
        return run_task(snapshot.host, task, arguments, prompts, cancel, patience=patience)
    except ActionFailed as failed:
        if failed.cure is not None:
            raise
        explained = failure(failed.kind, failed.message, snapshot, profile)
        explained.path = explained.path or failed.path
        raise explained from failed


def _obstacle(snapshot: Snapshot, profile: str, *, force: bool) -> Obstacle | None:
    """Return what keeps the credentials from being cached, if they have to be."""
    report = snapshot.profiles[profile]
    fault = report.on_renewal if force else report.on_fetch
    if fault is None or fault.cause is not Cause.CACHE_UNWRITABLE:
        return None
    found = snapshot.expiry_calculator.obstacles.values()
    return next((each for each in found if str(each.where) == fault.subject), None)


def optional(value: object) -> str | None:
    """Return a text that may be missing."""
    return None if value is None else str(value)


def worker_timestamp(value: object) -> datetime | None:
    """Return a time in UTC, as the worker writes it."""
    return None if value is None else datetime.fromisoformat(str(value)).astimezone(UTC)
