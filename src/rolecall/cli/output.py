"""Prints to stdout and stderr, and ends a command that fails with one line and an exit code."""

import contextlib
import errno
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import PurePath
from types import MappingProxyType
from typing import TextIO

from rolecall.actions.errors import ActionFailed
from rolecall.host import Host
from rolecall.text import mask, sanitize


class ExitCode(IntEnum):
    """What a script sees."""

    FINE = 0
    FAILED = 1
    USAGE = 2
    INTERRUPTED = 130


class Failure(Exception):  # noqa: N818 - it ends a command, it need not be an error of ours
    """Ends a command with one line on stderr, and with an error object where JSON was asked for.

    Attributes:
        kind: the error's type in the JSON: botocore's class name where it has one.
        message: one sentence that a person can act on.
        code: the exit code.
        details: what more the JSON has on it.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        code: ExitCode = ExitCode.FAILED,
        details: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.code = code
        self.details = details

    @property
    def error(self) -> dict[str, object]:
        """The error as the JSON has it: type and message, and for an action path, line and cure."""
        return {"type": self.kind, "message": mask(self.message), **self.details}


def of_action(failed: ActionFailed, host: Host) -> Failure:
    """Return an action's failure as it is told: where it happened, what happened, what to do about it."""
    message = _placed(failed, host)
    if failed.cure is not None:
        joint = ". " if failed.cure[:1].isupper() else "; "
        message = f"{message.removesuffix('.')}{joint}{failed.cure}"
    return Failure(failed.kind, message, details=of_parts(failed))


def _placed(failed: ActionFailed, host: Host) -> str:
    """Return what happened with the file and the line that it happened to, wherever the message has them."""
    if failed.path is None:
        return failed.message
    shown = host.display(failed.path)
    place = shown if failed.line is None else f"{shown}:{failed.line}"
    if place in failed.message:
        return failed.message
    for name in (str(failed.path), shown):
        if name in failed.message:
            return failed.message.replace(name, place, 1)
    return f"{place}: {failed.message}"


def of_parts(failed: ActionFailed) -> Mapping[str, object]:
    """Return what the JSON has on an action's failure: what happened apart from what to do about it."""
    return {
        "message": mask(failed.message),
        "path": None if failed.path is None else str(failed.path),
        "line": failed.line,
        "cure": None if failed.cure is None else mask(failed.cure),
    }


def of_cancelled() -> Failure:
    """Return how the answer "no" ends a command."""
    return Failure("Cancelled", "cancelled")


_STDOUT, _STDERR = 1, 2
SCHEMA = "rolecall/1"
"""The version of the JSON's form; it changes when a name in it goes or changes its meaning."""


CLOSED = OSError(errno.EBADF, "stdout is closed")


@dataclass(slots=True)
class _Printing:
    """How printing goes.

    Attributes:
        trouble: what stdout said when it took no more.
        deed: what was done, for a sentence that tells of nothing else.
    """

    trouble: OSError | None = None
    deed: str | None = None


_printing = _Printing()


def start() -> None:
    """Begin a run of the program: nothing is done yet, and nothing went wrong."""
    _printing.trouble = _printing.deed = None


def note_deed(words: str) -> None:
    """Remember what was done, in a clause: it is told on stderr where stdout does not take it."""
    _printing.deed = words


def deed() -> str | None:
    """Return what was done."""
    return _printing.deed


def trouble() -> OSError | None:
    """Return what kept text from stdout, if something did; after that nothing more is written there."""
    return _printing.trouble


def is_closed_pipe(error: OSError) -> bool:
    """Whether nobody reads on (``rolecall list | head``), which is nobody's mistake."""
    # Windows reports a closed pipe as an invalid argument
    return error.errno == errno.EPIPE or (sys.platform == "win32" and error.errno == errno.EINVAL)


def write(text: str) -> None:
    """Write to stdout; what its encoding cannot take becomes a question mark."""
    stdout = sys.stdout
    with _noting_trouble():
        if stdout is None:
            raise CLOSED
        try:
            stdout.write(text)
        except UnicodeEncodeError:
            stdout.write(text.encode(stdout.encoding, "replace").decode(stdout.encoding))


@contextlib.contextmanager
def _noting_trouble() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        _printing.trouble = _printing.trouble or error
        abandon()


