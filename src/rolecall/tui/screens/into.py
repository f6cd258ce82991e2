"""Asks into which profile of the credentials file temporary credentials are written."""

from collections.abc import Iterable

from textual.widget import Widget

from rolecall.aws.snapshot import Snapshot
from rolecall.tui.lines import Tone
from rolecall.tui.screens.dialog import Dialog, Paragraph, Words
from rolecall.tui.widgets.completions import Completer, Completion
from rolecall.tui.widgets.fields import ValueInput


class IntoScreen(Dialog[str]):
    """Asks for a profile: one that is there, whose keys are replaced, or a new one."""

    def __init__(self, snapshot: Snapshot, source: str) -> None:
        """Make the dialog; ``source`` is the profile whose credentials are written."""
        super().__init__(f"Write credentials of {source} into a profile", ("Go on", "Cancel"))
        self._snapshot = snapshot
        self._words = Words(self._said(""))
        names = [name for name in snapshot.merged.credentials.sections if name != source]
        suggester = Completer([Completion(name) for name in names])
        self._input = ValueInput(placeholder="name of the profile", suggester=suggester)

    def _said(self, name: str) -> list[Paragraph]:
        path = self._snapshot.where.credentials
        said: list[Paragraph] = [
            (
                f"They are written into {self._snapshot.host.display(path) if path else 'no file'}:",
                Tone.PLAIN,
            ),
            ("access key, secret key, session token, and their end. You see the diff before.", Tone.DIM),
            ("", Tone.PLAIN),
        ]
        if not name:
            return [*said, ("Which profile of that file?", Tone.PLAIN)]
        is_there = name in self._snapshot.merged.credentials.sections
        words = "is there: its keys are replaced" if is_there else "is not there: it is added"
        return [*said, (f"{name} {words}.", Tone.WARN if is_there else Tone.GOOD)]

    def body(self) -> Iterable[Widget]:
        """What it does, and a place for the name."""
        yield self._words
        yield self._input

    @property
    def entry(self) -> Widget:
        """The input."""
        return self._input

    def on_input_changed(self) -> None:
        """Say what it means while it is typed."""
        self._words.say(self._said(self._input.value.strip()))

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
        name = self._input.value.strip()
        if name:
            self.dismiss(name)
        else:
            self.set_focus(self._input)
