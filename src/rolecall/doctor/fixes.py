"""Fixes: one of rolecall's commands, a line for the user's shell, or advice.

Each is tried on a copy of what was read before it is offered: every profile that works must still work. A
fix that would stop one, or remove the only copy of a long-term key, is not offered as a command: its words
remain, as advice.
"""

import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from rolecall.aws import credential_process, identifiers, logins, profiles, provider_checks
from rolecall.aws.config_file import (
    ConfigFile,
    FileKind,
    FileStatus,
    Value,
    long_term_keys,
    with_contents,
    with_header,
)
from rolecall.aws.expiry_calculator import KEY_VARIABLES
from rolecall.aws.line_edits import LineEdit, visible
from rolecall.aws.neighbours import MARKS
from rolecall.aws.profile_report import DefaultSession, ProfileReport, ambient_report, profile_report
from rolecall.aws.profiles import Profiles
from rolecall.aws.providers import Provider, Tool
from rolecall.aws.settings import CREDENTIAL_SETTINGS, Kind
from rolecall.aws.snapshot import Snapshot, world_of
from rolecall.doctor.root_cause import has_ended, is_over
from rolecall.host import Host
from rolecall.shells import rename_line, unset_line_of_all
from rolecall.surroundings import direnv
from rolecall.text import is_secret_name, mask, sanitize
from rolecall.values import dataclass
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
    REWRITE = "rewrite"
    """Lines of a file are written anew."""
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
        key: the setting at which the form is opened; for ``EDIT``. With changes, they are typed into it, for
            the user to look at: they are a guess.
        role: the file to change, where it is not the one that has the setting.
        name: the new name; for ``RENAME``.
        path: the file; for ``CLEAR`` and ``EDITOR``.
        line: the line in it (from 1); for ``EDITOR`` and ``REWRITE``.
        edit: what is written there; for ``REWRITE``.
        shell: the line for the user's shell; for ``SHELL``.
        environ: the variables that the line sets, and unsets (None).
    """

    words: str
    doing: FixAction
    profile: str | None = None
    changes: Mapping[str, str | None] = field(default_factory=dict, repr=False, hash=False)
    key: str | None = None
    role: FileKind | None = None
    name: str | None = None
    path: Path | None = None
    line: int | None = None
    edit: LineEdit | None = field(default=None, repr=False)
    shell: str | None = None
    environ: Mapping[str, str | None] = field(default_factory=dict, repr=False, hash=False)

    @property
    def is_edit(self) -> bool:
        """Whether it is a change of the two files that is known whole: it can be combined with others."""
        match self.doing:
            case FixAction.EDIT:
                return bool(self.changes) and self.key is None
            case FixAction.RENAME:
                return self.name is not None
            case FixAction.REWRITE:
                return self.edit is not None and self.role is not None
        return self.doing is FixAction.REMOVE

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
            case FixAction.REWRITE if self.role is not None:
                return shlex.join((*rolecall, "rewrite", "--yes", self.role.value, str(self.line)))
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
    return Fix(words, FixAction.EDIT, profile, changes, role=role)


def edit(words: str, profile: str, key: str | None = None) -> Fix:
    """Return a fix that opens the form, at a setting, for values that only the user knows."""
    return Fix(words, FixAction.EDIT, profile, key=key)


def propose(words: str, profile: str, key: str, value: str) -> Fix:
    """Return a fix that opens the form at a setting, with a value that may be the right one."""
    return Fix(words, FixAction.EDIT, profile, {key: value}, key=key)


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


def rewrite(words: str, file: ConfigFile, edit: LineEdit) -> Fix:
    """Return a fix that writes lines of one of the two files anew."""
    return Fix(words, FixAction.REWRITE, role=file.role, path=file.path, line=edit.line, edit=edit)


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


_PAIR = ("aws_access_key_id", "aws_secret_access_key")
_FILES = frozenset(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_LOGIN_CACHE_DIRECTORY"))
"""Variables that name other files than those that were read."""
_REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
_OF_COMMANDS = frozenset(
    (
        *("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCOUNT_ID", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME"),
        *("AWS_CREDENTIAL_EXPIRATION", "AWS_SESSION_EXPIRATION", "AWSUME_EXPIRATION"),
        *("AWS_SSO_SESSION_EXPIRATION", "AWS_WEB_IDENTITY_TOKEN_FILE", *KEY_VARIABLES, *MARKS),
    )
)
"""Variables that mean nothing to a profile that is chosen by name, but as the keys of its source."""
_OF_PROFILES = (FixAction.ASSUME, FixAction.EDIT, FixAction.RENAME, FixAction.REMOVE)
"""Fixes that need an existing profile."""
_ASSUMABLE = (Kind.ROLE, Kind.SSO, Kind.WEB_IDENTITY)
_MANY = 3


def offered(snapshot: Snapshot, fix: Fix) -> Fix:
    """Return the fix, as advice where its target cannot do it, where it would not last or would do harm."""
    again = _set_again(snapshot.host, fix)
    if again is not None:
        return again
    return harmless(snapshot, fix if applies(snapshot, fix) else Fix(fix.words, FixAction.NOTHING))


def _set_again(host: Host, fix: Fix) -> Fix | None:
    """Return as advice what direnv would undo at the next prompt; None where it has not set the variables."""
    found = direnv(host) if fix.doing is FixAction.SHELL and fix.environ else None
    names = [name for name in fix.environ if name in found.names] if found is not None else []
    if found is None or not names:
        return None
    return manual(
        f"{fix.words}, in {sanitize(found.file)}, and run direnv allow: direnv sets {' and '.join(names)} "
        "again at each prompt"
    )


def applies(snapshot: Snapshot, fix: Fix) -> bool:
    """Whether a fix can be done with its target: a login needs somewhere to log in, assuming needs a role."""
    report = snapshot.profiles.get(fix.profile) if fix.profile is not None else None
    if report is None and fix.doing in _OF_PROFILES:
        return False
    match fix.doing:
        case FixAction.LOGIN:
            return fix.profile is not None and logins.can_log_in(snapshot, fix.profile)
        case FixAction.ASSUME:
            return report is not None and report.kind in _ASSUMABLE and not _is_stopped(report)
        case FixAction.RENAME:
            is_name = fix.name is not None and fix.name == sanitize(fix.name.strip(" []"))
            return is_name and fix.name not in snapshot.profiles
        case FixAction.EDIT:
            unset = (key for key, value in fix.changes.items() if value is None)
            return all(_is_set(snapshot, str(fix.profile), key) for key in unset)
        case FixAction.CLEAR:
            return any(entry.path == fix.path for entry in snapshot.entries)
    return True


def _is_stopped(report: ProfileReport) -> bool:
    """Whether it is certain that a role cannot be assumed now."""
    return report.on_renewal is not None or has_ended(report)


def _is_set(snapshot: Snapshot, name: str, key: str) -> bool:
    """Whether a profile has a setting, in any section or file."""
    wanted = {key.lower(), key.partition(".")[0].lower()}
    return any(
        not wanted.isdisjoint(file.sections[header])
        for file in snapshot.files
        for header in file.headers.profiles.get(name, ())
    )


def harmless(snapshot: Snapshot, fix: Fix) -> Fix:
    """Return the fix, as advice where it would do harm."""
    harm = _harm(snapshot, fix)
    if harm is None:
        return fix
    words = f"{fix.words}; not in one step, because {harm}"
    if fix.doing is FixAction.REWRITE and fix.path is not None:
        return open_at(words, fix.path, fix.line)
    if fix.doing is FixAction.EDIT:
        return Fix(words, FixAction.EDIT, fix.profile, key=next(iter(fix.changes), fix.key), role=fix.role)
    return Fix(words, FixAction.NOTHING)


_EDITS = (FixAction.EDIT, FixAction.RENAME, FixAction.REMOVE)


def _harm(snapshot: Snapshot, fix: Fix) -> str | None:
    if fix.doing in _EDITS and (fix.changes or fix.doing is not FixAction.EDIT):
        closed = next((file for file in snapshot.files if file.status is FileStatus.UNREADABLE), None)
        if closed is not None and closed.path is not None:
            return f"{snapshot.host.display(closed.path)} {closed.error}"  # an edit begins with reading both
    if fix.doing is FixAction.EDIT and fix.profile is not None and _matters(fix.changes):
        if _is_leaked(snapshot, fix.profile, fix.changes):
            return "[DEFAULT] gives it to every section of the file"
        files = _edited(snapshot, fix.profile, fix)
        if long_term_keys(*snapshot.files) - long_term_keys(*files):
            return "it is the only copy of a long-term key"
        return _stopped(snapshot, snapshot.host, profiles.merge(*files), _users(snapshot, fix.profile))
    if fix.doing is FixAction.REWRITE and fix.edit is not None:
        return _harm_of_lines(snapshot, fix.edit, fix.role)
    if fix.doing is FixAction.SHELL and fix.environ:
        return _harm_of_variables(snapshot, fix.environ)
    return None


def _harm_of_variables(snapshot: Snapshot, changes: Mapping[str, str | None]) -> str | None:
    """Return what harm it would do to set and unset variables: also to profiles that are chosen by name."""
    host = _set(snapshot.host, changes)
    if not _FILES.isdisjoint(changes):
        after = Snapshot.take(host)
        return _worse(
            snapshot, {name: after.profiles.get(name) for name in snapshot.profiles}, after.default_session
        )
    regions = (value for name, value in changes.items() if name in _REGIONS and value is not None)
    partitions = {identifiers.partition_of(region) for region in regions}
    felt = {name for name, value in changes.items() if name not in _REGIONS or value is None}
    names = [
        name
        for name, report in snapshot.profiles.items()
        if not _OF_COMMANDS.issuperset(felt)
        or _is_elsewhere(report, partitions)
        or any(hop.provider == Provider.ENV for hop in report.chain)
        or _asks_the_shell(host, report)
    ]
    return _stopped(snapshot, host, snapshot.merged, names)


def _asks_the_shell(host: Host, report: ProfileReport) -> bool:
    """Whether the process of a profile, or of its source, asks the AWS CLI for what this shell uses."""
    command = report.chain[-1].settings.get(credential_process.KEY)
    asks = credential_process.asks(host, command) if command is not None else None
    return asks is not None and asks.profile is None


def _is_elsewhere(report: ProfileReport, partitions: Collection[str]) -> bool:
    """Whether a profile's role is in another partition than a region that is set for all."""
    partition = identifiers.partition_of_arn(report.values.get("role_arn"))
    return bool(partitions) and partition is not None and partition not in partitions


