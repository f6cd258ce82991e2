"""The Why screen: a pasted error message, and the report."""

import stat
from itertools import accumulate
from pathlib import Path

import pytest

from rolecall.doctor.fixes import Fix
from rolecall.steps import StepStatus
from rolecall.tui.screens.dialog import ConfirmScreen, TellScreen
from rolecall.tui.screens.dialogs import KeepScreen
from rolecall.tui.screens.paste import PasteScreen
from rolecall.tui.why.view import StepsPage, step_blocks
from tests.tui.screens.hosting import Shown, showing
from tests.tui.why.asking import (
    CLOCK,
    REACHED,
    ROOMY,
    Outside,
    go_online,
    lines,
    screen_of,
    toasts,
    until,
)

# An error message

EXPIRED_TOKEN = (
    "An error occurred (ExpiredToken) when calling the ListBuckets operation: The provided token has expired"
)
MISSING = "The config profile (gone) could not be found"
ABOUT_DEV = "Error when retrieving token from sso: Token has expired and refresh failed"


async def paste(shown: Shown[Fix], text: str) -> None:
    await shown.press("p")
    screen = shown.pilot.app.screen
    assert isinstance(screen, PasteScreen)
    screen.area.text = text
    await shown.press()
    await shown.press("ctrl+s")
    await shown.settle()
    await shown.settle()  # first what it is, then what it means


async def test_a_pasted_error_leads_to_the_profile_that_it_is_about(tmp_path: Path) -> None:
    # GIVEN a question about a profile that works
    async with showing(screen_of(tmp_path, "base"), ROOMY) as shown:
        # WHEN an error is pasted that only another one brings
        await paste(shown, ABOUT_DEV)
        # THEN that one is asked about, with its culprit on top
        assert shown.pilot.app.screen is shown.screen
        assert "Why: dev" in shown.text
        assert any(line.startswith("enter  Log in") for line in lines(shown))


async def test_the_whole_culprit_is_in_view_though_the_question_takes_room(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path, "base"), (80, 20)) as shown:
        await paste(shown, ABOUT_DEV)
        page = shown.screen.query_one("#steps", StepsPage)
        steps = page._shown
        at = next(at for at, step in enumerate(steps) if step.verdict is StepStatus.CULPRIT)
        blocks = step_blocks(steps, page.scrollable_content_region.width)
        starts = [*accumulate((len(block) for block in blocks), initial=0)]
        top, height = page.scroll_offset.y, page.scrollable_content_region.height
        assert page.max_scroll_y > 0
        # THEN it is whole in view, and no step above it is cut
        assert top <= starts[at] < starts[at + 1] <= top + height
        assert top in (*starts, page.max_scroll_y)


@pytest.mark.long
async def test_an_error_that_cannot_be_tied_to_a_profile_says_so(tmp_path: Path) -> None:
    # GIVEN a home in which nobody would fail so
    async with showing(screen_of(tmp_path, "base", config="", caches={}), ROOMY) as shown:
        await paste(shown, EXPIRED_TOKEN)
        # THEN the question stays, and the message is explained all the same
        assert "Why: base" in shown.text
        assert "ExpiredToken from ListBuckets. The message names no profile" in shown.text
        assert "An error occurred (ExpiredToken) when calling the ListBuckets" in shown.text


@pytest.mark.long
async def test_an_error_about_a_profile_that_is_not_there_asks_about_that_one(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path, "base"), ROOMY) as shown:
        await paste(shown, MISSING)
        assert "Why: gone" in shown.text


async def test_giving_the_paste_up_changes_nothing(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path)) as shown:
        before = shown.text
        await shown.press("p", "escape")
        assert shown.text == before


@pytest.mark.long
async def test_it_can_begin_with_an_error(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path, None, pasted=ABOUT_DEV), ROOMY) as shown:
        assert "Why: dev" in shown.text


async def test_beginning_with_what_is_no_error_asks_as_if_without(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path, pasted="make: *** [all] Error 2")) as shown:
        assert "Why: dev" in shown.text


@pytest.mark.long
async def test_what_was_heard_of_another_profile_is_not_said_of_this_one(tmp_path: Path) -> None:
    outside = Outside()
    async with showing(screen_of(tmp_path, "base", look=outside), ROOMY) as shown:
        await go_online(shown)
        outside.answer(1)
        await until(shown, lambda: REACHED.words in shown.text)
        # WHEN the question turns to another profile while it is under way
        await paste(shown, ABOUT_DEV)
        await until(shown, lambda: "esc cancels" not in shown.text)
        # THEN nothing of what was heard is left
        assert REACHED.words not in shown.text
        assert CLOCK.words not in shown.text


# The report


async def test_the_report_goes_to_the_clipboard(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path)) as shown:
        await shown.press("y")
        assert shown.copied.startswith("#")
        assert "dev" in shown.copied
        assert "CANARY" not in shown.copied


async def save(shown: Shown[Fix], path: Path) -> None:
    await shown.press("s")
    screen = shown.pilot.app.screen
    assert isinstance(screen, KeepScreen)
    assert screen.field.value == "./rolecall-dev.md"
    screen.field.value = str(path)
    await shown.press("enter")


@pytest.mark.long
async def test_the_report_is_saved_for_its_owner_alone(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path)) as shown:
        await save(shown, tmp_path / "why.md")
        await until(shown, lambda: "Saved the report" in toasts(shown))
        await shown.press("y")
        assert (tmp_path / "why.md").read_text(encoding="utf-8") == shown.copied
        assert stat.S_IMODE((tmp_path / "why.md").stat().st_mode) == 0o600


@pytest.mark.long
@pytest.mark.parametrize(("key", "is_replaced"), [(("enter",), False), (("right", "enter"), True)])
async def test_a_file_that_is_there_is_replaced_only_if_that_is_wanted(
    tmp_path: Path, key: tuple[str, ...], *, is_replaced: bool
) -> None:
    path = tmp_path / "why.md"
    path.write_text("mine")
    async with showing(screen_of(tmp_path)) as shown:
        await save(shown, path)
        await until(shown, lambda: isinstance(shown.pilot.app.screen, ConfirmScreen))
        assert str(path)[:40] in shown.text
        await shown.press(*key)
        if is_replaced:
            await until(shown, lambda: "Saved the report" in toasts(shown))
        assert (path.read_text(encoding="utf-8") != "mine") is is_replaced


@pytest.mark.long
async def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o700)
    (tmp_path / "closed/why.md").symlink_to("loop.md")
    (tmp_path / "closed/loop.md").symlink_to("why.md")
    async with showing(screen_of(tmp_path)) as shown:
        await save(shown, tmp_path / "closed/why.md")
        await until(shown, lambda: isinstance(shown.pilot.app.screen, TellScreen))
        await shown.press("enter")
        assert shown.pilot.app.screen is shown.screen
