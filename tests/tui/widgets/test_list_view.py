"""Lists draw what is to be seen and changed, and nothing else; the cursor stays on its item."""

from collections import Counter
from datetime import timedelta

import pytest
from textual.strip import Strip

from rolecall.tui.render.lines import Line
from rolecall.tui.widgets.lines_view import Lines
from tests.tui.driving import Driver, running
from tests.tui.worlds import World, keys, role

MANY = 300


@pytest.fixture(autouse=True)
def draw_when_somebody_looks() -> None:
    """Have every frame drawn here: that is what is counted."""


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the lines that each list draws, by its id."""
    counter: Counter[str] = Counter()
    draw = Lines.render_line

    def counting(self: Lines[object], y: int) -> Strip:
        counter[self.id or ""] += 1
        return draw(self, y)

    monkeypatch.setattr(Lines, "render_line", counting)
    return counter


def many(world: World, names: list[str]) -> World:
    return world.write(credentials="".join(map(keys, names)))


def p(number: int) -> str:
    return f"p{number:03}"


# What is drawn


@pytest.mark.long
async def test_with_the_clock_stopped_a_tick_draws_nothing(demo: World, drawn: Counter[str]) -> None:
    async with running(demo) as app:
        drawn.clear()
        await app.tick()
        await app.settle()
        assert not drawn


@pytest.mark.long
async def test_a_second_later_only_lines_with_a_countdown_are_drawn(demo: World, drawn: Counter[str]) -> None:
    async with running(demo) as app:
        changing = {
            pane.id: sum(a != b for a, b in zip(before.splitlines(), after.splitlines(), strict=True))
            for pane, before, after in await a_second(app)
        }
        assert changing["expiry"] >= 5  # else this proves nothing
        demo.clock.advance(timedelta(seconds=1))
        drawn.clear()
        await app.tick()
        await app.settle()
        for pane, lines in changing.items():
            assert drawn[str(pane)] <= lines, pane
        assert drawn["environment"] == 0


async def a_second(app: Driver) -> list[tuple[Lines[object], str, str]]:
    """Return what each pane shows before and after a second has passed."""
    panes: list[Lines[object]] = [app.tree, app.expiry, app.chain, app.cache]  # type: ignore[list-item]
    before = [app.seen_in(pane) for pane in panes]
    app.world.clock.advance(timedelta(seconds=1))
    await app.tick()
    await app.settle()
    return [(pane, text, app.seen_in(pane)) for pane, text in zip(panes, before, strict=True)]


@pytest.mark.long
async def test_what_is_on_the_screen_is_what_is_so_at_every_second(demo: World) -> None:
    async with running(demo, (120, 24)) as app:
        for second in range(0, 130, 7):
            if second == 70:
                await app.act_on(app.tree, "last")
                await app.act_on(app.cache, "last")
            demo.clock.advance(timedelta(seconds=7))
            await app.tick()
            await app.settle()
            for pane in (app.tree, app.cache):
                seen = app.seen_in(pane)
                pane._drawn.clear()
                pane.refresh()
                await app.settle()
                assert app.seen_in(pane) == seen, second


async def test_where_a_scrollbar_comes_the_lines_give_way(empty: World) -> None:
    # GIVEN a chain that fits, and one that does not
    roles = "".join(role(f"r{i:02}", "base") for i in range(20))
    async with running(empty.write(roles, keys("base")), (120, 30)) as app:
        await app.choose("r01")
        scrolls = [app.chain.show_vertical_scrollbar]
        await app.choose("base")
        scrolls.append(app.chain.show_vertical_scrollbar)
        seen = app.seen_in(app.chain)
        # THEN the ends of its lines are to be seen
        assert scrolls == [False, True]
        assert seen.count("idle") == len([line for line in seen.splitlines() if "▶" in line]) > 3


async def test_in_a_second_that_changes_no_line_none_is_laid_out(
    empty: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(many(empty, [p(i) for i in range(9)])) as app:
        app.world.clock.advance(timedelta(seconds=1))
        await app.tick()

        def lay_out(*_: object) -> Line:
            pytest.fail("a line was laid out")

        monkeypatch.setattr(app.tree, "lay_out", lay_out)
        app.world.clock.advance(timedelta(seconds=1))
        await app.tick()


@pytest.mark.long
async def test_a_reread_that_finds_nothing_new_draws_nothing(demo: World, drawn: Counter[str]) -> None:
    async with running(demo) as app:
        drawn.clear()
        await app.app._reread()
        await app.settle()
        assert not drawn


async def test_moving_the_cursor_draws_two_lines_of_its_list(demo: World, drawn: Counter[str]) -> None:
    async with running(demo) as app:
        drawn.clear()
        await app.act_on(app.tree, "move(1)")
        await app.settle()
        assert 1 <= drawn["tree"] <= 2


async def test_a_change_of_one_file_draws_the_lines_that_it_changes(demo: World, drawn: Counter[str]) -> None:
    async with running(demo) as app:
        # GIVEN another region in a file, which no line of the tree shows
        config = demo.aws / "config"
        config.write_text(config.read_text() + "cli_pager = less\n")
        drawn.clear()
        await app.app._reread()
        await app.settle()
        assert drawn["tree"] == 0
        assert drawn["expiry"] == 0
        assert drawn["cache"] == 0


async def test_of_a_long_list_only_what_is_in_view_is_laid_out(empty: World, drawn: Counter[str]) -> None:
    async with running(many(empty, [p(i) for i in range(MANY)])) as app:
        drawn.clear()
        await app.act_on(app.tree, "last")
        await app.settle()
        assert 0 < drawn["tree"] <= 2 * app.tree.size.height


# The cursor over a reread


@pytest.mark.long
async def test_the_cursor_stays_on_its_profile_when_others_come_before_it(empty: World) -> None:
    names = [p(i) for i in range(100, 200)]
    async with running(many(empty, names)) as app:
        await app.choose(p(150))
        above = app.tree.cursor - app.tree.scroll_offset.y
        # WHEN twenty profiles come to stand before it
        many(empty, [p(i) for i in range(80, 100)] + names)
        await app.app._reread()
        await app.settle()
        # THEN it is still under the cursor, at the same place of the screen
        assert app.names()[app.tree.cursor] == p(150)
        assert app.tree.cursor - app.tree.scroll_offset.y == above


async def test_the_last_profile_stays_in_view_when_others_come_before_it(empty: World) -> None:
    names = [p(i) for i in range(100, 200)]
    async with running(many(empty, names)) as app:
        await app.act_on(app.tree, "last")
        many(empty, [p(i) for i in range(80, 100)] + names)
        await app.app._reread()
        await app.settle()
        assert app.names()[app.tree.cursor] == p(199)
        assert p(199) in app.seen_in(app.tree)


async def test_the_cursor_goes_to_the_neighbour_of_what_is_gone(empty: World) -> None:
    async with running(many(empty, ["a", "b", "c"])) as app:
        await app.choose("b")
        many(empty, ["a", "c"])
        await app.app._reread()
        await app.settle()
        assert app.names()[app.tree.cursor] == "c"
        assert "c" in str(app.chain.border_title)


async def test_the_cursor_is_on_the_last_line_when_what_was_below_is_gone(empty: World) -> None:
    async with running(many(empty, [p(i) for i in range(MANY)])) as app:
        await app.act_on(app.tree, "last")
        many(empty, ["a", "b"])
        await app.app._reread()
        await app.settle()
        assert app.tree.cursor == 1
        assert app.tree.scroll_offset.y == 0
        assert " b " in app.seen_in(app.tree)


@pytest.mark.long
async def test_the_scroll_position_stays_over_a_reread(empty: World) -> None:
    async with running(many(empty, [p(i) for i in range(MANY)])) as app:
        await app.act_on(app.tree, "move(100)")
        top = app.tree.scroll_offset.y
        await app.app.action_reread()
        await app.settle()
        assert app.tree.scroll_offset.y == top > 0


@pytest.mark.long
async def test_the_cursor_stays_in_view_when_the_screen_gets_smaller(empty: World) -> None:
    async with running(many(empty, [p(i) for i in range(MANY)])) as app:
        await app.act_on(app.tree, "move(30)")
        await app.resize(120, 12)
        await app.settle()
        assert p(30) in app.seen_in(app.tree)
