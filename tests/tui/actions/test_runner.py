"""What is under way can be watched, ended and left; nothing of it stays, and there is one at a time."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rolecall.actions import assume
from rolecall.app_options import Options
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from rolecall.tui.actions.runner import ActionContext, Runner
from rolecall.tui.actions.target import Target
from rolecall.tui.screens.dialog import ConfirmScreen
from rolecall.tui.screens.login import CodeScreen
from rolecall.tui.why.screen import WhyScreen
from tests.homes import put
from tests.tui.actions.stage import Children, Stage, acting
from tests.tui.driving import PATIENCE, until
from tests.tui.screens.hosting import showing
from tests.tui.worlds import World, keys, role

AT_ONCE = PATIENCE
"""Seconds within which esc has ended a job, on the busiest machine; the job would go on ten times as long."""


@pytest.fixture
def stuck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A home whose AWS takes every call and answers none; a job waits longer than any test."""
    for call in (assume.assume, assume.assume_all):
        monkeypatch.setattr(
            call, "__kwdefaults__", {**(call.__kwdefaults__ or {}), "patience": 10 * PATIENCE}
        )
    with socket.create_server(("127.0.0.1", 0), backlog=16) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        home = tmp_path / "home"
        home.mkdir()
        environ = {"AWS_ENDPOINT_URL": url, "NO_PROXY": "127.0.0.1", "AWS_DEFAULT_REGION": "eu-west-1"}
        yield World(home, environ).write(role("dev", "base") + role("ops", "base"), keys("base"))


@pytest.mark.long
async def test_esc_ends_a_job_at_once_and_no_process_is_left(stuck: World, children: Children) -> None:
    async with acting(stuck) as stage:
        # GIVEN a job whose call is not answered
        await stage.choose("dev")
        await stage.press("a")
        await stage.until(lambda: stage.is_working)
        assert "Assume dev" in stage.words
        assert "esc cancels" in stage.words
        (pid,) = children.running
        # WHEN esc is pressed
        await stage.press("escape")
        # THEN it is over, which is said
        await children.are_gone(within=AT_ONCE)
        await stage.says("Assume: cancelled, nothing was changed.")
        assert not stage.is_working
        assert pid
        assert not (stage.aws / "cli" / "cache").exists()
        # AND another can begin
        await stage.press("i")
        await stage.until(lambda: stage.is_working)
        await stage.press("escape")
        await stage.says("Who am I: cancelled, nothing was changed.")


async def test_what_changed_before_esc_is_not_denied(stuck: World) -> None:
    async with acting(stuck) as stage:
        # GIVEN a job that has come half way: a role that another draws on has been renewed
        await stage.choose("dev")
        await stage.press("a")
        await stage.until(lambda: stage.is_working)
        put(stuck.aws / "cli" / "cache" / "renewed-on-the-way.json", "{}")
        await stage.press("escape")
        await stage.says("Assume: cancelled; what was done before stays.")


@pytest.mark.long
async def test_there_is_one_at_a_time_and_the_screen_is_alive_meanwhile(
    stuck: World, children: Children
) -> None:
    async with acting(stuck) as stage:
        await stage.choose("dev")
        await stage.press("a")
        await stage.until(lambda: stage.is_working)
        # WHEN another command is given meanwhile, THEN it is not begun, which is said
        await stage.press("j", "a")
        await stage.says("Assume is still under way; esc cancels it.")
        assert len(children.started) == 1
        # AND everything else goes on: the cursor, the panes, the filter, a file that is written
        assert stage.tree.profile is not None
        assert stage.tree.profile.name == "ops"
        (stuck.aws / "config").write_text(role("dev", "base") + role("late", "base"))
        await stage.until(lambda: "late" in stage.profiles())
        await stage.press("slash", *"late", "enter")
        assert "ops" not in stage.profiles()
        # AND esc ends the job first, and what is open after that
        await stage.press("escape")
        await stage.done()
        assert stage.tree.words == "late"
        await children.are_gone(within=AT_ONCE)


