"""Questions to the person at the terminal, if there is one: on stderr, so that stdout stays what it is."""

import getpass
import sys
import warnings

from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.cli import output

_YES = ("y", "yes")


def has_person() -> bool:
    """Whether someone can be asked: stdin and stderr are a terminal."""
    return all(
        stream is not None and not stream.closed and stream.isatty() for stream in (sys.stdin, sys.stderr)
    )


def confirm(question: str) -> bool:
    """Ask for yes or no; the answer is no unless it is yes, also where the input ends."""
    output.prompt(f"{question} [y/N] ")
    answer = ""
    try:
        answer = sys.stdin.readline()
    finally:
        if not answer.endswith("\n"):
            output.end_line()
    return answer.strip().lower() in _YES


def require(question: str) -> None:
    """Ask for a yes.

    Raises:
        Cancelled: it was something else.
    """
    if not confirm(question):
        raise Cancelled


def hidden(question: str) -> str:
    """Ask for something that is not to be seen while it is typed.

    Raises:
        ActionFailed: the terminal would show it.
        Cancelled: the input ended (ctrl+d).
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(output.inert(f"{question}: "), sys.stderr)
    except getpass.GetPassWarning:
        message = "this terminal cannot hide what is typed"
        raise ActionFailed("NoTerminal", message, cure="pipe it in, with - in its place") from None
    except EOFError:
        output.end_line()
        raise Cancelled from None
    except KeyboardInterrupt:
        output.end_line()
        raise


def piped() -> str:
    """Return the next line of stdin, without its end.

    Raises:
        ActionFailed: there is none.
    """
    line = sys.stdin.readline() if sys.stdin is not None and not sys.stdin.closed else ""
    if not line:
        raise ActionFailed("NoInput", "- stands for a line of stdin, and there is none")
    return line.rstrip("\r\n")
