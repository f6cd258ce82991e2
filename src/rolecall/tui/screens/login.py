"""Logging in: the code and the address of the device flow, and the code of an MFA device."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from rolecall.actions.prompts import NO_CODE, Authorization, mfa_code
from rolecall.cells import wrap
from rolecall.host import utc_now
from rolecall.text import duration, inert, sanitize
from rolecall.tui.render.lines import Line, Span
from rolecall.tui.screens.dialog import WIDEST, Dialog, EntryDialog, Paragraph, Words, copy
from rolecall.tui.tones import Tone


class CodeScreen(EntryDialog):
    """Asks for the code that a device shows now. What is typed is shown: AWS takes a code once."""

    def __init__(self, device: str, problem: str | None, step: str = "") -> None:
        """Make the dialog.

        Args:
            device: the device's serial number or ARN.
            problem: what was wrong with the code before, where this is another try.
            step: what the code is for: ``assuming Deploy in 111122223333``.
        """
        self._device = device
        field = Input(placeholder="six digits", compact=True)
        named = f"MFA code of {device.rpartition('/')[2]}"
        title = f"{named}, for {step}" if step else named
        super().__init__(title, "Continue", self._said(problem), field)

    def _said(self, problem: str | None) -> list[Paragraph]:
        said: list[Paragraph] = [(problem, Tone.BAD), ("", Tone.PLAIN)] if problem else []
        return [*said, ("The code that this device shows now:", Tone.PLAIN), (self._device, Tone.STRONG)]

    def take(self) -> None:
        """Answer with the code, or say that this cannot be one."""
        code = mfa_code(self.field.value)
        if code is None:
            self.words.say(self._said(NO_CODE))
            self.set_focus(self.field)
        else:
            self.dismiss(code)


class BigCode(Widget):
    """The code, its characters apart, so that it can be compared at a glance."""

    DEFAULT_CSS = """
    BigCode {
        height: 3;
        margin: 0 0 1 0;
        content-align: center middle;
        background: $panel;
        color: $accent;
        text-style: bold;
    }
    """

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code

    def render(self) -> Content:
        """Draw it (called by Textual)."""
        return Content("  ".join(inert(self._code)))


class Address(Words):
    """The address that AWS gave, unmasked: the user opens it, with the code in its query."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def lines(self, width: int) -> Sequence[Line]:
        """Lay it out."""
        return [(Span(line, Tone.ACCENT),) for line in wrap(sanitize(self._address), width)]


class LoginScreen(Dialog[bool]):
    """Shows where to log in; closed by the app when the login is done, or by the user, who gives up."""

    LEAST: ClassVar[int] = WIDEST
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy_address", "Copy address", tooltip="Copy the address with the code in it",
                priority=True),
        Binding("c", "copy_code", "Copy code", tooltip="Copy the code", priority=True),
    ]  # fmt: skip

    def __init__(self, authorization: Authorization, *, has_browser: bool) -> None:
        """Make the dialog; ``has_browser`` says that the address is open in the browser already."""
        super().__init__("Log in", ("Copy address", "Copy code", "Cancel"))
        self._has_browser = has_browser
        self._authorization = authorization
        self._left = Words()

    def body(self) -> Iterable[Widget]:
        """The code, the address, and how long both are good for."""
        how = (
            "This address is open in your browser" if self._has_browser else "Open this address in a browser"
        )
        yield Words(((f"{how}; check that it shows this code before you allow it:", Tone.PLAIN),))
        yield Address(self._authorization.complete_address or self._authorization.address)
        yield BigCode(self._authorization.code)
        yield self._left

    def on_mount(self) -> None:
        """Count the time down."""
        self._tick(utc_now())
        self.set_interval(1.0, lambda: self._tick(utc_now()))

    def _tick(self, now: datetime) -> None:
        left = duration((self._authorization.ends - now).total_seconds())
        self._left.say(((f"Waiting for the login; the code is valid for {left}.", Tone.DIM),))

    def chosen(self, index: int) -> None:
        """Copy, or give up."""
        match index:
            case 0:
                self.action_copy_address()
            case 1:
                self.action_copy_code()
            case _:
                self.dismiss(False)

    def action_copy_address(self) -> None:
        """Send the address to the terminal's clipboard."""
        copy(self, self._authorization.complete_address or self._authorization.address, "the address")

    def action_copy_code(self) -> None:
        """Send the code to the terminal's clipboard."""
        copy(self, self._authorization.code, "the code")

    def action_back(self) -> None:
        """Cancel the login."""
        self.dismiss(False)
