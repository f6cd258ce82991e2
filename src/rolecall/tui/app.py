"""The app: its keys, its theme, and the files that it watches."""

import asyncio
import contextlib
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events, on, work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.filter import LineFilter, Monochrome, NoColor
from textual.notifications import Notify
from textual.screen import Screen

from rolecall.app_options import Characters, Options
from rolecall.aws.snapshot import Snapshot
from rolecall.cells import cut_end, wrap
from rolecall.host import Host
from rolecall.signals import has_hung_up
from rolecall.text import inert
from rolecall.tui.commands import COMMANDS, key_name, key_of, shown_keys
from rolecall.tui.memory import Memory, Values
from rolecall.tui.screens.main import MainScreen
from rolecall.tui.theme import DARK, THEMES, legible

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from rolecall.tui.action_log import ActionLog
    from rolecall.tui.actions.runner import Runner
    from rolecall.tui.actions.target import Target
    from rolecall.tui.explaining import Explaining
    from rolecall.tui.findings_state import Examined, Examiner, Following
    from rolecall.tui.notices import Notice, Notices


class StderrDriver(LinuxDriver):
    """Textual's driver on the terminal of stderr, at the size of that terminal, not of stdout's."""

    def _get_terminal_size(self) -> tuple[int, int]:
        try:
            size = os.get_terminal_size(sys.__stderr__.fileno() if sys.__stderr__ is not None else 2)
        except OSError:
            return super()._get_terminal_size()
        return size.columns, size.lines


SIXTEEN = ("standard", "windows")
"""What Rich calls the colours of a terminal that has sixteen."""
SNAPSHOT_WAIT = 0.15
"""Seconds for which the first paint waits for the first Snapshot."""
TICK = 1.0
MOST_LINES = 2
"""Lines that a notice takes: the border of the panes and the footer, and no row of a pane."""
_TOAST_FRAME = 3
"""Cells that a notice takes beside its words."""
SETTLED = 0.5
"""Seconds after which the watch is certainly set up."""
PROBLEM = 12.0
"""Seconds for which a problem in the user settings stays on the screen."""
POLL = 5.0
"""Seconds between rereads where the system cannot watch files."""


