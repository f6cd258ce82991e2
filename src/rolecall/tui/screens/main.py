"""The main screen: the profiles at the left, four panes that follow them.

The tree comes first. The panes, the footer and the screens that open over this one are imported and mounted
once it is on the screen.
"""

import asyncio
import contextlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widget import MountError

from rolecall.app_options import Options
from rolecall.aws.snapshot import Snapshot
from rolecall.tui import commands
from rolecall.tui.panes.tree import ProfileTree
from rolecall.tui.render.columns import has_table, share
from rolecall.tui.render.expiry import ExpiryItem, StateChanges
from rolecall.tui.render.first_run import trouble
from rolecall.tui.render.flags import KEY_VARIABLES, Flags
from rolecall.tui.render.tree import TreeLine
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.list_view import Rows
from rolecall.tui.widgets.status_bar import TopLine, TroubleLine

if TYPE_CHECKING:
    from textual.widgets import Input

    from rolecall.doctor.registry import Findings
    from rolecall.tui.actions.runner import Runner
    from rolecall.tui.findings_state import Examined
    from rolecall.tui.panes.grid import PaneGrid, PaneTabs

COMMAND_ACTIONS = {command.action.partition("(")[0] for command in commands.COMMANDS}
NEEDS_PROFILES = {
    "inspect",
    "mark",
    "mark_shown",
    "unmark",
    "filter",
    "regroup",
    "sort",
    "copy",
    "maximise",
    "pane",
    "next_pane",
}
PANES = ("tree", "expiry", "chain", "environment", "cache")


_LIKE_AN_ERROR = re.compile(
    r"error|exception|expired|denied|credential|token|unable to|could not|cannot|not auth|invalid|failed",
    re.IGNORECASE,
)
_MOST_LOOKED_AT = 4096
"""Characters of a pasted text in which such a word is looked for."""


class Explains(Protocol):
    """What opens the screens that explain (``explaining.Explaining``)."""

    async def inspect(self, item: object) -> bool:
        """Open the Inspector on an item of a pane; False if it has none."""

    async def explain(self, what: str) -> None:
        """Go to the next finding, list all, or answer why."""

    async def ask_about_error(self, text: str = "") -> None:
        """Ask for an error message, and explain it."""


