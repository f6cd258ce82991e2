"""The log of a session: what was done, how it went, and what was said in passing."""

from datetime import UTC, datetime, timedelta

import pytest

from rolecall.tui.action_log import MOST, ActionLog
from rolecall.tui.screens.details import DetailsScreen
from rolecall.tui.screens.dialog import ConfirmScreen
from rolecall.tui.screens.login import LoginScreen
from rolecall.tui.screens.main import MainScreen
from rolecall.tui.tones import Tone
from tests.tui.actions.stage import Children, acting
from tests.tui.worlds import World

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_the_newest_comes_first_and_what_is_said_again_at_once_is_kept_once() -> None:
    log = ActionLog()
    log.add(NOON, "one", "information")
    log.add(NOON, "two", "error")
    log.add(NOON + timedelta(seconds=5), "two", "error")
    assert [(fact.text, fact.tone) for fact in log.details.facts] == [("two", Tone.BAD), ("one", Tone.PLAIN)]
    assert log.details.facts[0].label == (NOON + timedelta(seconds=5)).astimezone().strftime("%H:%M:%S")


def test_it_has_an_end_and_says_that_it_is_empty() -> None:
    log = ActionLog()
    assert [fact.label for fact in log.details.facts] == ["Nothing has been done or said yet."]
    for number in range(MOST + 5):
        log.add(NOON, str(number), "information")
    assert len(log.details.facts) == MOST


@pytest.mark.long
async def test_what_failed_and_what_was_said_can_be_read_again(meadow: World) -> None:
    async with acting(meadow) as stage:
        # GIVEN an action that failed, a key that does not apply, and one that was cancelled
        await stage.choose("partner")
        await stage.press("a")
        await stage.says("partner gives no credentials until you log in")
        await stage.press("L")
        await stage.opens(LoginScreen)
        await stage.press("escape")
        await stage.says("Log in: cancelled")
        # WHEN the log is opened THEN all of it is there, and esc goes back
        await stage.press("H")
        shown = await stage.opens(DetailsScreen)
        assert shown.index("Log in: cancelled") < shown.index("partner gives no credentials until you log in")
        await stage.press("escape")
        assert stage.on_screen(MainScreen)


@pytest.mark.long
async def test_quitting_asks_while_something_is_under_way(meadow: World, children: Children) -> None:
    async with acting(meadow) as stage:
        await stage.choose("partner")
        await stage.press("L")
        await stage.opens(LoginScreen)
        # the dialog of the login is in front; the app is left by the main screen's command all the same
        await stage.main.action_quit()
        asked = await stage.opens(ConfirmScreen)
        assert "Log in: still under way. Quitting cancels it." in asked
        await stage.press("right", "enter")
        await stage.until(lambda: not stage.app.is_running or stage.app._exit)
        assert children.started
