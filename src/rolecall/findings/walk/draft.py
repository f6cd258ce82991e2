"""A step as it is drawn up, before anybody has said what is wrong there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from rolecall.findings.finding import Finding, Severity
from rolecall.steps import Step, Verdict

Takes = Callable[[Finding], bool]
MOST = 8
"""Lines of evidence that a step quotes."""
_VERDICTS = {
    Severity.ERROR: Verdict.SUSPECT,
    Severity.WARNING: Verdict.SUSPECT,
    Severity.INFO: Verdict.NOTE,
}
_ORDER = (Verdict.FINE, Verdict.UNKNOWN, Verdict.NOTE, Verdict.SUSPECT, Verdict.CULPRIT)


def nothing(_: Finding) -> bool:
    """Take no finding."""
    return False


@dataclass(frozen=True, slots=True)
class Draft:
    """A step, and the findings that belong there.

    Attributes:
        step: the step as it is if nothing is wrong there.
        takes: whether a finding belongs there; the first step that takes one has it.
    """

    step: Step
    takes: Takes = nothing


def finished(drafts: Iterable[Draft], about: Iterable[Finding], culprit: Finding | None) -> tuple[Step, ...]:
    """Return the steps with the findings in their places; what belongs nowhere is told with the last one."""
    steps = list(drafts)
    found: list[list[Finding]] = [[] for _ in steps]
    for finding in about:
        place = next((at for at, draft in enumerate(steps) if draft.takes(finding)), None)
        if place is not None:
            found[place].append(finding)
    return tuple(_judged(draft.step, findings, culprit) for draft, findings in zip(steps, found, strict=True))


def _judged(step: Step, findings: list[Finding], culprit: Finding | None) -> Step:
    for finding in findings:
        step = _with(step, finding, is_culprit=finding is culprit)
    return replace(step, evidence=step.evidence[:MOST]) if len(step.evidence) > MOST else step


def _with(step: Step, finding: Finding, *, is_culprit: bool) -> Step:
    """Lay a finding into a step: the culprit says what is found there, others stand in the evidence."""
    verdict = Verdict.CULPRIT if is_culprit else _VERDICTS[finding.severity]
    worse = max(step.verdict, verdict, key=_ORDER.index)
    lines = (finding.message, *finding.evidence) if not is_culprit else finding.evidence
    new = tuple(line for line in lines if line not in step.evidence)
    if is_culprit:
        return replace(step, verdict=verdict, words=finding.message, evidence=(*new, *step.evidence))
    return replace(step, verdict=worse, evidence=(*step.evidence, *new))
