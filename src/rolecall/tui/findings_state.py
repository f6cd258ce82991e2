"""The findings of the Snapshot on the screen, looked for again with each new Snapshot."""

import asyncio
import time
from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from rolecall import user_settings
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Cause
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, Severity, SubjectKind
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import BY_CODE, Findings, examine
from rolecall.tui.render.flags import STRAY, Flag, Flags, worst
from rolecall.tui.render.labels import LOGIN
from rolecall.user_settings import Preferences
from rolecall.values import dataclass

Key = TypeVar("Key", bound=Hashable)
_INSTANT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a Snapshot.

    Attributes:
        findings: all of it.
        flags: the same by line of the screen.
        preferences: the user's settings at that moment.
    """

    findings: Findings
    flags: Flags
    preferences: Preferences


SHARE = 50
"""How many times over a screen rests what it spends on counting the time: a fiftieth of it at the most."""


class Following:
    """A screen over the main one that stays current: it follows the files and the clock.

    Attributes:
        snapshot: what was read; times are counted from its moment.
        findings: what is wrong with it.
    """

    snapshot: Snapshot
    findings: Findings
    _rest = timedelta(0)

    def retell(self) -> None:
        """Show the snapshot and the findings as they are now. Each screen implements this."""
        raise NotImplementedError

    def follow(self, snapshot: Snapshot, findings: Findings) -> None:
        """Show a new Snapshot, or the same at another moment."""
        self.snapshot, self.findings = snapshot, findings
        self.retell()

    def tick(self, now: datetime) -> None:
        """Count the times from now, unless that would take too great a share of the processor."""
        if abs(now - self.snapshot.taken_at) < max(self._rest, _INSTANT):
            return
        began = time.thread_time()
        self.catch_up(now)
        self._rest = timedelta(seconds=SHARE * (time.thread_time() - began))

    def catch_up(self, now: datetime) -> None:
        """Count the times from now."""
        self.follow(self.snapshot.as_of(now), self.findings.as_of(now))


class Examiner:
    """Looks for findings where the Snapshot or the user settings have changed."""

    def __init__(self) -> None:
        self._looked_at: tuple[Snapshot, Preferences] | None = None

    async def look(self, snapshot: Snapshot) -> Examined | None:
        """Return what is found now; None where the Snapshot and the user settings are the same as before."""
        wanted = await asyncio.to_thread(user_settings.read_settings, snapshot.host, BY_CODE)
        before = self._looked_at
        if before is not None and before[0] is snapshot and before[1] == wanted:
            return None
        self._looked_at = snapshot, wanted
        return await asyncio.to_thread(_examined, snapshot, wanted)


def _examined(snapshot: Snapshot, wanted: Preferences) -> Examined:
    findings = examine(snapshot, wanted.silences, severities=wanted.severities)
    return Examined(findings, flags_of(findings, snapshot), wanted)


def flags_of(findings: Findings, snapshot: Snapshot) -> Flags:
    """Sort findings by the lines that they flag: the causes; the profiles that depend on them wait."""
    flagged = [each for each in findings.all if each.severity is not Severity.INFO]
    headings = _headings(snapshot)
    profiles = _worst((name, each) for each in flagged for name in _culprits(each, snapshot, headings))

    def by_name(kind: SubjectKind) -> Mapping[str, Flag]:
        return _worst((each.subject.name, each) for each in flagged if each.subject.kind is kind)

    return Flags(
        counts={flag: findings.count(Severity(flag)) for flag in Flag},
        waits={
            name: _awaited(each)
            for each in reversed(flagged)
            if each.severity is Severity.ERROR
            for name in each.profiles
            if profiles.get(name) is not Flag.ERROR
        },
        profiles=profiles,
        variables=by_name(SubjectKind.VARIABLE),
        files=_worst(
            (each.seen.path, each)
            for each in flagged
            if each.subject.kind is SubjectKind.CACHE and each.seen.path is not None
        ),
        sessions=by_name(SubjectKind.SESSION),
        sections=by_name(SubjectKind.SECTION),
    )


def _culprits(finding: Finding, snapshot: Snapshot, headings: frozenset[str]) -> Iterable[str]:
    """Yield the profiles that a finding flags: not those that only depend on what has a line of its own."""
    if finding.subject.kind is SubjectKind.PROFILE:
        yield finding.subject.name
    affected = frozenset(finding.profiles)
    yield from (
        name for name in finding.profiles if not _depends(finding, name, snapshot, headings, affected)
    )


def _depends(
    finding: Finding, name: str, snapshot: Snapshot, headings: frozenset[str], affected: frozenset[str]
) -> bool:
    match finding.subject.kind:
        case SubjectKind.SESSION:
            if finding.subject.name in headings:
                return True
            report = snapshot.profiles.get(name)
            return report is not None and any(hop.profile in affected for hop in report.chain[1:])
        case SubjectKind.PROFILE:
            # what goes round in a loop is as guilty as its first
            culprit, reports = finding.subject.name, snapshot.profiles
            return _leads_to(reports, name, culprit) and not _leads_to(reports, culprit, name)
        case SubjectKind.VARIABLE:
            return len(finding.profiles) > 1
        case SubjectKind.SECTION:
            return len(finding.profiles) > 1 and f"{STRAY}{finding.subject.name}" in headings
    return False  # what else is a cause has no line among the profiles


def _headings(snapshot: Snapshot) -> frozenset[str]:
    """Return the logins, and the keys of the sections, that have a line among the profiles.

    A login, or a section, that is only named and does not exist has none.
    """
    usable = (each.values for each in snapshot.profiles.values() if each.effective.provider is not None)
    named = (values.get(key) for values in usable for key in ("sso_start_url", "login_session"))
    own = (name for name in named if isinstance(name, str))
    headers = snapshot.merged.config.headers
    strays = (f"{STRAY}{header}" for header in (*headers.dropped, *headers.other))
    return frozenset((*headers.sso_sessions, *own, *strays))


def _leads_to(reports: Mapping[str, ProfileReport], name: str, source: str) -> bool:
    """Whether a profile gets its credentials through another."""
    report = reports.get(name)
    return report is not None and any(hop.profile == source for hop in report.chain[1:])


_OF_LOGIN = frozenset(
    (
        *(Cause.SSO_TOKEN_MISSING, Cause.SSO_TOKEN_EXPIRED, Cause.SSO_TOKEN_DAMAGED),
        *(Cause.LOGIN_MISSING, Cause.LOGIN_DAMAGED),
    )
)


def _awaited(finding: Finding) -> str:
    """Return what the profiles of an error wait for."""
    is_of_login = finding.fix.doing is FixAction.LOGIN or not _OF_LOGIN.isdisjoint(finding.rule.explains)
    return LOGIN if is_of_login else finding.subject.name


def _worst(pairs: Iterable[tuple[Key, Finding]]) -> Mapping[Key, Flag]:
    found: dict[Key, Flag] = {}
    for key, finding in pairs:
        flag = worst(found.get(key), Flag(finding.severity))
        if flag is not None:
            found[key] = flag
    return found
