"""All findings: a line each, the details of the one under the cursor, and its fix on enter."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, SubjectKind
from rolecall.doctor.fixes import Fix, FixAction, edit, open_at
from rolecall.doctor.registry import Findings
from rolecall.text import inert
from rolecall.tui.commands import CommandRequest, name_keys
from rolecall.tui.findings_state import Following
from rolecall.tui.render.findings import (
    Columns,
    Heading,
    Listed,
    finding_lines,
    line_of,
    list_line,
    listed,
    setting_at,
)
from rolecall.tui.render.labels import in_passing
from rolecall.tui.render.lines import Line
from rolecall.tui.screens.dialog import Modal, leave_room
from rolecall.tui.theme import as_title
from rolecall.tui.widgets.footer import FilterInput, SteadyFooter
from rolecall.tui.widgets.lines_view import SCROLLING, FittedPage
from rolecall.tui.widgets.list_view import Rows
from rolecall.user_settings import Silence
from rolecall.values import dataclass

NOTHING = "No findings: nothing is wrong that can be seen offline."
LIST_SHARE = 0.45
"""The share of the terminal's height that the list takes, at most."""
RULE = 1
"""The line between the list and the details."""
_AROUND = 2
_NO_EDITS = {
    FixAction.ASSUME: "it assumes a role",
    FixAction.LOGIN: "it logs in",
    FixAction.CLEAR: "it deletes a cache file",
    FixAction.EDIT: "it opens a form, for what only you know",
    FixAction.EDITOR: "it opens your editor",
    FixAction.SHELL: "it is a line for your shell",
    FixAction.NOTHING: "only you can do it",
}
NONE_MATCHES = "No finding matches"


@dataclass(frozen=True, slots=True)
class Question:
    """The user asks why, about a profile or (None) this shell."""

    profile: str | None


@dataclass(frozen=True, slots=True)
class Silencing:
    """The user silences something, the finding's code and subject, or has it reported again."""

    what: Silence
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class Together:
    """The user wants several findings to be mended in one diff."""

    findings: tuple[Finding, ...]


FindingRequest = Fix | Question | Silencing | Together | CommandRequest
"""What the user wants to have done about a finding."""


def identity(finding: Finding) -> Hashable:
    """Return what identifies a finding, also later: its message may hold the time that is left."""
    return finding.code, finding.subject, finding.place


