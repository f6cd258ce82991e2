"""The Why screen: which credentials are used, what fails and how to fix it, step by step as AWS decides."""

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar, Protocol

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message

from rolecall.actions.prompts import Cancel, Prompts
from rolecall.actions.writing.replace import Conflict
from rolecall.actions.writing.saving import save_report
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.error_text import attribute
from rolecall.doctor.explain import WhyAnswer
from rolecall.doctor.fixes import Fix, FixAction
from rolecall.doctor.registry import Findings
from rolecall.doctor.topics import Topic
from rolecall.steps import Step
from rolecall.tui.actions.runner import ActionContext, Runner
from rolecall.tui.findings_state import Following
from rolecall.tui.screens.dialog import ConfirmScreen, Modal, copy, leave_room
from rolecall.tui.screens.dialogs import KeepScreen
from rolecall.tui.screens.paste import PasteScreen
from rolecall.tui.theme import as_title
from rolecall.tui.tones import Tone
from rolecall.tui.why import question
from rolecall.tui.why.question import Inquiry, headline, recognised
from rolecall.tui.why.view import AnswerSheet, StepsPage
from rolecall.tui.widgets.footer import SteadyFooter

_AROUND = 3
"""Lines that the frame takes, and the one between the answer and the steps."""
READ_ONLY = "rolecall was started with --read-only: asking AWS may assume a role, and cache it."
OF_CREDENTIALS = "AWS is asked with a profile's credentials: ask why of a profile, and go online there."


class OnlineLook(Protocol):
    """Runs the online checks (``actions.online.checks.look``)."""

    def __call__(
        self,
        snapshot: Snapshot,
        profile: str | None,
        may_run: Callable[[str], bool],
        cancel: Cancel,
        when_done: Callable[[Step], None],
    ) -> tuple[Step, ...]:
        """Return the steps; ``when_done`` is called with each as it ends."""


def _look(
    snapshot: Snapshot,
    profile: str | None,
    may_run: Callable[[str], bool],
    cancel: Cancel,
    when_done: Callable[[Step], None],
) -> tuple[Step, ...]:
    from rolecall.actions.online import checks  # noqa: PLC0415 - few who ask why go online

    return checks.run_checks(snapshot, profile, may_run, cancel, when_done)


def _progress(many: int, waiting: Sequence[str]) -> str:
    """Say how many of the online checks have ended, and which have not."""
    done = many - len(waiting)
    bar = "━" * done + "─" * len(waiting)
    return f"{bar} {done} of {many}" + (f", waiting for {', '.join(waiting)}" if waiting else "")


