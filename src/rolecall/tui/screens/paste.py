"""Takes an error message, pasted or typed, and says what it is while it is there."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from rolecall.tui.lines import Tone
from rolecall.tui.screens.dialog import Dialog, Paragraph, Words
from rolecall.tui.widgets.fields import BlockArea

ASKED = "Paste what the command said: the error, or all of its output."
NOTHING_YET = "e.g. An error occurred (ExpiredToken) when calling the ListBuckets operation: …"
UNKNOWN = "No error of the AWS tools is recognised in it."
RECOGNISED = "Recognised: {}."


class MessageArea(BlockArea):
    """The message; what looks like a secret in it is not drawn."""

    DEFAULT_CSS = """
    MessageArea {
        height: 8;
        max-height: 40vh;
        margin: 0 0 1 0;
        padding: 0 1;
        background: $panel;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(self) -> None:
        super().__init__("", NOTHING_YET)
        self.soft_wrap = True


class PasteScreen(Dialog[str]):
    """Asks for an error message. A line's end does not send it: a pasted one has several."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "take", "Look into it", key_display="^s", priority=True,
                tooltip="See what it is about"),
    ]  # fmt: skip

    def __init__(self, recognise: Callable[[str], str | None]) -> None:
        """Make the dialog.

        Args:
            recognise: says what a message is, in a few words; None where it is none that is known.
        """
        super().__init__("An error message", ("Look into it", "Cancel"))
        self._recognise = recognise
        self.area = MessageArea()
        self._verdict = Words((("", Tone.DIM),))

    def body(self) -> Iterable[Widget]:
        """What is asked, the message, and what it is."""
        yield Words(((ASKED, Tone.PLAIN),))
        yield self.area
        yield self._verdict

    @property
    def entry(self) -> Widget:
        """The message."""
        return self.area

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Without a message there is nothing to look into."""
        return None if action == "take" and not self.area.text.strip() else True

    def on_text_area_changed(self) -> None:
        """Say what it is while it is there."""
        self._verdict.say((self._judged(),))
        self.refresh_bindings()

    def _judged(self) -> Paragraph:
        text = self.area.text
        if not text.strip():
            return "", Tone.DIM
        what = self._recognise(text)
        return (UNKNOWN, Tone.WARN) if what is None else (RECOGNISED.format(what), Tone.GOOD)

    def chosen(self, index: int) -> None:
        """Take the message, or give up."""
        if index == 0:
            self.action_take()
        else:
            self.action_back()

    def action_take(self) -> None:
        """Answer with the message, if it is one; what it lacks is said below it already."""
        if self.area.text.strip() and self._recognise(self.area.text) is not None:
            self.dismiss(self.area.text)
        else:
            self.set_focus(self.area)
