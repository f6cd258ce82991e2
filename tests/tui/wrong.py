"""Findings of the tests' own, so that what is shown of them does not hang on what the rules find."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import fixes
from rolecall.doctor.context import Scene
from rolecall.doctor.finding import About, Finding, Place, Rule, Seen, Severity, Subject
from rolecall.doctor.fixes import Fix
from rolecall.doctor.registry import Findings, examine
from rolecall.tui import findings_state
from rolecall.user_settings import Silence

NOTHING_TO_DO = fixes.by_hand("ask whoever knows")


def rule(code: str, severity: Severity, look: Callable[[Scene], Iterator[Seen]]) -> Rule:
    return Rule(code, severity, f"title of {code}", "a cause", f"consequence of {code}", "a cure", look)


def finding(
    code: str,
    severity: Severity = Severity.ERROR,
    subject: str = "dev",
    *,
    kind: About = About.PROFILE,
    message: str = "",
    fix: Fix = NOTHING_TO_DO,
    place: Place | None = None,
    evidence: tuple[str, ...] = (),
    profiles: tuple[str, ...] = (),
    path: Path | None = None,
) -> Finding:
    """Return a finding, as a rule would have made it."""
    said = message or f"{subject} has {code}"
    seen = Seen(Subject(kind, subject), said, fix, place, evidence, "", profiles, path)
    return Finding(rule(code, severity, lambda _: iter(())), seen)


def found(*findings: Finding) -> Findings:
    """Return them as ``examine`` does: the worst first."""
    return Findings(tuple(sorted(findings, key=lambda each: each.severity.rank)))


def named(severity: Severity, begins: str, fix: Callable[[Scene, str], Fix] | None = None) -> Rule:
    """Return a rule that finds something wrong with every profile whose name begins so."""

    def look(scene: Scene) -> Iterator[Seen]:
        for name in scene.snapshot.profiles:
            if name.startswith(begins):
                cure = fix(scene, name) if fix is not None else NOTHING_TO_DO
                yield Seen(Subject(About.PROFILE, name), f"{name} is {begins}", cure, profiles=(name,))

    return rule(f"is-{begins}", severity, look)


def _variables(scene: Scene) -> Iterator[Seen]:
    for variable in scene.snapshot.variables:
        if variable.name == "AWS_REGION":
            cure = fixes.unset(scene.snapshot.host, variable.name)
            yield Seen(Subject(About.VARIABLE, variable.name), "AWS_REGION is set", cure)


def _caches(scene: Scene) -> Iterator[Seen]:
    for entry in scene.snapshot.entries:
        if entry.is_orphan:
            cure = fixes.clear(entry.path)
            yield Seen(Subject(About.CACHE, entry.path.name), "nobody's file", cure, path=entry.path)


def _sessions(scene: Scene) -> Iterator[Seen]:
    if any(report.values.get("sso_session") == "acme" for report in scene.snapshot.profiles.values()):
        yield Seen(Subject(About.SESSION, "acme"), "acme is over", NOTHING_TO_DO)


def _sections(scene: Scene) -> Iterator[Seen]:
    for header in scene.snapshot.files[0].headers.other:
        yield Seen(Subject(About.SECTION, header), f"[{header}] is no profile", NOTHING_TO_DO)


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

    def look(snapshot: Snapshot, silences: tuple[Silence, ...] = ()) -> Findings:
        return examine(snapshot, silences, RULES)

    monkeypatch.setattr(findings_state, "examine", look)
    monkeypatch.setattr(findings_state, "BY_CODE", {each.code: each for each in RULES})
