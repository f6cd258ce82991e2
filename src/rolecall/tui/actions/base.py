"""What every action of the app is made of, and how its result is said."""

from collections.abc import Callable, Collection, Iterator
from typing import Protocol, TypeVar

from textual.screen import Screen

from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Mark, Plan
from rolecall.actions.prompts import Cancel, Dialogue
from rolecall.actions.writing.saving import Conflict
from rolecall.text import mask, sentence, several
from rolecall.tui.actions.selection import Target
from rolecall.tui.screens.dialog import Paragraph
from rolecall.tui.tones import Tone

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


SHOWN = 20
"""Lines of a diff that are told."""
_TONES = {Mark.ADDED: Tone.GOOD, Mark.REMOVED: Tone.BAD}


def heading(failure: ActionFailed) -> str:
    """Return the title under which a failure is told: the error's own name, to be searched for."""
    return mask(failure.kind)


def told(failure: ActionFailed, names: Collection[str] = ()) -> list[Paragraph]:
    """Say what happened, where, and what to do about it; ``names`` are of profiles."""
    return [*_told(failure, names)]


def _told(failure: ActionFailed, names: Collection[str]) -> Iterator[Paragraph]:
    yield mask(sentence(failure.message, names)), Tone.PLAIN
    if failure.path is not None:
        line = f":{failure.line}" if failure.line is not None else ""
        yield "", Tone.PLAIN
        yield f"{failure.path}{line}", Tone.DIM
    if isinstance(failure, Conflict):
        yield "", Tone.PLAIN
        yield from _meanwhile(failure)
    if failure.cure:
        yield "", Tone.PLAIN
        yield mask(sentence(failure.cure)), Tone.ACCENT


def _meanwhile(conflict: Conflict) -> Iterator[Paragraph]:
    """Show what changed meanwhile, as far as there is room."""
    for line in conflict.diff[:SHOWN]:
        yield f"{line.mark} {line.text}", _TONES.get(line.mark, Tone.DIM)
    if len(conflict.diff) > SHOWN:
        yield f"and {several(len(conflict.diff) - SHOWN, 'more line')}", Tone.DIM
