"""The form: edits a profile or an sso-session, or adds one, and ends in a Plan; nothing is written here."""

import asyncio
from collections.abc import Hashable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets._footer import FooterKey

from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Plan
from rolecall.aws.settings import Kind, setting
from rolecall.aws.snapshot import Snapshot
from rolecall.cells import pad
from rolecall.doctor.registry import Findings
from rolecall.text import inert, mask
from rolecall.tui.findings_state import Following
from rolecall.tui.form import form
from rolecall.tui.form.completions import CompletionList
from rolecall.tui.form.fields import REQUIRED, BlockArea, Entry, FieldList, Notes, ValueInput
from rolecall.tui.form.form import MEANINGS, NAME, Field, FilledForm, ProfileForm
from rolecall.tui.form.notes import FormChecker
from rolecall.tui.render.labels import KINDS
from rolecall.tui.render.lines import Line, Span, fit, shrinking
from rolecall.tui.screens.dialog import Modal
from rolecall.tui.theme import as_title, content
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.footer import SteadyFooter
from rolecall.tui.widgets.list_view import Rows

LABEL_WIDTH = 14
NOTHING = "Nothing has been changed."
GONE = "Another program has removed it from the files, or left a file that cannot be read."
UNSAVED = "What you typed is not saved: esc again discards it."
_HIGH = 12
"""Lines of the terminal from which there is room for the help on a field."""
_AROUND, _AROUND_LOW = 8, 3
"""Lines that the frame, the help, the footer and some space take; without help and space."""
AT_WORK = "Working out the changes…"
REST = 0.2
"""Seconds without typing after which the rules run."""
_SHARE = 5
"""Findings below the fields get one in so many lines of the terminal."""
NOT_SET = "not set"
MISSING = f"{REQUIRED} required"
OF_NAME = "What it is called; the settings of others that name it follow"


class Kinds(Rows[Kind | None]):
    """What can be added, a line each."""

    def key_of(self, item: Kind | None) -> Hashable:
        """It itself."""
        return item

    def lay_out(self, item: Kind | None, width: int) -> Line:
        """Its name, and what it is."""
        name = KINDS[item] if item is not None else "sso-session"
        return fit((Span(pad(name, LABEL_WIDTH)), shrinking(MEANINGS[item], Tone.DIM)), (), width)


class FormFooter(SteadyFooter):
    """The footer, in the order of the screen's own keys: an input's keys would push in between."""

    def compose(self) -> ComposeResult:
        """Lay the keys out."""
        order = [binding.action for binding in self.screen.BINDINGS if isinstance(binding, Binding)]
        keys = [each for each in super().compose() if isinstance(each, FooterKey)]
        yield from sorted(
            keys, key=lambda each: order.index(each.action) if each.action in order else len(order)
        )


class Help(Widget):
    """Two lines: what the field in focus is for, and where its value comes from."""

    said: reactive[tuple[Line, ...]] = reactive(())

    def explain(self, field: Field, *, is_missing: bool, instead: str = "") -> None:
        """Say what a field is; and that it is required, or others instead, as long as it is missing."""
        about = (
            OF_NAME if field.key == NAME else setting(field.key).help or "A setting that AWS tools may know"
        )
        needed = f"{MISSING}: this, or {instead}" if instead else MISSING
        self.said = ((shrinking(about),), (Span(needed, Tone.WARN),) if is_missing else _origin(field))

    def say(self, words: str, tone: Tone) -> None:
        """Say something else."""
        self.said = ((shrinking(inert(words), tone),), ())

    def render(self) -> Content:
        """Draw them (called by Textual)."""
        width = self.content_size.width
        return Content("\n").join(content(fit(line, (), width)) for line in self.said)


def _origin(field: Field) -> Line:
    if field.key == NAME:
        return ()
    line: list[Span] = [shrinking(field.origin or NOT_SET, Tone.DIM)]
    if field.shadows:
        line += [Span("  "), shrinking(f"shadows {', '.join(field.shadows)}", Tone.WARN)]
    return tuple(line)


