"""Where the screen is drawn while stdout leads to a shell that evaluates what is printed there."""

import os
import sys

from textual.drivers.linux_driver import LinuxDriver


class StderrDriver(LinuxDriver):
    """Textual's driver, which draws on stderr's terminal; at that terminal's size, not at stdout's."""

    def _get_terminal_size(self) -> tuple[int, int]:
        try:
            size = os.get_terminal_size(sys.__stderr__.fileno() if sys.__stderr__ is not None else 2)
        except OSError:
            return super()._get_terminal_size()
        return size.columns, size.lines
