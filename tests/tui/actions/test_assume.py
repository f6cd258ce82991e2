"""a and A: the role is assumed by the real chain where that is wanted; else what was there stays."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from rolecall.aws import cache_files
from rolecall.aws.expiry import State
from rolecall.host import utc_now
from rolecall.tui.screens.details import DetailsScreen
from rolecall.tui.screens.dialog import ConfirmScreen
from rolecall.tui.screens.login import CodeScreen, LoginScreen
from tests.tui.actions.stage import WRONG_CODE, Stage, acting
from tests.tui.worlds import World


def key_in(file: Path) -> str:
    """Return the access key id in an entry of the CLI's cache."""
    return str(json.loads(file.read_bytes())["Credentials"]["AccessKeyId"])


@pytest.mark.long
async def test_a_leaves_a_cached_role_that_is_good(meadow: World) -> None:
    async with acting(meadow) as stage:
        file = stage.cache_file("prod-deploy")
        before = file.read_bytes()
        await stage.choose("prod-deploy")
        await stage.press("a")
        await stage.says("prod-deploy: is still valid for 4")
        assert file.read_bytes() == before


@pytest.mark.long
async def test_a_role_that_has_ended_is_assumed_and_seen_live_at_once(meadow: World) -> None:
    async with acting(meadow) as stage:
        await stage.choose("staging")
        assert "renewable" in stage.line(stage.tree, "staging")
        await stage.press("a")
        await stage.says("staging: assumed for 59m")
        assert "59m" in stage.line(stage.tree, "staging")
        assert stage.report("staging").expiry.as_of(utc_now()).state is State.VALID
        assert stage.cache_file("staging").stat().st_mode & 0o777 == 0o600


@pytest.mark.long
async def test_a_chained_role_that_asks_for_too_long_is_offered_for_an_hour(meadow: World) -> None:
    async with acting(meadow) as stage:
        # GIVEN a chained role with duration_seconds = 7200
        file = stage.cache_file("logs")
        await stage.choose("logs")
        # WHEN it is to be assumed
        await stage.press("a")
        # THEN that is pointed out first, with Cancel under the cursor
        asked = await stage.opens(ConfirmScreen)
        assert "logs asks for 2h 00m (duration_seconds = 7200)." in asked
        assert "lasts 1 hour at the most" in asked
        await stage.press("enter")
        await stage.says("Assume: cancelled, nothing was changed.")
        assert not file.exists()
        # AND it can be had for an hour, in the file where the AWS tools look for it
        await stage.press("a")
        await stage.confirm()
        await stage.says("logs: assumed for 59m")
        ends = stage.report("logs").expiry.at
        assert ends is not None
        assert ends - utc_now() < timedelta(hours=1)
        assert file.exists()
        assert "duration_seconds = 7200" in (stage.aws / "config").read_text()


@pytest.mark.long
async def test_a_corrupt_entry_is_replaced_and_so_is_the_source_that_is_about_to_end(meadow: World) -> None:
    async with acting(meadow) as stage:
        # GIVEN an entry that the AWS CLI dies of, over a source with eleven minutes left, which wants a code
        source = stage.cache_file("prod-admin")
        before = source.read_bytes()
        await stage.choose("prod-read")
        assert "bad cache" in stage.line(stage.tree, "prod-read")
        await stage.press("a")
        asked = await stage.type_code()
        assert "arn:aws:iam::123456789012:mfa/rowan" in asked
        await stage.says("prod-read: assumed for 59m")
        assert key_in(stage.cache_file("prod-read"))
        assert source.read_bytes() != before


@pytest.mark.long
async def test_the_code_is_seen_while_it_is_typed_for_its_role_and_device(meadow: World) -> None:
    async with acting(meadow) as stage:
        await stage.choose("prod-admin")
        await stage.press("A")
        assert "MFA code of rowan, for assuming Admin in" in await stage.opens(CodeScreen)
        await stage.press(*"987654")
        assert "987654" in stage.seen()
        await stage.press("escape")
        await stage.done()
        assert "987654" not in stage.seen()


@pytest.mark.long
async def test_a_wrong_code_is_asked_for_again_and_esc_leaves_everything(meadow: World) -> None:
    async with acting(meadow) as stage:
        file = stage.cache_file("prod-admin")
        before = file.read_bytes()
        await stage.choose("prod-admin")
        # WHEN a code is too short, THEN AWS is not even asked
        await stage.press("A")
        await stage.type_code("123")
        await stage.until(lambda: "A code has six digits." in stage.words)
        # WHEN it is wrong, THEN it is asked for again, saying so
        await stage.press(*"456", "backspace", "0", "enter")
        await stage.until(lambda: "not accepted" in stage.words or "MultiFactor" in stage.words)
        # AND esc leaves what was there
        assert stage.on_screen(CodeScreen)
        await stage.press("escape")
        await stage.says("Assume again: cancelled, nothing was changed.")
        assert file.read_bytes() == before
        # AND the right one is taken, after a wrong one too
        await stage.press("A")
        await stage.type_code(WRONG_CODE)
        await stage.until(lambda: "not accepted" in stage.words or "MultiFactor" in stage.words)
        await stage.press(*"123456", "enter")
        await stage.says("prod-admin: assumed for 59m")
        assert key_in(file) != json.loads(before)["Credentials"]["AccessKeyId"]


