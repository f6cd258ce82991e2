"""The Why screen: the answer, its cure on enter, what is heard from outside, a pasted error, the report."""

import stat
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

import pytest

from rolecall.actions.dialogue import Cancel, Dialogue
from rolecall.actions.failures import ActionFailed, Cancelled
from rolecall.aws.snapshot import Snapshot
from rolecall.findings.examine import examine
from rolecall.findings.fixes import Doing, Fix
from rolecall.steps import Step, Verdict
from rolecall.tui.screens.dialog import ConfirmScreen, TellScreen
from rolecall.tui.screens.keep import KeepScreen
from rolecall.tui.screens.paste import PasteScreen
from rolecall.tui.screens.why import READ_ONLY, Look, WhyScreen
from rolecall.tui.why_lines import brief, step_blocks
from rolecall.tui.widgets.answer import StepsPage
from tests.aws.cases import SESSION, SSO_ROLE, environment_keys, keys
from tests.aws.entries import HOUR, sso_file, sso_token
from tests.homes import make_home
from tests.tui.screens.hosting import Shown, showing

CONFIG = f"{SESSION}[profile dev]\nsso_session = corp\nregion = eu-west-1\n{SSO_ROLE}"
CREDENTIALS = f"[base]\n{keys('BASE')}"
EXPIRED = {sso_file(): sso_token(-3 * HOUR)}
CLOCK = Step(
    "Clock", Verdict.CULPRIT, "it is 7 minutes behind AWS's", ("Date: Tue, 01 Jan 2030 12:07:00 GMT",)
)
REACHED = Step("STS endpoint", Verdict.FINE, "it answers in 31 ms")
ROOMY = (100, 60)
SIZES = [(80, 24), (40, 12), (20, 8), (5, 3), (2, 24), (200, 60)]
PATIENCE = 5.0


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
        dialogue: Dialogue,
        cancel: Cancel,
        when_done: Callable[[Step], None],
    ) -> tuple[Step, ...]:
        self.asked.append(profile)
        self.may_run = [dialogue.may_run("tools", command) for command in ("/bin/tool --go", "/bin/other")]
        cancel.when_set(self.go_on.release)
        for step in self.steps:
            self.go_on.acquire()
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
    look: Look = nobody,
    pasted: str | None = None,
    **parts: object,
) -> WhyScreen:
    made = {"config": CONFIG, "credentials": CREDENTIALS, "caches": EXPIRED} | parts
    host = make_home(home, **made)  # type: ignore[arg-type]  # as make_home has them
    for path in (home / ".aws", *home.joinpath(".aws").rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    snapshot = Snapshot.take(host)
    return WhyScreen(snapshot, examine(snapshot), profile, pasted=pasted, look=look)


def lines(shown: Shown[Fix]) -> list[str]:
    return [line.strip(" │") for line in shown.text.splitlines()]


async def until(shown: Shown[Fix], condition: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < PATIENCE, shown.text
        await shown.pilot.pause(0.02)


def toasts(shown: Shown[Fix]) -> str:
    return " ".join(toast.message for toast in shown.pilot.app._notifications)


async def go_online(shown: Shown[Fix]) -> None:
    await shown.press("o")
    assert isinstance(shown.pilot.app.screen, ConfirmScreen)
    await shown.press("right", "enter")


# The answer


async def test_the_culprit_stands_on_top_with_its_cure_on_enter(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path), ROOMY) as shown:
        said = lines(shown)
        assert "Why: dev" in shown.text
        top = next(index for index, line in enumerate(said) if line.startswith("✗ "))
        assert said[top + 1].startswith("enter  Log in")
        # AND below it how that was found, ending with what nobody asked
        assert any(line.startswith("✗ culprit") for line in said[top + 2 :])
        assert any(line.startswith("? unknown") for line in said[top + 2 :])
        # WHEN enter is pressed, THEN that is what the user wants to have done
        await shown.press("enter")
        (fix,) = shown.answers
        assert fix is not None
        assert (fix.doing, fix.profile) == (Doing.LOGIN, "dev")


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


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_it_can_be_left_with_nothing_done(tmp_path: Path, key: str) -> None:
    async with showing(screen_of(tmp_path)) as shown:
        await shown.press(key)
        assert shown.answers == [None]


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


async def test_what_comes_from_outside_is_shown_as_it_comes(tmp_path: Path) -> None:
    outside = Outside()
    async with showing(screen_of(tmp_path, "base", look=outside)) as shown:
        await go_online(shown)
        await until(shown, lambda: outside.asked == ["base"])
        assert "esc cancels" in shown.text
        # WHEN one answer is there
        outside.answer(1)
        await until(shown, lambda: REACHED.words in shown.text)
        assert CLOCK.words not in shown.text
        # AND the other, THEN both are shown, and what is wrong stands on top
        outside.answer(1)
        await until(shown, lambda: "esc cancels" not in shown.text)
        assert CLOCK.words in shown.text
        assert "Tue, 01 Jan 2030" in shown.text
        assert any(line.startswith("✗ ") and "culprit" not in line for line in lines(shown))


async def test_while_it_is_under_way_it_is_not_begun_again(tmp_path: Path) -> None:
    outside = Outside()
    async with showing(screen_of(tmp_path, look=outside)) as shown:
        await go_online(shown)
        await until(shown, lambda: len(outside.asked) == 1)
        await shown.press("o")
        assert shown.pilot.app.screen is shown.screen
        outside.answer()
        await until(shown, lambda: "esc cancels" not in shown.text)
        # AND afterwards it is, and nothing old is taken for new
        await go_online(shown)
        await until(shown, lambda: len(outside.asked) == 2)
        assert REACHED.words not in shown.text
        outside.answer()
        await until(shown, lambda: REACHED.words in shown.text)


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


async def test_leaving_ends_what_is_under_way(tmp_path: Path) -> None:
    outside = Outside()
    async with showing(screen_of(tmp_path, look=outside)) as shown:
        await go_online(shown)
        await until(shown, lambda: len(outside.asked) == 1)
        await shown.press("enter")
        assert len(shown.answers) == 1
        await until(shown, lambda: not any(each.name == "go online" for each in threading.enumerate()))


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
        WhyScreen(snapshot, examine(snapshot), "dev", is_read_only=True, look=nobody)
    ) as shown:
        await shown.press("o")
        assert shown.pilot.app.screen is shown.screen
        assert toasts(shown) == READ_ONLY


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
        steps = brief(page.steps)
        at = next(at for at, step in enumerate(steps) if step.verdict is Verdict.CULPRIT)
        blocks = step_blocks(steps, page.scrollable_content_region.width)
        starts = [*accumulate((len(block) for block in blocks), initial=0)]
        top, height = page.scroll_offset.y, page.scrollable_content_region.height
        assert page.max_scroll_y > 0
        # THEN it is whole in view, and no step above it is cut
        assert top <= starts[at] < starts[at + 1] <= top + height
        assert top in (*starts, page.max_scroll_y)


