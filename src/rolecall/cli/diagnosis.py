"""What ``rolecall doctor`` prints, as data: findings, and the answer if it was asked why."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, Severity
from rolecall.steps import StepStatus

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

    @property
    def others(self) -> tuple[Finding, ...]:
        """The findings other than the culprit of the answer."""
        culprit = self.answer.culprit if self.answer is not None else None
        return tuple(each for each in self.shown if each is not culprit)
