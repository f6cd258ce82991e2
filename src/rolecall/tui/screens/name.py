"""Asks what a profile is to be called."""

from collections.abc import Sequence

from rolecall.actions.editing.validation import check_new_name
from rolecall.actions.errors import ActionFailed
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.form.fields import ValueInput
from rolecall.tui.form.form import referring
from rolecall.tui.render.lines import Tone
from rolecall.tui.screens.dialog import EntryDialog, Paragraph


class NameScreen(EntryDialog):
    """Asks for a name that no profile has yet."""

    def __init__(
        self, snapshot: Snapshot, title: str, name: str, label: str, followers: Sequence[str] | None = None
    ) -> None:
        """Make the dialog.

        Args:
            snapshot: what is there.
            title: what is asked.
            name: the name to begin with.
            label: the word on the choice that goes on.
            followers: the profiles whose ``source_profile`` follows to the new name; None where none is asked
                to follow.
        """
        self._snapshot = snapshot
        self._first = name
        self._followers = followers
        super().__init__(title, label, self._said(name), ValueInput(name))

    @classmethod
    def to_rename(cls, snapshot: Snapshot, name: str) -> "NameScreen":
        """Ask for another name for a profile."""
        return cls(snapshot, f"Rename {name}", name, "Show the diff", referring(snapshot, name))

    @classmethod
    def to_duplicate(cls, snapshot: Snapshot, name: str) -> "NameScreen":
        """Ask for the name of another profile like this one."""
        return cls(snapshot, f"Duplicate {name}", name, "Show the diff")

    def _fault(self, name: str) -> str | None:
        try:
            check_new_name(name)
        except ActionFailed as failed:
            return failed.message
        return f"There is a profile {name} already." if name in self._snapshot.merged.by_name else None

    def _said(self, name: str) -> list[Paragraph]:
        said: list[Paragraph] = [("What is it to be called?", Tone.PLAIN)]
        if self._followers is not None:
            said.append((_about(self._followers), Tone.DIM))
        fault = self._fault(name) if name != self._first else None
        if fault is not None:
            said.append((fault, Tone.BAD))
        return said

    def on_input_changed(self) -> None:
        """Judge the name while it is typed."""
        self.words.say(self._said(self.field.value.strip()))

    def take(self) -> None:
        """Answer with a name that can be had."""
        name = self.field.value.strip()
        fault = self._fault(name)
        if fault is None:
            self.dismiss(name)
        else:
            self.words.say([*self._said(self._first), (fault, Tone.BAD)])
            self.set_focus(self.field)


def _about(followers: Sequence[str]) -> str:
    if not followers:
        return "No source_profile refers to it."
    many = len(followers)
    shown = ", ".join(followers[:6]) + (f" and {many - 6} more" if many > 6 else "")  # noqa: PLR2004
    return f"{many} source_profile setting{'s' if many > 1 else ''} will follow: {shown}."
