"""The two files as an edit finds them, and how what is asked becomes a change of one of them."""

import configparser
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property
from pathlib import Path

from rolecall.actions.editing import verify
from rolecall.actions.editing.diff import diff
from rolecall.actions.editing.document import DEFAULT, Document
from rolecall.actions.editing.rewrite import rewrite
from rolecall.actions.editing.verify import Changes, Parsed
from rolecall.actions.errors import ActionFailed, require_home
from rolecall.actions.plan import FileChange, Plan
from rolecall.aws import config_file, paths
from rolecall.aws.config_file import ConfigFile, FileKind, FileStatus, Value
from rolecall.aws.line_edits import LineEdit
from rolecall.aws.snapshot import Snapshot
from rolecall.text import mask_access_key, mask_name
from rolecall.values import dataclass


@dataclass(frozen=True, slots=True)
class SectionPlace:
    """The section that speaks for a profile (or sso-session) in one file: the last of its headers."""

    file: ConfigFile
    header: str

    @property
    def values(self) -> Mapping[str, Value]:
        """What it says, with what ``[DEFAULT]`` leaks into it."""
        return self.file.sections[self.header]


@dataclass(frozen=True)
class Files:
    """Both files as they are now."""

    snapshot: Snapshot
    config: ConfigFile
    credentials: ConfigFile

    @classmethod
    def now(cls, snapshot: Snapshot) -> "Files":
        """Look at both files; those that have changed since the Snapshot are read again.

        Raises:
            ActionFailed: one of them cannot be parsed: then AWS tools refuse every profile, and no one can
                say what an edit of the other would mean.
        """
        files = cls(snapshot, *(_fresh(snapshot, file) for file in snapshot.files))
        for file in (files.config, files.credentials):
            if file.status is FileStatus.UNPARSEABLE:
                raise ActionFailed(
                    "ConfigParseError",
                    f"AWS tools cannot read {_display(snapshot, file)}: {file.error}. Correct that first.",
                    path=file.path,
                    line=file.line,
                    cure="Correct the line in your editor.",
                    command="edit",
                )
        return files

    @cached_property
    def _config(self) -> "EditableFile":
        return EditableFile.open(self.snapshot, self.config)

    @cached_property
    def _credentials(self) -> "EditableFile":
        return EditableFile.open(self.snapshot, self.credentials)

    def editable(self, role: FileKind) -> "EditableFile":
        """Return the lines of a file; read when first asked for.

        Raises:
            ActionFailed: it cannot be read, or there is none by the environment.
        """
        return self._config if role is FileKind.CONFIG else self._credentials

    def of(self, role: FileKind) -> ConfigFile:
        """Return the file of that role."""
        return self.config if role is FileKind.CONFIG else self.credentials

    def profile(self, role: FileKind, name: str) -> SectionPlace | None:
        """Return the section that speaks for a profile in a file, if one does."""
        headers = self.of(role).headers.profiles.get(name)
        return SectionPlace(self.of(role), headers[-1]) if headers else None

    def session(self, name: str) -> SectionPlace | None:
        """Return the section that speaks for an sso-session, if one does."""
        headers = self.config.headers.sso_sessions.get(name)
        return SectionPlace(self.config, headers[-1]) if headers else None

    @cached_property
    def commands(self) -> tuple[tuple[str, str], ...]:
        """The profiles with a ``credential_process``, each with its command."""
        return tuple(
            (profile, str(file.sections[headers[-1]]["credential_process"]))
            for file in (self.config, self.credentials)
            for profile, headers in file.headers.profiles.items()
            if "credential_process" in file.sections[headers[-1]]
        )

    def has_profile(self, name: str) -> bool:
        """Whether either file has a profile of that name."""
        return any(name in file.headers.profiles for file in (self.config, self.credentials))


def _fresh(snapshot: Snapshot, file: ConfigFile) -> ConfigFile:
    if file.given is not None:
        return file  # as other edits leave it, which are written together with this one
    if file.path is not None and file.stamp is not None:
        found = paths.look(file.path)
        if found.stamp == file.stamp and found.mode == file.mode:
            return file
    return config_file.read_file(file.path, file.role, snapshot.host.encoding)


