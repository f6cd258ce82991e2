"""Asks for the code of an MFA device."""

from textual.widgets import Input

from rolecall.actions.dialogue import NO_CODE, mfa_code
from rolecall.tui.render.lines import Tone
from rolecall.tui.screens.dialog import EntryDialog, Paragraph


class CodeScreen(EntryDialog):
    """Asks for the code that a device shows now; what is typed is not shown."""

    def __init__(self, device: str, problem: str | None) -> None:
        """Make the dialog.

        Args:
            device: the device's serial number or ARN.
            problem: what was wrong with the code before, where this is another try.
        """
        self._device = device
        field = Input(placeholder="six digits", password=True, compact=True)
        super().__init__("MFA code", "Go on", self._said(problem), field)

    def _said(self, problem: str | None) -> list[Paragraph]:
        said: list[Paragraph] = [(problem, Tone.BAD), ("", Tone.PLAIN)] if problem else []
        return [*said, ("The code that this device shows now:", Tone.PLAIN), (self._device, Tone.STRONG)]

    def take(self) -> None:
        """Answer with what can be a code; of anything else it is said that it is none."""
        code = mfa_code(self.field.value)
        if code is None:
            self.words.say(self._said(NO_CODE))
            self.set_focus(self.field)
        else:
            self.dismiss(code)
