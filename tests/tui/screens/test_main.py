"""The main screen: the tree and four panes, the way between them, and every size of terminal."""

import pytest
from textual.widget import Widget

from rolecall.tui.render.columns import FRAME_WIDTH, LEAST_PANE, LEAST_TREE
from tests.tui.driving import NARROW, TINY, WIDE, Driver, running
from tests.tui.worlds import World

PANES = ("tree", "expiry", "chain", "environment", "cache")
SIZES = [
    (1, 1), (2, 2), (5, 3), (1, 40), (300, 1), (10, 2), (20, 5), (26, 10), (59, 7), (60, 8),
    (80, 24), (119, 39), (120, 40), (300, 100),
]  # fmt: skip


def displayed(app: Driver) -> list[str]:
    """Return the panes that are to be seen."""
    return [name for name in PANES if app.main.query_one(f"#{name}").region.area > 0]


def focused(app: Driver) -> str | None:
    return app.main.focused.id if app.main.focused is not None else None


def tabs_of(app: Driver) -> Widget:
    return app.main.query_one("#tabs")


def maximised(app: Driver) -> str | None:
    return app.main.maximized.id if app.main.maximized is not None else None


# The first screen


@pytest.mark.long
async def test_it_has_the_tree_and_four_panes(demo: World) -> None:
    async with running(demo) as app:
        assert displayed(app) == list(PANES)
        for title in ("1 Profiles", "2 Expiry", "3 Chain: base", "4 Environment", "5 Cache"):
            assert title in app.seen()


async def test_the_footer_has_the_live_keys(demo: World) -> None:
    async with running(demo) as app:
        footer = app.seen().splitlines()[-1]
        acting = ("a Assume", "L Log in", "e Edit", "c Clear", "x Export")
        for words in ("enter Inspect", *acting, "space Mark", "/ Filter", ": Commands", "? Help"):
            assert words in footer


async def test_in_a_narrow_screen_some_keys_give_way(demo: World) -> None:
    async with running(demo, NARROW) as app:
        footer = app.seen().splitlines()[-1]
        assert "x Export" in footer
        assert "? Help" in footer
        assert "Mark" not in footer
        # AND they come back with the room
        await app.resize(*WIDE)
        await app.until(lambda: "space Mark" in app.seen().splitlines()[-1])


# Between the panes


async def test_the_digits_go_to_the_panes(demo: World) -> None:
    async with running(demo) as app:
        for key, name in zip("23451", (*PANES[1:], "tree"), strict=True):
            await app.press(key)
            assert focused(app) == name


@pytest.mark.long
async def test_tab_goes_round(demo: World) -> None:
    async with running(demo) as app:
        for name in (*PANES[1:], "tree"):
            await app.press("tab")
            assert focused(app) == name
        await app.press("shift+tab")
        assert focused(app) == "cache"


@pytest.mark.long
async def test_esc_goes_back_to_the_tree_and_no_further(demo: World) -> None:
    async with running(demo) as app:
        await app.press("4", "escape")
        assert focused(app) == "tree"
        await app.press("escape", "escape", "escape")
        assert app.app.is_running
        assert len(app.app.screen_stack) == 1


@pytest.mark.long
async def test_q_leaves_the_app(demo: World) -> None:
    async with running(demo) as app:
        await app.press("q")
        assert app.app._exit
        assert app.app.return_code == 0


async def test_the_focused_pane_is_told_by_more_than_its_colour(demo: World) -> None:
    async with running(demo) as app:
        await app.act("pane('cache')")
        here, there = app.cache.line_style(app.cache.cursor), app.tree.line_style(app.tree.cursor)
        assert here is not None
        assert here.bold
        assert there is None or not there.bold


# Maximise


@pytest.mark.long
async def test_z_gives_the_focused_pane_the_whole_screen_and_puts_it_back(demo: World) -> None:
    async with running(demo) as app:
        await app.press("5", "z")
        assert maximised(app) == "cache"
        assert app.cache.size.width > WIDE[0] - 8
        await app.press("z")
        assert maximised(app) is None
        assert displayed(app) == list(PANES)


