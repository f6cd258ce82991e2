"""Lines that are laid out together, as a text is, and anew for each width."""

from collections.abc import Sequence

from rolecall.tui.render.lines import Line
from rolecall.tui.widgets.lines_view import Lines

UNKNOWN_WIDTH = 60
"""Cells to lay out to before the page has a size."""


class TextPage(Lines[Line]):
    """Lines that are laid out together. A kind of page says what they are."""

    def lines(self, width: int) -> Sequence[Line]:
        """Return the lines, laid out to a width. To be given by each kind."""
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
        """Lay the lines out anew, where they say something else now."""
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
