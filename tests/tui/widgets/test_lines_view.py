"""A page is laid out to its width, at once and for good."""

from collections.abc import Sequence

from textual.app import App, ComposeResult

from rolecall.cells import wrap
from rolecall.tui.render.lines import Line, Span
from rolecall.tui.widgets.lines_view import FittedPage

TEXT = "a page that is much longer than a narrow screen is high"


class Told(FittedPage):
    """A page that counts how often it is laid out."""

    DEFAULT_CSS = "Told { max-height: 100vh; }"
    laid_out = 0

    def lines(self, width: int) -> Sequence[Line]:
        self.laid_out += 1
        return [(Span(line),) for line in wrap(TEXT, width)]


class Host(App[None]):
    def compose(self) -> ComposeResult:
        yield Told()


async def test_where_the_scrollbar_takes_all_the_room_it_does_not_come_and_go_for_ever() -> None:
    async with Host().run_test(size=(1, 4)) as pilot:
        page = pilot.app.query_one(Told)
        await pilot.pause()
        before = page.laid_out
        await pilot.pause(0.3)
        assert page.laid_out == before
        assert len(page.items) > 4


async def test_the_end_is_reached_at_once() -> None:
    async with Host().run_test(size=(8, 4)) as pilot:
        page = pilot.app.query_one(Told)
        await pilot.pause()
        page.action_scroll_end()
        assert page.scroll_offset.y == page.max_scroll_y > 0
        page.action_scroll_up()
        assert page.scroll_offset.y == page.max_scroll_y - 1
        page.action_scroll_home()
        assert page.scroll_offset.y == 0
