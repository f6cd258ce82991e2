"""The person at the command line, as an action knows them: prompts on stderr, or answers that were given."""

from collections.abc import Callable
from dataclasses import dataclass, field

from rolecall.actions.dialogue import NO_CODE, Authorization, mfa_code
from rolecall.actions.errors import ActionFailed
from rolecall.cli import output, prompts
from rolecall.text import utc


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

    def code(self, device: str, problem: str | None) -> str:
        """Return the given code, else what is typed at the terminal, unseen.

        Raises:
            ActionFailed: there is no terminal.
            Cancelled: none was typed.
        """
        given, self.given_code = self.given_code, None
        if given is not None and problem is None:
            return given
        if not prompts.has_person():
            raise _unanswered(device, problem)
        while True:
            if problem is not None:
                output.say(problem)
            code = mfa_code(prompts.hidden(f"MFA code for {device}"))
            if code is not None:
                return code
            problem = NO_CODE

    def may_run(self, profile: str, command: str) -> bool:
        """Ask whether a ``credential_process`` may be run, once for each command line.

        Raises:
            ActionFailed: nobody can be asked.
        """
        if self.says_yes or command in self._allowed:
            return True
        output.say(f"To get credentials for {profile}, this program is run:", f"  {command}")
        if not prompts.has_person():
            raise ActionFailed(
                "NoTerminal",
                "there is no terminal at which its credential_process could be confirmed",
                cure="give --yes to let it run",
            )
        if not prompts.confirm("Run it?"):
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
        """Say what is being done, where someone is there to read it."""
        if prompts.has_person():
            output.say(f"{step}…")


def _unanswered(device: str, problem: str | None) -> ActionFailed:
    if problem is not None:
        return ActionFailed("NoTerminal", problem, cure="give --mfa-code with the next code")
    message = f"{device} asks for an MFA code, and there is no terminal to type it at"
    return ActionFailed("NoTerminal", message, cure="give --mfa-code, or --mfa-code - to pipe it in")
