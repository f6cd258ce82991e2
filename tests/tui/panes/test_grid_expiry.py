"""The Expiry pane: soonest first, ticking, with a bar, and what happens then."""

from datetime import timedelta

from tests.tui.driving import running
from tests.tui.worlds import NOW, World, keys

SOONEST = "console"  # the login of the demo has 9 m 30 s left
WIDEST = (260, 40)


def bar_of(line: str) -> int:
    """Return how much of a line's bar is full, in cells."""
    return line.count("━")


async def test_the_soonest_end_is_the_first_line(demo: World) -> None:
    async with running(demo) as app:
        assert app.expiry.items[0].title == SOONEST
        assert app.seen_in(app.expiry).splitlines()[1].strip("│ ").startswith(SOONEST)


async def test_a_line_counts_down_to_the_second(demo: World) -> None:
    async with running(demo) as app:
        assert "9m 30s" in app.line(app.expiry, SOONEST)
        demo.clock.advance(timedelta(seconds=1))
        await app.tick()
        assert "9m 29s" in app.line(app.expiry, SOONEST)


async def test_the_bar_gets_shorter(demo: World) -> None:
    async with running(demo, WIDEST) as app:
        before = bar_of(app.line(app.expiry, "prod-deploy"))
        demo.clock.advance(timedelta(minutes=30))
        await app.tick()
        after = bar_of(app.line(app.expiry, "prod-deploy"))
        assert 0 < after < before
        assert bar_of(app.line(app.expiry, "prod-admin")) == 0


async def test_a_bar_is_never_empty_while_there_is_time_left(demo: World) -> None:
    async with running(demo, WIDEST) as app:
        demo.clock.advance(timedelta(minutes=43, seconds=9))
        await app.tick()
        assert bar_of(app.line(app.expiry, "prod-deploy")) == 1


async def test_what_happens_then_is_said_where_there_is_room(demo: World) -> None:
    async with running(demo, WIDEST) as app:
        assert "MFA" in app.line(app.expiry, "prod-deploy")
        assert "login" in app.line(app.expiry, "partner-audit")


async def test_what_has_ended_makes_room_for_what_is_to_come(demo: World) -> None:
    # GIVEN the soonest end at the top
    async with running(demo) as app:
        await app.choose("prod-admin")
        # WHEN it has come
        demo.clock.advance(timedelta(minutes=12))
        await app.tick()
        # THEN the next one leads, and what was chosen is still pointed at
        titles = [end.title for end in app.expiry.items]
        assert titles.index("prod-admin") > titles.index("release")
        assert app.expiry.current is not None
        assert app.expiry.current.title == "prod-admin"


async def test_it_points_at_the_profile_under_the_trees_cursor(demo: World) -> None:
    async with running(demo) as app:
        await app.choose("staging")
        assert app.expiry.current is not None
        assert app.expiry.current.profile == "staging"


async def test_it_points_at_the_session_of_a_profile_with_no_end_of_its_own(demo: World) -> None:
    async with running(demo) as app:
        await app.choose("hr")
        assert app.expiry.current is not None
        assert app.expiry.current.key.startswith("session:")


async def test_it_points_at_nothing_where_there_is_nothing(demo: World) -> None:
    async with running(demo) as app:
        await app.choose("base")
        assert not app.expiry.points_at_something


async def test_its_own_cursor_stays_where_the_user_put_it(demo: World) -> None:
    async with running(demo) as app:
        await app.act("pane('expiry')")
        await app.act_on(app.expiry, "move(4)")
        key = app.expiry.current
        await app.app.action_reread()
        await app.settle()
        assert app.expiry.current == key


async def test_the_environments_keys_stand_there_too(empty: World) -> None:
    world = World(
        empty.home,
        {
            "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "CANARYcanary",
            "AWS_SESSION_TOKEN": "CANARYcanary",
            "AWS_CREDENTIAL_EXPIRATION": (NOW + timedelta(minutes=5)).isoformat(),
        },
    )
    async with running(world.write(credentials=keys("a"))) as app:
        assert "5m 00s" in app.line(app.expiry, "environment")


async def test_where_nothing_expires_it_says_so(empty: World) -> None:
    async with running(empty.write(credentials=keys("a"))) as app:
        assert "Nothing here expires." in app.seen_in(app.expiry).splitlines()[1]
