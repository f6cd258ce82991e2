"""What a command acts on: the rows that are marked, or the one under the cursor."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from rolecall.app_options import Options
from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.notices import Notice
from rolecall.tui.render.expiry import End
from rolecall.tui.render.flags import SESSION
from rolecall.tui.render.tree import Node
from rolecall.tui.screens.main import MainScreen
from rolecall.tui.widgets.list_view import Rows


@dataclass(frozen=True, slots=True)
class Target:
    """What a command is to act on.

    Attributes:
        snapshot: what is on the screen.
        options: how the app was started.
        current: the profile under the cursor of the pane that has the focus, or None.
        marked: the marked profiles, in the order of the files.
        session: the sso-session whose heading the cursor stands on, or None. The old form of SSO has none:
            its start URL stands in the profiles themselves.
        user: a profile that logs in where the heading under the cursor says, or None.
        entries: the marked cache files, else the one under the cursor of the cache pane.
        last_edit: what the last edit did, for the undo, or None.
        notice: the last notice that offered to renew something, or None.
    """

    snapshot: Snapshot
    options: Options
    current: ProfileReport | None = None
    marked: tuple[ProfileReport, ...] = ()
    session: str | None = None
    user: ProfileReport | None = None
    entries: tuple[CacheEntry, ...] = ()
    last_edit: str | None = None
    notice: Notice | None = None

    @property
    def reports(self) -> tuple[ProfileReport, ...]:
        """The profiles to act on: the marked ones, else the one under the cursor."""
        if self.marked:
            return self.marked
        return (self.current,) if self.current is not None else ()

    def renewed(self, seen: "Target") -> "Target":
        """Return the same as the files are now; what is gone from them is gone from it.

        Args:
            seen: what there is to act on now, which may be something else.
        """
        profiles = seen.snapshot.profiles
        sessions = seen.snapshot.merged.config.headers.sso_sessions
        return replace(
            self,
            snapshot=seen.snapshot,
            current=profiles.get(self.current.name) if self.current is not None else None,
            session=self.session if self.session in sessions else None,
            user=profiles.get(self.user.name) if self.user is not None else None,
            marked=tuple(profiles[report.name] for report in self.marked if report.name in profiles),
            last_edit=seen.last_edit,
        )

    def about(self, name: str) -> "Target":
        """Return a target that is one profile alone."""
        return replace(self, current=self.snapshot.profiles.get(name), marked=())


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
