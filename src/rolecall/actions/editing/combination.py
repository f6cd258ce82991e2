"""Several edits as one plan, with one diff: each is planned over the files as those before it leave them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from rolecall.actions.editing import edits
from rolecall.actions.editing.diff import diff
from rolecall.actions.plan import FileChange, Plan
from rolecall.aws.config_file import FileKind
from rolecall.aws.snapshot import Snapshot


def change_settings(
    snapshot: Snapshot, profile: str, changes: Mapping[str, str | None], file: FileKind | None
) -> Plan:
    """Plan to set and unset settings of a profile, among them such as are inside a block (``s3.x``).

    Args:
        snapshot: what is there.
        profile: its name.
        changes: key → value, or None to remove it.
        file: where; None for where each key takes effect.

    Raises:
        ActionFailed: it cannot be done.
    """
    if len(changes) > 1 and not any("." in key for key in changes):
        return edits.change_profile(snapshot, profile, changes, file=file)
    planned = [_of_setting(profile, key, value, file) for key, value in changes.items()]
    if len(planned) == 1:
        return planned[0](snapshot)
    combined = Combination(snapshot)
    for each in planned:
        combined.add(each)
    return combined.plan(f"Change {profile}")


def _of_setting(
    profile: str, key: str, value: str | None, file: FileKind | None
) -> Callable[[Snapshot], Plan]:
    if value is None:
        return lambda now: edits.unset_setting(now, profile, key, file)
    return lambda now: edits.set_setting(now, profile, key, value, file)


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
