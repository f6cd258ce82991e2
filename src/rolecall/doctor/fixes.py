"""What mends something: one of rolecall's commands, or a line for the user's shell."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from rolecall.aws.config_file import FileKind
from rolecall.host import Host
from rolecall.shells import asker, rename_line, unset_line_of_all
from rolecall.text import is_secret_name, mask, sanitize


class FixAction(StrEnum):
    """The command that carries a Fix out; the values are the app's command ids."""

    ASSUME = "assume"
    LOGIN = "login"
    EDIT = "edit"
    RENAME = "rename"
    REMOVE = "remove"
    CLEAR = "clear"
    EDITOR = "editor"
    SHELL = "shell"
    """A line for the user's own shell."""
    NOTHING = "nothing"
    """What nobody but the user can do."""


@dataclass(frozen=True, slots=True)
class Fix:
    """What mends something.

    Attributes:
        words: what to do, in the imperative, without a full stop.
        doing: the command that does it.
        profile: the profile that it acts on.
        changes: what is set, and what is unset (None), by key; for ``EDIT``. None at all: the form.
        role: the file in which, where that is not the one that the setting stands in.
        name: the new name; for ``RENAME``.
        path: the file; for ``CLEAR`` and ``EDITOR``.
        line: the line in it (from 1); for ``EDITOR``.
        shell: the line for the user's shell; for ``SHELL``.
        environ: the variables that the line sets, and unsets (None).
    """

    words: str
    doing: FixAction
    profile: str | None = None
    changes: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    role: FileKind | None = None
    name: str | None = None
    path: Path | None = None
    line: int | None = None
    shell: str | None = None
    environ: Mapping[str, str | None] = field(default_factory=dict, repr=False)

    def line_for(self, host: Host) -> str | None:
        """Return the line that does it in the user's shell, about the home that is looked at, or None.

        What is wrong in the demo's shell is not to be mended in the user's: there it is only told.
        """
        line = self.run(*host.program)
        is_told = host.is_demo and self.doing is FixAction.SHELL and line is not None
        return f"# in the demo: {line}" if is_told else line

    def run(self, *program: str) -> str | None:
        """Return the line that does it in a POSIX shell, or None where no line can.

        A secret is not in it: the line asks for that. What would have to be masked, or steers a terminal,
        is on no line: shown it would be another one, and pasted it might do more than it says.

        Args:
            program: how rolecall is called; ``line_for`` knows it. Whoever shows a line takes that.
        """
        line = self._line(program)
        if line is None or line != sanitize(line):
            return None
        return line if self.doing is FixAction.SHELL or line == mask(line) else None

    def _line(self, program: tuple[str, ...]) -> str | None:
        rolecall = program or ("rolecall",)
        match self.doing:
            case FixAction.ASSUME | FixAction.LOGIN if self.profile is not None:
                return shlex.join((*rolecall, self.doing.value, *_named(self.profile)))
            case FixAction.EDIT if self.profile is not None and self.changes:
                return " && ".join(shlex.join((*rolecall, *words)) for words in self._edits())
            case FixAction.RENAME if self.profile is not None and self.name is not None:
                return shlex.join((*rolecall, "rename", "--yes", *_named(self.profile, self.name)))
            case FixAction.REMOVE if self.profile is not None:
                return shlex.join((*rolecall, "remove", "--yes", *_named(self.profile)))
            case FixAction.CLEAR if self.path is not None:
                return shlex.join((*rolecall, "cache", "clear", "--yes", "--file", str(self.path)))
            case FixAction.EDITOR if self.path is not None:
                place = f"+{self.line} " if self.line is not None else ""
                return f"${{EDITOR:-vi}} {place}{shlex.quote(str(self.path))}"
            case FixAction.SHELL:
                return self.shell
        return None

    def _edits(self) -> Iterable[tuple[str, ...]]:
        where = ("--file", self.role.value) if self.role is not None else ()
        for key, value in self.changes.items():
            if value is None:
                yield ("unset", *where, "--yes", *_named(str(self.profile), key))
            elif is_secret_name(key):
                yield ("set", *where, *_named(str(self.profile), key))  # which asks for it, unseen
            else:
                yield ("set", *where, *_named(str(self.profile), key, value))


def _named(*words: str) -> tuple[str, ...]:
    """Return arguments that nobody takes for options."""
    return ("--", *words) if any(word.startswith("-") for word in words) else words


def log_in(profile: str, words: str = "log in") -> Fix:
    """Return: log in where the profile's credentials start."""
    return Fix(words, FixAction.LOGIN, profile)


def assume(profile: str, words: str = "assume the role anew") -> Fix:
    """Return: assume the profile's role."""
    return Fix(words, FixAction.ASSUME, profile)


def change(words: str, profile: str, changes: Mapping[str, str | None], role: FileKind | None = None) -> Fix:
    """Return: set (or, with None, unset) settings of a profile."""
    return Fix(words, FixAction.EDIT, profile, changes, role)


def edit(words: str, profile: str) -> Fix:
    """Return: the form, for what only the user can know."""
    return Fix(words, FixAction.EDIT, profile)


def rename(words: str, profile: str, name: str) -> Fix:
    """Return: give the profile another name."""
    return Fix(words, FixAction.RENAME, profile, name=name)


def remove(words: str, profile: str) -> Fix:
    """Return: remove the profile."""
    return Fix(words, FixAction.REMOVE, profile)


def clear(path: Path, words: str = "delete the cache file") -> Fix:
    """Return: delete a cache file."""
    return Fix(words, FixAction.CLEAR, path=path)


def open_at(words: str, path: Path, line: int | None) -> Fix:
    """Return: the editor, at a line of a file."""
    return Fix(words, FixAction.EDITOR, path=path, line=line)


def unset(host: Host, *names: str, words: str = "") -> Fix:
    """Return: take variables out of this shell."""
    words = words or f"unset {' and '.join(names)}"
    shell = asker(host).shell
    if shell is None:
        return manual(words)
    return run(words, unset_line_of_all(names, shell), dict.fromkeys(names, None))


def rename_variable(host: Host, old: str, new: str, words: str) -> Fix:
    """Return: give a variable another name in this shell; what it holds is kept, and is not on the line."""
    shell = asker(host).shell
    line = rename_line(old, new, shell) if shell is not None else None
    return manual(words) if line is None else run(words, line, {new: host.environ[old], old: None})


def run(words: str, line: str, environ: Mapping[str, str | None] | None = None) -> Fix:
    """Return: a line for the user's shell; ``environ`` says which variables it sets and unsets."""
    return Fix(words, FixAction.SHELL, shell=line, environ=environ or {})


def manual(words: str) -> Fix:
    """Return: what nobody but the user can do, in words."""
    return Fix(words, FixAction.NOTHING)
