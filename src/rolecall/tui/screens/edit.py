"""The form: edits a profile or an sso-session, or adds one, and ends in a Plan; nothing is written here."""

import asyncio
from collections.abc import Hashable, Mapping
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from rolecall.actions import edits
from rolecall.actions.failures import ActionFailed
from rolecall.actions.plans import Plan
from rolecall.aws.snapshot import Snapshot
from rolecall.text import mask
from rolecall.tui import form, wording
from rolecall.tui.form import MEANINGS, NAME, Filled, Form, FormKind
from rolecall.tui.form_rules import notes
from rolecall.tui.lines import Line, Span, Tone, fit, pad, shrinking
from rolecall.tui.settings import KNOWN, Offer, known, regions
from rolecall.tui.widgets.completions import Completer, Completion, CompletionList
from rolecall.tui.widgets.fields import BlockArea, FieldRow, ValueInput
from rolecall.tui.widgets.form_parts import FormFooter, FreeRow, Help
from rolecall.tui.widgets.rows import Rows

LABEL_WIDTH = 14
NOTHING = "Nothing has been changed."
UNSAVED = "What you typed is not written: esc again throws it away."
_HIGH = 12
"""Lines of the terminal from which on there is room for words on the field."""
_AROUND, _AROUND_LOW = 8, 3
"""Lines that the frame, the words, the footer and some air around them take; without words and air."""
AT_WORK = "Working out what changes…"


class Kinds(Rows[FormKind]):
    """What a new profile can be, a line each."""

    def key_of(self, item: FormKind) -> Hashable:
        """It itself."""
        return item

    def lay_out(self, item: FormKind, width: int) -> Line:
        """Its name, and what it is."""
        return fit((Span(pad(item, LABEL_WIDTH)), shrinking(MEANINGS[item], Tone.DIM)), (), width)


