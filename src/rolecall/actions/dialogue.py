"""What an action may ask and tell while it runs: the app answers by dialogs, the command line by prompts."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rolecall.actions.errors import Cancelled

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


class Dialogue(Protocol):
    """The other end of an action; called on the action's thread, and may block until someone answers."""

    def code(self, device: str, problem: str | None) -> str:
        """Return the code that an MFA device shows, digits only.

        Args:
            device: the device's serial number or ARN (``mfa_serial``).
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
        """Have something called once the action is to end; at once, where that is so already."""
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
