"""Error messages that a user pastes: what they say, and whom they are about."""

from rolecall.findings.pasting.matching import Match, match
from rolecall.findings.pasting.reading import Pasted, read

__all__ = ["Match", "Pasted", "match", "read"]
