"""The panes share the height by what they hold, in one column or two, and below the tree."""

import pytest

from rolecall.tui.panes.grid import FRAME, shares
from rolecall.tui.screens.main import PANES
from tests.tui.driving import NARROW, WIDE, running
from tests.tui.worlds import World, keys


@pytest.mark.parametrize(
    ("needs", "room", "given"),
    [
        ([5, 5], 20, [5, 15]),
        ([30, 3], 20, [17, 3]),
        ([3, 30], 20, [3, 17]),
        ([30, 30], 20, [10, 10]),
        ([3, 30, 3, 30], 40, [3, 17, 3, 17]),
        ([4, 4, 4, 4], 40, [4, 4, 4, 28]),
        ([30], 20, [20]),
        ([9, 9, 9, 9], 2, [0, 0, 1, 1]),
    ],
)
def test_what_a_pane_does_not_need_goes_to_the_others(needs: list[int], room: int, given: list[int]) -> None:
    assert shares(needs, room) == given


def test_all_rows_are_given_and_none_twice() -> None:
    for room in range(50):
        for needs in ([3, 9], [40, 40], [3, 3, 50, 8], [12, 3, 3, 3]):
            assert sum(shares(needs, room)) == room


async def test_an_empty_pane_gives_its_rows_away(empty: World) -> None:
    async with running(empty.write(credentials=keys("base")), WIDE) as app:
        assert "No AWS variables are set here." in app.seen_in(app.environment)
        assert app.environment.size.height == app.environment.lines_needed
        assert app.cache.region.bottom == app.tree.region.bottom
        assert app.expiry.region.height == FRAME + 1
        assert app.chain.region.bottom == app.tree.region.bottom


@pytest.mark.parametrize("size", [(160, 40), (200, 60)], ids=str)
async def test_beside_the_table_the_panes_are_one_column(demo: World, size: tuple[int, int]) -> None:
    async with running(demo, size) as app:
        regions = [app.main.query_one(f"#{name}").region for name in PANES[1:]]
        assert len({region.x for region in regions}) == 1
        tops = [region.y for region in regions]
        assert tops == sorted(tops)
        assert app.cache.region.bottom == app.tree.region.bottom
        assert min(region.height for region in regions) > FRAME + 2


@pytest.mark.parametrize("size", [(160, 20), (240, 40)], ids=str)
async def test_where_one_column_is_too_low_or_there_is_room_they_are_two(
    demo: World, size: tuple[int, int]
) -> None:
    async with running(demo, size) as app:
        assert app.expiry.region.x == app.chain.region.x < app.environment.region.x == app.cache.region.x


async def test_the_panes_below_do_not_move_with_each_profile(demo: World) -> None:
    async with running(demo, (160, 40)) as app:
        await app.choose("logs")
        await app.choose("base")
        before = app.cache.region
        await app.choose("logs")
        assert app.cache.region == before


async def test_below_the_tree_a_pane_takes_no_more_than_it_has_lines_for(empty: World) -> None:
    async with running(empty.write(credentials=keys("base")), (80, 50)) as app:
        for name in ("chain", "environment", "cache"):
            await app.act(f"pane('{name}')")
            await app.settle()
            pane = app.main.query_one(f"#{name}")
            assert pane.region.height < 8
            assert pane.region.bottom == 49


async def test_words_for_an_empty_pane_are_never_cut(empty: World) -> None:
    async with running(empty.write(credentials=keys("base")), WIDE) as app:
        words = "No cached credentials before the first use."
        assert words in " ".join(app.seen_in(app.cache).replace("│", " ").split())
        await app.resize(*NARROW)
        await app.act("pane('cache')")
        await app.settle()
        assert words in app.seen_in(app.cache)
