"""Takes edits back, step by step, within one run of the app; nothing of it is kept on the disk."""

from rolecall.actions.editing.diff import diff
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import FileChange, Plan
from rolecall.actions.writing import saving


class History:
    """The edits that were saved, the last one at the end."""

    def __init__(self) -> None:
        self._plans: list[Plan] = []

    @property
    def last(self) -> Plan | None:
        """The edit that would be taken back next."""
        return self._plans[-1] if self._plans else None

    def saved(self, plan: Plan) -> None:
        """Remember an edit that was saved, unless it changed nothing."""
        if plan.changes:
            self._plans.append(plan)

    def undo(self) -> Plan:
        """Return what takes the last edit back, to the very bytes; it is to be saved, then ``undone`` called.

        Raises:
            ActionFailed: there is none (``NotApplicable``).
            Conflict: a file has been changed since by another program.
        """
        last = self.last
        if last is None:
            raise ActionFailed("NotApplicable", "there is no edit to take back")
        changes = tuple(_reversed(change) for change in last.changes)
        for change in changes:
            saving.check(change)
        gone = tuple(
            f"{change.path.name} is removed: the edit made it" for change in changes if change.after is None
        )
        return Plan(f"Take back: {last.title}", changes, gone)

    def undone(self) -> None:
        """Forget the last edit: it was taken back."""
        self._plans.pop()


def _reversed(change: FileChange) -> FileChange:
    return FileChange(
        path=change.path,
        role=change.role,
        before=change.after,
        after=change.before,
        diff=diff(change.after, change.before or b""),
    )
