"""Asks what a profile is to be called."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from rolecall.actions.editing.names import check_new_name
from rolecall.actions.failures import ActionFailed
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.form import referring
from rolecall.tui.lines import Tone
from rolecall.tui.screens.dialog import Dialog, Paragraph, Words
from rolecall.tui.widgets.fields import ValueInput


class NameScreen(Dialog[str]):
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
        super().__init__(title, (label, "Cancel"))
        self._snapshot = snapshot
        self._name = name
        self._followers = followers
        self._input = ValueInput(name)
        self._words = Words(self._said())

    @classmethod
    def to_rename(cls, snapshot: Snapshot, name: str) -> "NameScreen":
        """Ask for another name for a profile."""
        return cls(snapshot, f"Rename {name}", name, "Show the diff", referring(snapshot, name))

    @classmethod
    def to_duplicate(cls, snapshot: Snapshot, name: str) -> "NameScreen":
        """Ask for the name of another profile like this one."""
        return cls(snapshot, f"Duplicate {name}", name, "Show the diff")

    @property
    def _fault(self) -> str | None:
        name = self._input.value.strip()
        try:
            check_new_name(name)
        except ActionFailed as failed:
            return failed.message
        return f"There is a profile {name} already." if name in self._snapshot.merged.merged else None

    def _said(self) -> list[Paragraph]:
        said: list[Paragraph] = [("What is it to be called?", Tone.PLAIN)]
        if self._followers is not None:
            said.append((_about(self._followers), Tone.DIM))
        if self._input.value.strip() != self._name and self._fault is not None:
            said.append((self._fault, Tone.BAD))
        return said

    def body(self) -> Iterable[Widget]:
        """What follows, and a place for the name."""
        yield self._words
        yield self._input

    @property
    def entry(self) -> Widget:
        """The input."""
        return self._input

    def on_input_changed(self) -> None:
        """Judge the name while it is typed."""
        self._words.say(self._said())

    def on_input_submitted(self) -> None:
        """Take the name."""
        self._take()

    def chosen(self, index: int) -> None:
        """Take the name, or give up."""
        if index == 0:
            self._take()
        else:
            self.action_back()

    def _take(self) -> None:
        fault = self._fault
        if fault is None:
            self.dismiss(self._input.value.strip())
        else:
            self._words.say([*self._said()[: 1 if self._followers is None else 2], (fault, Tone.BAD)])
            self.set_focus(self._input)


def _about(followers: Sequence[str]) -> str:
    if not followers:
        return "No source_profile refers to it."
    many = len(followers)
    shown = ", ".join(followers[:6]) + (f" and {many - 6} more" if many > 6 else "")  # noqa: PLR2004
    return f"{many} source_profile setting{'s' if many > 1 else ''} will follow: {shown}."
