"""A step as it is drawn up, before it is said what is wrong there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from rolecall.doctor.diagnosis import matters
from rolecall.doctor.finding import Finding
from rolecall.steps import Step, StepStatus

Takes = Callable[[Finding], bool]
MOST = 12
"""Lines of evidence that a step quotes."""
_ORDER = (StepStatus.FINE, StepStatus.UNKNOWN, StepStatus.NOTE, StepStatus.SUSPECT, StepStatus.CULPRIT)


def nothing(_: Finding) -> bool:
    """Take no finding."""
    return False


@dataclass(frozen=True, slots=True)
class DraftStep:
    """A step, and the findings that belong there.

    Attributes:
        step: the step as it is if nothing is found there.
        takes: whether a finding belongs there; the first step that takes one has it.
    """

    step: Step
    takes: Takes = nothing


def finished(
    drafts: Iterable[DraftStep], about: Iterable[Finding], culprit: Finding | None
) -> tuple[Step, ...]:
    """Return the steps, each with what is found there and matters to the question.

    The culprit is told of in any case: where no step takes it, by the first of those that look worst.
    """
    steps = list(drafts)
    found: list[list[Finding]] = [[] for _ in steps]
    others = [finding for finding in about if finding is not culprit and matters(finding)]
    for finding in others:
        place = next((at for at, draft in enumerate(steps) if draft.takes(finding)), None)
        if place is not None:
            found[place].append(finding)
    if culprit is not None:
        worst = max(range(len(steps)), key=lambda at: _ORDER.index(steps[at].step.verdict))
        place = next((at for at, draft in enumerate(steps) if draft.takes(culprit)), worst)
        found[place].insert(0, culprit)
    done = [_with_all(draft.step, findings, culprit) for draft, findings in zip(steps, found, strict=True)]
    return tuple(_cut(step) for step in done)


def _with_all(step: Step, findings: Iterable[Finding], culprit: Finding | None) -> Step:
    for finding in findings:
        step = _blamed(step, finding) if finding is culprit else _suspected(step, finding)
    return step


def _blamed(step: Step, finding: Finding) -> Step:
    """Let the culprit speak for the step where it is found; what else is known there comes below."""
    known = tuple(line for line in (step.words, *step.evidence) if line not in finding.evidence)
    return replace(
        step, verdict=StepStatus.CULPRIT, words=finding.message, evidence=(*finding.evidence, *known)
    )


def _suspected(step: Step, finding: Finding) -> Step:
    """Let the first that is found there be heard as well; what else is found comes below."""
    is_first = _ORDER.index(step.verdict) < _ORDER.index(StepStatus.SUSPECT)
    words = f"{step.words}; {finding.message}" if is_first else step.words
    lines = finding.evidence if is_first else (finding.message, *finding.evidence)
    new = tuple(line for line in lines if line not in (*step.evidence, step.words))
    verdict = max(step.verdict, StepStatus.SUSPECT, key=_ORDER.index)
    return replace(step, verdict=verdict, words=words, evidence=(*step.evidence, *new))


def _cut(step: Step) -> Step:
    if len(step.evidence) <= MOST:
        return step
    more = len(step.evidence) - (MOST - 1)
    return replace(step, evidence=(*step.evidence[: MOST - 1], f"and {more} lines more"))