def _harm_of_lines(snapshot: Snapshot, edit: LineEdit, role: FileKind | None) -> str | None:
    """Return what harm lines that are written anew would do; none to a file that no tool can read now."""
    config, credentials = (_rewritten(file, edit) if file.role is role else file for file in snapshot.files)
    after = config if role is FileKind.CONFIG else credentials
    if snapshot.merged.broken_file is not None:
        before = snapshot.files[role is not FileKind.CONFIG]
        is_same = after is not None and after.line == before.line
        is_read = after is not None and after.status is FileStatus.OK
        if before.status is FileStatus.OK and not is_read:  # the other file is the broken one
            return "AWS tools could not read the file"
        return "AWS tools would still stumble over that line" if is_same and not is_read else None
    if after is None or config is None or credentials is None or after.status is not FileStatus.OK:
        return "AWS tools could not read the file" + (f": {after.error}" if after is not None else "")
    merged = profiles.merge(config, credentials)
    names = (name for name in _touched(snapshot, merged) if name in merged.by_name or not _is_misread(name))
    return _stopped(snapshot, snapshot.host, merged, names)


def _touched(snapshot: Snapshot, merged: Profiles) -> Collection[str]:
    """Return the profiles whose settings are others after a merge, and all that use them."""
    before = snapshot.merged
    if _shared_sections(before) != _shared_sections(merged):
        return snapshot.profiles
    changed = (
        name
        for name in snapshot.profiles
        if before.static_config(name) != merged.static_config(name)
        or before.static_credentials(name) != merged.static_credentials(name)
    )
    return dict.fromkeys(user for name in changed for user in _users(snapshot, name))


