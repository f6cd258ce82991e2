"""A walk through all that says what is wrong and why, up to where something would be done about it."""

from collections.abc import AsyncIterator, Iterable, Sequence

from textual.pilot import Pilot

from rolecall.doctor.finding import Finding
from rolecall.doctor.fixes import FixAction
from rolecall.tui.explaining import Explaining
from rolecall.tui.screens.dialog import ConfirmScreen
from rolecall.tui.screens.dialogs import KeepScreen, ShellLineScreen
from rolecall.tui.screens.diff import DiffScreen
from rolecall.tui.screens.findings import FindingDetails, FindingList, FindingsScreen
from rolecall.tui.screens.paste import MessageArea, PasteScreen
from rolecall.tui.why.screen import WhyScreen
from rolecall.tui.why.view import StepsPage
from tests.promises.acting import ActingTour, Shown
from tests.promises.tour import NARROW, PANES, Stop


class ExplainingTour(ActingTour):
    """Opens what says what is wrong and why, and goes back; nothing is changed and nothing goes out."""

    def __init__(
        self,
        pilot: Pilot[None],
        subjects: Sequence[str | None] = (None,),
        messages: Iterable[str] = (),
        sizes: Sequence[tuple[int, int]] = (NARROW,),
        step: int = 1,
    ) -> None:
        """Make the tour.

        Args:
            pilot: drives the app.
            subjects: the profiles of which it is asked why; None for this shell.
            messages: what is pasted where it is asked why of the first of them.
            sizes: of the terminal, in which each screen is looked at; the last one stays.
            step: from one finding that is looked at to the next.
        """
        super().__init__(pilot, sizes=sizes)
        self._step = step
        self._asked_about = subjects
        self._messages = tuple(messages)

    async def explanations(self) -> AsyncIterator[Stop]:
        """Go everywhere."""
        await self.arrive()
        for part in (self.flagged, self.listed, self.answers, self.pasted, self.asides):
            async for stop in part():
                yield stop
        yield Stop("said in passing", "\n".join(self.said))

    async def flagged(self) -> AsyncIterator[Stop]:
        """What is said of the next and the last line of each pane that is flagged."""
        for key, name in PANES.items():
            await self.pilot.press(key, "n")
            yield self.look(f"{name}, the next finding")
            await self.pilot.press("N", "N")
            yield self.look(f"{name}, a finding before")
        await self.pilot.press("1")

    async def listed(self) -> AsyncIterator[Stop]:
        """The list of all, each of them under the cursor, and the line of each that has one copied."""
        screen = await self.list_all()
        async for stop in self.at_all_sizes("findings"):
            yield stop
        entries, whole = screen.query_one(FindingList), screen.query_one(FindingDetails)
        for index in range(0, len(entries.items), self._step):
            item = entries.items[index]
            if not isinstance(item, Finding):
                continue
            entries.cursor = index
            await self.pilot.pause()
            if screen.check_action("copy", ()):
                screen.action_copy()
                yield Stop(f"{item.code}, copied", self.app.clipboard)
            async for stop in self.pages(f"{item.code}, finding {index}", whole):
                yield stop
        yield self.picture("findings")
        await self.leave()

    async def answers(self) -> AsyncIterator[Stop]:
        """Why, of each subject, in short and whole; the report copied, and about to be kept."""
        for name in self._asked_about:
            where = f"why {name}"
            screen = await self.ask_why(name)
            async for stop in self.at_all_sizes(where):
                yield stop
            screen.action_fold()
            await self.pilot.pause()
            async for stop in self.whole(screen, where):
                yield stop
            yield self.picture(where)
            screen.action_copy()
            yield Stop(f"{where}, copied", self.app.clipboard)
            await screen.action_save()
            await self.shows(KeepScreen)
            async for stop in self.at_all_sizes(f"{where}, to be kept"):
                yield stop
            await self.leave()

    async def pasted(self) -> AsyncIterator[Stop]:
        """Each error message: typed in, and whom it is about."""
        if not self._messages:
            return
        screen = await self.ask_why(self._asked_about[0])
        for number, message in enumerate(self._messages):
            await screen.action_paste()
            paste = await self.shows(PasteScreen)
            paste.query_one(MessageArea).text = message
            await self.pilot.pause()
            async for stop in self.at_all_sizes(f"message {number}, pasted"):
                yield stop
            paste.action_take()
            await self.shows(WhyScreen)
            yield self.look(f"message {number}, looked into")
            async for stop in self.whole(screen, f"message {number}, looked into"):
                yield stop
            screen.action_copy()
            yield Stop(f"message {number}, copied", self.app.clipboard)
        await self.leave()

    async def asides(self) -> AsyncIterator[Stop]:
        """What is said before something goes out, is silenced, or left to the user's own shell."""
        screen = await self.ask_why(self._asked_about[-1])
        await screen.action_go_online()
        await self.shows(ConfirmScreen)
        async for stop in self.at_all_sizes("before going online"):
            yield stop
        await self.leave()
        findings = await self.list_all()
        findings.action_silence()
        await self.opens(DiffScreen)
        async for stop in self.at_all_sizes("before silencing"):
            yield stop
        await self.app.screen.run_action("back")
        await self.shows(FindingsScreen)
        await self.leave()
        assert self.main.findings is not None
        lines = [
            each.fix
            for each in self.main.findings.all
            if each.fix.doing is FixAction.SHELL and each.fix.run()
        ]
        if lines:
            runner = self.app._runner
            assert runner is not None
            Explaining(self.main, runner).apply_fix(lines[0])
            await self.opens(ShellLineScreen)
            async for stop in self.at_all_sizes("a line for the shell"):
                yield stop
            await self.leave()

    async def list_all(self) -> FindingsScreen:
        """Open the list."""
        await self.main.action_explain("findings")
        return await self.shows(FindingsScreen)

    async def ask_why(self, name: str | None) -> WhyScreen:
        """Ask why: of a profile, or of this shell."""
        self.main.action_pane("environment" if name is None else "tree")
        await self.pilot.pause()
        if name is not None:
            self.choose(name)
        await self.main.action_explain("why")
        return await self.shows(WhyScreen)

    async def shows(self, kind: type[Shown]) -> Shown:
        """Wait for a screen that no command opens."""
        await self.until(lambda: isinstance(self.app.screen, kind))
        await self.pilot.pause()
        screen = self.app.screen
        assert isinstance(screen, kind)
        return screen

    async def whole(self, screen: WhyScreen, where: str) -> AsyncIterator[Stop]:
        """All steps, from the first."""
        steps = screen.query_one(StepsPage)
        steps.scroll_to(y=0, animate=False, immediate=True)
        await self.pilot.pause()
        async for stop in self.pages(where, steps):
            yield stop
