"""Runs what calls out, writes or takes a while, for any screen: one progress line, cancel and error form.

A screen runs one action at a time. An action is a coroutine that is given an ``ActionContext``: with that it
asks, tells, and has jobs done on a thread of their own. The Runner knows no action: the app gives it them.
"""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Protocol, TypeAlias, TypeVar, runtime_checkable

from textual.app import SuspendNotSupported
from textual.screen import Screen
from textual.widget import Widget

from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.plan import Plan
from rolecall.actions.programs import open_browser
from rolecall.actions.prompts import Cancel, Prompts
from rolecall.actions.writing import saving
from rolecall.actions.writing.replace import Conflict
from rolecall.actions.writing.saving import History
from rolecall.aws.snapshot import Snapshot
from rolecall.host import PROGRAM
from rolecall.text import mask, sentence, several
from rolecall.tui.actions.prompts import ScreenPrompts
from rolecall.tui.actions.target import NO_PROFILE, Target, refusal
from rolecall.tui.commands import BY_ID, Command
from rolecall.tui.render.flags import SESSION
from rolecall.tui.render.labels import in_passing
from rolecall.tui.screens.dialog import Block, TellScreen, copy
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.choices import Choice
from rolecall.tui.widgets.status_bar import ProgressLine

Result = TypeVar("Result")
Answer = TypeVar("Answer")
AnyScreen: TypeAlias = Screen[Any]
Run = Callable[["ActionContext"], Awaitable[None]]
"""What is run: an ``Action``'s own ``run``, or any other coroutine that works by an ActionContext."""
Job = Callable[[Prompts, Cancel], Result]
"""What is done on a thread of its own."""

READ_ONLY = "rolecall was started with --read-only: nothing is changed."
WORKERS = "actions"
"""The group of Textual's workers in which actions run."""
_SEVERITIES = {Tone.WARN: "warning", Tone.BAD: "error"}


class Action(Protocol):
    """What one command does.

    Attributes:
        command: the command's id; being defined with one, in a module of this folder, an action is in force.
    """

    command: str

    def obstacle(self, target: Target) -> str | None:
        """Return why it does not apply, in a sentence, or None where it does. Asked at each move."""

    async def run(self, context: "ActionContext") -> None:
        """Do it.

        Raises:
            ActionFailed: it was not done.
            Cancelled: the user changed their mind.
        """


@runtime_checkable
class OfMarked(Protocol):
    """An action that acts on all profiles that are marked."""

    def many(self, target: Target) -> int:
        """Return on how many of them it acts; the others it skips."""


