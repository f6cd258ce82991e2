"""The Inspector: everything about one thing, over the main screen."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from rolecall.tui import wording
from rolecall.tui.details import Details, lines
from rolecall.tui.lines import Line
from rolecall.tui.widgets.keys import SteadyFooter
from rolecall.tui.widgets.page import Page
from rolecall.tui.widgets.scrolled import SCROLLING


class DetailsView(Page):
    """The lines of some details, scrolling."""

    BINDINGS: ClassVar[list[BindingType]] = SCROLLING
    can_focus = True

    def __init__(self, details: Details) -> None:
        super().__init__()
        self._details = details
        self.border_title = wording.as_title(details.title)

    def lines(self, width: int) -> Sequence[Line]:
        """Lay the details out."""
        return lines(self._details, width)


class DetailsScreen(ModalScreen[None]):
    """The Inspector."""

    CSS_PATH = "details.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss", "Back", tooltip="Go back", key_display="esc", priority=True),
    ]

    def __init__(self, details: Details) -> None:
        super().__init__()
        self._details = details

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield DetailsView(self._details)
        yield SteadyFooter()

    async def action_dismiss(self, result: None = None) -> None:
        """Go back."""
        self.dismiss(result)