async def test_an_error_that_cannot_be_tied_to_a_profile_says_so(tmp_path: Path) -> None:
    # GIVEN a home in which nobody would fail so
    async with showing(screen_of(tmp_path, "base", config="", caches={}), ROOMY) as shown:
        await paste(shown, EXPIRED_TOKEN)
        # THEN the question stays, and the message is explained all the same
        assert "Why: base" in shown.text
        assert "ExpiredToken from ListBuckets. The message names nobody" in shown.text
        assert "An error occurred (ExpiredToken) when calling the ListBuckets" in shown.text


async def test_an_error_about_a_profile_that_is_not_there_asks_about_that_one(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path, "base"), ROOMY) as shown:
        await paste(shown, MISSING)
        assert "Why: gone" in shown.text


async def test_giving_the_paste_up_changes_nothing(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path)) as shown:
        before = shown.text
        await shown.press("p", "escape")
        assert shown.text == before


async def test_it_can_begin_with_an_error(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path, None, pasted=ABOUT_DEV), ROOMY) as shown:
        assert "Why: dev" in shown.text


async def test_beginning_with_what_is_no_error_asks_as_if_without(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path, pasted="make: *** [all] Error 2")) as shown:
        assert "Why: dev" in shown.text


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


async def test_the_report_is_saved_for_its_owner_alone(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path)) as shown:
        await save(shown, tmp_path / "why.md")
        await until(shown, lambda: "Saved the report" in toasts(shown))
        await shown.press("y")
        assert (tmp_path / "why.md").read_text(encoding="utf-8") == shown.copied
        assert stat.S_IMODE((tmp_path / "why.md").stat().st_mode) == 0o600


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


async def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o700)
    (tmp_path / "closed/why.md").symlink_to("loop.md")
    (tmp_path / "closed/loop.md").symlink_to("why.md")
    async with showing(screen_of(tmp_path)) as shown:
        await save(shown, tmp_path / "closed/why.md")
        await until(shown, lambda: isinstance(shown.pilot.app.screen, TellScreen))
        await shown.press("enter")
        assert shown.pilot.app.screen is shown.screen
