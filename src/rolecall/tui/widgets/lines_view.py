"""Lines that scroll; only those in view are drawn."""

from collections.abc import Sequence
from itertools import groupby
from typing import ClassVar, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from rolecall.cells import wrap
from rolecall.tui.render.lines import Line, fit, span
from rolecall.tui.tones import TONE_STYLES, Tone

Item = TypeVar("Item")


_MOVES = (
    ("up,k", "up", "Up", "To the line above"),
    ("down,j", "down", "Down", "To the line below"),
    ("pageup,ctrl+b", "page_up", "Page up", "A page up"),
    ("pagedown,ctrl+f", "page_down", "Page down", "A page down"),
    ("home,g", "first", "First", "To the first line"),
    ("end,G", "last", "Last", "To the last line"),
)


def moving(*actions: str, ids: str | None = None) -> list[BindingType]:
    """Return the keys that move through lines, the same everywhere.

    All have priority, as the commands have: keys that are typed in one go are carried out in their order.

    Args:
        actions: what they do: a line up and down, a page up and down, to the first and the last line.
        ids: the first part of their names in keymaps, where they have any.
    """
    return [
        Binding(
            key,
            action,
            label,
            show=False,
            priority=True,
            tooltip=tooltip,
            id=f"{ids}.{name}" if ids else None,
        )
        for (key, name, label, tooltip), action in zip(_MOVES, actions, strict=True)
    ]


SCROLLS = ("scroll_up", "scroll_down", "page_up", "page_down", "scroll_home", "scroll_end")
"""The actions that scroll lines without a cursor."""
SCROLLING = moving(*SCROLLS)


