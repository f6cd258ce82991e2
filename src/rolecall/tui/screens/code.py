"""Asks for the code of an MFA device."""

from textual.widgets import Input

from rolecall.tui.lines import Tone
from rolecall.tui.screens.dialog import EntryDialog, Paragraph

SHORTEST, LONGEST = 6, 8
"""Digits of a code: AWS's virtual and hardware devices show six."""


class CodeScreen(EntryDialog):
    """Asks for the code that a device shows now; what is typed is not shown."""

    def __init__(self, device: str, problem: str | None) -> None:
        """Make the dialog.

        Args:
            device: the device's serial number or ARN.
            problem: what was wrong with the code before, where this is another try.
        """
        self._device = device
        field = Input(
            placeholder="digits only", password=True, restrict=r"[0-9]*", max_length=LONGEST, compact=True
        )
        super().__init__("MFA code", "Go on", self._said(problem), field)

    def _said(self, problem: str | None) -> list[Paragraph]:
        said: list[Paragraph] = [(problem, Tone.BAD), ("", Tone.PLAIN)] if problem else []
        return [*said, ("The code that this device shows now:", Tone.PLAIN), (self._device, Tone.STRONG)]

    def take(self) -> None:
        """Answer with a code that is long enough."""
        if len(self.field.value) < SHORTEST:
            self.words.say(self._said(f"A code has {SHORTEST} digits."))
            self.set_focus(self.field)
        else:
            self.dismiss(self.field.value)
