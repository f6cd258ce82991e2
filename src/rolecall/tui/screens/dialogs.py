"""The small dialogs: a name, a profile, a path, a line for the shell."""

import itertools
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from textual.widget import Widget

from rolecall.actions.editing.placement import MOST_NAMED
from rolecall.actions.editing.validation import check_new_name
from rolecall.actions.errors import ActionFailed
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from rolecall.text import first_of, several
from rolecall.tui.form.completions import Completer, Completion
from rolecall.tui.form.fields import ValueInput
from rolecall.tui.form.form import referring
from rolecall.tui.screens.dialog import Dialog, EntryDialog, Paragraph, Words
from rolecall.tui.tones import Tone


class NameScreen(EntryDialog):
    """Asks for a name that no profile has yet."""

    def __init__(
        self, snapshot: Snapshot, title: str, name: str, label: str, followers: Sequence[str] | None = None
    ) -> None:
        """Make the dialog.

        Args:
            snapshot: what is there.
            title: the question.
            name: the name to begin with.
            label: the word on the choice that continues.
            followers: the profiles that name it as ``source_profile`` and follow to the new name; None where
                none should follow.
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
        """Ask for the name of another profile like this one, and propose one that is free."""
        return cls(snapshot, f"Duplicate {name}", free_name(snapshot, name), "Show the diff")

    def _fault(self, name: str) -> str | None:
        try:
            check_new_name(name)
        except ActionFailed as failed:
            return failed.message
        return f"There is a profile {name} already." if name in self._snapshot.merged.by_name else None

    def _said(self, name: str) -> list[Paragraph]:
        said: list[Paragraph] = [("New name", Tone.PLAIN)]
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
    return (
        f"{several(len(followers), 'source_profile setting')} will follow: {first_of(followers, MOST_NAMED)}."
    )


def free_name(snapshot: Snapshot, name: str) -> str:
    """Return a name like another that no profile has: ``dev-copy``, then ``dev-copy-2``."""
    stem = re.sub(r"-copy(?:-\d+)?$", "", name)
    numbered = (f"{stem}-copy{f'-{number}' if number > 1 else ''}" for number in itertools.count(1))
    return next(each for each in numbered if each not in snapshot.merged.by_name)


class IntoScreen(EntryDialog):
    """Asks for a profile: an existing one, in which the keys are replaced, or a new one."""

    def __init__(self, snapshot: Snapshot, source: str) -> None:
        """Make the dialog; the credentials of the profile ``source`` are written."""
        self._snapshot = snapshot
        names = [name for name in snapshot.merged.credentials.sections if name != source]
        suggester = Completer([Completion(name) for name in names])
        field = ValueInput(placeholder="name of the profile", suggester=suggester)
        title = f"Write credentials of {source} into a profile"
        super().__init__(title, "Continue", self._said(""), field)

    def _said(self, name: str) -> list[Paragraph]:
        path = self._snapshot.where.credentials
        said: list[Paragraph] = [
            (
                f"They are written into {self._snapshot.host.display(path) if path else 'no file'}:",
                Tone.PLAIN,
            ),
            (
                "access key, secret key, session token, and when they expire. You will see the diff first.",
                Tone.DIM,
            ),
            ("", Tone.PLAIN),
        ]
        if not name:
            return [*said, ("Which profile of that file?", Tone.PLAIN)]
        is_there = name in self._snapshot.merged.credentials.sections
        words = "exists: its keys will be replaced" if is_there else "does not exist yet: it will be added"
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


ASKED = "Save the report to this file:"
DISCREET = "It holds no secrets. Only your own account may read the file."


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
        problem = self._problem(Path(self._host.expand_user(name))) if name else "Type the name of a file."
        if problem is None:
            self.dismiss(self._host.expand_user(name))
        else:
            self.words.say(self._said(problem))
            self.set_focus(self.field)

    def _problem(self, path: Path) -> str | None:
        try:
            if path.is_dir():
                return "That is a directory: add the name of a file."
            return None if path.parent.is_dir() else f"There is no directory {path.parent}."
        except (OSError, ValueError):
            return "No file can have this name."


_OUTSIDE = "rolecall cannot change the shell that it was started from: run this line there."


class LineUse(StrEnum):
    """What becomes of the line."""

    COPY = "Copy"
    LEAVE = "Run it in this shell"


class ShellLineScreen(Dialog[LineUse]):
    """Shows a line for the shell."""

    TITLE: ClassVar[str] = "A line for your shell"

    def __init__(self, words: str, line: str, *, leaves: bool) -> None:
        """Make the dialog.

        Args:
            words: what the line does.
            line: the line.
            leaves: whether the shell that started the app runs the lines that it prints at exit.
        """
        self._ways = (LineUse.COPY, LineUse.LEAVE) if leaves else (LineUse.COPY,)
        super().__init__(self.TITLE, (*self._ways, "Back"))
        self._said = (
            (words, Tone.PLAIN),
            ("", Tone.PLAIN),
            (line, Tone.STRONG),
            ("", Tone.PLAIN),
            (_OUTSIDE, Tone.DIM),
        )

    def body(self) -> Iterable[Widget]:
        """The line, and why it is not simply done."""
        yield Words(self._said)

    def chosen(self, index: int) -> None:
        """Answer with what becomes of the line."""
        self.dismiss(self._ways[index] if index < len(self._ways) else None)