def _display(snapshot: Snapshot, file: ConfigFile) -> str:
    return snapshot.host.display(file.path) if file.path is not None else f"the {file.role} file"


@dataclass(slots=True)
class Transaction:
    """What is asked of the two files, gathered, and then made into one Plan."""

    files: Files
    config: Changes = field(default_factory=Changes)
    credentials: Changes = field(default_factory=Changes)
    remarks: list[str] = field(default_factory=list)

    def of(self, role: FileKind) -> Changes:
        """Return what is asked of one file, to add to it."""
        return self.config if role is FileKind.CONFIG else self.credentials

    def plan(self, title: str) -> Plan:
        """Turn it into a Plan; files in which nothing is to be done are left out.

        Raises:
            ActionFailed: it cannot be done without a loss.
        """
        changes: list[FileChange] = []
        remarks: list[str] = []
        for role in FileKind:
            wanted = self.of(role)
            if wanted != Changes():
                change, said = self.files.editable(role).change_for(wanted)
                changes += [change] if change is not None else []
                remarks += said
            elif self.files.of(role).status is FileStatus.UNREADABLE:
                name = _display(self.files.snapshot, self.files.of(role))
                remarks.append(
                    f"{name} cannot be read, and AWS tools cannot read it either: its contents are left out."
                )
        lost = self._lost(changes)
        remarks += [
            f"This is the only copy of the secret of the long-term key {key}: AWS never shows it again."
            for key in lost
        ]
        return Plan(title, tuple(changes), tuple(dict.fromkeys((*self.remarks, *remarks))), lost)

    def _lost(self, changes: list[FileChange]) -> tuple[str, ...]:
        """Return the long-term keys, as they may be shown, whose secrets are in neither file afterwards."""
        files = (self.files.config, self.files.credentials)
        left = [
            config_file.with_contents(file, change.after, self.files.snapshot.host.encoding)
            if change is not None and change.after is not None
            else file
            for file in files
            for change in (next((each for each in changes if each.role is file.role), None),)
        ]
        kept = {secret for _, secret in config_file.long_term_keys(*left)}
        lost = {key for key, secret in config_file.long_term_keys(*files) if secret not in kept}
        return tuple(sorted(str(mask_access_key(key)) for key in lost))


