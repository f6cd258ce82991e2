"""Asks in which form credentials are exported, and where to."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from rolecall.cells import pad
from rolecall.shells import FORMS
from rolecall.tui.render.lines import Line, Span, fit, shrinking
from rolecall.tui.screens.dialog import Modal, Words
from rolecall.tui.theme import as_title
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.footer import SteadyFooter
from rolecall.tui.widgets.list_view import Rows

NAME_WIDTH = 11


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What was chosen.

    Attributes:
        form: one of ``shells.FORMS``.
        leaves: whether the lines are printed at the end of the app, which ends it; else they go to the
            terminal's clipboard.
    """

    form: str
    leaves: bool


class Forms(Rows[str]):
    """The forms, a line each."""

    def key_of(self, item: str) -> Hashable:
        """Its name."""
        return item

    def lay_out(self, item: str, width: int) -> Line:
        """Its name, and what it is."""
        return fit((Span(pad(item, NAME_WIDTH)), shrinking(FORMS[item].help, Tone.DIM)), (), width)


class ExportScreen(Modal[ExportChoice]):
    """Choose a form, then where to."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose(False)", "Copy", tooltip="Send them to the terminal's clipboard",
                key_display="enter", priority=True),
        Binding("p", "choose(True)", "Print at exit", priority=True,
                tooltip="Leave rolecall and print them; the shell that started it by rc carries them out"),
        Binding("escape,q", "back", "Back", tooltip="Go back; nothing is exported", key_display="esc",
                priority=True),
    ]  # fmt: skip

    def __init__(self, profile: str, shell: str | None, *, leaves: bool) -> None:
        """Make the screen.

        Args:
            profile: whose credentials they are.
            shell: the form under the cursor; None where no form is for the shell that this seems to be.
            leaves: whether that shell waits for the lines at the end of the app, to carry them out.
        """
        super().__init__()
        self._profile = profile
        self._shell = shell
        self._leaves = leaves
        self._forms = Forms()

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical(id="dialog") as frame:
            frame.border_title = as_title(f"Export credentials of {self._profile}")
            words = (
                "The lines hold the secret key and the token. They are fetched when you choose; never shown."
            )
            yield Words(((words, Tone.DIM),))
            yield self._forms
        yield SteadyFooter()

    def on_mount(self) -> None:
        """List the forms; the shell that this seems to be comes first."""
        ordered = sorted(FORMS, key=lambda form: form != self._shell)
        self._forms.styles.height = len(ordered)
        self._forms.show(ordered)
        self.set_focus(self._forms)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A shell that waits is left nothing but its own form."""
        current = self._forms.current
        is_own = current is not None and current == self._shell
        return None if action == "choose" and parameters == (True,) and self._leaves and not is_own else True

    def on_rows_highlighted(self) -> None:
        """Only its own form can be left to the shell."""
        self.refresh_bindings()

    def on_rows_selected(self) -> None:
        """A line was clicked twice."""
        self.action_choose(leaves=False)

    def action_choose(self, leaves: bool) -> None:  # noqa: FBT001 - a parameter of the binding
        """Take the form under the cursor."""
        if self._forms.current is not None:
            self.dismiss(ExportChoice(self._forms.current, leaves))

    def action_back(self) -> None:
        """Export nothing."""
        self.dismiss(None)