@pytest.mark.long
async def test_esc_on_another_screen_leaves_the_job_of_this_one_alone(stuck: World) -> None:
    async with acting(stuck) as stage:
        # GIVEN a job of the main screen, and the Why screen over it
        await stage.choose("dev")
        await stage.press("a")
        await stage.until(lambda: stage.is_working)
        await stage.press("w")
        await stage.opens(WhyScreen)
        # WHEN esc is pressed there, THEN that screen is left, and the job goes on
        await stage.press("escape")
        await stage.until(lambda: not stage.on_screen(WhyScreen))
        assert stage.is_working
        # AND esc on its own screen cancels it
        await stage.press("escape")
        await stage.says("Assume: cancelled, nothing was changed.")


@pytest.mark.long
async def test_the_app_can_be_left_while_a_job_runs(stuck: World, children: Children) -> None:
    async with acting(stuck) as stage:
        await stage.choose("dev")
        await stage.press("a")
        await stage.until(lambda: stage.is_working and bool(children.running))
        await stage.press("q")
    # THEN the app is gone, and so is the process
    await children.are_gone(within=AT_ONCE)


@pytest.mark.long
async def test_the_app_can_be_left_while_a_job_asks(meadow: World, children: Children) -> None:
    async with acting(meadow) as stage:
        await stage.choose("prod-admin")
        await stage.press("A")
        await stage.opens(CodeScreen)
        await stage.press("ctrl+q")
    await children.are_gone(within=AT_ONCE)


async def leave_at_once(stage: Stage) -> None:
    """Leave the question for a code, and press q before the action can have ended."""
    await stage.opens(CodeScreen)
    await stage.press_at_once("escape", "q")


@pytest.mark.long
async def test_q_leaves_at_once_after_the_question_of_an_action_was_left(meadow: World) -> None:
    async with acting(meadow) as stage:
        await stage.choose("prod-admin")
        await stage.press("A")
        await leave_at_once(stage)
        assert stage.app._exit


@pytest.mark.long
async def test_q_asks_while_others_are_assumed_although_one_question_was_left(meadow: World) -> None:
    async with acting(meadow) as stage:
        await stage.mark("prod-admin", "staging")
        await stage.press("A")
        await leave_at_once(stage)
        # over the question may be by now how the others have ended
        assert any(isinstance(screen, ConfirmScreen) for screen in stage.app.screen_stack)


async def test_q_leaves_at_once_after_esc_has_cancelled_a_job(stuck: World) -> None:
    async with acting(stuck) as stage:
        await stage.choose("dev")
        await stage.press("a")
        await stage.until(lambda: stage.is_working)
        # WHEN it is cancelled, and q comes before the job has ended
        stage.main.action_back()
        await stage.main.action_quit()
        assert stage.app._exit


@pytest.mark.long
async def test_keys_that_come_before_a_dialog_is_there_do_no_harm(meadow: World) -> None:
    async with acting(meadow) as stage:
        # GIVEN the code typed ahead of the question for it
        before = stage.cache_file("prod-admin").read_bytes()
        await stage.choose("prod-admin")
        await stage.press_at_once("A", *"12")
        # THEN the keys before the question are those of the main screen
        await stage.opens(CodeScreen)
        await stage.press("escape")
        await stage.done()
        assert stage.cache_file("prod-admin").read_bytes() == before


async def test_what_is_read_again_after_a_job_is_no_reason_to_stay() -> None:
    goes_on = asyncio.Event()
    snapshot = Snapshot.take(Host.of(Path("/nowhere"), {}))

    async def reread() -> None:
        await goes_on.wait()

    runner = Runner(lambda: Target(snapshot, Options()), reread)
    async with showing(ConfirmScreen("A job", (), "Yes")) as shown:
        begun = threading.Event()
        may_end = threading.Event()

        def job(_prompts: object, _cancel: object) -> None:
            begun.set()
            assert may_end.wait(PATIENCE)

        async def run(context: ActionContext) -> None:
            await context.run("A job", job)

        # GIVEN a job
        assert runner.begin(shown.screen, "A job", run)
        await until(shown.pilot, begun.is_set)
        assert runner.under_way == ("A job",)
        # WHEN it is done, and the files are read again THEN nothing would be cancelled by leaving
        may_end.set()
        await until(shown.pilot, lambda: runner.under_way == ())
        assert runner.is_busy(shown.screen)
        goes_on.set()
        await until(shown.pilot, lambda: not runner.is_busy(shown.screen))
