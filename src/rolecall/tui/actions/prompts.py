"""Answers the questions of an action on its own thread by dialogs of the app."""

from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.screen import Screen

from rolecall.actions.errors import Cancelled
from rolecall.actions.prompts import Authorization, Cancel
from rolecall.tui.screens.dialog import ConfirmScreen
from rolecall.tui.screens.login import CodeScreen, LoginScreen
from rolecall.tui.tones import Tone

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import App

Answer = TypeVar("Answer")
PULSE = 0.1
"""Seconds between two checks whether the action was cancelled."""


class ScreenPrompts:
    """Asks by dialogs. Its methods are called on the action's thread.

    Attributes:
        allowed: the command lines of ``credential_process`` that the user let run, once per session.
        is_left: whether the user has left the last dialog without the answer that the action needs.
    """

    def __init__(
        self,
        app: "App[None]",
        cancel: Cancel,
        allowed: set[str],
        progress: "Callable[[str], None]",
        open_browser: "Callable[[str], bool]",
    ) -> None:
        self._app = app
        self._cancel = cancel
        self._progress = progress
        self._open_browser = open_browser
        self._login: LoginScreen | None = None
        self.allowed = allowed
        self.is_left = False

    def code(self, device: str, problem: str | None, step: str = "") -> str:
        """Ask for an MFA code."""
        code = self._ask(CodeScreen(device, problem, step))
        if code is None:
            raise Cancelled
        return code

    def may_run(self, profile: str, command: str) -> bool:
        """Ask whether a ``credential_process`` may be run, unless it was allowed before."""
        if command not in self.allowed:
            words = (
                (f"To get credentials for {profile}, this program is run:", Tone.PLAIN),
                ("", Tone.PLAIN),
                (command, Tone.STRONG),
                ("", Tone.PLAIN),
                ("It is asked once for each command line, until rolecall is left.", Tone.DIM),
            )
            if not self._ask(ConfirmScreen("Run this credential_process?", words, "Run it")):
                return False
            self.allowed.add(command)
        return True

    def authorize(self, authorization: Authorization) -> None:
        """Open the browser, if there is one, and show where to log in until the action has ended."""
        has_browser = self._open_browser(authorization.complete_address or authorization.address)
        screen = LoginScreen(authorization, has_browser=has_browser)

        def closed(is_to_go_on: bool | None) -> None:  # noqa: FBT001 - Textual calls it so
            if not is_to_go_on:
                self._cancel.set()

        self._login = screen
        self._show(screen, closed)

    def tell(self, step: str) -> None:
        """Say what is being done."""
        self._on_screen(lambda: self._progress(step))

    def over(self) -> None:
        """Close the dialog of the login. Called on the app's thread."""
        if self._login is not None and self._login in self._app.screen_stack:
            self._login.dismiss(True)

    def _ask(self, screen: Screen[Answer]) -> Answer | None:
        answer: Future[Answer | None] = Future()

        def answered(given: Answer | None) -> None:
            self.is_left = given is None or given is False
            if not answer.done():
                answer.set_result(given)

        self._show(screen, answered)
        while True:
            self._cancel.check()
            try:
                return answer.result(timeout=PULSE)
            except TimeoutError:
                continue

    def _show(self, screen: Screen[Answer], when_closed: "Callable[[Answer | None], None]") -> None:
        async def show() -> None:
            await self._app.push_screen(screen, when_closed)

        self._on_screen(show)

    def _on_screen(self, call: "Callable[[], None] | Callable[[], Awaitable[None]]") -> None:
        """Call something on the app's thread, soon; without an app the action is cancelled.

        It is not waited for: an app that is left meanwhile would never answer, and the job never end.
        """
        try:
            is_taken = self._app.post_message(events.Callback(callback=call))
        except RuntimeError as error:
            raise Cancelled from error
        if not is_taken:
            raise Cancelled