class Runner:
    """Starts and ends actions, and says which apply.

    Attributes:
        history: the edits of this session, for the undo.
        left_lines: lines for the shell that the app was started from.
        allowed: the command lines of ``credential_process`` that the user allowed, once for the session.
        reread: has the files read again and shown.
        go_to: moves the cursor to what an edit has made, by the key of its line.
        note: keeps words, with their severity, for the log of the session.
    """

    def __init__(
        self,
        look: Callable[[], Target],
        reread: Callable[[], Awaitable[None]],
        *,
        actions: Mapping[str, Action] | None = None,
        when_done: Callable[[], None] = lambda: None,
        go_to: Callable[[str], None] = lambda _key: None,
        note: Callable[[str, str], None] = lambda _words, _severity: None,
    ) -> None:
        """Make it.

        Args:
            look: says what there is to act on at the moment.
            reread: has the files read again and shown.
            actions: what each command does, by the command's id.
            when_done: called when an action has ended: others may apply by then.
            go_to: moves the cursor to what an edit has made, by the key of its line.
            note: keeps words, with their severity, for the log of the session.
        """
        self._look = look
        self._actions = actions or {}
        self._when_done = when_done
        self._running: dict[AnyScreen, ActionContext] = {}
        self.reread = reread
        self.go_to = go_to
        self.note = note
        self.history = History()
        self.left_lines: tuple[str, ...] = ()
        self.allowed: set[str] = set()

    @property
    def target(self) -> Target:
        """What there is to act on at the moment."""
        last = self.history.last
        return replace(self._look(), last_edit=last.title if last is not None else None)

    def _target(self, about: str | None) -> Target:
        return self.target if about is None else self.target.about(about)

    def obstacle(self, command: str, about: str | None = None) -> str | None:
        """Return why a command does not apply now, in a sentence, or None where it does.

        Args:
            command: the command's id.
            about: the profile that it would be about; None for what is marked or under the cursor.
        """
        target = self._target(about)
        obstacle = self._obstacle(command, target)
        if obstacle is None:
            return None
        named = [each.name for each in (*target.reports, target.current, target.user) if each is not None]
        return in_passing(sentence(obstacle, (*named, PROGRAM)))

    def many(self) -> Mapping[str, int]:
        """Return on how many marked profiles each command acts; without those that act on none of them."""
        target = self.target
        if not target.marked:
            return {}
        found = {
            name: each.many(target) for name, each in self._actions.items() if isinstance(each, OfMarked)
        }
        return {name: many for name, many in found.items() if many}

    def obstructed(self) -> frozenset[str]:
        """Return the ids of the commands that do not apply now."""
        target = self.target
        return frozenset(name for name in self._actions if self._obstacle(name, target) is not None)

    def _obstacle(self, command: str, target: Target) -> str | None:
        if target.options.read_only:
            return READ_ONLY
        obstacle = self._actions[command].obstacle(target)
        # where a file has broken, the profile is listed, and yet there is none
        return refusal(target.snapshot) or obstacle if obstacle == NO_PROFILE else obstacle

    def start(
        self,
        screen: AnyScreen,
        command: str,
        *,
        about: str | None = None,
        when_done: Callable[[], None] = lambda: None,
    ) -> bool:
        """Start what a command does, as ``begin`` has it.

        Args:
            screen: the screen that wants it.
            command: the command's id.
            about: the profile that it is about; None for what is marked or under the cursor.
            when_done: called at the end.
        """
        run = self._actions[command].run

        async def run_about(context: "ActionContext") -> None:
            if about is not None:
                context.about(about)
            await run(context)

        return self.begin(
            screen,
            BY_ID[command].label,
            run_about,
            obstacle=self._obstacle(command, self._target(about)),
            when_done=when_done,
        )

    def begin(
        self,
        screen: AnyScreen,
        label: str,
        run: Run,
        *,
        obstacle: str | None = None,
        when_done: Callable[[], None] = lambda: None,
        place: Widget | None = None,
    ) -> bool:
        """Begin to run something; return False, and say why, if that is not possible now.

        Args:
            screen: the screen that wants it, which shows the progress and can cancel it.
            label: what it is, in a word or two.
            run: what is run.
            obstacle: why it does not apply, or None.
            when_done: called at the end, whether it was done or not; not where it was never begun.
            place: what the progress line is put into; None for above the footer.
        """
        if not self.is_free(screen):
            return False
        if obstacle is not None:
            _say(screen, obstacle, Tone.WARN)
            return False
        context = ActionContext(self, screen, label, place)
        self._running[screen] = context
        screen.app.run_worker(
            self._carry_out(context, label, run, when_done),
            name=label,
            description=label,
            group=WORKERS,
            exit_on_error=True,
        )
        screen.refresh_bindings()
        return True

    def is_free(self, screen: AnyScreen) -> bool:
        """Whether something can be begun for a screen; if not, say what is under way."""
        screen.app.clear_notifications()  # what was said of the action before is old
        under_way = self._running.get(screen)
        if under_way is not None:
            _say(screen, f"{under_way.label} is still under way; esc cancels it.", Tone.WARN)
        return under_way is None

    @property
    def under_way(self) -> tuple[str, ...]:
        """What is under way and can be cancelled, in a word or two each; without what has been already."""
        return tuple(
            context.label
            for context in self._running.values()
            if not (context.is_given_up or context.is_reading_again)
        )

    def is_busy(self, screen: AnyScreen) -> bool:
        """Whether something is run for a screen."""
        return screen in self._running

    def cancel(self, screen: AnyScreen) -> bool:
        """Cancel the job that is under way for a screen; False if there is none."""
        context = self._running.get(screen)
        return context is not None and context.cancel()

    def cancel_all(self) -> None:
        """Cancel every job."""
        for context in tuple(self._running.values()):
            context.cancel()

    async def _carry_out(
        self, context: "ActionContext", label: str, run: Run, when_done: Callable[[], None]
    ) -> None:
        try:
            following = await self._do(context, label, run)
            while following is not None:
                context.label, context.is_next_step = BY_ID[following].label, True
                following = await self._do(context, context.label, self._actions[following].run)
        finally:
            del self._running[context.screen]
            self._when_done()
            if context.is_shown:
                context.screen.refresh_bindings()
        when_done()

    async def _do(self, context: "ActionContext", label: str, run: Run) -> str | None:
        """Run something, and say why it was not done; return the command that the user goes on with.

        Where the screen has been left meanwhile, nothing is said.
        """
        try:
            await run(context)
        except Cancelled:
            if context.is_shown:
                context.say(f"{label}: cancelled{context.left_behind()}.", Tone.PLAIN)
        except ActionFailed as failure:
            return await self._offer(context, failure) if context.is_shown else None
        finally:
            self._when_done()
        return None

    async def _offer(self, context: "ActionContext", failure: ActionFailed) -> str | None:
        """Tell what went wrong; return the command that the user goes on with."""
        step = BY_ID.get(failure.command or "")
        applies = (
            step is not None and step.id in self._actions and self._obstacle(step.id, context.target) is None
        )
        choice = next_step(step) if applies and step is not None else None
        goes_on = await context.explain(failure, choice)
        return failure.command if goes_on and applies else None


