"""Dialogs in which one line is chosen: what to copy, in which form to export, which cache files to delete."""

import asyncio
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget

from rolecall.actions.clear_cache import Deletion
from rolecall.actions.clear_cost import Cost
from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.profile_report import ProfileReport
from rolecall.cells import pad
from rolecall.shells import FORMS
from rolecall.text import inert, mask
from rolecall.tui.commands import name_keys
from rolecall.tui.render.lines import Line, Span, fit, shrinking, width_of
from rolecall.tui.screens.dialog import Modal, Words, copy, fit_width, leave_room
from rolecall.tui.theme import as_title
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.footer import SteadyFooter
from rolecall.tui.widgets.lines_view import Lines
from rolecall.tui.widgets.list_view import Rows
from rolecall.values import dataclass

Answer = TypeVar("Answer")

FORM_WIDTH = 11
COPY_WIDTH = 12
COUNT_WIDTH = 6
STEM_WIDTH = 8
KIND_WIDTH = 13
ROOM_FOR_KIND = 70
LIST_SHARE = 0.4
"""The share of the terminal's height that the list of what can be cleared takes, at most."""
FRAME = 2
LEAST = 36
"""Cells that the lines take at least, however short they are."""


class PickList(Rows[Line]):
    """Lines of which one is chosen."""

    def key_of(self, item: Line) -> Hashable:
        """Return the line: no two are the same."""
        return item

    def lay_out(self, item: Line, width: int) -> Line:
        """Fit a line to the width."""
        return fit(item, (), width)


BACK = Binding(
    "escape,q", "back", "Back", tooltip="Go back without doing anything", key_display="esc", priority=True
)


class PickScreen(Modal[Answer]):
    """Lines of which enter, or a double click, chooses one. Each kind says what that does."""

    CSS_PATH: ClassVar[str] = "dialog.tcss"
    FRAME: ClassVar[str] = "dialog"

    def __init__(self, title: str, lines: Sequence[Line]) -> None:
        super().__init__()
        self._title = title
        self._lines = lines
        self.list = PickList(id="picks")

    def body(self) -> Iterable[Widget]:
        """Yield what the frame holds."""
        yield self.list

    def compose(self) -> ComposeResult:
        """Lay out the frame and the footer (called by Textual)."""
        with Vertical(id=self.FRAME) as frame:
            frame.border_title = as_title(self._title)
            yield from self.body()
        yield SteadyFooter()

    def on_mount(self) -> None:
        """List the lines."""
        self.list.styles.height = len(self._lines)
        self.list.show(self._lines)
        self.fit()
        self.set_focus(self.list)

    def fit(self) -> None:
        """Be as wide as the lines are, and what is said above them."""
        said = [words.natural_width for words in self.query(Words).results()]
        width = max((*map(width_of, self._lines), *said, LEAST))
        fit_width(self.query_one(f"#{self.FRAME}"), self._title, width)

    def on_rows_selected(self) -> None:
        """Choose the line that was clicked twice."""
        self.action_choose()

    def action_choose(self) -> None:
        """Act on the line under the cursor. Each kind of screen gives this."""
        raise NotImplementedError

    def action_back(self) -> None:
        """Go back without doing anything."""
        self.dismiss(None)


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


