"""How the cache files are drawn: what each is, which profiles it serves, when it expires."""

from datetime import datetime

from rolecall.aws.cache_files import CacheKind
from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.expiry import State
from rolecall.cells import Names, pad
from rolecall.text import first_of, inert
from rolecall.tui.render import labels
from rolecall.tui.render.flags import ListContext, beside
from rolecall.tui.render.lines import Line, Span, fit, name_span, shrinking, span
from rolecall.tui.render.tree import host_of
from rolecall.tui.tones import Tone, state_tone

STEM_WIDTH = 7
KIND_WIDTH = 6
ROOM_FOR_KIND = 54
"""Cells from which on the kind has a column of its own."""
TIME_WIDTH = 9
MOST_NAMED = 2
"""Profiles that are named on a line; of more, one is."""
_KINDS = {
    CacheKind.ROLE: "role",
    CacheKind.SSO_ROLE: "SSO",
    CacheKind.SSO_TOKEN: "token",
    CacheKind.SSO_REGISTRATION: "client",
    CacheKind.LOGIN: "login",
    CacheKind.UNKNOWN: "file",
}


def cache_line(entry: CacheEntry, width: int, context: ListContext) -> Line:
    """Lay out a file: its state, the start of its name, its kind, its profiles, its damage or its expiry."""
    expiry = entry.expiry.as_of(context.now)
    name = inert(entry.path.stem if entry.path.suffix == ".json" else entry.path.name)
    lead = [
        *((Span("✓ ", Tone.ACCENT),) if entry.path in context.marks else ()),
        labels.glyph(expiry),
        Span(" " + pad(name, STEM_WIDTH) + " ", Tone.DIM),
    ]
    if width >= ROOM_FOR_KIND:
        lead.append(Span(pad(_KINDS[entry.kind], KIND_WIDTH) + " ", Tone.DIM))
    flag = beside(context.flags.files.get(entry.path))
    return fit((*lead, *_owner(entry, context.names)), (*flag, *_state(entry, context.now)), width)


def _state(entry: CacheEntry, now: datetime) -> list[Span]:
    expiry = entry.expiry.as_of(now)
    if entry.file.is_damaged:
        return [Span("corrupt".rjust(TIME_WIDTH), Tone.BROKEN)]
    if expiry.at is None:
        return []
    return [span(labels.brief_time_left(expiry, now).rjust(TIME_WIDTH), state_tone(expiry.shown))]


def profiles_of(entry: CacheEntry) -> str:
    """Return the profiles that a file serves; of many the first, the others counted."""
    return first_of(entry.profiles, len(entry.profiles) if len(entry.profiles) <= MOST_NAMED else 1)


def _owner(entry: CacheEntry, names: Names) -> list[Span]:
    if entry.is_collision:
        return [Span("shared ", Tone.WARN), name_span(profiles_of(entry), names)]
    if entry.profiles:
        if entry.identity and entry.kind in (CacheKind.SSO_TOKEN, CacheKind.SSO_REGISTRATION):
            return [shrinking(host_of(entry.identity))]
        return [name_span(profiles_of(entry), names)]
    if entry.is_orphan:
        return [Span("orphan ", Tone.WARN), shrinking(entry.identity or "", Tone.DIM)]
    return [shrinking(entry.identity or entry.problem or "", Tone.DIM)]


_WORST_FIRST = (State.EXPIRED, State.RENEWING, State.RENEWABLE, State.VALID)


def order(entry: CacheEntry) -> tuple[int, float, str]:
    """Return a key to sort by: what is damaged or shared by mistake first, then by state, the worst first.

    Of what has expired the latest is first, of what is valid the next to expire.
    """
    state = entry.expiry.shown
    if entry.file.is_damaged or entry.is_collision:
        rank = -2 + (not entry.file.is_damaged)
    else:
        rank = _WORST_FIRST.index(state) if state in _WORST_FIRST else len(_WORST_FIRST)
    at = entry.expiry.at.timestamp() if entry.expiry.at is not None else 0.0
    return (rank, -at if state in (State.EXPIRED, State.RENEWABLE) else at, str(entry.path))
