"""A file that AWS tools refuse: where they stumble, what they say, and the way into the editor."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from rolecall.actions.editing.diff import ShownLine, excerpt
from rolecall.actions.errors import ActionFailed
from rolecall.aws.config_file import ConfigFile, FileStatus
from rolecall.aws.settings import SETTINGS
from rolecall.aws.snapshot import Snapshot
from rolecall.text import is_secret_name
from rolecall.tui.render.lines import Line, Span, fit, shrinking
from rolecall.tui.screens.dialog import Modal, Paragraph, Words, leave_room
from rolecall.tui.theme import as_title
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.footer import SteadyFooter
from rolecall.tui.widgets.lines_view import SCROLLING, Lines

EditRequest = tuple[Literal["edit"], Path, int | None]
"""What the user asks for: the editor, at a line (from 1) of a file."""
_PLAIN = frozenset(key for key in SETTINGS if not is_secret_name(key) and key != "credential_process")
"""Settings that hold no secrets."""
_AROUND = 3
"""Lines that the frame takes, and the one below the words."""
_TORN = "AWS tools refuse every profile with ConfigParseError until this is fixed."
_CLOSED = "Nothing can be edited until this is fixed outside rolecall."


def passage(file: ConfigFile, encoding: str) -> Sequence[ShownLine]:
    """Return the lines around where a file does not parse; none where it is gone meanwhile."""
    try:
        return excerpt(file, _PLAIN, encoding)
    except ActionFailed:
        return ()


class FileView(Lines[ShownLine]):
    """The file's lines, numbered; the offending one stands out."""

    BINDINGS: ClassVar[list[BindingType]] = SCROLLING
    can_focus = True

    def lay_out(self, item: ShownLine, width: int) -> Line:
        """The mark, the number, the line."""
        digits = len(str(self.items[-1].number))
        mark, tone = ("▶ ", Tone.BROKEN) if item.offends else ("  ", Tone.DIM)
        number = Span(f"{mark}{item.number:>{digits}}  ", tone)
        return fit((number, shrinking(item.text, Tone.STRONG if item.offends else Tone.PLAIN)), (), width)

    def go_to(self, index: int) -> None:
        """Bring a line to the middle of the view."""
        above = self.scrollable_content_region.height // 2
        self.scroll_to(y=max(index - above, 0), animate=False, immediate=True)


class RepairScreen(Modal[EditRequest]):
    """Shows where a file does not parse, and offers the editor."""

    CSS_PATH = "repair.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("E,enter", "edit", "Open editor", key_display="E", priority=True,
                tooltip="Open the file in your own editor, at the line"),
        Binding("escape,q", "back", "Back", key_display="esc", priority=True, tooltip="Go back"),
    ]  # fmt: skip

    def __init__(self, snapshot: Snapshot, file: ConfigFile) -> None:
        """Make the screen for a file that is unparseable or unreadable."""
        super().__init__()
        self._snapshot = snapshot
        self._file = file
        self._lines: Sequence[ShownLine] = ()
        self._view = FileView(id="file")

    def compose(self) -> ComposeResult:
        """Lay it out."""
        is_torn = self._file.status is FileStatus.UNPARSEABLE
        self._lines = passage(self._file, self._snapshot.host.encoding) if is_torn else ()
        with Vertical(id="repair") as frame:
            frame.border_title = as_title("A file that AWS tools cannot read")
            yield Words(self._said(is_torn=is_torn))
            if self._lines:
                yield self._view
        yield SteadyFooter()

    def _said(self, *, is_torn: bool) -> list[Paragraph]:
        file = self._file
        path = self._snapshot.host.display(file.path) if file.path is not None else "no file"
        line = f":{file.line}" if file.line is not None else ""
        error = file.error or str(file.status)
        says = f"botocore: ConfigParseError, {error}." if is_torn else f"It {error}."
        return [
            (f"{path}{line}", Tone.STRONG),
            (says, Tone.BROKEN),
            (_TORN if is_torn else _CLOSED, Tone.DIM),
        ]

    def on_mount(self) -> None:
        """Show the lines, the offending one in the middle."""
        if self._lines:
            self._view.show(self._lines)
            self._view.styles.height = len(self._lines)
            self.set_focus(self._view)

    def on_resize(self) -> None:
        """Give the lines what the words leave, and keep the offending one in the middle."""
        self.call_after_refresh(self._share)

    def _share(self) -> None:
        leave_room(self._view, self.query_one(Words).outer_size.height + _AROUND)
        if self._lines:
            self.call_after_refresh(self._find)

    def _find(self) -> None:
        at = next((index for index, line in enumerate(self._lines) if line.offends), 0)
        self._view.go_to(at)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Without a path there is nothing to open."""
        return None if action == "edit" and self._file.path is None else True

    def action_edit(self) -> None:
        """Ask for the editor."""
        if self._file.path is not None:
            self.dismiss(("edit", self._file.path, self._file.line))

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)