class CopyScreen(PickScreen[None]):
    """Choose what to copy."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Copy", tooltip="Copy it", key_display="enter", priority=True),
        BACK,
    ]

    def __init__(self, choices: Iterable[tuple[str, str]]) -> None:
        """Make the screen over what there is to copy: (what it is, the text)."""
        self._choices = list(choices)
        lines = [(Span(pad(label, COPY_WIDTH), Tone.DIM), shrinking(text)) for label, text in self._choices]
        super().__init__("Copy", lines)

    def action_choose(self) -> None:
        """Send the chosen text to the terminal, which does not say whether it accepts it."""
        label, text = self._choices[self.list.cursor]
        copy(self, text, f"the {label}")
        self.dismiss()


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


class ExportScreen(PickScreen[ExportChoice]):
    """Choose a form, then where to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose(False)", "Copy", tooltip="Send them to the terminal's clipboard",
                key_display="enter", priority=True),
        Binding("p", "choose(True)", "Print at exit", priority=True,
                tooltip="Quit and print them; the shell that started rolecall through rc runs them"),
        BACK,
    ]  # fmt: skip

    def __init__(self, profile: str, shell: str | None, *, leaves: bool) -> None:
        """Make the screen.

        Args:
            profile: the profile whose credentials are exported.
            shell: the form under the cursor; None where no form is for the shell that this seems to be.
            leaves: whether that shell waits for the lines at the end of the app, to carry them out.
        """
        self._shell = shell
        self._leaves = leaves
        # the shell that this seems to be comes first
        self._forms = sorted(FORMS, key=lambda form: form != shell)
        lines = [(Span(pad(each, FORM_WIDTH)), shrinking(FORMS[each].help, Tone.DIM)) for each in self._forms]
        super().__init__(f"Export credentials of {profile}", lines)
        if leaves:
            name_keys(self, {"choose(True)": "In this shell"})

    def body(self) -> Iterable[Widget]:
        """Yield what is exported, and the forms."""
        words = (
            "The lines hold the secret key and the token. They are fetched when you choose, and never shown."
        )
        yield Words(((words, Tone.DIM),))
        yield self.list

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey what a shell that waits cannot be left: any form but its own."""
        is_own = self._forms[self.list.cursor] == self._shell
        return None if action == "choose" and parameters == (True,) and self._leaves and not is_own else True

    def on_rows_highlighted(self) -> None:
        """Grey the key, or not, for the form under the cursor."""
        self.refresh_bindings()

    def action_choose(self, leaves: bool = False) -> None:  # noqa: FBT001, FBT002 - a parameter of the binding
        """Take the form under the cursor."""
        self.dismiss(ExportChoice(self._forms[self.list.cursor], leaves))


@dataclass(frozen=True, slots=True)
class Selection:
    """Some files that can be deleted together: in words, one by one, and what may be meant and cannot be."""

    label: str
    entries: tuple[CacheEntry, ...]
    unseen: tuple[tuple[Path, str], ...] = ()


def tone_of(cost: Cost) -> Tone:
    """Return how loud a cost is said."""
    return Tone.WARN if cost.is_dear else Tone.DIM


class Preview(Lines[Deletion]):
    """What each deletion costs."""

    def lay_out(self, item: Deletion, width: int) -> Line:
        """The file, what it is, whose it is, what it costs."""
        stem = Span(pad(inert(item.path.stem), STEM_WIDTH) + " ", Tone.DIM)
        kind = [Span(pad(item.entry.kind, KIND_WIDTH) + " ", Tone.DIM)] if width >= ROOM_FOR_KIND else []
        whose = ", ".join(item.entry.profiles) or item.entry.identity or ""
        cost = Span(item.cost.words, tone_of(item.cost))
        return fit((stem, *kind, shrinking(whose)), (cost,), width)


class ClearScreen(PickScreen[Selection]):
    """Choose which cache files are to be deleted, and see what that costs; nothing is deleted yet."""

    CSS_PATH: ClassVar[str] = "clear.tcss"
    FRAME: ClassVar[str] = "clear"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Continue", tooltip="Ask once more, then delete them", key_display="enter",
                priority=True),
        BACK,
    ]  # fmt: skip

    def __init__(
        self,
        selections: Sequence[Selection],
        plan: Callable[[tuple[CacheEntry, ...]], tuple[Deletion, ...]],
    ) -> None:
        """Make the screen.

        Args:
            selections: what there is to choose, a line each.
            plan: says what deleting some entries costs; called off the screen's thread.
        """
        self.offered = selections
        self._plan = plan
        self._preview = Preview(id="preview")
        lines = [
            (Span(pad(str(len(each.entries)).rjust(4), COUNT_WIDTH)), shrinking(each.label))
            for each in selections
        ]
        super().__init__("Clear caches", lines)

    def fit(self) -> None:
        """Be as high as the longest selection needs; as wide as the costs are, which are not known yet."""
        self._preview.styles.height = max(len(each.entries) for each in self.offered) + 1
        self.on_resize()

    def on_resize(self) -> None:
        """Give the costs what the selections leave."""
        most = min(len(self.offered), max(int(self.app.size.height * LIST_SHARE), 1))
        self.list.styles.max_height = most
        leave_room(self._preview, most + FRAME)

    def body(self) -> Iterable[Widget]:
        """Yield the selections, and what the one under the cursor costs."""
        yield self.list
        yield self._preview

    def on_mount(self) -> None:
        """List the selections."""
        super().on_mount()
        self.on_rows_highlighted()

    def on_rows_highlighted(self) -> None:
        """Show what the selection under the cursor costs."""
        if self.offered:
            self._work_out(self.offered[self.list.cursor])

    @work(exclusive=True, description="what deletions cost")
    async def _work_out(self, selection: Selection) -> None:
        self._preview.show(await asyncio.to_thread(self._plan, selection.entries))

    def action_choose(self) -> None:
        """Go on with the selection under the cursor."""
        self.dismiss(self.offered[self.list.cursor] if self.offered else None)
