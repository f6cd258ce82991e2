"""The line under the tree in which a filter is typed."""

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import Input

from rolecall.tui.render.lines import veiled


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

    @property
    def _value(self) -> Text:
        """What is drawn (asked for by Textual): a secret that is pasted here by mistake is not."""
        return Text(veiled(self.value), no_wrap=True, overflow="ignore", end="")
