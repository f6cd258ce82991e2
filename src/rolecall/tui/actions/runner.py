"""Where commands work: one at a time, off the screen's thread, each followed by a fresh Snapshot."""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from textual.app import SuspendNotSupported

from rolecall.actions.browser import open_browser
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.plan import Plan
from rolecall.actions.prompts import Cancel, Dialogue
from rolecall.actions.writing import saving
from rolecall.actions.writing.saving import History
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.fixes import Fix
from rolecall.host import PROGRAM
from rolecall.text import sentence
from rolecall.tui.actions.apply_fix import CHANGES_NOTHING, DEEDS, mend, silence
from rolecall.tui.actions.base import ActionContext, heading, told
from rolecall.tui.actions.prompts import ScreenDialogue
from rolecall.tui.actions.selection import Target
from rolecall.tui.commands import BY_ID
from rolecall.tui.render.flags import SESSION
from rolecall.tui.render.labels import in_passing
from rolecall.tui.screens.dialog import Paragraph, TellScreen
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.choices import Choice
from rolecall.tui.widgets.status_bar import ProgressLine
from rolecall.user_settings import Silence

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen
    from textual.worker import Worker

Result = TypeVar("Result")
Answer = TypeVar("Answer")
Errand = Callable[[ActionContext], Awaitable[None]]
"""What is done at the desk: a command's ``run``, or what mends something."""

READ_ONLY = "rolecall was started with --read-only: nothing is changed."
_SEVERITIES = {Tone.WARN: "warning", Tone.BAD: "error"}


