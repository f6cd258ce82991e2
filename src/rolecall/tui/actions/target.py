"""What an action works on: the rows that are marked, or the one under the cursor."""

from collections.abc import Collection
from dataclasses import replace

from textual.widget import Widget

from rolecall.app_options import Options
from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.config_file import ConfigFile, FileStatus
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.notices import Notice
from rolecall.tui.panes.grid import CachePane
from rolecall.tui.panes.tree import ProfileTree
from rolecall.tui.render.expiry import ExpiryItem
from rolecall.tui.render.flags import SESSION
from rolecall.tui.render.tree import Node
from rolecall.tui.widgets.list_view import Rows
from rolecall.values import dataclass

NO_PROFILE = "There is no profile under the cursor."


@dataclass(frozen=True, slots=True)
class Target:
    """What an action is to work on.

    Attributes:
        snapshot: what is on the screen.
        options: how the app was started.
        current: the profile under the cursor of the pane that has the focus, or None.
        marked: the marked profiles, in the order of the files.
        session: the sso-session whose heading is under the cursor, or None. The old form of SSO has none: its
            start URL is in the profiles themselves.
        user: a profile that uses the login whose heading is under the cursor, or None.
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
        """Return the same target in the files as they are now, without what they no longer have.

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
        """Return the same target with one profile alone."""
        return replace(self, current=self.snapshot.profiles.get(name), marked=())


def selected_target(
    snapshot: Snapshot, options: Options, tree: ProfileTree, focused: Widget | None, cache: CachePane | None
) -> Target:
    """Return what is marked, and what the cursor of the focused pane is on.

    Args:
        snapshot: what is on the screen.
        options: how the app was started.
        tree: the pane of the profiles.
        focused: the pane that has the focus.
        cache: the pane of the cache files, once it is there.
    """
    item = focused.current if isinstance(focused, Rows) else None
    node = tree.current.node if tree.current is not None else None
    # where the cursor is among what expires, that profile; else the tree's
    shown = item.profile if isinstance(item, ExpiryItem) else None
    return Target(
        snapshot=snapshot,
        options=options,
        # what is listed may be from before a file broke
        current=_now(snapshot, tree.profile) if shown is None else snapshot.profiles.get(shown),
        marked=marked(snapshot, tree.marks),
        session=session_at(snapshot, node),
        user=_now(snapshot, user_at(node)),
        entries=cache.marked if cache is not None and focused is cache else (),
    )


def _now(snapshot: Snapshot, report: ProfileReport | None) -> ProfileReport | None:
    return snapshot.profiles.get(report.name) if report is not None else None


def session_at(snapshot: Snapshot, node: Node | None) -> str | None:
    """Return the sso-session whose heading a line of the tree is, or None."""
    name = node.key.removeprefix(SESSION) if node is not None and node.key.startswith(SESSION) else None
    return name if name in snapshot.merged.config.headers.sso_sessions else None


def user_at(node: Node | None) -> ProfileReport | None:
    """Return a profile that uses the login of a heading of the tree, or None."""
    if node is None or not node.key.startswith(SESSION):
        return None
    return next((each.report for each in node.children), None)


def marked(snapshot: Snapshot, marks: Collection[str]) -> tuple[ProfileReport, ...]:
    """Return the marked profiles."""
    return tuple(report for name, report in snapshot.profiles.items() if name in marks) if marks else ()


def broken_file(snapshot: Snapshot) -> ConfigFile | None:
    """Return the file that must be repaired before any other edit."""
    refused = (FileStatus.UNPARSEABLE, FileStatus.UNREADABLE)
    return next((file for file in snapshot.files if file.status in refused), None)


def refusal(snapshot: Snapshot) -> str | None:
    """Return why no profile can be added or edited, in a sentence, or None where the files can be read."""
    file = broken_file(snapshot)
    if file is None:
        return None
    name = snapshot.host.display(str(file.path))
    if file.status is FileStatus.UNPARSEABLE:
        return f"{name} does not parse: e shows where."
    return f"{name} {file.error}."
