"""What ``rolecall doctor`` prints, as data: findings, and the answer if it was asked why."""

from pathlib import Path
from typing import TYPE_CHECKING

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, Severity
from rolecall.steps import StepStatus
from rolecall.text import sentence
from rolecall.values import dataclass

if TYPE_CHECKING:  # a list of all findings needs neither
    from rolecall.doctor.error_text.attribute import Match
    from rolecall.doctor.explain import WhyAnswer


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The result of ``rolecall doctor``.

    Attributes:
        snapshot: what the findings were found in.
        shown: the findings, the worst first.
        silenced: how many findings are left out because the user silenced them.
        answer: why something does not work; None if that was not asked.
        match: which profile an error message is about; None if no known message was given.
    """

    snapshot: Snapshot
    shown: tuple[Finding, ...]
    silenced: int
    answer: "WhyAnswer | None" = None
    match: "Match | None" = None

    @property
    def is_ill(self) -> bool:
        """Whether an AWS command is certain to fail."""
        steps = self.answer.steps if self.answer is not None else ()
        return any(each.severity is Severity.ERROR for each in self.shown) or any(
            step.verdict is StepStatus.CULPRIT for step in steps
        )

    def fails(self, fail_on: Severity) -> bool:
        """Whether something is as bad as this severity, or worse."""
        return self.is_ill or any(each.severity.rank <= fail_on.rank for each in self.shown)

    @property
    def others(self) -> tuple[Finding, ...]:
        """The findings other than the culprit of the answer."""
        culprit = self.answer.culprit if self.answer is not None else None
        return tuple(each for each in self.shown if each is not culprit)


def path_of(finding: Finding) -> Path | None:
    """Return the file that a finding is in."""
    return finding.place.path if finding.place is not None else finding.seen.path


def told(finding: Finding, snapshot: Snapshot) -> str:
    """Return all of a finding in sentences: what is wrong, the result, the cure; secrets are masked later."""
    names = snapshot.profiles
    what, result = sentence(finding.message, names), sentence(finding.consequence, names)
    return f"{what} {result} Cure: {finding.fix.words}."
