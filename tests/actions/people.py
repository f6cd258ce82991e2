"""People who answer what an action asks, and remember what they were asked."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from rolecall.actions.errors import Cancelled
from rolecall.actions.prompts import Authorization


@dataclass
class Somebody:
    """Gives codes from a list until it is empty, then gives up; lets programs run, or not.

    Attributes:
        codes: the codes that will be given.
        allows: whether programs may run.
        when_told: called with each step that is told.
        asked: the device and the problem of each question for a code.
        steps: what each code was for.
        shown: the profile and the command line of each question about a program.
        told: the steps.
        threads: the threads on which all that was asked and told.
    """

    codes: Iterable[str] = ()
    allows: bool = True
    when_told: Callable[[str], None] = lambda _step: None
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    shown: list[tuple[str, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    threads: set[threading.Thread] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._codes = iter(self.codes)

    def code(self, device: str, problem: str | None, step: str = "") -> str:
        """Give the next code."""
        self._note()
        self.asked.append((device, problem))
        self.steps.append(step)
        code = next(self._codes, None)
        if code is None:
            raise Cancelled
        return code

    def may_run(self, profile: str, command: str) -> bool:
        """Say whether it may."""
        self._note()
        self.shown.append((profile, command))
        return self.allows

    def authorize(self, authorization: Authorization) -> None:
        """Nobody logs in here."""
        raise AssertionError(authorization)

    def tell(self, step: str) -> None:
        """Listen."""
        self._note()
        self.told.append(step)
        self.when_told(step)

    def _note(self) -> None:
        self.threads.add(threading.current_thread())
