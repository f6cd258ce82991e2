"""How a test drives the app: open it, wait for a condition, read what is to be seen."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets._toast import Toast

from rolecall.tui.app import RolecallApp
from rolecall.tui.panes.grid import CachePane, ChainPane, EnvironmentPane, ExpiryPane
from rolecall.tui.panes.tree import ProfileTree
from rolecall.tui.render.lines import Line
from rolecall.tui.screens.main import MainScreen
from rolecall.tui.widgets.footer import FilterInput
from tests.tui.worlds import World

WIDE, NARROW, TINY = (120, 40), (80, 24), (40, 12)
SMALL_SIZES = [(2, 24), (5, 24), (20, 5), (60, 4), (80, 2)]
PATIENCE = 30.0
"""Seconds after which what does not come is a failure; how soon it has to come is measured in benchmarks/."""

Pane = TypeVar("Pane", bound=Widget)


def seen(pilot: Pilot[None]) -> str:
    """Return what is on the screen, as text."""
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


async def until(pilot: Pilot[None], condition: Callable[[], bool], pulse: float | None = None) -> None:
    """Wait until something holds; look each so many seconds, or as soon as the app is idle."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE} s in vain; on the screen:\n{seen(pilot)}"
        await pilot.pause(pulse)


class Driver:
    """The running app with its parts by name."""

    def __init__(self, world: World, pilot: Pilot[None]) -> None:
        self.world = world
        self.pilot = pilot
        app = pilot.app
        assert isinstance(app, RolecallApp)
        self.app: RolecallApp = app

    @property
    def main(self) -> MainScreen:
        screen = self.app.screen_stack[0]
        assert isinstance(screen, MainScreen)
        return screen

    def _pane(self, name: str, kind: type[Pane]) -> Pane:
        return self.main.query_one(f"#{name}", kind)

    @property
    def tree(self) -> ProfileTree:
        return self._pane("tree", ProfileTree)

    @property
    def expiry(self) -> ExpiryPane:
        return self._pane("expiry", ExpiryPane)

    @property
    def chain(self) -> ChainPane:
        return self._pane("chain", ChainPane)

    @property
    def environment(self) -> EnvironmentPane:
        return self._pane("environment", EnvironmentPane)

    @property
    def cache(self) -> CachePane:
        return self._pane("cache", CachePane)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds."""
        await until(self.pilot, condition)

    async def ready(self) -> None:
        """Wait until the first Snapshot is in all panes, what is wrong is flagged, and every key works."""
        await self.until(lambda: self.app.snapshot is not None and self.main.is_ready_to_act)
        await self.until(lambda: self.main.findings is not None)
        await self.settle()

    async def settle(self) -> None:
        """Let everything that is under way come to its end."""
        for _ in range(2):
            await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def act(self, action: str) -> None:
        """Run an action of the screen in front, without the price of a key press."""
        await self.app.screen.run_action(action)
        await self.pilot.pause()

    async def act_on(self, widget: Widget, action: str) -> None:
        """Run an action of a widget."""
        await widget.run_action(action)
        await self.pilot.pause()

    async def type_filter(self, words: str) -> None:
        """Open the filter and put words into it, as if they had been typed."""
        await self.act("filter")
        self.main.query_one("#filter", FilterInput).value = words
        await self.settle()

    async def choose(self, name: str) -> None:
        """Put the tree's cursor on a profile."""
        assert self.tree.reveal(name)
        await self.settle()

    async def tick(self) -> None:
        """Let the app notice what the clock says."""
        self.app._tick()
        await self.pilot.pause()

    async def resize(self, width: int, height: int) -> None:
        await self.pilot.resize_terminal(width, height)
        await self.pilot.pause()

    def seen(self) -> str:
        """Return what is on the screen, as text."""
        return seen(self.pilot)

    def seen_in(self, widget: Widget) -> str:
        """Return what is to be seen of a widget, its border included."""
        area = widget.region
        strips = self.app.screen._compositor.render_strips()[area.y : area.bottom]
        return "\n".join(strip.crop(area.x, area.right).text for strip in strips)

    def line(self, widget: Widget, begins: str) -> str:
        """Return the first line of a widget that, after its fold, mark and glyph, begins with some text."""
        for line in self.seen_in(widget).splitlines():
            if line.lstrip(" │▾▸✓!●◐✗○↻∞?").startswith(begins):
                return line.strip("│ ")
        raise AssertionError(f"no line begins with {begins!r} in:\n{self.seen_in(widget)}")

    async def told(self) -> str:
        """Wait for a notification; return its text as it is on the screen."""
        await self.until(lambda: bool(self.main.query(Toast)))
        await self.settle()
        return " ".join(self.seen_in(self.main.query(Toast).last()).split())

    def names(self) -> list[str]:
        """Return the titles in the tree, top to bottom."""
        return [item.node.title for item in self.tree.items]

    def profiles(self) -> list[str]:
        """Return the names of the profiles in the tree, top to bottom."""
        return [item.node.report.name for item in self.tree.items if item.node.report is not None]


@asynccontextmanager
async def running(world: World, size: tuple[int, int] = WIDE) -> AsyncIterator[Driver]:
    """Run the app over a world, until the first Snapshot is in all its panes."""
    app = RolecallApp(world.host)
    async with app.run_test(size=size, notifications=True) as pilot:
        driver = Driver(world, pilot)
        await driver.ready()
        yield driver


def text_of(line: Line) -> str:
    """Return a line's text."""
    return "".join(span.text for span in line)
