"""The line under the tree in which a filter is typed."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class FilterInput(Input):
    """Filters while it is typed in; the screen keeps the filter at enter and clears it at esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "screen.close_filter('keep')",
            "Keep",
            tooltip="Keep the filter",
            key_display="enter",
            priority=True,
        ),
        Binding(
            "escape",
            "screen.close_filter('clear')",
            "Clear",
            tooltip="Clear the filter",
            key_display="esc",
            priority=True,
        ),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(placeholder="name, kind, account, state, region", id=id, compact=True)
