"""One person's answers for several profiles: a code serves all that want the same device's."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from rolecall.actions.dialogue import Authorization, Dialogue
from rolecall.actions.errors import Cancelled

SHOWN = 30.0
"""Seconds for which an MFA device shows a code."""


@dataclass(frozen=True, slots=True)
class _Code:
    text: str = field(repr=False)
    given_at: float


class Answers:
    """What a person has answered so far; used on one thread.

    A code is given again to whoever asks for the same device while it is fresh. STS takes a code only once
    where it is strict: as soon as it refuses one that it has taken before, that device's codes are not shared
    any more. Who declines to give a code, or to let a program run, is not asked for the same again.
    """

    def __init__(self, dialogue: Dialogue, clock: Callable[[], float] = time.monotonic) -> None:
        """Make it.

        Args:
            dialogue: the person.
            clock: seconds that go by.
        """
        self.dialogue = dialogue
        self._clock = clock
        self._codes: dict[str, _Code] = {}
        self._taken: set[tuple[str, str]] = set()
        self._serve_once: set[str] = set()
        self._declined: set[str] = set()

    def for_one(self) -> "Asking":
        """Return the person as one profile's action knows them."""
        return Asking(self)

    def code(self, device: str, problem: str | None, refused: str | None) -> str:
        """Return a fresh code of a device, other than the one that was ``refused``."""
        if device in self._declined:
            raise Cancelled
        if refused is not None and (device, refused) in self._taken:
            self._serve_once.add(device)
        held = self._codes.get(device)
        if held is not None and held.text != refused and self._is_shared(device, held):
            return held.text
        try:
            text = self.dialogue.code(device, problem)
        except Cancelled:
            self._declined.add(device)
            raise
        self._codes[device] = _Code(text, self._clock())
        return text

    def _is_shared(self, device: str, held: _Code) -> bool:
        return device not in self._serve_once and self._clock() - held.given_at < SHOWN

    def may_run(self, profile: str, command: str) -> bool:
        """Whether a program may run; a no stands for all that follow."""
        if command in self._declined:
            return False
        allowed = self.dialogue.may_run(profile, command)
        if not allowed:
            self._declined.add(command)
        return allowed

    def taken(self, device: str, code: str) -> None:
        """Note that STS took a code."""
        self._taken.add((device, code))


class Asking:
    """A Dialogue for one profile's action."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._given: dict[str, str] = {}

    def code(self, device: str, problem: str | None) -> str:
        """Return a code; with a ``problem``, another than before."""
        refused = self._given.pop(device, None) if problem is not None else None
        self._given[device] = self._answers.code(device, problem, refused)
        return self._given[device]

    def may_run(self, profile: str, command: str) -> bool:
        """Whether a ``credential_process`` may run."""
        return self._answers.may_run(profile, command)

    def authorize(self, authorization: Authorization) -> None:
        """Show where to log in."""
        self._answers.dialogue.authorize(authorization)

    def tell(self, step: str) -> None:
        """Say what is being done."""
        self._answers.dialogue.tell(step)

    def succeeded(self) -> None:
        """Note that STS took the codes that were given here."""
        for device, code in self._given.items():
            self._answers.taken(device, code)
