"""What a piece of a line means, and its style: the colours themselves are in ``theme``."""

from enum import StrEnum

from rolecall.aws.expiry import State


class Tone(StrEnum):
    """What a piece of text means."""

    PLAIN = "plain"
    DIM = "dim"
    STRONG = "strong"
    ACCENT = "accent"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    BROKEN = "broken"
    HIT = "hit"


TONE_STYLES = {
    Tone.PLAIN: "$foreground",
    Tone.DIM: "$text-muted",
    Tone.STRONG: "bold $foreground",
    Tone.ACCENT: "$accent",
    Tone.GOOD: "$success",
    Tone.WARN: "$warning",
    Tone.BAD: "$error",
    Tone.BROKEN: "bold $error",
    # seen without colours too
    Tone.HIT: "bold underline $foreground",
}
"""How each tone looks: in the variables of the theme, as Textual reads a style."""

_OF_STATES = {
    State.VALID: Tone.GOOD,
    State.RENEWING: Tone.WARN,
    State.EXPIRED: Tone.BAD,
    State.BROKEN: Tone.BROKEN,
}


def state_tone(state: State) -> Tone:
    """Return a state's tone: four have a colour, the others that of plain text."""
    return _OF_STATES.get(state, Tone.PLAIN)
