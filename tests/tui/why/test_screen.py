"""The Why screen: the answer, its cure on enter, what is heard from outside."""

import threading
from pathlib import Path

import pytest

from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import examine
from rolecall.tui.why.screen import READ_ONLY, WhyScreen
from rolecall.tui.why.view import StepsPage
from tests.aws.cases import environment_keys
from tests.tui.screens.hosting import runner_over, showing
from tests.tui.why.asking import (
    CLOCK,
    CONFIG,
    REACHED,
    ROOMY,
    SIZES,
    Outside,
    go_online,
    lines,
    nobody,
    screen_of,
    toasts,
    until,
)

# The answer


async def test_the_culprit_stands_on_top_with_its_cure_on_enter(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path), ROOMY) as shown:
        said = lines(shown)
        assert "Why: dev" in shown.text
        top = next(index for index, line in enumerate(said) if line.startswith("✗ "))
        assert said[top + 1].startswith("enter  Log in")
        # AND below it how that was found, without what nobody asked
        assert any(line.startswith("✗ culprit") for line in said[top + 2 :])
        assert not any(line.startswith("? unknown") for line in said[top + 2 :])
        assert any("d shows all" in line for line in said[top + 2 :])
        # WHEN enter is pressed, THEN that is what the user wants to have done
        await shown.press("enter")
        (fix,) = shown.answers
        assert fix is not None
        assert (fix.doing, fix.profile) == (FixAction.LOGIN, "corp")


async def test_where_nothing_is_wrong_there_is_nothing_to_mend(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path, "base")) as shown:
        said = lines(shown)
        assert any(line.startswith("✓ ") for line in said)
        assert not any(line.startswith(("✗", "enter  ")) for line in said)
        await shown.press("enter")
        assert shown.answers == []


async def test_without_a_profile_it_is_about_this_shell(tmp_path: Path) -> None:
    environ = environment_keys(AWS_PROFILE="base")
    async with showing(screen_of(tmp_path, None, environ=environ)) as shown:
        assert "Why: this shell" in shown.text


@pytest.mark.long
@pytest.mark.parametrize("key", ["escape", "q"])
async def test_it_can_be_left_with_nothing_done(tmp_path: Path, key: str) -> None:
    async with showing(screen_of(tmp_path)) as shown:
        await shown.press(key)
        assert shown.answers == [None]


@pytest.mark.long
@pytest.mark.parametrize("size", SIZES)
async def test_it_survives_any_size(tmp_path: Path, size: tuple[int, int]) -> None:
    async with showing(screen_of(tmp_path), size) as shown:
        await shown.press("j", "G", "g", "k", "tab", "h", "l")
        await shown.press("enter")
        assert len(shown.answers) == 1


async def test_all_steps_can_be_reached_on_a_small_screen(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path), (60, 14)) as shown:
        screen = shown.screen
        assert isinstance(screen, WhyScreen)
        page = screen.query_one("#steps")
        assert page.max_scroll_y > 0
        await shown.press("G")
        assert page.scroll_offset.y == page.max_scroll_y
        await shown.press("g", "j")
        assert page.scroll_offset.y == 1


async def test_the_culprit_is_in_view_and_details_come_on_a_key(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path), (80, 20)) as shown:
        page = shown.screen.query_one("#steps", StepsPage)
        in_brief = len(page.items)
        assert "✗ culprit" in shown.text
        # WHEN all that was found is asked for, THEN there is more, and the culprit is in view still
        await shown.press("d")
        assert len(page.items) > in_brief
        assert "✗ culprit" in shown.text
        # AND again, less
        await shown.press("d")
        assert len(page.items) == in_brief


@pytest.mark.long
async def test_whatever_a_profile_is_called_nothing_steers_the_terminal(tmp_path: Path) -> None:
    name = "[red]\x1b]0;owned\x07"
    async with showing(
        screen_of(tmp_path, "dev", config=f"[profile '{name}']\nregion = x\n{CONFIG}")
    ) as shown:
        hostile = next((each for each in shown.screen._inquiry.snapshot.profiles if "owned" in each), None)  # type: ignore[attr-defined]
        assert "\x1b" not in shown.text
    if hostile is not None:
        async with showing(screen_of(tmp_path, hostile)) as shown:
            assert "\x1b" not in shown.text


# The world outside


async def test_nothing_goes_out_before_it_was_said_and_wanted(tmp_path: Path) -> None:
    outside = Outside()
    async with showing(screen_of(tmp_path, look=outside)) as shown:
        await shown.press("o")
        for words in ("unsigned request to STS", "GetCallerIdentity", "aws --version"):
            assert words in shown.text
        # WHEN enter is pressed, which is Cancel, or esc
        await shown.press("enter")
        await shown.press("o", "escape")
        # THEN nobody was asked, and the screen is there still
        assert outside.asked == []
        assert shown.pilot.app.screen is shown.screen


