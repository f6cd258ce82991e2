"""What ``rolecall doctor`` has to say: findings, and where somebody asked why, the answer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, Severity
from rolecall.steps import StepStatus

if TYPE_CHECKING:  # a look at everything takes neither
    from rolecall.doctor.error_text.attribute import Match
    from rolecall.doctor.explain import WhyAnswer


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is said.

    Attributes:
        snapshot: the world.
        shown: the findings, the worst first.
        silenced: how many findings are left out because the user silenced them.
        answer: why something does not work; None where nobody asked that.
        match: whom an error message is about; None where none was given, or it is none that is known.
    """

    snapshot: Snapshot
    shown: tuple[Finding, ...]
    silenced: int
    answer: "WhyAnswer | None" = None
    match: "Match | None" = None

    @property
    def is_ill(self) -> bool:
        """Whether something fails for certain."""
        steps = self.answer.steps if self.answer is not None else ()
        return any(each.severity is Severity.ERROR for each in self.shown) or any(
            step.verdict is StepStatus.CULPRIT for step in steps
        )

    @property
    def others(self) -> tuple[Finding, ...]:
        """The findings beside the one that the answer is about."""
        culprit = self.answer.culprit if self.answer is not None else None
        return tuple(each for each in self.shown if each is not culprit)
