"""Lines with a cursor, which stays on its item when the items change."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive

from rolecall.tui.widgets.lines_view import Item, Lines


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
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "up,k", "move(-1)", "Up", show=False, id="rows.up", tooltip="To the line above", priority=True
        ),
        Binding(
            "down,j",
            "move(1)",
            "Down",
            show=False,
            id="rows.down",
            tooltip="To the line below",
            priority=True,
        ),
        Binding(
            "pageup,ctrl+b",
            "page(-1)",
            "Page up",
            show=False,
            id="rows.page_up",
            tooltip="A page up",
            priority=True,
        ),
        Binding(
            "pagedown,ctrl+f",
            "page(1)",
            "Page down",
            show=False,
            id="rows.page_down",
            tooltip="A page down",
            priority=True,
        ),
        Binding(
            "home,g",
            "first",
            "First",
            show=False,
            id="rows.first",
            tooltip="To the first line",
            priority=True,
        ),
        Binding(
            "end,G", "last", "Last", show=False, id="rows.last", tooltip="To the last line", priority=True
        ),
    ]
    cursor: reactive[int] = reactive(0, init=False, repaint=False)
    points_at_something: reactive[bool] = reactive(False, init=False, repaint=False)
    """Whether the cursor is seen without the focus: it points at what belongs to another pane's."""

    class Highlighted(_RowMessage):
        """The cursor stands on another item."""

    class Selected(_RowMessage):
        """An item was clicked twice."""

    def key_of(self, item: Item) -> Hashable:
        """Return what tells an item from the others, also after a reread. To be given by each pane."""
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
        """Return where the item with a key stands, or None."""
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
        if not self.has_focus:
            self.points_at_something = key is not None and self.move_to(key)

    def watch_points_at_something(self) -> None:
        """Draw the cursor's line with or without its background."""
        self._redraw_line(self.cursor)

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on an item."""
        return min(max(cursor, 0), max(len(self.items) - 1, 0))

    def watch_cursor(self, before: int, cursor: int) -> None:
        """Redraw the two lines and tell the others."""
        for index in (before, cursor):
            self._redraw_line(index)
        self._keep_in_view()
        item = self.current
        if item is not None and before != cursor:
            self.post_message(self.Highlighted(self, item))  # type: ignore[arg-type]

    def _redraw_line(self, index: int) -> None:
        self.refresh(Region(0, index - self.scroll_offset.y, self.size.width, 1))

    def _keep_in_view(self) -> None:
        height = self.scrollable_content_region.height
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
        self.cursor += by * max(self.scrollable_content_region.height - 1, 1)

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
        index = offset.y + self.scroll_offset.y
        if index >= len(self.items):
            return
        self.cursor = index
        item = self.current
        if event.chain > 1 and item is not None:
            self.post_message(self.Selected(self, item))  # type: ignore[arg-type]
