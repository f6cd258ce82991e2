"""Which cache files are to be deleted: chosen above, what it costs below."""

import os

from rolecall.actions import clear_cache
from rolecall.actions.clear_cache import EntryFilter
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.screens.pick import ClearScreen, Selection
from tests.tui.screens.hosting import showing


def clear(snapshot: Snapshot) -> ClearScreen:
    selections = [
        Selection(which.value, clear_cache.select(snapshot, which=(which,)))
        for which in (EntryFilter.CORRUPT, EntryFilter.ORPHANED, EntryFilter.ALL)
    ]
    return ClearScreen(selections, lambda entries: clear_cache.plan(snapshot, entries))


async def test_the_cost_of_what_is_under_the_cursor_is_shown(demo_snapshot: Snapshot) -> None:
    async with showing(clear(demo_snapshot), (120, 40)) as shown:
        await shown.settle()
        first = shown.text
        await shown.press("down", "down")
        await shown.settle()
        assert "prod-read" in first
        assert "costs nothing" in first
        assert "needs a login in the browser" not in first
        assert "needs a login in the browser" in shown.text


async def test_enter_gives_what_is_under_the_cursor_and_deletes_nothing(demo_snapshot: Snapshot) -> None:
    files = [entry.path for entry in demo_snapshot.entries]
    async with showing(clear(demo_snapshot)) as shown:
        await shown.press("down", "enter")
    (answer,) = shown.answers
    assert answer is not None
    assert [entry.is_orphan for entry in answer.entries] == [True] * len(answer.entries)
    assert answer.entries
    assert all(os.path.exists(path) for path in files)  # noqa: ASYNC240, PTH110 - nothing else is waiting


async def test_esc_gives_nothing(demo_snapshot: Snapshot) -> None:
    async with showing(clear(demo_snapshot)) as shown:
        await shown.press("escape")
    assert shown.answers == [None]
