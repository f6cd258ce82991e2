"""Asks where a report is to be kept."""

from pathlib import Path

from rolecall.host import Host
from rolecall.tui.form.fields import ValueInput
from rolecall.tui.render.lines import Tone
from rolecall.tui.screens.dialog import EntryDialog, Paragraph

ASKED = "The file that the report goes into:"
DISCREET = "There is nothing secret in it. Your own account alone may read the file."


class KeepScreen(EntryDialog):
    """Asks for a path."""

    def __init__(self, host: Host, name: str) -> None:
        """Make the dialog; ``name`` is the path to begin with."""
        self._host = host
        super().__init__("Save the report", "Save", self._said(), ValueInput(name))

    def _said(self, problem: str | None = None) -> list[Paragraph]:
        said: list[Paragraph] = [(ASKED, Tone.PLAIN), (DISCREET, Tone.DIM)]
        return [*said, (problem, Tone.BAD)] if problem else said

    def take(self) -> None:
        """Answer with a path below a directory that is there, or say why not."""
        name = self.field.value.strip()
        problem = self._problem(Path(self._host.expand_user(name))) if name else "It needs a name."
        if problem is None:
            self.dismiss(self._host.expand_user(name))
        else:
            self.words.say(self._said(problem))
            self.set_focus(self.field)

    def _problem(self, path: Path) -> str | None:
        try:
            if path.is_dir():
                return "That is a directory; a file's name is to follow."
            return None if path.parent.is_dir() else f"There is no directory {path.parent}."
        except (OSError, ValueError):
            return "No file can be called so."