class MainScreen(Screen[None]):
    """The profiles and the four panes, live."""

    class Turned(Message):
        """Time alone has changed a state; another source may now take its place (a token for its role)."""

    BINDINGS: ClassVar[list[BindingType]] = list(commands.BINDINGS)
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (120, "-wide"), (160, "-table")]  # noqa: RUF012 - Textual's type
    VERTICAL_BREAKPOINTS = [(0, "-low"), (8, "-short"), (18, "-high")]  # noqa: RUF012 - as above

    ALLOW_IN_MAXIMIZED_VIEW = "#top, Footer"

    def __init__(self, now: datetime, options: Options, bring_actions: Callable[[], Explains]) -> None:
        super().__init__()
        self._bring_actions = bring_actions
        self._now = now
        self.options = options
        if options.emits is not None:  # started by rc, which runs what is left to it
            commands.name_keys(self, {"act('use')": "Use in this shell"})
        self.snapshot: Snapshot | None = None
        self._good: Snapshot | None = None
        """The last Snapshot that had profiles."""
        self._top = TopLine(now, id="top")
        self._trouble = TroubleLine(id="trouble")
        self.tree_pane = ProfileTree(now, id="tree")
        self.grid: PaneGrid | None = None
        self.is_complete = asyncio.Event()
        self._turns: StateChanges | None = None
        self._runner: Runner | None = None
        self._explaining: Explains | None = None
        self.findings: Findings | None = None
        self._flags = Flags()
        self._begun: Callable[[str], None] = lambda _: None
        self._typed_ahead: Callable[[], object] | None = None
        self._obstructed: frozenset[str] = frozenset()
        self._many: Mapping[str, int] = {}
        self.goes_to_demo = False
        self.is_behind = False
        """Whether a state has changed that is being worked out again."""

    def compose(self) -> ComposeResult:
        """Lay out the top line and the tree."""
        self.tree_pane.add_class("pane")
        yield self._top
        self._trouble.display = False
        yield self._trouble
        with Horizontal(id="body"), Vertical(id="left"):
            yield self.tree_pane

    async def on_mount(self) -> None:
        """Focus the tree, and bring the rest once it is on the screen."""
        self.tree_pane.focus()
        if self.snapshot is not None:
            await self.present(self.snapshot)
        self.watch(self, "maximized", self._share_width, init=False)
        self.call_after_refresh(self._mount_rest)

    def focus_first(self) -> None:
        """Have the tree take the keys, if nothing else does yet."""
        if self.focused is None:
            self.set_focus(self.tree_pane)

    def on_resize(self) -> None:
        """Share the new width."""
        self._share_width()

    def _share_width(self) -> None:
        """Make the tree a table where there is room for one beside the panes, or where it has the screen."""
        width, height = self.size
        is_table = has_table(width, height)
        self.tree_pane.tabulate(is_table=is_table or self.maximized is self.tree_pane)
        needed = self.tree_pane.table_width if is_table else self.tree_pane.names_width
        columns, left = share(width, height, needed)
        is_first_run = self.has_class("first-run")
        self.query_one("#left").styles.width = None if is_first_run else left
        if self.grid is not None:
            self.grid.put_in_columns(0 if is_first_run else columns)

    async def _mount_rest(self) -> None:
        with contextlib.suppress(MountError):  # q was typed ahead: the app is closing
            await self._mount_panes()

    async def _mount_panes(self) -> None:
        from rolecall.tui.panes.grid import PaneGrid  # noqa: PLC0415 - the tree comes first
        from rolecall.tui.widgets.footer import FilterInput, KeyFooter  # noqa: PLC0415 - as above

        await self.mount(KeyFooter())
        await self.query_one("#left").mount(FilterInput(id="filter"))
        grid = PaneGrid(self._now)
        await self.query_one("#body").mount(grid)
        self.grid = grid
        self._share_width()
        if self.snapshot is not None:
            self._present_grid(self.snapshot)
        self.refresh_bindings()  # the footer has received none yet
        self.is_complete.set()

    async def present(self, snapshot: Snapshot) -> None:
        """Show another Snapshot; the cursor, the marks and the scroll positions stay."""
        self.snapshot = snapshot
        self._set_time(snapshot.host.now())
        self._turns = StateChanges(snapshot, self._now)
        self._top.present(snapshot, self._now)
        if snapshot.profiles:
            self._good = snapshot
        self._trouble.tell(trouble(snapshot) if self.is_stale else "")
        self.tree_pane.set_stale(is_stale=self.is_stale)
        if snapshot.merged.broken_file is None and not self.is_stale:
            # over a half-saved file the tree keeps its place and its marks
            self.tree_pane.present(snapshot)
        await self._present_emptiness(snapshot)
        self._share_width()
        self._present_grid(snapshot)
        self.look_for_obstacles()

    async def _present_emptiness(self, snapshot: Snapshot) -> None:
        """Where there are no profiles, say why in place of the tree and the panes."""
        was_empty, is_empty = self.has_class("first-run"), not snapshot.profiles and not self.is_stale
        if not (was_empty or is_empty):
            return
        self.set_class(is_empty, "first-run")
        has_keys = any(variable.name in KEY_VARIABLES for variable in snapshot.variables)
        self.set_class(is_empty and has_keys, "-with-keys")
        self.refresh_bindings()
        await self.query("#empty").remove()
        if is_empty:
            from rolecall.tui.panes.grid import first_run_page  # noqa: PLC0415 - few homes need it

            await self.mount(first_run_page(snapshot), before="#body")
        elif self.focused is None:
            self.tree_pane.focus()

    @property
    def is_stale(self) -> bool:
        """Whether a file has broken, so that the profiles are shown as they were before."""
        snapshot = self.snapshot
        is_empty = snapshot is not None and not snapshot.profiles
        return is_empty and self._good is not None and bool(trouble(self.snapshot))

    @property
    def _shown(self) -> Snapshot | None:
        """The Snapshot whose profiles are shown."""
        return self._good if self.is_stale else self.snapshot

    def _present_grid(self, snapshot: Snapshot) -> None:
        if self.grid is not None and not self.is_stale:
            item = self.tree_pane.current
            self.grid.present(snapshot, item.node if item else None)
            self.grid.flag(self._flags)

    def tick(self, now: datetime) -> None:
        """Let time pass: redraw the lines that say something else now."""
        self._set_time(now)
        if self.snapshot is None:
            return
        has_turned = self._turns is not None and self._turns.pass_to(now)
        self.tree_pane.tick(has_turned=has_turned)
        if self.grid is not None:
            self.grid.tick(has_turned=has_turned)
        if has_turned:
            self.is_behind = True
            self._top.present(self.snapshot, now)
            self.post_message(self.Turned())

    def _set_time(self, now: datetime) -> None:
        self._now = now
        self.tree_pane.now = now
        if self.grid is not None:
            self.grid.set_time(now)

    @on(Rows.Highlighted, "#tree")
    def _tree_moved(self) -> None:
        self.call_after_refresh(self._follow)

    def _follow(self) -> None:
        if self._shown is not None and self.grid is not None:
            item = self.tree_pane.current
            self.grid.follow(self._shown, item.node if item else None)
        self.look_for_obstacles()

    @on(Rows.Selected)
    async def _clicked(self, event: Rows.Selected) -> None:
        await self._open(event.item)

    async def _open(self, item: object) -> None:
        is_of_profile = isinstance(item, ExpiryItem) or (
            isinstance(item, TreeLine) and item.node.report is not None
        )
        if self.is_stale and is_of_profile:
            self.action_act("edit")  # it is not known any more: all that there is to see is the line
            return
        # awaited, here and below: the next key is for the screen that opens
        explaining = self._explaining or self._bring_actions()
        if not await explaining.inspect(item) and isinstance(item, TreeLine):
            self.tree_pane.toggle_fold()

    # What is wrong.

    def as_it_stands(self) -> "tuple[Snapshot, Findings] | None":
        """Return the Snapshot and the findings, with times counted from now; None until they are known."""
        if self.snapshot is None or self.findings is None:
            return None
        now = self.snapshot.host.now()
        return self.snapshot.as_of(now), self.findings.as_of(now)

    def present_findings(self, examined: "Examined") -> None:
        """Flag what is wrong in every pane, and count it at the top."""
        self.findings = examined.findings
        self.is_behind = False
        self._flags = examined.flags
        self._top.flag(examined.flags)
        if not self.is_stale:
            self.tree_pane.flag(examined.flags)
            if self.grid is not None:
                self.grid.flag(self._flags)
        self._go_on()

    async def action_explain(self, what: str) -> None:
        """Go to the next finding, list all, or answer why."""
        if self._explaining is not None and self.findings is not None:
            await self._explaining.explain(what)
        else:
            self._typed_ahead = lambda: self.action_explain(what)

    async def on_paste(self, event: events.Paste) -> None:
        """Ask about an error message that is pasted; the filter takes what is pasted into it."""
        event.stop()
        if self._explaining is None or self.findings is None:
            self._typed_ahead = lambda: self.on_paste(event)
        elif _LIKE_AN_ERROR.search(event.text, 0, _MOST_LOOKED_AT):
            await self._explaining.ask_about_error(event.text)
        elif event.text.strip():
            key = commands.key_of(self.app, "paste")
            self.notify(
                f"What was pasted does not look like an error message; {key} takes any text.", markup=False
            )

    def _go_on(self) -> None:
        """Do what was typed before what it needs was there."""
        typed, self._typed_ahead = self._typed_ahead, None
        if typed is not None:
            self.call_later(typed)

    # The commands.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the filter no key but its own two is a command; without profiles some are greyed."""
        if self.focused is not None and self.focused.id == "filter" and action in COMMAND_ACTIONS:
            return False
        if action == "demo":
            return self.has_class("first-run")  # elsewhere it is no key at all
        if action == "act":
            return None if self._obstacle(str(parameters[0])) is not None else True
        if self.has_class("-with-keys") and action in ("pane", "inspect"):
            return True if action == "inspect" or parameters == ("environment",) else None
        return None if self.has_class("first-run") and action in NEEDS_PROFILES else True

    async def action_inspect(self) -> None:
        """Open the item under the focused pane's cursor; the chain opens the profile."""
        rows = self.focused if isinstance(self.focused, Rows) else self.tree_pane
        await self._open(rows.current)

    def action_mark(self) -> None:
        """Mark what is under the cursor: a cache file, else a profile."""
        if self.grid is not None and self.focused is self.grid.cache:
            self.grid.cache.toggle_mark()
        else:
            self.tree_pane.toggle_mark()
        self.look_for_obstacles()

    def action_mark_shown(self, how: str) -> None:
        """Mark all that the list shows, or ``invert`` the marks: cache files in their pane, else profiles."""
        is_of_cache = self.grid is not None and self.focused is self.grid.cache
        rows = self.grid.cache if self.grid is not None and is_of_cache else self.tree_pane
        rows.mark_shown(inverts=how == "invert")
        self.look_for_obstacles()

    def action_unmark(self) -> None:
        """Remove all marks."""
        self.tree_pane.clear_marks()
        if self.grid is not None:
            self.grid.cache.clear_marks()
        self.look_for_obstacles()

    def action_regroup(self) -> None:
        """Put the profiles together in the next way."""
        self.tree_pane.regroup(self.tree_pane.grouping.next)

    def action_sort(self, way: str) -> None:
        """Sort the profiles by the next thing, or by the same the other way."""
        order = self.tree_pane.order
        self.tree_pane.sort(order.next if way == "next" else order.other_way)

    async def action_reread(self) -> None:
        """Read every file again."""
        await self.app.run_action("app.reread")

    async def action_command_palette(self) -> None:
        """Find a command by its name."""
        await self.app.run_action("app.command_palette")

    async def carry_out(self, chosen: str | None) -> None:
        """Do what was chosen in the palette: a command, or to go to a profile."""
        if chosen is None:
            return
        command = commands.BY_ID.get(chosen)
        if command is None:
            self.go_to(chosen)
            return
        obstacle = self.obstacle_to(command)
        if obstacle is None:
            await self.run_action(command.action)
        else:
            self.notify(obstacle, severity="warning", markup=False)

    async def action_change_theme(self) -> None:
        """Choose another theme."""
        await self.app.run_action("app.change_theme")

    async def action_log(self) -> None:
        """Show what was done and said in this session."""
        await self.app.run_action("app.session_log")

    def action_demo(self) -> None:
        """Leave, and have the app over the made-up home come next."""
        self.goes_to_demo = True
        self.app.exit()

    async def action_quit(self) -> None:
        """Leave rolecall; while something is under way, ask."""
        under_way = self._runner.under_way if self._runner is not None else ()
        if not under_way:
            self.app.exit()
            return
        from rolecall.tui.screens.dialog import ConfirmScreen  # noqa: PLC0415 - few sessions need it

        words = ((f"{' and '.join(under_way)}: still under way. Quitting cancels it.", Tone.PLAIN),)
        await self.app.push_screen(ConfirmScreen("Quit rolecall?", words, "Quit"), self._leave)

    def _leave(self, is_sure: bool | None) -> None:  # noqa: FBT001 - the answer to a dialog
        if is_sure:
            self.app.exit()

    async def action_copy(self) -> None:
        """Open the menu of what can be copied."""
        from rolecall.tui.render.items import lines_of_variable  # noqa: PLC0415 - the tree comes first
        from rolecall.tui.screens.pick import CopyScreen, copyable  # noqa: PLC0415 - as above

        report = self.tree_pane.profile
        if self.grid is not None and self.focused is self.grid.environment:
            lines = lines_of_variable(self.snapshot, self.grid.environment.current) if self.snapshot else []
            nothing = "There is no variable under the cursor, or no shell is known for its line."
        else:
            lines = list(copyable(report)) if report is not None else []
            nothing = "There is no profile under the cursor to copy from."
        if lines:
            await self.app.push_screen(CopyScreen(lines))
        else:
            self.notify(nothing, markup=False)

    async def action_help(self) -> None:
        """List every key that works here."""
        await self.app.run_action("app.show_help")

    def action_maximise(self) -> None:
        """Maximise the focused pane, or restore it."""
        if self.maximized is not None:
            self.minimize()
        elif self.focused is not None and self.focused.has_class("pane"):
            self.maximize(self.focused)

    def action_pane(self, name: str) -> None:
        """Focus a pane; in a narrow layout, bring it to the front."""
        if self.maximized is not None:
            self.minimize()
        if name != "tree":
            if self.grid is None:
                return  # typed ahead, before the panes are there
            self.grid.choose(name)
        self.set_class(name != "tree", "pane-first")
        # at once: the next key may be waiting already, and Widget.focus() acts later
        self.set_focus(self.query_one(f"#{name}"))

    def action_next_pane(self, by: int) -> None:
        """Focus the next pane, round and round."""
        names = PANES if self.grid is not None else PANES[:1]
        focused = self.focused.id if self.focused is not None else None
        index = names.index(focused) if focused in names else 0
        self.action_pane(names[(index + by) % len(names)])

    def go_to(self, key: str) -> None:
        """Move to a line of the tree by its node's key, also where the filter hides it."""
        if not self.tree_pane.go_to(key) and self.tree_pane.words:
            self.action_close_filter("clear")
            self.tree_pane.go_to(key)
        self.action_pane("tree")

    def on_pane_tabs_chosen(self, event: "PaneTabs.Chosen") -> None:
        """Go to the pane whose tab was clicked."""
        self.action_pane(event.pane)

    def action_back(self) -> None:
        """Cancel what is under way, or go back one step: a maximised pane, a filter, a pane; never out."""
        if self._runner is not None and self._runner.cancel(self):
            return
        if self.maximized is not None:
            self.minimize()
        elif self.tree_pane.words and self.tree_pane.has_focus:
            self.action_close_filter("clear")
        else:
            self.action_pane("tree")

    # What changes something.

    def set_up(self, runner: "Runner", explaining: Explains, begun: Callable[[str], None]) -> None:
        """Set what carries out the commands, which comes last, and what hears of each that was begun."""
        self._runner = runner
        self._begun = begun
        self._explaining = explaining
        self.look_for_obstacles()
        self._go_on()

    @property
    def is_ready_to_act(self) -> bool:
        """Whether what carries out the commands is there."""
        return self._runner is not None

    def look_for_obstacles(self) -> None:
        """See which commands apply now, and grey the others."""
        if self._runner is None or self.snapshot is None:
            return
        before = self._obstructed, self._many
        self._obstructed, self._many = self._runner.obstructed(), self._runner.many()
        if before != (self._obstructed, self._many):
            self.refresh_bindings()

    def many_for(self, command: str) -> int:
        """Return on how many marked profiles a command acts; 0 where it acts on what is under the cursor."""
        return self._many.get(command, 0)

    def obstacle_to(self, command: commands.Command) -> str | None:
        """Return why a command does not apply, or None where it does."""
        return self._obstacle(command.id) if command.action.startswith("act(") else None

    def _obstacle(self, name: str) -> str | None:
        """Ask at the moment itself: the cursor may have moved since the keys were greyed."""
        if self._runner is None or self.snapshot is None:
            return None
        return self._runner.obstacle(name)

    def action_act(self, name: str) -> None:
        """Begin with a command that changes something."""
        if self._runner is not None:
            self._runner.start(self, name)
            self._begun(name)
        else:
            self._typed_ahead = lambda: self.action_act(name)

    def on_key(self, event: events.Key) -> None:
        """Say why a greyed command does not apply: its key has found no other use."""
        for command in commands.COMMANDS:
            keys = commands.keys_of(self.app, command).split(",")
            obstacle = self.obstacle_to(command) if event.key in keys else None
            if obstacle is not None:
                self.app.clear_notifications()  # a key that is pressed again says it once
                self.notify(obstacle, severity="warning", markup=False)

    def on_descendant_focus(self) -> None:
        """What commands act on depends on the pane."""
        self.look_for_obstacles()

    # The filter.

    def action_filter(self) -> None:
        """Open the filter under the tree."""
        self.action_pane("tree")
        self.add_class("-filtering")
        for line in self.query("#filter"):
            self.set_focus(line.add_class("open"))

    def on_input_changed(self, event: "Input.Changed") -> None:
        """Filter while it is typed."""
        self.tree_pane.filter(event.value)
        self._follow()

    def action_close_filter(self, how: str) -> None:
        """Go back to the tree; ``clear`` lists everything again, ``keep`` does not."""
        from rolecall.tui.widgets.footer import FilterInput  # noqa: PLC0415 - mounted by now

        line = self.query_one(FilterInput)
        if how == "clear":
            line.clear()
            self.tree_pane.filter("")
        line.remove_class("open")
        self.remove_class("-filtering")
        self.set_focus(self.tree_pane)
