"""A row of buttons at the foot of a dialog; Cancel is the last one."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Button

from rolecall.tui.widgets.lines_view import SCROLLS, moving
from rolecall.values import dataclass

GAP = 4
"""Cells that a button takes beside its label."""


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


class Choices(Horizontal):
    """The buttons; enter and a click choose one, and so does the key that is in its label.

    Attributes:
        labels: the words of each, from the left.
        first: the first button.
        last: the last one: Cancel or Close, where there is one.
    """

    # all have priority: keys that are typed in one go are carried out in their order
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1)", "Before", show=False, priority=True, tooltip="To the previous choice"),
        Binding("right,l", "step(1)", "Next", show=False, priority=True, tooltip="To the next choice"),
        Binding("shift+tab", "app.focus_previous", "Back", show=False, priority=True,
                tooltip="To what is before, and round"),
        Binding("tab", "app.focus_next", "On", show=False, priority=True,
                tooltip="To what is next, and round"),
        *moving(*(f"screen.scroll('{each}')" for each in SCROLLS)),
        Binding("enter", "choose", "Choose", tooltip="Choose what is under the cursor", key_display="enter",
                priority=True),
    ]  # fmt: skip

    class Chosen(Message):
        """One was chosen; ``index`` counts from 0."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, *choices: Choice | str, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        self.labels = [each if isinstance(each, str) else each.label for each in choices]
        self._buttons = [Button(Content(label), compact=True) for label in self.labels]
        super().__init__(*self._buttons, id=id)
        self.first, self.last = self._buttons[0], self._buttons[-1]
        self._bind_keys(choices)

    @property
    def natural_width(self) -> int:
        """The cells that all of them take beside each other."""
        return sum(len(label) + GAP for label in self.labels)

    def _bind_keys(self, choices: Sequence[Choice | str]) -> None:
        """Have the key in a label take its choice, also where the key would move the focus otherwise."""
        for index, each in enumerate(choices):
            for key in each.keys.split(",") if isinstance(each, Choice) else ():
                binding = Binding(key, f"take({index})", show=False, tooltip="Do this", priority=True)
                self._bindings.key_to_bindings[key] = [binding]

    def on_resize(self) -> None:
        """Cut the labels where there is no room for all of them."""
        self.set_class(self.natural_width > self.size.width, "-narrow")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Choose the button that was clicked."""
        event.stop()
        self.action_take(self._buttons.index(event.button))

    def action_step(self, by: int) -> None:
        """Go to the next choice, round and round."""
        self.screen.set_focus(self._buttons[(self._index + by) % len(self._buttons)])

    @property
    def _index(self) -> int:
        """Which button has the focus, as the screen says: a button hears of it later, after the next key."""
        return next(at for at, each in enumerate(self._buttons) if each is self.screen.focused)

    def action_choose(self) -> None:
        """Choose the button that has the focus."""
        self.action_take(self._index)

    def action_take(self, index: int) -> None:
        """Choose one by its index."""
        self.post_message(self.Chosen(index))
