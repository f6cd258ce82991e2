"""The lines of a form: a setting's name, a place to type its value, and what is to be said of it."""

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, TextArea

from rolecall.text import inert, mask_name
from rolecall.tui.form.checks import Note
from rolecall.tui.form.completions import Completer
from rolecall.tui.form.form import NAME, Field
from rolecall.tui.render.lines import Span, Tone, span, wrap
from rolecall.tui.veil import BULLET, harmless, veiled
from rolecall.tui.widgets.status_bar import content

MOST_LINES = 8
"""Lines of a nested block that are in view at once."""
TO_REPLACE = "type to replace it"


class ValueInput(Input):
    """One line of text: nothing secret is drawn, nothing hostile gets in or is drawn."""

    def __init__(
        self,
        value: str = "",
        placeholder: str = "",
        *,
        is_secret: bool = False,
        suggester: Completer | None = None,
    ) -> None:
        super().__init__(
            placeholder=placeholder,
            password=is_secret,
            suggester=None if is_secret else suggester,
            select_on_focus=False,
            compact=True,
        )
        self.set_reactive(Input.value, value)  # nobody is to hear of it: nothing was typed

    def on_focus(self) -> None:
        """Go to the end, where one goes on typing."""
        self.cursor_position = len(self.value)

    def on_blur(self) -> None:
        """Show the beginning, which says more than the end."""
        self.cursor_position = 0

    @property
    def _value(self) -> Text:
        """What is drawn (asked for by Textual)."""
        shown = BULLET * len(self.value) if self.password else veiled(self.value)
        return Text(shown, no_wrap=True, overflow="ignore", end="")

    def insert(self, text: str, index: int) -> None:
        """Insert what is typed or pasted."""
        super().insert(harmless(text), index)

    def action_copy(self) -> None:
        """Copy what is selected, if it is shown."""
        if self.value == str(self._value):
            super().action_copy()

    def action_cut(self) -> None:
        """Cut what is selected; what is not shown is only deleted."""
        self.action_copy()
        self.delete_selection()


class BlockArea(TextArea):
    """The lines of a nested block."""

    def __init__(self, text: str, placeholder: str) -> None:
        super().__init__(
            text,
            soft_wrap=False,
            compact=True,
            placeholder=Content(placeholder),
            tab_behavior="focus",
            show_line_numbers=False,
        )

    def get_line(self, line_index: int) -> Text:
        """Return a line as it is drawn (called by Textual)."""
        return Text(veiled(self.document.get_line(line_index)), end="", no_wrap=True)

    def ends_at(self, by: int) -> bool:
        """Whether a step up (-1) or down (1) leaves it."""
        return self.cursor_at_first_line if by < 0 else self.cursor_at_last_line

    def move(self, by: int) -> None:
        """Move the cursor a line up or down."""
        if by < 0:
            self.action_cursor_up()
        else:
            self.action_cursor_down()

    def action_copy(self) -> None:
        """Copy what is selected, if it is shown."""
        if veiled(self.selected_text) == self.selected_text:
            super().action_copy()

    def action_cut(self) -> None:
        """Cut what is selected; what is not shown is only deleted."""
        if veiled(self.selected_text) == self.selected_text:
            super().action_cut()
        else:
            self.delete(*self.selection)


class Label(Widget):
    """The name of a setting; in the accent while its value is typed."""

    text: reactive[str] = reactive("", layout=False)
    tone: reactive[Tone] = reactive(Tone.DIM)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.set_reactive(Label.text, text)

    def render(self) -> Content:
        """Draw it (called by Textual)."""
        return content((span(self.text, self.tone),))


class NoteLine(Widget):
    """What is said below a field; no line at all where there is nothing to say."""

    note: reactive[Note | None] = reactive(None, layout=True)

    def render(self) -> Content:
        """Draw it, wrapped (called by Textual)."""
        if self.note is None:
            return Content("")
        glyph = {Tone.WARN: "! ", Tone.BAD: "✗ "}.get(self.note.tone, "")
        width = max(self.content_size.width - len(glyph), 8)
        lines = [
            content((Span((glyph if index == 0 else " " * len(glyph)) + line, self.note.tone),))
            for index, line in enumerate(wrap(inert(self.note.words), width))
        ]
        return Content("\n").join(lines)

    def watch_note(self) -> None:
        """Take up room only where something is said."""
        self.display = self.note is not None


class FieldRow(Vertical):
    """One line of a form."""

    def __init__(self, field: Field, completer: Completer) -> None:
        super().__init__()
        self.field = field
        self.completer = completer
        self.is_removed = False
        self._label = Label("name" if field.key == NAME else mask_name(field.key))
        self._note = NoteLine()
        self.entry: ValueInput | BlockArea
        if field.is_block:
            self.entry = BlockArea(field.text, self._placeholder)
            self._fit_block()
        else:
            self.entry = ValueInput(
                field.text, self._placeholder, is_secret=field.is_secret, suggester=completer
            )

    @property
    def _placeholder(self) -> str:
        if self.is_removed or not self.field.shown:
            return ""
        return f"{self.field.shown}  {TO_REPLACE}" if self.field.is_hidden else self.field.shown

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Horizontal():
            yield self._label
            yield self.entry
        yield self._note

    @property
    def text(self) -> str:
        """What stands in it now."""
        return self.entry.text if isinstance(self.entry, BlockArea) else self.entry.value

    @text.setter
    def text(self, text: str) -> None:
        if isinstance(self.entry, BlockArea):
            self.entry.text = text
        else:
            self.entry.value = text
            self.entry.cursor_position = len(text)

    def say(self, note: Note | None) -> None:
        """Say something below the field, or nothing."""
        self._note.note = note

    @property
    def note(self) -> Note | None:
        """What is said below the field."""
        return self._note.note

    def toggle(self) -> None:
        """Have the setting go, or put back what stood there."""
        if self.text:
            self.text = ""
        elif self.field.text:
            self.text = self.field.text
        elif self.field.is_hidden:
            self.is_removed = not self.is_removed
            self.entry.placeholder = self._placeholder

    def on_descendant_focus(self) -> None:
        """Show where the user is."""
        self._label.tone = Tone.ACCENT

    def on_descendant_blur(self) -> None:
        """Show that the user is elsewhere."""
        self._label.tone = Tone.DIM

    def on_input_changed(self) -> None:
        """What is typed takes the place of what was to go."""
        self._typed()

    def on_text_area_changed(self) -> None:
        """Make room for the lines."""
        self._fit_block()
        self._typed()

    def _typed(self) -> None:
        if self.text and self.is_removed:
            self.is_removed = False

    def _fit_block(self) -> None:
        self.entry.styles.height = min(self.text.count("\n") + 1, MOST_LINES)