def _shared_sections(merged: Profiles) -> Sequence[object]:
    """Return the sections of config that any profile may refer to, and that of the CLIs' plugins."""
    config, headers = merged.config, merged.config.headers
    named = {
        kind: {name: config.sections[each[-1]] for name, each in found.items()}
        for kind, found in (("sso-session", headers.sso_sessions), ("services", headers.services))
    }
    return named, config.sections.get("plugins")


def _is_misread(name: str) -> bool:
    """Whether a profile has a name that nobody meant: its header is what the edit corrects."""
    return visible(name) != name or "][" in name


def _rewritten(file: ConfigFile, edit: LineEdit) -> ConfigFile | None:
    if len(edit.was) == len(edit.now) == 1:
        named = with_header(file, edit.was[0], edit.now[0])
        if named is not None:
            return named
    text = file.raw_text
    after = edit.applied(text) if text is not None else None
    return with_contents(file, after.encode(file.encoding), file.encoding) if after is not None else None


def _matters(changes: Mapping[str, str | None]) -> bool:
    """Whether a change can affect where credentials come from; thousands of profiles may lack a region."""
    return not changes.keys() <= {"region", "output", "role_session_name"} and not changes.keys().isdisjoint(
        CREDENTIAL_SETTINGS
    )


def _is_leaked(snapshot: Snapshot, profile: str, changes: Mapping[str, str | None]) -> bool:
    """Whether a setting to be removed is below ``[DEFAULT]``, and so belongs to no single profile."""
    removed = {key for key, value in changes.items() if value is None}
    for file in snapshot.files:
        headers = file.headers.profiles.get(profile)
        section = file.located.sections.get(headers[-1]) if headers and removed else None
        if section is not None and removed & file.located.defaults.keys() - section.keys.keys():
            return True
    return False


