"""The fields of a form, and the list that holds them."""

from collections.abc import Iterator

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, TextArea

from rolecall.aws.snapshot import Snapshot
from rolecall.cells import wrap
from rolecall.text import inert, mask_name
from rolecall.tui.form.completions import Completer, completions, settings_to_add
from rolecall.tui.form.form import NAME, Field, FilledForm, ProfileForm
from rolecall.tui.form.notes import FormFindings, Note, form_remarks
from rolecall.tui.render.lines import BULLET, Line, Span, harmless, span, veiled
from rolecall.tui.theme import content
from rolecall.tui.tones import Tone

MOST_LINES = 8
"""Lines of a nested block that are in view at once."""
TO_REPLACE = "type to replace it"
REQUIRED = "*"
"""Behind the name of a setting that is required, as long as it is missing."""
MARGIN = 2
"""Cells for the glyph before a note."""


class ValueInput(Input):
    """One line of text: secrets are drawn masked, and control characters neither get in nor are drawn."""

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
        self.set_reactive(Input.value, value)  # without an event: nothing was typed

    def on_focus(self) -> None:
        """Go to the end, to continue typing there."""
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


class Notes(Widget):
    """The notes below a field, or below all of them; they take no room where there are none.

    Attributes:
        most: the lines that there is room for; no limit for None.
    """

    class Resized(Message):
        """The notes take more room now, or less."""

        def __init__(self, notes: "Notes") -> None:
            super().__init__()
            self.notes = notes

        @property
        def control(self) -> "Notes":
            """The notes."""
            return self.notes

    notes: reactive[tuple[Note, ...]] = reactive((), layout=True)
    most: reactive[int | None] = reactive(None, layout=True)

    def render(self) -> Content:
        """Draw them, wrapped (called by Textual)."""
        return Content("\n").join(map(content, self._lines(self.content_size.width)))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """Count the lines at the width that is to be: what is drawn has that of the last layout."""
        return len(self._lines(width))

    def _lines(self, width: int) -> list[Line]:
        lines = [line for note in self.notes for line in _note_lines(note, max(width, MARGIN + 8))]
        if self.most is not None and len(lines) > self.most:
            lines = [*lines[: self.most - 1], (Span("… more: ! lists all once it is saved", Tone.DIM),)]
        return lines

    def on_resize(self) -> None:
        """Tell the form, which shares out its room."""
        self.post_message(self.Resized(self))

    def watch_notes(self) -> None:
        """Take up room only where something is said, and there is any."""
        self.display = bool(self.notes) and self.most != 0

    watch_most = watch_notes


def _note_lines(note: Note, width: int) -> Iterator[Line]:
    margin = MARGIN if note.glyph else 0
    for words, tone, glyph in ((note.words, note.tone, note.glyph), (note.cure, Tone.DIM, "")):
        for index, line in enumerate(wrap(inert(words), width - margin) if words else ()):
            yield (Span(f"{glyph if index == 0 else '':<{margin}}", tone), Span(line, tone))


