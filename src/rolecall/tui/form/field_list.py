"""The fields of a form with what is typed into them, and the line that adds one more."""

from collections.abc import Mapping

from textual.containers import VerticalScroll

from rolecall.aws.settings import SETTINGS, Type, setting
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.form.checks import Note, notes
from rolecall.tui.form.completions import Completer, Completion
from rolecall.tui.form.fields import BlockArea, FieldRow, ValueInput
from rolecall.tui.form.form import NAME, FilledForm, Form
from rolecall.tui.form.parts import FreeRow
from rolecall.tui.render import labels

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

    def __init__(self, snapshot: Snapshot, regions: Mapping[str, str]) -> None:
        super().__init__(id="fields")
        self._snapshot = snapshot
        self._regions = regions
        self._form: Form | None = None
        self._free = FreeRow(Completer(()))

    async def fill(self, filled: FilledForm) -> None:
        """Lay a form out, with what is typed into it already."""
        self._form = filled.form
        await self.mount(*(self._row_of(filled, field.key) for field in filled.form.fields), self._free)
        self._free.completer.completions = [
            Completion(key, about.help) for key, about in SETTINGS.items() if self.row(key) is None
        ]
        self.check()

    def _row_of(self, filled: FilledForm, key: str) -> FieldRow:
        field = next(each for each in filled.form.fields if each.key == key)
        row = FieldRow(field, Completer(self._completions(filled.form, key)))
        if key in filled.removed:
            row.toggle()
        elif key in filled.texts:
            row.text = filled.texts[key]
        return row

    def _completions(self, form: Form, key: str) -> list[Completion]:
        about = setting(key)
        match about.type:
            case Type.REGION:
                return [Completion(name, words) for name, words in self._regions.items()]
            case Type.PROFILE:
                others = (report for name, report in self._snapshot.profiles.items() if name != form.name)
                return [Completion(report.name, labels.KINDS[report.kind]) for report in others]
            case Type.SSO_SESSION:
                return [Completion(name) for name in self._snapshot.merged.config.headers.sso_sessions]
            case _:
                return [Completion(word) for word in about.words]

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
        """Where one begins to type: the name, where there is none yet; else the first setting."""
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

    def check(self) -> None:
        """Say beside each field what is to be said of it; that a name is missing only once it is missed."""
        filled = self.filled
        if filled is None:
            return
        said = notes(filled, self._regions)
        is_untouched = filled.form.name is None and not filled.name
        for row in self._rows:
            row.say(None if row.field.key == NAME and is_untouched else said.get(row.field.key))

    def find_fault(self) -> FieldRow | None:
        """Return the first line that has to be mended, and say there why."""
        filled = self.filled
        faults: Mapping[str, Note] = notes(filled, self._regions) if filled is not None else {}
        for row in self._rows:
            note = faults.get(row.field.key)
            if note is not None and note.forbids:
                row.say(note)
                return row
        return None

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
