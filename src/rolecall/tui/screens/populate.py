"""What an SSO session gives, as a checklist: which profiles are to be added, changed, renamed or removed."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from rolecall.actions.populate import Entry, Status
from rolecall.cells import cell_width, pad
from rolecall.text import inert, several
from rolecall.tui.render.lines import Line, Span, fit, name_span, names_of, shrinking
from rolecall.tui.screens.dialog import Modal, Words, leave_room
from rolecall.tui.screens.pick import BACK
from rolecall.tui.theme import as_title
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.footer import SteadyFooter
from rolecall.tui.widgets.list_view import Rows

STATUSES = {
    Status.NEW: ("new", Tone.GOOD),
    Status.CLASH: ("new, with its id", Tone.GOOD),
    Status.DIFFERENT: ("other settings", Tone.WARN),
    Status.RENAMED: ("there", Tone.DIM),
    Status.GONE: ("gone", Tone.WARN),
    Status.THERE: ("there", Tone.DIM),
}
"""How each is said. A profile with a name of the user's own is as it should be."""
_MARK, _NO_MARK = Span("✓ ", Tone.ACCENT), Span("  ")
_ACCOUNT, _NARROW, _STATUS = 24, 16, 16
_ROOM = 90
"""Cells from which accounts have room for their names."""
_AROUND = 6
"""Lines beside the list: the frame, and what is said above it."""


class CheckList(Rows[Entry]):
    """Permission sets by account, each with a mark where it is chosen."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__(id="checks")
        self.entries = entries
        self.chosen = {self.key_of(each) for each in entries if each.is_offered}
        self._names = names_of(each.profile for each in entries)
        self._width = max((cell_width(inert(each.profile)) for each in entries), default=0)

    def key_of(self, item: Entry) -> Hashable:
        """Return what identifies it: its account, permission set and profile."""
        return item.account, item.role, item.profile

    def lay_out(self, item: Entry, width: int) -> Line:
        """The mark, the account, the profile, the permission set; how it is at the right."""
        mark = _MARK if self.key_of(item) in self.chosen else _NO_MARK
        room = _ACCOUNT if width >= _ROOM else _NARROW
        account = fit((shrinking(item.account_name or item.account, Tone.DIM),), (), room)
        words, tone = STATUSES[item.status]
        is_quiet = item.status in (Status.THERE, Status.RENAMED)
        name = name_span(item.profile, self._names, Tone.DIM if is_quiet else Tone.PLAIN)
        if width < _ROOM:
            return fit((mark, *account, Span(" "), name), (Span(words, tone),), width)
        named = fit((name,), (), min(self._width, width // 3))
        left = (mark, *account, Span(" "), *named, Span("  "), shrinking(item.role, Tone.DIM))
        return fit(left, (Span(pad(words, _STATUS), tone),), width)

    def turn(self, entries: Iterable[Entry], *, on: bool) -> None:
        """Choose entries, or leave them out; what is there already cannot be chosen."""
        keys = {self.key_of(each) for each in entries if can_be_chosen(each)}
        self.chosen = self.chosen | keys if on else self.chosen - keys
        self.redraw_changed()


def can_be_chosen(entry: Entry) -> bool:
    """Whether there is something to do for an entry here: what has a name of the user's own keeps it."""
    return entry.status not in (Status.THERE, Status.RENAMED)


class PopulateScreen(Modal[tuple[Entry, ...]]):
    """Choose what is written; nothing is, before the diff."""

    CSS_PATH: ClassVar[str] = "populate.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Show the diff", tooltip="Show what would be written",
                key_display="enter", priority=True),
        Binding("space", "mark", "Mark", tooltip="Choose this line, or leave it out", priority=True),
        Binding("a", "mark_account", "Account", priority=True,
                tooltip="Choose all of this account, or leave them out"),
        Binding("ctrl+a", "mark_all", "All new", tooltip="Choose all that are new, or leave them out",
                key_display="^a", priority=True),
        BACK,
    ]  # fmt: skip

    def __init__(self, session: str, entries: Sequence[Entry]) -> None:
        """Make the screen: what there is something to do for comes first."""
        super().__init__()
        self._session = session
        self.list = CheckList(sorted(entries, key=lambda each: not can_be_chosen(each)))
        self._said = Words(id="said")

    def compose(self) -> ComposeResult:
        """Lay out the frame and the footer (called by Textual)."""
        with Vertical(id="populate") as frame:
            frame.border_title = as_title(f"Profiles for {self._session}")
            yield self._said
            yield self.list
        yield SteadyFooter()

    def on_mount(self) -> None:
        """List them."""
        self.list.show(self.list.entries)
        self.list.styles.height = len(self.list.entries) + 1  # and the line above them
        self.set_focus(self.list)
        self._say()

    def on_resize(self) -> None:
        """Give the list what the terminal has."""
        leave_room(self.list, _AROUND)

    def _say(self) -> None:
        """Say what there is, and how many are chosen."""
        many = Counter(STATUSES[each.status][0] for each in self.list.entries)
        found = ", ".join(f"{count} {words}" for words, count in many.items())
        accounts = several(len({each.account for each in self.list.entries}), "account")
        self._said.say([(f"{accounts}: {found}. {len(self.list.chosen)} chosen.", Tone.DIM)])

    def action_mark(self) -> None:
        """Choose the line under the cursor, or leave it out."""
        if (current := self.list.current) is not None:
            self._turn([current])
            self.list.action_move(1)

    def action_mark_account(self) -> None:
        """Choose all of the account under the cursor, or leave them out."""
        if (current := self.list.current) is not None:
            self._turn([each for each in self.list.entries if each.account == current.account])

    def action_mark_all(self) -> None:
        """Choose all that are new, or leave them out; what would be changed or removed takes its own mark."""
        self._turn([each for each in self.list.entries if each.is_offered])

    def _turn(self, entries: Sequence[Entry]) -> None:
        are_all_chosen = all(
            self.list.key_of(each) in self.list.chosen for each in entries if can_be_chosen(each)
        )
        self.list.turn(entries, on=not are_all_chosen)
        self._say()

    def on_rows_selected(self) -> None:
        """Choose the line that was clicked twice, or leave it out."""
        if (current := self.list.current) is not None:
            self._turn([current])

    def action_choose(self) -> None:
        """Go on with what is chosen."""
        self.dismiss(tuple(each for each in self.list.entries if self.list.key_of(each) in self.list.chosen))

    def action_back(self) -> None:
        """Go back without doing anything."""
        self.dismiss(None)