def next_step(command: Command) -> Choice | str:
    """Return the choice that goes on with a command, by its key too where it has one."""
    return Choice(command.label, command.key, command.keys.split()[0]) if command.key else command.label


class ActionContext:
    """What an action works with: it asks, tells, and has jobs done off the screen's thread.

    Attributes:
        screen: the screen that it runs for.
        label: what is run, in a word or two.
        is_next_step: whether the user goes on with it after a failure, which needs it.
        is_reading_again: whether its last job has been done, and the files are read once more.
    """

    def __init__(self, runner: Runner, screen: AnyScreen, label: str, place: Widget | None) -> None:
        self._runner = runner
        self._app = screen.app
        self._place = place
        self._cancel: Cancel | None = None
        self._prompts: ScreenPrompts | None = None
        self._is_declined = False
        self._target = runner.target
        self.screen = screen
        self.label = label
        self.is_next_step = False
        self.is_reading_again = False

    @property
    def target(self) -> Target:
        """What there was to act on when the key was pressed: after a job, with a fresh Snapshot.

        The cursor may be elsewhere by now.
        """
        return self._target.renewed(self._runner.target)

    def about(self, name: str) -> None:
        """Have what comes next, as the step after a failure, be about one profile alone."""
        self._target = self.target.about(name)

    @property
    def _snapshot(self) -> Snapshot:
        """What is on the screen now."""
        return self._runner.target.snapshot

    @property
    def is_shown(self) -> bool:
        """Whether the screen that it runs for is there still."""
        return self.screen in self._app.screen_stack

    def cancel(self) -> bool:
        """Cancel the job that is under way; False if there is none."""
        if self._cancel is None:
            return False
        self._cancel.set()
        return True

    @property
    def is_given_up(self) -> bool:
        """Whether the user has cancelled it, or left a dialog without the answer that it needs."""
        is_left = self._prompts is not None and self._prompts.is_left
        return self._is_declined or is_left or (self._cancel is not None and self._cancel.is_set)

    def left_behind(self) -> str:
        """Say what a cancel leaves changed: a source role may have been renewed already."""
        is_same = self._target.snapshot.is_same_as(self._snapshot)
        return ", nothing was changed" if is_same else "; what was done before stays"

    async def ask(self, screen: Screen[Answer]) -> Answer | None:
        """Show a dialog and return the answer; None if the user went back."""
        self._is_declined = self.is_reading_again = False
        answer = await self._app.push_screen_wait(screen)
        self._is_declined = answer is None or answer is False
        return answer

    async def explain(self, failure: ActionFailed, step: Choice | str | None = None) -> bool | None:
        """Tell what went wrong; return whether the user goes on with the step that is offered."""
        self._runner.note(f"{self.label}: {mask(failure.message)}", "error")
        words = failure_paragraphs(failure, self._snapshot.profiles)
        return await self.ask(TellScreen(failure_title(self.label, failure), words, step))

    async def run(self, title: str, job: Job[Result], *, of_many: bool = False) -> Result:
        """Run a job off the screen's thread, with progress and a cancel; then read the files again.

        Args:
            title: what it is, for the line of progress.
            job: what is done.
            of_many: whether it goes on with others where one question is not answered.

        Raises:
            ActionFailed: it was not done.
            Cancelled: the user changed their mind.
        """
        self._cancel = cancel = Cancel()
        line = ProgressLine(title)
        host = self._snapshot.host
        prompts = ScreenPrompts(
            self._app, cancel, self._runner.allowed, line.say, partial(open_browser, host)
        )
        self._is_declined = self.is_reading_again = False
        self._prompts = None if of_many else prompts
        if self._place is None:
            await self.screen.mount(line, before="Footer")
        else:
            await self._place.mount(line)
        try:
            return await _on_a_thread(lambda: job(prompts, cancel), title)
        finally:
            self._is_declined = self.is_given_up
            cancel.set()  # where the app is left meanwhile
            self._cancel = self._prompts = None
            prompts.over()
            if line.is_attached:
                await line.remove()
            await self._read_again()

    async def _read_again(self) -> None:
        self.is_reading_again = True
        await self._runner.reread()

    async def write(self, plan: Plan) -> bool:
        """Show what an edit would do and, if the user wants it, do it; return whether it is done."""
        if not plan.changes:
            self.say(f"{plan.title}: everything is as asked already.", Tone.PLAIN)
            return True
        if not await self._write(plan, lambda: self._runner.history.saved(plan)):
            return False
        self.say(f"{plan.title}: done; u undoes it.")
        return True

    async def take_back(self) -> None:
        """Show what undoing the last edit would do and, if the user wants it, do it."""
        title = self.target.last_edit
        if await self._write(self._runner.history.undo(), self._runner.history.undone):
            self.say(f"{title}: undone.")

    async def _write(self, plan: Plan, when_done: Callable[[], None]) -> bool:
        from rolecall.tui.screens.diff import DiffScreen  # noqa: PLC0415 - few sessions need it

        if not await self.ask(DiffScreen(plan, self._snapshot.host.display)):
            return False
        before = self._snapshot
        try:
            await self.run(plan.title, lambda _prompts, _cancel: saving.save(plan))
        except ActionFailed as failed:
            if failed.is_done:
                when_done()
            raise
        finally:
            key = made(before, self._snapshot)
            if key is not None:
                self._runner.go_to(key)
        when_done()
        return True

    async def suspended(self, program: Callable[[], None]) -> None:
        """Run another program in this terminal; then read the files again."""
        self.is_reading_again = False
        try:
            with self._app.suspend():
                program()
        except SuspendNotSupported as error:
            message = "this terminal cannot be lent to another program"
            raise ActionFailed("NotApplicable", message, cure="run it in another terminal") from error
        finally:
            await self._read_again()

    def say(self, words: str, tone: Tone = Tone.GOOD) -> None:
        """Say in passing how something went."""
        _say(self.screen, words, tone)

    def copy(self, text: str, what: str, hint: str = "") -> None:
        """Send a text to the terminal's clipboard, and say ``what`` was sent."""
        copy(self.screen, text, what, hint)

    def leave(self, lines: tuple[str, ...]) -> None:
        """End the app, and leave lines for the shell that it was started from."""
        self._runner.left_lines = lines
        self._app.exit()