@pytest.mark.long
async def test_several_marked_ones_end_in_a_summary_of_what_went_wrong(meadow: World) -> None:
    async with acting(meadow) as stage:
        # GIVEN three marked ones: one that STS gives, one that trusts somebody else, one whose login is dead
        await stage.mark("staging", "release", "partner-audit")
        # WHEN they are assumed anew, from wherever the cursor is
        await stage.choose("base")
        await stage.press("A")
        # THEN each is told of
        summary = await stage.opens(DetailsScreen)
        assert "Assume: summary" in summary
        assert "Assumed staging" in summary
        assert "AccessDenied" in summary
        assert "partner needs a login" in summary
        # AND what failed is as it was
        await stage.press("escape")
        await stage.done()
        assert "59m" in stage.line(stage.tree, "staging")
        assert "27m" in stage.line(stage.tree, "release")


@pytest.mark.long
async def test_several_that_all_went_well_are_said_in_passing(meadow: World) -> None:
    async with acting(meadow) as stage:
        await stage.mark("staging", "prod-deploy", "base")
        await stage.press("a")
        await stage.says("1 role assumed. Skipped: prod-deploy is still valid")


def revoke(stage: Stage, session: str) -> None:
    """Put a token in the place of a session's that AWS does not know, good for as long as that one."""
    file = stage.aws / "sso" / "cache" / f"{cache_files.sso_token(session)}.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"accessToken": "revoked"}))


@pytest.mark.long
async def test_a_dead_login_is_told_and_logging_in_is_the_next_step(meadow: World) -> None:
    async with acting(meadow) as stage:
        # GIVEN an SSO login that AWS has ended before its time, so that nothing of it can be foretold
        revoke(stage, "corp")
        await stage.choose("dev")
        await stage.press("A")
        # THEN that is told, with the way out under the cursor
        told = await stage.failure()
        assert "dev needs a login" in told
        assert "Log in (L)" in told
        # WHEN it is taken
        await stage.press("enter")
        await stage.opens(LoginScreen)
        await stage.press("escape")
        await stage.done()


@pytest.mark.long
async def test_the_next_step_is_about_what_failed_wherever_the_cursor_went(meadow: World) -> None:
    async with acting(meadow) as stage:
        # GIVEN a job under way, and a cursor that goes on to a profile that logs in elsewhere
        revoke(stage, "corp")
        await stage.choose("dev")
        await stage.press("A")
        await stage.choose("lake")
        await stage.failure()
        # WHEN the next step is taken
        await stage.press("enter")
        # THEN it is about the one that failed
        await stage.until(lambda: stage.on_screen(LoginScreen))
        assert "Log in to corp" in str(stage.main.query_one("#progress").render())
        await stage.press("escape")
        await stage.done()


@pytest.mark.long
async def test_the_next_step_is_about_the_marked_one_that_failed(meadow: World) -> None:
    async with acting(meadow) as stage:
        revoke(stage, "corp")
        await stage.mark("dev")
        await stage.choose("lake")
        await stage.press("A")
        await stage.failure()
        await stage.press("enter")
        await stage.until(lambda: stage.on_screen(LoginScreen))
        assert "Log in to corp" in str(stage.main.query_one("#progress").render())
        await stage.press("escape")
        await stage.done()


@pytest.mark.long
async def test_keys_that_come_in_one_go_act_on_the_line_that_they_lead_to(meadow: World) -> None:
    async with acting(meadow) as stage:
        # GIVEN the cursor three lines above a profile
        await stage.choose("prod-deploy")
        # WHEN the keys that lead there, A, and one that leads away come together
        await stage.press_at_once("j", "j", "j", "A", "k")
        # THEN A is about the line that it was pressed on
        await stage.says("staging: assumed")


@pytest.mark.long
async def test_a_greyed_key_that_comes_in_one_go_with_a_move_says_why_of_the_new_line(meadow: World) -> None:
    async with acting(meadow) as stage:
        await stage.choose("prod-admin")
        await stage.press_at_once("k", "A")
        await stage.says("base has keys of its own")


@pytest.mark.long
async def test_a_credential_process_is_shown_and_asked_for_once(meadow: World) -> None:
    async with acting(meadow) as stage:
        await stage.choose("tools")
        # WHEN a program would be run, THEN its command line is shown first, and no is under the cursor
        await stage.press("i")
        asked = await stage.opens(ConfirmScreen)
        assert "--account tools" in asked
        await stage.press("enter")
        refused = await stage.failure()
        assert "Refused" in refused
        await stage.press("enter")
        await stage.done()
        # AND once it was allowed, it is not asked again
        await stage.press("i")
        await stage.confirm()
        await stage.opens(DetailsScreen)
        await stage.press("escape")
        await stage.done()
        await stage.press("i")
        await stage.opens(DetailsScreen)
