"""Findings of the tests' own, so that what is shown of them does not hang on what the rules find."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import fixes
from rolecall.doctor.finding import (
    Finding,
    Location,
    Occurrence,
    Rule,
    RuleContext,
    Severity,
    Subject,
    SubjectKind,
)
from rolecall.doctor.fixes import Fix
from rolecall.doctor.registry import Findings, examine
from rolecall.tui import findings_state
from rolecall.user_settings import Silence

NOTHING_TO_DO = fixes.manual("ask whoever knows")


def rule(code: str, severity: Severity, look: Callable[[RuleContext], Iterator[Occurrence]]) -> Rule:
    return Rule(code, severity, f"title of {code}", "a cause", f"consequence of {code}", "a cure", look)


def finding(
    code: str,
    severity: Severity = Severity.ERROR,
    subject: str = "dev",
    *,
    kind: SubjectKind = SubjectKind.PROFILE,
    message: str = "",
    fix: Fix = NOTHING_TO_DO,
    place: Location | None = None,
    evidence: tuple[str, ...] = (),
    profiles: tuple[str, ...] = (),
    path: Path | None = None,
) -> Finding:
    """Return a finding, as a rule would have made it."""
    said = message or f"{subject} has {code}"
    seen = Occurrence(Subject(kind, subject), said, fix, place, evidence, "", profiles, path)
    return Finding(rule(code, severity, lambda _: iter(())), seen)


def found(*findings: Finding) -> Findings:
    """Return them as ``examine`` does: the worst first."""
    return Findings(tuple(sorted(findings, key=lambda each: each.severity.rank)))


def named(severity: Severity, begins: str, fix: Callable[[RuleContext, str], Fix] | None = None) -> Rule:
    """Return a rule that finds something wrong with every profile whose name begins so."""

    def look(context: RuleContext) -> Iterator[Occurrence]:
        for name in context.snapshot.profiles:
            if name.startswith(begins):
                cure = fix(context, name) if fix is not None else NOTHING_TO_DO
                yield Occurrence(
                    Subject(SubjectKind.PROFILE, name), f"{name} is {begins}", cure, profiles=(name,)
                )

    return rule(f"is-{begins}", severity, look)


def _variables(context: RuleContext) -> Iterator[Occurrence]:
    for variable in context.snapshot.variables:
        if variable.name == "AWS_REGION":
            cure = fixes.unset(context.snapshot.host, variable.name)
            yield Occurrence(Subject(SubjectKind.VARIABLE, variable.name), "AWS_REGION is set", cure)


def _caches(context: RuleContext) -> Iterator[Occurrence]:
    for entry in context.snapshot.entries:
        if entry.is_orphan:
            cure = fixes.clear(entry.path)
            yield Occurrence(
                Subject(SubjectKind.CACHE, entry.path.name), "nobody's file", cure, path=entry.path
            )


def _sessions(context: RuleContext) -> Iterator[Occurrence]:
    if any(report.values.get("sso_session") == "acme" for report in context.snapshot.profiles.values()):
        yield Occurrence(Subject(SubjectKind.SESSION, "acme"), "acme is over", NOTHING_TO_DO)


def _sections(context: RuleContext) -> Iterator[Occurrence]:
    for header in context.snapshot.files[0].headers.other:
        yield Occurrence(Subject(SubjectKind.SECTION, header), f"[{header}] is no profile", NOTHING_TO_DO)


RULES = (
    named(Severity.ERROR, "prod-read"),
    named(Severity.ERROR, "lo", lambda _, name: fixes.edit("look at it", name)),
    named(Severity.WARNING, "okta", lambda _, name: fixes.change("move it", name, {"region": "eu-north-1"})),
    named(Severity.INFO, "base"),
    rule("region-set", Severity.WARNING, _variables),
    rule("orphan", Severity.WARNING, _caches),
    rule("session-over", Severity.ERROR, _sessions),
    rule("not-a-profile", Severity.WARNING, _sections),
)


@pytest.fixture
def own_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the app look with these rules."""

    def look(
        snapshot: Snapshot, silences: tuple[Silence, ...] = (), *, severities: Mapping[str, str]
    ) -> Findings:
        return examine(snapshot, silences, RULES, severities)

    monkeypatch.setattr(findings_state, "examine", look)
    monkeypatch.setattr(findings_state, "BY_CODE", {each.code: each for each in RULES})
