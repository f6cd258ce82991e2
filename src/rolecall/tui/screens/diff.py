"""What an edit would write, shown before it is written."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from rolecall.actions.plan import Plan
from rolecall.tui.commands import name_keys
from rolecall.tui.render.diff import diff_lines
from rolecall.tui.render.lines import Line
from rolecall.tui.screens.dialog import Modal
from rolecall.tui.theme import as_title
from rolecall.tui.widgets.choices import Choices
from rolecall.tui.widgets.footer import SteadyFooter
from rolecall.tui.widgets.lines_view import SCROLLS, FittedPage, moving

_AROUND, _AROUND_LOW, _HIGH = 7, 5, 12
"""Lines that the frame, the choices and the footer take, with and without some air; from when on with it."""


class DiffView(FittedPage):
    """The lines of a diff, scrolling."""

    def __init__(self, plan: Plan, display: Callable[[Path], str]) -> None:
        super().__init__(id="lines")
        self._plan = plan
        self._display = display

    def lines(self, width: int) -> Sequence[Line]:
        """Lay the diff out."""
        return diff_lines(self._plan, width, self._display)


_VERBS = frozenset(
    (
        *("Add", "Change", "Correct", "Duplicate", "Fix", "Remove", "Rename", "Set", "Silence", "Undo"),
        *("Unsilence", "Unset"),
    )
)


class DiffScreen(Modal[bool]):
    """Shows what would be written; the cursor is on Cancel."""

    CSS_PATH: ClassVar = ["dialog.tcss", "diff.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,w", "write", "Write", key_display="^s", priority=True, tooltip="Write it"),
        Binding("escape,q", "back", "Back", key_display="esc", priority=True,
                tooltip="Go back; nothing is written"),
        *moving(*(f"scroll_lines('{each}')" for each in SCROLLS)),
    ]  # fmt: skip

    def __init__(self, plan: Plan, display: Callable[[Path], str] = str) -> None:
        """Make the screen.

        Args:
            plan: what would be done.
            display: how a path is written (``Host.display``).
        """
        super().__init__()
        self._plan = plan
        self._view = DiffView(plan, display)
        self._choices = Choices(*((self._verb, "Cancel") if plan.changes else ("Close",)), id="choices")
        name_keys(self, {"write": self._verb})

    @property
    def _verb(self) -> str:
        """The verb of the title, where it says more than Write: Remove, Rename, Undo."""
        verb = self._plan.title.split(" ", 1)[0].rstrip(":")
        return verb if verb in _VERBS else "Write"

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical(id="diff") as frame:
            frame.border_title = as_title(self._plan.title)
            yield self._view
            yield self._choices
        yield SteadyFooter()

    def on_mount(self) -> None:
        """Give the focus to the harmless choice."""
        self._make_room()
        self.set_focus(self._choices.last)

    def on_resize(self) -> None:
        """Give the diff what the rest leaves."""
        self._make_room()

    def _make_room(self) -> None:
        height = self.app.size.height
        self._view.styles.max_height = max(height - (_AROUND if height >= _HIGH else _AROUND_LOW), 1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Where nothing changes there is nothing to write."""
        return bool(self._plan.changes) if action == "write" else True

    def action_scroll_lines(self, how: str) -> None:
        """Scroll the diff."""
        getattr(self._view, f"action_{how}")()

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Act on a choice."""
        self.dismiss(bool(self._plan.changes) and event.index == 0)

    def action_write(self) -> None:
        """Have it written."""
        self.dismiss(True)

    def action_back(self) -> None:
        """Go back; nothing is written."""
        self.dismiss(False)
