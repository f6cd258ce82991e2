"""The terminal while Textual is not there yet: it shows the first frame, and keeps what is typed."""

import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.drivers.linux_driver import LinuxDriver

ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"
"""To the terminal's other screen, and back."""
HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"
"""The cursor."""


class EarlyTerminal:
    """The terminal of stdin, and of stderr, where Textual draws. At the end it is again what it was."""

    def __init__(self) -> None:
        self._attributes: list[Any] | None = None
        self._is_shown = False

    @property
    def is_shown(self) -> bool:
        """Whether a frame is on it, and nobody else has it yet."""
        return self._is_shown

    def show(self, frame: str) -> None:
        """Show a frame; what is typed from now on is neither echoed nor lost. ctrl+c still interrupts."""
        if sys.platform == "win32":
            return
        import termios  # noqa: PLC0415 - Windows has none

        attributes = termios.tcgetattr(0)
        early = [*attributes[:6], list(attributes[6])]
        early[0] &= ~termios.ICRNL  # enter is enter, as Textual has it
        early[3] &= ~(termios.ECHO | termios.ICANON)
        early[6][termios.VSUSP] = b"\0"  # it would stop with the other screen shown
        termios.tcsetattr(0, termios.TCSANOW, early)
        self._attributes, self._is_shown = attributes, True
        _write(ENTER + HIDE + frame)

    def give_back(self) -> None:
        """Make it what it was, unless Textual has done so; however the start has ended."""
        if self._is_shown:
            self._is_shown = False
            _write(SHOW + LEAVE)
        if sys.platform != "win32" and self._attributes is not None:
            import termios  # noqa: PLC0415 - as above

            termios.tcsetattr(0, termios.TCSANOW, self._attributes)

    def driver(self, base: "type[LinuxDriver]") -> "type[LinuxDriver]":
        """Return Textual's driver, made to go on with what is shown."""

        def write(driver: "LinuxDriver", data: str) -> None:
            if data == ENTER and self._is_shown:  # entered again, it would be cleared
                self._is_shown = False
            else:
                base.write(driver, data)

        def start_application_mode(driver: "LinuxDriver") -> None:
            is_first = self._is_shown
            base.start_application_mode(driver)  # type: ignore[no-untyped-call]
            if is_first:
                driver.attrs_before = self._attributes

        return type("GoingOn", (base,), {"write": write, "start_application_mode": start_application_mode})


def _write(text: str) -> None:
    data = text.encode()
    while data:
        data = data[os.write(2, data) :]
