"""Asks for the code of an MFA device."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Input

from rolecall.tui.lines import Tone
from rolecall.tui.screens.dialog import Dialog, Paragraph, Words

SHORTEST, LONGEST = 6, 8
"""Digits of a code: AWS's virtual and hardware devices show six."""


class CodeScreen(Dialog[str]):
    """Asks for the code that a device shows now; what is typed is not shown."""

    def __init__(self, device: str, problem: str | None) -> None:
        """Make the dialog.

        Args:
            device: the device's serial number or ARN.
            problem: what was wrong with the code before, where this is another try.
        """
        super().__init__("MFA code", ("Go on", "Cancel"))
        self._device = device
        self._problem = problem
        self._words = Words(self._said(problem))
        self._input = Input(
            placeholder="digits only", password=True, restrict=r"[0-9]*", max_length=LONGEST, compact=True
        )

    def _said(self, problem: str | None) -> list[Paragraph]:
        said: list[Paragraph] = [(problem, Tone.BAD), ("", Tone.PLAIN)] if problem else []
        return [*said, ("The code that this device shows now:", Tone.PLAIN), (self._device, Tone.STRONG)]

    def body(self) -> Iterable[Widget]:
        """The device, and a place for its code."""
        yield self._words
        yield self._input

    @property
    def entry(self) -> Widget:
        """The input."""
        return self._input

    def on_input_submitted(self) -> None:
        """Take the code."""
        self._take()

    def chosen(self, index: int) -> None:
        """Take the code, or give up."""
        if index == 0:
            self._take()
        else:
            self.action_back()

    def _take(self) -> None:
        if len(self._input.value) < SHORTEST:
            self._words.say(self._said(f"A code has {SHORTEST} digits."))
            self.set_focus(self._input)
        else:
            self.dismiss(self._input.value)
