"""The line above the footer that says what is being done, and how to end it."""

import time

from textual.content import Content
from textual.widget import Widget

from rolecall.text import duration
from rolecall.tui.render.lines import Span, Tone, fit, shrinking, span
from rolecall.tui.widgets.status_bar import content


class ProgressLine(Widget):
    """What is under way: its name, its present step, for how long, and the key that ends it."""

    DEFAULT_CSS = """
    ProgressLine {
        height: 1;
        padding: 0 1;
        background: $panel;
    }
    """

    def __init__(self, title: str) -> None:
        super().__init__(id="progress")
        self._title = title
        self._step = ""
        self._began = time.monotonic()

    def on_mount(self) -> None:
        """Count the seconds."""
        self.set_interval(1.0, self.refresh)

    def say(self, step: str) -> None:
        """Say what is being done now."""
        self._step = step
        self.refresh()

    def render(self) -> Content:
        """Lay it out to the width (called by Textual)."""
        left = [span(self._title, Tone.ACCENT)]
        if self._step:
            left += [Span("  "), shrinking(self._step)]
        passed = duration(time.monotonic() - self._began)
        right = (Span(f"{passed}  ", Tone.DIM), Span("esc", Tone.ACCENT), Span(" cancels", Tone.DIM))
        return content(fit(left, right, self.content_size.width))
