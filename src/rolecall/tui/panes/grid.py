"""The four panes beside the tree, and the tabs that choose one of them where there is room for one only."""

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.expiry import Expiry, State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.variables import Variable
from rolecall.cells import cell_width
from rolecall.text import inert, several
from rolecall.tui.render.cache import cache_line, order, profiles_of
from rolecall.tui.render.chain import View, draw
from rolecall.tui.render.environment import variable_line
from rolecall.tui.render.expiry import ExpiryItem, expiry_flag, expiry_items, expiry_line, session_key
from rolecall.tui.render.first_run import first_run
from rolecall.tui.render.flags import SESSION, STRAY, Flag, Flags, ListContext
from rolecall.tui.render.lines import Line, Span, fit, names_of
from rolecall.tui.render.tree import LOGINS, Node
from rolecall.tui.theme import as_title, content
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.lines_view import SCROLLING, Lines, message_lines
from rolecall.tui.widgets.list_view import FlaggedRows, TimedRows

if TYPE_CHECKING:
    from rolecall.actions.editing.diff import ShownLine
    from rolecall.cells import Names
    from rolecall.tui.render.inspector import Details


class ExpiryPane(FlaggedRows[ExpiryItem]):
    """What expires when, and what happens afterwards."""

    BORDER_TITLE = "2 Expiry"

    def __init__(self, now: datetime, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.now = now
        self._names = names_of(())
        self._need = 0

    def key_of(self, item: ExpiryItem) -> Hashable:
        """Return the key, which stays the same when files are read again."""
        return item.key

    def present(self, snapshot: Snapshot) -> None:
        """Show another Snapshot."""
        found = expiry_items(snapshot, self.now)
        self.entitle(subtitle="a bar: 1h" if found else "")
        self._names = names_of(end.title for end in found)
        self._need = max((cell_width(end.title) for end in found), default=0)
        self.show(found)

    def follow(self, report: ProfileReport | None) -> None:
        """Point at the expiry of a profile's credentials, or of the token that they depend on."""
        key = None
        if report is not None:
            own = f"profile:{report.name}"
            key = own if self.index_of(own) is not None else session_key(report)
        self.point_at(key)

    def flag_of(self, item: ExpiryItem) -> Flag | None:
        """What is wrong with it."""
        return expiry_flag(self.flags, item)

    def lay_out(self, item: ExpiryItem, width: int) -> Line:
        """Draw what expires."""
        return expiry_line(item, width, ListContext(self.now, self.flags, self._names), self._need)

    def when_empty(self) -> str:
        """Say that there is nothing to wait for."""
        return "Nothing here expires."


CORNERS = 4
"""Cells between the corners of a border and a title in it."""
AROUND_CAPTION = 6
"""Cells of the border on both sides of a caption."""


class ChainPane(Lines[Line]):
    """How the profile under the tree's cursor gets its credentials."""

    BORDER_TITLE = "3 Chain"
    BINDINGS: ClassVar[list[BindingType]] = SCROLLING
    can_focus = True

    def __init__(self, now: datetime, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.now = now
        self.flags = Flags()
        self._subject: tuple[Snapshot, ProfileReport] | None = None
        self._heading: Node | None = None
        self._names: tuple[Snapshot, Names] | None = None
        self._details: Callable[[datetime], Details] | None = None

    class Grown(Message):
        """It has another number of lines than before."""

    def show(self, items: Sequence[Line]) -> None:
        """Show these lines; say so where there are more or fewer of them."""
        before = len(self.items)
        super().show(items)
        if len(items) != before:
            self.post_message(self.Grown())

    def present(self, snapshot: Snapshot, node: Node | None) -> None:
        """Draw another profile's chain; for a heading say what is listed under it."""
        self._subject = (snapshot, node.report) if node is not None and node.report is not None else None
        self._heading = node if node is not None and node.report is None else None
        self._details = _details(snapshot, self._heading) if self._heading is not None else None
        if self._names is None or self._names[0] is not snapshot:
            self._names = snapshot, names_of(snapshot.profiles)
        self.redraw()

    def flag(self, flags: Flags) -> None:
        """Flag what is wrong with each hop."""
        self.flags = flags
        self.redraw()

    def redraw(self) -> None:
        """Draw the chain as it is now."""
        width = self.scrollable_content_region.width
        self._retitle()
        if self._subject is not None and width > 0:
            snapshot, report = self._subject
            self.show(draw(View(snapshot, self.now, self.flags), report, width))
        elif self._details is not None:
            from rolecall.tui.render.inspector import detail_lines  # noqa: PLC0415 - the tree comes first

            self.show(detail_lines(self._details(self.now), width))
        elif self._heading is not None:
            words = f"{several(len(self._heading.children), 'profile')} under this heading."
            self.show(message_lines(words, width))
        else:
            self.show(message_lines("Choose a profile on the left.", width))

    def _retitle(self) -> None:
        """Name the profile in the border, cut in its middle: Textual would cut its end."""
        title = self.BORDER_TITLE
        if self._subject is not None and self._names is not None:
            room = max(self.size.width - len(f"{title}: ") - CORNERS, 1)
            title = f"{title}: {self._names[1].cut(inert(self._subject[1].name), room)}"
        self.entitle(title=as_title(title))

    def lay_out(self, item: Line, width: int) -> Line:  # noqa: ARG002 - drawn to the width already
        """The lines are drawn whole."""
        return item

    def on_resize(self) -> None:
        """Draw it to the new width."""
        super().on_resize()
        self.redraw()


def _details(snapshot: Snapshot, heading: Node) -> "Callable[[datetime], Details] | None":
    """Return what describes a login, or a section that is no profile; None for other headings."""
    if not (heading.note or heading.key == LOGINS or heading.key.startswith(SESSION)):
        return None
    from rolecall.doctor.sessions import LoginTopic, look_at  # noqa: PLC0415 - the tree comes first
    from rolecall.tui.render import inspector  # noqa: PLC0415 - as above
    from rolecall.tui.render.items import topic_of_node  # noqa: PLC0415 - as above

    if heading.note:
        told = inspector.of_stray(snapshot, heading.key.removeprefix(STRAY))
        return lambda _: told
    topic = topic_of_node(heading)
    if not isinstance(topic, LoginTopic):
        return None
    state = look_at(snapshot, topic)
    return lambda now: inspector.login_details(state, now)


class EnvironmentPane(FlaggedRows[Variable]):
    """Each variable, masked, with its verdict."""

    BORDER_TITLE = "4 Environment"

    def key_of(self, item: Variable) -> Hashable:
        """A variable's name."""
        return item.name

    def present(self, snapshot: Snapshot) -> None:
        """Show another Snapshot."""
        self.show(snapshot.variables)
        conflicts = sum(variable.verdict.is_conflict for variable in snapshot.variables)
        self.entitle(subtitle=several(conflicts, "conflict") if conflicts else "")

    def flag_of(self, item: Variable) -> Flag | None:
        """What is wrong with it."""
        return self.flags.variables.get(item.name)

    def lay_out(self, item: Variable, width: int) -> Line:
        """Draw a variable."""
        return variable_line(item, width, self.flags)

    def when_empty(self) -> str:
        """Say that nothing here interferes."""
        return "No AWS variables are set here."


class CachePane(TimedRows[CacheEntry]):
    """Every file of the four cache directories."""

    BORDER_TITLE = "5 Cache"

    def __init__(self, now: datetime, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(now, id=id)
        self.marks: set[Path] = set()
        self._by_profile: dict[str, CacheEntry] = {}
        self._names = names_of(())

    def key_of(self, item: CacheEntry) -> Hashable:
        """A file's path."""
        return item.path

    def present(self, snapshot: Snapshot) -> None:
        """Show another Snapshot, the worst first."""
        self.marks &= {entry.path for entry in snapshot.entries}
        self._names = names_of(map(profiles_of, snapshot.entries))
        self.show(sorted(snapshot.entries, key=order))
        self._by_profile = {name: entry for entry in reversed(self.items) for name in entry.profiles}
        self.retitle()

    def retitle(self) -> None:
        """Count the files by their state in the border."""
        expired = sum(entry.expiry.as_of(self.now).shown is State.EXPIRED for entry in self.items)
        orphans = sum(entry.is_orphan for entry in self.items)
        corrupt = sum(entry.file.is_damaged for entry in self.items)
        many = len(self.items)
        counts = [f"{len(self.marks)} marked"] if self.marks else []
        counts += [f"{corrupt} corrupt"] if corrupt else []
        counts += [several(orphans, "orphan")] if orphans else []
        counts += [f"{expired} expired"] if expired else []
        counts += [several(many, "file")] if many else []
        # a caption that is cut would hide what matters, which stands first
        while len(counts) > 1 and len(" · ".join(counts)) > max(self.outer_size.width - AROUND_CAPTION, 0):
            counts.pop()
        self.entitle(subtitle=" · ".join(counts))

    def on_resize(self) -> None:
        """Fit the caption to the new width."""
        super().on_resize()
        self.retitle()

    @property
    def marked(self) -> tuple[CacheEntry, ...]:
        """The marked files, else the one under the cursor."""
        marked = tuple(entry for entry in self.items if entry.path in self.marks)
        return marked or ((self.current,) if self.current is not None else ())

    def toggle_mark(self) -> None:
        """Mark the file under the cursor, or take its mark away; then go on to the next line."""
        if self.current is None:
            return
        self.marks ^= {self.current.path}
        self.retitle()
        self.redraw_changed()
        self.cursor += 1

    def mark_shown(self, *, inverts: bool) -> None:
        """Mark all files, or exactly those that are not marked."""
        paths = {entry.path for entry in self.items}
        self.marks = self.marks ^ paths if inverts else self.marks | paths
        self.retitle()
        self.redraw_changed()

    def clear_marks(self) -> None:
        """Remove all marks."""
        self.marks.clear()
        self.retitle()
        self.redraw_changed()

    def follow(self, profile: str) -> None:
        """Put the cursor on the file that serves a profile, if there is one."""
        entry = self._by_profile.get(profile)
        self.point_at(entry.path if entry is not None else None)

    def flag_of(self, item: CacheEntry) -> Flag | None:
        """What is wrong with it."""
        return self.flags.files.get(item.path)

    def expiry_of(self, item: CacheEntry) -> Expiry | None:
        """The expiry that is written in the file."""
        return item.expiry

    def lay_out(self, item: CacheEntry, width: int) -> Line:
        """Draw a file."""
        return cache_line(item, width, ListContext(self.now, self.flags, self._names, self.marks))

    def when_empty(self) -> str:
        """Say when there will be some."""
        return "No cached credentials before the first use."


def first_run_page(snapshot: Snapshot) -> Static:
    """Return what is shown in place of the panes where there are no profiles."""
    lines = _around_the_error(snapshot)
    return Static(Content("\n").join(content(line) for line in first_run(snapshot, lines)), id="empty")


ROUND_AN_ERROR = 2
"""Lines that are shown before and after one that does not parse."""


def _around_the_error(snapshot: Snapshot) -> "list[ShownLine]":
    """Return the lines around where a file does not parse; none where all of them do."""
    broken = snapshot.merged.broken_file
    if broken is None or broken.line is None:
        return []
    from rolecall.tui.screens.repair import passage  # noqa: PLC0415 - few homes need it

    around = passage(broken, snapshot.host.encoding)
    return [each for each in around if abs(each.number - broken.line) <= ROUND_AN_ERROR]


class PaneTabs(Widget):
    """Which pane is shown beside the tree, in a narrow layout."""

    TITLES = (("expiry", "2 Expiry"), ("chain", "3 Chain"), ("environment", "4 Env"), ("cache", "5 Cache"))
    chosen: reactive[str] = reactive("expiry")

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, pane: str) -> None:
            super().__init__()
            self.pane = pane

    def render(self) -> Content:
        """Lay the tabs out (called by Textual)."""
        spans: list[Span] = []
        for name, title in self.TITLES:
            spans += [Span(title, Tone.ACCENT if name == self.chosen else Tone.DIM), Span("  ")]
        return content(fit(spans, (), self.content_size.width))

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the mouse."""
        x = event.x - self.gutter.left
        for name, title in self.TITLES:
            if x < len(title) + 2:
                self.post_message(self.Chosen(name))
                return
            x -= len(title) + 2


FRAME = 2
"""Rows of a pane's frame."""


def shares(needs: Sequence[int], room: int) -> list[int]:
    """Share rows among panes: what a pane does not need goes to the others, and to the last what none needs.

    Args:
        needs: the rows that each pane has lines for.
        room: the rows that there are.
    """
    given = [0] * len(needs)
    left = room
    # the smallest first: what it leaves is shared by all that need more
    for number, index in enumerate(sorted(range(len(needs)), key=needs.__getitem__)):
        given[index] = min(needs[index], left // (len(needs) - number))
        left -= given[index]
    given[-1] += left
    return given


class PaneGrid(Vertical):
    """The panes; they follow the tree's cursor."""

    def __init__(self, now: datetime) -> None:
        super().__init__(id="panes")
        self._tabs = PaneTabs(id="tabs")
        self.expiry = ExpiryPane(now, id="expiry")
        self.chain = ChainPane(now, id="chain")
        self.environment = EnvironmentPane(id="environment")
        self.cache = CachePane(now, id="cache")
        self._columns = (
            Vertical(self.expiry, self.chain, id="middle"),
            Vertical(self.environment, self.cache, id="right"),
        )
        self._in_columns = 0
        self._most_of_chain = 0
        """The lines of the longest chain that was shown: what is below it does not jump with each profile."""
        for pane in (self.expiry, self.chain, self.environment, self.cache):
            pane.add_class("pane")

    def compose(self) -> ComposeResult:
        """Two columns under the tabs."""
        yield self._tabs
        yield Horizontal(*self._columns, id="columns")

    def on_mount(self) -> None:
        """Begin with the expiry pane."""
        self.choose("expiry")

    def choose(self, name: str) -> None:
        """Bring a pane to the front, for a layout that shows one of them."""
        for column in self._columns:
            for pane in column.children:
                pane.set_class(pane.id == name, "chosen")
            column.set_class(any(pane.id == name for pane in column.children), "chosen")
        self._tabs.chosen = name

    def present(self, snapshot: Snapshot, node: Node | None) -> None:
        """Show another Snapshot."""
        self.expiry.present(snapshot)
        self.environment.present(snapshot)
        self.cache.present(snapshot)
        self.follow(snapshot, node)
        self._share_height()

    def flag(self, flags: Flags) -> None:
        """Flag what is wrong in each pane."""
        for pane in (self.expiry, self.chain, self.environment, self.cache):
            pane.flag(flags)

    def follow(self, snapshot: Snapshot, node: Node | None) -> None:
        """Show what belongs to the node under the tree's cursor."""
        report = node.report if node is not None else None
        self.chain.present(snapshot, node)
        self.expiry.follow(report)
        self.cache.follow(report.name if report is not None else "")

    def on_chain_pane_grown(self) -> None:
        """Share the height anew."""
        self._share_height()

    def on_resize(self) -> None:
        """Share the new height."""
        self._most_of_chain = 0
        self._share_height()

    def put_in_columns(self, columns: int) -> None:
        """Put the panes into one column or two; into none: one pane at a time, below the tree."""
        self._in_columns = columns
        self.set_class(columns == 1, "one-column")
        self._share_height()

    def _share_height(self) -> None:
        """Give each pane the rows that it has lines for; the last of a column has those that are left."""
        if not self.size.height:
            return
        self._most_of_chain = max(self._most_of_chain, self.chain.lines_needed)
        panes: tuple[Lines[Any], ...] = (self.expiry, self.chain, self.environment, self.cache)
        stacks: tuple[tuple[Lines[Any], ...], ...] = {0: (), 1: (panes,), 2: (panes[:2], panes[2:])}[
            self._in_columns
        ]
        heights: dict[str | None, int] = {}
        for stack in stacks:
            needs = [FRAME + self._lines_of(pane) for pane in stack]
            heights |= zip((pane.id for pane in stack), shares(needs, self.size.height), strict=True)
        for pane in panes:
            pane.styles.height = heights.get(pane.id)
        # below the tree none is higher than the longest of them: the tree does not jump with each tab
        self.styles.max_height = None if stacks else FRAME + 1 + max(map(self._lines_of, panes))

    def _lines_of(self, pane: Lines[Any]) -> int:
        return self._most_of_chain if pane is self.chain else pane.lines_needed

    def set_time(self, now: datetime) -> None:
        """Let the panes know what time it is."""
        for pane in (self.expiry, self.chain, self.cache):
            pane.now = now

    def tick(self, *, has_turned: bool) -> None:
        """Redraw the lines that say something else now."""
        self.expiry.redraw_changed()
        self.chain.redraw()
        self.cache.tick(has_turned=has_turned)
