"""A walk through everything that opens before something is changed, and back out of it again."""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from rolecall.actions.credentials import obstacle_to_put
from rolecall.tui.actions.runner import WORKERS
from rolecall.tui.commands import COMMANDS
from rolecall.tui.form.completions import CompletionList
from rolecall.tui.form.fields import FieldRow
from rolecall.tui.form.screen import EditScreen
from rolecall.tui.screens.details import DetailsScreen
from rolecall.tui.screens.dialog import ConfirmScreen
from rolecall.tui.screens.dialogs import IntoScreen, NameScreen
from rolecall.tui.screens.diff import DiffScreen, DiffView
from rolecall.tui.screens.pick import ClearScreen, ExportScreen, Preview
from rolecall.tui.screens.repair import FileView, RepairScreen
from rolecall.tui.widgets.lines_view import Lines
from tests.promises.tour import MEDIUM, NARROW, WIDE, Stop, Tour

SIZES = (WIDE, MEDIUM, NARROW)
ACTING = tuple(command for command in COMMANDS if command.action.startswith("act("))
"""Every command that changes something."""

Shown = TypeVar("Shown", bound=Screen[Any])


class ActingTour(Tour):
    """Opens what the commands that change something show first, and goes back; nothing is changed.

    Attributes:
        said: all that was said in passing.
    """

    def __init__(
        self, pilot: Pilot[None], subjects: Sequence[str] = (), sizes: Sequence[tuple[int, int]] = SIZES
    ) -> None:
        """Make the tour.

        Args:
            pilot: drives the app.
            subjects: the profiles whose own screens are opened.
            sizes: of the terminal, in which the first screen of each kind is looked at.
        """
        super().__init__(pilot)
        self.said: list[str] = []
        self._subjects = subjects
        self._sizes = sizes
        notify = self.app.notify

        def noted(message: str, **how: object) -> None:
            self.said.append(message)
            notify(message, **how)  # type: ignore[arg-type]  # as they came

        self.app.notify = noted  # type: ignore[method-assign]  # it is handed on

    async def arrive(self) -> None:
        """Wait until the commands can be given."""
        await super().arrive()
        await self.until(lambda: self.main.is_ready_to_act)

    @property
    def is_busy(self) -> bool:
        """Whether a command is under way, be it that it asks."""
        return any(worker.group == WORKERS and not worker.is_finished for worker in self.app.workers)

    @property
    def profiles(self) -> list[str]:
        """The names of the profiles."""
        assert self.main.snapshot is not None
        return list(self.main.snapshot.profiles)

    def choose(self, name: str) -> None:
        """Put the cursor on a profile."""
        assert self.main.tree_pane.reveal(name), name

    async def give(self, command: str, kind: type[Shown]) -> Shown:
        """Give a command, and wait for the screen that it opens."""
        assert not self.is_busy
        self.main.action_act(command)
        return await self.opens(kind)

    async def opens(self, kind: type[Shown]) -> Shown:
        """Wait for a screen."""
        await self.until(lambda: isinstance(self.app.screen, kind) or not self.is_busy)
        await self.pilot.pause()
        screen = self.app.screen
        assert isinstance(screen, kind), self.said
        return screen

    async def opens_something(self) -> None:
        """Wait until anything is over the main screen, or nothing will be."""
        await self.until(lambda: self.app.screen is not self.main or not self.is_busy)
        await self.pilot.pause()

    async def leave(self) -> None:
        """Go back to the main screen, by as many steps as it takes."""
        while self.is_busy or self.app.screen is not self.main:
            screen = self.app.screen
            if screen is not self.main:
                await screen.run_action("dismiss" if isinstance(screen, DetailsScreen) else "back")
            await self.pilot.pause()

    async def at_all_sizes(self, where: str) -> AsyncIterator[Stop]:
        """Look at what is in front at each size of the terminal; the last one stays."""
        for size in self._sizes:
            if self.app.size != size:
                await self.pilot.resize_terminal(*size)
            yield self.look(f"{where}, {size[0]} by {size[1]}")

    def picture(self, where: str) -> Stop:
        """Take the picture of the screen that the user can have written into a file."""
        return Stop(f"{where}, as a picture", self.app.export_screenshot())

    async def pages(self, where: str, lines: Lines[Any]) -> AsyncIterator[Stop]:
        """Scroll to the end."""
        for page in range(1000):
            yield self.look(f"{where}, page {page}")
            if lines.scroll_offset.y >= lines.max_scroll_y:
                return
            lines.scroll_to(y=lines.scroll_offset.y + lines.size.height, animate=False, immediate=True)
            await self.pilot.pause()

    async def everything(self) -> AsyncIterator[Stop]:
        """Open everything."""
        await self.arrive()
        for part in (
            self.obstacles,
            self.forms,
            self.new_forms,
            self.names,
            self.diffs,
            self.clearing,
            self.exporting,
            self.putting,
        ):
            async for stop in part():
                yield stop

    async def obstacles(self) -> AsyncIterator[Stop]:
        """Why a command does not apply, for each profile and each command."""
        for name in self.profiles:
            self.choose(name)
            said = [self.main.obstacle_to(command) or "" for command in ACTING]
            yield Stop(f"what is in the way at {name!r}", "\n".join(said))

    async def forms(self) -> AsyncIterator[Stop]:
        """The form of a profile, each of its fields in focus; the first at each size."""
        for name in self._subjects:
            where = f"form of {name!r}"
            self.choose(name)
            screen = await self.give("edit", EditScreen)
            if name == self._subjects[0]:
                async for stop in self.at_all_sizes(where):
                    yield stop
            async for stop in self.fields(screen, where):
                yield stop
            yield self.picture(where)
            await self.leave()

    async def fields(self, screen: EditScreen, where: str) -> AsyncIterator[Stop]:
        """Each field in focus; what is not shown of it about to go; the list of what can be typed."""
        for row in list(screen.query(FieldRow).results()):
            at = f"{where}, at {row.field.key!r}"
            screen.set_focus(row.entry)
            screen.action_complete()
            await self.pilot.pause()
            yield self.look(at)
            screen.query_one(CompletionList).close()
            if row.field.is_hidden:
                screen.action_unset()
                await self.pilot.pause()
                yield self.look(f"{at}, about to go")
                screen.action_unset()

    async def new_forms(self) -> AsyncIterator[Stop]:
        """The kinds of a new profile, the form of one, and of an sso-session."""
        screen = await self.give("add", EditScreen)
        async for stop in self.at_all_sizes("kinds of a new profile"):
            yield stop
        await screen.action_enter()
        async for stop in self.fields(screen, "form of a new profile"):
            yield stop
        await self.leave()
        screen = await self.give("add.session", EditScreen)
        async for stop in self.fields(screen, "form of a new sso-session"):
            yield stop
        await self.leave()

    async def names(self) -> AsyncIterator[Stop]:
        """The dialogs that ask for a name, a name that is taken typed into them, and the diffs."""
        name = self._subjects[0]
        for command in ("rename", "duplicate"):
            self.choose(name)
            screen = await self.give(command, NameScreen)
            screen.query_one(Input).value = self.profiles[-1]
            await self.pilot.pause()
            async for stop in self.at_all_sizes(command):
                yield stop
            screen.query_one(Input).value = "another"
            screen.chosen(0)
            diff = await self.opens(DiffScreen)
            async for stop in self.pages(f"diff of {command}", diff.query_one(DiffView)):
                yield stop
            await self.leave()

    async def diffs(self) -> AsyncIterator[Stop]:
        """What would be written, where a profile goes; the first at each size."""
        for name in self._subjects:
            where = f"remove {name!r}"
            self.choose(name)
            screen = await self.give("remove", DiffScreen)
            if name == self._subjects[0]:
                async for stop in self.at_all_sizes(where):
                    yield stop
            async for stop in self.pages(where, screen.query_one(DiffView)):
                yield stop
            yield self.picture(where)
            await self.leave()

    async def clearing(self) -> AsyncIterator[Stop]:
        """Which cache files can go and what each costs; the question before, for the first and the last."""
        screen = await self.give("clear", ClearScreen)
        preview = screen.query_one(Preview)
        many = len(screen.offered)
        for index, selection in enumerate(screen.offered):
            screen.list.cursor = index
            paths = {entry.path for entry in selection.entries}
            await self.until(partial(_lists, preview, paths))
            async for stop in self.pages(f"clear, selection {index}", preview):
                yield stop
        await self.leave()
        for index in (0, many - 1):
            screen = await self.give("clear", ClearScreen)
            screen.list.cursor = index
            screen.action_choose()
            await self.opens(ConfirmScreen)
            async for stop in self.at_all_sizes(f"clear, selection {index}, asked"):
                yield stop
            await self.leave()

    async def exporting(self) -> AsyncIterator[Stop]:
        """In which form, and where to."""
        self.choose(self._giving)
        await self.give("export", ExportScreen)
        async for stop in self.at_all_sizes("export"):
            yield stop
        await self.leave()

    async def putting(self) -> AsyncIterator[Stop]:
        """Into which profile, each that is there typed."""
        self.choose(self._giving)
        screen = await self.give("assume.into", IntoScreen)
        assert self.main.snapshot is not None
        for name in list(self.main.snapshot.merged.credentials.sections)[:3]:
            screen.query_one(Input).value = name[:2]
            await self.pilot.pause()
            yield self.look(f"put into {name!r}, its beginning")
            screen.query_one(Input).value = name
            await self.pilot.pause()
            yield self.look(f"put into {name!r}")
        await self.leave()

    async def questions(self) -> AsyncIterator[Stop]:
        """What is asked before AWS would be called: the time of a chained role, and a log-out."""
        for command, name in (("assume.anew", "logs"), ("logout", "dev")):
            self.choose(name)
            await self.give(command, ConfirmScreen)
            async for stop in self.at_all_sizes(f"{command} {name!r}"):
                yield stop
            await self.leave()

    @property
    def _giving(self) -> str:
        """A profile that has temporary credentials to give."""
        assert self.main.snapshot is not None
        reports = self.main.snapshot.profiles.values()
        return next(each.name for each in reports if obstacle_to_put(each) is None)

    async def repair(self, where: str) -> AsyncIterator[Stop]:
        """Where a file does not parse: what is shown of it, from its beginning to its end."""
        screen = await self.give("edit", RepairScreen)
        async for stop in self.at_all_sizes(where):
            yield stop
        for view in screen.query(FileView):
            view.scroll_to(y=0, animate=False, immediate=True)
            await self.pilot.pause()
            async for stop in self.pages(where, view):
                yield stop
        yield self.picture(where)
        await self.leave()


def _lists(preview: Preview, paths: set[Path]) -> bool:
    return {deletion.path for deletion in preview.items} == paths
