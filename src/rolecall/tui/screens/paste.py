"""Takes an error message, pasted or typed, and says what it is while it is there."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets.text_area import Edit, EditResult
from textual.worker import Worker, WorkerState

from rolecall.doctor.error_text import parse
from rolecall.text import sentence
from rolecall.tui.form.fields import BlockArea
from rolecall.tui.render.lines import BULLET, veiled
from rolecall.tui.screens.dialog import WIDEST, Dialog, Paragraph, Words
from rolecall.tui.tones import Tone

ASKED = "Paste the error, or all that the command printed."
NOTHING_YET = "e.g. An error occurred (ExpiredToken) when calling the ListBuckets operation: …"
UNKNOWN = "This holds no error that rolecall knows."
RECOGNISED = "Recognised: {}."
_HEAD, _TAIL = 2 * parse.HEAD, 2 * parse.TAIL
"""Characters kept of a pasted text: more than are read, so that the cut is noticed."""
_FEW = 2000
"""Characters up to which a pasted text stays as it is."""
_LINE, _LINES = 400, 2000
"""Characters on a line, and lines: Textual lays a line out whole, however little of it is in view."""
_LONGEST_TOKEN = 4096
"""The greatest length of a secret: how far around a line its parts are looked for."""
_BLANKS = re.compile(r"[^\S\n]{9,}|[^\S\n]+(?=\n)")


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

    def edit(self, edit: Edit) -> EditResult:
        """Take what is typed or pasted (called by Textual)."""
        edit.text = _tidied(edit.text)
        return super().edit(edit)

    def load_text(self, text: str) -> None:
        """Take a text in the place of all that is there (called by Textual)."""
        super().load_text(_tidied(text))

    def get_line(self, line_index: int) -> Text:
        """Return a line as it is drawn (called by Textual); of a secret that was broken no part is."""
        return Text(_veiled(self.document.lines, line_index), end="", no_wrap=True)


def _tidied(text: str) -> str:
    """Return no more of a text than can be drawn at once, in lines that can be."""
    if len(text) <= _FEW:
        return text
    text = _BLANKS.sub("  ", parse.ends(text.replace("\r\n", "\n"), _HEAD, _TAIL))
    text = re.sub(r"\n{3,}", "\n\n", text)
    lines = [line[at : at + _LINE] for line in text.split("\n") for at in range(0, max(len(line), 1), _LINE)]
    return "\n".join(lines if len(lines) <= _LINES else (*lines[: _LINES // 4], *lines[-3 * _LINES // 4 :]))


def _veiled(lines: Sequence[str], index: int) -> str:
    """Return a line as it is drawn, without any part of a secret broken by a terminal into equal lines."""
    width = max(map(len, lines))
    first = last = index
    reach = _LONGEST_TOKEN // max(width, 1) + 1
    while first > max(index - reach, 0) and len(lines[first - 1]) == width:
        first -= 1
    while last + 1 < min(index + reach, len(lines)) and len(lines[last]) == width:
        last += 1
    start = sum(map(len, lines[first:index]))
    joined = veiled("".join(lines[first : last + 1]))[start : start + len(lines[index])]
    alone = veiled(lines[index])
    return "".join(one if one == other else BULLET for one, other in zip(joined, alone, strict=True))


class PasteScreen(Dialog[str]):
    """Asks for an error message. The end of a line does not submit it: a pasted one has several."""

    LEAST: ClassVar[int] = WIDEST
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "take", "Explain", key_display="^s", priority=True,
                tooltip="Explain it"),
    ]  # fmt: skip

    def __init__(self, recognise: Callable[[str], str | None], text: str = "") -> None:
        """Make the dialog.

        Args:
            recognise: says what a message is, in a few words; None where it is none that is known.
            text: what was pasted already.
        """
        super().__init__("An error message", ("Explain", "Cancel"))
        self._recognise = recognise
        self._pasted = text
        self.area = MessageArea()
        self._verdict = Words((("", Tone.DIM),))
        self._judge: Worker[str | None] | None = None
        self._is_wanted = False

    def body(self) -> Iterable[Widget]:
        """What is asked, the message, and what it is."""
        yield Words(((ASKED, Tone.PLAIN),))
        yield self.area
        yield self._verdict

    def on_mount(self) -> None:
        """Take what was pasted already."""
        super().on_mount()
        if self._pasted:
            self.area.load_text(self._pasted)

    @property
    def entry(self) -> Widget:
        """The message."""
        return self.area

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Without a message there is nothing to look into."""
        return None if action == "take" and not self.area.text.strip() else True

    def on_text_area_changed(self) -> None:
        """Say what the message is; a worker finds out, so that the screen does not wait."""
        self._is_wanted = False
        self.refresh_bindings()
        text = self.area.text
        if not text.strip():
            self._judge = None
            self._verdict.say((("", Tone.DIM),))
            return
        self._judge = self.run_worker(
            partial(self._recognise, text), description="look what a message is", thread=True
        )

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say what the message is, unless it has changed since."""
        if event.worker is not self._judge or event.state is not WorkerState.SUCCESS:
            return
        what = self._judge.result
        said: Paragraph = (UNKNOWN, Tone.WARN) if what is None else (RECOGNISED.format(what), Tone.GOOD)
        cut: list[Paragraph] = [(sentence(parse.CUT), Tone.DIM)] if parse.is_cut(self.area.text) else []
        self._verdict.say((said, *cut))
        if self._is_wanted:
            self.action_take()

    def chosen(self, index: int) -> None:
        """Take the message, or give up."""
        if index == 0:
            self.action_take()
        else:
            self.action_back()

    def action_take(self) -> None:
        """Answer with the message, if it is one; the dialog already says what is missing."""
        is_judged = self._judge is not None and self._judge.is_finished
        self._is_wanted = not is_judged and bool(self.area.text.strip())
        if is_judged and self._judge is not None and self._judge.result is not None:
            self.dismiss(self.area.text)
        else:
            self.set_focus(self.area)
