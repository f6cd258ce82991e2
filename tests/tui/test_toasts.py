"""What is said in passing is said whole, above the footer, however it is wrapped."""

import pytest

from tests.tui.driving import running
from tests.tui.worlds import World

WORDS = "Sent the credentials of prod-deploy for bash to the terminal's clipboard."


@pytest.mark.long
async def test_every_line_of_it_is_seen_at_any_width(demo: World) -> None:
    async with running(demo, (120, 24)) as app:
        for width in range(74, 90):
            await app.resize(width, 24)
            app.app.clear_notifications()
            app.app.notify(WORDS, markup=False)
            told = (await app.told()).replace("▌", "")
            assert told.split() == WORDS.split(), width


async def test_nothing_that_is_said_in_passing_steers_the_terminal_or_is_secret(demo: World) -> None:
    async with running(demo, (120, 24)) as app:
        secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzNobodyKEY"
        app.app.notify(
            f"There is no profile \x1b]0;owned\x07{secret} any more.", title="\x1b[8m", markup=False
        )
        told = await app.told()
        assert "There is no profile" in told
        assert "\x1b" not in told
        assert secret[:9] not in told


async def test_esc_removes_them_on_every_screen(demo: World) -> None:
    async with running(demo) as app:
        for keys in ((), ("enter",), ("exclamation_mark",), ("w",), ("e",), ("slash",)):
            await app.press(*keys)
            app.app.notify(WORDS, markup=False)
            await app.until(lambda: "terminal's clipboard" in app.seen())
            await app.press("escape")
            assert app.app.screen is app.main
            assert "terminal's clipboard" not in app.seen(), keys
