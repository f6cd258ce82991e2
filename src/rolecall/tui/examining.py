"""Has the rules look at each Snapshot, off the screen's thread, and the user's settings read with it."""

import asyncio
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar, runtime_checkable

from rolecall import preferences
from rolecall.aws.snapshot import Snapshot
from rolecall.findings.examine import BY_CODE, Findings, examine
from rolecall.findings.finding import About, Finding, Severity
from rolecall.preferences import Preferences
from rolecall.tui.flags import Flag, Flags, worst

Key = TypeVar("Key", bound=Hashable)


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


@runtime_checkable
class Follower(Protocol):
    """A screen over the main one that shows findings, and other ones once there are others."""

    def follow(self, snapshot: Snapshot, findings: Findings) -> None:
        """Show these findings instead."""


class Examiner:
    """Looks where there is something else to look at."""

    def __init__(self) -> None:
        self._looked_at: tuple[Snapshot, Preferences] | None = None

    async def look(self, snapshot: Snapshot) -> Examined | None:
        """Return what is found now; None where the Snapshot and the settings are those of the last time."""
        wanted = await asyncio.to_thread(preferences.read, snapshot.host, BY_CODE)
        before = self._looked_at
        if before is not None and before[0] is snapshot and before[1] == wanted:
            return None
        self._looked_at = snapshot, wanted
        return await asyncio.to_thread(_examined, snapshot, wanted)


def _examined(snapshot: Snapshot, wanted: Preferences) -> Examined:
    findings = examine(snapshot, wanted.silences)
    return Examined(findings, flags_of(findings), wanted)


def flags_of(findings: Findings) -> Flags:
    """Sort findings by the lines beside which they stand."""
    flagged = [each for each in findings.all if each.severity is not Severity.INFO]

    def by_name(kind: About) -> Mapping[str, Flag]:
        return _worst((each.subject.name, each) for each in flagged if each.subject.kind is kind)

    return Flags(
        counts={flag: findings.count(Severity(flag)) for flag in Flag},
        profiles=_worst((name, each) for each in flagged for name in _profiles(each)),
        variables=by_name(About.VARIABLE),
        files=_worst(
            (each.seen.path, each)
            for each in flagged
            if each.subject.kind is About.CACHE and each.seen.path is not None
        ),
        sessions=by_name(About.SESSION),
        sections=by_name(About.SECTION),
    )


def _profiles(finding: Finding) -> Iterable[str]:
    own = (finding.subject.name,) if finding.subject.kind is About.PROFILE else ()
    return (*own, *finding.profiles)


def _worst(pairs: Iterable[tuple[Key, Finding]]) -> Mapping[Key, Flag]:
    found: dict[Key, Flag] = {}
    for key, finding in pairs:
        flag = worst(found.get(key), Flag(finding.severity))
        if flag is not None:
            found[key] = flag
    return found
