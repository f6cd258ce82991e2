"""A rule, what it looks at, and a finding."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from rolecall.aws import neighbours
from rolecall.aws.providers import Cause
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.write_access import Obstacle
from rolecall.doctor import fixes
from rolecall.doctor.fixes import Fix
from rolecall.doctor.root_cause import RootCause, obstacles, root_causes
from rolecall.doctor.sections import Suspects, suspects
from rolecall.text import mask_name
from rolecall.values import dataclass

_THESE = re.compile(r"\bwith (?:one of )?these profiles\b")
_NAMED = 3
"""Profiles that a finding names at most."""
_TIMELESS = ("root_causes", "obstacles", "suspects", "others_read_defaults")


@dataclass(frozen=True)
class RuleContext:
    """What rules look at.

    Attributes:
        snapshot: the Snapshot.
        clock_reads: its time, once a rule has asked for it.
    """

    snapshot: Snapshot
    clock_reads: list[datetime] = field(default_factory=list, repr=False, compare=False)

    @property
    def now(self) -> datetime:
        """The time. A rule that reads it has other findings as time passes: see ``Findings.as_of``."""
        if not self.clock_reads:
            self.clock_reads.append(self.snapshot.taken_at)
        return self.snapshot.taken_at

    def as_of(self, now: datetime) -> "RuleContext":
        """Return the context at another time; no state may change between the two times."""
        later = RuleContext(self.snapshot.as_of(now))
        # what depends only on the states is unchanged
        later.__dict__.update({name: self.__dict__[name] for name in _TIMELESS if name in self.__dict__})
        return later

    @cached_property
    def root_causes(self) -> Mapping[Cause, tuple[RootCause, ...]]:
        """What is to blame for the profiles that cannot work now, by its cause."""
        return root_causes(self.snapshot)

    @cached_property
    def obstacles(self) -> Mapping[Path, tuple[Obstacle, tuple[str, ...]]]:
        """What stands in the way of writing, by its path, with the profiles that need to write there."""
        return obstacles(self.snapshot)

    @cached_property
    def suspects(self) -> Suspects:
        """The settings with odd names or values."""
        return suspects(self.snapshot.merged)

    @cached_property
    def others_read_defaults(self) -> bool:
        """Whether aws-vault or a similar tool is used here, which reads settings that AWS tools ignore."""
        snapshot = self.snapshot
        return neighbours.reads_defaults(snapshot.host.environ, snapshot.merged.by_name.values())


class Severity(StrEnum):
    """How much it matters.

    ``error``: a command that uses the subject fails for certain. ``warning``: it does not work as it looks,
    or will fail. ``info``: nothing fails, but it should be changed.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


class SubjectKind(StrEnum):
    """What kind of thing a subject is."""

    PROFILE = "profile"
    VARIABLE = "variable"
    CACHE = "cache file"
    FILE = "file"
    SECTION = "section"
    SESSION = "sso-session"
    SHELL = "shell"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a Finding is about; with the code, the name is what silences it.

    Attributes:
        kind: what kind of thing it is.
        name: a profile's, a variable's or a session's name, a header, a file's base name, ``shell``.
    """

    kind: SubjectKind
    name: str


@dataclass(frozen=True, slots=True)
class Location:
    """A file, and the line in it (from 1) where that is known."""

    path: Path
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What a rule has found in one place; with the rule's code and severity it is a Finding.

    The texts quote files and variables: rules mask the secrets in them (``shown_value``,
    ``mask_access_key``), and the code that shows them makes them inert (``text.inert``).

    Attributes:
        subject: what it is about.
        message: what is wrong, one sentence without a full stop, in lower case if it begins with a word.
        fix: how to fix it.
        place: the file and line to look at.
        evidence: what proves it, real values, a line each.
        consequence: the result, one sentence; empty to use the rule's.
        profiles: the profiles that it affects, the culprit included.
        path: the cache file or directory, where the subject is one.
        severity: how much it matters here, where that is not what the rule says.
        meant: for something misspelt, what is meant: a setting, or a header without its brackets.
        lacks: for a section that is not there, the header that it would have, without its brackets.
        gives: for a file that is not read, the profiles that would be there if it were.
        spoils: for a line that has become part of a value, the line in which that begins.
    """

    subject: Subject
    message: str
    fix: Fix
    place: Location | None = None
    evidence: tuple[str, ...] = ()
    consequence: str = ""
    profiles: tuple[str, ...] = ()
    path: Path | None = None
    severity: Severity | None = None
    meant: str = ""
    lacks: str = ""
    gives: frozenset[str] = frozenset()
    spoils: Location | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong. ``docs/findings.md`` is made from these.

    Attributes:
        code: its stable name, as in ``missing-source``.
        severity: how much it matters.
        title: what it is, in a few words.
        cause: how it comes about, a sentence or two.
        consequence: the result, a sentence.
        cure: how to fix it, a sentence.
        look: the function that finds it.
        explains: the causes of errors that it reports.
    """

    code: str
    severity: Severity
    title: str
    cause: str
    consequence: str
    cure: str
    look: Callable[[RuleContext], Iterator[Occurrence]]
    explains: frozenset[Cause] = frozenset()

    def findings(self, context: RuleContext) -> Iterator["Finding"]:
        """Yield the rule's findings, each with a fix that harms no profile."""
        for seen in self.look(context):
            fix = fixes.offered(context.snapshot, seen.fix)
            yield Finding(self, seen if fix is seen.fix else replace(seen, fix=fix))


def rule(
    code: str,
    severity: Severity,
    title: str,
    *,
    cause: str,
    consequence: str,
    cure: str,
    explains: Iterable[Cause] = (),
) -> Callable[[Callable[[RuleContext], Iterator[Occurrence]]], Rule]:
    """Make a Rule of the function that finds it."""
    return lambda look: Rule(code, severity, title, cause, consequence, cure, look, frozenset(explains))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong.

    Attributes:
        rule: the rule that has found it.
        seen: what it has found.
        folded: the errors that are its consequences; they are not findings of their own.
    """

    rule: Rule
    seen: Occurrence
    folded: tuple["Finding", ...] = ()

    @property
    def code(self) -> str:
        """The rule's stable name."""
        return self.rule.code

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return self.seen.severity or self.rule.severity

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return self.seen.subject

    @property
    def message(self) -> str:
        """What is wrong, one sentence without a full stop."""
        return self.seen.message

    @property
    def place(self) -> Location | None:
        """The file and line to look at."""
        return self.seen.place

    @property
    def evidence(self) -> tuple[str, ...]:
        """What proves it."""
        return self.seen.evidence

    @property
    def explains(self) -> frozenset[Cause]:
        """The causes of errors that it reports, by itself or through its consequences."""
        return self.rule.explains.union(*(each.explains for each in self.folded))

    @property
    def consequence(self) -> str:
        """The result, one sentence; an error says how many profiles it stops, and names some of them."""
        many = len(self.profiles)
        words = self.seen.consequence or self.rule.consequence
        if many == 1:
            return _THESE.sub(lambda _: f"with {mask_name(self.profiles[0])}", words)
        if many > 1 and self.severity is Severity.ERROR:
            more = ", …" if many > _NAMED else ""
            names = ", ".join(map(mask_name, self.profiles[:_NAMED]))
            return f"it stops {many:,} profiles: {names}{more}; {words}"
        return words

    @property
    def fix(self) -> Fix:
        """How to fix it."""
        return self.seen.fix

    @property
    def profiles(self) -> tuple[str, ...]:
        """The profiles that it affects."""
        return self.seen.profiles
