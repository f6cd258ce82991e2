"""Everything that ends, soonest first."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from rolecall.aws.expiry import RENEWAL_WINDOW, Expiry, State
from rolecall.aws.providers import Provider, Tool
from rolecall.aws.report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.outline import host_of


@dataclass(frozen=True, slots=True)
class End:
    """One thing that ends.

    Attributes:
        key: what tells it from the others.
        title: whose end it is.
        expiry: when, and what then.
        profile: the profile that it stands for, or one of those.
        uses: how many profiles end with it, where it is not one profile's own.
    """

    key: str
    title: str
    expiry: Expiry
    profile: str | None
    uses: int = 1


def ends(snapshot: Snapshot, now: datetime) -> list[End]:
    """Return everything with an end: those still to come, soonest first, then the past ones, latest first."""
    found: dict[str, End] = {}
    here = snapshot.ambient[Tool.BOTO3]
    if here.resolution.provider == Provider.ENV and here.expiry.at is not None:
        found["environment"] = End("environment", "environment", here.expiry, None)
    for report in snapshot.profiles.values():
        if report.token is not None and report.token.at is not None:
            _add_session(found, report, report.token)
        if report.expiry.at is not None and report.expiry != report.token:
            found[f"profile:{report.name}"] = End(
                f"profile:{report.name}", report.name, report.expiry, report.name
            )
    return sorted(found.values(), key=lambda end: _order(end, now))


class Turns:
    """The moments at which something turns from one state into another, or is about to end.

    Counting and sorting 10,000 things is done then, not every second.
    """

    def __init__(self, snapshot: Snapshot, now: datetime) -> None:
        reports = snapshot.profiles.values()
        expiries = [
            *(report.expiry for report in reports),
            *(report.token for report in reports if report.token is not None),
            *(entry.expiry for entry in snapshot.entries),
            *(here.expiry for here in snapshot.ambient.values()),
        ]
        turns = {moment for expiry in expiries for moment in expiry.turns}
        self._moments = sorted(turns | {soon for expiry in expiries for soon in _soon(expiry)})
        self._passed = bisect_right(self._moments, now)

    def pass_to(self, now: datetime) -> bool:
        """Let time pass; say whether anything has turned."""
        before, self._passed = self._passed, bisect_right(self._moments, now)
        return before != self._passed


def _soon(expiry: Expiry) -> Iterator[datetime]:
    """Yield when the findings begin to speak of an end."""
    if expiry.at is not None and expiry.at.year > 1:
        yield expiry.at - RENEWAL_WINDOW


def session_key(report: ProfileReport) -> str:
    """Return the key of the SSO token that a profile draws on."""
    return f"session:{_session(report)}"


def _session(report: ProfileReport) -> str:
    return str(report.values.get("sso_session") or report.values.get("sso_start_url"))


def _add_session(found: dict[str, End], report: ProfileReport, token: Expiry) -> None:
    key = session_key(report)
    before = found.get(key)
    title = f"{host_of(_session(report))} (SSO)"
    found[key] = End(key, title, token, report.name, before.uses + 1 if before else 1)


def _order(end: End, now: datetime) -> tuple[bool, float]:
    left = end.expiry.left(now)
    assert left is not None  # noqa: S101 - only what has an end is listed
    seconds = left.total_seconds()
    is_past = seconds <= 0 and end.expiry.state is not State.RENEWABLE
    return (is_past, -seconds if is_past else abs(seconds))
