"""The menu of what can be copied: never a secret."""

from collections.abc import Hashable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from rolecall.aws.profile_report import ProfileReport
from rolecall.cells import pad
from rolecall.text import mask
from rolecall.tui.render.lines import Line, Span, fit, shrinking
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.footer import SteadyFooter
from rolecall.tui.widgets.list_view import Rows

Choice = tuple[str, str]
LABEL_WIDTH = 12


def copyable(report: ProfileReport) -> Iterator[Choice]:
    """Yield what there is to copy of a profile: (what it is, the text).

    A value that has swallowed a secret (a key indented by mistake) is not offered.
    """
    for label, text in (
        ("name", report.name),
        ("role ARN", report.values.get("role_arn")),
        ("account id", report.account),
        ("cache file", report.cache_file),
    ):
        if isinstance(text, str) and text and (label == "name" or mask(text) == text):
            yield label, text


class CopyMenu(Rows[Choice]):
    """What there is to copy, a line each."""

    BORDER_TITLE = "Copy"

    def key_of(self, item: Choice) -> Hashable:
        """What it is."""
        return item[0]

    def lay_out(self, item: Choice, width: int) -> Line:
        """What it is, and the text."""
        return fit((Span(pad(item[0], LABEL_WIDTH), Tone.DIM), shrinking(item[1])), (), width)


class CopyScreen(ModalScreen[None]):
    """Choose what to copy."""

    CSS_PATH = "copy.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Copy", tooltip="Copy it", key_display="enter", priority=True),
        Binding("escape,q", "dismiss", "Back", tooltip="Go back", key_display="esc", priority=True),
    ]

    def __init__(self, report: ProfileReport) -> None:
        super().__init__()
        self._choices = list(copyable(report))
        self._menu = CopyMenu()

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield self._menu
        yield SteadyFooter()

    def on_mount(self) -> None:
        """List what there is."""
        self._menu.styles.height = len(self._choices) + 2
        self._menu.show(self._choices)
        self.set_focus(self._menu)

    def action_choose(self) -> None:
        """Send the chosen text to the terminal, which does not answer whether it takes it."""
        if self._menu.current is None:
            return
        label, text = self._menu.current
        self.app.copy_to_clipboard(text)
        self.app.notify(f"Sent the {label} to the terminal's clipboard.", markup=False)
        self.dismiss()

    def on_rows_selected(self) -> None:
        """A line was clicked twice."""
        self.action_choose()

    async def action_dismiss(self, result: None = None) -> None:
        """Go back."""
        self.dismiss(result)
