"""Which credentials have ended, where several profiles may be meant: each cause once, the likeliest first."""

from collections.abc import Iterable, Iterator

from rolecall.aws import logins
from rolecall.aws.expiry import Expiry, State
from rolecall.aws.logins import LoginKind
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.evidence import listed
from rolecall.doctor.sessions import LoginTopic
from rolecall.messages.states import time_left
from rolecall.values import dataclass

_RANKS = (State.EXPIRED, State.UNKNOWN, State.RENEWING, State.RENEWABLE, State.IDLE, State.VALID)
"""From what has ended to what has not; of the keys between nobody knows when they end."""
_WORDS = {State.UNKNOWN: "no expiry is known", State.IDLE: "nothing is cached yet"}
MOST = 4
"""Causes that are told; more are counted."""


@dataclass(frozen=True, slots=True)
class Source:
    """Temporary credentials, and the profiles that have them.

    Attributes:
        about: the profile that gives them, or the login.
        expiry: their expiry.
        users: the profiles that use them, the giver among them.
    """

    about: str | LoginTopic
    expiry: Expiry
    users: tuple[str, ...]

    @property
    def has_ended(self) -> bool:
        """Whether they are past their end, and not renewed by themselves."""
        return self.expiry.shown is State.EXPIRED

    @property
    def name(self) -> str:
        """The name of the profile or of the login."""
        return self.about if isinstance(self.about, str) else self.about.name


def sources(snapshot: Snapshot, names: Iterable[str]) -> list[Source]:
    """Return the temporary credentials of some profiles: what ended last first, what is good last."""
    found: dict[str | LoginTopic, tuple[Expiry, list[str]]] = {}
    for name in names:
        about, expiry = _source(snapshot, snapshot.profiles[name])
        found.setdefault(about, (expiry, []))[1].append(name)
    every = [Source(about, expiry, tuple(users)) for about, (expiry, users) in found.items()]
    return sorted(every, key=_turn)


def _source(snapshot: Snapshot, report: ProfileReport) -> tuple[str | LoginTopic, Expiry]:
    """Return the login or the profile from which on nothing in a chain lasts, with its expiry."""
    every = (snapshot.profiles.get(hop.profile or "") for hop in report.chain)
    chain = [each for each in every if each is not None]
    login = logins.login_of(report, snapshot)
    token = chain[-1].token if chain else None
    if login is not None and token is not None and token.shown is State.EXPIRED:
        return LoginTopic(login[1], is_sso=login[0] is not LoginKind.LOGIN_SESSION), token
    first = next((each for each in reversed(chain) if each.expiry.state is not State.PERMANENT), report)
    return first.name, first.expiry


def _turn(source: Source) -> tuple[int, float]:
    state, end = source.expiry.shown, source.expiry.at
    rank = _RANKS.index(state) if state in _RANKS else len(_RANKS)
    return rank, -end.timestamp() if end is not None else 0.0


def told(snapshot: Snapshot, found: Iterable[Source]) -> Iterator[str]:
    """Yield a line for each cause: what it is, when it ended, and who uses it."""
    every = list(found)
    for each in every[:MOST]:
        others = [name for name in each.users if name != each.about]
        left = time_left(each.expiry, snapshot.taken_at)
        state = each.expiry.shown
        words = _WORDS.get(state) or (f"{state} {left}" if left is not None else str(state))
        if state in (State.VALID, State.RENEWING) and left is not None:
            words = f"valid for {left}"
        used = f"; {listed(others)} {'uses' if len(others) == 1 else 'use'} it" if others else ""
        yield f"{each.name}: {words}{used}"
    if len(every) > MOST:
        yield f"and {len(every) - MOST} more"
