"""What is said in passing is said whole, above the footer, however it is wrapped."""

import pytest
from textual.widgets._toast import Toast

from tests.tui.driving import running
from tests.tui.worlds import World

WORDS = "Sent the credentials of prod-deploy for bash to the terminal's clipboard."


@pytest.mark.long
async def test_every_line_of_it_is_seen_at_any_width(demo: World) -> None:
    async with running(demo, (120, 24)) as app:
        for width in range(74, 90):
            await app.resize(width, 24)
            app.app.clear_notifications()
            app.app.notify(WORDS, markup=False)
            told = (await app.told()).replace("▌", "")
            assert told.split() == WORDS.split(), width


async def test_nothing_that_is_said_in_passing_steers_the_terminal_or_is_secret(demo: World) -> None:
    async with running(demo, (120, 24)) as app:
        secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzNobodyKEY"
        app.app.notify(
            f"There is no profile \x1b]0;owned\x07{secret} any more.", title="\x1b[8m", markup=False
        )
        told = await app.told()
        assert "There is no profile" in told
        assert "\x1b" not in told
        assert secret[:9] not in told


LONG = " ".join(f"word{number}" for number in range(60))


@pytest.mark.parametrize("words", ["Done.", WORDS, LONG])
@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 40)])
async def test_it_takes_two_lines_at_most_and_covers_no_row_of_a_pane(
    demo: World, words: str, size: tuple[int, int]
) -> None:
    async with running(demo, size) as app:
        app.app.notify(words, markup=False)
        await app.told()
        region = app.main.query(Toast).last().region
        assert region.height <= 2
        assert region.bottom <= size[1]
        panes = [pane for pane in app.main.query(".pane").results() if pane.display and pane.region.height]
        assert panes
        for pane in panes:
            assert not pane.region.shrink(pane.gutter).overlaps(region), pane.id


async def test_what_is_typed_into_the_filter_is_not_covered(demo: World) -> None:
    async with running(demo, (120, 40)) as app:
        app.app.notify(WORDS, markup=False)
        await app.told()
        await app.act("filter")
        await app.settle()
        covered = app.main.query_one("#filter").region
        assert covered.area
        assert not app.main.query(Toast).last().region.overlaps(covered)


async def test_one_line_covers_no_caption(demo: World) -> None:
    async with running(demo, (120, 40)) as app:
        caption, footer = app.seen_in(app.cache).splitlines()[-1], app.seen().splitlines()[-1]
        app.app.notify(WORDS, markup=False)
        await app.told()
        # nor the footer, which says on how many a key acts
        assert app.seen_in(app.cache).splitlines()[-1] == caption
        assert app.seen().splitlines()[-1] == footer


async def test_the_log_has_what_was_cut_and_what_was_said_before(demo: World) -> None:
    async with running(demo, (80, 24)) as app:
        app.app.notify("The first.", markup=False)
        app.app.notify(LONG, markup=False)
        await app.until(lambda: "word0" in app.seen())
        assert "The first." not in app.seen()
        assert "word59" not in app.seen()
        await app.press("H")
        assert "The first." in app.seen()
        await app.press("G")
        assert "word59" in app.seen()


@pytest.mark.long
async def test_esc_removes_them_on_every_screen(demo: World) -> None:
    async with running(demo) as app:
        for keys in ((), ("enter",), ("exclamation_mark",), ("w",), ("e",), ("slash",)):
            await app.press(*keys)
            app.app.notify(WORDS, markup=False)
            await app.until(lambda: "terminal's clipboard" in app.seen())
            await app.press("escape")
            assert app.app.screen is app.main
            assert "terminal's clipboard" not in app.seen(), keys
