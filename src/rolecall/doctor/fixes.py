"""Fixes: one of rolecall's commands, a line for the user's shell, or advice."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from rolecall.aws.config_file import FileKind
from rolecall.host import Host
from rolecall.shells import rename_line, unset_line_of_all
from rolecall.text import is_secret_name, mask, sanitize
from rolecall.which_shell import asker


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
    """Advice, for what only the user can do."""


@dataclass(frozen=True, slots=True)
class Fix:
    """What to do about a finding.

    Attributes:
        words: what to do, in the imperative, without a full stop.
        doing: the command that does it.
        profile: the profile that it acts on.
        changes: the settings to set, or unset (None), by key; for ``EDIT``. None at all opens the form.
        role: the file to change, where it is not the one that has the setting.
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
        """Return the line that does it in the user's shell, for the home that rolecall reads, or None.

        A problem in the demo's shell must not be fixed in the user's: there the line is only a comment.
        """
        line = self.run(*host.program)
        is_told = host.is_demo and self.doing is FixAction.SHELL and line is not None
        return f"# in the demo: {line}" if is_told else line

    def run(self, *program: str) -> str | None:
        """Return the line that does it in a POSIX shell, or None where no line can.

        It contains no secret: the line asks for it. Nothing that would have to be masked, or that controls a
        terminal, is on a line: masked it would be another line, and pasted it might do more than it says.

        Args:
            program: how rolecall is called; ``line_for`` knows it. Use ``line_for`` to show a line.
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
                yield ("set", *where, *_named(str(self.profile), key))  # which asks for it, without echo
            else:
                yield ("set", *where, *_named(str(self.profile), key, value))


def _named(*words: str) -> tuple[str, ...]:
    """Return arguments so that a name with a leading hyphen is not read as an option."""
    return ("--", *words) if any(word.startswith("-") for word in words) else words


def log_in(profile: str, words: str = "log in") -> Fix:
    """Return a fix that logs in where the profile's credentials start."""
    return Fix(words, FixAction.LOGIN, profile)


def assume(profile: str, words: str = "assume the role again") -> Fix:
    """Return a fix that assumes the profile's role."""
    return Fix(words, FixAction.ASSUME, profile)


def change(words: str, profile: str, changes: Mapping[str, str | None], role: FileKind | None = None) -> Fix:
    """Return a fix that sets (or, with None, unsets) settings of a profile."""
    return Fix(words, FixAction.EDIT, profile, changes, role)


def edit(words: str, profile: str) -> Fix:
    """Return a fix that opens the form, for values that only the user knows."""
    return Fix(words, FixAction.EDIT, profile)


def rename(words: str, profile: str, name: str) -> Fix:
    """Return a fix that renames the profile."""
    return Fix(words, FixAction.RENAME, profile, name=name)


def remove(words: str, profile: str) -> Fix:
    """Return a fix that removes the profile."""
    return Fix(words, FixAction.REMOVE, profile)


def clear(path: Path, words: str = "delete the cache file") -> Fix:
    """Return a fix that deletes a cache file."""
    return Fix(words, FixAction.CLEAR, path=path)


def open_at(words: str, path: Path, line: int | None) -> Fix:
    """Return a fix that opens the editor at a line of a file."""
    return Fix(words, FixAction.EDITOR, path=path, line=line)


def unset(host: Host, *names: str, words: str = "") -> Fix:
    """Return a fix that unsets variables in this shell."""
    words = words or f"unset {' and '.join(names)}"
    shell = asker(host).shell
    if shell is None:
        return manual(words)
    return run(words, unset_line_of_all(names, shell), dict.fromkeys(names, None))


def rename_variable(host: Host, old: str, new: str, words: str) -> Fix:
    """Return a fix that renames a variable in this shell; its value is kept, and is not on the line."""
    shell = asker(host).shell
    line = rename_line(old, new, shell) if shell is not None else None
    return manual(words) if line is None else run(words, line, {new: host.environ[old], old: None})


def run(words: str, line: str, environ: Mapping[str, str | None] | None = None) -> Fix:
    """Return a fix that is a line for the user's shell; ``environ`` has the variables it sets and unsets."""
    return Fix(words, FixAction.SHELL, shell=line, environ=environ or {})


def manual(words: str) -> Fix:
    """Return advice, for what only the user can do."""
    return Fix(words, FixAction.NOTHING)
