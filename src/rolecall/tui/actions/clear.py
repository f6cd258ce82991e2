"""Delete cache files: the cost is said first, and files that have changed since are left."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from rolecall.actions import clear_cache
from rolecall.actions.clear_cache import Cleared, Deletion, EntryFilter
from rolecall.actions.clear_cost import Cost
from rolecall.aws.cache_files import CacheKind
from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.snapshot import Snapshot
from rolecall.text import first_of, several
from rolecall.tui.actions.runner import ActionContext
from rolecall.tui.actions.target import Target
from rolecall.tui.render.inspector import Details, Fact
from rolecall.tui.screens.details import DetailsScreen
from rolecall.tui.screens.dialog import ConfirmScreen, Paragraph
from rolecall.tui.screens.pick import ClearScreen, Selection, tone_of
from rolecall.tui.tones import Tone

_WHICH = (
    (EntryFilter.EXPIRED, "expired"),
    (EntryFilter.ORPHANED, "orphaned: no profile leads to them"),
    (EntryFilter.CORRUPT, "corrupt: the AWS CLI fails over those that it reads"),
    (EntryFilter.ALL, "everything"),
)
_KINDS = (
    (CacheKind.ROLE, "assumed role", "assumed roles"),
    (CacheKind.SSO_ROLE, "role by SSO", "roles by SSO"),
    (CacheKind.SSO_TOKEN, "SSO login", "SSO logins"),
    (CacheKind.SSO_REGISTRATION, "SSO client registration", "SSO client registrations"),
    (CacheKind.LOGIN, "aws login", "aws logins"),
)
"""The kinds, for one file of it and for several."""
Left: TypeAlias = tuple[tuple[Path, str], ...]
"""What is not deleted, each with the reason."""
MOST_NAMED = 3
"""Profiles that are named for one file; more are counted."""
MOST_LISTED = 12
"""Deletions that are listed one by one before they are done."""


class ClearAction:
    """Delete cache files."""

    command = "clear"

    def obstacle(self, target: Target) -> str | None:
        """It needs a file that can be deleted; of those chosen in the cache pane, at least one."""
        entries = target.entries or target.snapshot.entries
        if any(clear_cache.obstacle(entry) is None for entry in entries):
            return None
        return clear_cache.obstacle(entries[0]) if entries else "There is nothing in the caches."

    async def run(self, context: ActionContext) -> None:
        """Ask which, say what each costs, delete them."""
        target = context.target
        snapshot = target.snapshot
        selection = await context.ask(
            ClearScreen(list(_selections(target)), lambda entries: clear_cache.plan(snapshot, entries))
        )
        if selection is not None:
            await delete(context, snapshot, selection.entries, selection.unseen)


async def delete(
    context: ActionContext, snapshot: Snapshot, entries: tuple[CacheEntry, ...], unseen: Left = ()
) -> None:
    """Say what deleting some entries of a Snapshot costs and, if the user wants it, delete them.

    Args:
        context: what the action works with.
        snapshot: where the entries are.
        entries: the files to delete.
        unseen: files that may be meant as well but cannot be looked at; named among those that are left.
    """
    deletions = await asyncio.to_thread(clear_cache.plan, snapshot, entries)
    what = several(len(deletions), "cache file")
    label = f"Delete {what}"
    if not await context.ask(
        ConfirmScreen(f"{label}?", [*_links(snapshot, deletions), *_consequences(deletions)], label)
    ):
        return
    cleared = await context.run(
        label,
        lambda prompts, cancel: clear_cache.clear(
            snapshot,
            deletions,
            cancel,
            lambda done: prompts.tell(f"{done} of {len(deletions)}"),
        ),
    )
    await _say_cleared(context, cleared, unseen)


def _selections(target: Target) -> Iterator[Selection]:
    """Yield the selections, the nearest first, without those that are empty."""
    snapshot = target.snapshot

    def selection(label: str, one: str = "", **chosen: object) -> Iterator[Selection]:
        entries = clear_cache.select(snapshot, **chosen)  # type: ignore[arg-type]
        if entries:
            words = one if one and len(entries) == 1 else label
            yield Selection(words, entries, () if "paths" in chosen else clear_cache.unseen(snapshot))

    if target.entries:
        marked = several(len(target.entries), "file")
        yield from selection(f"the chosen {marked}", paths=[entry.path for entry in target.entries])
    if target.reports:
        names = [report.name for report in target.reports]
        yield from selection(f"of {first_of(names, MOST_NAMED)}", names=names)
    for which, label in _WHICH[:-1]:
        yield from selection(label, which=(which,))
    for kind, one, label in _KINDS:
        yield from selection(label, one, kinds=(kind,))
    yield from selection(_WHICH[-1][1], which=(_WHICH[-1][0],))


def _links(snapshot: Snapshot, deletions: tuple[Deletion, ...]) -> list[Paragraph]:
    """Say where the files are whose directory is a link."""
    shown = snapshot.host.display
    return [
        (f"{shown(directory)} leads to {shown(real)}: there its files are deleted.", Tone.WARN)
        for directory, real in clear_cache.leads_to(snapshot, deletions).items()
    ]


def _consequences(deletions: tuple[Deletion, ...]) -> list[Paragraph]:
    """Say what each deletion costs; of many deletions, how many have each cost."""
    if len(deletions) <= MOST_LISTED:
        said: list[Paragraph] = []
        for deletion in deletions:
            users = (
                first_of(deletion.entry.profiles, MOST_NAMED) or deletion.entry.identity or deletion.path.name
            )
            said += [
                (f"{deletion.entry.kind}  {users}", Tone.STRONG),
                (deletion.words, tone_of(deletion.cost)),
            ]
        return said
    counted = Counter(deletion.cost for deletion in deletions)
    return [
        (f"{several(many, 'file')}: {cost.words}", tone_of(cost)) for cost in Cost if (many := counted[cost])
    ]


async def _say_cleared(context: ActionContext, cleared: Cleared, unseen: Left) -> None:
    done = f"{several(len(cleared.deleted), 'cache file')} deleted"
    left = (*cleared.left, *unseen)
    if not left:
        context.say(f"{done}.")
        return
    facts = (
        Fact("", f"{done}, {len(left)} left:"),
        *(Fact(path.name, why, Tone.WARN) for path, why in left),
    )
    await context.ask(DetailsScreen(Details("Clear: summary", facts)))