class FindingList(Rows[Listed]):
    """The findings under their headings; the cursor passes over those.

    Attributes:
        marks: what identifies those that are marked.
        words: what is listed has all of these in it.
    """

    def __init__(self, marks: Collection[Hashable] = (), words: str = "") -> None:
        super().__init__(id="list")
        self.marks = set(marks)
        self.words = words
        self._findings = Findings()
        self._silenced: frozenset[Hashable] = frozenset()

    def key_of(self, item: Listed) -> Hashable:
        """What it is, and about what."""
        return item.title if isinstance(item, Heading) else identity(item)

    @property
    def finding(self) -> Finding | None:
        """The finding under the cursor."""
        return self.current if isinstance(self.current, Finding) else None

    @property
    def is_silenced(self) -> bool:
        """Whether the finding under the cursor is one that the user has silenced."""
        return self.finding is not None and identity(self.finding) in self._silenced

    @property
    def marked(self) -> tuple[Finding, ...]:
        """The marked findings, listed or not, in the order of the list."""
        every = (*self._findings.all, *self._findings.silenced)
        return tuple(each for each in every if identity(each) in self.marks)

    def put(self, findings: Findings) -> None:
        """List these, as far as they match."""
        self._findings = findings
        # what is no edit any more has no place in the diff, nor in its number
        self.marks = {identity(each) for each in self.marked if each.fix.is_edit}
        self._silenced = frozenset(map(identity, findings.silenced))
        items = listed(findings, self.words)
        self._columns = Columns.of([each for each in items if isinstance(each, Finding)])
        self.show(items)
        self.action_move(0)  # off a heading, where the finding before is gone

    def filter(self, words: str) -> None:
        """List those that match."""
        self.words = words
        self.put(self._findings)

    def toggle_mark(self) -> None:
        """Mark the finding under the cursor, or take its mark away; then go on to the next."""
        if self.finding is not None:
            self.marks ^= {identity(self.finding)}
            self.redraw_changed()
            self.cursor += 1

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a finding: over a heading it goes on as it came."""
        cursor = super().validate_cursor(cursor)
        if not self.items or not isinstance(self.items[cursor], Heading):
            return cursor
        return cursor - 1 if 0 < cursor < self.cursor else cursor + 1

    def lay_out(self, item: Listed, width: int) -> Line:
        """A line of the list."""
        key = self.key_of(item)
        return list_line(
            item, self._columns, width, is_marked=key in self.marks, is_silenced=key in self._silenced
        )

    def when_empty(self) -> str:
        """Say that all is well, or that nothing matches."""
        return f"{NONE_MATCHES} {inert(self.words)}: esc clears the filter." if self.words else NOTHING


class FindingDetails(FittedPage):
    """The details of the finding under the cursor; they scroll where there is not enough room."""

    BINDINGS: ClassVar[list[BindingType]] = SCROLLING
    can_focus = True

    def __init__(self, snapshot: Snapshot, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._snapshot = snapshot
        self._finding: Finding | None = None
        self._highest = self._laid_out_to = 0

    def lay_out_all(self) -> None:
        """Lay it out; as high as the longest so far, so that the list stays where it is."""
        super().lay_out_all()
        if self._room != self._laid_out_to:
            self._highest, self._laid_out_to = 0, self._room
        self._highest = max(self._highest, len(self.items) + RULE)
        self.styles.height = self._highest

    def tell(self, snapshot: Snapshot, finding: Finding | None) -> None:
        """Show another finding."""
        self._snapshot = snapshot
        before, self._finding = self._finding, finding
        if before is None or finding is None or identity(finding) != identity(before):
            self.scroll_to(y=0, animate=False, immediate=True)
        self.lay_out_all()

    def lines(self, width: int) -> Sequence[Line]:
        """Lay it out."""
        return finding_lines(self._snapshot, self._finding, width) if self._finding is not None else ()


class FindingsScreen(Following, Modal[FindingRequest]):
    """Lists all findings; it answers with what the user wants to do about one, or about the marked ones."""

    CSS_PATH = "findings.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "mend", "Fix", key_display="enter", priority=True,
                tooltip="Carry out the fix; of marked findings, all in one diff"),
        Binding("e", "edit", "Edit", priority=True,
                tooltip="Edit the profile in the form, at the setting that this is about"),
        Binding("E", "open_editor", "Open editor", priority=True, show=False,
                tooltip="Open the file in your own editor, at the line"),
        Binding("w", "why", "Why", priority=True, tooltip="Explain the profile that this concerns"),
        Binding("y", "copy", "Copy", priority=True, tooltip="Copy the shell command that fixes it"),
        Binding("s", "silence", "Silence", priority=True,
                tooltip="Never report this finding for this subject again, or report it again; the user "
                "settings keep that"),
        Binding("space", "mark", "Mark", priority=True, tooltip="Mark or unmark it, to fix several at once"),
        Binding("slash", "filter", "Filter", key_display="/", priority=True,
                tooltip="List only the findings that match; enter keeps, esc clears"),
        Binding("u", "undo", "Undo", show=False, priority=True, tooltip="Undo the last edit"),
        Binding("tab,shift+tab", "other", "Read", show=False, priority=True,
                tooltip="Go to the details, to scroll them, and back"),
        Binding("escape,q", "back", "Back", key_display="esc", priority=True,
                tooltip="Clear the filter, or go back"),
    ]  # fmt: skip

    def __init__(
        self,
        snapshot: Snapshot,
        findings: Findings,
        at: Sequence[Hashable] = (),
        *,
        marks: Collection[Hashable] = (),
        words: str = "",
    ) -> None:
        """Make the screen.

        Args:
            snapshot: what is there.
            findings: what is wrong with it.
            at: keys in the list; the cursor is first on the first of them that is there.
            marks: what is marked already.
            words: what the list is filtered by already.
        """
        super().__init__()
        self.snapshot, self.findings = snapshot, findings
        self._at = at
        self._told: Finding | None = None
        self._frame = Vertical(id="findings")
        self._list = FindingList(marks, words)
        self._whole = FindingDetails(snapshot, id="whole")
        self._filter = FilterInput("code, profile, words of the message", id="filter")
        self._filter.set_reactive(FilterInput.value, words)

    def compose(self) -> ComposeResult:
        """Lay it out: the list above, one finding whole below."""
        with self._frame as frame:
            frame.border_title = "Findings"
            yield self._list
            yield self._whole
            yield self._filter
        yield SteadyFooter()

    def on_mount(self) -> None:
        """List the findings, and move the cursor to the first of the keys that is there."""
        self.set_focus(self._list)
        self.retell()
        reported = set(map(identity, self.findings.all))
        # what has been silenced meanwhile is listed still, and is not gone on with
        next(
            (key for key in sorted(self._at, key=lambda key: key not in reported) if self._list.move_to(key)),
            None,
        )

    def on_resize(self) -> None:
        """Share the room out anew."""
        self._relist()

    @property
    def going_on(self) -> tuple[Hashable, ...]:
        """Where to continue in a later list: here, else at the next finding, else at the previous one."""
        keys = [self._list.key_of(each) for each in self._list.items if isinstance(each, Finding)]
        here = self._list.finding
        at = keys.index(self._list.key_of(here)) if here is not None else 0
        return (*keys[at:], *reversed(keys[:at]))

    @property
    def marks(self) -> frozenset[Hashable]:
        """What is marked."""
        return frozenset(self._list.marks)

    @property
    def words(self) -> str:
        """What the list is filtered by."""
        return self._list.words

    def retell(self) -> None:
        """List the findings as they are now; the cursor stays where it was."""
        self._list.put(self.findings)
        self._relist()

    def _relist(self) -> None:
        """Share the room out anew, and tell of what is under the cursor."""
        self._list.styles.height = most = max(len(self._list.items), 1)
        height = self.app.size.height
        self._list.styles.max_height = most = min(most, max(int(height * LIST_SHARE), 1))
        leave_room(self._whole, most + _AROUND + (1 if self._filter.has_class("open") else 0))
        self._whole.display = self._list.finding is not None
        self._frame.border_subtitle = as_title(f"filter: {self.words}") if self.words else ""
        self.on_rows_highlighted()

    def on_rows_highlighted(self) -> None:
        """Show the details of the finding under the cursor."""
        finding = self._list.finding
        self._whole.tell(self.snapshot, finding)
        if finding is None or self._told is None or identity(finding) != identity(self._told):
            self._name_keys()
        self._told = finding

    def _name_keys(self) -> None:
        """Say on the footer what the keys do now."""
        many = len(self._list.marked)
        names = {"mend": f"Fix {many}" if many else "Fix",
                 "silence": "Unsilence" if self._list.is_silenced else "Silence"}  # fmt: skip
        name_keys(self, names)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Give no key to a command while a filter is typed; grey those that need what is not there."""
        if self.focused is self._filter and action not in ("close_filter", "help"):
            return False
        finding = self._list.finding
        is_there: Mapping[str, bool] = {
            "mend": finding is not None or bool(self._list.marked),
            "why": finding is not None,
            "silence": finding is not None,
            "mark": finding is not None,
            "edit": finding is not None and self._profile(finding) is not None,
            "open_editor": finding is not None and finding.place is not None,
            "copy": finding is not None and line_of(self.snapshot.host, finding) is not None,
        }
        return True if is_there.get(action, True) else None

    def on_rows_selected(self) -> None:
        """A line was clicked twice."""
        self.action_mend()

    def action_mend(self) -> None:
        """Close with the fix, or with all that are marked, which are then carried out."""
        if self._list.marked:
            self.dismiss(Together(self._list.marked))
        elif self._list.finding is not None:
            self.dismiss(self._list.finding.fix)

    def action_edit(self) -> None:
        """Open the form of the profile, at the setting that the finding is about."""
        finding = self._list.finding
        name = self._profile(finding) if finding is not None else None
        if finding is not None and name is not None:
            key = finding.fix.key or setting_at(self.snapshot, finding.place)
            self.dismiss(edit("edit it", name, key))

    def _profile(self, finding: Finding) -> str | None:
        """Return the profile that a finding is about, or the first that it concerns, if it is there."""
        is_of_profile = finding.subject.kind is SubjectKind.PROFILE
        names = (finding.subject.name,) if is_of_profile else finding.profiles
        return next((name for name in names if name in self.snapshot.profiles), None)

    def action_open_editor(self) -> None:
        """Open the editor at its line."""
        finding = self._list.finding
        if finding is not None and finding.place is not None:
            self.dismiss(open_at("open the editor", finding.place.path, finding.place.line))

    def action_why(self) -> None:
        """Ask why, of the profile that it is about or the first that it concerns; else of this shell."""
        finding = self._list.finding
        if finding is None:
            return
        is_of_profile = finding.subject.kind is SubjectKind.PROFILE
        whom = (finding.subject.name,) if is_of_profile else finding.profiles
        self.dismiss(Question(next(iter(whom), None)))

    def action_silence(self) -> None:
        """Have it silenced; or, where it is, reported again."""
        finding = self._list.finding
        if finding is not None:
            what = Silence(finding.code, finding.subject.name)
            self.dismiss(Silencing(what, is_again=self._list.is_silenced))

    def action_mark(self) -> None:
        """Mark what is under the cursor, and go on; say why what is no edit cannot be marked."""
        finding = self._list.finding
        self.app.clear_notifications()
        if finding is not None and not finding.fix.is_edit and identity(finding) not in self._list.marks:
            why = _NO_EDITS.get(finding.fix.doing, "it is no edit that is known whole")
            words = f"This fix has no place in a diff with others: {why}."
            self.notify(words, severity="warning", markup=False)
            return
        self._list.toggle_mark()
        self._name_keys()

    def action_undo(self) -> None:
        """Undo the last edit."""
        self.dismiss(CommandRequest("undo"))

    def action_copy(self) -> None:
        """Send the command that fixes it to the terminal, which does not say whether it accepts it."""
        finding = self._list.finding
        line = line_of(self.snapshot.host, finding) if finding is not None else None
        if line is not None:
            self.app.copy_to_clipboard(line)
            self.notify(in_passing(f"Sent to the terminal's clipboard: {line}"), markup=False)

    def action_other(self) -> None:
        """Go to the details, or back to the list."""
        self.set_focus(self._whole if self.focused is self._list else self._list)

    def action_back(self) -> None:
        """List everything again, or go back without doing anything."""
        if self.words:
            self.action_close_filter("clear")
        else:
            self.dismiss(None)

    # The filter.

    def action_filter(self) -> None:
        """Open the line in which a filter is typed."""
        self.set_focus(self._filter.add_class("open"))
        self._relist()

    def on_input_changed(self) -> None:
        """Filter while it is typed."""
        self._list.filter(self._filter.value)
        self._relist()

    def action_close_filter(self, how: str) -> None:
        """Go back to the list; ``clear`` lists everything again, ``keep`` does not."""
        self._filter.remove_class("open")
        self.set_focus(self._list)
        self._relist()
        if how == "clear":
            self._filter.clear()
            self._list.filter("")
            self._relist()
