"""A walk through the whole app, with what a person sees at each stop."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from textual.pilot import Pilot

from rolecall.tui.app import RolecallApp
from rolecall.tui.render.expiry import ExpiryItem
from rolecall.tui.render.tree import Grouping, TreeLine
from rolecall.tui.screens.details import DetailsView
from rolecall.tui.screens.main import MainScreen
from rolecall.tui.screens.pick import copyable
from rolecall.tui.widgets.list_view import Rows

PATIENCE = 30.0
"""Seconds after which something that must come counts as never coming."""
WIDE = (200, 60)
MEDIUM = (100, 30)
"""Where the Inspectors are opened: what is behind them is drawn again each time, and costs by its size."""
NARROW = (80, 24)
TINY = (20, 5)
PANES = {"1": "tree", "2": "expiry", "3": "chain", "4": "environment", "5": "cache"}
"""The panes' names by their keys."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the walk has come to, and the text of the whole screen there."""

    where: str
    text: str


class Tour:
    """Walks through an app that runs under a pilot: every pane, every cursor position, every Inspector."""

    def __init__(self, pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, RolecallApp)
        self.app = app
        self.pilot = pilot

    @property
    def main(self) -> MainScreen:
        screen = self.app.screen_stack[0]
        assert isinstance(screen, MainScreen)
        return screen

    async def until(self, condition: Callable[[], bool]) -> None:
        """Let the app go on until a condition holds."""
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110 - Textual has no event for most of what is awaited
                await asyncio.sleep(0.001)

    async def arrive(self) -> None:
        """Wait until the first Snapshot is on the screen, and the panes are there."""
        await self.until(lambda: self.main.snapshot is not None and bool(self.main.query("#cache")))

    def look(self, where: str) -> Stop:
        """Take down what is on the screen."""
        strips = self.app.screen._compositor.render_strips()
        return Stop(where, "\n".join(strip.text for strip in strips))

    async def everything(self) -> AsyncIterator[Stop]:
        """Go everywhere."""
        await self.arrive()
        for part in (self.panes, self.tree_lines, self.inspectors, self.layers, self.layouts):
            async for stop in part():
                yield stop

    async def panes(self) -> AsyncIterator[Stop]:
        """Each pane among the others and with the screen to itself, scrolled to its end."""
        for key, name in PANES.items():
            await self.pilot.press(key)
            yield self.look(name)
            await self.pilot.press("z")
            yield self.look(f"{name}, maximised")
            await self.pilot.press("G")
            yield self.look(f"{name}, maximised, its end")
            await self.pilot.press("z")
        await self.pilot.press("1")

    async def tree_lines(self) -> AsyncIterator[Stop]:
        """Every line of the tree with what the panes make of it; the other groupings; a mark and a fold."""
        tree = self.main.tree_pane
        for grouping in Grouping:
            assert tree.grouping is grouping
            for index in range(len(tree.items) if grouping is Grouping.SOURCE else 1):
                tree.cursor = index
                await self.pilot.pause()
                yield self.look(f"tree by {grouping}, line {index}")
            await self.pilot.press("o")
        await self.pilot.press("g", "space", "g", "h")
        yield self.look("a mark, and a fold")
        await self.pilot.press("right", "space", "g")

    async def inspectors(self) -> AsyncIterator[Stop]:
        """What enter opens on each line of each pane, and what there is to copy of each profile."""
        await self.pilot.resize_terminal(*MEDIUM)
        for key, name in PANES.items():
            await self.pilot.press(key)
            pane = self.main.query_one(f"#{name}")
            if isinstance(pane, Rows):
                async for stop in self._inspected(pane):
                    yield stop
        await self.pilot.press("1", "g", "y")
        yield self.look("copy menu")
        await self.pilot.press("escape")
        assert self.main.snapshot is not None
        for report in self.main.snapshot.profiles.values():
            yield Stop(f"copy menu of {report.name!r}", "\n".join(map(" ".join, copyable(report))))
        await self.pilot.resize_terminal(*WIDE)

    async def _inspected(self, pane: Rows[object]) -> AsyncIterator[Stop]:
        for index in range(len(pane.items)):
            pane.cursor = index
            if isinstance(pane.current, ExpiryItem) and index:
                continue  # an end opens its profile, like the tree
            await self.app.run_action("screen.inspect")
            if isinstance(pane.current, TreeLine) and not _has_inspector(pane.current):
                await self.app.run_action("screen.inspect")  # it is a heading, and folded: unfold it
                continue
            async for stop in self._pages(f"{pane.id}, line {index}, inspected"):
                yield stop
            self.app.pop_screen()
            await self.until(lambda: self.app.screen is self.main)

    async def _pages(self, where: str) -> AsyncIterator[Stop]:
        await self.until(self._is_laid_out)
        view = self.app.screen.query_one(DetailsView)
        for page in range(1000):
            yield self.look(f"{where}, page {page}")
            if view.scroll_offset.y >= view.max_scroll_y:
                return
            view.scroll_to(y=view.scroll_offset.y + view.size.height, animate=False, immediate=True)

    def _is_laid_out(self) -> bool:
        views = self.app.screen.query(DetailsView)
        return bool(views) and bool(views.first().items) and views.first().size.height > 0

    async def layers(self) -> AsyncIterator[Stop]:
        """Help, the palette, the filter, and a reread with what it says."""
        await self.pilot.press("question_mark")
        async for stop in self._pages("help"):
            yield stop
        await self.pilot.press("escape", "colon")
        yield self.look("palette")
        await self.pilot.press(*"pro")
        yield self.look("palette, searched")
        await self.pilot.press("escape")
        await self.until(lambda: self.app.screen is self.main)
        await self.pilot.press("slash", "a")
        yield self.look("filtered")
        await self.pilot.press("escape")
        before = self.main.snapshot
        await self.pilot.press("r")
        await self.until(lambda: self.main.snapshot is not before)
        await self.pilot.pause()
        yield self.look("read again")

    async def layouts(self) -> AsyncIterator[Stop]:
        """The narrow layout, a pane at a time, and one that is much too small."""
        await self.pilot.resize_terminal(*NARROW)
        for key, name in PANES.items():
            await self.pilot.press(key)
            yield self.look(f"{name}, narrow")
        await self.pilot.resize_terminal(*TINY)
        await self.pilot.pause()
        yield self.look("tiny")


def _has_inspector(line: TreeLine) -> bool:
    return line.node.report is not None or bool(line.node.note)