class WhyScreen(Following, Modal[Fix]):
    """Answers why; it returns the Fix that the user wants to be applied, or None."""

    class CheckDone(Message):
        """An online check has ended."""

        def __init__(self, cancel: Cancel, step: Step) -> None:
            super().__init__()
            self.cancel = cancel
            self.step = step

    CSS_PATH = "screen.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]  # noqa: RUF012 - Textual's type
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "mend", "Fix it", key_display="enter", priority=True,
                tooltip="Apply the fix"),
        Binding("o", "go_online", "Go online", priority=True,
                tooltip="Ask AWS; the requests are listed first"),
        Binding("p", "paste", "Paste error", priority=True,
                tooltip="See which profile an error message is about"),
        Binding("d", "fold", "Details", priority=True,
                tooltip="Show all that was found at each step, or only what matters most"),
        Binding("y", "copy", "Copy", priority=True,
                tooltip="Send the report to the terminal's clipboard, as Markdown with nothing secret in it"),
        Binding("s", "save", "Save", priority=True, tooltip="Save the report to a file"),
        Binding("escape,q", "back", "Back", key_display="esc", priority=True,
                tooltip="End what is under way, or go back"),
    ]  # fmt: skip

    def __init__(
        self,
        snapshot: Snapshot,
        findings: Findings,
        topic: Topic,
        *,
        runner: Runner,
        pasted: str | None = None,
        is_read_only: bool = False,
        shows_last_good: bool = False,
        look: OnlineLook = _look,
    ) -> None:
        """Make the screen.

        Args:
            snapshot: what is there.
            findings: what is wrong with it.
            topic: what the question is about; None for a command in this shell that names no profile.
            runner: runs what calls out or writes.
            pasted: an error message that the question begins with.
            is_read_only: whether nothing may be changed, not even by a role that is assumed and cached.
            shows_last_good: whether the profiles on the screen are from before a file broke.
            look: runs the online checks.
        """
        super().__init__()
        self.snapshot, self.findings = snapshot, findings
        inquiry = Inquiry(snapshot, findings, topic, shows_last_good=shows_last_good)
        asked = inquiry.about(pasted) if pasted is not None else None
        self._inquiry = asked or inquiry
        self._answer = self._inquiry.answer
        self._is_read_only = is_read_only
        self._look = look
        self._runner = runner
        self._checked_over: Snapshot | None = None
        self._frame = Vertical(id="why")
        self._top = AnswerSheet(headline(self._inquiry, self._answer))
        self._steps = StepsPage(self._answer.steps)

    def compose(self) -> ComposeResult:
        """Lay out the answer above its steps."""
        with self._frame:
            yield self._top
            yield self._steps
        yield SteadyFooter()

    def on_mount(self) -> None:
        """Give the focus to what scrolls."""
        self._entitle()
        self.set_focus(self._steps)

    def on_unmount(self) -> None:
        """Cancel what is under way."""
        self._runner.cancel(self)

    def on_resize(self) -> None:
        """Give the steps what the answer leaves."""
        self._share()

    def _share(self) -> None:
        """Give the steps the height that the answer leaves, once that is laid out."""
        self.call_after_refresh(lambda: leave_room(self._steps, self._top.outer_size.height + _AROUND))

    def _entitle(self) -> None:
        self._frame.border_title = as_title(f"Why: {self._inquiry.subject}")

    def _ask(self, inquiry: Inquiry, answer: WhyAnswer | None = None) -> None:
        """Ask, unless the answer is there already, and show it."""
        self._say(inquiry, answer)
        self._steps.bring()
        self.refresh_bindings()

    def _say(self, inquiry: Inquiry, answer: WhyAnswer | None = None) -> None:
        """Show the answer to a question; what has not changed stays where it is."""
        before, self._inquiry, self._answer = self._answer, inquiry, answer or inquiry.answer
        self._entitle()
        self._top.say(headline(inquiry, self._answer))
        self._steps.say(self._answer.steps)
        self._share()
        if before.fix != self._answer.fix:
            self.refresh_bindings()

    def retell(self) -> None:
        """Ask the same of the files as they are now, without what AWS said about others."""
        is_elsewhere = not self._inquiry.snapshot.is_same_as(self.snapshot)
        inquiry = self._inquiry.over(self.snapshot, self.findings)
        if self._checked_over is not None and not self._checked_over.is_same_as(self.snapshot):
            inquiry, self._checked_over = inquiry.offline(), None
        self._say(inquiry)
        if is_elsewhere:
            self._steps.bring()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Grey the fix that no key can apply, and the online checks while something is under way."""
        if action == "mend":
            fix = self._answer.fix
            return None if fix is None or fix.doing is FixAction.NOTHING else True
        is_busy = self._runner.is_busy(self)
        is_barred = self._is_read_only or is_busy or not self._inquiry.is_of_credentials
        return None if action == "go_online" and is_barred else True

    def on_key(self, event: events.Key) -> None:
        """Say why AWS cannot be asked, when its greyed key is pressed."""
        if event.key == "o" and (self._is_read_only or not self._inquiry.is_of_credentials):
            self.app.clear_notifications()
            why = READ_ONLY if self._is_read_only else OF_CREDENTIALS
            self.notify(why, severity="warning", markup=False)

    def action_mend(self) -> None:
        """Return the Fix that is to be applied."""
        self.dismiss(self._answer.fix)

    def action_fold(self) -> None:
        """Show all that was found, or again what matters most."""
        self._steps.fold()

    def action_back(self) -> None:
        """Cancel what is under way, or go back."""
        if not self._runner.cancel(self):
            self.dismiss(None)

    # The online checks.

    async def action_go_online(self) -> None:
        """List the requests, and ask AWS if the user wants that."""
        said = question.paragraphs(self._inquiry.snapshot, self._inquiry.profile)
        # awaited: the next key is for the dialog
        await self.app.push_screen(ConfirmScreen("Go online", said, "Go online"), self._begin_online)

    def _begin_online(self, goes: bool | None) -> None:  # noqa: FBT001 - Textual calls it so
        if goes:
            self._runner.begin(self, "Going online", self._go_online, place=self._frame)

    async def _go_online(self, context: ActionContext) -> None:
        """Run the online checks; each shows what it has found as soon as it has ended."""
        self._checked_over = None
        self._steps.looks_at_last = True  # the online checks come last
        self._ask(self._inquiry.offline())
        snapshot, topic, profile = self._inquiry.snapshot, self._inquiry.topic, self._inquiry.profile
        shown_programs = question.programs(snapshot, profile)

        def job(prompts: Prompts, cancel: Cancel) -> tuple[Step, ...]:
            from rolecall.actions.online import checks  # noqa: PLC0415 - few who ask why go online

            every = checks.titles(snapshot, profile)
            waiting = list(every)
            prompts.tell(_progress(len(every), waiting))

            def when_done(step: Step) -> None:
                if step.title in waiting:
                    waiting.remove(step.title)
                prompts.tell(_progress(len(every), waiting))
                self.post_message(self.CheckDone(cancel, step))

            return self._look(snapshot, profile, shown_programs.__contains__, cancel, when_done)

        try:
            steps = await context.run("Going online", job)
            if self._inquiry.topic == topic:
                self._show_checks(steps)
        finally:
            # a role may have been cached: the files as they are now are those that AWS was asked about
            self._checked_over = self.snapshot

    def on_why_screen_check_done(self, event: CheckDone) -> None:
        """Show a step as it comes, unless the checks have ended or were cancelled."""
        if not event.cancel.is_set:
            self._show_checks((event.step,))

    def _show_checks(self, steps: Iterable[Step]) -> None:
        for step in steps:
            if step not in self._inquiry.online:
                self._ask(self._inquiry.with_check(step))

    # An error message.

    async def action_paste(self) -> None:
        """Take an error message."""
        await self.app.push_screen(PasteScreen(partial(recognise, self._inquiry.snapshot)), self._look_into)

    def _look_into(self, text: str | None) -> None:
        """Ask what the message asks, beside the screen, which goes on meanwhile."""
        if text is not None:
            self.run_worker(
                self._looking_into(text), exclusive=True, group="message", description="look into a message"
            )

    async def _looking_into(self, text: str) -> None:
        """Ask what the message asks; from now on the screen is about the profile in the message."""
        found: tuple[Inquiry, WhyAnswer] | None = None
        before = None
        # an online check may end meanwhile
        while before is None or (before.topic, before.online) != (self._inquiry.topic, self._inquiry.online):
            before = self._inquiry
            found = await asyncio.to_thread(_answered, before, text)
        if found is None:
            return
        asked, answer = found
        if asked.topic != self._inquiry.topic:
            self._runner.cancel(self)
        self._steps.looks_at_last = False
        self._ask(asked, answer)

    # The report.

    def action_copy(self) -> None:
        """Send the report to the terminal's clipboard."""
        self.catch_up(self.snapshot.host.now())
        copy(self, self._inquiry.markdown(self._answer), "the report")

    async def action_save(self) -> None:
        """Ask where to, and save it there."""
        if not self._runner.is_free(self):
            return
        name = f".{os.sep}{self._inquiry.file_name}"
        await self.app.push_screen(KeepScreen(self._inquiry.snapshot.host, name), self._begin_save)

    def _begin_save(self, name: str | None) -> None:
        if name is not None:
            self._runner.begin(self, "Save", lambda context: self._save(context, Path(name)))

    async def _save(self, context: ActionContext, path: Path) -> None:
        """Save the report; a file that is there already is replaced if the user wants it."""
        self.catch_up(self.snapshot.host.now())
        report = self._inquiry.markdown(self._answer)
        try:
            await context.run(f"Save {path.name}", lambda *_: save_report(path, report))
        except Conflict:
            words = ((f"{path} is there already.", Tone.PLAIN),)
            if not await context.ask(ConfirmScreen("Replace the file?", words, "Replace")):
                return
            await context.run(f"Replace {path.name}", lambda *_: save_report(path, report, replaces=True))
        context.say(f"Saved the report to {path}.")


def _answered(inquiry: Inquiry, text: str) -> tuple[Inquiry, WhyAnswer] | None:
    """Return the question that a message asks, and its answer; None if the message is unknown."""
    asked = inquiry.about(text)
    return None if asked is None else (asked, asked.answer)


def recognise(snapshot: Snapshot, text: str) -> str | None:
    """Say in a few words what a message is; None if it is unknown, and names nothing that is here."""
    message = attribute.read_message(snapshot, text)
    return recognised(message) if message is not None else None