def _edited(snapshot: Snapshot, profile: str, fix: Fix) -> tuple[ConfigFile, ConfigFile]:
    """Return the two files as they would be; a new key goes where ``rolecall set`` would put it."""
    config, credentials = snapshot.files
    for key, value in fix.changes.items():
        role = fix.role
        if role is None:
            own = credentials.sections.get(profile, {})
            has_keys = (
                key in CREDENTIAL_SETTINGS and key.startswith("aws_") and not own.keys().isdisjoint(_PAIR)
            )
            is_there = key in own or has_keys or profile not in config.headers.profiles
            role = FileKind.CREDENTIALS if is_there else FileKind.CONFIG
        if role is FileKind.CREDENTIALS:
            credentials = _with(credentials, profile, key, value)
        else:
            config = _with(config, profile, key, value)
    return config, credentials


def _with(file: ConfigFile, profile: str, key: str, value: str | None) -> ConfigFile:
    headers = file.headers.profiles.get(profile)
    if not headers:
        return file
    section: dict[str, Value] = dict(file.sections[headers[-1]])
    section.pop(key, None)
    if value is not None:
        section[key] = value
    return replace(file, sections={**file.sections, headers[-1]: section})


def _users(snapshot: Snapshot, profile: str) -> Iterator[str]:
    """Yield a profile and all profiles that use it, directly or through others."""
    pending, seen = [profile], {profile}
    while pending:
        name = pending.pop()
        if name in snapshot.profiles:
            yield name
        for user in snapshot.dependants.get(name, ()):
            if user not in seen:
                seen.add(user)
                pending.append(user)


def _set(host: Host, changes: Mapping[str, str | None]) -> Host:
    left = {name: value for name, value in host.environ.items() if name not in changes}
    new = {name: value for name, value in changes.items() if value is not None}
    return replace(host, environ=MappingProxyType(left | new))


def _stopped(snapshot: Snapshot, host: Host, merged: Profiles, names: Iterable[str]) -> str | None:
    """Return which working profiles a change would stop, in any tool; None where it stops none."""
    elsewhere = provider_checks.elsewhere(host.environ, merged)
    expiry_calculator = snapshot.expiry_calculator.supposing(host=host, elsewhere=elsewhere)
    world = world_of(host, merged, expiry_calculator)
    after = {
        name: profile_report(world, expiry_calculator, name) if name in merged.by_name else None
        for name in names
    }
    ambient = {tool: ambient_report(world, expiry_calculator, tool) for tool in Tool}
    return _worse(snapshot, after, ambient)


def _worse(
    snapshot: Snapshot,
    after: Mapping[str, ProfileReport | None],
    ambient: Mapping[Tool, DefaultSession],
) -> str | None:
    """Return what worked before a change and does not after it, in a sentence's words, or None."""
    stopped = [
        name
        for name, report in after.items()
        if not _working(snapshot.profiles[name]) <= (_working(report) if report is not None else frozenset())
    ]
    if stopped:
        more = f" and {len(stopped) - _MANY} more" if len(stopped) > _MANY else ""
        return f"{', '.join(stopped[:_MANY])}{more} would fail"
    before = snapshot.default_session
    if any(_works(before[tool]) and not _works(ambient[tool]) for tool in Tool):
        return "commands that name no profile would fail"
    return None


def _working(report: ProfileReport) -> frozenset[Tool]:
    """Return the tools in which a profile works, as far as that is known offline."""
    if has_ended(report):
        return frozenset()
    return frozenset(tool for tool in Tool if report.resolutions[tool].fault is None)


def _works(here: DefaultSession) -> bool:
    return here.resolution.fault is None and not is_over(here.expiry)
