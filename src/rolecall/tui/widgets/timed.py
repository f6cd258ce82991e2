"""A list on whose lines time passes: it is looked at anew when one of them may say something else."""

from datetime import UTC, datetime

from rolecall.aws.expiry import Expiry
from rolecall.tui.render import labels
from rolecall.tui.widgets.flagged import FlaggedRows
from rolecall.tui.widgets.lines_view import Item

_FOR_EVER = datetime.max.replace(tzinfo=UTC)


class TimedRows(FlaggedRows[Item]):
    """Lines that tell how much time is left in whole minutes, and in seconds towards the end.

    Most seconds change none of the few dozen lines in view; then none of them is laid out.
    """

    def __init__(self, now: datetime, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.now = now
        self._still: tuple[datetime, datetime] | None = None

    def end_of(self, item: Item) -> Expiry | None:
        """Return the end that an item's line tells, if it tells one. To be given by each pane."""
        raise NotImplementedError

    def tick(self, *, has_turned: bool) -> None:
        """Redraw the lines in view that say something else now.

        Args:
            has_turned: whether something has passed from one state into another: that is seen at once.
        """
        if not has_turned and self._still is not None and self._still[0] <= self.now < self._still[1]:
            return
        self.redraw_changed()
        self._still = self.now, self._says_the_same_until()

    def _says_the_same_until(self) -> datetime:
        top = self.scroll_offset.y
        in_view = self.items[top : top + self.scrollable_content_region.height]
        ends = (self.end_of(item) for item in in_view)
        moments = (labels.says_until(end, self.now) for end in ends if end is not None)
        return min((moment for moment in moments if moment is not None), default=_FOR_EVER)

    def redraw_changed(self) -> None:
        """Redraw the lines in view that would look different; other ones may be in view now."""
        self._still = None
        super().redraw_changed()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Look at the lines that have come into view (called by Textual)."""
        super().watch_scroll_y(old_value, new_value)
        self._still = None

    def on_resize(self) -> None:
        """Look at the lines that have come into view."""
        super().on_resize()
        self._still = None
