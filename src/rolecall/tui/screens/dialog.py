"""Screens over another that are answered once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Input

from rolecall.actions.plan import DiffLine
from rolecall.cells import cell_width, wrap
from rolecall.text import inert
from rolecall.tui.render.diff import diff_line
from rolecall.tui.render.labels import in_passing
from rolecall.tui.render.lines import Line, Span
from rolecall.tui.theme import as_title
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.choices import Choice, Choices
from rolecall.tui.widgets.footer import SteadyFooter
from rolecall.tui.widgets.lines_view import FittedPage

Answer = TypeVar("Answer")


def copy(screen: Screen[Any], text: str, what: str, hint: str = "") -> None:
    """Send a text to the terminal's clipboard, and say ``what`` was sent: the terminal does not answer."""
    screen.app.copy_to_clipboard(text)
    screen.app.notify(in_passing(f"Sent {what} to the terminal's clipboard.{hint}"), markup=False)


WIDEST = 76
"""Cells of a dialog's frame, at most."""
_AROUND = 4
"""Cells that the frame takes."""


def fit_width(frame: Widget, title: str, width: int) -> None:
    """Make a dialog's frame as wide as what is in it, and its title; longer lines are wrapped.

    Args:
        frame: the frame.
        title: its title.
        width: the cells of what is in it.
    """
    frame.styles.width = min(max(width, cell_width(inert(title)) + 2) + _AROUND, WIDEST)


SHARE = 0.9
"""The share of the terminal's height that a screen takes, at most."""


def leave_room(page: Widget, above: int) -> None:
    """Limit the height of what scrolls in a frame, so that the frame is no higher than its share.

    Args:
        page: what scrolls.
        above: the lines that the rest of the frame takes, its border too.
    """
    page.styles.max_height = max(int((page.app.size.height - 1) * SHARE) - above, 1)  # the footer has one


class Modal(ModalScreen[Answer]):
    """A screen over another that is answered once, however many keys are typed; it closes nothing below it.

    Textual's own ends the app when a key that was typed ahead dismisses it a second time; dismissed from
    below another screen, it closes that one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        # without priority: in a field it is typed
        Binding("question_mark,f1", "help", "Help", show=False, tooltip="List every key that works here"),
    ]
    _is_answered = False

    async def action_help(self) -> None:
        """List every key that works here."""
        await self.app.run_action("app.show_help")

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Answer, and go away with all that is over it; after the first answer nothing happens any more."""
        if self._is_answered:
            return AwaitComplete()
        self._is_answered = True
        while self.app.screen is not self:
            self.app.screen.dismiss()
        return super().dismiss(result)


Paragraph = tuple[str, Tone]
"""A text that is wrapped to the width, and its tone; an empty one leaves a line free."""
Block = Paragraph | DiffLine
"""What a dialog says: a paragraph, or a line of a diff, which keeps its indentation."""


def laid_out(blocks: Iterable[Block], width: int) -> list[Line]:
    """Wrap paragraphs, and lines of a diff, to a width."""
    return [line for block in blocks for line in _laid_out(block, width)]


def _words_of(block: Block) -> str:
    return f"{block.mark} {block.text}" if isinstance(block, DiffLine) else block[0]


def _laid_out(block: Block, width: int) -> Iterator[Line]:
    if isinstance(block, DiffLine):
        yield from diff_line(block, width)
        return
    text, tone = block
    for line in wrap(inert(text), width) if text else [""]:
        yield (Span(line, tone),)


