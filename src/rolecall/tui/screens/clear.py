"""Asks which cache files are to be deleted, and shows what that would cost."""

import asyncio
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from rolecall.actions.clear_cache import Deletion
from rolecall.actions.clear_cost import Cost
from rolecall.aws.cache_owners import CacheEntry
from rolecall.cells import pad
from rolecall.text import inert
from rolecall.tui.render.lines import Line, Span, fit, shrinking
from rolecall.tui.screens.dialog import Modal
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.footer import SteadyFooter
from rolecall.tui.widgets.lines_view import Lines
from rolecall.tui.widgets.list_view import Rows

COUNT_WIDTH = 6
STEM_WIDTH = 8
KIND_WIDTH = 13
ROOM_FOR_KIND = 70


@dataclass(frozen=True, slots=True)
class Selection:
    """Some files that can be deleted together: in words, one by one, and what may be meant and cannot be."""

    label: str
    entries: tuple[CacheEntry, ...]
    unseen: tuple[tuple[Path, str], ...] = ()


def tone_of(cost: Cost) -> Tone:
    """Return how loud a cost is said."""
    return Tone.WARN if cost.is_dear else Tone.DIM


class Selections(Rows[Selection]):
    """What can be chosen, a line each."""

    def key_of(self, item: Selection) -> Hashable:
        """Its words."""
        return item.label

    def lay_out(self, item: Selection, width: int) -> Line:
        """How many, and which."""
        return fit(
            (Span(pad(str(len(item.entries)).rjust(4), COUNT_WIDTH)), shrinking(item.label)), (), width
        )


class Preview(Lines[Deletion]):
    """What each deletion costs."""

    def lay_out(self, item: Deletion, width: int) -> Line:
        """The file, what it is, whose it is, what it costs."""
        stem = Span(pad(inert(item.path.stem), STEM_WIDTH) + " ", Tone.DIM)
        kind = [Span(pad(item.entry.kind, KIND_WIDTH) + " ", Tone.DIM)] if width >= ROOM_FOR_KIND else []
        whose = ", ".join(item.entry.profiles) or item.entry.identity or ""
        cost = Span(item.cost.words, tone_of(item.cost))
        return fit((stem, *kind, shrinking(whose)), (cost,), width)


class ClearScreen(Modal[Selection]):
    """Choose which; nothing is deleted yet."""

    CSS_PATH = "clear.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Go on", tooltip="Ask once more, then delete them", key_display="enter",
                priority=True),
        Binding("escape,q", "back", "Back", tooltip="Go back; nothing is deleted", key_display="esc",
                priority=True),
    ]  # fmt: skip

    def __init__(
        self,
        selections: Sequence[Selection],
        plan: Callable[[tuple[CacheEntry, ...]], tuple[Deletion, ...]],
    ) -> None:
        """Make the screen.

        Args:
            selections: what there is to choose.
            plan: says what deleting some entries costs; called off the screen's thread.
        """
        super().__init__()
        self._given = selections
        self._plan = plan
        self._selections = Selections(id="selections")
        self._preview = Preview(id="preview")

    def compose(self) -> ComposeResult:
        """Lay it out: which above, what it costs below."""
        with Vertical(id="clear") as frame:
            frame.border_title = "Clear caches"
            yield self._selections
            yield self._preview
        yield SteadyFooter()

    def on_mount(self) -> None:
        """List what there is to choose."""
        self._selections.styles.height = len(self._given)
        self._selections.show(self._given)
        self.set_focus(self._selections)
        self.on_rows_highlighted()

    def on_rows_highlighted(self) -> None:
        """Show what the selection under the cursor costs."""
        current = self._selections.current
        if current is not None:
            self._work_out(current)

    @work(exclusive=True, description="what deletions cost")
    async def _work_out(self, selection: Selection) -> None:
        self._preview.show(await asyncio.to_thread(self._plan, selection.entries))

    def on_rows_selected(self) -> None:
        """A line was clicked twice."""
        self.action_choose()

    def action_choose(self) -> None:
        """Go on with the selection under the cursor."""
        self.dismiss(self._selections.current)

    def action_back(self) -> None:
        """Delete nothing."""
        self.dismiss(None)
