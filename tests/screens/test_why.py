"""What the answer to why looks like, and where an error is pasted: accepted by eye, as the others."""

import pytest
from textual.widgets import TextArea

from rolecall.doctor.registry import examine
from rolecall.tui.screens.paste import PasteScreen
from rolecall.tui.why.screen import WhyScreen
from tests.screens.pictures import MEDIUM, SMALL, Compare, Lead, at_every_size, in_both_themes, is_as_before
from tests.tui.driving import Driver
from tests.tui.screens.hosting import runner_over
from tests.tui.worlds import World

ERROR = (
    "An error occurred (ExpiredToken) when calling the ListBuckets operation: The provided token has expired"
)


def asked(profile: str | None, *keys: str, pasted: str | None = None) -> Lead:
    """Ask why, and press some keys."""

    async def lead(app: Driver) -> None:
        snapshot = app.app.snapshot
        assert snapshot is not None
        screen = WhyScreen(snapshot, examine(snapshot), profile, runner=runner_over(snapshot), pasted=pasted)
        await app.app.push_screen(screen)
        await app.settle()
        for key in keys:
            await app.press(key)
        for area in app.app.screen.query(TextArea):
            area.cursor_blink = False
        await app.settle()

    return lead


@in_both_themes
@at_every_size
def test_a_culprit_and_its_cure(
    snap_compare: Compare, demo: World, size: tuple[int, int], theme: str
) -> None:
    assert is_as_before(snap_compare, demo, size, asked("partner"), theme)


@pytest.mark.long
def test_all_that_was_found(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, asked("partner", "d"))


@pytest.mark.long
@pytest.mark.parametrize("profile", ["prod-deploy", None], ids=["a-profile-that-works", "this-shell"])
def test_where_nothing_stops_it(snap_compare: Compare, demo: World, profile: str | None) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, asked(profile))


def test_before_anything_goes_out(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, SMALL, asked("tools", "o"))


def test_with_an_error_that_was_pasted(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, asked("base", pasted=f"--profile partner\n{ERROR}"))


@in_both_themes
def test_where_an_error_is_pasted(snap_compare: Compare, demo: World, theme: str) -> None:
    async def lead(app: Driver) -> None:
        await asked("partner", "p")(app)
        screen = app.app.screen
        assert isinstance(screen, PasteScreen)
        screen.area.text = ERROR
        await app.settle()

    assert is_as_before(snap_compare, demo, SMALL, lead, theme)
