"""A command that does not apply says why: by its key, in the palette, and with --read-only all of them do."""

from pathlib import Path

import pytest
from textual.widgets import Input

from rolecall.app_options import Options
from rolecall.aws.expiry import State
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.actions.apply_fix import ACTIONS
from rolecall.tui.actions.runner import READ_ONLY
from rolecall.tui.actions.target import Target
from rolecall.tui.commands import BY_ID
from rolecall.tui.screens.main import MainScreen
from rolecall.tui.screens.palette import ListScreen
from tests.tui.actions.stage import Children, Stage, acting
from tests.tui.worlds import World, keys

ACTING = [BY_ID[name] for name in ACTIONS]


WHY = (
    ("base", "a", "base has keys of its own: there is no role to assume."),
    ("console", "A", "console logs in with aws login: there is no role to assume."),
    ("blue", "a", "blue gives no credentials: InfiniteLoopConfigError."),
    ("base", "L", "base uses no SSO login"),
    ("partner", "u", "Nothing has been edited since rolecall was started."),
    ("backup", "x", "backup gives no credentials: PartialCredentialsError."),
    ("intern", "i", "intern gives no credentials: InvalidConfigError."),
    ("partner", "x", "partner gives no credentials until you log in (TokenRetrievalError)."),
    ("partner", "a", "partner gives no credentials until you log in (TokenRetrievalError)."),
    ("base", "I", "base has long-term keys: in another profile they would be in plain text again"),
    ("intern", "I", "intern gives no credentials: InvalidConfigError."),
)


@pytest.mark.long
async def test_a_greyed_key_says_why(demo: World) -> None:
    async with acting(demo) as stage:
        for profile, key, why in WHY:
            stage.app.clear_notifications()
            await stage.choose(profile)
            await stage.press(key)
            await stage.says(why)
            assert stage.on_screen(MainScreen)


HARD = """\
[profile by-login]
login_session = arn:aws:iam::111122223333:user/me
[profile no-region]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = base
[profile by-process]
credential_process = helper
[profile over-dead-login]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = dead-login
[profile dead-login]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = Dev
"""
GIVES = {
    "by-login": "MissingDependencyException",
    "no-region": "it needs a region",
    "by-process": None,
    "over-dead-login": "until you log in (SSOTokenLoadError)",
    "dead-login": "until you log in (SSOTokenLoadError)",
    "base": None,
}


def test_whatever_needs_credentials_is_greyed_by_one_judgement(
    tmp_path: Path, demo_snapshot: Snapshot
) -> None:
    environ = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    home = World(tmp_path, environ).write(HARD, keys("base"))
    for snapshot in (home.snapshot(), demo_snapshot):
        for name, report in snapshot.profiles.items():
            target = Target(snapshot, Options(), current=report)
            into, export, whoami = (
                ACTIONS[each].obstacle(target) for each in ("assume.into", "export", "whoami")
            )
            is_permanent = report.expiry.state is State.PERMANENT
            assert into == export or (is_permanent and f"{name} has long-term keys" in str(into)), name
            assert whoami == export or (export is None and report.on_signing is not None), name
            if snapshot is not demo_snapshot:
                assert (GIVES[name] is None) is (export is None), name
                assert str(GIVES[name] or "") in str(export)
    # AND who am I needs a call of STS as well
    base = Target(home.snapshot(), Options(), current=home.snapshot().profiles["base"])
    assert ACTIONS["whoami"].obstacle(base) == "base cannot call STS: it needs a region."


@pytest.mark.long
async def test_with_read_only_nothing_is_changed_and_every_key_says_so(
    demo: World, children: Children
) -> None:
    async with acting(demo, Options(read_only=True)) as stage:
        before = {path: path.read_bytes() for path in stage.aws.rglob("*") if path.is_file()}
        await stage.choose("prod-deploy")
        for command in ACTING:
            stage.app.clear_notifications()
            await stage.press(command.key)
            await stage.says(READ_ONLY)
            assert stage.on_screen(MainScreen), command.id
        assert {path: path.read_bytes() for path in stage.aws.rglob("*") if path.is_file()} == before
        assert children.started == []
        # AND looking goes on
        await stage.press("enter")
        assert not stage.on_screen(MainScreen)


async def search(stage: Stage, words: str) -> str:
    """Look for a command in the palette; return what is found, in one line."""
    await stage.press("colon")
    await stage.until(lambda: isinstance(stage.app.screen, ListScreen))
    stage.app.screen.query_one(Input).value = words
    await stage.settle()
    return stage.words


async def test_the_palette_says_what_does_not_apply_now_and_choosing_it_says_so_again(demo: World) -> None:
    async with acting(demo) as stage:
        await stage.choose("base")
        found = await search(stage, "profile: assume the role again")
        assert "base has keys of its own" in found
        await stage.press("enter")
        await stage.until(lambda: stage.on_screen(MainScreen))
        await stage.says("base has keys of its own: there is no role to assume.")


@pytest.mark.long
async def test_the_palette_carries_out_what_applies(demo: World) -> None:
    async with acting(demo) as stage:
        await stage.choose("staging")
        found = await search(stage, "profile: remove")
        assert "profile: remove del" in found
        await stage.press("enter")
        await stage.until(lambda: not stage.on_screen(MainScreen) and "Cancel" in stage.words)
        await stage.press("escape")
        await stage.done()
        assert "staging" in stage.profiles()


async def test_every_command_that_changes_something_is_carried_out_by_a_class() -> None:
    by_action = {command.id for command in BY_ID.values() if command.action.startswith("act(")}
    assert by_action == set(ACTIONS)
    assert all(command.action == f"act('{command.id}')" for command in ACTING)


async def test_a_key_that_is_pressed_again_says_it_once(demo: World) -> None:
    async with acting(demo) as stage:
        await stage.choose("base")
        await stage.press("a", "a", "a")
        await stage.says("base has keys of its own")
        assert stage.toasts.count("base has keys of its own") == 1
