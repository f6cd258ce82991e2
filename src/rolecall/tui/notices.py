"""Notices before credentials expire: one at each of the minutes that the user has chosen.

There are notices only for what the user must renew, not for what is renewed by itself. Nothing is renewed
here; a notice offers the command that does it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from rolecall import user_settings
from rolecall.aws import credential_process
from rolecall.aws.expiry import After, Expiry
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Provider
from rolecall.aws.snapshot import Snapshot
from rolecall.messages import THEN
from rolecall.text import elide, inert, until
from rolecall.tui.commands import key_of
from rolecall.tui.render.expiry import session_key
from rolecall.tui.render.tree import host_of
from rolecall.values import dataclass

if TYPE_CHECKING:
    from textual.app import App

RENEW = "v"
"""The key of the command that renews what expires next, as long as the user has not changed it."""
SHELL = "The session in this shell's variables"
MOST = 3
"""Expiries that each get a notice, where many come at once."""
TIMEOUT = 12.0
"""Seconds for which a notice stays: longer than other toasts, because the user does not expect it."""
LONGEST = 200
"""Characters of a desktop notification."""
QUICK = timedelta(seconds=10)
"""How soon after a try the same key means what expires next."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_BELL = "\a"
_SPOKEN_OF = frozenset((After.MFA, After.LOGIN, After.MANUAL, After.FAILS))
_RENEWING = {After.MFA: "assume", After.LOGIN: "login"}
_OFFERS = {After.MFA: "renews it (MFA code)", After.LOGIN: "logs in again"}


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that is about to expire.

    Attributes:
        words: what expires, how soon, and what happens afterwards; no full stop.
        command: the command that renews it, ``assume`` or ``login``; None where no key can.
        profile: the profile that the command is about; None for the shell's own variables.
        key: identifies what expires.
        at: when it expires.
    """

    words: str
    command: str | None = None
    profile: str | None = None
    key: str = field(default="", compare=False)
    at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class _End:
    """An expiry of something in use: the key identifies it, the title names what expires."""

    key: str
    title: str
    expiry: Expiry
    profile: str | None

    @property
    def command(self) -> str | None:
        return _RENEWING.get(self.expiry.after) if self.profile is not None else None


class Notices:
    """Remembers the notices already given.

    Attributes:
        wanted: the notices that the user has chosen.
    """

    def __init__(self, wanted: user_settings.NoticeSettings) -> None:
        self.wanted = wanted
        self._said: dict[str, tuple[datetime, int]] = {}
        self._ends: tuple[_End, ...] = ()
        self._looked_at: tuple[Snapshot, frozenset[str]] | None = None
        self._offers: dict[str, Notice] = {}
        self._tried: dict[str, datetime] = {}
        self.renew = RENEW
        """The key that renews, as a person reads it: it is the user's to change."""

    def offer(self, snapshot: Snapshot, now: datetime) -> Notice | None:
        """Return what can be renewed and expires next, of all that was given notice of.

        What was renewed since, and what was tried within the last ``QUICK``, is passed over for the next.
        """
        offers = sorted(self._offers.values(), key=lambda each: (each.at is None or each.at <= now, each.at))
        due = [
            each for each in offers if each.profile in snapshot.profiles and not is_renewed(snapshot, each)
        ]
        fresh = [each for each in due if now - self._tried.get(each.key, _LONG_AGO) > QUICK]
        return next(iter(fresh or due or offers[-1:]), None)

    def note_tried(self, offer: Notice, now: datetime) -> None:
        """Pass it over when the key is pressed again soon: then the next is wanted."""
        self._tried[offer.key] = now

    def due(self, snapshot: Snapshot, now: datetime, marked: Collection[str] = ()) -> tuple[Notice, ...]:
        """Return the notices to give now; what can be renewed comes last, and of that the most urgent.

        Each expiry gets one notice for each of the chosen minutes. Where several of them have passed since
        the last call (a suspend, a jump of the clock, a start), only the last counts. An expiry that has
        moved, because something was renewed, counts again.

        Args:
            snapshot: what is there.
            now: the moment, aware.
            marked: the names of the profiles that matter beside those in use.
        """
        if not self.wanted.minutes:
            return ()
        found = [end for end in self._ends_in(snapshot, frozenset(marked)) if self._is_news(end, now)]
        found.sort(key=lambda end: (end.command is not None, -_left(end, now).total_seconds()))
        shown = found[-MOST:]
        self._offers |= {end.key: _notice(end, now, self.renew) for end in found if end.command is not None}
        notices = [_notice(end, now, self.renew if end is shown[-1] else None) for end in shown]
        if len(found) > MOST:
            notices.insert(0, _more(found[:-MOST], now))
        return tuple(notices)

    def _ends_in(self, snapshot: Snapshot, marked: frozenset[str]) -> tuple[_End, ...]:
        """Work them out again only where something has changed: this is called every second."""
        before = self._looked_at
        if before is None or before[0] is not snapshot or before[1] != marked:
            found = {end.key: end for end in _ends(snapshot, marked)}
            self._ends = tuple(found.values())
            self._looked_at = snapshot, marked
        return self._ends

    def _is_news(self, end: _End, now: datetime) -> bool:
        left = _left(end, now)
        passed = [minutes for minutes in self.wanted.minutes if left <= timedelta(minutes=minutes)]
        if end.expiry.at is None or not passed or left <= timedelta(0):
            return False
        at, said = self._said.get(end.key, (None, 0))
        if at == end.expiry.at and said <= min(passed):
            return False
        self._said[end.key] = end.expiry.at, min(passed)
        return True


