"""A home with a dead login, the Why screen over it, and a world outside that answers on demand."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rolecall.actions.prompts import Cancel
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.fixes import Fix
from rolecall.doctor.registry import examine
from rolecall.steps import Step, StepStatus
from rolecall.tui.screens.dialog import ConfirmScreen
from rolecall.tui.why.screen import OnlineLook, WhyScreen
from tests.aws.cases import SESSION, SSO_ROLE, keys
from tests.aws.entries import HOUR, sso_file, sso_token
from tests.homes import make_home
from tests.tui import driving
from tests.tui.screens.hosting import Shown, runner_over

CONFIG = f"{SESSION}[profile dev]\nsso_session = corp\nregion = eu-west-1\n{SSO_ROLE}"
CREDENTIALS = f"[base]\n{keys('BASE')}"
EXPIRED = {sso_file(): sso_token(-3 * HOUR)}
CLOCK = Step(
    "Clock", StepStatus.CULPRIT, "it is 7 minutes behind AWS's", ("Date: Tue, 01 Jan 2030 12:07:00 GMT",)
)
REACHED = Step("STS endpoint", StepStatus.FINE, "it answers in 31 ms")
ROOMY = (100, 60)
SIZES = [(80, 24), (40, 12), (20, 8), (5, 3), (2, 24), (200, 60)]
PULSE = 0.02
"""Seconds after which it is looked whether the answer is not wanted any more."""


def nobody(*_: object, **__: object) -> tuple[Step, ...]:
    raise AssertionError("nothing may go out")


@dataclass
class Outside:
    """The world outside, which answers when the test lets it."""

    steps: tuple[Step, ...] = (REACHED, CLOCK)
    failure: Exception | None = None
    asked: list[str | None] = field(default_factory=list)
    may_run: list[bool] = field(default_factory=list)
    go_on: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __call__(
        self,
        snapshot: Snapshot,  # noqa: ARG002 - as a Look has it
        profile: str | None,
        may_run: Callable[[str], bool],
        cancel: Cancel,
        when_done: Callable[[Step], None],
    ) -> tuple[Step, ...]:
        self.asked.append(profile)
        self.may_run = [may_run(command) for command in ("/bin/tool --go", "/bin/other")]
        for step in self.steps:
            while not self.go_on.acquire(timeout=PULSE):
                cancel.check()
            when_done(step)
        if self.failure is not None:
            raise self.failure
        return self.steps

    def answer(self, many: int = 2) -> None:
        self.go_on.release(many)


def screen_of(
    home: Path,
    profile: str | None = "dev",
    *,
    look: OnlineLook = nobody,
    pasted: str | None = None,
    **parts: object,
) -> WhyScreen:
    made = {"config": CONFIG, "credentials": CREDENTIALS, "caches": EXPIRED} | parts
    host = make_home(home, **made)  # type: ignore[arg-type]  # as make_home has them
    for path in (home / ".aws", *home.joinpath(".aws").rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    snapshot = Snapshot.take(host)
    return WhyScreen(
        snapshot, examine(snapshot), profile, runner=runner_over(snapshot), pasted=pasted, look=look
    )


def lines(shown: Shown[Fix]) -> list[str]:
    return [line.strip(" │") for line in shown.text.splitlines()]


async def until(shown: Shown[Fix], condition: Callable[[], bool]) -> None:
    await driving.until(shown.pilot, condition)


def toasts(shown: Shown[Fix]) -> str:
    return " ".join(toast.message for toast in shown.pilot.app._notifications)


async def go_online(shown: Shown[Fix]) -> None:
    await shown.press("o")
    assert isinstance(shown.pilot.app.screen, ConfirmScreen)
    await shown.press("right", "enter")
