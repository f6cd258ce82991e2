"""The menu of what can be copied: never a secret."""

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from rolecall.aws.report import ProfileReport
from rolecall.text import inert, mask


def copyable(report: ProfileReport) -> Iterator[tuple[str, str]]:
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


class CopyScreen(ModalScreen[None]):
    """Choose what to copy."""

    CSS_PATH = "copy.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Back", tooltip="Go back", key_display="esc", priority=True),
        Binding("j", "move('down')", "Down", show=False, tooltip="Down", priority=True),
        Binding("k", "move('up')", "Up", show=False, tooltip="Up", priority=True),
    ]

    def __init__(self, report: ProfileReport) -> None:
        super().__init__()
        self._choices = list(copyable(report))

    def compose(self) -> ComposeResult:
        """Lay it out."""
        width = max(len(label) for label, _ in self._choices)
        menu = OptionList(
            *(
                Option(Content.assemble((label.ljust(width + 2), "$text-muted"), inert(text)))
                for label, text in self._choices
            )
        )
        menu.border_title = "Copy"
        yield menu

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        label, text = self._choices[event.option_index]
        self.app.copy_to_clipboard(text)
        self.app.notify(f"Sent the {label} to the terminal's clipboard.", markup=False)
        self.dismiss()

    def action_move(self, direction: str) -> None:
        """Move the cursor by the keys of vi."""
        menu = self.query_one(OptionList)
        if direction == "down":
            menu.action_cursor_down()
        else:
            menu.action_cursor_up()

    async def action_dismiss(self, result: None = None) -> None:
        """Go back."""
        self.dismiss(result)
