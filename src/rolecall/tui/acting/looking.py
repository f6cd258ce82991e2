"""Tells from the main screen what a command is to act on."""

from rolecall.aws.report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.options import Options
from rolecall.tui.acting.target import Target
from rolecall.tui.ends import End
from rolecall.tui.screens.main import MainScreen
from rolecall.tui.widgets.rows import Rows

_SESSION = "session:"


def look(main: MainScreen, options: Options) -> Target:
    """Return what is marked, and what the cursor of the focused pane stands on."""
    snapshot = main.snapshot
    assert snapshot is not None  # noqa: S101 - for the type checker: nothing is asked before there is one
    grid = main.grid
    focused = main.focused
    item = focused.current if isinstance(focused, Rows) else None
    node = main.tree_pane.current.node if main.tree_pane.current is not None else None
    return Target(
        snapshot=snapshot,
        options=options,
        current=_current(main, item),
        marked=_marked(main, snapshot),
        session=node.key.removeprefix(_SESSION) if node and node.key.startswith(_SESSION) else None,
        entries=grid.cache.marked if grid is not None and focused is grid.cache else (),
    )


def _marked(main: MainScreen, snapshot: Snapshot) -> tuple[ProfileReport, ...]:
    marks = main.tree_pane.marks
    return tuple(report for name, report in snapshot.profiles.items() if name in marks) if marks else ()


def _current(main: MainScreen, item: object) -> ProfileReport | None:
    """The profile that an end stands for, where the cursor is among those; else the tree's."""
    if isinstance(item, End) and item.profile is not None and main.snapshot is not None:
        return main.snapshot.profiles.get(item.profile)
    return main.tree_pane.profile
