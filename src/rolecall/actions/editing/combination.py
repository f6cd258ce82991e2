"""Several edits as one plan, with one diff: each is planned over the files as those before it leave them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from rolecall.actions.editing.diff import diff
from rolecall.actions.plan import FileChange, Plan
from rolecall.aws.snapshot import Snapshot


@dataclass(slots=True)
class Combination:
    """Edits that are to be written together.

    Attributes:
        snapshot: what there would be after the edits so far.
    """

    snapshot: Snapshot
    _changes: dict[Path, FileChange] = field(default_factory=dict)
    _remarks: dict[str, None] = field(default_factory=dict)
    _lost: dict[str, None] = field(default_factory=dict)

    def add(self, planned: Callable[[Snapshot], Plan]) -> None:
        """Add an edit, given as what plans it over a Snapshot.

        Raises:
            ActionFailed: it cannot be done, or not any more after those before it; they stay.
        """
        plan = planned(self.snapshot)
        for change in plan.changes:
            first = self._changes.get(change.path)
            self._changes[change.path] = change if first is None else replace(change, before=first.before)
        self._remarks |= dict.fromkeys(plan.remarks)
        self._lost |= dict.fromkeys(plan.lost)
        if plan.changes:
            self.snapshot = self.snapshot.edited(
                {each.path: each.after for each in plan.changes if each.after is not None}
            )

    def plan(self, title: str, remarks: tuple[str, ...] = ()) -> Plan:
        """Return all of them as one plan; what is worth knowing of it as a whole comes first."""
        encoding = self.snapshot.host.encoding
        changes = tuple(
            replace(each, diff=diff(each.before, each.after, encoding))
            for each in self._changes.values()
            if each.after is not None and each.after != each.before
        )
        return Plan(title, changes, (*remarks, *self._remarks), tuple(self._lost))
