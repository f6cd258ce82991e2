"""Tells from the main screen what a command is to act on."""

from collections.abc import Collection

from rolecall.app_options import Options
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.actions.target import Target
from rolecall.tui.expiry_list import End
from rolecall.tui.flags import SESSION
from rolecall.tui.profile_tree import Node
from rolecall.tui.screens.main import MainScreen
from rolecall.tui.widgets.list_view import Rows


def look(main: MainScreen, options: Options) -> Target:
    """Return what is marked, and what the cursor of the focused pane stands on."""
    snapshot = main.snapshot
    assert snapshot is not None  # noqa: S101 - for the type checker: nothing is asked before there is one
    grid = main.grid
    focused = main.focused
    return Target(
        snapshot=snapshot,
        options=options,
        current=_current(main, focused.current if isinstance(focused, Rows) else None),
        marked=marked(snapshot, main.tree_pane.marks),
        session=session_at(snapshot, _node(main)),
        user=user_at(_node(main)),
        entries=grid.cache.marked if grid is not None and focused is grid.cache else (),
    )


def _node(main: MainScreen) -> Node | None:
    return main.tree_pane.current.node if main.tree_pane.current is not None else None


def session_at(snapshot: Snapshot, node: Node | None) -> str | None:
    """Return the sso-session that a line of the tree is the heading of, or None."""
    name = node.key.removeprefix(SESSION) if node is not None and node.key.startswith(SESSION) else None
    return name if name in snapshot.merged.config.headers.sso_sessions else None


def user_at(node: Node | None) -> ProfileReport | None:
    """Return a profile that logs in where a heading of the tree says, or None."""
    if node is None or not node.key.startswith(SESSION):
        return None
    return next((each.report for each in node.children), None)


def marked(snapshot: Snapshot, marks: Collection[str]) -> tuple[ProfileReport, ...]:
    """Return the marked profiles."""
    return tuple(report for name, report in snapshot.profiles.items() if name in marks) if marks else ()


def _current(main: MainScreen, item: object) -> ProfileReport | None:
    """The profile that an end stands for, where the cursor is among those; else the tree's."""
    if isinstance(item, End) and item.profile is not None and main.snapshot is not None:
        return main.snapshot.profiles.get(item.profile)
    return main.tree_pane.profile
