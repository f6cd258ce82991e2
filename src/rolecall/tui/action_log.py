"""What was said in passing while the app ran: what was done, when and how it went, and the notices."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime

from rolecall.tui.render.inspector import Details, Fact
from rolecall.tui.tones import Tone
from rolecall.values import dataclass

MOST = 500
"""Entries that are kept; the oldest go first."""
_TONES = {"warning": Tone.WARN, "error": Tone.BAD}


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One thing that was said.

    Attributes:
        at: when, in UTC.
        words: what; nothing secret, for it was on the screen.
        severity: ``information``, ``warning`` or ``error``, as Textual's notifications have it.
    """

    at: datetime
    words: str
    severity: str


class ActionLog:
    """The entries of one session, in memory only."""

    def __init__(self) -> None:
        self._entries: deque[LogEntry] = deque(maxlen=MOST)

    def add(self, at: datetime, words: str, severity: str) -> None:
        """Keep an entry; what is said again at once is kept once, with its last time."""
        if self._entries and self._entries[-1].words == words:
            self._entries.pop()
        self._entries.append(LogEntry(at, words, severity))

    @property
    def details(self) -> Details:
        """The entries as a page, the newest first, in local time."""
        return Details("Log of this session", tuple(self._facts()))

    def _facts(self) -> Iterator[Fact]:
        for each in reversed(self._entries):
            tone = _TONES.get(each.severity, Tone.PLAIN)
            yield Fact(each.at.astimezone().strftime("%H:%M:%S"), each.words, tone)
        if not self._entries:
            yield Fact("Nothing has been done or said yet.", "", label_tone=Tone.DIM)
