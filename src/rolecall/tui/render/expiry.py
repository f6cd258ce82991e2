"""Everything that expires, the next to expire first, and how each line is drawn."""

from bisect import bisect_right
from datetime import datetime, timedelta

from rolecall.aws import paths, timestamps
from rolecall.aws.cache_files import CacheKind
from rolecall.aws.expiry import RENEWAL_WINDOW, Expiry, State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Hop, Provider, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.cells import cell_width
from rolecall.tui.render import labels
from rolecall.tui.render.flags import (
    FLAG_WIDTH,
    KEY_VARIABLES,
    SESSION,
    Flag,
    Flags,
    ListContext,
    beside,
    column,
    worst,
)
from rolecall.tui.render.lines import Line, Span, fit, name_span, span, width_of
from rolecall.tui.render.tree import PORTAL_NOTE, host_of
from rolecall.tui.tones import Tone, state_tone
from rolecall.values import dataclass

LEAST_BAR, MOST_BAR = 4, 10
FULL_BAR = timedelta(hours=1)
"""What a whole bar stands for."""
TIME_WIDTH = 9
NARROW, WIDE = 34, 52
"""Cells from which on there is room for a bar and a letter, and for a word on what happens then."""
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ExpiryItem:
    """One thing that expires.

    Attributes:
        key: what identifies it.
        title: what expires.
        expiry: when, and what happens afterwards.
        profile: the profile that it belongs to, or one of several.
        uses: how many profiles use it.
    """

    key: str
    title: str
    expiry: Expiry
    profile: str | None
    uses: int = 1


def expiry_items(snapshot: Snapshot, now: datetime) -> list[ExpiryItem]:
    """Return everything that expires: what is valid, soonest first, then what renews itself, then the rest.

    What has expired is listed with the latest first.
    """
    found: dict[str, ExpiryItem] = {}
    here = snapshot.default_session[Tool.BOTO3]
    if here.resolution.provider == Provider.ENV and here.expiry.at is not None:
        found["environment"] = ExpiryItem("environment", "environment", here.expiry, None)
    for report in snapshot.profiles.values():
        if report.token is not None and report.token.at is not None:
            _add_session(found, report, report.token)
        if report.expiry.at is not None and report.expiry != report.token:
            found[f"profile:{report.name}"] = ExpiryItem(
                f"profile:{report.name}", report.name, report.expiry, report.name
            )
    return sorted(found.values(), key=lambda end: _order(end, now))


class StateChanges:
    """The moments at which something changes its state, or is about to expire.

    Only then are 10,000 things counted and sorted, not every second.
    """

    def __init__(self, snapshot: Snapshot, now: datetime) -> None:
        self._moments = sorted(_turns(snapshot, now))
        self._passed = bisect_right(self._moments, now)

    def pass_to(self, now: datetime) -> bool:
        """Let time pass; return whether anything has changed its state."""
        before, self._passed = self._passed, bisect_right(self._moments, now)
        return before != self._passed


def _turns(snapshot: Snapshot, now: datetime) -> set[datetime]:
    """Return when something changes: at each expiry, and at the start of the renewal window before it."""
    reports = snapshot.profiles.values()
    expiries = [
        *(expiry for report in reports for expiry in (report.expiry, *report.hop_expiries)),
        *(report.token for report in reports if report.token is not None),
        *(entry.expiry for entry in snapshot.entries),
        *(here.expiry for here in snapshot.default_session.values()),
    ]
    files = [entry.file for entry in snapshot.entries]
    noted = _noted(snapshot)
    moments = {
        *(expiry.at for expiry in expiries),
        *(end for file in files for end in (file.expires_at, file.renewable_until)),
        *noted,
    } - {None}
    found = {moment for expiry in expiries for moment in expiry.turns}
    found |= {moment for end in moments if end is not None for moment in (end, _soon(end))}
    made = {file.written for file in files if file.kind is CacheKind.UNKNOWN} - {None}
    found |= {moment + paths.IN_THE_MAKING for moment in made if moment is not None}
    return found | {_said_anew(end, now) for end in noted if end <= now}


def _noted(snapshot: Snapshot) -> set[datetime]:
    """Return the expiries that are written in other places than those that the reports read.

    Once they are past, the Snapshot says in words how long ago that was.
    """
    hops = [
        *(hop for report in snapshot.profiles.values() for hop in report.chain),
        *(hop for here in snapshot.default_session.values() for hop in here.resolution.chain),
    ]
    tokens = {str(hop.settings.get("web_identity_token_file")): hop for hop in hops if _has_token(hop)}
    found = {
        *(snapshot.expiry_calculator.web_identity_end(hop.settings) for hop in tokens.values()),
        *(timestamps.variable_expiry(snapshot.host, name) for name in timestamps.END_VARIABLES),
    }
    return {moment for moment in found if moment is not None}


