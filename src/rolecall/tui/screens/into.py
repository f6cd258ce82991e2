"""Asks into which profile of the credentials file temporary credentials are written."""

from rolecall.aws.snapshot import Snapshot
from rolecall.tui.form.completions import Completer, Completion
from rolecall.tui.form.fields import ValueInput
from rolecall.tui.render.lines import Tone
from rolecall.tui.screens.dialog import EntryDialog, Paragraph


class IntoScreen(EntryDialog):
    """Asks for a profile: one that is there, whose keys are replaced, or a new one."""

    def __init__(self, snapshot: Snapshot, source: str) -> None:
        """Make the dialog; ``source`` is the profile whose credentials are written."""
        self._snapshot = snapshot
        names = [name for name in snapshot.merged.credentials.sections if name != source]
        suggester = Completer([Completion(name) for name in names])
        field = ValueInput(placeholder="name of the profile", suggester=suggester)
        title = f"Write credentials of {source} into a profile"
        super().__init__(title, "Go on", self._said(""), field)

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

    def on_input_changed(self) -> None:
        """Say what it means while it is typed."""
        self.words.say(self._said(self.field.value.strip()))

    def take(self) -> None:
        """Answer with a name."""
        name = self.field.value.strip()
        if name:
            self.dismiss(name)
        else:
            self.set_focus(self.field)
