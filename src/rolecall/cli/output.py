"""Prints to stdout and stderr, and ends a command that fails with one line and an exit code."""

import contextlib
import errno
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, TextIO

from rolecall.actions.errors import ActionFailed
from rolecall.app_options import Characters
from rolecall.cells import PLAIN_GLYPHS
from rolecall.host import Host
from rolecall.text import mask, sanitize

if TYPE_CHECKING:
    from rolecall.cli.json_types import PartsJson


class ExitCode(IntEnum):
    """The exit codes."""

    FINE = 0
    FAILED = 1
    USAGE = 2
    NOT_EXECUTABLE = 126
    NOT_FOUND = 127
    INTERRUPTED = 130


class Failure(Exception):  # noqa: N818 - it ends a command, it need not be an error of ours
    """Ends a command with one line on stderr, and with an error object if JSON was asked for.

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
        """The error in JSON: type and message; of an action also path, line and cure."""
        return {"type": self.kind, "message": mask(self.message), **self.details}


def of_action(failed: ActionFailed, host: Host) -> Failure:
    """Return an action's failure with its place, what happened, and what to do about it."""
    message = _placed(failed, host)
    if failed.cure is not None:
        joint = ". " if failed.cure[:1].isupper() else "; "
        message = f"{message.removesuffix('.')}{joint}{failed.cure}"
    return Failure(failed.kind, message, details=of_parts(failed))


def _placed(failed: ActionFailed, host: Host) -> str:
    """Return the message with the file and the line in it."""
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


def of_parts(failed: ActionFailed) -> "PartsJson":
    """Return {message, path, line, cure} of an action's failure."""
    return {
        "message": mask(failed.message),
        "path": None if failed.path is None else str(failed.path),
        "line": failed.line,
        "cure": None if failed.cure is None else mask(failed.cure),
    }


def of_cancelled() -> Failure:
    """Return the failure that ends a command when the answer is no."""
    return Failure("Cancelled", "cancelled")


_STDOUT, _STDERR = 1, 2
PLAIN_TEXT = PLAIN_GLYPHS | str.maketrans({"…": "...", "→": "->"})
"""What is printed for each glyph where there are none: as on the screen, but a line may become longer."""
SCHEMA = "rolecall/1"
"""The version of the JSON; it changes if a name is removed or changes its meaning."""


BUG = "rolecall.bug"
"""The event (``sys.audit``) of an error that is a bug: its type, and the places that lead to it."""
CLOSED = OSError(errno.EBADF, "stdout is closed")


@dataclass(slots=True)
class _Printing:
    """The state of printing in this run.

    Attributes:
        trouble: the error of the first write to stdout that failed.
        deed: what was done, as a clause, for the message about a failed write.
        characters: which characters are printed: those that the app would draw.
    """

    trouble: OSError | None = None
    deed: str | None = None
    characters: Characters = Characters.ALL


_printing = _Printing()


def start() -> None:
    """Reset the state for a run of the program."""
    _printing.trouble = _printing.deed = None
    _printing.characters = Characters.ALL


def print_only(characters: Characters) -> None:
    """Have the run print these characters only."""
    _printing.characters = characters


def characters() -> Characters:
    """Return which characters are printed."""
    return _printing.characters


def note_deed(words: str) -> None:
    """Remember what was done, as a clause: stderr says it if stdout cannot be written."""
    _printing.deed = words


def deed() -> str | None:
    """Return what was done."""
    return _printing.deed


def trouble() -> OSError | None:
    """Return the error of the first failed write to stdout; nothing more is written there afterwards."""
    return _printing.trouble


def is_closed_pipe(error: OSError) -> bool:
    """Whether the reader has closed the pipe (``rolecall list | head``), which is no error."""
    # Windows reports a closed pipe as an invalid argument
    return error.errno == errno.EPIPE or (sys.platform == "win32" and error.errno == errno.EINVAL)


def write(text: str) -> None:
    """Write to stdout; what its encoding lacks becomes a question mark."""
    stdout = sys.stdout
    with _noting_trouble():
        if stdout is None:
            raise CLOSED
        try:
            stdout.write(text)
        except UnicodeEncodeError:
            stdout.write(text.encode(stdout.encoding, "replace").decode(stdout.encoding))


def write_bytes(data: bytes) -> None:
    """Write to stdout what another program has printed, as it is."""
    flush()
    stdout = sys.stdout
    with _noting_trouble():
        if stdout is None:
            raise CLOSED
        stdout.buffer.write(data)
        stdout.buffer.flush()


