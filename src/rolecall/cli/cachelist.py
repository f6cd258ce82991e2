"""``rolecall cache list`` for a person: the cache files in a table."""

from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import shown
from rolecall.cli.output_style import Terminal
from rolecall.cli.tables import Cell, Column, Fit, table
from rolecall.messages.states import time_left

_CACHE_COLUMNS = (
    Column("STATE", least=11),
    Column("KIND", least=9, expendable=2),
    Column("PROFILES", Fit.MIDDLE, least=9, expendable=1),
    Column("LEFT", Fit.RIGHT),
    Column("IDENTITY", Fit.MIDDLE, least=16, expendable=4),
    Column("FILE", Fit.MIDDLE, least=13),
    Column("PROBLEM", Fit.WRAP, least=20, expendable=3),
)


def cache_list(snapshot: Snapshot, terminal: Terminal) -> list[str]:
    """Return what goes to stdout."""
    if snapshot.entries:
        return table(_CACHE_COLUMNS, (_cache_row(entry, snapshot) for entry in snapshot.entries), terminal)
    looked = ", ".join(snapshot.host.display(directory) for directory in snapshot.where.caches)
    return [terminal.clean(f"No cache entries. Looked in {looked}.")]


def _cache_row(entry: CacheEntry, snapshot: Snapshot) -> tuple[Cell, ...]:
    return (
        entry.expiry.state,
        entry.kind.value,
        ", ".join(entry.profiles),
        time_left(entry.expiry, snapshot.taken_at),
        shown.words(entry.identity) if entry.identity else None,
        snapshot.host.display(entry.path),
        shown.words(entry.problem) if entry.problem else None,
    )
