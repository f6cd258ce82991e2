"""When something expires, and what happens afterwards."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from rolecall.values import dataclass

SHORTEST_DURATION, LONGEST_DURATION, LONGEST_CHAINED = 900, 43_200, 3600
"""Seconds for which STS lets a role be assumed; the last with the credentials of another role."""
RENEWAL_WINDOW = timedelta(minutes=15)
"""A cached role with less time left is fetched again at the next call (``EXPIRY_WINDOW_SECONDS``)."""


class State(StrEnum):
    """The state of something that expires, at one time."""

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
        """The state's symbol, one character."""
        return _GLYPHS[self]

    @property
    def is_live(self) -> bool:
        """Whether credentials are available now, without any action of the user."""
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
"""The states that change with time alone."""


class After(StrEnum):
    """What happens after the expiry, at the next use.

    ``automatic``: it is fetched again by itself, because its source is still valid then. ``mfa``: that asks
    for a code. ``login``: the user must log in, in a browser. ``manual``: the user must paste new keys.
    ``fails``: it cannot be fetched again, for the reason given. ``never``: it does not expire, or nothing
    fetches it again.
    """

    AUTOMATIC = "automatic"
    MFA = "mfa"
    LOGIN = "login"
    MANUAL = "manual"
    FAILS = "fails"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Expiry:
    """When something expires, and what happens afterwards.

    Attributes:
        state: at the time of the Snapshot; ``as_of`` gives it for another time.
        at: the expiry, aware, in UTC; None where there is none or none is known.
        after: what happens afterwards.
        reason: why it is broken, or why it fails afterwards; else None.
        source: where the expiry is noted: a file's name, a variable or a key.
        renewed_early: whether it is fetched again 15 minutes before it expires (a role in a cache).
        renewable_until: until when something expired still renews itself (an SSO token, a login), or a web
            identity's token can fetch its role.
    """

    state: State
    at: datetime | None = None
    after: After = After.NEVER
    reason: str | None = None
    source: str | None = None
    renewed_early: bool = False
    renewable_until: datetime | None = None

    def as_of(self, now: datetime) -> "Expiry":
        """Return the same expiry at another time."""
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
    def shown(self) -> State:
        """The state as people see it in lists: whether they have to do something.

        What has ended and is fetched again by itself is renewable, not expired. What was never fetched, and
        needs the user first, is not idle.
        """
        if self.state is State.EXPIRED and self.after is After.AUTOMATIC:
            return State.RENEWABLE
        is_stuck = self.state is State.IDLE and self.after in (After.LOGIN, After.MANUAL, After.FAILS)
        return State.EXPIRED if is_stuck else self.state

    @property
    def turns(self) -> list[datetime]:
        """The times at which the state changes by itself."""
        late = [self.renewable_until] if self.renewable_until is not None else []
        if self.at is None or self.state not in _PASSING:
            return late
        early = [self.at - RENEWAL_WINDOW] if self.renewed_early and self.at.year > 1 else []
        return [*early, self.at, *late]

    def left(self, now: datetime) -> timedelta | None:
        """Return the time left (negative when expired), or None where no expiry is known."""
        return None if self.at is None else self.at - now


def ending(
    at: datetime,
    now: datetime,
    *,
    after: After,
    reason: str | None = None,
    source: str | None = None,
    renewed_early: bool = False,
    renewable_until: datetime | None = None,
) -> Expiry:
    """Return the expiry of something that expires at a known time."""
    return Expiry(State.VALID, at, after, reason, source, renewed_early, renewable_until).as_of(now)