class Lines(ScrollView, Generic[Item]):
    """Items, each drawn on one line; the base of all panes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"lines--cursor", "lines--cursor-blurred"}
    DEFAULT_CSS = """
    Lines {
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
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
        self.headings = 0
        """Lines above the items that do not scroll: none, or one (``heading``)."""
        self._drawn: dict[int, Line] = {}
        self._laid_out: dict[tuple[int, int], Line] = {}
        self._styles: dict[Tone, Style] = {}
        self._own_style: Style | None = None

    def entitle(self, *, title: str | None = None, subtitle: str | None = None) -> None:
        """Set the border's texts where they differ: Textual redraws the whole list for the same ones, too."""
        if title is not None and self.border_title != title:
            self.border_title = title
        if subtitle is not None and self.border_subtitle != subtitle:
            self.border_subtitle = subtitle

    def lay_out(self, item: Item, width: int) -> Line:
        """Return an item's line, laid out to a width. Each subclass implements this."""
        raise NotImplementedError

    def heading(self, width: int) -> Line:  # noqa: ARG002 - for those that have one
        """Return the line above the items."""
        return ()

    @property
    def rows_in_view(self) -> int:
        """How many items there is room for."""
        return max(self.scrollable_content_region.height - self.headings, 0)

    def show(self, items: Sequence[Item]) -> None:
        """Show these items in place of the ones before."""
        grew = len(items) != len(self.items)
        self.items = items
        if grew:
            self.virtual_size = Size(0, len(items) + self.headings)
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
        index = self._index_at(y)
        line = self._line_at(index, width)
        if self._drawn.get(index) == line:
            return False
        self._drawn[index] = self._laid_out[index, width] = line
        return True

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Lay out again the lines that come into view (called by Textual)."""
        super().watch_scroll_y(old_value, new_value)
        self._laid_out.clear()

    # Textual's own scrolls smoothly, fifty lines a second: the next key would act before the page is there.

    def action_scroll_up(self) -> None:
        """Go to the line above."""
        self._scroll_at_once(self.scroll_offset.y - 1)

    def action_scroll_down(self) -> None:
        """Go to the line below."""
        self._scroll_at_once(self.scroll_offset.y + 1)

    def action_page_up(self) -> None:
        """Go a page up."""
        self._scroll_at_once(self.scroll_offset.y - self.rows_in_view)

    def action_page_down(self) -> None:
        """Go a page down."""
        self._scroll_at_once(self.scroll_offset.y + self.rows_in_view)

    def action_scroll_home(self) -> None:
        """Go to the first line."""
        self._scroll_at_once(0)

    def action_scroll_end(self) -> None:
        """Go to the last line."""
        self._scroll_at_once(self.max_scroll_y)

    def _scroll_at_once(self, y: float) -> None:
        self.scroll_to(y=y, animate=False, immediate=True)

    def when_empty(self) -> str:
        """Return the words for an empty list."""
        return ""

    def _index_at(self, y: int) -> int:
        """Return the index of the item at a line of the view; -1 for the heading, which does not scroll."""
        return y - self.headings + self.scroll_offset.y if y >= self.headings else -1

    def _line_at(self, index: int, width: int) -> Line:
        if index < 0:
            return self.heading(width)
        if index < len(self.items):
            return self.lay_out(self.items[index], width)
        said = message_lines(self.when_empty(), width) if not self.items else []
        return said[index] if index < len(said) else ()

    @property
    def lines_needed(self) -> int:
        """How many lines there are to be seen: those of the items, or of the words for none."""
        if self.items:
            return len(self.items) + self.headings
        return len(message_lines(self.when_empty(), self.scrollable_content_region.width))

    def render_line(self, y: int) -> Strip:
        """Draw one line of the view (called by Textual)."""
        index = self._index_at(y)
        width = self.scrollable_content_region.width
        # laid out when the change was seen; a scrollbar may have come since
        laid_out = self._laid_out.pop((index, width), None)
        line = laid_out if laid_out is not None else self._line_at(index, width)
        self._drawn[index] = line
        background = self.line_style(index)
        segments = [Segment(each.text, self._style(each.tone, background)) for each in line]
        base = self._ground if background is None else self._ground + background
        return Strip(segments).adjust_cell_length(width, base)

    @property
    def _ground(self) -> Style:
        """The style below all others, kept: working it out for each line costs more than drawing the line."""
        if self._own_style is None:
            self._own_style = self.rich_style
        return self._own_style

    def line_style(self, index: int) -> Style | None:  # noqa: ARG002 - for those with a cursor
        """Return the style that a whole line has on top, or None."""
        return None

    def _style(self, tone: Tone, background: Style | None) -> Style:
        style = self._styles.get(tone)
        if style is None:
            style = self._ground + self.app.stylesheet.parse_style(TONE_STYLES[tone]).rich_style
            self._styles[tone] = style
        return style if background is None else style + background

    def notify_style_update(self) -> None:
        """Forget the styles of the theme before (called by Textual)."""
        super().notify_style_update()
        self._styles.clear()
        self._own_style = None
        self._drawn.clear()
        self._laid_out.clear()

    def watch_show_vertical_scrollbar(self) -> None:
        """Lay everything out to the width that a scrollbar takes or gives back (called by Textual)."""
        self.call_later(self.on_resize)

    def on_resize(self) -> None:
        """Lay everything out anew."""
        self.virtual_size = Size(0, len(self.items) + self.headings)
        self._drawn.clear()
        self._laid_out.clear()
        self.refresh()


def message_lines(text: str, width: int) -> list[Line]:
    """Return dimmed lines with a text, for a list with nothing in it."""
    return [fit((span(line, Tone.DIM),), (), width) for line in wrap(text, width)] if text and width else []


UNKNOWN_WIDTH = 60
"""Cells to lay out to before the page has a size."""


class TextPage(Lines[Line]):
    """Lines that are laid out together. A kind of page says what they are."""

    def lines(self, width: int) -> Sequence[Line]:
        """Return the lines, laid out to a width. Each subclass implements this."""
        raise NotImplementedError

    def lay_out(self, item: Line, width: int) -> Line:  # noqa: ARG002 - laid out to the width already
        """They are laid out already."""
        return item

    def on_mount(self) -> None:
        """Lay the lines out."""
        self.lay_out_all()

    def on_resize(self) -> None:
        """Lay the lines out to the new width."""
        super().on_resize()
        self.lay_out_all()

    def lay_out_all(self) -> None:
        """Lay the lines out again, and redraw those that have changed."""
        self.show(self.lines(self._room))

    @property
    def _room(self) -> int:
        """The width; where a scrollbar takes all of it, one cell, else it would come and go for ever."""
        return max(self.scrollable_content_region.width, 1) if self.size.width else UNKNOWN_WIDTH


class FittedPage(TextPage):
    """A page that is as high as its lines, up to what there is room for."""

    def lay_out_all(self) -> None:
        """Lay the lines out, and be as high as they are."""
        super().lay_out_all()
        self.styles.height = max(len(self.items), 1)
