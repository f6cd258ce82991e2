"""A row of choices at the foot of a dialog; the cursor is on the first, the harmless one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from rolecall.cells import cut_end


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice with a key of its own, which its label shows.

    Attributes:
        words: what it does.
        keys: the keys that take it at once, comma-separated, as Textual names them.
        shown_key: the key as a person reads it.
    """

    words: str
    keys: str
    shown_key: str

    @property
    def label(self) -> str:
        """The words, with the key."""
        return f"{self.words} ({self.shown_key})"


class Choices(Widget):
    """The choices; enter takes the one under the cursor, a click the one under the mouse.

    Attributes:
        labels: the words of each, from the left.
    """

    DEFAULT_CSS = """
    Choices {
        height: 1;
        width: 1fr;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h,shift+tab", "move(-1)", "Before", show=False, tooltip="To the previous choice",
                priority=True),
        Binding("right,l,tab", "move(1)", "Next", show=False, tooltip="To the next choice", priority=True),
        Binding("up,k", "screen.scroll('scroll_up')", "Up", show=False, tooltip="To the line above",
                priority=True),
        Binding("down,j", "screen.scroll('scroll_down')", "Down", show=False, tooltip="To the line below",
                priority=True),
        Binding("pageup", "screen.scroll('page_up')", "Page up", show=False, tooltip="A page up",
                priority=True),
        Binding("pagedown", "screen.scroll('page_down')", "Page down", show=False, tooltip="A page down",
                priority=True),
        Binding("enter", "choose", "Choose", tooltip="Choose what is under the cursor", key_display="enter",
                priority=True),
    ]  # fmt: skip
    can_focus = True
    cursor: reactive[int] = reactive(0)

    class Chosen(Message):
        """One was chosen; ``index`` counts from 0."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, *choices: Choice | str, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.labels = [each if isinstance(each, str) else each.label for each in choices]
        self._bind_keys(choices)

    def _bind_keys(self, choices: Sequence[Choice | str]) -> None:
        """Have the key in a label take its choice, also where the key would move the cursor otherwise."""
        for index, each in enumerate(choices):
            for key in each.keys.split(",") if isinstance(each, Choice) else ():
                binding = Binding(key, f"take({index})", show=False, tooltip="Do this", priority=True)
                self._bindings.key_to_bindings[key] = [binding]

    def render(self) -> Content:
        """Lay them out from the left edge (called by Textual)."""
        parts: list[tuple[str, str]] = []
        for index, label in enumerate(self._fitting()):
            is_current = index == self.cursor
            style = "$block-cursor-foreground on $block-cursor-background bold" if self.has_focus else "bold"
            parts += [
                (f" {label} ", style if is_current else "$text-muted"),
                ("  ", ""),
            ]
        return Content.assemble(*parts)

    def _fitting(self) -> list[str]:
        room = max((self.content_size.width or 80) // max(len(self.labels), 1) - 4, 1)
        return [cut_end(label, max(room, len(label)) if self._has_room() else room) for label in self.labels]

    def _has_room(self) -> bool:
        return sum(len(label) + 4 for label in self.labels) <= self.content_size.width

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a choice; from the last it goes on to the first."""
        return cursor % len(self.labels)

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()

    def action_move(self, by: int) -> None:
        """Move the cursor; beyond the ends, to the next widget that can have the focus, or round."""
        is_inside = 0 <= self.cursor + by < len(self.labels)
        if is_inside or len(self.screen.focus_chain) == 1:
            self.cursor += by
        elif by > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    def action_choose(self) -> None:
        """Choose what is under the cursor."""
        self.post_message(self.Chosen(self.cursor))

    def action_take(self, index: int) -> None:
        """Choose what a key stands for."""
        self.cursor = index
        self.action_choose()

    def on_click(self, event: events.Click) -> None:
        """Choose what is under the mouse."""
        x = event.x - self.gutter.left
        for index, label in enumerate(self._fitting()):
            if x < len(label) + 2:
                self.cursor = index
                self.action_choose()
                return
            x -= len(label) + 4
