"""The Chain pane follows the tree's cursor and redraws to its width."""

from datetime import timedelta

import pytest

from tests.tui.driving import running
from tests.tui.worlds import World, keys, role

WIDEST = (200, 50)


@pytest.mark.long
async def test_it_draws_the_profile_under_the_trees_cursor(demo: World) -> None:
    async with running(demo, WIDEST) as app:
        for name in ("prod-deploy", "dev"):
            await app.choose(name)
            assert name in str(app.chain.border_title)
            assert name in app.seen_in(app.chain).splitlines()[1]


async def test_of_a_heading_it_says_what_stands_under_it(demo: World) -> None:
    async with running(demo) as app:
        app.tree.cursor = app.names().index("broken")
        await app.settle()
        assert "6 profiles" in app.seen_in(app.chain)


async def test_it_is_drawn_anew_to_another_width(demo: World) -> None:
    async with running(demo, WIDEST) as app:
        await app.choose("prod-deploy")
        assert "▶ prod-admin" in app.seen_in(app.chain).splitlines()[1]
        await app.resize(120, 40)
        await app.settle()
        lines = app.seen_in(app.chain).splitlines()
        assert "base" in lines[1]
        assert "▶ prod-admin" in lines[2]


async def test_its_times_go_on(demo: World) -> None:
    async with running(demo, WIDEST) as app:
        await app.choose("prod-deploy")
        assert "43m" in app.seen_in(app.chain)
        demo.clock.advance(timedelta(minutes=1))
        await app.tick()
        assert "42m" in app.seen_in(app.chain)


async def test_a_long_drawing_scrolls_by_the_keys_of_vi(empty: World) -> None:
    world = empty.write("".join(role(f"r{i:02}", "base") for i in range(20)), keys("base"))
    async with running(world, (120, 16)) as app:
        await app.choose("base")
        await app.act("pane('chain')")
        await app.press("j", "j")
        assert app.chain.scroll_offset.y == 2
        await app.press("G")
        assert app.chain.scroll_offset.y == app.chain.max_scroll_y
        await app.press("k")
        assert app.chain.scroll_offset.y == app.chain.max_scroll_y - 1
        await app.press("g")
        assert app.chain.scroll_offset.y == 0


async def test_another_profile_is_drawn_from_its_top(empty: World) -> None:
    world = empty.write("".join(role(f"r{i:02}", "base") for i in range(20)), keys("base"))
    async with running(world, (120, 16)) as app:
        await app.choose("base")
        await app.act("pane('chain')")
        await app.act_on(app.chain, "scroll_end")
        await app.settle()
        await app.choose("r00")
        assert "base" in app.seen_in(app.chain).splitlines()[1]


async def test_what_is_wrong_with_a_hop_is_flagged(demo: World) -> None:
    async with running(demo, WIDEST) as app:
        await app.choose("partner-audit")
        assert "▲" in app.seen_in(app.chain)
        await app.choose("base")
        assert "△ ◐ code due" in app.seen_in(app.chain)


async def test_of_a_session_it_says_where_it_is_and_until_when(demo: World) -> None:
    async with running(demo, WIDEST) as app:
        assert app.tree.move_to("session:corp")
        await app.settle()
        seen = app.seen_in(app.chain)
        for words in (
            "https://meadow.awsapps.com/start",
            "eu-west-1",
            "6h 02m",
            "registration",
            "2026-05-10",
        ):
            assert words in seen
        demo.clock.advance(timedelta(minutes=5))
        await app.tick()
        assert "5h 57m" in app.seen_in(app.chain)


async def test_of_a_section_that_is_no_profile_it_says_why(demo: World) -> None:
    async with running(demo, WIDEST) as app:
        assert app.tree.move_to("stray:sandbox")
        await app.settle()
        assert "AWS tools read this section" in app.seen_in(app.chain)