class EditScreen(ModalScreen[Plan]):
    """A form. It is dismissed with the Plan of what was typed, or None."""

    CSS_PATH = "edit.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (56, "-wide")]  # noqa: RUF012 - Textual's type
    VERTICAL_BREAKPOINTS = [(0, "-low"), (_HIGH, "-high")]  # noqa: RUF012 - as above
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "go_on", "Show the diff", key_display="^s", priority=True,
                tooltip="Show what would be written; nothing is written yet"),
        Binding("enter", "enter", "Next", show=False, priority=True,
                tooltip="To the next field; from the last one to the diff"),
        Binding("ctrl+d", "unset", "Unset", key_display="^d", priority=True,
                tooltip="Have the setting go, or put it back"),
        Binding("ctrl+@,ctrl+space", "complete", "List", key_display="^space", priority=True,
                tooltip="List what can be typed here"),
        Binding("down", "move(1)", "Next field", show=False, priority=True, tooltip="To the next field"),
        Binding("up", "move(-1)", "Field before", show=False, priority=True, tooltip="To the field before"),
        Binding("tab", "step(1)", "Next field", show=False, priority=True, tooltip="To the next field"),
        Binding("shift+tab", "step(-1)", "Field before", show=False, priority=True,
                tooltip="To the field before"),
        Binding("escape", "back", "Back", key_display="esc", priority=True,
                tooltip="Go back; nothing is written"),
    ]  # fmt: skip

    def __init__(self, snapshot: Snapshot, begun: Filled | None) -> None:
        """Make the screen; without a form to begin with, the kind is chosen first."""
        super().__init__()
        self._snapshot = snapshot
        self._form: Form | None = begun.form if begun is not None else None
        self._begun = begun
        self._asked: Filled | None = begun
        self._regions: Mapping[str, str] = regions()
        self._is_leaving = False
        self._kinds = Kinds(id="kinds")
        self._fields = VerticalScroll(id="fields", can_focus=False)
        self._free = FreeRow(Completer(()))
        self._help = Help(id="help")
        self._list = CompletionList()

    @classmethod
    def of_profile(cls, snapshot: Snapshot, name: str) -> "EditScreen":
        """Edit a profile.

        Raises:
            ActionFailed: its file cannot be read any more.
        """
        return cls(snapshot, Filled(form.of_profile(snapshot, name)))

    @classmethod
    def of_session(cls, snapshot: Snapshot, name: str) -> "EditScreen":
        """Edit an sso-session."""
        return cls(snapshot, Filled(form.of_session(snapshot, name)))

    @classmethod
    def new_profile(cls, snapshot: Snapshot) -> "EditScreen":
        """Add a profile, whose kind is asked first."""
        return cls(snapshot, None)

    @classmethod
    def new_session(cls, snapshot: Snapshot) -> "EditScreen":
        """Add an sso-session."""
        return cls(snapshot, Filled(form.new(snapshot, FormKind.SESSION)))

    def again(self) -> "EditScreen":
        """Return the same form with what was typed into it, for the user who came back from the diff."""
        return EditScreen(self._snapshot, self._asked)

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical(id="edit") as frame:
            frame.border_title = self._title
            yield self._kinds
            with self._fields:
                if self._begun is not None:
                    yield from self._rows(self._begun)
                    yield self._free
            yield self._help
        yield self._list
        yield FormFooter()

    def _rows(self, filled: Filled) -> list[FieldRow]:
        rows = []
        for field in filled.form.fields:
            row = FieldRow(field, Completer(self._completions(field.key)))
            row.is_removed = field.key in filled.removed
            if field.key in filled.texts:
                row.text = filled.texts[field.key]
            rows.append(row)
        return rows

    @property
    def _title(self) -> str:
        if self._form is None:
            return "Add a profile"
        what = "sso-session" if self._form.kind is FormKind.SESSION else "profile"
        if self._form.name is not None:
            return wording.as_title(f"Edit {what} {self._form.name}")
        article = "an" if what.startswith("s") else "a"
        kind = "" if self._form.kind is FormKind.SESSION else f": {self._form.kind}"
        return f"Add {article} {what}{kind}"

    async def on_mount(self) -> None:
        """Begin with the first field, or with the kinds."""
        self._kinds.styles.height = len(MEANINGS)
        self._kinds.show(list(MEANINGS))
        if self._form is None:
            self.add_class("choosing")
            self.set_focus(self._kinds)
        else:
            self._begin()

    def on_resize(self) -> None:
        """Give the fields what the rest leaves."""
        height = self.app.size.height
        around = _AROUND if height >= _HIGH else _AROUND_LOW
        self._fields.styles.max_height = max(height - around, 1)
        self._list.close()

    def _begin(self) -> None:
        self._free.completer.completions = [
            Completion(key, about.help) for key, about in KNOWN.items() if self._row(key) is None
        ]
        self._check()
        rows = list(self.query(FieldRow).results())
        is_named = self._form is not None and self._form.name is not None and len(rows) > 1
        self._go_to((rows[1] if is_named and rows[0].field.key == NAME else rows[0]).entry)

    # What is typed.

    @property
    def _filled(self) -> Filled:
        assert self._form is not None  # noqa: S101 - for the type checker: asked only of a form
        rows = list(self.query(FieldRow).results())
        return Filled(
            self._form,
            {row.field.key: row.text for row in rows},
            frozenset(row.field.key for row in rows if row.is_removed),
        )

    def _completions(self, key: str) -> list[Completion]:
        about = known(key)
        match about.offer:
            case Offer.REGIONS:
                return [Completion(name, words) for name, words in self._regions.items()]
            case Offer.PROFILES:
                own = self._form.name if self._form is not None else None
                reports = self._snapshot.profiles.items()
                return [
                    Completion(name, wording.KINDS[report.kind]) for name, report in reports if name != own
                ]
            case Offer.SESSIONS:
                return [Completion(name) for name in self._snapshot.merged.config.headers.sso_sessions]
            case Offer.NOTHING:
                return [Completion(word) for word in about.words]

    def _check(self) -> None:
        """Say beside each field what is to be said of it."""
        filled = self._filled
        said = notes(filled, self._regions)
        is_untouched = filled.form.name is None and not filled.name
        for row in self.query(FieldRow).results():
            row.say(None if row.field.key == NAME and is_untouched else said.get(row.field.key))

    def _row(self, key: str) -> FieldRow | None:
        return next((row for row in self.query(FieldRow).results() if row.field.key == key), None)

    def on_input_changed(self) -> None:
        """Judge what is typed, and keep the open list to it."""
        self._touched()

    def on_text_area_changed(self) -> None:
        """Judge what is typed."""
        self._touched()

    def _touched(self) -> None:
        self._is_leaving = False
        if self._form is None:
            return
        self._check()
        self._explain()
        if self._list.is_open:
            self._open_list()

    def on_descendant_focus(self) -> None:
        """Explain the field that is typed in now."""
        self._explain()
        self.refresh_bindings()

    def _explain(self) -> None:
        row = self._current_row
        if row is not None:
            self._help.explain(row.field)
        elif self._is_on_free:
            self._help.say("A setting of any other name; enter adds its line.", Tone.DIM)

    # Going about.

    @property
    def _current_row(self) -> FieldRow | None:
        focused = self.focused
        return (
            next((each for each in focused.ancestors if isinstance(each, FieldRow)), None)
            if focused
            else None
        )

    @property
    def _is_on_free(self) -> bool:
        return self.focused is self._free.entry

    def _entries(self) -> list[ValueInput | BlockArea]:
        return [*(row.entry for row in self.query(FieldRow).results()), self._free.entry]

    def _go_to(self, entry: ValueInput | BlockArea) -> None:
        self._list.close()
        self._is_leaving = False
        self.set_focus(entry, scroll_visible=False)  # at once: the next key may be waiting already
        row = entry.parent.parent if entry.parent is not None else None
        if isinstance(row, (FieldRow, FreeRow)):
            self._fields.scroll_to_widget(row, animate=False)

    def action_step(self, by: int) -> None:
        """Go to the next field, or the one before, round and round."""
        entries = self._entries()
        at = next((index for index, entry in enumerate(entries) if entry is self.focused), 0)
        if self._form is not None:
            self._go_to(entries[(at + by) % len(entries)])

    def action_move(self, by: int) -> None:
        """Go up or down: in the open list, in the lines of a block, among the kinds, or the fields."""
        focused = self.focused
        if self._form is None:
            self._kinds.action_move(by)
        elif self._list.is_open:
            self._list.action_move(by)
        elif isinstance(focused, BlockArea) and not focused.ends_at(by):
            focused.move(by)
        else:
            self.action_step(by)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """In a block enter begins a new line; what makes no sense where the user is, is greyed."""
        if action == "enter":
            return not isinstance(self.focused, BlockArea)
        if self._form is None and action in ("unset", "complete", "go_on"):
            return False
        if action == "complete":
            return True if self._completer is not None and self._completer.completions else None
        return True

    # What the keys do.

    async def action_enter(self) -> None:
        """Take a kind, a completion, a name for a new line; else go to the next field, or on."""
        if self._form is None:
            await self._choose_kind()
        elif self._list.is_open:
            self._take_completion()
        elif not self._is_on_free:
            self.action_step(1)
        elif not await self._add_line():
            await self.action_go_on()

    async def on_rows_selected(self, event: Rows.Selected) -> None:
        """A line was clicked twice."""
        if event.rows is self._kinds:
            await self._choose_kind()
        else:
            self._take_completion()

    async def _choose_kind(self) -> None:
        kind = self._kinds.current
        if kind is None:
            return
        self._form = form.new(self._snapshot, kind)
        self.remove_class("choosing")
        self.query_one("#edit").border_title = self._title
        await self._fields.mount(*self._rows(Filled(self._form)), self._free)
        self._begin()
        self.refresh_bindings()

    async def _add_line(self) -> bool:
        """Add a line for the setting that is named at the end; False where none is."""
        key = self._free.text.strip().lower()
        if not key or self._form is None:
            return False
        row = self._row(key)
        if row is None:
            self._form = self._form.with_field(key)
            row = FieldRow(self._form.fields[-1], Completer(self._completions(key)))
            await self._fields.mount(row, before=self._free)
        self._free.clear()
        self._go_to(row.entry)
        return True

    def action_unset(self) -> None:
        """Have the setting go, or put it back."""
        row = self._current_row
        if row is not None:
            row.toggle()
            self._touched()

    @property
    def _completer(self) -> Completer | None:
        row = self._current_row
        if row is not None:
            return row.completer
        return self._free.completer if self._is_on_free else None

    def action_complete(self) -> None:
        """Open the list of what can be typed here, or close it."""
        if self._list.is_open:
            self._list.close()
        else:
            self._open_list()

    def _open_list(self) -> None:
        entry, completer = self.focused, self._completer
        if completer is None or not isinstance(entry, ValueInput):
            return
        found = completer.matching(entry.value)
        if found:
            self._list.open_at(entry, found, entry.value)
        else:
            self._list.close()

    def _take_completion(self) -> None:
        chosen, entry = self._list.current, self.focused
        if chosen is not None and isinstance(entry, ValueInput):
            entry.value = chosen.text
            entry.cursor_position = len(chosen.text)
        self._list.close()

    def on_click(self, event: events.Click) -> None:
        """A click beside the open list closes it."""
        if self._list.is_open and event.widget is not self._list:
            self._list.close()

    def action_back(self) -> None:
        """Close the list; go back, once it is clear that what was typed is lost."""
        if self._list.is_open:
            self._list.close()
        elif self._form is not None and not self._is_leaving and self._is_changed:
            self._is_leaving = True
            self._help.say(UNSAVED, Tone.WARN)
        else:
            self.dismiss(None)

    @property
    def _is_changed(self) -> bool:
        return self._filled.is_changed or bool(self._free.text.strip())

    async def action_go_on(self) -> None:
        """Work out what would be written; what cannot be is said, and the form stays."""
        if await self._add_line():
            return  # a name was typed, and its value is still to come
        self._list.close()
        self._check()
        filled = self._filled
        faulty = notes(filled, self._regions)
        first = next((key for key, note in faulty.items() if note.forbids), None)
        row = self._row(first) if first is not None else None
        if row is not None and first is not None:
            row.say(faulty[first])
            self._go_to(row.entry)
        elif not filled.is_changed:
            self._help.say(NOTHING, Tone.WARN)
        else:
            self._help.say(AT_WORK, Tone.DIM)
            self._asked = filled
            self._work_out()

    @work(exclusive=True, description="work out what changes")
    async def _work_out(self) -> None:
        filled = self._asked  # no argument: Textual would keep a text of it
        if filled is None:
            return
        try:
            plan = await asyncio.to_thread(_plan, filled)
        except ActionFailed as failed:
            self._help.say(mask(failed.message), Tone.BAD)
            return
        if plan.changes:
            self.dismiss(plan)
        else:
            self._help.say(NOTHING, Tone.WARN)


def _plan(filled: Filled) -> Plan:
    """Turn what was typed into a Plan.

    Raises:
        ActionFailed: it cannot be written.
    """
    opened, changes = filled.form, filled.changes()
    if opened.kind is FormKind.SESSION:
        return edits.change_session(opened.snapshot, filled.name, changes)
    if opened.name is None:
        settings = {key: value for key, value in changes.items() if value is not None}
        return edits.add_profile(opened.snapshot, filled.name, settings)
    return edits.change_profile(opened.snapshot, opened.name, changes, filled.name)
