"""l and L: the device flow in the app, one session at a time; who gives up leaves everything as it was."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from rolecall.aws import cache_files
from rolecall.tui.commands import BY_ID
from rolecall.tui.screens.dialog import ChoiceScreen, ConfirmScreen, TellScreen
from rolecall.tui.screens.login import LoginScreen
from rolecall.tui.screens.main import MainScreen
from tests.tui.actions.stage import Children, Stage, acting
from tests.tui.worlds import World, role

AT_ONCE = 30.0


def token_of(stage: Stage, session: str) -> Path:
    return stage.aws / "sso" / "cache" / f"{cache_files.sso_token(session)}.json"


def address_on(stage: Stage) -> str:
    """Return the address that is on the screen: it may be wrapped, but is never cut."""
    words = stage.words.replace(" ", "")
    begins = words.index("http://127.0.0.1")
    return words[begins : words.index("user_code=") + len("user_code=WXYZ-ABCD")]


async def approve(address: str) -> None:
    """Press the button on the page at that address, as somebody with a browser does."""
    parts = urlsplit(address)
    body = parts.query.encode()
    with urlopen(f"{parts.scheme}://{parts.netloc}{parts.path}", body, timeout=20) as page:  # noqa: S310, ASYNC210 - loopback, which answers at once
        assert "Approved" in page.read().decode()


@pytest.mark.long
async def test_code_and_address_are_shown_and_the_dialog_goes_away_by_itself(
    meadow: World, children: Children
) -> None:
    async with acting(meadow) as stage:
        # GIVEN a profile whose login has ended
        token = token_of(stage, "acme")
        before = json.loads(token.read_bytes())
        await stage.choose("partner")
        assert "✗ " in stage.line(stage.tree, "partner ")
        assert "login" in stage.line(stage.tree, "partner ")
        # WHEN it is logged in
        await stage.press("L")
        shown = await stage.opens(LoginScreen)
        # THEN the code is large, the address whole, and both can be copied
        address = address_on(stage)
        code = parse_qs(urlsplit(address).query)["user_code"][0]
        assert "  ".join(code) in stage.seen()
        assert "Open this address in a browser" in shown
        assert "Waiting for the login; the code is valid for 9m" in shown
        await stage.press("y")
        assert stage.app.clipboard == address
        await stage.press("c")
        assert stage.app.clipboard == code
        # AND once somebody approves it there, the dialog closes, and the profile is live
        await approve(address)
        await stage.until(lambda: stage.on_screen(MainScreen))
        await stage.says("Logged in to acme for 7h 59m, renewed by itself.")
        assert "7h 59m" in stage.line(stage.tree, "partner")
        assert json.loads(token.read_bytes())["accessToken"] != before["accessToken"]
        assert token.stat().st_mode & 0o777 == 0o600
        assert len(children.started) == 1


@pytest.mark.long
async def test_the_palette_does_not_open_over_the_dialog_and_what_does_goes_away_with_it(
    meadow: World,
) -> None:
    async with acting(meadow) as stage:
        await stage.choose("partner")
        await stage.press("L")
        await stage.opens(LoginScreen)
        await stage.press("ctrl+p")
        assert stage.on_screen(LoginScreen)
        # GIVEN something over the dialog all the same
        address = address_on(stage)
        await stage.app.push_screen(ConfirmScreen("Over it", (), "Yes"))
        # WHEN the login is done
        await approve(address)
        await stage.done()
        # THEN nothing of it is left
        assert stage.on_screen(MainScreen)


@pytest.mark.long
async def test_esc_gives_up_and_nothing_is_left_of_it(meadow: World, children: Children) -> None:
    async with acting(meadow) as stage:
        token = token_of(stage, "acme")
        before = token.read_bytes()
        await stage.choose("partner")
        await stage.press("L")
        await stage.opens(LoginScreen)
        await stage.press("escape")
        await children.are_gone(within=AT_ONCE)
        # THEN only the client's registration stays, which is no login and serves the next one
        await stage.says("Log in: cancelled; what was done before stays.")
        assert stage.on_screen(MainScreen)
        assert token.read_bytes() == before


@pytest.mark.long
async def test_a_session_can_be_logged_in_from_its_heading(meadow: World) -> None:
    async with acting(meadow) as stage:
        await stage.choose("partner")
        await stage.press("k")
        await stage.press("L")
        await stage.opens(LoginScreen)
        assert "Log in to acme" in str(stage.main.query_one("#progress").render())
        await stage.press("escape")
        await stage.done()


@pytest.mark.long
async def test_logging_out_says_whom_it_concerns_and_ends_one_session_alone(meadow: World) -> None:
    async with acting(meadow) as stage:
        corp, data = token_of(stage, "corp"), token_of(stage, "data")
        await stage.choose("dev")
        # WHEN the key of the login is pressed, THEN it is said that it is still good
        await stage.press("L")
        asked = await stage.opens(ChoiceScreen)
        assert "corp is logged in:" in asked
        assert "Log in again Log out Cancel" in asked
        # AND logging out asks, with Cancel under the cursor
        await stage.press("right", "enter")
        asked = await stage.opens(ConfirmScreen)
        assert "Logging out of corp ends it for 1 profile: dev" in asked
        await stage.press("enter")
        await stage.done()
        assert corp.exists()
        # AND saying yes ends it, and no other
        await stage.press("L")
        await stage.opens(ChoiceScreen)
        await stage.press("right", "enter")
        await stage.confirm()
        await stage.says("Logged out of corp: 2 files deleted.")
        assert not corp.exists()
        assert data.exists()
        # AND then there is nothing to log out of any more, and the key logs in at once
        stage.main.action_act("logout")
        await stage.says("There is no login to corp here.")
        await stage.press("L")
        await stage.opens(LoginScreen)
        await stage.press("escape")
        await stage.done()


@pytest.mark.long
async def test_a_login_that_is_still_good_is_left_by_cancel(meadow: World, children: Children) -> None:
    async with acting(meadow) as stage:
        await stage.choose("dev")
        await stage.press("L")
        await stage.opens(ChoiceScreen)
        await stage.press("right", "right", "enter")
        await stage.done()
        assert stage.on_screen(MainScreen)
        assert not children.started


@pytest.mark.long
async def test_a_login_session_says_what_is_missing(
    meadow: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with acting(meadow) as stage:
        await stage.choose("console")
        await stage.press("L")
        await stage.opens(ChoiceScreen)
        await stage.press("enter")
        told = await stage.failure()
        assert "there is no `aws` on the PATH" in told
        assert "Install it from https://docs.aws.amazon.com/" in told
        assert ".html ." not in told
        assert ".html." not in told
        await stage.press("enter")
        await stage.done()


@pytest.mark.long
async def test_with_a_cli_that_can_the_terminal_is_lent_to_it(
    meadow: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a CLI that says that it can, in a terminal that cannot be lent
    program = tmp_path / "aws"
    program.write_text("#!/bin/sh\necho aws-cli/2.36.7\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    async with acting(meadow) as stage:
        await stage.choose("console")
        await stage.press("L")
        await stage.opens(ChoiceScreen)
        await stage.press("enter")
        assert "This terminal cannot be lent to another program" in await stage.failure()
        await stage.press("enter")
        await stage.done()


async def test_the_code_of_a_session_that_leads_nowhere_is_never_waited_for(tmp_path: Path) -> None:
    # GIVEN a session without a region
    config = "[profile a]\nsso_session = s\nsso_account_id = 111122223333\nsso_role_name = R\n"
    world = World(tmp_path).write(
        config + "[sso-session s]\nsso_start_url = https://x.test/start\n" + role("b", "a")
    )
    async with acting(world) as stage:
        await stage.choose("a")
        await stage.press("L")
        # THEN what is missing is told, with the form as the next step
        await stage.until(lambda: stage.on_screen(TellScreen) or bool(stage.toasts))
        assert "sso_region" in stage.words + stage.toasts


# All at once


def without_login(world: World, *names: str) -> None:
    """Delete the tokens of sessions."""
    for name in names:
        (world.aws / "sso" / "cache" / f"{cache_files.sso_token(name)}.json").unlink()


@pytest.mark.long
async def test_one_logs_in_to_all_that_need_it_one_after_the_other(meadow: World) -> None:
    without_login(meadow, "corp")
    async with acting(meadow) as stage:
        # GIVEN a session without a login, and one whose login has ended
        await stage.act("act('login.all')")
        asked = await stage.opens(ChoiceScreen)
        assert "Log in to 2 sessions?" in asked
        assert "corp, acme" in asked
        await stage.press("enter")
        # WHEN each is approved THEN both are logged in, one after the other
        await stage.opens(LoginScreen)
        await approve(address_on(stage))
        await stage.says("Logged in to corp")
        await stage.until(lambda: stage.on_screen(LoginScreen))
        await stage.settle()
        await approve(address_on(stage))
        await stage.says("Logged in to acme")
        await stage.done()
        # AND nothing needs it any more
        assert stage.main.obstacle_to(BY_ID["login.all"]) == "No login is missing, and none has ended."


@pytest.mark.long
async def test_esc_in_the_first_of_several_logins_ends_them_all(meadow: World) -> None:
    without_login(meadow, "corp")
    async with acting(meadow) as stage:
        await stage.act("act('login.all')")
        await stage.opens(ChoiceScreen)
        await stage.press("enter")
        await stage.opens(LoginScreen)
        await stage.press("escape")
        await stage.done()
        await stage.says("Log in to all: cancelled, nothing was changed.")
