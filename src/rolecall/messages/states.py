"""How an expiry stands, in words."""

from datetime import datetime

from rolecall.aws.expiry import Expiry, State
from rolecall.messages import NOW, THEN
from rolecall.text import mask, until, utc


def time_left(expiry: Expiry, now: datetime) -> str | None:
    """Return the time that is left, or for how long it is over; None where no end is known."""
    left = expiry.left(now)
    return until(left) if left is not None else None


def standing(expiry: Expiry, now: datetime) -> str:
    """Return an expiry in words: when, and what happens then."""
    expiry = expiry.as_of(now)
    end = _end(expiry, now)
    words = (THEN if expiry.state in (State.VALID, State.RENEWING) else NOW)[expiry.after]
    reason = mask(expiry.reason) if expiry.reason else ""
    if expiry.state is State.BROKEN:
        return f"{end}: {reason}" if reason else end
    followed = f"{words}: {reason}" if words and reason else words
    return f"{end}; {followed}" if followed else end


def _end(expiry: Expiry, now: datetime) -> str:
    left = time_left(expiry, now)
    match expiry.state:
        case State.PERMANENT:
            return "long-term keys, without an end"
        case State.UNKNOWN:
            return "no end is known"
        case State.IDLE:
            return "nothing is cached yet"
        case State.BROKEN:
            return "broken"
        case State.RENEWABLE:
            return f"its access token ended {left}" if left else "its access token has ended"
        case State.EXPIRED:
            return f"ended {left} ({utc(expiry.at)})"
        case _:
            return f"ends in {left} ({utc(expiry.at)})"
