"""A list whose lines may be flagged: something is wrong with what they stand for."""

from rolecall.tui.flags import Flag, Flags
from rolecall.tui.widgets.lines_view import Item
from rolecall.tui.widgets.list_view import Rows


class FlaggedRows(Rows[Item]):
    """Lines with a cursor that can go from one flagged line to the next."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.flags = Flags()

    def flag_of(self, item: Item) -> Flag | None:
        """Return an item's flag, if it has one. To be given by each pane."""
        raise NotImplementedError

    def flag(self, flags: Flags) -> None:
        """Flag the lines."""
        self.flags = flags
        self.redraw_changed()

    def go_to_flagged(self, by: int) -> Item | None:
        """Move the cursor to the next flagged line, or with -1 to the one before, round and round.

        Returns:
            The item that it stands on then; None where no line is flagged.
        """
        many = len(self.items)
        for step in range(1, many + 1):
            index = (self.cursor + by * step) % many
            if self.flag_of(self.items[index]) is not None:
                self.cursor = index
                return self.items[index]
        return None
