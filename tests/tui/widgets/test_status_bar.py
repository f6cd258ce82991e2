"""The top line: how many stand how, and what this shell would use, in as many words as there is room for."""

from datetime import timedelta

import pytest

from tests.tui.driving import running
from tests.tui.worlds import NOW, World, keys

KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "CANARYcanary"}


def top(seen: str) -> str:
    return seen.splitlines()[0]


async def test_it_says_what_is_read_and_how_it_stands(demo: World) -> None:
    async with running(demo, (200, 40)) as app:
        line = top(app.seen())
        for words in (
            "rolecall",
            "~",
            "28 profiles",
            "● 14 live",
            "◐ 1 renewing",
            "✗ 2 expired",
            "! 9 broken",
        ):
            assert words in line


async def test_the_counts_turn_when_an_entry_turns_and_not_before(demo: World) -> None:
    async with running(demo, (200, 40)) as app:
        # prod-deploy has 43 m 10 s: the CLI renews it from 15 minutes before its end on
        demo.clock.advance(timedelta(minutes=28, seconds=9))
        await app.tick()
        before = top(app.seen())
        demo.clock.advance(timedelta(seconds=2))
        await app.tick()
        assert top(app.seen()) != before
        demo.clock.advance(timedelta(minutes=15))
        await app.tick()
        assert "expired" in top(app.seen())


@pytest.mark.long
async def test_the_counts_are_those_of_a_fresh_reading(demo: World) -> None:
    async with running(demo, (200, 40)) as app:
        for minutes in (5, 10, 12, 28, 45, 55, 90, 400):
            # GIVEN a screen on which only time has passed
            demo.clock.moment = NOW + timedelta(minutes=minutes)
            await app.tick()
            ticked = top(app.seen())
            # WHEN everything is read again
            await app.app.action_reread()
            await app.settle()
            # THEN it says the same
            assert top(app.seen()) == ticked, minutes


@pytest.mark.long
async def test_what_this_shell_would_use_is_there_in_every_layout(demo: World) -> None:
    async with running(demo) as app:
        for width in (120, 100, 80, 60):
            await app.resize(width, 24)
            line = top(app.seen())
            assert "prod-deploy" in line, width
            assert "dev" in line, width


async def test_where_the_tools_agree_it_is_said_once(empty: World) -> None:
    world = World(empty.home, {"AWS_PROFILE": "ops"}).write(credentials=keys("ops"))
    async with running(world) as app:
        assert top(app.seen()).rstrip().endswith("env: ∞ ops via AWS_PROFILE")


@pytest.mark.long
async def test_the_environments_keys_are_said_by_their_end(empty: World) -> None:
    async with running(World(empty.home, KEYS).write(credentials=keys("a"))) as app:
        line = top(app.seen())
        assert "…MPLE" in line
        assert "environment" in line
        assert "AKIA" not in line


async def test_a_profile_that_is_not_there_is_an_error_here(empty: World) -> None:
    world = World(empty.home, {"AWS_PROFILE": "gone"}).write(credentials=keys("a"))
    async with running(world) as app:
        assert "! gone: ProfileNotFound" in top(app.seen())


async def test_nothing_at_all_is_no_credentials(empty: World) -> None:
    async with running(empty.write(config="[profile a]\n")) as app:
        assert "no credentials" in top(app.seen())


async def test_what_is_over_in_the_environment_is_said_from_the_moment_on(empty: World) -> None:
    environ = KEYS | {
        "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
        "AWS_SESSION_TOKEN": "CANARY",
        "AWS_CREDENTIAL_EXPIRATION": (NOW + timedelta(minutes=1)).isoformat(),
    }
    world = World(empty.home, environ).write(credentials=keys("a"))
    async with running(world) as app:
        assert "● keys" in top(app.seen())
        world.clock.advance(timedelta(minutes=2))
        await app.tick()
        assert "✗ keys" in top(app.seen())


async def test_a_file_that_cannot_be_read_is_said(empty: World) -> None:
    world = empty.write(credentials=keys("a"))
    (world.aws / "config").unlink()
    (world.aws / "config").mkdir()
    async with running(world) as app:
        assert "! config is unreadable" in top(app.seen())
