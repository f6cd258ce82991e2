"""Why: whose credentials these are, what is wrong and what mends it, step by step as AWS decides."""

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Protocol

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message

from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.prompts import Cancel, Dialogue
from rolecall.actions.save_report import keep
from rolecall.actions.writing.saving import Conflict
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import pasted as messages
from rolecall.doctor.explain import WhyAnswer
from rolecall.doctor.fixes import Fix, FixAction
from rolecall.doctor.registry import Findings
from rolecall.doctor.topics import Topic
from rolecall.steps import Step
from rolecall.tui.actions.base import heading, told
from rolecall.tui.findings_state import Following
from rolecall.tui.render.labels import in_passing
from rolecall.tui.screens.dialog import ConfirmScreen, Modal, TellScreen
from rolecall.tui.screens.dialogs import KeepScreen
from rolecall.tui.screens.paste import PasteScreen
from rolecall.tui.theme import as_title
from rolecall.tui.tones import Tone
from rolecall.tui.why import question
from rolecall.tui.why.question import Inquiry, headline, recognised
from rolecall.tui.why.view import AnswerSheet, StepsPage
from rolecall.tui.widgets.footer import SteadyFooter
from rolecall.tui.widgets.status_bar import ProgressLine

READ_ONLY = "rolecall was started with --read-only: who asks AWS may have to assume a role, and caches it."
OF_CREDENTIALS = "AWS is asked with somebody's credentials: ask why of a profile, and go online there."


class OnlineLook(Protocol):
    """Looks at the world outside (``actions.online.checks.look``)."""

    def __call__(
        self,
        snapshot: Snapshot,
        profile: str | None,
        dialogue: Dialogue,
        cancel: Cancel,
        when_done: Callable[[Step], None],
    ) -> tuple[Step, ...]:
        """Return what was found, each step told as it is done."""


def _look(
    snapshot: Snapshot,
    profile: str | None,
    dialogue: Dialogue,
    cancel: Cancel,
    when_done: Callable[[Step], None],
) -> tuple[Step, ...]:
    from rolecall.actions.online import checks  # noqa: PLC0415 - few who ask why go out

    return checks.look(snapshot, profile, dialogue, cancel, when_done)


