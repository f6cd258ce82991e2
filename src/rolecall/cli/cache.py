"""``rolecall cache list``: the cache files of the AWS tools."""

from typing import TYPE_CHECKING

import click

from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import common, json_output, output
from rolecall.cli.common import Commands, examples, masked, print_lines, with_home, with_json
from rolecall.cli.text_output import Cell, Column, Fit, Terminal, counted_names, table
from rolecall.messages.states import time_left
from rolecall.text import utc

if TYPE_CHECKING:
    from rolecall.cli.json_types import CacheAnswer, EntryJson


@click.group(
    "cache",
    cls=Commands,
    later={"clear": "rolecall.cli.cache_clear:clear"},
    no_args_is_help=False,
    epilog=examples("rolecall cache list", "rolecall cache clear --expired --dry-run"),
)
def cache() -> None:
    """Look at the caches of the AWS tools, and clear them."""


@cache.command(
    "list",
    epilog=examples(
        "rolecall cache list",
        "rolecall cache list --json | jq -r '.entries[] | select(.orphan) | .path'",
    ),
)
@with_json
@with_home
@click.pass_context
def list_cache(context: click.Context, *, as_json: bool) -> None:
    """List every cache file and the profiles that use it.

    Shows what each file holds, the profiles that use it, when it expires, and what is wrong with it.
    """
    snapshot = Snapshot.take(common.host(context))
    if as_json:
        output.write_json(_json(snapshot))
    else:
        print_lines(snapshot.host, lambda terminal: _lines(snapshot, terminal))


_COLUMNS = (
    Column("STATE", least=11),
    Column("KIND", least=9, expendable=2),
    Column("PROFILES", Fit.MIDDLE, least=9, expendable=1),
    Column("LEFT", Fit.RIGHT),
    Column("IDENTITY", Fit.MIDDLE, least=16, expendable=4),
    Column("FILE", Fit.MIDDLE, least=13),
    Column("PROBLEM", Fit.WRAP, least=20, expendable=3),
)


def _lines(snapshot: Snapshot, terminal: Terminal) -> list[str]:
    """Return the lines for stdout."""
    if snapshot.entries:
        return table(_COLUMNS, (_row(entry, snapshot, terminal) for entry in snapshot.entries), terminal)
    looked = ", ".join(snapshot.host.display(directory) for directory in snapshot.where.caches)
    return [terminal.clean(f"No cache entries. Looked in {looked}.")]


def _row(entry: CacheEntry, snapshot: Snapshot, terminal: Terminal) -> tuple[Cell, ...]:
    return (
        entry.expiry.shown,
        entry.kind.value,
        counted_names(entry.profiles, terminal),
        time_left(entry.expiry, snapshot.taken_at),
        masked(entry.identity) if entry.identity else None,
        snapshot.host.display(entry.path),
        masked(entry.problem) if entry.problem else None,
    )


def _json(snapshot: Snapshot) -> "CacheAnswer":
    """``rolecall cache list``: the cache files."""
    return {"entries": [_entry_json(entry) for entry in snapshot.entries]}


def _entry_json(entry: CacheEntry) -> "EntryJson":
    return {
        "path": str(entry.path),
        "kind": entry.kind.value,
        "state": entry.expiry.state.value,
        "expires_at": utc(entry.expiry.at),
        "after": entry.expiry.after.value,
        "identity": json_output.masked_or_none(entry.identity),
        "profiles": list(entry.profiles),
        "problem": json_output.masked_or_none(entry.problem),
        "orphan": entry.is_orphan,
        "collision": entry.is_collision,
    }