@dataclass(frozen=True, slots=True)
class EditableFile:
    """One file as it is edited.

    Attributes:
        path: where it is.
        role: which of the two it is.
        encoding: what AWS tools read it with.
        before: its bytes; None where there is no file.
        document: its lines.
        parsed: what it says.
    """

    path: Path
    role: FileKind
    encoding: str
    before: bytes | None = field(repr=False)
    document: Document = field(repr=False)
    parsed: Parsed = field(repr=False)

    @classmethod
    def open(cls, snapshot: Snapshot, file: ConfigFile) -> "EditableFile":
        """Read and sort a file.

        Raises:
            ActionFailed: it cannot be read, or changed while it was.
        """
        path, encoding = _writable(snapshot, file), snapshot.host.encoding
        before = None if file.status is FileStatus.MISSING else _bytes(path, file)
        try:
            text = (before or b"").decode(encoding)
            document = Document.read(text)
            parsed = verify.parse(text) if DEFAULT in document.by_header else Parsed(file.sections, {})
        except (UnicodeDecodeError, configparser.Error, ValueError):
            raise _changing(path) from None
        except ActionFailed as failed:
            failed.path = path
            raise
        if text.encode(encoding) != (before or b""):
            words = f"The file cannot be written back in {encoding.upper()} as it is."
            raise ActionFailed("Refused", words, path=path)
        return cls(path, file.role, encoding, before, document, parsed)

    def change_for(self, wanted: Changes) -> tuple[FileChange | None, tuple[str, ...]]:
        """Return the change that does what is wanted (None where all is so already), and remarks on it.

        Raises:
            ActionFailed: it cannot be done without changing more than was asked for.
        """
        document = self.document
        made = rewrite(document, self.parsed.sections, wanted)
        remarks = (*made.remarks, *self._about_defaults(wanted))
        if not made.splices:
            return None, remarks
        after = document.spliced(made.splices)
        own = {
            header: frozenset(entry.name for part in parts for entry in part.entries)
            for header, parts in document.by_header.items()
        }
        try:
            verify.verify_text(after, verify.expected(self.parsed, wanted, own))
            verify.check_untouched(document.lines, after, made.splices)
            written = after.encode(self.encoding)
        except UnicodeEncodeError:
            words = f"A character in it cannot be written in {self.encoding.upper()}."
            raise ActionFailed("Refused", words, path=self.path) from None
        except ActionFailed as failed:
            failed.path = self.path
            raise
        shown = diff(self.before, written, self.encoding, splices=made.splices)
        return FileChange(self.path, self.role, self.before, written, shown), remarks

    def _about_defaults(self, wanted: Changes) -> Iterator[str]:
        """Say what ``[DEFAULT]`` gives, where that is not what was asked for."""
        defaults = self.parsed.defaults
        for header, settings in wanted.added.items():
            given = ", ".join(mask_name(key) for key in defaults if key not in settings)
            if given:
                yield f"[DEFAULT] in the {self.role} file gives [{header}] {given} as well."
        for header, changes in wanted.changes.items():
            for key, value in changes.items():
                if value is None and key in defaults:
                    place = f"[DEFAULT] in the {self.role} file"
                    yield f"[{header}] still gets a value for {mask_name(key)} from {place}."


def rewritten(snapshot: Snapshot, file: ConfigFile, edit: LineEdit) -> FileChange:
    """Return the change that writes some lines anew, in a file that AWS tools may not be able to read.

    Raises:
        ActionFailed: it cannot be read or written, the lines are others by now, or AWS tools could read the
            file before and not afterwards.
    """
    path, encoding = _writable(snapshot, file), file.encoding
    before = _bytes(path, file)
    try:
        text = before.decode(encoding)
        after = edit.applied(text)
    except UnicodeDecodeError:
        raise _changing(path) from None
    if after is None:
        raise ActionFailed("Conflict", f"Line {edit.line} is another by now.", path=path, line=edit.line)
    written = after.encode(encoding)
    if file.status is FileStatus.OK:
        found = config_file.with_contents(file, written, encoding)
        if found.status is not FileStatus.OK:
            words = f"AWS tools could not read the file afterwards: {found.error}."
            raise ActionFailed("Refused", words, path=path, line=found.line, command="edit")
    return FileChange(path, file.role, before, written, diff(before, written, encoding))


def _writable(snapshot: Snapshot, file: ConfigFile) -> Path:
    if file.path is None:
        raise ActionFailed("NotApplicable", f"The {file.role} file cannot be edited: {file.error}.")
    if file.status is FileStatus.UNREADABLE:
        words = f"{_display(snapshot, file)} {file.error}."
        raise ActionFailed("Unreadable", words, path=file.path, cure="Correct its owner or mode.")
    require_home(snapshot.host, file.path)
    return file.path


def _bytes(path: Path, file: ConfigFile) -> bytes:
    """Return the bytes that were parsed: those on the disk, or those that other edits leave there.

    Raises:
        ActionFailed: they cannot be read, or have changed by now.
    """
    if file.given is not None:
        return file.given
    try:
        data = paths.read_file(path)
    except OSError as error:
        raise ActionFailed("Unreadable", f"The file cannot be read ({error.strerror}).", path=path) from None
    if paths.look(path).stamp != file.stamp:
        raise _changing(path)
    return data


class FileChangingError(ActionFailed):
    """Another program wrote a file while it was read: a moment later it can be read."""


def _changing(path: Path) -> FileChangingError:
    return FileChangingError(
        "Conflict", "The file is just being changed by another program.", path=path, cure="Try again."
    )