class RolecallApp(App[None]):
    """A roll call for your AWS profiles."""

    TITLE = "rolecall"
    ENABLE_COMMAND_PALETTE = False  # Textual's own; ours has our frame
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, system=True),
        Binding("ctrl+c", "help_quit", show=False, system=True),
    ]
    # Textual does not load the style sheet of a screen that get_default_screen returns
    CSS_PATH = "screens/main.tcss"

    def __init__(
        self,
        host: Host,
        first: Future[Snapshot] | None = None,
        when_complete: Callable[[], None] = lambda: None,
        options: Options = Options(),  # noqa: B008 - immutable
        driver_class: type[Driver] | None = None,
        *,
        memory: Memory = Memory(),  # noqa: B008 - immutable
    ) -> None:
        """Make the app over a Host.

        Args:
            host: the world to show.
            first: the first Snapshot, where it is under way already.
            when_complete: called once everything is on the screen.
            options: how it is started.
            driver_class: what draws it, where that is not Textual's own choice.
            memory: what is remembered from the last time.
        """
        super().__init__(driver_class)
        self.host = host
        self._first = first
        self._when_complete = when_complete
        self._options = options
        self._runner: Runner | None = None
        self._main = MainScreen(host.now(), options, self._set_up_actions)
        self._is_lent = False
        self._own_loop: asyncio.AbstractEventLoop | None = None
        self._typed_early: list[events.Event] | None = []
        """What was typed before there was anything to take it; None once there is."""
        self.ending_signal: int | None = None
        """The signal by which the app ends, None where the user leaves it."""
        self._reading = asyncio.Lock()
        self._examining = asyncio.Lock()
        self._examiner: Examiner | None = None
        self._problem: str | None = None
        self._notices: Notices | None = None
        self._keys_written: Mapping[str, tuple[str, ...]] = {}
        self._keys_problem: str | None = None
        self._entries: ActionLog | None = None
        self._few_colors: tuple[dict[str, str], LineFilter] | None = None
        self._character_filters: Sequence[LineFilter] = ()
        if options.characters is not Characters.ALL:
            from rolecall.tui.line_filters import FewCharacters  # noqa: PLC0415 - few terminals need it

            self._character_filters = (FewCharacters(options.characters),)
            self._main.tree_pane.has_glyphs = False
        for theme in THEMES:
            self.register_theme(theme)
        left_in = memory.values.get("theme")
        self.theme = left_in if isinstance(left_in, str) and left_in in self.available_themes else DARK.name
        self._main.tree_pane.recall(memory.values)
        self._forgotten = memory.problem

    @property
    def snapshot(self) -> Snapshot | None:
        """The Snapshot on the screen."""
        return self._main.snapshot

    def get_default_screen(self) -> Screen[None]:
        """The main screen is the bottom of the stack (called by Textual)."""
        return self._main

    def get_css_variables(self) -> dict[str, str]:
        """Return the theme's colours, each legible where it is used (called by Textual)."""
        self.theme_variables = legible(super().get_css_variables())
        return self.theme_variables

    @property
    def has_sixteen_colors(self) -> bool:
        """Whether the terminal has no more than its own sixteen colours; a picture has all there are."""
        return self.console.color_system in SIXTEEN and not self.is_headless

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what changes lines before they are sent (called by Textual)."""
        return [*self._color_filters(), *self._character_filters]

    def _color_filters(self) -> Sequence[LineFilter]:
        is_plain = bool(os.environ.get("NO_COLOR"))  # https://no-color.org: an empty one asks for nothing
        if not is_plain and (self.native_ansi_color or not self.has_sixteen_colors):
            return [
                each for each in super().get_line_filters() if not isinstance(each, (Monochrome, NoColor))
            ]
        if self._few_colors is None or self._few_colors[0] is not self.theme_variables:
            from rolecall.tui.line_filters import FewColors  # noqa: PLC0415 - few terminals need it

            self._few_colors = self.theme_variables, FewColors(self.theme_variables, colored=not is_plain)
        return [self._few_colors[1]]

    def on_mount(self) -> None:
        """Begin to read; the first paint waits a moment for the names, so that few homes need another."""
        self._own_loop = asyncio.get_running_loop()
        if self.ending_signal is not None:
            self.exit()
        if self._first is not None:
            with contextlib.suppress(TimeoutError):
                self._main.snapshot = self._first.result(timeout=SNAPSHOT_WAIT)
        self._look()
        self.set_interval(TICK, self._tick)

    async def on_ready(self) -> None:
        """Obey what was typed over the first frame."""
        self._main.focus_first()
        typed, self._typed_early = self._typed_early or [], None
        for event in typed:
            await self.on_event(event)

    def _tick(self) -> None:
        terminal = getattr(self._driver, "fileno", None)
        if terminal is not None and has_hung_up(terminal):
            signal.raise_signal(signal.SIGTERM)
        now = self.host.now()
        self._main.tick(now)
        self._announce(now)
        if not self._main.is_behind:
            for screen in self._followers():
                screen.tick(now)

    @work(description="first Snapshot, then watch")
    async def _look(self) -> None:
        if self.snapshot is None:
            await self._main.present(await self._take_first())
        await self._main.is_complete.wait()
        self._when_complete()
        if self._forgotten is not None:
            self.notify(f"{self._forgotten}.", severity="warning", timeout=PROBLEM, markup=False)
        await self._bring_actions()
        await self._bring_examiner()
        from rolecall.tui import watch  # noqa: PLC0415 - the first paint does not need it

        while True:
            # what has changed between the last reading and the beginning of the watch
            self.set_timer(SETTLED, self._reread)
            assert self.snapshot is not None  # noqa: S101 - for the type checker: it was shown above
            try:
                async for _ in watch.changes(self.snapshot.where, self._tokens):
                    await self._reread()
            except* (OSError, RuntimeError):
                # watching is not possible here, or stumbled over a file's name that is no text
                await asyncio.sleep(POLL)

    def _tokens(self) -> Iterable[str]:
        # and the user's own settings, which are read each time
        return (*(self.snapshot.tokens if self.snapshot is not None else ()), str(self.host.settings_file))

    async def _bring_actions(self) -> None:
        """Bring what carries out the commands: the first paint does not need it, and no key waits for it."""
        await asyncio.to_thread(importlib.import_module, "rolecall.tui.explaining")
        await asyncio.to_thread(importlib.import_module, "rolecall.tui.actions.apply_fix")
        if self._runner is None:
            self._set_up_actions()

    def _set_up_actions(self) -> "Explaining":
        """Import what carries out the commands, which enter wants at once, and hand it to the main screen."""
        from rolecall.tui.actions.apply_fix import ACTIONS  # noqa: PLC0415 - as it says
        from rolecall.tui.actions.runner import Runner  # noqa: PLC0415 - as it says
        from rolecall.tui.explaining import Explaining  # noqa: PLC0415 - as it says

        self._runner = Runner(
            self._target,
            self._reread,
            actions=ACTIONS,
            when_done=self._main.look_for_obstacles,
            go_to=self._main.go_to,
            note=self.note,
        )
        explaining = Explaining(self._main, self._runner)
        self._main.set_up(self._runner, explaining, self._begun)
        return explaining

    def _target(self) -> "Target":
        """Return what there is to act on at the moment."""
        from rolecall.tui.actions.target import selected_target  # noqa: PLC0415 - the first paint does not need it

        main = self._main
        assert main.snapshot is not None  # noqa: S101 - for the type checker: nothing is asked before that
        cache = main.grid.cache if main.grid is not None else None
        target = selected_target(main.snapshot, self._options, main.tree_pane, main.focused, cache)
        return replace(target, notice=self._offer())

    def _offer(self) -> "Notice | None":
        """Return what the key that renews is about."""
        if self._notices is None or self.snapshot is None:
            return None
        return self._notices.offer(self.snapshot, self.host.now())

    def _begun(self, command: str) -> None:
        """Have the next quick press of the key that renews be about what expires next."""
        offer = self._offer() if command == "renew" else None
        if self._notices is not None and offer is not None:
            self._notices.note_tried(offer, self.host.now())

    async def _bring_examiner(self) -> None:
        """Look for findings from now on: the first paint does not need them either."""
        await asyncio.to_thread(importlib.import_module, "rolecall.tui.findings_state")
        from rolecall import user_settings  # noqa: PLC0415 - as it says
        from rolecall.tui.findings_state import Examiner  # noqa: PLC0415 - as it says
        from rolecall.tui.notices import Notices  # noqa: PLC0415 - as it says

        self._examiner = Examiner()
        self._notices = Notices(user_settings.NoticeSettings())
        await self._examine()

    async def _examine(self) -> None:
        """Look for findings in the Snapshot on the screen, unless that was done."""
        if self._examiner is None or self._notices is None:
            return
        async with self._examining:
            snapshot = self.snapshot
            examined = await self._examiner.look(snapshot) if snapshot is not None else None
            if examined is None or snapshot is None or snapshot is not self.snapshot:
                return  # the same as before, or a newer Snapshot has come, which is examined by itself
            self._show(snapshot, examined)
            self._notices.wanted = examined.preferences.notices
            self._use_keys(examined.preferences.keys, examined.preferences.problem)

    def _show(self, snapshot: Snapshot, examined: "Examined") -> None:
        self._main.present_findings(examined)
        for screen in self._followers():
            screen.follow(snapshot, examined.findings)

    def _followers(self) -> "list[Following]":
        """Return the screens over the main one that follow the files and the clock."""
        over = self.screen_stack[1:]
        if not over:
            return []
        from rolecall.tui.findings_state import Following  # noqa: PLC0415 - such a screen has brought it

        return [screen for screen in over if isinstance(screen, Following)]

    def _use_keys(self, written: Mapping[str, tuple[str, ...]], problem: str | None) -> None:
        """Use the keys that the user has changed, and say what is wrong with the settings."""
        if written != self._keys_written:
            from rolecall.tui.keymap import keymap  # noqa: PLC0415 - few users change keys

            ours = keymap(written)
            self._keys_written, self._keys_problem = written, ours.problem
            self.set_keymap(dict(ours.keys))
            if self._notices is not None:
                self._notices.renew = key_of(self, "renew")
        self._tell_problem("; ".join(filter(None, (problem, self._keys_problem))) or None)

    def _tell_problem(self, problem: str | None) -> None:
        """Say once what is wrong with the user's settings."""
        if problem is not None and problem != self._problem:
            self.notify(f"{problem}.", severity="warning", timeout=PROBLEM, markup=False)
        self._problem = problem

    def _announce(self, now: datetime) -> None:
        """Announce what is about to expire."""
        if self._notices is None or self.snapshot is None or self._main.findings is None:
            return  # the user's settings, which may want no notices, are read with the first findings
        if next(iter(self._notifications), None) is not None:
            return  # how something went that the user did stays as long as it has to
        due = self._notices.due(self.snapshot, now, self._main.tree_pane.marks)
        if due:
            from rolecall.tui import notices  # noqa: PLC0415 - the first paint does not need it

            notices.announce(self, due, self._notices.wanted)
            self._main.look_for_obstacles()

    @property
    def remembered(self) -> Values:
        """What to remember for the next time."""
        theme = {} if self.theme == DARK.name else {"theme": self.theme}
        return {**theme, **self._main.tree_pane.remembered}

    @property
    def goes_to_demo(self) -> bool:
        """Whether the user wants to look around in the made-up home next."""
        return self._main.goes_to_demo

    @property
    def left_lines(self) -> tuple[str, ...]:
        """The lines for the shell that the app was started from."""
        return self._runner.left_lines if self._runner is not None else ()

    def leave_for_signal(self, number: int) -> bool:
        """Leave as the user does, at the next turn of the event loop; return whether the app will be left.

        A key that interrupts the program to which the terminal is lent is meant for that program alone.
        """
        if self._is_lent and number == signal.SIGINT:
            return False
        self.ending_signal = number
        if self._own_loop is not None:
            self._own_loop.call_soon_threadsafe(self.exit)
        return True

    @contextlib.contextmanager
    def suspend(self) -> Iterator[None]:
        """Lend the terminal to another program (called by Textual too).

        Textual takes the terminal back only if the program raises nothing, so that comes afterwards.
        """
        failure: BaseException | None = None
        self._is_lent = True
        try:
            with super().suspend():
                try:
                    yield
                except BaseException as error:  # noqa: BLE001 - raised below
                    failure = error
        finally:
            self._is_lent = False
        if failure is not None:
            raise failure

    async def on_unmount(self) -> None:
        """Cancel what is under way: the app is closing."""
        if self._runner is not None:
            self._runner.cancel_all()

    async def _take_first(self) -> Snapshot:
        if self._first is not None:
            return await asyncio.wrap_future(self._first)
        return await asyncio.to_thread(Snapshot.take, self.host)

    async def _reread(self) -> None:
        """Read what has changed, and show it if there is anything."""
        async with self._reading:
            before = self.snapshot
            snapshot = await asyncio.to_thread(Snapshot.reread, before) if before is not None else None
            if snapshot is not None and snapshot is not before:
                await self._main.present(snapshot)
            await self._examine()

    async def on_event(self, event: events.Event) -> None:
        """Handle an event (called by Textual); on every screen esc removes what was said in passing, too.

        What is typed before the tree is there is kept, which Textual would drop.
        """
        if self._typed_early is not None and isinstance(event, events.Key | events.Paste):
            self._typed_early.append(event)
            return
        if isinstance(event, events.Key) and event.key == "escape":
            self.clear_notifications()
        await super().on_event(event)

    async def action_command_palette(self) -> None:  # type: ignore[override]
        """Find a command, or a profile, by its name: they are the main screen's, so not from a dialog."""
        from rolecall.tui.screens.palette import Entry, ListScreen, palette_entries  # noqa: PLC0415 - as it is rare

        if self.screen is not self._main:
            return
        entries = [
            Entry(each.id, each.palette, shown_keys(self, each), self._main.obstacle_to(each))
            for each in COMMANDS
            if each.palette is not None
        ]
        names = tuple(self.snapshot.profiles) if self.snapshot is not None else ()
        palette = ListScreen(
            "Commands", "a command, or a profile", lambda words: palette_entries(entries, names, words)
        )
        await self.push_screen(palette, self._main.carry_out)

    async def action_quit(self) -> None:
        """Leave rolecall from any screen, as its own key does."""
        await self._main.action_quit()

    def action_help_quit(self) -> None:
        """Say how to leave: ctrl+c is no key of ours, but what fingers try first."""
        self.clear_notifications()
        leave, back = key_of(self, "quit"), key_of(self, "back")
        words = f"{leave} quits rolecall; {back} goes back, and cancels what is under way."
        self.notify(words, markup=False)

    def get_key_display(self, binding: Binding) -> str:
        """Return a key as a person reads it, also where the user has changed it (called by Textual)."""
        return binding.key_display or key_name(binding.key)

    async def action_show_help(self) -> None:
        """List every key that works on the screen in front."""
        from rolecall.tui.screens.help import HelpScreen  # noqa: PLC0415 - the first paint does not need it

        await self.push_screen(HelpScreen(self.screen.active_bindings))

    async def action_session_log(self) -> None:
        """Show what was done and said in this session."""
        from rolecall.tui.screens.details import DetailsScreen  # noqa: PLC0415 - few sessions need it

        if self.screen is self._main:
            await self.push_screen(DetailsScreen(self._session_log().details))

    async def action_change_theme(self) -> None:  # type: ignore[override]
        """Choose another theme; each is shown while the cursor is on it."""
        from rolecall.tui.screens.palette import ThemeScreen  # noqa: PLC0415 - few sessions need it

        if self.screen is self._main:
            ours = [theme.name for theme in THEMES]
            others = sorted(self.available_themes.keys() - {*ours})
            await self.push_screen(ThemeScreen((*ours, *others), self.theme))

    @on(MainScreen.Turned)
    async def _look_again(self) -> None:
        async with self._reading:
            await self._main.present(await asyncio.to_thread(Snapshot.take, self.host, self.snapshot))
            await self._examine()

    async def action_reread(self) -> None:
        """Read every file again, also those that seem unchanged."""
        async with self._reading:
            await self._main.present(await asyncio.to_thread(Snapshot.take, self.host))
            await self._examine()
        self.notify("Read every file again.", timeout=2, markup=False)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: "SeverityLevel" = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Say something in passing: inert, wherever its words come from; Textual would let ESC through."""
        words = " ".join(filter(None, (inert(message), f"({inert(title)})" if title else "")))
        self.note(words, severity)
        shown, rows = said_in(words, self.size.width - _TOAST_FRAME)
        for screen in self.screen_stack:
            screen.set_class(rows > 1, "-said-in-two")
        super().notify(shown, severity=severity, timeout=timeout, markup=markup)

    def _on_notify(self, _: Notify) -> None:
        """Show one notice at a time, for more would cover what is below; Textual's own handler adds it."""
        self._notifications.clear()

    def note(self, words: str, severity: str) -> None:
        """Keep what was said, for the log of this session."""
        self._session_log().add(self.host.now(), words, severity)

    def _session_log(self) -> "ActionLog":
        from rolecall.tui.action_log import ActionLog  # noqa: PLC0415 - the first paint does not need it

        if self._entries is None:
            self._entries = ActionLog()
        return self._entries

    def _fatal_error(self) -> None:
        """Leave on an error of ours, and say where it happened.

        Textual's own prints every local variable of every frame; and an error's message may quote a value.
        Neither is shown, for any of them may be a secret.
        """
        self.bell()
        error = sys.exc_info()[1]
        self._exit_renderables.append(
            Text("\n".join(_where(error)) if error is not None else "unknown error")
        )
        self._close_messages_no_wait()


def said_in(words: str, width: int) -> tuple[str, int]:
    """Return words in at most two lines of a width, and how many they take; the log has what is cut."""
    lines = wrap(words, max(width, 1))
    if len(lines) <= MOST_LINES:
        return words, len(lines)
    return f"{lines[0]} {cut_end(' '.join(lines[1:]), max(width, 1))}", MOST_LINES


def _where(error: BaseException) -> Iterator[str]:
    """Yield what an error is and where it was raised, and those before it, without their messages."""
    if error.__cause__ is not None or error.__context__ is not None:
        yield from _where(error.__cause__ or error.__context__ or error)
        yield "and then"
    for row in traceback.extract_tb(error.__traceback__):
        yield f"  {row.filename}:{row.lineno} in {row.name}"
    yield f"rolecall: an error of its own, {type(error).__name__}; please report it with these lines"
