"""A list with a cursor; only the lines in view are drawn."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive

from rolecall.aws.expiry import Expiry
from rolecall.tui.render import labels
from rolecall.tui.render.flags import Flag, Flags
from rolecall.tui.widgets.lines_view import Item, Lines, moving


@dataclass
class _RowMessage(Message):
    rows: "Rows[object]"
    item: object

    @property
    def control(self) -> "Rows[object]":
        """The list that it comes from."""
        return self.rows


class Rows(Lines[Item]):
    """Lines with a cursor, which stays on its item when the items change."""

    can_focus = True
    BINDINGS: ClassVar[list[BindingType]] = moving(
        "move(-1)", "move(1)", "page(-1)", "page(1)", "first", "last", ids="rows"
    )
    cursor: reactive[int] = reactive(0, init=False, repaint=False)
    points_at_something: reactive[bool] = reactive(False, init=False, repaint=False)
    """Whether the cursor is seen without the focus: it points at what belongs to another pane's."""

    class Highlighted(_RowMessage):
        """The cursor is on another item."""

    class Selected(_RowMessage):
        """An item was clicked twice."""

    def key_of(self, item: Item) -> Hashable:
        """Return what identifies an item, also after files were read again. Each subclass implements this."""
        raise NotImplementedError

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        return self.items[self.cursor] if 0 <= self.cursor < len(self.items) else None

    def show(self, items: Sequence[Item]) -> None:
        """Show these items; the cursor stays where it was, by key, else by position."""
        before = self.current
        key = self.key_of(before) if before is not None else None
        was_in_view = self.cursor - self.scroll_offset.y
        super().show(items)
        index = self.index_of(key) if before is not None else None
        if index is None:
            self.set_reactive(Rows.cursor, min(max(self.cursor, 0), max(len(items) - 1, 0)))
        elif index != self.cursor:
            self.set_reactive(Rows.cursor, index)
            self.scroll_to(y=max(index - was_in_view, 0), animate=False, immediate=True)
        self.redraw_changed()
        now = self.current
        if now is not None and (before is None or self.key_of(now) != key):
            self.post_message(self.Highlighted(self, now))  # type: ignore[arg-type]

    def index_of(self, key: Hashable) -> int | None:
        """Return the index of the item with a key, or None."""
        current = self.current
        if current is not None and self.key_of(current) == key:
            return self.cursor
        return next((i for i, item in enumerate(self.items) if self.key_of(item) == key), None)

    def move_to(self, key: Hashable) -> bool:
        """Move the cursor to the item with a key; False where there is none."""
        index = self.index_of(key)
        if index is not None:
            self.cursor = index
        return index is not None

    def point_at(self, key: Hashable | None) -> None:
        """Point at what belongs to another pane's cursor, if anything does; not while the user is here."""
        # not has_focus, which is False while a dialog is over the screen: the user comes back to this place
        if self.screen.focused is not self:
            self.points_at_something = key is not None and self.move_to(key)

    def watch_points_at_something(self) -> None:
        """Draw the cursor's line with or without its background."""
        self._redraw_line(self.cursor)

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on an item."""
        return min(max(cursor, 0), max(len(self.items) - 1, 0))

    def watch_cursor(self, before: int, cursor: int) -> None:
        """Redraw the two lines and post ``Highlighted``."""
        for index in (before, cursor):
            self._redraw_line(index)
        self._keep_in_view()
        item = self.current
        if item is not None and before != cursor:
            self.post_message(self.Highlighted(self, item))  # type: ignore[arg-type]

    def _redraw_line(self, index: int) -> None:
        self.refresh(Region(0, index + self.headings - self.scroll_offset.y, self.size.width, 1))

    def _keep_in_view(self) -> None:
        height = self.rows_in_view
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, immediate=True)
        elif height and self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True)

    def line_style(self, index: int) -> Style | None:
        """Give the cursor's line its own background."""
        if index != self.cursor or not self.items or not (self.has_focus or self.points_at_something):
            return None
        name = "lines--cursor" if self.has_focus else "lines--cursor-blurred"
        return self.get_component_rich_style(name, partial=not self.has_focus)

    def on_focus(self) -> None:
        """Show the cursor as the active one."""
        self.refresh()

    def on_blur(self) -> None:
        """Show the cursor as waiting."""
        self.refresh()

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        super().on_resize()
        self._keep_in_view()

    def action_move(self, by: int) -> None:
        """Move the cursor by some lines."""
        self.cursor += by

    def action_page(self, by: int) -> None:
        """Move the cursor by some pages."""
        self.cursor += by * max(self.rows_in_view - 1, 1)

    def action_first(self) -> None:
        """Move the cursor to the first line."""
        self.cursor = 0

    def action_last(self) -> None:
        """Move the cursor to the last line."""
        self.cursor = len(self.items) - 1

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the line under the mouse; a second click opens it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = self._index_at(offset.y)
        if not 0 <= index < len(self.items):
            return
        self.cursor = index
        item = self.current
        if event.chain > 1 and item is not None:
            self.post_message(self.Selected(self, item))  # type: ignore[arg-type]


class FlaggedRows(Rows[Item]):
    """Lines with a cursor that can go from one flagged line to the next."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.flags = Flags()

    def flag_of(self, item: Item) -> Flag | None:
        """Return an item's flag, if it has one. Each subclass implements this."""
        raise NotImplementedError

    def flag(self, flags: Flags) -> None:
        """Flag the lines."""
        self.flags = flags
        self.redraw_changed()

    def go_to_flagged(self, by: int) -> Item | None:
        """Move the cursor to the next flagged line, or with -1 to the one before, round and round.

        Returns:
            The item under the cursor afterwards; None where no line is flagged.
        """
        many = len(self.items)
        for step in range(1, many + 1):
            index = (self.cursor + by * step) % many
            if self.flag_of(self.items[index]) is not None:
                self.cursor = index
                return self.items[index]
        return None


_FOR_EVER = datetime.max.replace(tzinfo=UTC)


class TimedRows(FlaggedRows[Item]):
    """Lines that show the time left in whole minutes, and in seconds when little is left.

    In most seconds none of the few dozen lines in view changes; then none of them is laid out.
    """

    def __init__(self, now: datetime, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.now = now
        self._still: tuple[datetime, datetime] | None = None

    def expiry_of(self, item: Item) -> Expiry | None:
        """Return the expiry that an item's line shows, if it has one. Each subclass implements this."""
        raise NotImplementedError

    def tick(self, *, has_turned: bool) -> None:
        """Redraw the lines in view that say something else now.

        Args:
            has_turned: whether something has changed its state: that is shown at once.
        """
        if not has_turned and self._still is not None and self._still[0] <= self.now < self._still[1]:
            return
        self.redraw_changed()
        self._still = self.now, self._says_the_same_until()

    def _says_the_same_until(self) -> datetime:
        top = self.scroll_offset.y
        in_view = self.items[top : top + self.rows_in_view]
        ends = (self.expiry_of(item) for item in in_view)
        moments = (labels.says_until(end, self.now) for end in ends if end is not None)
        return min((moment for moment in moments if moment is not None), default=_FOR_EVER)

    def redraw_changed(self) -> None:
        """Redraw the lines in view that would look different; others may be in view now."""
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
