"""The line at the top, with what this shell uses; and the line of what is under way."""

import time
from datetime import datetime

from textual.content import Content
from textual.widget import Widget

from rolecall.aws.snapshot import Snapshot
from rolecall.text import duration
from rolecall.tui.render.flags import Flags
from rolecall.tui.render.lines import Span, fit, shrinking, span
from rolecall.tui.render.status_bar import READING, Counts, top_line
from rolecall.tui.theme import content
from rolecall.tui.tones import Tone


class TopLine(Widget):
    """What was read, in which state it is, and what this shell would use."""

    def __init__(self, now: datetime, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._now = now
        self._shown: tuple[Snapshot, Counts] | None = None
        self._flags = Flags()

    def present(self, snapshot: Snapshot, now: datetime) -> None:
        """Show a Snapshot, its states counted at a moment."""
        self._now = now
        self._shown = snapshot, Counts.of(snapshot, now, self._flags)
        self.refresh()

    def flag(self, flags: Flags) -> None:
        """Count what is wrong."""
        self._flags = flags
        if self._shown is not None:
            self.present(self._shown[0], self._now)

    def render(self) -> Content:
        """Lay the line out to the width (called by Textual)."""
        width = self.content_size.width
        if self._shown is None:
            return content(fit(READING, (), width))
        snapshot, counts = self._shown
        return content(top_line(snapshot, self._now, counts, width))


class TroubleLine(Widget):
    """Says under the top line which file cannot be read any more, and where: what is below is from before."""

    DEFAULT_CSS = """
    TroubleLine {
        dock: top;
        height: 1;
        margin: 1 0 0 0;
        padding: 0 1;
        background: $panel;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._words = ""

    def tell(self, words: str) -> None:
        """Say what is wrong, or nothing."""
        self._words = words
        self.display = bool(words)
        self.refresh()

    def render(self) -> Content:
        """Lay it out to the width (called by Textual)."""
        left = [Span("! ", Tone.BROKEN), shrinking(self._words, Tone.BROKEN)]
        right = (Span("e", Tone.ACCENT), Span(" shows it", Tone.DIM))
        return content(fit(left, right, self.content_size.width))


class ProgressLine(Widget):
    """What is under way: its name, its current step, the time it has taken, and the key that cancels it."""

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