class WhyScreen(Following, Modal[Fix]):
    """Answers why; what it is left with is what the user wants to have done about it."""

    class Heard(Message):
        """Something came from outside."""

        def __init__(self, cancel: Cancel, step: Step) -> None:
            super().__init__()
            self.cancel = cancel
            self.step = step

    class Ended(Message):
        """All is heard that will be, or something went wrong."""

        def __init__(self, cancel: Cancel, error: Exception | None, over: Snapshot) -> None:
            super().__init__()
            self.cancel = cancel
            self.error = error
            self.over = over

    CSS_PATH = "screen.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]  # noqa: RUF012 - Textual's type
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "mend", "Mend it", key_display="enter", priority=True,
                tooltip="Do what mends it"),
        Binding("o", "go_online", "Go online", priority=True,
                tooltip="See what AWS says of it; what goes out is said before"),
        Binding("p", "paste", "Paste error", priority=True,
                tooltip="See whom an error message is about"),
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
        pasted: str | None = None,
        is_read_only: bool = False,
        look: OnlineLook = _look,
    ) -> None:
        """Make the screen.

        Args:
            snapshot: what is there.
            findings: what is wrong with it.
            topic: what the question is about; None for a command in this shell that names no profile.
            pasted: an error message that the question begins with.
            is_read_only: whether nothing may be changed, not even by a role that is assumed and cached.
            look: looks at the world outside.
        """
        super().__init__()
        self.snapshot, self.findings = snapshot, findings
        inquiry = Inquiry(snapshot, findings, topic)
        asked = inquiry.about(pasted) if pasted is not None else None
        self._inquiry = asked or inquiry
        self._answer = self._inquiry.answer
        self._is_read_only = is_read_only
        self._look = look
        self._cancel: Cancel | None = None
        self._heard_over: Snapshot | None = None
        self._progress: ProgressLine | None = None
        self._frame = Vertical(id="why")
        self._top = AnswerSheet(headline(self._inquiry, self._answer))
        self._steps = StepsPage(self._answer.steps)

    def compose(self) -> ComposeResult:
        """Lay it out."""
        with self._frame:
            yield self._top
            yield self._steps
        yield SteadyFooter()

    def on_mount(self) -> None:
        """Give the focus to what scrolls."""
        self._entitle()
        self.set_focus(self._steps)

    def on_unmount(self) -> None:
        """Nobody waits any more for what is under way."""
        if self._cancel is not None:
            self._cancel.set()

    def _entitle(self) -> None:
        self._frame.border_title = as_title(f"Why: {self._inquiry.subject}")

    def _ask(self, inquiry: Inquiry, answer: WhyAnswer | None = None) -> None:
        """Ask, unless the answer is there already, and show it."""
        self._say(inquiry, answer)
        self._steps.bring()
        self.refresh_bindings()

    def _say(self, inquiry: Inquiry, answer: WhyAnswer | None = None) -> None:
        """Show the answer to a question; what of it is as before stays where it is."""
        before, self._inquiry, self._answer = self._answer, inquiry, answer or inquiry.answer
        self._entitle()
        self._top.say(headline(inquiry, self._answer))
        self._steps.say(self._answer.steps)
        if before.fix != self._answer.fix:
            self.refresh_bindings()

    def retell(self) -> None:
        """Ask the same of the world as it is now; what was heard of another one is not said of this."""
        is_elsewhere = not self._inquiry.snapshot.is_same_as(self.snapshot)
        inquiry = self._inquiry.over(self.snapshot, self.findings)
        if self._heard_over is not None and not self._heard_over.is_same_as(self.snapshot):
            inquiry, self._heard_over = inquiry.anew(), None
        self._say(inquiry)
        if is_elsewhere:
            self._steps.bring()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What no key can mend is greyed, and looking outside while it is under way."""
        if action == "mend":
            fix = self._answer.fix
            return None if fix is None or fix.doing is FixAction.NOTHING else True
        is_barred = self._is_read_only or self._cancel is not None or not self._inquiry.is_of_credentials
        return None if action == "go_online" and is_barred else True

    def on_key(self, event: events.Key) -> None:
        """Say why nothing goes out: its key has found no other use."""
        if event.key == "o" and (self._is_read_only or not self._inquiry.is_of_credentials):
            self.app.clear_notifications()
            why = READ_ONLY if self._is_read_only else OF_CREDENTIALS
            self.notify(why, severity="warning", markup=False)

    def action_mend(self) -> None:
        """Have done what mends it."""
        self.dismiss(self._answer.fix)

    def action_fold(self) -> None:
        """Show all that was found, or again what matters most."""
        self._steps.fold()

    def action_back(self) -> None:
        """End what is under way, or go back."""
        if self._cancel is not None:
            self._cancel.set()
        else:
            self.dismiss(None)

    # The world outside.

    async def action_go_online(self) -> None:
        """Say what goes out, and go."""
        said = question.paragraphs(self._inquiry.snapshot, self._inquiry.profile)
        await self.app.push_screen(ConfirmScreen("Go online", said, "Go online"), self._go_online)

    async def _go_online(self, goes: bool | None) -> None:  # noqa: FBT001 - Textual calls it so
        if not goes:
            return
        self._cancel = cancel = Cancel()
        self._heard_over = None
        self._progress = ProgressLine("Going online")
        await self._frame.mount(self._progress)
        self._steps.looks_at_last = True  # what is heard from outside comes last
        self._ask(self._inquiry.anew())
        snapshot, profile = self._inquiry.snapshot, self._inquiry.profile
        dialogue = question.Unattended(question.programs(snapshot, profile))

        def work() -> None:
            error: Exception | None = None
            try:
                self._look(
                    snapshot, profile, dialogue, cancel, lambda step: self._post(self.Heard(cancel, step))
                )
            except Exception as failure:  # noqa: BLE001 - told, or raised, where it is waited for
                error = failure
            # it may have cached a role: this is the world of which was heard
            self._post(self.Ended(cancel, error, snapshot.reread()))

        # it does not keep the program from ending
        threading.Thread(target=work, name="go online", daemon=True).start()

    def _post(self, message: Message) -> None:
        """Post a message from another thread; where the app is gone, nobody waits for it."""
        with contextlib.suppress(RuntimeError):
            self.post_message(message)

    def on_why_screen_heard(self, event: Heard) -> None:
        """Show a step as it comes; what comes after a cancel is not heard any more."""
        if event.cancel is not self._cancel or event.cancel.is_set:
            return
        if self._progress is not None:
            self._progress.say(event.step.title)
        self._ask(self._inquiry.hearing(event.step))

    async def on_why_screen_ended(self, event: Ended) -> None:
        """Say how it ended, unless all went well: then the steps say it."""
        if event.cancel is not self._cancel:
            return
        self._cancel, self._heard_over = None, event.over
        if self._progress is not None:
            await self._progress.remove()
            self._progress = None
        self.refresh_bindings()
        match event.error:
            case None:
                pass
            case Cancelled():
                self.notify("Going online: cancelled.", markup=False)
            case ActionFailed() as failure:
                await self._tell(failure)
            case error:
                raise error

    async def _tell(self, failure: ActionFailed) -> None:
        names = self._inquiry.snapshot.profiles
        await self.app.push_screen(TellScreen(heading(failure), told(failure, names)))

    # An error message.

    async def action_paste(self) -> None:
        """Take an error message."""
        await self.app.push_screen(PasteScreen(_recognise), self._look_into)

    def _look_into(self, text: str | None) -> None:
        """Ask what the message asks, beside the screen, which goes on meanwhile."""
        if text is not None:
            self.run_worker(
                self._looking_into(text), exclusive=True, group="message", description="look into a message"
            )

    async def _looking_into(self, text: str) -> None:
        """Ask what the message asks; whoever it is about is asked about from now on."""
        found: tuple[Inquiry, WhyAnswer] | None = None
        before = None
        # something may be heard from outside while it is looked into
        while before is None or (before.topic, before.online) != (self._inquiry.topic, self._inquiry.online):
            before = self._inquiry
            found = await asyncio.to_thread(_answered, before, text)
        if found is None:
            return
        asked, answer = found
        if asked.topic != self._inquiry.topic and self._cancel is not None:
            self._cancel.set()
        self._steps.looks_at_last = False
        self._ask(asked, answer)

    # The report.

    def action_copy(self) -> None:
        """Send the report to the terminal, which does not answer whether it takes it."""
        self.catch_up(self.snapshot.host.now())
        self.app.copy_to_clipboard(self._inquiry.markdown(self._answer))
        self.notify("Sent the report to the terminal's clipboard.", markup=False)

    async def action_save(self) -> None:
        """Ask where to, and save it there."""
        name = f".{os.sep}{self._inquiry.file_name}"
        await self.app.push_screen(KeepScreen(self._inquiry.snapshot.host, name), self._save)

    async def _save(self, name: str | None) -> None:
        if name is None:
            return
        path = Path(name)
        try:
            await self._keep(path)
        except Conflict:
            words = ((f"{path} is there already.", Tone.PLAIN),)

            async def answered(replaces: bool | None) -> None:  # noqa: FBT001 - Textual calls it so
                if replaces:
                    await self._replace(path)

            await self.app.push_screen(ConfirmScreen("Replace the file?", words, "Replace"), answered)
        except ActionFailed as failure:
            await self._tell(failure)

    async def _replace(self, path: Path) -> None:
        try:
            await self._keep(path, replaces=True)
        except ActionFailed as failure:
            await self._tell(failure)

    async def _keep(self, path: Path, *, replaces: bool = False) -> None:
        self.catch_up(self.snapshot.host.now())
        await asyncio.to_thread(keep, path, self._inquiry.markdown(self._answer), replaces=replaces)
        self.notify(in_passing(f"Saved the report to {path}."), markup=False)


def _answered(inquiry: Inquiry, text: str) -> tuple[Inquiry, WhyAnswer] | None:
    """Return the question that a message asks, and its answer; None where it is no message that is known."""
    asked = inquiry.about(text)
    return None if asked is None else (asked, asked.answer)


def _recognise(text: str) -> str | None:
    """Say in a few words what a message is; None where it is none that is known."""
    message = messages.read(text)
    return recognised(message) if message is not None else None
