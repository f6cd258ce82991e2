"""One step of an answer, with what was found: what `Why` and the doctor show."""

from enum import StrEnum

from rolecall.values import dataclass


class StepStatus(StrEnum):
    """What a step says about the question."""

    FINE = "fine"
    NOTE = "note"
    """Worth knowing, wrong or not."""
    SUSPECT = "suspect"
    """It may be the cause, or will be."""
    CULPRIT = "culprit"
    """It is the cause."""
    UNKNOWN = "unknown"
    """It is unknown here, or was not checked."""

    @property
    def glyph(self) -> str:
        """Its symbol, one character; a word is always beside it, for users who see no colour."""
        return {"fine": "✓", "note": "·", "suspect": "△", "culprit": "✗", "unknown": "?"}[self.value]


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        title: what is checked, in a few words: ``Variables``, ``SSO token``, ``Clock``.
        verdict: what it says about the question.
        words: what was found, one sentence without a full stop.
        evidence: what proves it, a line each: files with lines, variables, times; nothing secret.
        is_skipped: whether nobody has looked: it is told so where all steps are listed.
    """

    title: str
    verdict: StepStatus
    words: str
    evidence: tuple[str, ...] = ()
    is_skipped: bool = False
