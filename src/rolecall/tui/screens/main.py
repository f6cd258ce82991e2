"""The main screen: the profiles at the left, four panes that follow them."""

from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer, Input

from rolecall.aws.attribution import CacheEntry
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.variables import Variable
from rolecall.tui import commands, details
from rolecall.tui.ends import End
from rolecall.tui.outline import OutlineLine
from rolecall.tui.panes.cache import CachePane
from rolecall.tui.panes.chain import ChainPane
from rolecall.tui.panes.environment import EnvironmentPane
from rolecall.tui.panes.expiry import ExpiryPane
from rolecall.tui.panes.tree import ProfileTree
from rolecall.tui.screens.copy import CopyScreen
from rolecall.tui.screens.details import DetailsScreen
from rolecall.tui.screens.help import HelpScreen
from rolecall.tui.widgets.filter import FilterInput
from rolecall.tui.widgets.rows import Rows
from rolecall.tui.widgets.strips import FirstRun, PaneTabs, TopLine

COMMAND_ACTIONS = {command.action.partition("(")[0] for command in commands.COMMANDS}
PANES = ("tree", "expiry", "chain", "environment", "cache")


class MainScreen(Screen[None]):
    """What is there, live."""

    BINDINGS: ClassVar[list[BindingType]] = list(commands.BINDINGS)
    COMMANDS: ClassVar = {commands.RolecallCommands}
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (120, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (8, "-high")]

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self._now = now
        self.snapshot: Snapshot | None = None
        self._top = TopLine(id="top")
        self._tabs = PaneTabs(id="tabs")
        self._empty = FirstRun(id="empty")
        self._filter = FilterInput(id="filter")
        self.tree_pane = ProfileTree(now, id="tree")
        self.expiry_pane = ExpiryPane(now, id="expiry")
        self.chain_pane = ChainPane(now, id="chain")
        self.environment_pane = EnvironmentPane(id="environment")
        self.cache_pane = CachePane(now, id="cache")
        self._panes: tuple[Widget, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the tree first; the panes come after the first paint."""
        yield self._top
        with Horizontal(id="body"), Vertical(id="left"):
            self.tree_pane.add_class("pane")
            yield self.tree_pane
            yield self._filter
        yield self._empty
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Focus the tree, and bring the panes once it is on the screen."""
        self.tree_pane.focus()
        self.call_after_refresh(self._mount_panes)

    async def _mount_panes(self) -> None:
        panes = (self.expiry_pane, self.chain_pane, self.environment_pane, self.cache_pane)
        for pane in panes:
            pane.add_class("pane")
        await self.query_one("#body").mount(
            Vertical(
                self._tabs,
                Horizontal(
                    Vertical(self.expiry_pane, self.environment_pane, id="middle"),
                    Vertical(self.chain_pane, self.cache_pane, id="right"),
                ),
                id="panes",
            )
        )
        self._panes = panes
        self._choose("expiry")
        self._present_panes()

    def present(self, snapshot: Snapshot) -> None:
        """Show another Snapshot; the cursor, the marks and the scroll positions stay."""
        self.snapshot = snapshot
        self._empty.snapshot = snapshot
        self.set_class(not snapshot.profiles, "first-run")
        self._top.present(snapshot, self._now)
        self.tree_pane.present(snapshot)
        self._present_panes()

    def _present_panes(self) -> None:
        if not self._panes or self.snapshot is None:
            return
        self.expiry_pane.present(self.snapshot)
        self.environment_pane.present(self.snapshot)
        self.cache_pane.present(self.snapshot)
        self._follow()

    def tick(self, now: datetime) -> None:
        """Let time pass: redraw the lines that say something else now."""
        self._now = now
        for pane in (self.tree_pane, self.expiry_pane, self.chain_pane, self.cache_pane):
            pane.now = now
        if self.snapshot is None:
            return
        self._top.tick(now)
        self.tree_pane.redraw_changed()
        if self._panes:
            self.expiry_pane.redraw_changed()
            self.chain_pane.redraw()
            self.cache_pane.redraw_changed()

    def _follow(self) -> None:
        """Let the panes show what belongs to the profile under the tree's cursor."""
        if self.snapshot is None or not self._panes:
            return
        item = self.tree_pane.current
        self.chain_pane.present(self.snapshot, item.node if item else None)
        report = item.node.report if item else None
        self.expiry_pane.follow(report)
        self.cache_pane.follow(report.name if report is not None else "")

    @on(Rows.Highlighted, "#tree")
    def _tree_moved(self) -> None:
        self.call_after_refresh(self._follow)

    @on(PaneTabs.Chosen)
    def _tab_chosen(self, event: PaneTabs.Chosen) -> None:
        self.action_pane(event.pane)

    @on(Rows.Selected)
    def _opened(self, event: Rows.Selected) -> None:
        if self.snapshot is None:
            return
        match event.item:
            case OutlineLine(node=node) if node.report is not None:
                self._inspect(node.report.name)
            case OutlineLine(node=node) if node.note:
                self.app.push_screen(
                    DetailsScreen(details.of_stray(self.snapshot, node.key.removeprefix("stray:")))
                )
            case OutlineLine():
                self.tree_pane.toggle_fold()
            case End(profile=str(name)):
                self._inspect(name)
            case Variable() as variable:
                self.app.push_screen(DetailsScreen(details.of_variable(self.snapshot, variable.name)))
            case CacheEntry() as entry:
                self.app.push_screen(DetailsScreen(details.of_entry(self.snapshot, entry.path)))

    def _inspect(self, name: str) -> None:
        assert self.snapshot is not None  # noqa: S101 - for the type checker: the callers looked
        self.app.push_screen(DetailsScreen(details.of_profile(self.snapshot, name)))

    # The commands.

    def action_inspect(self) -> None:
        """Open what the focused pane's cursor stands on; the chain opens the profile."""
        focused = self.focused
        if isinstance(focused, Rows):
            focused.action_select()
        else:
            self.tree_pane.action_select()

    def action_mark(self) -> None:
        """Mark the profile under the cursor."""
        self.tree_pane.toggle_mark()

    def action_unmark(self) -> None:
        """Take all marks away."""
        self.tree_pane.clear_marks()

    def action_regroup(self) -> None:
        """Put the profiles together in the next way."""
        self.tree_pane.regroup(self.tree_pane.grouping.next)

    def action_reread(self) -> None:
        """Read every file again."""
        self.app.call_later(self.app.run_action, "reread")

    def action_copy(self) -> None:
        """Open the menu of what can be copied."""
        report = self.tree_pane.profile
        if report is None:
            self.notify("There is a heading under the cursor: choose a profile.", markup=False)
        else:
            self.app.push_screen(CopyScreen(report))

    def action_help(self) -> None:
        """List every key that works here."""
        self.app.push_screen(HelpScreen(self.active_bindings))

    def action_maximise(self) -> None:
        """Give the focused pane the whole screen, or put it back."""
        if self.maximized is not None:
            self.minimize()
        elif self.focused is not None and self.focused.has_class("pane"):
            self.maximize(self.focused)

    def action_pane(self, name: str) -> None:
        """Focus a pane; in a narrow layout, bring it to the front."""
        if self.maximized is not None:
            self.minimize()
        if name != "tree":
            self._choose(name)
        self.set_class(name != "tree", "pane-first")
        self.query_one(f"#{name}").focus()

    def _choose(self, name: str) -> None:
        """In a narrow layout one pane is to be seen beside the tree."""
        for pane in self._panes:
            pane.set_class(pane.id == name, "chosen")
        for column in self.query("#middle, #right"):
            column.set_class(any(pane.id == name for pane in column.children), "chosen")
        self._tabs.chosen = name

    def action_next_pane(self, by: int) -> None:
        """Focus the next pane, round and round."""
        names = PANES if self._panes else PANES[:1]
        focused = self.focused.id if self.focused is not None else "tree"
        index = names.index(focused) if focused in names else 0
        self.action_pane(names[(index + by) % len(names)])

    def action_back(self) -> None:
        """Go back one step: a maximised pane, a filter, a pane; never out of the app."""
        if self.maximized is not None:
            self.minimize()
        elif self.tree_pane.words and self.tree_pane.has_focus:
            self._close_filter(clear=True)
        else:
            self.action_pane("tree")

    # The filter.

    def action_filter(self) -> None:
        """Open the filter under the tree."""
        self.action_pane("tree")
        self._filter.add_class("open")
        self._filter.focus()

    @on(Input.Changed, "#filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        self.tree_pane.filter(event.value)

    @on(Input.Submitted, "#filter")
    def _filter_kept(self) -> None:
        self._close_filter(clear=False)

    @on(FilterInput.Cleared)
    def _filter_cleared(self) -> None:
        self._close_filter(clear=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """In the filter no key but its own two is a command."""
        return not (self.focused is self._filter and action in COMMAND_ACTIONS)

    def _close_filter(self, *, clear: bool) -> None:
        if clear:
            self._filter.value = ""
            self.tree_pane.filter("")
        self._filter.remove_class("open")
        self.tree_pane.focus()