def _say(screen: AnyScreen, words: str, tone: Tone) -> None:
    severity = _SEVERITIES.get(tone, "information")
    screen.app.notify(in_passing(words), severity=severity, markup=False)  # type: ignore[arg-type]


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


# How an error is said.

MOST_LINES = 20
"""Lines of a diff that are told of a conflict."""
_DOING = {
    "Assume": "assume the role",
    "Assume again": "assume the role again",
    "Put into": "write the credentials",
    "Who am I": "ask AWS who this is",
    "Use": "choose the profile",
    "Going online": "go online",
    "Open editor": "open the editor",
    "Shell": "run a shell",
}
"""What is done, where that is not the label itself."""


def failure_title(label: str, failure: ActionFailed) -> str:
    """Return the title of a failure's dialog, a sentence: what was to be done, by its label, and was not."""
    if failure.is_done:
        return f"{label}: done, but look at this"
    return f"Could not {_DOING.get(label, label.lower())}"


def failure_paragraphs(failure: ActionFailed, names: Collection[str] = ()) -> list[Block]:
    """Say what happened, where, and what to do about it; ``names`` are of profiles."""
    return [*_told(failure, names)]


def _told(failure: ActionFailed, names: Collection[str]) -> Iterator[Block]:
    yield mask(sentence(failure.message, names)), Tone.PLAIN
    yield mask(failure.kind), Tone.DIM  # which can be searched for
    if failure.path is not None:
        line = f":{failure.line}" if failure.line is not None else ""
        yield f"{failure.path}{line}", Tone.DIM
    if isinstance(failure, Conflict):
        yield "", Tone.PLAIN
        yield from _changed_meanwhile(failure)
    if failure.cure:
        yield "", Tone.PLAIN
        yield mask(sentence(failure.cure)), Tone.ACCENT


def _changed_meanwhile(conflict: Conflict) -> Iterator[Block]:
    """Show what changed meanwhile, as far as there is room."""
    yield from conflict.diff[:MOST_LINES]
    if len(conflict.diff) > MOST_LINES:
        yield f"and {several(len(conflict.diff) - MOST_LINES, 'more line')}", Tone.DIM