class Workbench:
    """Carries out commands for the app; what a Desk is to a Deed."""

    def __init__(
        self,
        app: "App[None]",
        look: Callable[[], Target],
        reread: Callable[[], Awaitable[None]],
        when_done: Callable[[], None],
        go_to: Callable[[str], None],
    ) -> None:
        """Make it.

        Args:
            app: where dialogs are shown.
            look: says what there is to act on at the moment.
            reread: has the files read again and shown.
            when_done: called at the end of each command: others may apply by then.
            go_to: moves the cursor to what an edit has made, by the key of its line.
        """
        self._app = app
        self._look = look
        self._reread = reread
        self._when_done = when_done
        self._go_to = go_to
        self._cancel: Cancel | None = None
        self._allowed: set[str] = set()
        self._doing: str | None = None
        self._worker: Worker[None] | None = None
        self._subject: Target | None = None
        self.history = History()
        self.left_lines: tuple[str, ...] = ()

    @property
    def target(self) -> Target:
        """What the command is about that is under way: what there was to act on when its key was pressed.

        The cursor may be elsewhere by now. The Snapshot is a fresh one.
        """
        seen = self._seen()
        return self._subject.renewed(seen) if self._subject is not None else seen

    def about(self, name: str) -> None:
        """Have what comes next be about one profile alone."""
        self._subject = self.target.about(name)

    def _seen(self) -> Target:
        last = self.history.last
        return replace(self._look(), last_edit=last.title if last is not None else None)

    def obstacle(self, name: str) -> str | None:
        """Return why a command does not apply now, in a sentence, or None where it does."""
        target = self._seen()
        obstacle = self._obstacle(name, target)
        if obstacle is None:
            return None
        named = [each.name for each in (*target.reports, target.current, target.user) if each is not None]
        return in_passing(sentence(obstacle, (*named, PROGRAM)))

    def obstructed(self) -> frozenset[str]:
        """Return the ids of the commands that do not apply now."""
        target = self._seen()
        return frozenset(name for name in DEEDS if self._obstacle(name, target) is not None)

    def _obstacle(self, name: str, target: Target) -> str | None:
        return READ_ONLY if target.options.read_only else DEEDS[name].obstacle(target)

    def start(self, name: str) -> None:
        """Begin to carry out a command, unless another one is under way or something is in its way."""
        self._begin(BY_ID[name].label, DEEDS[name].run, self._obstacle(name, self._seen()))

    def mend(self, fix: Fix, when_done: Callable[[], None] = lambda: None) -> bool:
        """Begin to carry out a Fix, as ``start`` does a command; False where it is not begun.

        Args:
            fix: what mends something.
            when_done: called at the end, be it done or not; not where it was never begun.
        """
        obstacle = READ_ONLY if self._is_read_only and fix.doing not in CHANGES_NOTHING else None
        return self._begin("Mend", lambda context: mend(context, fix), obstacle, when_done)

    def silence(self, what: Silence, when_done: Callable[[], None] = lambda: None) -> bool:
        """Begin to write into the user's settings what is not to be told any more; False as in ``mend``."""
        obstacle = READ_ONLY if self._is_read_only else None
        return self._begin("Silence", lambda context: silence(context, what), obstacle, when_done)

    @property
    def _is_read_only(self) -> bool:
        return self._seen().options.read_only

    def _begin(
        self,
        label: str,
        errand: Errand,
        obstacle: str | None,
        when_done: Callable[[], None] = lambda: None,
    ) -> bool:
        self._app.clear_notifications()  # what was said of the one before is old
        if self._worker is not None and self._worker.is_running:
            self.say(f"{self._doing} is still under way; esc cancels it.", Tone.WARN)
            return False
        if obstacle is not None:
            self.say(obstacle, Tone.WARN)
            return False
        self._subject = self._seen()
        self._doing = label
        self._worker = self._app.run_worker(
            self._carry_out(label, errand, when_done),
            name=label,
            description=label,
            group="deeds",
            exit_on_error=True,
        )
        return True

    def cancel(self) -> bool:
        """End what is under way; False where nothing is."""
        if self._cancel is None:
            return False
        self._cancel.set()
        return True

    async def _carry_out(self, label: str, errand: Errand, when_done: Callable[[], None]) -> None:
        try:
            following = await self._do(label, errand)
            while following is not None:
                following = await self._do(BY_ID[following].label, DEEDS[following].run)
        finally:
            self._subject = None
        when_done()

    async def _do(self, label: str, errand: Errand) -> str | None:
        """Carry something out; return the command that the user goes on with."""
        try:
            await errand(self)
        except Cancelled:
            self.say(f"{label}: cancelled{self._left_behind()}.", Tone.PLAIN)
        except ActionFailed as failure:
            return await self._offer(failure)
        finally:
            self._when_done()
        return None

    def _left_behind(self) -> str:
        """Say what a command that was cancelled leaves: a role on the way may have been renewed before."""
        before = self._subject.snapshot if self._subject is not None else None
        is_same = before is None or before.is_same_as(self._look().snapshot)
        return ", nothing was changed" if is_same else "; what was done before stays"

    async def _offer(self, failure: ActionFailed) -> str | None:
        """Tell what went wrong; return the command that the user goes on with."""
        step = BY_ID.get(failure.command or "")
        applies = step is not None and step.id in DEEDS and self._obstacle(step.id, self.target) is None
        choice = Choice(step.label, step.key, step.keys.split()[0]) if applies and step is not None else None
        goes_on = await self.ask(TellScreen(heading(failure), self._told(failure), choice))
        return failure.command if goes_on and applies else None

    async def explain(self, failure: ActionFailed) -> None:
        """Tell what went wrong."""
        await self.ask(TellScreen(heading(failure), self._told(failure)))

    def _told(self, failure: ActionFailed) -> list[Paragraph]:
        return told(failure, self._look().snapshot.profiles)

    async def ask(self, screen: "Screen[Answer]") -> Answer | None:
        """Show a dialog and return what is answered."""
        return await self._app.push_screen_wait(screen)

    async def run(self, title: str, job: Callable[[Dialogue, Cancel], Result]) -> Result:
        """Run a job off the screen's thread, with progress and a cancel; then read the files again."""
        self._cancel = cancel = Cancel()
        line = ProgressLine(title)
        host = self._look().snapshot.host
        dialogue = ScreenDialogue(
            self._app, cancel, self._allowed, line.say, lambda address: open_browser(host, address)
        )
        await self._app.screen_stack[0].mount(line, before="Footer")
        try:
            return await _on_a_thread(lambda: job(dialogue, cancel), title)
        finally:
            cancel.set()  # where the app is left meanwhile
            self._cancel = None
            dialogue.over()
            await line.remove()
            await self._reread()

    async def write(self, plan: Plan) -> bool:
        """Show what an edit would do and, if the user wants it, do it; an undo takes it back."""
        if not plan.changes:
            self.say(f"{plan.title}: everything is as asked already.", Tone.PLAIN)
            return True
        if not await self._write(plan, lambda: self.history.saved(plan)):
            return False
        self.say(f"{plan.title}: done; u takes it back.")
        return True

    async def take_back(self) -> None:
        """Show what undoing the last edit would do and, if the user wants it, do it."""
        title = self.target.last_edit
        if await self._write(self.history.undo(), self.history.undone):
            self.say(f"{title}: taken back.")

    async def _write(self, plan: Plan, when_done: Callable[[], None]) -> bool:
        from rolecall.tui.screens.diff import DiffScreen  # noqa: PLC0415 - few sessions need it

        if not await self.ask(DiffScreen(plan, self._look().snapshot.host.display)):
            return False
        before = self._look().snapshot
        try:
            await self.run(plan.title, lambda _dialogue, _cancel: saving.save(plan))
        except ActionFailed as failed:
            if failed.is_done:
                when_done()
            raise
        finally:
            key = made(before, self._look().snapshot)
            if key is not None:
                self._go_to(key)
        when_done()
        return True

    async def suspended(self, program: Callable[[], None]) -> None:
        """Run another program in this terminal; then read the files again."""
        try:
            with self._app.suspend():
                program()
        except SuspendNotSupported as error:
            message = "this terminal cannot be lent to another program"
            raise ActionFailed("NotApplicable", message, cure="run it in another terminal") from error
        finally:
            await self._reread()

    def say(self, words: str, tone: Tone = Tone.GOOD) -> None:
        """Say in passing how something went."""
        severity = _SEVERITIES.get(tone, "information")
        self._app.notify(in_passing(words), severity=severity, markup=False)  # type: ignore[arg-type]

    def copy(self, text: str) -> None:
        """Send a text to the terminal's clipboard."""
        self._app.copy_to_clipboard(text)

    def leave(self, lines: tuple[str, ...]) -> None:
        """End the app, and leave lines for the shell that it was started from."""
        self.left_lines = lines
        self._app.exit()


def made(before: Snapshot, after: Snapshot) -> str | None:
    """Return the key of the line of the one profile, or sso-session, that an edit has made or renamed."""
    names = after.profiles.keys() - before.profiles.keys()
    sessions = after.files[0].headers.sso_sessions.keys() - before.files[0].headers.sso_sessions.keys()
    keys = [f"profile:{name}" for name in names] or [f"{SESSION}{name}" for name in sessions]
    return keys[0] if len(keys) == 1 else None


async def _on_a_thread(job: Callable[[], Result], title: str) -> Result:
    """Run a job on a thread of its own, which does not keep the program from ending."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()

    def settle(set_outcome: Callable[[], None]) -> None:
        def unless_gone() -> None:
            if not done.done():
                set_outcome()

        with contextlib.suppress(RuntimeError):  # the app was left meanwhile, and its loop with it
            loop.call_soon_threadsafe(unless_gone)

    def work() -> None:
        try:
            result = job()
        except Exception as error:  # noqa: BLE001 - raised where the job is waited for
            failure = error
            settle(lambda: done.set_exception(failure))
        else:
            settle(lambda: done.set_result(result))

    threading.Thread(target=work, name=title, daemon=True).start()
    return await done
