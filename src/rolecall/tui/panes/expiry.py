"""Everything with an end, soonest first, with a bar."""

from collections.abc import Hashable
from datetime import datetime

from rolecall.aws.expiry import Expiry, State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.render import labels
from rolecall.tui.render.expiry import End, end_flag, ends, session_key
from rolecall.tui.render.flags import Flag, beside, column
from rolecall.tui.render.lines import Line, Span, fit, named, names_of, span
from rolecall.tui.tones import Tone, state_tone
from rolecall.tui.widgets.list_view import FlaggedRows

BAR_WIDTH, BRIEF_BAR_WIDTH = 10, 8
TIME_WIDTH = 9
NARROW, ROOMY, WIDE = 34, 40, 52
"""Cells from which on there is room for a bar, for a longer one, and for what happens then."""


class ExpiryPane(FlaggedRows[End]):
    """What ends when, and what happens then."""

    BORDER_TITLE = "2 Expiry"

    def __init__(self, now: datetime, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.now = now
        self._names = names_of(())

    def key_of(self, item: End) -> Hashable:
        """An end keeps its key over rereads."""
        return item.key

    def present(self, snapshot: Snapshot) -> None:
        """Show another Snapshot."""
        found = ends(snapshot, self.now)
        self._names = names_of(end.title for end in found)
        self.show(found)

    def follow(self, report: ProfileReport | None) -> None:
        """Point at the end of a profile's credentials, or of the token that they hang on."""
        key = None
        if report is not None:
            own = f"profile:{report.name}"
            key = own if self.index_of(own) is not None else session_key(report)
        self.point_at(key)

    def flag_of(self, item: End) -> Flag | None:
        """What is wrong with it."""
        return end_flag(self.flags, item)

    def lay_out(self, item: End, width: int) -> Line:
        """A name, a bar, the time left, what happens then."""
        expiry = item.expiry.as_of(self.now)
        tone = state_tone(expiry.state)
        flag = self.flag_of(item)
        right = [column(flag)] if width >= NARROW else [*beside(flag, gap="")]
        if width >= NARROW:
            cells = BAR_WIDTH if width >= ROOMY else BRIEF_BAR_WIDTH
            right += [*_bar(expiry, self.now, cells), Span(" ")]
        left = labels.time_left(expiry, self.now)
        right += [labels.glyph(expiry), span(" " + left.rjust(TIME_WIDTH), tone)]
        if width >= WIDE:
            words = labels.BRIEF_THEN[expiry.after]
            right.append(Span("  " + words.ljust(max(map(len, labels.BRIEF_THEN.values()))), Tone.DIM))
        return fit((named(item.title, self._names),), right, width)

    def when_empty(self) -> str:
        """Say that there is nothing to wait for."""
        return "Nothing here has an end."


def _bar(expiry: Expiry, now: datetime, cells: int) -> list[Span]:
    share = expiry.share_left(now) or 0.0
    if expiry.state is State.RENEWABLE or (expiry.left(now) or now - now).total_seconds() <= 0:
        share = 0.0
    full = max(round(share * cells), 1 if share > 0 else 0)
    tone = state_tone(expiry.state)
    return [Span("━" * full, tone), Span("─" * (cells - full), Tone.DIM)]
