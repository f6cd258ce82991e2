"""One step on the way to an answer, with what was found there: what `Why` and the doctor show."""

from dataclasses import dataclass
from enum import StrEnum


class StepStatus(StrEnum):
    """What a step says of the question."""

    FINE = "fine"
    NOTE = "note"
    """Worth knowing, wrong or not."""
    SUSPECT = "suspect"
    """It may be this, or will be."""
    CULPRIT = "culprit"
    """It is this."""
    UNKNOWN = "unknown"
    """It cannot be known from here, or nobody asked."""

    @property
    def glyph(self) -> str:
        """The one character that stands for it; a word stands beside it, for those who see no colour."""
        return {"fine": "✓", "note": "·", "suspect": "△", "culprit": "✗", "unknown": "?"}[self.value]


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        title: what is looked at, a few words: ``Variables``, ``SSO token``, ``Clock``.
        verdict: what it says of the question.
        words: what was found, one sentence without a full stop.
        evidence: what proves it, a line each: files with lines, variables, times; nothing secret.
    """

    title: str
    verdict: StepStatus
    words: str
    evidence: tuple[str, ...] = ()
