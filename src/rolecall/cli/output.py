"""What leaves the program: text on stdout, one line at a time on stderr."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from typing import TextIO

from rolecall.cli.failures import Failure
from rolecall.text import mask, sanitize

_STDOUT, _STDERR = 1, 2
SCHEMA = "rolecall/1"
"""The version of the JSON's form; it changes when a name in it goes or changes its meaning."""


def write(text: str) -> None:
    """Write to stdout; what its encoding cannot take becomes a question mark.

    Raises:
        OSError: nobody reads it, or there is no room for it.
        Failure: there is no stdout.
    """
    stdout = sys.stdout
    if stdout is None:
        raise Failure("OutputError", "stdout is closed, there is nowhere to write to")
    try:
        stdout.write(text)
    except UnicodeEncodeError:
        stdout.write(text.encode(stdout.encoding, "replace").decode(stdout.encoding))


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
