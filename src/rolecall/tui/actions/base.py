"""The form of a command that changes something, and what it works with."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from textual.screen import Screen

from rolecall.actions.dialogue import Cancel, Dialogue
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Plan
from rolecall.tui.actions.target import Target
from rolecall.tui.render.lines import Tone

Result = TypeVar("Result")
Answer = TypeVar("Answer")

NO_PROFILE = "There is no profile under the cursor."


class ActionContext(Protocol):
    """What a command works with: it asks, tells, and has things done off the screen's thread."""

    @property
    def target(self) -> Target:
        """What there was to act on when the key was pressed: after a job, with a fresh Snapshot."""

    def about(self, name: str) -> None:
        """Have what comes next, as the step after a failure, be about one profile alone."""

    async def ask(self, screen: Screen[Answer]) -> Answer | None:
        """Show a dialog and return what is answered; None where the user went back."""

    async def run(self, title: str, job: Callable[[Dialogue, Cancel], Result]) -> Result:
        """Run a job off the screen's thread, with progress and a cancel; then read the files again.

        Raises:
            ActionFailed: it was not done.
            Cancelled: the user changed their mind.
        """

    async def write(self, plan: Plan) -> bool:
        """Show what an edit would do and, if the user wants it, do it; return whether it is done."""

    async def take_back(self) -> None:
        """Show what undoing the last edit would do and, if the user wants it, do it."""

    async def suspended(self, program: Callable[[], None]) -> None:
        """Run another program in this terminal; then read the files again."""

    async def explain(self, failure: ActionFailed) -> None:
        """Tell what went wrong, and offer the command that mends it."""

    def say(self, words: str, tone: Tone = Tone.GOOD) -> None:
        """Say in passing how something went."""

    def copy(self, text: str) -> None:
        """Send a text to the terminal's clipboard."""

    def leave(self, lines: tuple[str, ...]) -> None:
        """End the app, and leave lines for the shell that it was started from."""


class Action(Protocol):
    """One command that changes something."""

    def obstacle(self, target: Target) -> str | None:
        """Return why it does not apply, in a sentence, or None where it does. Asked at each move."""

    async def run(self, context: ActionContext) -> None:
        """Do it.

        Raises:
            ActionFailed: it was not done.
            Cancelled: the user changed their mind.
        """
