"""What a command is to act on: what is marked, or what the cursor stands on."""

from dataclasses import dataclass, replace

from rolecall.app_options import Options
from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.notices import Notice


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