class FieldRow(Vertical):
    """One line of a form."""

    def __init__(self, field: Field, completer: Completer) -> None:
        super().__init__()
        self.field = field
        self.completer = completer
        self.is_removed = False
        self.is_missing = False
        self.instead = ""
        self.meanwhile: Note | None = None
        self._label = Label(self._called)
        self._notes = Notes()
        self.entry: ValueInput | BlockArea
        if field.is_block:
            self.entry = BlockArea(field.text, self._placeholder)
            self._fit_block()
        else:
            self.entry = ValueInput(
                field.text, self._placeholder, is_secret=field.is_secret, suggester=completer
            )

    @property
    def _called(self) -> str:
        return "name" if self.field.key == NAME else mask_name(self.field.key)

    def require(self, *, is_missing: bool, instead: str = "") -> None:
        """Mark the setting as one that is required and not there.

        Args:
            is_missing: whether it is.
            instead: the settings of which it needs none if it is given, or nothing.
        """
        self.is_missing, before, self.instead = is_missing, self.instead, instead
        if before != instead:
            self.entry.placeholder = self._placeholder
        self._label.text = f"{self._called} {REQUIRED}" if is_missing else self._called

    def renew(self, field: Field) -> None:
        """Take what another program has written meanwhile; what the user has typed stays, and is told so."""
        before, self.field = self.field, field
        is_other = (before.text, before.shown) != (field.text, field.shown)
        if not is_other or self.text == field.text != before.text:
            return
        now = field.shown or " ".join(field.text.split())
        words = f"Another program has set it to {now} meanwhile."
        if not (self.is_removed or self.text != before.text) and field.is_block == before.is_block:
            self.text = field.text
            self.entry.placeholder = self._placeholder
            if isinstance(self.entry, ValueInput) and not self.entry.has_focus:
                self.entry.cursor_position = 0
            words = "Another program has changed it meanwhile."
        self.meanwhile = Note(words if now else "Another program has removed it meanwhile.", Tone.WARN, "!")

    @property
    def _placeholder(self) -> str:
        if self.instead:
            return f"this, or {self.instead}"
        if self.is_removed or not self.field.shown:
            return ""
        return f"{self.field.shown}  {TO_REPLACE}" if self.field.is_hidden else self.field.shown

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Horizontal():
            yield self._label
            yield self.entry
        yield self._notes

    @property
    def text(self) -> str:
        """The text in it now."""
        return self.entry.text if isinstance(self.entry, BlockArea) else self.entry.value

    @text.setter
    def text(self, text: str) -> None:
        if isinstance(self.entry, BlockArea):
            self.entry.text = text
        else:
            self.entry.value = text
            self.entry.cursor_position = len(text)

    def say(self, *notes: Note) -> None:
        """Show notes below the field; none clears it."""
        self._notes.notes = notes

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes below the field."""
        return self._notes.notes

    def toggle(self) -> None:
        """Remove the setting, or put it back."""
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
        """Keep a setting that was to be removed: what is typed replaces it."""
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


class FreeRow(Vertical):
    """A line in which the name of one more setting is typed."""

    def __init__(self, completer: Completer) -> None:
        super().__init__()
        self.completer = completer
        self._label = Label("add a setting")
        self.entry = ValueInput(placeholder="its name, then enter", suggester=completer)

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Horizontal():
            yield self._label
            yield self.entry

    @property
    def text(self) -> str:
        """What is typed."""
        return self.entry.value

    def clear(self) -> None:
        """Clear it."""
        self.entry.value = ""

    def on_descendant_focus(self) -> None:
        """Show where the user is."""
        self._label.tone = Tone.ACCENT

    def on_descendant_blur(self) -> None:
        """Show that the user is elsewhere."""
        self._label.tone = Tone.DIM


Entry = ValueInput | BlockArea


class FieldList(VerticalScroll):
    """The fields, a line each; scrolls to the one in focus."""

    DEFAULT_CSS = """
    FieldList {
        height: auto;
        scrollbar-size-vertical: 1;
    }
    """
    can_focus = False

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(id="fields")
        self._snapshot = snapshot
        self._form: ProfileForm | None = None
        self._found = FormFindings()
        self._is_name_missed = False
        self._free = FreeRow(Completer(()))

    async def fill(self, filled: FilledForm) -> None:
        """Lay out a form, with what has been typed into it already."""
        self._form = filled.form
        await self.mount(*(self._row_of(filled, field.key) for field in filled.form.fields), self._free)
        self._free.completer.completions = settings_to_add({row.field.key for row in self._rows})
        self.check()

    def _row_of(self, filled: FilledForm, key: str) -> FieldRow:
        field = next(each for each in filled.form.fields if each.key == key)
        row = FieldRow(field, Completer(completions(self._snapshot, key, filled.form.name)))
        if key in filled.removed:
            row.toggle()
        elif key in filled.texts:
            row.text = filled.texts[key]
        return row

    @property
    def filled(self) -> FilledForm | None:
        """The form with what is typed now; None before there is one."""
        if self._form is None:
            return None
        return FilledForm(
            self._form,
            {row.field.key: row.text for row in self._rows},
            frozenset(row.field.key for row in self._rows if row.is_removed),
        )

    @property
    def is_changed(self) -> bool:
        """Whether leaving would lose something."""
        filled = self.filled
        return filled is not None and (filled.is_changed or bool(self._free.text.strip()))

    @property
    def _rows(self) -> list[FieldRow]:
        return [child for child in self.children if isinstance(child, FieldRow)]

    def row(self, key: str) -> FieldRow | None:
        """Return the line of a setting, if it has one."""
        return next((row for row in self._rows if row.field.key == key), None)

    @property
    def first(self) -> Entry:
        """Where typing begins: the name, if there is none yet; else the first setting."""
        rows = self._rows
        is_named = rows[0].field.key == NAME and rows[0].field.text and len(rows) > 1
        return (rows[1] if is_named else rows[0]).entry

    @property
    def entries(self) -> list[Entry]:
        """All places to type, top to bottom."""
        return [*(row.entry for row in self._rows), self._free.entry]

    @property
    def current_row(self) -> FieldRow | None:
        """The line of the setting in focus, if one is."""
        focused = self.screen.focused
        return next((row for row in self._rows if row.entry is focused), None)

    @property
    def is_on_free(self) -> bool:
        """Whether the line that adds a setting is in focus."""
        return self.screen.focused is self._free.entry

    @property
    def completer(self) -> Completer | None:
        """What completes the field in focus."""
        row = self.current_row
        if row is not None:
            return row.completer
        return self._free.completer if self.is_on_free else None

    def reveal(self, entry: Entry) -> None:
        """Scroll to a place to type, at once."""
        row = next((each for each in entry.ancestors if isinstance(each, (FieldRow, FreeRow))), None)
        if row is not None:
            self.scroll_to_widget(row, animate=False)

    async def renew(self, form: ProfileForm) -> None:
        """Take the files as they are now: fields that were not typed into follow, the others say so."""
        self._form = form
        rows = {row.field.key: row for row in self._rows}
        for field in form.fields:
            row = rows.get(field.key)
            if row is not None:
                row.renew(field)
            else:
                added = FieldRow(field, Completer(completions(form.snapshot, field.key, form.name)))
                added.meanwhile = Note("Another program has added it meanwhile.", Tone.WARN, "!")
                await self.mount(added, before=self._free)
        self.check()

    def tell(self, found: FormFindings) -> None:
        """Show what the rules have found."""
        self._found = found
        self.check()

    def check(self) -> None:
        """Say below each field what is known of it; that a name is missing only once it is needed."""
        filled = self.filled
        if filled is None:
            return
        said = form_remarks(filled)
        if filled.form.name is None and not filled.name and not self._is_name_missed:
            del said[NAME]
        missing = filled.missing
        for row in self._rows:
            remark = said.get(row.field.key)
            found = self._found.by_key.get(row.field.key, ())
            row.say(*(each for each in (row.meanwhile, remark, *found) if each is not None))
            key = row.field.key
            row.require(is_missing=key in missing, instead=filled.instead_of(key) if key in missing else "")

    def find_refused(self) -> FieldRow | None:
        """Return the first line that cannot be written, which says why."""
        self._is_name_missed = True
        self.check()
        filled = self.filled
        said = form_remarks(filled) if filled is not None else {}
        return next((row for row in self._rows if _forbids(said.get(row.field.key))), None)

    async def add_named(self) -> FieldRow | None:
        """Add a line for the setting that is named at the end, or find it; None where none is named."""
        key = self._free.text.strip().lower()
        if not key or self._form is None:
            return None
        row = self.row(key)
        if row is None:
            self._form = self._form.with_field(key)
            row = self._row_of(FilledForm(self._form), key)
            await self.mount(row, before=self._free)
        self._free.clear()
        return row


def _forbids(note: Note | None) -> bool:
    return note is not None and note.forbids
