"""The questions that an action asks while it runs, and the ways in which they are answered."""

import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import field
from datetime import datetime
from functools import partial
from queue import SimpleQueue
from typing import Protocol, TypeAlias, TypeVar

from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.values import dataclass

NO_CODE = "A code has six digits."
"""What is said of a text that can be no MFA code."""
_CODE = re.compile(r"[0-9]{6}", re.ASCII)
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[\s\-\u2010-\u2015\u2212]+(?=[0-9])")
"""Blanks and dashes, as devices, password managers and pages set them between the digits."""


def mfa_code(text: str) -> str | None:
    """Return the six digits that STS takes for a ``TokenCode``, or None where a text can be no code."""
    digits = _BETWEEN_DIGITS.sub("", text.strip())
    return digits if _CODE.fullmatch(digits) else None


@dataclass(frozen=True, slots=True)
class Authorization:
    """What a person needs to log in by the device flow (``sso-oidc:StartDeviceAuthorization``).

    Attributes:
        code: the code to compare or to type, as AWS shows it: ``WXYZ-ABCD``.
        address: where it is typed.
        complete_address: the same with the code in it.
        ends: when the code ends, aware, in UTC.
    """

    code: str
    address: str
    complete_address: str
    ends: datetime


NOT_ASKED = "NotAsked"
"""The kind of failure when the user would have to be asked, and must not be."""


class Prompts(Protocol):
    """Answers an action's questions; called on the action's thread, and may block until the user answers."""

    def code(self, device: str, problem: str | None, step: str = "") -> str:
        """Return the code that an MFA device shows, digits only.

        Args:
            device: the device's serial number or ARN (``mfa_serial``).
            step: what the code is for, as it was told: ``assuming Deploy in 111122223333``; may be empty.
            problem: what was wrong with the code before, where this is another try.

        Raises:
            Cancelled: there will be none.
        """

    def may_run(self, profile: str, command: str) -> bool:
        """Whether the ``credential_process`` of a profile may be run; asked once for each command line."""

    def authorize(self, authorization: Authorization) -> None:
        """Show where to log in; returns at once, the action goes on and waits for it."""

    def tell(self, step: str) -> None:
        """Say what is being done now: ``assuming Deploy in 111122223333``."""


class UnattendedPrompts:
    """Answers for an action that must not ask: no code, no login, and programs run only if allowed.

    Attributes:
        step: what was said last of what is being done; empty before that.
    """

    def __init__(self, may_run: Callable[[str], bool]) -> None:
        """Make it; ``may_run`` says whether the command line of a ``credential_process`` may run."""
        self._may_run = may_run
        self.step = ""

    def code(self, device: str, problem: str | None, step: str = "") -> str:  # noqa: ARG002 - as Prompts has it
        """Give no code: it would be used up."""
        raise ActionFailed(NOT_ASKED, f"it would take an MFA code of {device}")

    def may_run(self, profile: str, command: str) -> bool:  # noqa: ARG002 - the command counts
        """Whether that was allowed beforehand."""
        return self._may_run(command)

    def authorize(self, authorization: Authorization) -> None:
        """Log in nowhere."""
        raise ActionFailed(NOT_ASKED, f"it would take a login at {authorization.address}")

    def tell(self, step: str) -> None:
        """Note what is being done."""
        self.step = step


