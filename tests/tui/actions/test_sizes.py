"""A terminal that shrinks under a dialog, to whatever size, breaks nothing: the dialog is there after."""

import pytest

from rolecall.tui.screens.main import MainScreen
from tests.tui.actions.stage import acting
from tests.tui.driving import NARROW, SMALL_SIZES
from tests.tui.worlds import World

DIALOGS = {
    "logs": ("a",),
    "prod-admin": ("A",),
    "partner": ("L",),
    "dev": ("L", "c", "x", "p", "delete"),
}


@pytest.mark.long
@pytest.mark.parametrize("profile", DIALOGS)
async def test_dialogs_survive_every_size(meadow: World, profile: str) -> None:
    async with acting(meadow) as stage:
        await stage.choose(profile)
        for key in DIALOGS[profile]:
            await stage.press(key)
            await stage.until(lambda: not stage.on_screen(MainScreen))
            await stage.settle()
            before = stage.app.screen
            for size in SMALL_SIZES[::2]:
                await stage.resize(*size)
            await stage.resize(*NARROW)
            assert stage.app.screen is before, key
            await stage.press("escape")
            await stage.until(lambda: stage.on_screen(MainScreen))
            await stage.done()
