"""A bare app over which one screen is shown, and what it answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from rolecall.app_options import Options
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.actions.runner import Runner
from rolecall.tui.actions.target import Target
from rolecall.tui.theme import DARK
from tests.tui.driving import until

Answer = TypeVar("Answer")
NOT_YET = "not answered yet"


@dataclass
class Shown(Generic[Answer]):
    """A screen that is shown.

    Attributes:
        answers: what it was dismissed with; empty while it is open.
        copied: what was sent to the clipboard.
    """

    pilot: Pilot[None]
    screen: Screen[Answer]
    answers: list[Answer | None] = field(default_factory=list)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def settle(self) -> None:
        """Wait until all that goes on beside the screen is done, or cancelled by a screen that has gone."""
        await until(self.pilot, lambda: all(each.is_finished for each in self.pilot.app.workers))
        await self.pilot.pause()

    @property
    def text(self) -> str:
        """All that is to be seen."""
        return "\n".join(
            "".join(segment.text for segment in strip)
            for strip in self.pilot.app.screen._compositor.render_strips()
        )

    @property
    def copied(self) -> str:
        return self.pilot.app.clipboard


class _Bare(App[None]):
    def on_mount(self) -> None:
        self.register_theme(DARK)
        self.theme = DARK.name


async def _reread() -> None:
    """Read nothing."""


def runner_over(snapshot: Snapshot) -> Runner:
    """Return a Runner for a screen that is shown without the main one."""
    return Runner(lambda: Target(snapshot, Options()), _reread)


@asynccontextmanager
async def showing(screen: Screen[Answer], size: tuple[int, int] = (80, 24)) -> AsyncIterator[Shown[Answer]]:
    """Show a screen over a bare app."""
    app = _Bare()
    async with app.run_test(size=size) as pilot:
        shown = Shown(pilot, screen)
        await app.push_screen(screen, shown.answers.append)
        await pilot.pause()
        yield shown
