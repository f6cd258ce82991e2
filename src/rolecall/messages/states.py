"""The state of an expiry in words."""

from datetime import datetime

from rolecall.aws.expiry import Expiry, State
from rolecall.messages import NOW, THEN
from rolecall.text import mask, until, utc


def time_left(expiry: Expiry, now: datetime) -> str | None:
    """Return the time until the expiry, or since it; None where no expiry is known."""
    left = expiry.left(now)
    return until(left) if left is not None else None


def standing(expiry: Expiry, now: datetime) -> str:
    """Return an expiry in words: when it is, and what happens afterwards."""
    expiry = expiry.as_of(now)
    end = _end(expiry, now)
    is_running = expiry.state in (State.VALID, State.RENEWING)
    words = (THEN if is_running else NOW)[expiry.after]
    if words and is_running:
        words = f"then {words}"
    reason = mask(expiry.reason) if expiry.reason else ""
    if expiry.state is State.BROKEN:
        return f"{end}: {reason}" if reason else end
    followed = f"{words}: {reason}" if words and reason else words
    return f"{end}; {followed}" if followed else end


def _end(expiry: Expiry, now: datetime) -> str:
    left = time_left(expiry, now)
    match expiry.state:
        case State.PERMANENT:
            return "long-term keys, which do not expire"
        case State.UNKNOWN:
            return "no expiry is known"
        case State.IDLE:
            return "nothing is cached yet"
        case State.BROKEN:
            return "broken"
        case State.RENEWABLE:
            return f"its access token expired {left}" if left else "its access token has expired"
        case State.EXPIRED:
            return f"expired {left} ({utc(expiry.at)})"
        case _:
            return f"expires in {left} ({utc(expiry.at)})"