class Words(FittedPage):
    """Paragraphs, wrapped to the width; as high as they are, up to what the dialog has room for."""

    DEFAULT_CSS = """
    Words {
        height: auto;
        max-height: 60vh;
        margin: 0 0 1 0;
    }
    """
    can_focus = False

    def __init__(self, paragraphs: Sequence[Block] = (), *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._paragraphs = paragraphs

    def say(self, paragraphs: Sequence[Block]) -> None:
        """Say something else."""
        self._paragraphs = paragraphs
        self.lay_out_all()

    @property
    def natural_width(self) -> int:
        """The cells that they take where nothing has to be wrapped."""
        return max((cell_width(inert(_words_of(each))) for each in self._paragraphs), default=0)

    def lines(self, width: int) -> Sequence[Line]:
        """Lay the paragraphs out."""
        return laid_out(self._paragraphs, width)


class Dialog(Modal[Answer]):
    """The frame of a dialog. A subclass gives its contents, and what a choice does.

    Attributes:
        LEAST: the cells that the contents take at least, whatever is said.
        BESIDE: the lines that all but the words takes: the frame, the choices, what parts them.
    """

    LEAST: ClassVar[int] = 36
    BESIDE: ClassVar[int] = 4
    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "back",
            "Back",
            tooltip="Go back without doing anything",
            key_display="esc",
            priority=True,
        ),
        # without priority: in a field it is typed
        Binding("q", "back", "Back", show=False, tooltip="Go back without doing anything"),
    ]

    def __init__(self, title: str, labels: Sequence[Choice | str] = ("Back",)) -> None:
        super().__init__()
        self._title = title
        self.choices = Choices(*labels, id="choices")

    def body(self) -> Iterable[Widget]:
        """Yield the widgets between the title and the choices. Each subclass implements this."""
        raise NotImplementedError

    def chosen(self, index: int) -> None:
        """Act on a choice, counted from 0. Each subclass implements this."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical(id="dialog") as frame:
            frame.border_title = as_title(self._title)
            yield from self.body()
            yield self.choices
        yield SteadyFooter()

    @property
    def entry(self) -> Widget:
        """The widget that has the focus at first: the first choice, unless there is an input."""
        return self.choices.first

    def on_mount(self) -> None:
        """Be as wide as what is said, and give the focus to where the dialog begins."""
        widths = [words.natural_width for words in self.query(Words).results()]
        fit_width(
            self.query_one("#dialog"), self._title, max(self.LEAST, self.choices.natural_width, *widths, 0)
        )
        self.set_focus(self.entry)

    def on_resize(self) -> None:
        """Leave the choices in view: words that are alone in a dialog take what there is, and scroll."""
        words = list(self.query(Words).results())
        if len(words) == 1:
            leave_room(words[0], self.BESIDE)

    def action_scroll(self, how: str) -> None:
        """Scroll the words, where they are longer than the dialog has room for."""
        for words in self.query(Words).results():
            getattr(words, f"action_{how}")()

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Act on a choice."""
        self.chosen(event.index)

    def action_back(self) -> None:
        """Go back without doing anything."""
        self.dismiss(None)


class EntryDialog(Dialog[str]):
    """Asks for one line of text. A subclass gives the words above it, and takes the answer."""

    LEAST: ClassVar[int] = 56  # what is said of it changes while it is typed
    BESIDE: ClassVar[int] = 6

    def __init__(self, title: str, label: str, words: Sequence[Paragraph], field: Input) -> None:
        """Make the dialog.

        Args:
            title: the question.
            label: the word on the choice that continues.
            words: the text above the input.
            field: the input.
        """
        super().__init__(title, (label, "Cancel"))
        self.words = Words(words)
        self.field = field

    def body(self) -> Iterable[Widget]:
        """The words, and the input."""
        yield self.words
        yield self.field

    @property
    def entry(self) -> Widget:
        """The input."""
        return self.field

    def on_input_submitted(self) -> None:
        """Take what is typed."""
        self.take()

    def chosen(self, index: int) -> None:
        """Take the text, or give up."""
        if index == 0:
            self.take()
        else:
            self.action_back()

    def take(self) -> None:
        """Answer with the text, or say why it cannot be used. Each subclass implements this."""
        raise NotImplementedError


class ConfirmScreen(Dialog[bool]):
    """Asks before something is done; the cursor is on Cancel."""

    def __init__(self, title: str, paragraphs: Sequence[Paragraph], label: str) -> None:
        """Make the dialog.

        Args:
            title: the question.
            paragraphs: what it will do, with its consequences.
            label: the word on the choice that does it.
        """
        super().__init__(title, (label, "Cancel"))
        self._paragraphs = paragraphs

    def body(self) -> Iterable[Widget]:
        """The consequences."""
        yield Words(self._paragraphs)

    @property
    def entry(self) -> Widget:
        """Cancel, which is the last."""
        return self.choices.last

    def chosen(self, index: int) -> None:
        """Say yes or no."""
        self.dismiss(index == 0)


class ChoiceScreen(Dialog[int]):
    """Asks which of a few things to do; the answer is the index of the choice. The last one is Cancel."""

    def __init__(self, title: str, paragraphs: Sequence[Paragraph], *labels: str) -> None:
        """Make the dialog; the focus is on the first of the labels, which must be harmless."""
        super().__init__(title, (*labels, "Cancel"))
        self._paragraphs = paragraphs
        self._many = len(labels)

    def body(self) -> Iterable[Widget]:
        """What is to be known before."""
        yield Words(self._paragraphs)

    def chosen(self, index: int) -> None:
        """Answer with the choice; None for Cancel."""
        self.dismiss(index if index < self._many else None)


class TellScreen(Dialog[bool]):
    """Shows a result, with the next step as a choice where there is one."""

    def __init__(self, title: str, paragraphs: Sequence[Block], step: Choice | str | None = None) -> None:
        """Make the dialog; ``step`` is the choice that goes on from here."""
        super().__init__(title, (step, "Close") if step else ("Close",))
        self._paragraphs = paragraphs
        self._has_step = step is not None

    def body(self) -> Iterable[Widget]:
        """What is told."""
        yield Words(self._paragraphs)

    def chosen(self, index: int) -> None:
        """Go on, or only close."""
        self.dismiss(self._has_step and index == 0)
