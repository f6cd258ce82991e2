"""How a picture is taken: the app over a world, led somewhere, at a size and in a theme."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import pytest
from textual.app import App
from textual.pilot import Pilot

from rolecall.tui.app import RolecallApp
from tests.tui.driving import Driver
from tests.tui.worlds import World

Lead = Callable[[Driver], Awaitable[None]]
SMALL, MEDIUM, LARGE = (80, 24), (120, 40), (200, 60)
DARK, LIGHT = "rolecall-dark", "rolecall-light"

# a plain run compares each screen in one size and one theme
_OTHERS = pytest.mark.pictures
_SMALL, _LARGE = pytest.param(SMALL, marks=_OTHERS), pytest.param(LARGE, marks=_OTHERS)
in_both_themes = pytest.mark.parametrize(
    "theme", [DARK, pytest.param(LIGHT, marks=_OTHERS)], ids=["dark", "light"]
)
at_both_sizes = pytest.mark.parametrize("size", [_SMALL, MEDIUM], ids=["80x24", "120x40"])
at_every_size = pytest.mark.parametrize("size", [_SMALL, MEDIUM, _LARGE], ids=["80x24", "120x40", "200x60"])


class Compare(Protocol):
    """The plugin's fixture."""

    def __call__(
        self,
        app: App[None],
        *,
        terminal_size: tuple[int, int],
        run_before: Callable[[Pilot[None]], Awaitable[None]],
    ) -> bool: ...


async def stay(_: Driver) -> None:
    """Lead nowhere: the first screen."""


def is_as_before(
    compare: Compare, world: World, size: tuple[int, int], lead: Lead = stay, theme: str = DARK
) -> bool:
    """Whether the screen looks as in the picture that was accepted."""
    app = RolecallApp(world.host)
    app.theme = theme

    async def before(pilot: Pilot[None]) -> None:
        driver = Driver(world, pilot)
        await driver.ready()
        await lead(driver)
        await driver.settle()

    return compare(app, terminal_size=size, run_before=before)