class Cancel:
    """A way to end an action from another thread."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []

    @property
    def is_set(self) -> bool:
        """Whether the action is to end."""
        return self._event.is_set()

    def set(self) -> None:
        """End the action."""
        with self._lock:
            self._event.set()
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def when_set(self, callback: Callable[[], None]) -> None:
        """Call something once the action is to end; at once, where that is so already."""
        with self._lock:
            if not self._event.is_set():
                self._callbacks.append(callback)
                return
        callback()

    def wait(self, seconds: float) -> bool:
        """Wait for some time, or until the action is to end; return whether it is."""
        return self._event.wait(seconds)

    def check(self) -> None:
        """Raise Cancelled if the action is to end."""
        if self._event.is_set():
            raise Cancelled


CODE_LIFETIME = 30.0
"""Seconds for which an MFA device shows a code."""


@dataclass(frozen=True, slots=True)
class _Code:
    text: str = field(repr=False)
    given_at: float


class SharedAnswers:
    """The user's answers, shared by the actions of several profiles; used on one thread.

    A code serves every profile with the same device for as long as the device shows it. Where STS takes a
    code only once, it refuses the second use: from then on that device's codes are not shared. A user who
    gives no code, or does not let a program run, is not asked the same again.
    """

    def __init__(self, prompts: Prompts, clock: Callable[[], float] = time.monotonic) -> None:
        """Make it.

        Args:
            prompts: asks the user.
            clock: returns seconds, as ``time.monotonic`` does.
        """
        self.prompts = prompts
        self._clock = clock
        self._codes: dict[str, _Code] = {}
        self._taken: set[tuple[str, str]] = set()
        self._serve_once: set[str] = set()
        self._declined: set[str] = set()

    def for_profile(self) -> "ProfilePrompts":
        """Return the prompts for one profile's action."""
        return ProfilePrompts(self)

    def code(self, device: str, problem: str | None, step: str, refused: str | None) -> str:
        """Return a fresh code of a device, other than the one that was ``refused``."""
        if device in self._declined:
            raise Cancelled
        if refused is not None and (device, refused) in self._taken:
            self._serve_once.add(device)
        held = self._codes.get(device)
        if held is not None and held.text != refused and self._is_shared(device, held):
            return held.text
        try:
            text = self.prompts.code(device, problem, step)
        except Cancelled:
            self._declined.add(device)
            raise
        self._codes[device] = _Code(text, self._clock())
        return text

    def _is_shared(self, device: str, held: _Code) -> bool:
        return device not in self._serve_once and self._clock() - held.given_at < CODE_LIFETIME

    def may_run(self, profile: str, command: str) -> bool:
        """Whether a program may run; a no holds for all that follow."""
        if command in self._declined:
            return False
        allowed = self.prompts.may_run(profile, command)
        if not allowed:
            self._declined.add(command)
        return allowed

    def taken(self, device: str, code: str) -> None:
        """Note that STS took a code."""
        self._taken.add((device, code))


class ProfilePrompts:
    """Prompts for one profile's action."""

    def __init__(self, answers: SharedAnswers) -> None:
        self._answers = answers
        self._given: dict[str, str] = {}

    def code(self, device: str, problem: str | None, step: str = "") -> str:
        """Return a code; with a ``problem``, another than before."""
        refused = self._given.pop(device, None) if problem is not None else None
        self._given[device] = self._answers.code(device, problem, step, refused)
        return self._given[device]

    def may_run(self, profile: str, command: str) -> bool:
        """Whether a ``credential_process`` may run."""
        return self._answers.may_run(profile, command)

    def authorize(self, authorization: Authorization) -> None:
        """Show where to log in."""
        self._answers.prompts.authorize(authorization)

    def tell(self, step: str) -> None:
        """Say what is being done."""
        self._answers.prompts.tell(step)

    def succeeded(self) -> None:
        """Note that STS took the codes that were given here."""
        for device, code in self._given.items():
            self._answers.taken(device, code)


Answer = TypeVar("Answer")
Calls: TypeAlias = "SimpleQueue[Callable[[], None]]"
"""What the other thread is to call, one after the other."""


class RelayedPrompts:
    """Prompts for the thread of an action, which other prompts answer on the thread that waits for it."""

    def __init__(self, prompts: Prompts, cancel: Cancel, calls: Calls) -> None:
        """Make it.

        Args:
            prompts: answers, on the thread that takes the calls.
            cancel: ends every question.
            calls: where the questions are put.
        """
        self._prompts = prompts
        self._cancel = cancel
        self._calls = calls

    def code(self, device: str, problem: str | None, step: str = "") -> str:
        """Have a code asked for."""
        return self._have(lambda: self._prompts.code(device, problem, step))

    def may_run(self, profile: str, command: str) -> bool:
        """Have it asked whether a program may run."""
        return self._have(lambda: self._prompts.may_run(profile, command))

    def authorize(self, authorization: Authorization) -> None:
        """Have it shown where to log in."""
        self._have(lambda: self._prompts.authorize(authorization))

    def tell(self, step: str) -> None:
        """Have it said what is being done."""
        self._have(lambda: self._prompts.tell(step))

    def _have(self, ask: Callable[[], Answer]) -> Answer:
        self._cancel.check()
        answer: Future[Answer] = Future()
        self._cancel.when_set(lambda: _settle(partial(answer.set_exception, Cancelled())))
        self._calls.put(lambda: _answer(ask, answer))
        return answer.result()


def _answer(ask: Callable[[], Answer], answer: "Future[Answer]") -> None:
    if answer.done():
        return  # the action was cancelled
    try:
        given = ask()
    except Exception as error:  # noqa: BLE001 - raised again on the thread that asks
        _settle(partial(answer.set_exception, error))
    else:
        _settle(partial(answer.set_result, given))


def _settle(settle: Callable[[], None]) -> None:
    """Settle an answer, unless the end of the action was quicker."""
    with suppress(InvalidStateError):
        settle()
