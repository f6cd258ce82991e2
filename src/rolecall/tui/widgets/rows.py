"""A scrolling list of lines that draws only what is to be seen.

Ten thousand profiles cost no more than the forty on the screen: a line is laid out when it is drawn, and
redrawn only when it would look different. Textual's Tree and DataTable lay out every row.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from rolecall.tui.lines import Line, Tone, fit, shrinking

Item = TypeVar("Item")


SCROLLING: list[BindingType] = [
    Binding("up,k", "scroll_up", "Up", show=False, tooltip="To the line above", priority=True),
    Binding("down,j", "scroll_down", "Down", show=False, tooltip="To the line below", priority=True),
    Binding("pageup,ctrl+b", "page_up", "Page up", show=False, tooltip="A page up", priority=True),
    Binding("pagedown,ctrl+f", "page_down", "Page down", show=False, tooltip="A page down", priority=True),
    Binding("home,g", "scroll_home", "First", show=False, tooltip="To the first line", priority=True),
    Binding("end,G", "scroll_end", "Last", show=False, tooltip="To the last line", priority=True),
]
"""The keys of lines without a cursor: the same as of those with one.

All keys have priority, as the commands have: keys that come together are carried out in their order.
"""


class Lines(ScrollView, Generic[Item]):
    """Items, each drawn on one line; the base of all panes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"lines--{tone}" for tone in Tone} | {
        "lines--cursor",
        "lines--cursor-blurred",
    }
    DEFAULT_CSS = """
    Lines {
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        .lines--plain { color: $foreground; }
        .lines--dim { color: $text-muted; }
        .lines--strong { color: $foreground; text-style: bold; }
        .lines--accent { color: $accent; }
        .lines--good { color: $success; }
        .lines--warn { color: $warning; }
        .lines--bad { color: $error; }
        .lines--broken { color: $error; text-style: bold; }
        .lines--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: bold;
        }
        .lines--cursor-blurred { background: $block-cursor-blurred-background; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.items: Sequence[Item] = ()
        self._drawn: dict[int, Line] = {}
        self._laid_out: dict[int, Line] = {}
        self._styles: dict[Tone, Style] = {}
        self._own_style: Style | None = None

    def entitle(self, *, title: str | None = None, subtitle: str | None = None) -> None:
        """Set the border's texts where they differ: Textual redraws the whole list for the same ones, too."""
        if title is not None and self.border_title != title:
            self.border_title = title
        if subtitle is not None and self.border_subtitle != subtitle:
            self.border_subtitle = subtitle

    def lay_out(self, item: Item, width: int) -> Line:
        """Return an item's line, laid out to a width. To be given by each pane."""
        raise NotImplementedError

    def show(self, items: Sequence[Item]) -> None:
        """Show these items in place of the ones before."""
        grew = len(items) != len(self.items)
        self.items = items
        if grew:
            self.virtual_size = Size(0, len(items))
        self.redraw_changed()

    def redraw_changed(self) -> None:
        """Redraw the lines in view that would look different now."""
        if not self.is_mounted:
            return
        self._laid_out.clear()
        region = self.scrollable_content_region
        changed = [y for y in range(region.height) if self._looks_different(y, region.width)]
        for _, run in groupby(enumerate(changed), lambda pair: pair[1] - pair[0]):
            # lines in a row are one region: a second's countdowns are most often all of a pane
            rows = [y for _, y in run]
            self.refresh(Region(0, rows[0], self.size.width, len(rows)))

    def _looks_different(self, y: int, width: int) -> bool:
        index = y + self.scroll_offset.y
        line = self._line_at(index, width)
        if self._drawn.get(index) == line:
            return False
        self._drawn[index] = self._laid_out[index] = line
        return True

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Lay out what comes into view as it is then (called by Textual)."""
        super().watch_scroll_y(old_value, new_value)
        self._laid_out.clear()

    # Textual's own would glide, fifty lines a second: a page's end is where the next key expects it.

    def action_scroll_up(self) -> None:
        """Go to the line above."""
        self._scroll_at_once(self.scroll_offset.y - 1)

    def action_scroll_down(self) -> None:
        """Go to the line below."""
        self._scroll_at_once(self.scroll_offset.y + 1)

    def action_page_up(self) -> None:
        """Go a page up."""
        self._scroll_at_once(self.scroll_offset.y - self.scrollable_content_region.height)

    def action_page_down(self) -> None:
        """Go a page down."""
        self._scroll_at_once(self.scroll_offset.y + self.scrollable_content_region.height)

    def action_scroll_home(self) -> None:
        """Go to the first line."""
        self._scroll_at_once(0)

    def action_scroll_end(self) -> None:
        """Go to the last line."""
        self._scroll_at_once(self.max_scroll_y)

    def _scroll_at_once(self, y: float) -> None:
        self.scroll_to(y=y, animate=False, immediate=True)

    def when_empty(self) -> str:
        """Return what is said where there are no items."""
        return ""

    def _line_at(self, index: int, width: int) -> Line:
        if 0 <= index < len(self.items):
            return self.lay_out(self.items[index], width)
        return message_line(self.when_empty(), width) if index == 0 else ()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view (called by Textual)."""
        index = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        laid_out = self._laid_out.pop(index, None)  # just now, as it was seen to have changed
        line = laid_out if laid_out is not None else self._line_at(index, width)
        self._drawn[index] = line
        background = self.line_style(index)
        segments = [Segment(each.text, self._style(each.tone, background)) for each in line]
        base = self._ground if background is None else self._ground + background
        return Strip(segments).adjust_cell_length(width, base)

    @property
    def _ground(self) -> Style:
        """The style below all others: to work it out anew for each line costs more than to draw it."""
        if self._own_style is None:
            self._own_style = self.rich_style
        return self._own_style

    def line_style(self, index: int) -> Style | None:  # noqa: ARG002 - for those with a cursor
        """Return the style that a whole line has on top, or None."""
        return None

    def _style(self, tone: Tone, background: Style | None) -> Style:
        style = self._styles.get(tone)
        if style is None:
            style = self._ground + self.get_component_rich_style(f"lines--{tone}", partial=True)
            self._styles[tone] = style
        return style if background is None else style + background

    def notify_style_update(self) -> None:
        """Forget the styles of the theme before (called by Textual)."""
        super().notify_style_update()
        self._styles.clear()
        self._own_style = None
        self._drawn.clear()
        self._laid_out.clear()

    def on_resize(self) -> None:
        """Lay everything out anew."""
        self.virtual_size = Size(0, len(self.items))
        self._drawn.clear()
        self._laid_out.clear()
        self.refresh()


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


def message_line(text: str, width: int) -> Line:
    """Return a dimmed line, for what is to be said where there is nothing to list."""
    return fit((shrinking(text, Tone.DIM),), (), width)