class EditScreen(Following, Modal[Plan]):
    """A form, which follows the files. It is dismissed with the Plan of what was typed, or None."""

    CSS_PATH = "screen.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (56, "-wide")]  # noqa: RUF012 - Textual's type
    VERTICAL_BREAKPOINTS = [(0, "-low"), (_HIGH, "-high")]  # noqa: RUF012 - as above
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "go_on", "Show the diff", key_display="^s", priority=True,
                tooltip="Show what would be written; nothing is written yet"),
        Binding("enter", "enter", "Next", show=False, priority=True,
                tooltip="To the next field; from the last one to the diff"),
        Binding("ctrl+d", "unset", "Unset", key_display="^d", priority=True,
                tooltip="Remove the setting, or put it back"),
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

    def __init__(self, snapshot: Snapshot, begun: FilledForm | None, at: str | None = None) -> None:
        """Make the screen.

        Args:
            snapshot: what is there.
            begun: the form to begin with; without one the kind is chosen first.
            at: the setting to begin with, if it is not the first.
        """
        super().__init__()
        self.snapshot = snapshot
        self._asked = begun
        self._at = at
        self._now = snapshot
        self._is_leaving = False
        self._kinds = Kinds(id="kinds")
        self._fields = FieldList(snapshot)
        self._help = Help(id="help")
        self._others = Notes(id="others")
        self._checker = FormChecker(snapshot)
        self._edits = 0
        self._looked_at = 0
        self._is_looking = False
        self._list = CompletionList()

    @classmethod
    def of_profile(
        cls,
        snapshot: Snapshot,
        name: str,
        at: str | None = None,
        texts: Mapping[str, str] = MappingProxyType({}),
    ) -> "EditScreen":
        """Edit a profile.

        Args:
            snapshot: what is there.
            name: the profile.
            at: the setting to begin with, if it is not the first.
            texts: what is typed in already, by the setting.

        Raises:
            ActionFailed: its file cannot be read any more.
        """
        return cls(snapshot, form.opened_at(form.profile_form(snapshot, name), at, texts), at)

    @classmethod
    def of_session(cls, snapshot: Snapshot, name: str) -> "EditScreen":
        """Edit an sso-session."""
        return cls(snapshot, FilledForm(form.session_form(snapshot, name)))

    @classmethod
    def new_profile(cls, snapshot: Snapshot) -> "EditScreen":
        """Add a profile; its kind is asked first."""
        return cls(snapshot, None)

    @classmethod
    def new_session(cls, snapshot: Snapshot) -> "EditScreen":
        """Add an sso-session."""
        return cls(snapshot, FilledForm(form.new(snapshot, None)))

    def again(self, snapshot: Snapshot) -> "EditScreen":
        """Return the same form with what was typed into it, for a user who comes back from the diff.

        Args:
            snapshot: what is there by now: another program may have changed the files meanwhile.
        """
        form = EditScreen(self.snapshot, self._asked)
        form._now = snapshot
        return form

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with Vertical(id="edit") as frame:
            frame.border_title = "Add"
            yield self._kinds
            yield self._fields
            yield self._others
            yield self._help
        yield self._list
        yield FormFooter()

    async def on_mount(self) -> None:
        """Begin with the first field, or with the kinds."""
        self._kinds.styles.height = len(MEANINGS)
        self._kinds.show(list(MEANINGS))
        if self._asked is None:
            self.add_class("choosing")
            self.set_focus(self._kinds)
        else:
            await self._begin(self._asked)

    async def _begin(self, filled: FilledForm) -> None:
        self.remove_class("choosing")
        self.query_one("#edit").border_title = _title(filled.form)
        await self._fields.fill(filled)
        row = self._fields.row(self._at) if self._at is not None else None
        self._go_to(row.entry if row is not None else self._fields.first)
        self.refresh_bindings()
        self._look_again()
        self.follow(self._now, Findings())

    def tick(self, now: datetime) -> None:
        """Nothing in a form counts down."""

    def follow(self, snapshot: Snapshot, findings: Findings) -> None:  # noqa: ARG002 - the rules run here
        """Take the files as they are now, where they have changed."""
        if all(one is other for one, other in zip(snapshot.files, self.snapshot.files, strict=True)):
            return
        self.snapshot = snapshot
        self._checker = FormChecker(snapshot)
        self.call_later(self._renew)

    async def _renew(self) -> None:
        """Refresh the fields that were not typed into; the others say what another program has written."""
        filled = self._fields.filled
        if filled is None:
            return
        now = form.renewed(filled.form, self.snapshot)
        if now is None:
            self._help.say(GONE, Tone.WARN)
        else:
            await self._fields.renew(now)
            self._touched()

    @property
    def _is_choosing(self) -> bool:
        return self._fields.filled is None

    def on_resize(self) -> None:
        """Give the fields the height that the rest leaves."""
        height = self.app.size.height
        self._others.most = height // _SHARE if height >= _HIGH else 0
        self._list.close()
        self._fit()

    @on(Notes.Resized, "#others")
    def _fit(self) -> None:
        height = self.app.size.height
        around = _AROUND if height >= _HIGH else _AROUND_LOW
        others = self._others.size.height if self._others.display else 0
        self._fields.styles.max_height = max(height - around - others, 1)
        if isinstance(self.focused, ValueInput | BlockArea):
            self._fields.reveal(self.focused)

    # What is typed.

    def on_input_changed(self) -> None:
        """Check what is typed, and narrow the open list to it."""
        self._touched()

    def on_text_area_changed(self) -> None:
        """Check what is typed."""
        self._touched()

    def _touched(self) -> None:
        self._is_leaving = False
        self._fields.check()
        self._look_again()
        self._explain()
        if self._list.is_open:
            self._open_list()

    def _look_again(self) -> None:
        self._edits += 1
        if not self._is_looking:
            self._is_looking = True
            self._look()

    @work(description="look for findings")
    async def _look(self) -> None:
        """Run the rules once the user pauses; what they find in an older text is dropped."""
        while self._looked_at != self._edits:
            edits = self._edits
            await asyncio.sleep(REST)
            filled = self._fields.filled
            if filled is None or edits != self._edits:
                continue
            found = await asyncio.to_thread(self._checker.look, filled)
            self._looked_at = edits
            if edits == self._edits:
                self._fields.tell(found)
                self._others.notes = found.others
                self.call_after_refresh(self._fit)
        self._is_looking = False

    def on_descendant_focus(self) -> None:
        """Explain the field that is typed in now."""
        self._explain()
        self.refresh_bindings()

    def _explain(self) -> None:
        row = self._fields.current_row
        if row is not None:
            self._help.explain(row.field, is_missing=row.is_missing, instead=row.instead)
        elif self._fields.is_on_free:
            self._help.say("A setting of any other name; enter adds its line.", Tone.DIM)

    # Going about.

    def _go_to(self, entry: Entry) -> None:
        self._list.close()
        self._is_leaving = False
        self.set_focus(entry, scroll_visible=False)  # at once: the next key may be waiting already
        self._fields.reveal(entry)

    def action_step(self, by: int) -> None:
        """Go to the next field, or the one before, round and round."""
        if self._is_choosing:
            return
        entries = self._fields.entries
        at = next((index for index, entry in enumerate(entries) if entry is self.focused), 0)
        self._go_to(entries[(at + by) % len(entries)])

    def action_move(self, by: int) -> None:
        """Go up or down: in the open list, in the lines of a block, among the kinds, or the fields."""
        focused = self.focused
        if self._is_choosing:
            self._kinds.action_move(by)
        elif self._list.is_open:
            self._list.action_move(by)
        elif isinstance(focused, BlockArea) and not focused.ends_at(by):
            focused.move(by)
        else:
            self.action_step(by)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """In a block enter begins a new line; commands that do not apply are greyed out."""
        if action == "enter":
            return not isinstance(self.focused, BlockArea)
        if self._is_choosing and action in ("unset", "complete", "go_on"):
            return False
        if action == "complete":
            completer = self._fields.completer
            return True if completer is not None and completer.completions else None
        return True

    # What the keys do.

    async def action_enter(self) -> None:
        """Take a kind, a completion or the name of a setting; else go to the next field, or on."""
        if self._is_choosing:
            await self._choose_kind()
        elif self._list.is_open:
            self._take_completion()
        elif not self._fields.is_on_free:
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
        await self._begin(FilledForm(form.new(self.snapshot, self._kinds.current)))

    async def _add_line(self) -> bool:
        """Add a line for the setting that is named at the end; False where none is."""
        row = await self._fields.add_named()
        if row is not None:
            self._go_to(row.entry)
        return row is not None

    def action_unset(self) -> None:
        """Remove the setting, or put it back."""
        row = self._fields.current_row
        if row is not None:
            row.toggle()
            self._touched()

    def action_complete(self) -> None:
        """Open the list of what can be typed here, or close it."""
        if self._list.is_open:
            self._list.close()
        else:
            self._open_list()

    def _open_list(self) -> None:
        entry, completer = self.focused, self._fields.completer
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
        """Close the list; go back, after a warning if that loses what was typed."""
        if self._list.is_open:
            self._list.close()
        elif self._fields.is_changed and not self._is_leaving:
            self._is_leaving = True
            self._help.say(UNSAVED, Tone.WARN)
        else:
            self.dismiss(None)

    async def action_go_on(self) -> None:
        """Work out what would be written; if it cannot be, say so and stay."""
        if await self._add_line():
            return  # a name was typed, and its value is still to come
        self._list.close()
        self._fields.check()
        refused = self._fields.find_refused()
        filled = self._fields.filled
        if refused is not None:
            self._go_to(refused.entry)
        elif filled is None or not filled.is_changed:
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
            plan = await asyncio.to_thread(form.plan_of, filled)
            found = await asyncio.to_thread(self._checker.look, filled)
        except ActionFailed as failed:
            self._help.say(mask(failed.message), Tone.BAD)
            return
        if plan.changes:
            # what is typed last may not have been looked at; and who reads the diff does not see the form
            self.dismiss(replace(plan, remarks=tuple(dict.fromkeys((*plan.remarks, *found.warnings)))))
        else:
            self._help.say(NOTHING, Tone.WARN)


def _title(opened: ProfileForm) -> str:
    what = "sso-session" if opened.kind is None else "profile"
    if opened.name is not None:
        return as_title(f"Edit {what} {opened.name}")
    return f"Add an {what}" if opened.kind is None else f"Add a {what}: {KINDS[opened.kind]}"
