"""Shows a line for the user's own shell, to be copied or left to the shell below."""

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from textual.widget import Widget

from rolecall.tui.render.lines import Tone
from rolecall.tui.screens.dialog import Dialog, Words

_OUTSIDE = "rolecall cannot change the shell that it was started from: this line does, there."


class LineUse(StrEnum):
    """What becomes of the line."""

    COPY = "Copy"
    LEAVE = "Leave and run it"


class ShellLineScreen(Dialog[LineUse]):
    """Shows the line; the cursor stands on what changes nothing."""

    TITLE: ClassVar[str] = "A line for your shell"

    def __init__(self, words: str, line: str, *, leaves: bool) -> None:
        """Make the dialog.

        Args:
            words: what the line is good for.
            line: the line.
            leaves: whether the shell that the app was started from carries out what is left to it.
        """
        self._ways = (LineUse.COPY, LineUse.LEAVE) if leaves else (LineUse.COPY,)
        super().__init__(self.TITLE, (*self._ways, "Back"))
        self._said = (
            (words, Tone.PLAIN),
            ("", Tone.PLAIN),
            (line, Tone.STRONG),
            ("", Tone.PLAIN),
            (_OUTSIDE, Tone.DIM),
        )

    def body(self) -> Iterable[Widget]:
        """The line, and why it is not simply done."""
        yield Words(self._said)

    def chosen(self, index: int) -> None:
        """Answer with what becomes of the line."""
        self.dismiss(self._ways[index] if index < len(self._ways) else None)
