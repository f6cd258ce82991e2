"""Takes an error message, pasted or typed, and says what it is while it is there."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widget import Widget

from rolecall.tui.lines import Tone
from rolecall.tui.screens.dialog import Dialog, Paragraph, Words
from rolecall.tui.veil import BULLET, veiled
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

    def get_line(self, line_index: int) -> Text:
        """Return a line as it is drawn (called by Textual); of a secret that was broken no part is."""
        return Text(_veiled(self.document.lines, line_index), end="", no_wrap=True)


def _veiled(lines: Sequence[str], index: int) -> str:
    """Return one of some lines as it is drawn: a terminal breaks what is too long in lines of one length."""
    width = max(map(len, lines))
    first = last = index
    while first > 0 and len(lines[first - 1]) == width:
        first -= 1
    while last + 1 < len(lines) and len(lines[last]) == width:
        last += 1
    start = sum(map(len, lines[first:index]))
    joined = veiled("".join(lines[first : last + 1]))[start : start + len(lines[index])]
    alone = veiled(lines[index])
    return "".join(one if one == other else BULLET for one, other in zip(joined, alone, strict=True))


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
