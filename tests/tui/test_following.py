"""Every screen tells of now: it counts from the Host's clock, however moved, and follows the files."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

import rolecall
from rolecall import user_settings
from rolecall.doctor.registry import examine
from rolecall.text import duration
from rolecall.tui import notices
from rolecall.tui.findings_state import Following
from rolecall.tui.render import labels
from rolecall.tui.render.expiry import StateChanges
from rolecall.tui.why.screen import WhyScreen
from tests.tui.actions.stage import plain
from tests.tui.driving import Driver, running, text_of
from tests.tui.screens.hosting import runner_over
from tests.tui.worlds import NOW, World

END = "2026-03-10T09:40:00Z"
TEMPORARY = f"""[temp]
aws_access_key_id = ASIAQXZWERTYPLMK4321
aws_secret_access_key = CANARYcanary
aws_session_token = CANARYtoken
x_security_token_expires = {END}
"""
LATER = "x_security_token_expires = 2026-03-10T15:30:00Z"
SCREENS = {"why": "w", "findings": "exclamation_mark", "inspector": "enter"}


@pytest.fixture
def world(empty: World) -> World:
    """A home whose only keys end in ten minutes."""
    return empty.write(credentials=TEMPORARY).settle("[notices]\nminutes = []\n")


async def later(app: Driver, by: timedelta) -> None:
    """Let the clock say something else; one tick must do."""
    app.world.clock.advance(by)
    await app.tick()


def in_pane(app: Driver) -> str:
    """Return what the pane below says of ends."""
    return "\n".join(text_of(app.expiry.lay_out(item, 60)) for item in app.expiry.items)


@pytest.mark.long
@pytest.mark.parametrize("key", SCREENS.values(), ids=SCREENS.keys())
async def test_it_counts_from_now_and_ticks(world: World, key: str) -> None:
    async with running(world) as app:
        # GIVEN that time passes before it is opened, while no file changes
        await later(app, timedelta(minutes=2))
        await app.press(key)
        assert "8m 00s" in plain(app.seen())
        # WHEN it stays open
        await later(app, timedelta(seconds=70))
        # THEN it says what the pane says
        assert "6m 50s" in plain(app.seen())
        assert "6m 50s" in in_pane(app)
        assert "8m 00s" not in plain(app.seen())


@pytest.mark.long
@pytest.mark.parametrize("key", SCREENS.values(), ids=SCREENS.keys())
async def test_what_ends_while_one_looks_is_over_in_state_words_and_cause(world: World, key: str) -> None:
    async with running(world) as app:
        await app.press(key)
        assert "ended" not in plain(app.seen())
        await later(app, timedelta(minutes=12))
        await app.until(lambda: "2m ago" in plain(app.seen()))
        assert "10m 00s" not in plain(app.seen())
        assert "expired" in plain(app.seen()) or "ended" in plain(app.seen())


@pytest.mark.long
@pytest.mark.parametrize("key", SCREENS.values(), ids=SCREENS.keys())
@pytest.mark.parametrize(
    ("by", "says"),
    [
        (-timedelta(hours=3), "3h 10m"),
        (timedelta(hours=5), "4h ago"),
        (timedelta(days=3), "2d ago"),
        (-timedelta(minutes=4), "14m 00s"),
    ],
)
async def test_a_clock_that_is_moved_is_followed(world: World, key: str, by: timedelta, says: str) -> None:
    async with running(world) as app:
        await app.press(key)
        await later(app, by)
        if key != "exclamation_mark" or by > -timedelta(hours=1):
            # what ends in hours is no finding
            await app.until(lambda: says in plain(app.seen()))
        await app.until(lambda: says in in_pane(app))
        # AND back again
        await later(app, -by)
        await app.until(lambda: "10m 00s" in plain(app.seen()))
        assert "10m 00s" in in_pane(app)


@pytest.mark.parametrize("key", SCREENS.values(), ids=SCREENS.keys())
async def test_it_follows_the_files(world: World, key: str) -> None:
    async with running(world) as app:
        await app.press(key)
        assert "10m 00s" in plain(app.seen())
        world.write(credentials=TEMPORARY.replace(f"x_security_token_expires = {END}", LATER))
        await app.app._reread()
        await app.settle()
        assert "10m 00s" not in plain(app.seen())


async def test_the_inspector_says_so_where_it_is_gone(world: World) -> None:
    async with running(world) as app:
        await app.press("enter")
        world.write(credentials="[other]\nregion = x\n")
        await app.app._reread()
        await app.settle()
        assert "no longer exists" in plain(app.seen())


async def test_the_report_counts_from_now(world: World) -> None:
    async with running(world) as app:
        await app.press("w")
        world.clock.advance(timedelta(minutes=1))
        await app.press("y")
        assert "expires in 9m 00s" in app.app.clipboard
        assert "2026-03-10T09:31:00Z" in app.app.clipboard


async def test_what_n_says_counts_from_now(world: World) -> None:
    async with running(world) as app:
        world.clock.advance(timedelta(minutes=1))
        await app.press("n")
        assert "9m 00s" in await app.told()


@pytest.mark.long
async def test_what_a_tick_does_not_change_stays_in_view(world: World) -> None:
    async with running(world, (60, 12)) as app:
        await app.press("w", "d", "G")
        screen = app.app.screen
        assert isinstance(screen, WhyScreen)
        at = screen._steps.scroll_offset.y
        assert at > 0
        await later(app, timedelta(seconds=30))
        assert screen._steps.scroll_offset.y == at


async def test_a_screen_that_costs_much_counts_less_often(world: World) -> None:
    async with running(world) as app:
        await app.press("w")
        screen = app.app.screen
        assert isinstance(screen, Following)
        screen._rest = timedelta(minutes=3)
        await later(app, timedelta(minutes=2))
        assert "10m 00s" in plain(app.seen())
        await later(app, timedelta(minutes=2))
        assert "6m 00s" in plain(app.seen())


def test_only_rules_that_read_the_clock_look_again(world: World) -> None:
    findings = examine(world.snapshot())
    assert findings.looks is not None
    assert 0 < len(findings.looks.timed) < len(findings.looks.found) / 3
    # AND what they find is what all of them would find by then
    later = NOW + timedelta(minutes=3)
    world.clock.moment = later
    assert findings.as_of(later).all == examine(world.snapshot()).all


ENDS: dict[str, tuple[str, dict[str, str]]] = {
    "a note in the file": (TEMPORARY, {}),
    "a variable": ("", {"AWS_CREDENTIAL_EXPIRATION": END}),
    "a note of another tool": ("", {"AWSUME_EXPIRATION": END}),
}


@pytest.mark.parametrize(("credentials", "environ"), ENDS.values(), ids=ENDS.keys())
def test_every_end_is_a_turn_and_so_is_the_window_before(
    empty: World, credentials: str, environ: dict[str, str]
) -> None:
    world = World(empty.home, environ).write(credentials=credentials)
    turns = StateChanges(world.snapshot(), NOW - timedelta(hours=1))
    assert not turns.pass_to(NOW - timedelta(minutes=6))
    assert turns.pass_to(NOW - timedelta(minutes=5))
    assert not turns.pass_to(NOW)
    assert turns.pass_to(NOW + timedelta(minutes=10))
    # AND back
    assert turns.pass_to(NOW)


# Rounding


LEFT = [timedelta(seconds=each) for each in (1, 50, 59, 60, 61, 119, 661, 662, 719, 3599, 3600, 7199, 90_061)]


@pytest.mark.parametrize("left", LEFT)
def test_a_span_is_rounded_the_same_way_everywhere(empty: World, left: timedelta) -> None:
    end = (NOW + left).strftime("%Y-%m-%dT%H:%M:%SZ")
    environ = {"AWS_PROFILE": "temp"}
    world = World(empty.home, environ).write(credentials=TEMPORARY.replace(END, end))
    snapshot = world.snapshot()
    expiry = snapshot.profiles["temp"].expiry
    said = duration(left.total_seconds())
    wanted = notices.Notices(user_settings.NoticeSettings(minutes=(2000,)))
    screen = WhyScreen(snapshot, examine(snapshot), "temp", runner=runner_over(snapshot))
    tellers: dict[str, Callable[[], str]] = {
        "the pane": lambda: labels.time_left(expiry, NOW),
        "a notice": lambda: wanted.due(snapshot, NOW)[0].words,
        "why": lambda: screen._answer.sentence,
        "the report": lambda: screen._inquiry.markdown(screen._answer),
    }
    for teller, tell in tellers.items():
        assert f"{said}" in tell(), teller
    # a line that leaves the seconds out says the same of the minutes
    assert said.startswith(labels.brief_time_left(expiry, NOW))


def test_nobody_else_makes_minutes_of_seconds() -> None:
    division = re.compile(r"(//|/|%)\s*(60|3600|86_?400|MINUTE|HOUR|DAY)\b|\bceil\(")
    for path in Path(rolecall.__file__).parent.rglob("*.py"):
        if path.name != "text.py":
            assert not division.search(path.read_text(encoding="utf-8")), path
