"""Opens the Inspector, the findings and the Why screen over the main screen, and applies a chosen fix."""

from collections.abc import Callable, Sequence
from functools import partial

from rolecall.doctor.finding import Finding
from rolecall.doctor.fixes import Fix
from rolecall.doctor.registry import Findings
from rolecall.doctor.topics import Topic
from rolecall.text import sentence
from rolecall.tui.actions.apply_fix import CHANGES_NOTHING, apply_fix, apply_together, silence, unsilence
from rolecall.tui.actions.runner import READ_ONLY, Run, Runner
from rolecall.tui.commands import CommandRequest
from rolecall.tui.render.items import details_of, findings_of, topic_of
from rolecall.tui.render.labels import in_passing
from rolecall.tui.screens.details import DetailsRequest, InspectorScreen
from rolecall.tui.screens.findings import FindingRequest, FindingsScreen, Question, Silencing, Together
from rolecall.tui.screens.main import MainScreen
from rolecall.tui.widgets.list_view import FlaggedRows

NONE_HERE = "No line here has an error or a warning."
TOAST_TIME = 8.0
"""Seconds for which the toast about a finding stays."""


def _nothing() -> None:
    """Where nothing follows."""


class Explaining:
    """Opens the screens that explain, over the main screen, and applies the fix that is chosen there."""

    def __init__(self, main: MainScreen, runner: Runner) -> None:
        self._main = main
        self._runner = runner

    async def explain(self, what: str) -> None:
        """Do what the action of a command names: ``why``, ``findings``, ``paste``, ``next``, ``previous``."""
        match what:
            case "paste":
                await self.ask_about_error()
            case "why":
                await self._ask_why(topic_of(self._item))
            case "findings":
                await self.list_findings()
            case "next":
                await self.go_to_finding(1)
            case "previous":
                await self.go_to_finding(-1)

    @property
    def _item(self) -> object:
        """The item under the cursor of the pane that has the focus; the chain is that of the tree's."""
        focused = self._main.focused
        return focused.current if isinstance(focused, FlaggedRows) else self._main.tree_pane.current

    async def go_to_finding(self, by: int) -> None:
        """Move the focused pane's cursor to the next flagged line, and say what is wrong there."""
        main = self._main
        pane = main.focused if isinstance(main.focused, FlaggedRows) else main.tree_pane
        item = pane.go_to_flagged(by)
        main.app.clear_notifications()
        if item is None:
            main.notify(f"{NONE_HERE} ! lists all findings.", markup=False)
            return
        world = main.as_it_stands()
        assert world is not None  # noqa: S101 - for the type checker: the lines are flagged with what is found
        first, *more = findings_of(world[1], item)
        main.notify(
            in_passing(sentence(first.message, world[0].profiles)),
            title=f"and {len(more)} more" if more else "",
            severity="error" if first.severity == "error" else "warning",
            timeout=TOAST_TIME,
            markup=False,
        )

    async def ask_about_error(self, text: str = "") -> None:
        """Ask for an error message, then explain it; ``text`` is what was pasted already."""
        from rolecall.tui.screens.paste import PasteScreen  # noqa: PLC0415 - not every session needs it
        from rolecall.tui.why.screen import recognise  # noqa: PLC0415 - as above

        snapshot = self._main.snapshot
        if snapshot is not None:
            screen = PasteScreen(partial(recognise, snapshot), text)
            await self._main.app.push_screen(screen, self._explain_error)

    async def _explain_error(self, message: str | None) -> None:
        if message is not None:
            await self._ask_why(None, pasted=message)

    async def inspect(self, item: object) -> bool:
        """Open the Inspector on an item of a pane; False if it has none."""
        main = self._main
        if main.snapshot is None:
            return False
        snapshot, findings = main.as_it_stands() or (main.snapshot, Findings())
        details = details_of(snapshot, findings, item)
        if details is None:
            return False
        screen = InspectorScreen(snapshot, findings, item, details, self._runner.obstacle)
        await main.app.push_screen(screen, partial(self._carry_out_inspected, item))
        return True

    async def _carry_out_inspected(self, item: object, request: DetailsRequest | None) -> None:
        """Do what the user wants about what was inspected, and come back to it."""

        def come_back() -> None:
            if self._main.is_current:
                self._main.call_later(self.inspect, item)

        match request:
            case Fix():
                self.apply_fix(request, come_back)
            case CommandRequest(command="why"):
                await self._ask_why(topic_of(item), come_back)
            case CommandRequest():
                self._run(request, come_back)

    async def list_findings(self, before: FindingsScreen | None = None) -> None:
        """List all findings; do what the user wants about one of them, and list them again.

        Args:
            before: the list that this one goes on from, with its filter and its marks.
        """
        world = self._main.as_it_stands()
        if world is not None:
            screen = (
                FindingsScreen(*world)
                if before is None
                else FindingsScreen(*world, before.going_on, marks=before.marks, words=before.words)
            )
            await self._main.app.push_screen(screen, partial(self._carry_out, screen))

    async def _carry_out(self, screen: FindingsScreen, request: FindingRequest | None) -> None:
        """Do what the user wants about a finding, and come back."""

        def come_back() -> None:
            if self._main.is_current:
                self._main.call_later(self.list_findings, screen)

        match request:
            case Fix():
                self.apply_fix(request, come_back)
            case Question(profile=profile):
                await self._ask_why(profile, come_back)
            case Silencing():
                self.silence(request, come_back)
            case Together(findings=findings):
                self.apply_together(findings, come_back)
            case CommandRequest():
                self._run(request, come_back)

    async def _ask_why(
        self, topic: Topic, when_done: Callable[[], None] = _nothing, *, pasted: str | None = None
    ) -> None:
        from rolecall.tui.why.screen import WhyScreen  # noqa: PLC0415 - not every list leads to it

        world = self._main.as_it_stands()
        if world is not None:
            screen = WhyScreen(
                *world,
                topic,
                runner=self._runner,
                pasted=pasted,
                is_read_only=self._is_read_only,
                shows_last_good=self._main.is_stale,
            )
            await self._main.app.push_screen(screen, partial(self.apply_fix, when_done=when_done))

    @property
    def _is_read_only(self) -> bool:
        return self._main.options.read_only

    def apply_fix(self, fix: Fix | None, when_done: Callable[[], None] = _nothing) -> None:
        """Begin to apply a Fix; ``when_done`` is called at the end, even if it is not begun."""
        is_barred = self._is_read_only and fix is not None and fix.doing not in CHANGES_NOTHING
        is_begun = fix is not None and self._runner.begin(
            self._main,
            "Fix",
            lambda context: apply_fix(context, fix),
            obstacle=READ_ONLY if is_barred else None,
            when_done=when_done,
        )
        if not is_begun:
            when_done()

    def apply_together(self, findings: Sequence[Finding], when_done: Callable[[], None] = _nothing) -> None:
        """Begin to mend several findings in one diff; otherwise as ``apply_fix``."""
        self._begin("Fix", lambda context: apply_together(context, findings), when_done)

    def silence(self, wanted: Silencing, when_done: Callable[[], None] = _nothing) -> None:
        """Begin to silence a finding, or to have it reported again; otherwise as ``apply_fix``."""
        label, act = ("Unsilence", unsilence) if wanted.is_again else ("Silence", silence)
        self._begin(label, lambda context: act(context, wanted.what), when_done)

    def _run(self, request: CommandRequest, when_done: Callable[[], None] = _nothing) -> None:
        """Begin with a command; otherwise as ``apply_fix``."""
        if not self._runner.start(self._main, request.command, about=request.profile, when_done=when_done):
            when_done()

    def _begin(self, label: str, run: Run, when_done: Callable[[], None]) -> None:
        """Begin something that changes files; ``when_done`` is called at the end, even if it is not begun."""
        obstacle = READ_ONLY if self._is_read_only else None
        if not self._runner.begin(self._main, label, run, obstacle=obstacle, when_done=when_done):
            when_done()
