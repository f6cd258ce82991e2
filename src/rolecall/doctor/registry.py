"""All findings of a Snapshot."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TypeVar

from rolecall.aws.providers import Provider
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import consequences
from rolecall.doctor.finding import Finding, Rule, RuleContext, Severity, SubjectKind
from rolecall.doctor.rules import (
    caches,
    causes,
    connection,
    durations,
    environment,
    environment_credentials,
    environment_surplus,
    environment_values,
    environment_workloads,
    expiry,
    file_lines,
    files,
    headers,
    homes,
    hygiene,
    keys,
    logins,
    permissions,
    portals,
    precedence,
    processes,
    profiles,
    roles,
    secrets,
    services,
    settings,
    settings_values,
    write_access,
)
from rolecall.user_settings import Silence
from rolecall.values import dataclass

Key = TypeVar("Key", bound=Hashable)


def rules_of(*modules: ModuleType) -> tuple[Rule, ...]:
    """Return the rules that modules define, in the order of their definition."""
    return tuple(
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, Rule) and each.look.__module__ == module.__name__
    )


CHAPTERS: Mapping[str, tuple[Rule, ...]] = {
    "Files": rules_of(files, file_lines, headers),
    "Settings": rules_of(settings, settings_values, processes),
    "Structure": (*causes.STRUCTURE, *rules_of(roles, profiles, services)),
    "Logins": (*causes.LOGINS, *rules_of(logins, portals)),
    "Expiry": rules_of(expiry, durations),
    "Environment": rules_of(
        *(environment, environment_workloads, environment_surplus, environment_credentials),
        *(environment_values, keys, connection),
    ),
    "Precedence": rules_of(precedence),
    "Caches": rules_of(caches),
    "Permissions": rules_of(permissions, homes, write_access),
    "Hygiene": rules_of(hygiene, secrets),
}
"""The rules by their chapter in the documentation."""
RULES: tuple[Rule, ...] = tuple(rule for rules in CHAPTERS.values() for rule in rules)
"""Every rule, in the order of the documentation."""
BY_CODE: Mapping[str, Rule] = {rule.code: rule for rule in RULES}


@dataclass(frozen=True)
class Findings:
    """All findings of a Snapshot.

    Attributes:
        all: the findings, the worst first; of these what this shell uses, then the errors that stop most
            profiles, else in the order of the rules.
        silenced: the findings that the user has silenced.
        looks: the results of each rule; None where the findings were made without rules.
    """

    all: tuple[Finding, ...] = ()
    silenced: tuple[Finding, ...] = ()
    looks: "RuleResults | None" = field(default=None, repr=False, compare=False)

    def as_of(self, now: datetime) -> "Findings":
        """Return the findings at another time; no state may change between the two times."""
        if self.looks is None or self.looks.context.snapshot.taken_at == now:
            return self
        return self.looks.as_of(now).findings

    @cached_property
    def by_profile(self) -> Mapping[str, tuple[Finding, ...]]:
        """The findings about each profile and those that affect it, the worst first."""
        found: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in self.all:
            names = dict.fromkeys(finding.profiles)
            if finding.subject.kind is SubjectKind.PROFILE:
                names[finding.subject.name] = None
            for name in names:
                found[name].append(finding)
        return {name: tuple(findings) for name, findings in found.items()}

    @cached_property
    def by_variable(self) -> Mapping[str, tuple[Finding, ...]]:
        """The findings about each variable."""
        return _grouped(
            self.all, lambda each: each.subject.name if each.subject.kind is SubjectKind.VARIABLE else None
        )

    @cached_property
    def by_path(self) -> Mapping[Path, tuple[Finding, ...]]:
        """The findings about each cache file."""
        return _grouped(
            self.all, lambda each: each.seen.path if each.subject.kind is SubjectKind.CACHE else None
        )

    def count(self, severity: Severity) -> int:
        """Return how many there are of a severity."""
        return sum(1 for finding in self.all if finding.severity is severity)


def _grouped(
    findings: Iterable[Finding], key: Callable[[Finding], Key | None]
) -> dict[Key, tuple[Finding, ...]]:
    found: defaultdict[Key, list[Finding]] = defaultdict(list)
    for finding in findings:
        name = key(finding)
        if name is not None:
            found[name].append(finding)
    return {name: tuple(group) for name, group in found.items()}


@dataclass(frozen=True)
class RuleResults:
    """What each rule has found, so that only the rules that read the clock have to look again."""

    context: RuleContext
    silences: Collection[Silence]
    found: Mapping[Rule, tuple[Finding, ...]]
    timed: frozenset[Rule]
    severities: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        context: RuleContext,
        silences: Collection[Silence],
        rules: Iterable[Rule],
        severities: Mapping[str, str],
    ) -> "RuleResults":
        """Run the rules."""
        found: dict[Rule, tuple[Finding, ...]] = {}
        timed: set[Rule] = set()
        for rule in rules:
            context.clock_reads.clear()
            found[rule] = tuple(rule.findings(context))
            if context.clock_reads:
                timed.add(rule)
        return cls(context, silences, found, frozenset(timed), severities)

    def as_of(self, now: datetime) -> "RuleResults":
        """Run those rules again that read the clock."""
        context = self.context.as_of(now)
        again = {rule: tuple(rule.findings(context)) for rule in self.found if rule in self.timed}
        return replace(self, context=context, found={**self.found, **again})

    @property
    def findings(self) -> Findings:
        """All findings, the worst first."""
        unheard = frozenset(self.silences)
        wanted: list[Finding] = []
        silenced: list[Finding] = []
        for finding in (finding for found in self.found.values() for finding in found):
            is_silenced = not unheard.isdisjoint(Silence.covering(finding.code, finding.subject.name))
            (silenced if is_silenced else wanted).append(finding)
        order = partial(_rank, used=_used_here(self.context.snapshot))
        folded = [self._weighed(each) for each in consequences.folded(self.context.snapshot, wanted)]
        return Findings(tuple(sorted(folded, key=order)), tuple(sorted(silenced, key=order)), self)

    def _weighed(self, finding: Finding) -> Finding:
        """Return a finding with the severity that the user has given to its rule."""
        word = self.severities.get(finding.code)
        if word is None:
            return finding
        return replace(finding, seen=replace(finding.seen, severity=Severity(word)))


def _used_here(snapshot: Snapshot) -> frozenset[str]:
    """Return the profiles that a command without ``--profile`` uses, with those that they get theirs from."""
    return frozenset(
        name
        for here in snapshot.default_session.values()
        if here.resolution.provider != Provider.ENV
        for name in (here.profile, *(hop.profile for hop in here.resolution.chain))
        if name is not None
    )


def _rank(finding: Finding, used: frozenset[str]) -> tuple[int, bool, int]:
    """Return where a finding comes: the worst, what this shell uses, and what stops most profiles first."""
    is_error = finding.severity is Severity.ERROR
    kind, name = finding.subject.kind, finding.subject.name
    is_here = (
        kind in (SubjectKind.VARIABLE, SubjectKind.SHELL)
        or (kind is SubjectKind.FILE and is_error)
        or (kind is SubjectKind.PROFILE and name in used)
        or not used.isdisjoint(finding.profiles)
    )
    return finding.severity.rank, not is_here, -len(finding.profiles) if is_error else 0


def examine(
    snapshot: Snapshot,
    silences: Collection[Silence] = (),
    rules: Iterable[Rule] = RULES,
    severities: Mapping[str, str] = MappingProxyType({}),
) -> Findings:
    """Return all findings of a Snapshot. Calls no network, starts no process, writes nothing.

    Args:
        snapshot: what is looked at.
        silences: what the user has silenced.
        rules: the rules that look.
        severities: the severities that the user has given to rules, by their codes.
    """
    return RuleResults.of(RuleContext(snapshot), silences, rules, severities).findings