def _ends(snapshot: Snapshot, marked: frozenset[str]) -> Iterator[_End]:
    """Yield what the user must renew, of what is in use here or marked."""
    names: dict[str, None] = {}
    for here in snapshot.default_session.values():
        if here.resolution.provider == Provider.ENV:
            yield from _spoken_of(_End("environment", SHELL, here.expiry, None))
        elif here.profile is not None:
            names[here.profile] = None
    names |= dict.fromkeys(name for name in snapshot.profiles if name in marked)
    for name in names:
        report = snapshot.profiles.get(name)
        if report is not None:
            for end in _of_profile(snapshot, report):
                yield from _spoken_of(end)


def _of_profile(snapshot: Snapshot, report: ProfileReport) -> Iterator[_End]:
    """Yield the expiries of a profile and of everything that it uses."""
    for hop, expiry in zip(report.chain, report.hop_expiries, strict=False):
        if hop.provider == Provider.ENV:
            yield _End("environment", SHELL, expiry, None)
        elif hop.profile is not None:
            owner = snapshot.profiles.get(hop.profile)
            token = owner.token if owner is not None else None
            if owner is not None and token is not None:
                yield _of_session(owner, token)
            if expiry != token:
                # where a process is rolecall's own, what it serves is what can be renewed
                is_process = hop.provider == Provider.PROCESS
                served = credential_process.served(snapshot.host, hop.settings) if is_process else None
                name = served or hop.profile
                yield _End(f"profile:{name}", name, expiry, name)


def _of_session(report: ProfileReport, token: Expiry) -> _End:
    key = session_key(report)
    return _End(key, f"{host_of(key.partition(':')[2])} (SSO)", token, report.name)


def _spoken_of(end: _End) -> Iterable[_End]:
    return (end,) if end.expiry.at is not None and end.expiry.after in _SPOKEN_OF else ()


def _left(end: _End, now: datetime) -> timedelta:
    return end.expiry.left(now) or timedelta(0)


def _notice(end: _End, now: datetime, key: str | None) -> Notice:
    """Say it; one notice alone names the key, for that is about the one that expires next."""
    ends = f"{end.title} expires in {until(_left(end, now))}"
    command = end.command
    if command is None or key is None:
        return Notice(inert(f"{ends}, then {_then(end.expiry)}"), command, end.profile)
    words = inert(f"{ends}: {key} {_OFFERS[end.expiry.after]}")
    return Notice(words, command, end.profile, end.key, end.expiry.at)


def is_renewed(snapshot: Snapshot, notice: Notice) -> bool:
    """Whether what a notice is about expires later by now: another command has renewed it."""
    report = snapshot.profiles.get(notice.profile or "")
    if report is None or notice.at is None:
        return False
    ends = (end.expiry.at for end in _of_profile(snapshot, report) if end.key == notice.key)
    return any(at is not None and at > notice.at for at in ends)


def _then(expiry: Expiry) -> str:
    words = THEN[expiry.after]
    return f"{words}: {expiry.reason}" if expiry.after is After.FAILS and expiry.reason else words


def _more(ends: Sequence[_End], now: datetime) -> Notice:
    many = len(ends)
    within = until(max(_left(end, now) for end in ends))
    return Notice(f"{many} more expire{'s' if many == 1 else ''} within {within}")


def signals(wanted: user_settings.NoticeSettings, words: str) -> str:
    """Return what is written to the terminal beside a notice: the bell, a desktop notification, or nothing.

    OSC 9 is understood by iTerm2, Windows Terminal and others, OSC 777 by urxvt and terminals built on VTE;
    other terminals ignore both. The words are inert, begin with a letter (``9;4;`` would draw a progress bar)
    and hold no semicolon (OSC 777 uses it as its separator).
    """
    said = elide(inert(f"rolecall: {words}").replace(";", ","), LONGEST)
    bell = _BELL if wanted.bell else ""
    return f"{bell}\x1b]9;{said}\x1b\\\x1b]777;notify;rolecall;{said}\x1b\\" if wanted.desktop else bell


def announce(app: "App[None]", due: Sequence[Notice], wanted: user_settings.NoticeSettings) -> None:
    """Say the notices that are due, the most urgent last; where wanted, also by the bell and on the desktop.

    The app shows one at a time, and has the others in its log.
    """
    for index, notice in enumerate(due):
        more = f" (and {index} more: {key_of(app, 'log')})" if index and index == len(due) - 1 else ""
        app.notify(f"{notice.words}{more}.", severity="warning", timeout=TIMEOUT, markup=False)
    said = signals(wanted, due[-1].words) if due else ""
    driver = app._driver  # noqa: SLF001 - Textual's own way to the terminal: bell and clipboard take it, too
    if said and driver is not None and not app.is_headless:
        driver.write(said)
        driver.flush()
