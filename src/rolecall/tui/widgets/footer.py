"""The foot of the main screen: the line in which a filter is typed, and the keys that apply."""

from collections.abc import Mapping
from typing import ClassVar, Protocol, runtime_checkable

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer, Input
from textual.widgets._footer import FooterKey

from rolecall.cells import cell_width
from rolecall.tui.commands import COMMANDS
from rolecall.tui.render.filtering import HINT
from rolecall.tui.render.lines import veiled

ROOMY = 120
"""Columns from which on every key of the footer has its place."""
_GIVING_WAY = [command.label for command in COMMANDS if command.gives_way]
FIRST = ("add", "edit", "demo", "findings", "paste", "pane.4", "palette", "help", "quit")
"""The commands that the footer offers where there are no profiles, as far as they apply."""
_SPARED = (*_GIVING_WAY, "Export", "Edit", "Error")
"""Labels that give way where there is no room for all, in this order."""
PADDING = 1
"""Cells that the footer leaves free at its left; the last key needs none at its right."""


class SteadyFooter(Footer):
    """Textual's footer, laid out again only where its keys have changed: Textual does so at each move."""

    def __init__(self) -> None:
        super().__init__(compact=True, show_command_palette=False)
        self._laid_out: list[tuple[str, str, bool]] | None = None

    def compose(self) -> ComposeResult:
        """Lay the keys out."""
        if self._bindings_ready:
            self._laid_out = _keys(self.screen)
        # the way back comes last, whatever a screen adds to the keys of another
        yield from sorted(super().compose(), key=_is_back)

    def bindings_changed(self, screen: Screen[object]) -> None:
        """Lay the keys out anew, if they are others (called by Textual)."""
        if self._laid_out is None or _keys(screen) != self._laid_out:
            super().bindings_changed(screen)


def _is_back(widget: Widget) -> bool:
    return isinstance(widget, FooterKey) and widget.key == "escape"


def _keys(screen: Screen[object]) -> list[tuple[str, str, bool]]:
    """Return the keys that a footer shows, what they do, and whether that applies now."""
    return [
        (active.binding.key, _label(screen, active.binding), active.enabled)
        for active in screen.active_bindings.values()
        if active.binding.show
    ]


@runtime_checkable
class _HasMarks(Protocol):
    """A screen in which several can be marked."""

    def many_for(self, command: str) -> int:
        """Return on how many marked ones a command acts; 0 where it acts on what is under the cursor."""


def _label(screen: Screen[object], binding: Binding) -> str:
    """Return what a key does, in a word or two, with the number of those that it does it with."""
    many = screen.many_for(binding.id) if binding.id and isinstance(screen, _HasMarks) else 0
    return f"{binding.description} {many}" if many else binding.description


class KeyFooter(SteadyFooter):
    """The main screen's footer; a narrow one leaves some keys out, which the help lists too."""

    def __init__(self) -> None:
        super().__init__()
        self._left_out: frozenset[str] = frozenset()

    def compose(self) -> ComposeResult:
        """Lay the keys out."""
        labels = self._labels()
        self._left_out = self._without_room(labels)
        if self.screen.has_class("first-run"):
            yield from self._first_keys()
            return
        for widget in super().compose():
            if not isinstance(widget, FooterKey):
                yield widget
            elif widget.description not in self._left_out:
                widget.description, _ = labels.get(widget.description, (widget.description, 0))
                yield widget

    def _labels(self) -> dict[str, tuple[str, int]]:
        """Return what is written for each key that is shown, and how many cells it takes, by its label."""
        shown = (active.binding for active in self.screen.active_bindings.values() if active.binding.show)
        found = {
            each.description: (_label(self.screen, each), self.app.get_key_display(each)) for each in shown
        }
        return {name: (label, len(key) + 1 + len(label) + 1) for name, (label, key) in found.items()}

    def _without_room(self, labels: Mapping[str, tuple[str, int]]) -> frozenset[str]:
        """Return the labels of the keys that have no place: what is needed least gives way first."""
        left_out = set() if self.app.size.width >= ROOMY else set(_GIVING_WAY)
        needed = PADDING + sum(width for name, (_, width) in labels.items() if name not in left_out)
        for name in _SPARED:
            if needed > self.app.size.width and name in labels and name not in left_out:
                left_out.add(name)
                needed -= labels[name][1]
        return frozenset(left_out)

    def _first_keys(self) -> ComposeResult:
        """Yield the keys of what can be done where there are no profiles yet."""
        active = {each.binding.id: each for each in self.screen.active_bindings.values()}
        for name in FIRST:
            each = active.get(name)
            if each is not None and each.enabled:
                display = self.app.get_key_display(each.binding)
                yield FooterKey(
                    each.binding.key,
                    display,
                    each.binding.description,
                    each.binding.action,
                    tooltip=each.tooltip,
                ).data_bind(compact=Footer.compact)

    async def on_resize(self) -> None:
        """Leave keys out, or bring them back."""
        if self._left_out != self._without_room(self._labels()):
            await self.recompose()


class WordsInput(Input):
    """A line in which words are typed; a secret that was pasted by mistake is not drawn."""

    def __init__(
        self,
        placeholder: str = HINT,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name for it
    ) -> None:
        super().__init__(id=id, compact=True)  # the hint comes with the width
        self._hint = placeholder

    def on_resize(self) -> None:
        """Say what can be typed as far as there is room for it: not half a hint."""
        pieces = self._hint.split(", ")
        while len(pieces) > 1 and cell_width(", ".join(pieces)) >= self.content_size.width:
            pieces.pop(0)
        self.placeholder = ", ".join(pieces)

    @property
    def _value(self) -> Text:
        """Return the text to draw (called by Textual), without a secret that was pasted by mistake."""
        return Text(veiled(self.value), no_wrap=True, overflow="ignore", end="")


class FilterInput(WordsInput):
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
            "Clear filter",
            tooltip="Clear the filter",
            key_display="esc",
            priority=True,
        ),
    ]