def _has_token(hop: Hop) -> bool:
    return hop.provider == Provider.WEB_IDENTITY


def _soon(end: datetime) -> datetime:
    """Return when the findings begin to mention an expiry."""
    return end - RENEWAL_WINDOW if end.year > 1 else end


def _said_anew(end: datetime, now: datetime) -> datetime:
    """Return when another minute, hour or day will have passed since an expiry."""
    past = now - end
    unit = next((unit for unit in (_DAY, _HOUR) if past >= unit), _MINUTE)
    return end + (past // unit + 1) * unit


def session_key(report: ProfileReport) -> str:
    """Return the key of the SSO token that a profile uses."""
    return f"session:{_session(report)}"


def _session(report: ProfileReport) -> str:
    return str(report.values.get("sso_session") or report.values.get("sso_start_url"))


def _add_session(found: dict[str, ExpiryItem], report: ProfileReport, token: Expiry) -> None:
    key = session_key(report)
    before = found.get(key)
    title = f"{host_of(_session(report))}{PORTAL_NOTE}"
    found[key] = ExpiryItem(key, title, token, report.name, before.uses + 1 if before else 1)


def _order(end: ExpiryItem, now: datetime) -> tuple[int, float]:
    left = end.expiry.left(now)
    assert left is not None  # noqa: S101 - only what has an end is listed
    seconds = left.total_seconds()
    is_past = seconds <= 0
    # what renews itself waits for nobody: it comes after what is timed
    rank = 0 if not is_past else 1 if end.expiry.as_of(now).shown is State.RENEWABLE else 2
    return (rank, abs(seconds))


def expiry_flag(flags: Flags, end: ExpiryItem) -> Flag | None:
    """Return the flag of what expires: of a profile, a session, or this shell's keys."""
    if end.key.startswith(SESSION):
        return flags.sessions.get(end.key.removeprefix(SESSION))
    if end.profile is not None:
        return flags.profiles.get(end.profile)
    return worst(*(flags.variables.get(name) for name in KEY_VARIABLES))


def expiry_line(end: ExpiryItem, width: int, context: ListContext, names: int) -> Line:
    """Lay out a name, a bar, the time left, and what happens afterwards.

    Args:
        end: what expires.
        width: the cells of the line.
        context: what else it is drawn from.
        names: the cells that the longest name needs: the bars, which say nothing new, give way to it.
    """
    expiry = end.expiry.as_of(context.now)
    flag = expiry_flag(context.flags, end)
    then = _then(expiry, width)
    bar = min(max(width - names - FLAG_WIDTH - TIME_WIDTH - width_of(then) - 4, LEAST_BAR), MOST_BAR)
    right = [column(flag)] if width >= NARROW else [*beside(flag, gap="")]
    right += [*_bar(expiry, context.now, bar), Span(" ")] if width >= NARROW else []
    left = labels.time_left(expiry, context.now)
    right += [labels.glyph(expiry), span(" " + left.rjust(TIME_WIDTH), state_tone(expiry.shown)), *then]
    waits = not end.key.startswith(SESSION) and end.profile in context.flags.waits
    has_room = cell_width(end.title) + 1 + width_of(right) <= width
    title = end.title if has_room else end.title.removesuffix(PORTAL_NOTE)
    return fit((name_span(title, context.names, Tone.DIM if waits else Tone.PLAIN),), right, width)


def _then(expiry: Expiry, width: int) -> list[Span]:
    """Return what happens afterwards, in a word or in a letter."""
    if width >= WIDE:
        words = labels.CODE_DUE if labels.asks_code(expiry) else labels.BRIEF_THEN[expiry.after]
        return [Span("  " + words.ljust(max(map(len, labels.BRIEF_THEN.values()))), Tone.DIM)]
    return [Span(f" {labels.THEN_LETTERS[expiry.after]}", Tone.DIM)] if width >= NARROW else []


def _bar(expiry: Expiry, now: datetime, cells: int) -> list[Span]:
    """Return a bar as long as what is left of the next hour: all bars are on one scale."""
    left = expiry.left(now) or timedelta(0)
    share = 0.0 if expiry.state is State.RENEWABLE else min(max(left / FULL_BAR, 0.0), 1.0)
    full = max(round(share * cells), 1 if share > 0 else 0)
    tone = state_tone(expiry.shown)
    return [Span("━" * full, tone), Span("─" * (cells - full), Tone.DIM)]
