"""Error messages that a user pastes: what they say, and whom they are about."""

from rolecall.doctor.error_text.attribute import Match, match
from rolecall.doctor.error_text.parse import Pasted, read

__all__ = ["Match", "Pasted", "match", "read"]
