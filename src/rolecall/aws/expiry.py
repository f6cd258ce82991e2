"""When something ends, and what happens then."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

RENEWAL_WINDOW = timedelta(minutes=15)
"""A cached role with less than this left is fetched anew at the next call (``EXPIRY_WINDOW_SECONDS``)."""


class State(StrEnum):
    """How something stands at one moment."""

    PERMANENT = "permanent"
    VALID = "valid"
    RENEWING = "renewing"
    EXPIRED = "expired"
    RENEWABLE = "renewable"
    IDLE = "idle"
    UNKNOWN = "unknown"
    BROKEN = "broken"

    @property
    def glyph(self) -> str:
        """The one character that stands for the state."""
        return _GLYPHS[self]

    @property
    def is_live(self) -> bool:
        """Whether credentials can be had right now without anybody doing anything."""
        return self in (State.PERMANENT, State.VALID, State.RENEWING, State.RENEWABLE)


_GLYPHS = {
    State.PERMANENT: "∞",
    State.VALID: "●",
    State.RENEWING: "◐",
    State.EXPIRED: "✗",
    State.RENEWABLE: "↻",
    State.IDLE: "○",
    State.UNKNOWN: "?",
    State.BROKEN: "!",
}


_PASSING = (State.VALID, State.RENEWING, State.EXPIRED, State.RENEWABLE)
"""The states that time alone turns into one another."""


class After(StrEnum):
    """What happens at the end, or, where it is past, at the next use.

    ``automatic``: fetched anew by itself, for what it is fetched with is still good then. ``mfa``: that asks
    for a code. ``login``: someone must log in, in a browser. ``manual``: someone must paste new keys.
    ``fails``: it cannot be had again, for the reason given. ``never``: there is no end, or nothing that would
    fetch it again.
    """

    AUTOMATIC = "automatic"
    MFA = "mfa"
    LOGIN = "login"
    MANUAL = "manual"
    FAILS = "fails"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Expiry:
    """When something ends, and what happens then.

    Attributes:
        state: at the moment of the Snapshot; ``as_of`` says it for another.
        at: the end, aware, in UTC; None where there is none or none is known.
        after: what happens then.
        reason: why it is broken, or why it fails then; else None.
        source: where the end is written: a file's name, a variable or a key.
        began: when it was issued as far as the files tell, for the length of a bar.
        renewed_early: whether it is fetched anew 15 minutes before its end (a role in a cache).
        renewable_until: how long something past its end still renews itself (an SSO token, a login), or a web
            identity's token is good for fetching its role.
    """

    state: State
    at: datetime | None = None
    after: After = After.NEVER
    reason: str | None = None
    source: str | None = None
    began: datetime | None = None
    renewed_early: bool = False
    renewable_until: datetime | None = None

    def as_of(self, now: datetime) -> "Expiry":
        """Return the same expiry as it stands at another moment."""
        state = self._state(now)
        if state is self.state:
            return self
        ended = state is State.EXPIRED and self.renewable_until is not None
        return replace(self, state=state, after=After.LOGIN if ended else self.after)

    def _state(self, now: datetime) -> State:
        if self.at is None or self.state not in _PASSING:
            return self.state
        left = self.at - now
        if left <= timedelta(0):
            is_renewable = self.renewable_until is not None and now < self.renewable_until
            return State.RENEWABLE if is_renewable else State.EXPIRED
        if self.renewed_early and left < RENEWAL_WINDOW:
            return State.RENEWING
        return State.VALID

    @property
    def turns(self) -> list[datetime]:
        """The moments at which time alone turns the state."""
        late = [self.renewable_until] if self.renewable_until is not None else []
        if self.at is None or self.state not in _PASSING:
            return late
        early = [self.at - RENEWAL_WINDOW] if self.renewed_early and self.at.year > 1 else []
        return [*early, self.at, *late]

    def left(self, now: datetime) -> timedelta | None:
        """Return the time left (negative when past), or None where there is no end to tell."""
        return None if self.at is None else self.at - now

    def share_left(self, now: datetime) -> float | None:
        """Return the part of the whole span that is left, 0 to 1, or None where it is not known."""
        left = self.left(now)
        if left is None or self.at is None:
            return None
        whole = self.at - self.began if self.began is not None else None
        if whole is None or whole <= timedelta(0):
            whole = max(timedelta(hours=1), left)
        return min(max(left / whole, 0.0), 1.0)


def ending(
    at: datetime,
    now: datetime,
    *,
    after: After,
    reason: str | None = None,
    source: str | None = None,
    began: datetime | None = None,
    renewed_early: bool = False,
    renewable_until: datetime | None = None,
) -> Expiry:
    """Return the expiry of something with a known end."""
    return Expiry(State.VALID, at, after, reason, source, began, renewed_early, renewable_until).as_of(now)