@pytest.mark.long
async def test_esc_puts_a_maximised_pane_back(demo: World) -> None:
    async with running(demo) as app:
        await app.act("pane('chain')")
        await app.act("maximise")
        await app.press("escape")
        assert maximised(app) is None
        assert focused(app) == "chain"


@pytest.mark.long
async def test_another_pane_can_be_gone_to_from_a_maximised_one(demo: World) -> None:
    async with running(demo) as app:
        await app.act("maximise")
        await app.act("pane('environment')")
        assert maximised(app) is None
        assert focused(app) == "environment"


@pytest.mark.long
async def test_every_pane_can_be_maximised(demo: World) -> None:
    async with running(demo) as app:
        for name in PANES:
            await app.act(f"pane('{name}')")
            await app.act("maximise")
            assert maximised(app) == name
            await app.act("maximise")


# Layouts


async def test_narrow_is_the_tree_and_one_pane_with_tabs(demo: World) -> None:
    async with running(demo, NARROW) as app:
        assert displayed(app) == ["tree", "expiry"]
        assert app.tree.size.width == app.expiry.size.width > NARROW[0] - 6
        for title in ("2 Expiry", "3 Chain", "4 Env", "5 Cache"):
            assert title in app.seen().splitlines()[tabs_of(app).region.y]
        await app.press("4")
        assert displayed(app) == ["tree", "environment"]
        assert focused(app) == "environment"


@pytest.mark.long
async def test_narrow_the_pane_stays_when_the_tree_has_the_focus_again(demo: World) -> None:
    async with running(demo, NARROW) as app:
        await app.act("pane('chain')")
        await app.act("pane('tree')")
        assert displayed(app) == ["tree", "chain"]
        await app.choose("dev")
        assert "dev" in app.seen_in(app.chain)


@pytest.mark.long
async def test_narrow_a_click_on_a_tab_brings_its_pane(demo: World) -> None:
    async with running(demo, NARROW) as app:
        row = tabs_of(app).region.y
        column = app.seen().splitlines()[row].index("5 Cache")
        await app.pilot.click(offset=(column + 2, row))
        await app.settle()
        assert displayed(app) == ["tree", "cache"]


@pytest.mark.long
async def test_tiny_is_one_at_a_time(demo: World) -> None:
    async with running(demo, TINY) as app:
        assert displayed(app) == ["tree"]
        await app.press("2")
        assert displayed(app) == ["expiry"]
        await app.press("escape")
        assert displayed(app) == ["tree"]


async def test_tiny_the_filter_works(demo: World) -> None:
    async with running(demo, TINY) as app:
        await app.act("pane('cache')")
        await app.type_filter("lake")
        assert displayed(app) == ["tree"]
        assert app.profiles() == ["lake"]


async def test_at_80_by_24_every_title_and_every_name_of_the_tree_can_be_read(demo: World) -> None:
    async with running(demo, NARROW) as app:
        seen = app.seen_in(app.tree)
        for item in app.tree.items[: seen.count("\n") - 1]:
            assert item.node.title in seen or item.node.title[-4:] in seen


async def test_at_20_by_5_names_can_still_be_told_apart(demo: World) -> None:
    async with running(demo, (20, 5)) as app:
        seen = app.seen_in(app.tree)
        for name in ("base", "prod-admin", "prod-deploy"):
            assert name in seen
        assert "◐" in seen


@pytest.mark.long
@pytest.mark.parametrize("size", [(1, 1), (20, 5), (300, 1), (300, 100)], ids=str)
async def test_it_can_begin_at_any_size(demo: World, size: tuple[int, int]) -> None:
    async with running(demo, size) as app:
        await app.act("next_pane(1)")
        await app.resize(*WIDE)
        await app.settle()
        assert displayed(app) == list(PANES)


@pytest.mark.long
async def test_no_size_is_a_crash(demo: World) -> None:
    async with running(demo) as app:
        await app.choose("prod-deploy")
        for size in SIZES:
            await app.resize(*size)
            for action in (
                "pane('chain')",
                "filter",
                "back",
                "pane('cache')",
                "maximise",
                "maximise",
                "back",
            ):
                await app.main.run_action(action)
            await app.tick()
        # THEN nothing is lost on the way
        await app.resize(*WIDE)
        await app.settle()
        assert app.app._exception is None
        assert displayed(app) == list(PANES)
        assert app.names()[app.tree.cursor] == "prod-deploy"
        assert "prod-deploy" in app.seen_in(app.tree)


