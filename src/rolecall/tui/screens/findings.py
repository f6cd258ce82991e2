"""All findings: a line each, the details of the one under the cursor, and its fix on enter."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, SubjectKind
from rolecall.doctor.fixes import Fix, open_at
from rolecall.doctor.registry import Findings
from rolecall.tui.findings_state import Following
from rolecall.tui.render.findings import Columns, Heading, Listed, finding_lines, line_of, list_line, listed
from rolecall.tui.render.labels import in_passing
from rolecall.tui.render.lines import Line
from rolecall.tui.screens.dialog import Modal
from rolecall.tui.widgets.footer import SteadyFooter
from rolecall.tui.widgets.lines_view import SCROLLING, TextPage
from rolecall.tui.widgets.list_view import Rows
from rolecall.user_settings import Silence

NOTHING = "No findings: nothing is wrong that can be seen offline."


@dataclass(frozen=True, slots=True)
class Question:
    """The user asks why, about a profile or (None) this shell."""

    profile: str | None


@dataclass(frozen=True, slots=True)
class Silencing:
    """The user silences something: the finding's code and subject."""

    what: Silence


FindingRequest = Fix | Question | Silencing
"""What the user wants to have done about a finding."""


def identity(finding: Finding) -> Hashable:
    """Return what identifies a finding, also later: its message may hold the time that is left."""
    return finding.code, finding.subject, finding.place


class FindingList(Rows[Listed]):
    """The findings under their headings; the cursor passes over those."""

    def key_of(self, item: Listed) -> Hashable:
        """What it is, and about what."""
        if isinstance(item, Heading):
            return item.severity
        return identity(item)

    @property
    def finding(self) -> Finding | None:
        """The finding under the cursor."""
        return self.current if isinstance(self.current, Finding) else None

    def put(self, findings: Findings) -> None:
        """List these."""
        self._columns = Columns.of(findings.all)
        self.show(listed(findings))
        self.action_move(0)  # off a heading, where the finding before is gone

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a finding: over a heading it goes on as it came."""
        cursor = super().validate_cursor(cursor)
        if not self.items or not isinstance(self.items[cursor], Heading):
            return cursor
        return cursor - 1 if 0 < cursor < self.cursor else cursor + 1

    def lay_out(self, item: Listed, width: int) -> Line:
        """A line of the list."""
        return list_line(item, self._columns, width)

    def when_empty(self) -> str:
        """Say that all is well."""
        return NOTHING


class FindingDetails(TextPage):
    """The details of the finding under the cursor; they scroll where there is not enough room."""

    BINDINGS: ClassVar[list[BindingType]] = SCROLLING
    can_focus = True

    def __init__(self, snapshot: Snapshot, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._snapshot = snapshot
        self._finding: Finding | None = None

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
    """Lists all findings; it answers with what the user wants to do about one."""

    CSS_PATH = "findings.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "mend", "Fix", key_display="enter", priority=True, tooltip="Carry out the fix"),
        Binding("E", "open_editor", "Open editor", priority=True,
                tooltip="Open the file in your own editor, at the line"),
        Binding("w", "why", "Why", priority=True, tooltip="Explain the profile that this concerns"),
        Binding("y", "copy", "Copy", priority=True, tooltip="Copy the shell command that fixes it"),
        Binding("s", "silence", "Silence", priority=True,
                tooltip="Never report this finding for this subject again; the user settings keep that"),
        Binding("tab,shift+tab", "other", "Read", show=False, priority=True,
                tooltip="Go to the details, to scroll them, and back"),
        Binding("escape,q", "back", "Back", key_display="esc", priority=True, tooltip="Go back"),
    ]  # fmt: skip

    def __init__(self, snapshot: Snapshot, findings: Findings, at: Sequence[Hashable] = ()) -> None:
        """Make the screen.

        Args:
            snapshot: what is there.
            findings: what is wrong with it.
            at: keys in the list; the cursor is first on the first of them that is there.
        """
        super().__init__()
        self.snapshot, self.findings = snapshot, findings
        self._at = at
        self._told: Finding | None = None
        self._frame = Vertical(id="findings")
        self._list = FindingList(id="list")
        self._whole = FindingDetails(snapshot, id="whole")

    def compose(self) -> ComposeResult:
        """Lay it out: the list above, one finding whole below."""
        with self._frame as frame:
            frame.border_title = "Findings"
            yield self._list
            yield self._whole
        yield SteadyFooter()

    def on_mount(self) -> None:
        """List the findings, and move the cursor to the first of the keys that is there."""
        self.set_focus(self._list)
        self.retell()
        next((key for key in self._at if self._list.move_to(key)), None)

    @property
    def going_on(self) -> tuple[Hashable, ...]:
        """Where to continue in a later list: here, else at the next finding, else at the previous one."""
        keys = [self._list.key_of(each) for each in self._list.items if isinstance(each, Finding)]
        here = self._list.finding
        at = keys.index(self._list.key_of(here)) if here is not None else 0
        return (*keys[at:], *reversed(keys[:at]))

    def retell(self) -> None:
        """List the findings as they are now; the cursor stays where it was."""
        findings = self.findings
        self._list.put(findings)
        self._list.styles.height = max(len(self._list.items), 1)
        self._whole.display = bool(findings.all)
        silenced = len(findings.silenced)
        self._frame.border_subtitle = f"{silenced} silenced in the settings" if silenced else ""
        self.on_rows_highlighted()

    def on_rows_highlighted(self) -> None:
        """Show the details of the finding under the cursor."""
        finding = self._list.finding
        self._whole.tell(self.snapshot, finding)
        if finding is None or self._told is None or identity(finding) != identity(self._told):
            self.refresh_bindings()
        self._told = finding

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Without a finding, a file or a line, some keys are greyed."""
        finding = self._list.finding
        match action:
            case "mend" | "why" | "silence":
                return True if finding is not None else None
            case "open_editor":
                return True if finding is not None and finding.place is not None else None
            case "copy":
                return (
                    True if finding is not None and line_of(self.snapshot.host, finding) is not None else None
                )
        return True

    def on_rows_selected(self) -> None:
        """A line was clicked twice."""
        self.action_mend()

    def action_mend(self) -> None:
        """Close with the fix, which is then carried out."""
        if self._list.finding is not None:
            self.dismiss(self._list.finding.fix)

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
        """Have it silenced."""
        finding = self._list.finding
        if finding is not None:
            self.dismiss(Silencing(Silence(finding.code, finding.subject.name)))

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
        """Go back without doing anything."""
        self.dismiss(None)