def tell_bytes(data: bytes) -> None:
    """Write to stderr what another program has printed, as it is."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.flush()
        sys.stderr.buffer.write(data)
        sys.stderr.buffer.flush()
    except (OSError, ValueError):
        _abandon(sys.stderr)


@contextlib.contextmanager
def _noting_trouble() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        _printing.trouble = _printing.trouble or error
        abandon()


def write_lines(lines: list[str]) -> None:
    """Write lines to stdout."""
    write("".join(f"{line}\n" for line in lines))


def write_json(content: Mapping[str, object]) -> None:
    """Write one JSON object. It is ASCII, so that no control character and no lone surrogate is printed."""
    write(json.dumps({"schema": SCHEMA, **content}, indent=2) + "\n")


def asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether the options ask for JSON, and so for an error as JSON."""
    given = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return (
        "--json" in given
        or "--format=json" in given
        or any(pair == ("--format", "json") for pair in pairwise(given))
    )


def write_json_line(content: Mapping[str, object]) -> None:
    """Write one of many JSON objects, on a line of its own."""
    write(json.dumps({"schema": SCHEMA, **content}) + "\n")


def inert(text: str) -> str:
    """Return a text for a terminal: masked, with its control characters made visible."""
    return sanitize(mask(text))


def complain(message: str) -> None:
    """Print one line on stderr; does nothing if stderr is closed."""
    _tell(f"rolecall: {inert(message)}\n")


def say(*lines: str) -> None:
    """Print lines for a person on stderr."""
    _tell("".join(f"{inert(line)}\n" for line in lines))


def show(*lines: str) -> None:
    """Print lines on stderr without masking: the address of a login has its code in it."""
    _tell("".join(f"{sanitize(line)}\n" for line in lines))


def prompt(question: str) -> None:
    """Print a question on stderr; the answer is typed on the same line."""
    _tell(inert(question))


def end_line() -> None:
    """End the line of a question that was not answered."""
    _tell("\n")


def _tell(text: str) -> None:
    if sys.stderr is None:
        return
    if _printing.characters is not Characters.ALL:
        text = text.translate(PLAIN_TEXT)
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        _abandon(sys.stderr)


def flush() -> None:
    """Flush stdout while an error can still be reported."""
    with _noting_trouble():
        if sys.stdout is not None:
            sys.stdout.flush()


@contextlib.contextmanager
def lent_to_stderr() -> Iterator[None]:
    """Send to stderr what other programs write to stdout: stdout is for one JSON object.

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
    """Discard what is still in stdout's buffer: the interpreter would complain about it at exit."""
    if sys.stdout is not None:
        _abandon(sys.stdout)


def _abandon(stream: TextIO) -> None:
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def guard(action: Callable[[], int], *, as_json: bool) -> int:
    """Run the program and return its exit code.

    A closed pipe (``rolecall list | head``) and ctrl+c are no errors: nothing is printed about them.
    """
    start()
    try:
        code = action()
        flush()
    except KeyboardInterrupt:
        abandon()  # the rest may never be read
        return ExitCode.INTERRUPTED
    except Failure as failure:
        return _report(failure, as_json=as_json)
    except OSError as error:
        return _report(_of_system(error), as_json=as_json)
    except Exception as error:  # noqa: BLE001 - a traceback could show what must stay secret
        return _report(_of_bug(error), as_json=as_json)
    return _unprinted(code)


def _unprinted(code: int) -> int:
    """Return the exit code; if the output could not be written, say so, and return 1 at least."""
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
    """Return what the system refused: the file, or the place in rolecall if no file is known."""
    if error.filename is None and not _has_place():
        return Failure("OSError", "the current directory no longer exists: change to another one")
    what = str(error.filename) if error.filename is not None else f"a system call at {_place(error)}"
    return Failure("OSError", f"{what}: {error.strerror or type(error).__name__}")


def _has_place() -> bool:
    try:
        return bool(os.getcwd())  # noqa: PTH109 - a name is enough
    except OSError:
        return False


def _of_bug(error: Exception) -> Failure:
    """Return where it happened, without the exception's text, which may quote a secret."""
    places = (
        f"{PurePath(each.filename).name}:{each.lineno}" for each in traceback.extract_tb(error.__traceback__)
    )
    sys.audit(BUG, type(error).__name__, " > ".join(places))
    return Failure("InternalError", f"this is a bug in rolecall: {type(error).__name__} at {_place(error)}")


def _place(error: Exception) -> str:
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{PurePath(where.filename).name}:{where.lineno}"