@pytest.mark.long
async def test_the_layout_follows_the_width(demo: World) -> None:
    async with running(demo) as app:
        await app.act("pane('environment')")
        await app.resize(*NARROW)
        await app.settle()
        assert "environment" in displayed(app)
        assert focused(app) == "environment"
        await app.resize(*WIDE)
        await app.settle()
        assert displayed(app) == list(PANES)


# The table


async def test_from_160_columns_the_tree_is_a_table_with_headings(demo: World) -> None:
    async with running(demo, (160, 40)) as app:
        heading = app.seen_in(app.tree).splitlines()[1]
        for column in ("PROFILE", "VIA", "ACCOUNT", "ROLE / SET", "REGION", "MFA", "STATE"):
            assert column in heading
        await app.resize(159, 40)
        await app.settle()
        assert "PROFILE" not in app.seen_in(app.tree)


@pytest.mark.parametrize("size", [TINY, NARROW, WIDE], ids=str)
async def test_maximised_it_is_a_table_at_any_width_and_the_top_line_stays(
    demo: World, size: tuple[int, int]
) -> None:
    async with running(demo, size) as app:
        top = app.seen().splitlines()[0]
        await app.press("z")
        await app.settle()
        assert "PROFILE" in app.seen_in(app.tree)
        assert "STATE" in app.seen_in(app.tree)
        assert app.seen().splitlines()[0] == top
        await app.press("z")
        await app.settle()
        assert "PROFILE" not in app.seen_in(app.tree)


async def test_the_heading_stays_where_it_is_when_the_rows_scroll(demo: World) -> None:
    async with running(demo, (160, 14)) as app:
        heading = app.seen_in(app.tree).splitlines()[1]
        await app.act_on(app.tree, "last")
        lines = app.seen_in(app.tree).splitlines()
        assert lines[1] == heading
        assert app.tree.items[-1].node.title in lines[-2]
        await app.act_on(app.tree, "first")
        assert app.tree.items[0].node.title in app.seen_in(app.tree).splitlines()[2]


async def test_a_click_on_a_row_of_the_table_is_on_that_row(demo: World) -> None:
    async with running(demo, (160, 40)) as app:
        await app.pilot.click("#tree", offset=(8, 4))
        await app.settle()
        assert app.tree.cursor == 2
        await app.pilot.click("#tree", offset=(8, 1))
        await app.settle()
        assert app.tree.cursor == 2


async def test_the_heading_shows_what_the_table_is_sorted_by(demo: World) -> None:
    async with running(demo, (160, 40)) as app:
        for words in ("PROFILE ▲", "STATE ▲"):
            await app.act("sort('next')")
            assert words in app.seen_in(app.tree).splitlines()[1]
        await app.act("sort('back')")
        assert "STATE ▼" in app.seen_in(app.tree).splitlines()[1]


async def test_where_only_a_few_lines_fit_a_heading_takes_none_of_them(demo: World) -> None:
    async with running(demo, (160, 5)) as app:
        assert "PROFILE" not in app.seen()
        assert "base" in app.seen_in(app.tree)


@pytest.mark.parametrize("width", [120, 130, 140, 159])
async def test_below_a_table_the_tree_takes_what_its_names_need_and_no_more(demo: World, width: int) -> None:
    async with running(demo, (width, 40)) as app:
        tree = app.tree.outer_size.width
        assert tree == min(max(app.tree.names_width + FRAME_WIDTH, LEAST_TREE), width - 2 * LEAST_PANE)
        assert app.expiry.outer_size.width >= LEAST_PANE
        assert app.cache.outer_size.width >= LEAST_PANE
        # AND where there is room, no name is cut on either side
        if width >= 140:
            seen = app.seen_in(app.tree) + app.seen_in(app.expiry)
            assert "…" not in seen
            assert "meadow-hr.awsapps.com" in app.seen_in(app.expiry)
        if width >= 150:
            assert "shared release, release-ci" in app.seen_in(app.cache)
