"""Runs an action from the command line, and asks its questions at the terminal."""

import contextlib
import getpass
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

import click

from rolecall.actions import timeouts
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.prompts import NO_CODE, Authorization, Calls, Cancel, Prompts, RelayedPrompts, mfa_code
from rolecall.cli import output
from rolecall.cli.output import ExitCode, Failure
from rolecall.signals import ending_by_exception
from rolecall.text import utc

_YES = ("y", "yes")


def has_person() -> bool:
    """Whether someone can be asked: stdin and stderr are a terminal."""
    return all(
        stream is not None and not stream.closed and stream.isatty() for stream in (sys.stdin, sys.stderr)
    )


def confirm(question: str) -> bool:
    """Ask for yes or no; anything but yes, and the end of the input, means no."""
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
    """Ask for something that is hidden while it is typed.

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
    line = _line_of_stdin() if sys.stdin is not None and not sys.stdin.closed else ""
    if not line:
        raise ActionFailed("NoInput", "- means a line of stdin, and stdin is empty")
    return line.rstrip("\r\n")


def _line_of_stdin() -> str:
    """Return a line, and read no byte beyond it: the rest is for the command that `rolecall exec` runs."""
    raw = getattr(getattr(sys.stdin, "buffer", None), "raw", None)
    if raw is None:
        return sys.stdin.readline()
    data = bytearray()
    while not data.endswith(b"\n") and (byte := raw.read(1)):
        data += byte
    return data.decode(sys.stdin.encoding or "utf-8", "replace")


PIPED = "-"
"""The argument that means a line of stdin."""


with_yes = click.option("--yes", is_flag=True, help="Do not ask; go ahead.")
with_dry_run = click.option("--dry-run", is_flag=True, help="Only show what would be done.")


def _read_code(context: click.Context, parameter: click.Parameter, given: str | None) -> str | None:
    if given is None or context.resilient_parsing:
        return None
    code = mfa_code(piped() if given == PIPED else given)
    if code is None:
        raise click.BadParameter(NO_CODE, context, parameter)
    return code


def with_code(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--mfa-code``."""
    return click.option(
        "--mfa-code",
        metavar="CODE",
        callback=_read_code,
        help="The MFA code, or - to read it from stdin. It is safer to leave this out and to type the code "
        "when asked: other users can read a command line, and the shell keeps it in its history.",
    )(command)


def refuse_unattended(what: str, *, yes: bool) -> None:
    """Refuse to delete without a confirmation, at the terminal or by ``--yes``.

    Raises:
        Failure: there is no terminal, and no ``--yes``.
    """
    if not yes and not has_person():
        message = f"{what}, and there is no terminal to confirm it at; give --yes"
        raise Failure("NoTerminal", message, ExitCode.USAGE)


def _no_browser(_address: str) -> bool:
    return False


@dataclass
class TerminalPrompts:
    """Answers an action's questions.

    Attributes:
        given_code: an MFA code that was given beforehand; it serves once, for the first device that asks.
        says_yes: whether programs may be run without asking (``--yes``).
        open_browser: opens an address in the browser; returns whether there is one.
    """

    given_code: str | None = field(default=None, repr=False)
    says_yes: bool = False
    open_browser: Callable[[str], bool] = _no_browser
    _allowed: set[str] = field(default_factory=set)

    def code(self, device: str, problem: str | None, step: str = "") -> str:  # noqa: ARG002 - it was printed
        """Return the given code, or else the one that is typed at the terminal, hidden.

        Raises:
            ActionFailed: there is no terminal.
            Cancelled: none was typed.
        """
        given, self.given_code = self.given_code, None
        if given is not None and problem is None:
            return given
        if not has_person():
            raise _unanswered(device, problem)
        while True:
            if problem is not None:
                output.say(problem)
            code = mfa_code(hidden(f"MFA code for {device}"))
            if code is not None:
                return code
            problem = NO_CODE

    def may_run(self, profile: str, command: str) -> bool:
        """Ask whether a ``credential_process`` may be run, once for each command line.

        Raises:
            ActionFailed: there is no terminal to ask at.
        """
        if self.says_yes or command in self._allowed:
            return True
        output.say(f"To get credentials for {profile}, this program will run:", f"  {command}")
        if not has_person():
            raise ActionFailed(
                "NoTerminal",
                "there is no terminal to confirm its credential_process at",
                cure="give --yes to let it run",
            )
        if not confirm("Run it?"):
            return False
        self._allowed.add(command)
        return True

    def authorize(self, authorization: Authorization) -> None:
        """Say where to log in, and open the browser there."""
        address = authorization.complete_address or authorization.address
        opened = self.open_browser(address)
        output.show(
            f"The browser is open at {address}" if opened else f"Log in at {address}",
            f"Code: {authorization.code} (to compare, or to type at {authorization.address}), "
            f"until {utc(authorization.ends)}",
        )

    def tell(self, step: str) -> None:
        """Say what is being done, if there is a person to read it."""
        if has_person():
            output.say(f"{step}…")


def _unanswered(device: str, problem: str | None) -> ActionFailed:
    if problem is not None:
        return ActionFailed("NoTerminal", problem, cure="give --mfa-code with the next code")
    message = f"{device} asks for an MFA code, and there is no terminal to type it at"
    return ActionFailed("NoTerminal", message, cure="give --mfa-code, or --mfa-code - to pipe it in")


Result = TypeVar("Result")

_PULSE = 0.2
"""Seconds between checks for ctrl+c: on Windows it does not interrupt waiting for a queue."""


def perform(job: Callable[[Prompts, Cancel], Result], person: Prompts) -> Result:
    """Run an action to its end, and return its result.

    Args:
        job: the action.
        person: answers its questions, on the thread that called this.

    Raises:
        ActionFailed: it was not done.
        Cancelled: the answer to one of its questions ended it.
        KeyboardInterrupt: ctrl+c ended it.
        SystemExit: another signal did.
    """
    cancel = Cancel()
    questions: Calls = SimpleQueue()
    result: Future[Result] = Future()
    result.add_done_callback(lambda _: questions.put(_nothing))
    relay = RelayedPrompts(person, cancel, questions)
    thread = Thread(target=_work, args=(lambda: job(relay, cancel), result), name="action", daemon=True)
    try:
        with ending_by_exception():
            thread.start()
            while not result.done():
                with contextlib.suppress(Empty):
                    questions.get(timeout=_PULSE)()
            return result.result()
    except (KeyboardInterrupt, SystemExit):
        cancel.set()
        wait([result], timeouts.CTRL_C)
        raise


def _work(job: Callable[[], Result], result: "Future[Result]") -> None:
    try:
        result.set_result(job())
    except BaseException as error:  # noqa: BLE001 - raised again on the thread that waits for it
        result.set_exception(error)


def _nothing() -> None:
    """End a wait for questions."""
