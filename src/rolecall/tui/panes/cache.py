"""The cache files: what each is, whose it is, how it stands."""

from collections.abc import Hashable
from datetime import datetime
from pathlib import Path

from rolecall.aws.cache_files import CacheKind
from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.expiry import Expiry, State
from rolecall.aws.snapshot import Snapshot
from rolecall.cells import Names, pad
from rolecall.text import inert, several
from rolecall.tui.render import labels
from rolecall.tui.render.flags import Flag, beside
from rolecall.tui.render.lines import Line, Span, fit, named, names_of, shrinking, span
from rolecall.tui.tones import Tone, state_tone
from rolecall.tui.widgets.list_view import TimedRows

STEM_WIDTH = 7
KIND_WIDTH = 6
ROOM_FOR_KIND = 44
"""Cells from which on the kind has a column of its own."""
TIME_WIDTH = 9
_KINDS = {
    CacheKind.ROLE: "role",
    CacheKind.SSO_ROLE: "SSO",
    CacheKind.SSO_TOKEN: "token",
    CacheKind.SSO_REGISTRATION: "client",
    CacheKind.LOGIN: "login",
    CacheKind.UNKNOWN: "file",
}


class CachePane(TimedRows[CacheEntry]):
    """Every file of the four cache directories."""

    BORDER_TITLE = "5 Cache"

    def __init__(self, now: datetime, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(now, id=id)
        self.marks: set[Path] = set()
        self._by_profile: dict[str, CacheEntry] = {}
        self._names = names_of(())

    def key_of(self, item: CacheEntry) -> Hashable:
        """A file's path."""
        return item.path

    def present(self, snapshot: Snapshot) -> None:
        """Show another Snapshot: damaged files first, then credentials, soonest end first, then the rest."""
        self.marks &= {entry.path for entry in snapshot.entries}
        self._names = names_of(map(_profiles, snapshot.entries))
        self.show(sorted(snapshot.entries, key=_order))
        self._by_profile = {name: entry for entry in reversed(self.items) for name in entry.profiles}
        self.retitle()

    def retitle(self) -> None:
        """Count the files by what is wrong with them."""
        expired = sum(entry.expiry.as_of(self.now).state is State.EXPIRED for entry in self.items)
        orphans = sum(entry.is_orphan for entry in self.items)
        corrupt = sum(entry.file.is_damaged for entry in self.items)
        many = len(self.items)
        counts = [f"{len(self.marks)} marked"] if self.marks else []
        counts += [f"{corrupt} corrupt"] if corrupt else []
        counts += [several(orphans, "orphan")] if orphans else []
        counts += [f"{expired} expired"] if expired else []
        counts += [several(many, "file")] if many else []
        self.entitle(subtitle=" · ".join(counts))

    @property
    def marked(self) -> tuple[CacheEntry, ...]:
        """The marked files, else the one under the cursor."""
        marked = tuple(entry for entry in self.items if entry.path in self.marks)
        return marked or ((self.current,) if self.current is not None else ())

    def toggle_mark(self) -> None:
        """Mark the file under the cursor, or take its mark away; then go on to the next line."""
        if self.current is None:
            return
        self.marks ^= {self.current.path}
        self.retitle()
        self.redraw_changed()
        self.cursor += 1

    def clear_marks(self) -> None:
        """Take all marks away."""
        self.marks.clear()
        self.retitle()
        self.redraw_changed()

    def follow(self, profile: str) -> None:
        """Put the cursor on the file that serves a profile, if there is one."""
        entry = self._by_profile.get(profile)
        self.point_at(entry.path if entry is not None else None)

    def flag_of(self, item: CacheEntry) -> Flag | None:
        """What is wrong with it."""
        return self.flags.files.get(item.path)

    def end_of(self, item: CacheEntry) -> Expiry | None:
        """The end that is written into the file."""
        return item.expiry

    def lay_out(self, item: CacheEntry, width: int) -> Line:
        """Its state, the start of its name, its kind, whose it is, what is wrong or when it ends."""
        expiry = item.expiry.as_of(self.now)
        name = inert(item.path.stem if item.path.suffix == ".json" else item.path.name)
        lead = [
            *((Span("✓ ", Tone.ACCENT),) if item.path in self.marks else ()),
            labels.glyph(expiry),
            Span(" " + pad(name, STEM_WIDTH) + " ", Tone.DIM),
        ]
        if width >= ROOM_FOR_KIND:
            lead.append(Span(pad(_KINDS[item.kind], KIND_WIDTH) + " ", Tone.DIM))
        return fit(
            (*lead, *_whose(item, self._names)), (*beside(self.flag_of(item)), *self._state(item)), width
        )

    def _state(self, item: CacheEntry) -> list[Span]:
        expiry = item.expiry.as_of(self.now)
        if item.file.is_damaged:
            return [Span("corrupt".rjust(TIME_WIDTH), Tone.BROKEN)]
        if expiry.at is None:
            return []
        words = labels.brief_time_left(expiry, self.now)
        return [span(words.rjust(TIME_WIDTH), state_tone(expiry.state))]

    def when_empty(self) -> str:
        """Say when there will be some."""
        return "No cached credentials: they are kept from the first use on."


def _profiles(item: CacheEntry) -> str:
    return ", ".join(item.profiles)


def _whose(item: CacheEntry, names: Names) -> list[Span]:
    if item.is_collision:
        return [Span("shared ", Tone.WARN), named(_profiles(item), names)]
    if item.profiles:
        if item.identity and item.kind in (CacheKind.SSO_TOKEN, CacheKind.SSO_REGISTRATION):
            return [shrinking(item.identity)]
        return [named(_profiles(item), names)]
    if item.is_orphan:
        return [Span("orphan ", Tone.WARN), shrinking(item.identity or "", Tone.DIM)]
    return [shrinking(item.identity or item.problem or "", Tone.DIM)]


_RANKS = {CacheKind.SSO_TOKEN: 2, CacheKind.SSO_REGISTRATION: 3, CacheKind.UNKNOWN: 4}


def _order(entry: CacheEntry) -> tuple[int, bool, float, str]:
    rank = 0 if entry.file.is_damaged else _RANKS.get(entry.kind, 1)
    at = entry.expiry.at.timestamp() if entry.expiry.at is not None else 0.0
    is_past = entry.expiry.state is State.EXPIRED
    return (rank, is_past, -at if is_past else at, str(entry.path))