@pytest.mark.long
async def test_what_comes_from_outside_is_shown_as_it_comes(tmp_path: Path) -> None:
    outside = Outside()
    async with showing(screen_of(tmp_path, "base", look=outside)) as shown:
        await go_online(shown)
        await until(shown, lambda: outside.asked == ["base"])
        assert "esc cancels" in shown.text
        await until(shown, lambda: "──── 0 of 4, waiting for Tools" in shown.text)
        # WHEN one answer is there
        outside.answer(1)
        await until(shown, lambda: REACHED.words in shown.text)
        await until(shown, lambda: "━─── 1 of 4, waiting for Tools, Clock" in shown.text)
        assert CLOCK.words not in shown.text
        # AND the other, THEN both are shown, and what is wrong stands on top
        outside.answer(1)
        await until(shown, lambda: "esc cancels" not in shown.text)
        assert CLOCK.words in shown.text
        assert "Tue, 01 Jan 2030" in shown.text
        assert any(line.startswith("✗ ") and "culprit" not in line for line in lines(shown))


@pytest.mark.long
async def test_while_it_is_under_way_it_is_not_begun_again(tmp_path: Path) -> None:
    outside = Outside()
    async with showing(screen_of(tmp_path, look=outside)) as shown:
        await go_online(shown)
        await until(shown, lambda: len(outside.asked) == 1)
        await shown.press("o")
        assert shown.pilot.app.screen is shown.screen
        # AND nothing else is, which is said
        await shown.press("s")
        assert shown.pilot.app.screen is shown.screen
        assert toasts(shown) == "Going online is still under way; esc cancels it."
        outside.answer()
        await until(shown, lambda: "esc cancels" not in shown.text)
        # AND afterwards it is, and nothing old is taken for new
        await go_online(shown)
        await until(shown, lambda: len(outside.asked) == 2)
        assert REACHED.words not in shown.text
        outside.answer()
        await until(shown, lambda: REACHED.words in shown.text)


@pytest.mark.long
async def test_esc_cancels_it_and_only_then_leaves(tmp_path: Path) -> None:
    outside = Outside()
    async with showing(screen_of(tmp_path, look=outside)) as shown:
        await go_online(shown)
        await until(shown, lambda: len(outside.asked) == 1)
        await shown.press("escape")
        await until(shown, lambda: "cancelled" in toasts(shown))
        assert shown.answers == []
        assert "esc cancels" not in shown.text
        await shown.press("escape")
        assert shown.answers == [None]


@pytest.mark.long
async def test_leaving_ends_what_is_under_way(tmp_path: Path) -> None:
    outside = Outside()
    async with showing(screen_of(tmp_path, look=outside)) as shown:
        await go_online(shown)
        await until(shown, lambda: len(outside.asked) == 1)
        await shown.press("enter")
        assert len(shown.answers) == 1
        await until(shown, lambda: not any(each.name == "Going online" for each in threading.enumerate()))


@pytest.mark.long
@pytest.mark.parametrize("failure", [ActionFailed("Timeout", "the child did not answer"), Cancelled()])
async def test_a_failure_outside_is_told(tmp_path: Path, failure: Exception) -> None:
    outside = Outside(failure=failure)
    async with showing(screen_of(tmp_path, look=outside)) as shown:
        await go_online(shown)
        outside.answer()
        if isinstance(failure, Cancelled):
            await until(shown, lambda: "cancelled" in toasts(shown))
        else:
            await until(shown, lambda: "The child did not answer." in shown.text)
            await shown.press("enter")
        # AND what had come before stays
        assert REACHED.words in shown.text


@pytest.mark.long
async def test_a_program_is_run_only_if_it_was_shown_before(tmp_path: Path) -> None:
    outside = Outside()
    config = "[profile tools]\ncredential_process = /bin/tool --go\n"
    async with showing(screen_of(tmp_path, "tools", look=outside, config=config)) as shown:
        await shown.press("o")
        assert "/bin/tool --go" in shown.text
        await shown.press("right", "enter")
        outside.answer()
        await until(shown, lambda: REACHED.words in shown.text)
        assert outside.may_run == [True, False]


async def test_with_read_only_nothing_goes_out_and_the_key_says_why(tmp_path: Path) -> None:
    snapshot = screen_of(tmp_path)._inquiry.snapshot
    async with showing(
        WhyScreen(
            snapshot,
            examine(snapshot),
            "dev",
            runner=runner_over(snapshot),
            is_read_only=True,
            look=nobody,
        )
    ) as shown:
        await shown.press("o")
        assert shown.pilot.app.screen is shown.screen
        assert toasts(shown) == READ_ONLY
