"""Delete cache files: what they cost is said first, and what has changed since is left."""

from collections.abc import Iterator

from rolecall.actions import purge
from rolecall.actions.purge import Cleared, Cost, Deletion, Which
from rolecall.aws.cache import CacheKind
from rolecall.tui.acting.deed import Desk
from rolecall.tui.acting.target import Target
from rolecall.tui.acting.words import several
from rolecall.tui.details import Details, Fact
from rolecall.tui.lines import Tone
from rolecall.tui.screens.clear import ClearScreen, Selection
from rolecall.tui.screens.details import DetailsScreen
from rolecall.tui.screens.dialog import ConfirmScreen, Paragraph

_WHICH = (
    (Which.EXPIRED, "expired"),
    (Which.ORPHANED, "orphaned: no profile leads to them"),
    (Which.CORRUPT, "corrupt: the AWS CLI dies of them"),
    (Which.ALL, "everything"),
)
_KINDS = (
    (CacheKind.ROLE, "assumed roles"),
    (CacheKind.SSO_ROLE, "roles by SSO"),
    (CacheKind.SSO_TOKEN, "SSO logins"),
    (CacheKind.SSO_REGISTRATION, "SSO client registrations"),
    (CacheKind.LOGIN, "aws logins"),
)
SHOWN = 12
"""Deletions that are listed one by one before they are done."""


class Clear:
    """Delete cache files."""

    def obstacle(self, target: Target) -> str | None:
        """It takes something that can be deleted."""
        return None if target.snapshot.entries else "There is nothing in the caches."

    async def run(self, desk: Desk) -> None:
        """Ask which, say what each costs, delete them."""
        target = desk.target
        deletions = await desk.ask(ClearScreen(list(_selections(target))))
        if not deletions:
            return
        what = several(len(deletions), "cache file")
        label = f"Delete {what}"
        if not await desk.ask(ConfirmScreen(f"{label}?", _consequences(deletions), label)):
            return
        cleared = await desk.run(
            label,
            lambda dialogue, cancel: purge.clear(
                target.snapshot,
                deletions,
                cancel,
                lambda done: dialogue.tell(f"{done} of {len(deletions)}"),
            ),
        )
        await _tell(desk, cleared)


def _selections(target: Target) -> Iterator[Selection]:
    """Yield what can be chosen, the nearest first; what would delete nothing is left out."""
    snapshot = target.snapshot

    def selection(label: str, **chosen: object) -> Iterator[Selection]:
        deletions = purge.plan(snapshot, purge.select(snapshot, **chosen))  # type: ignore[arg-type]
        if deletions:
            yield Selection(label, deletions)

    if target.entries:
        marked = several(len(target.entries), "file")
        yield from selection(f"the chosen {marked}", paths=[entry.path for entry in target.entries])
    if target.reports:
        names = [report.name for report in target.reports]
        yield from selection(f"of {', '.join(names)}", names=names)
    for which, label in _WHICH[:-1]:
        yield from selection(label, which=(which,))
    for kind, label in _KINDS:
        yield from selection(label, kinds=(kind,))
    yield from selection(_WHICH[-1][1], which=(_WHICH[-1][0],))


def _consequences(deletions: tuple[Deletion, ...]) -> list[Paragraph]:
    """Say what each deletion costs; of many, how many cost what."""
    if len(deletions) <= SHOWN:
        said: list[Paragraph] = []
        for deletion in deletions:
            whose = ", ".join(deletion.entry.profiles) or deletion.entry.identity or deletion.path.name
            said += [(f"{deletion.entry.kind}  {whose}", Tone.STRONG), (deletion.words, tone_of(deletion))]
        return said
    return [
        (f"{many} of them: {words}", Tone.WARN if cost in DEAR else Tone.PLAIN)
        for cost, (many, words) in _counted(deletions).items()
    ]


DEAR = (Cost.MFA, Cost.LOGIN)
"""Costs that somebody has to pay."""


def tone_of(deletion: Deletion) -> Tone:
    """Return how loud its cost is said."""
    return Tone.WARN if deletion.cost in DEAR else Tone.DIM


def _counted(deletions: tuple[Deletion, ...]) -> dict[Cost, tuple[int, str]]:
    counted: dict[Cost, tuple[int, str]] = {}
    for deletion in deletions:
        many, words = counted.get(deletion.cost, (0, deletion.words))
        counted[deletion.cost] = (many + 1, words)
    return counted


async def _tell(desk: Desk, cleared: Cleared) -> None:
    done = f"{several(len(cleared.deleted), 'cache file')} deleted"
    if not cleared.left:
        desk.say(f"{done}.")
        return
    facts = (
        Fact("", f"{done}, {len(cleared.left)} left:"),
        *(Fact(path.name, why, Tone.WARN) for path, why in cleared.left),
    )
    await desk.ask(DetailsScreen(Details("Clear: summary", facts)))