def write_lines(lines: list[str]) -> None:
    """Write lines to stdout, each with its end."""
    write("".join(f"{line}\n" for line in lines))


def write_json(content: Mapping[str, object]) -> None:
    """Write one JSON object. It is ASCII, so that no control character and no lone surrogate gets out."""
    write(json.dumps({"schema": SCHEMA, **content}, indent=2) + "\n")


def inert(text: str) -> str:
    """Return text as a terminal may have it: masked, with nothing in it that could steer."""
    return sanitize(mask(text))


def complain(message: str) -> None:
    """Say something on stderr, in one line; where stderr is gone, nobody is there to hear it."""
    _tell(f"rolecall: {inert(message)}\n")


def say(*lines: str) -> None:
    """Say something to a person on stderr, a line each."""
    _tell("".join(f"{inert(line)}\n" for line in lines))


def show(*lines: str) -> None:
    """Say something that is to be seen whole to a person: where to log in, with the code in the address."""
    _tell("".join(f"{sanitize(line)}\n" for line in lines))


def prompt(question: str) -> None:
    """Put a question to a person on stderr, who answers in the same line."""
    _tell(inert(question))


def end_line() -> None:
    """End a line on stderr that nobody has answered."""
    _tell("\n")


def _tell(text: str) -> None:
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        _abandon(sys.stderr)


def flush() -> None:
    """Send out what is still held back, while an error can be reported."""
    with _noting_trouble():
        if sys.stdout is not None:
            sys.stdout.flush()


@contextlib.contextmanager
def lent_to_stderr() -> Iterator[None]:
    """Have what other programs write to stdout meanwhile go to stderr: stdout is for one JSON object.

    Raises:
        OSError: there is no such stream.
    """
    flush()
    ours = os.dup(_STDOUT)
    try:
        os.dup2(_STDERR, _STDOUT)
        yield
    finally:
        os.dup2(ours, _STDOUT)
        os.close(ours)


def abandon() -> None:
    """Let what stdout still holds back go nowhere: the interpreter would complain about it at its end."""
    if sys.stdout is not None:
        _abandon(sys.stdout)


def _abandon(stream: TextIO) -> None:
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def guard(action: Callable[[], int], *, as_json: bool) -> int:
    """Run the program and return its exit code.

    A closed pipe (``rolecall list | head``) and ctrl+c are nobody's mistake, and nothing is said about them.
    """
    start()
    try:
        code = action()
        flush()
    except KeyboardInterrupt:
        abandon()  # whoever is to read the rest may never do so
        return ExitCode.INTERRUPTED
    except Failure as failure:
        return _report(failure, as_json=as_json)
    except OSError as error:
        return _report(_of_system(error), as_json=as_json)
    except Exception as error:  # noqa: BLE001 - a traceback could show what must stay secret
        return _report(_of_bug(error), as_json=as_json)
    return _unprinted(code)


def _unprinted(code: int) -> int:
    """Return the exit code once what could not be printed is told: 1 where all else went well."""
    lost = trouble()
    if lost is None or is_closed_pipe(lost):
        return code
    done, why = deed(), lost.strerror or "the system refused it"
    what = "cannot write the output" if done is None else f"{done}, but the output cannot be written"
    complain(f"{what}: {why}")
    return code or ExitCode.FAILED


def _report(failure: Failure, *, as_json: bool) -> int:
    complain(failure.message)
    if as_json:
        write_json({"error": failure.error})
    flush()
    return failure.code


def _of_system(error: OSError) -> Failure:
    """Say what the system refused: the file, or the place in rolecall where no file is known."""
    if error.filename is None and not _has_place():
        return Failure("OSError", "the directory that this was started in is gone: change to another one")
    what = str(error.filename) if error.filename is not None else f"{_place(error)}, which asked the system"
    return Failure("OSError", f"{what}: {error.strerror or type(error).__name__}")


def _has_place() -> bool:
    try:
        return bool(os.getcwd())  # noqa: PTH109 - a name is enough
    except OSError:
        return False


def _of_bug(error: Exception) -> Failure:
    """Say where it happened, not what was there: an exception's text may quote a value."""
    return Failure("InternalError", f"this is a bug in rolecall: {type(error).__name__} at {_place(error)}")


def _place(error: Exception) -> str:
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{PurePath(where.filename).name}:{where.lineno}"
