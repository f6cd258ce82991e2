"""The line under the tree in which a filter is typed."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class FilterInput(Input):
    """Filters while it is typed in; enter keeps the filter, esc clears it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Keep", tooltip="Keep the filter", key_display="enter", priority=True),
        Binding(
            "escape", "clear_filter", "Clear", tooltip="Clear the filter", key_display="esc", priority=True
        ),
    ]

    class Cleared(Message):
        """Esc was pressed."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(placeholder="name, kind, account, state, region", id=id, compact=True)

    def action_clear_filter(self) -> None:
        """Give the filter up."""
        self.post_message(self.Cleared())
