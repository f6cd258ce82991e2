"""How the command line says what the core has found."""

from datetime import datetime, timedelta

from rolecall.aws.expiry import After, Expiry, State
from rolecall.aws.providers import Resolution
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import shown
from rolecall.phrases import NOW, SOURCES, THEN
from rolecall.text import ago, duration, mask, utc


def time_left(expiry: Expiry, now: datetime) -> str | None:
    """Return the time that is left, or for how long it is over; None where no end is known."""
    left = expiry.left(now)
    if left is None:
        return None
    return duration(left.total_seconds()) if left > timedelta(0) else ago(-left)


def what_then(expiry: Expiry) -> str | None:
    """Return in the contract's word what happens then, and why it cannot be had; None where nothing does."""
    if expiry.after is After.NEVER:
        return None
    if expiry.reason and (expiry.after is After.FAILS or expiry.state is State.BROKEN):
        return f"{expiry.after}: {mask(expiry.reason)}"
    return expiry.after.value


def sentence(expiry: Expiry, now: datetime) -> str:
    """Return an expiry in words: when, and what happens then."""
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


def answer(resolution: Resolution) -> str | None:
    """Return the provider that answers, or the error that comes."""
    return resolution.error or resolution.provider


def chain(resolution: Resolution, snapshot: Snapshot) -> str:
    """Return a chain in one line, from the profile to where its credentials start."""
    names = [shown.profile(hop.profile, snapshot) for hop in resolution.chain if hop.profile is not None]
    last = resolution.chain[-1].provider if resolution.chain else None
    if resolution.error is not None and resolution.provider is None:
        return " → ".join([*names, f"! {resolution.error}"])
    return " → ".join([*names, SOURCES[last]] if last in SOURCES else names)
