"""Lines of files and variables, quoted as evidence with their secrets masked."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from rolecall.aws.config_file import ConfigFile, FileKind
from rolecall.aws.profiles import OriginKind, Setting
from rolecall.aws.providers import PredictedError
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Location
from rolecall.host import Host
from rolecall.text import mask, mask_name


def visible_position(setting: Setting) -> Location:
    """Return the place of a setting."""
    return Location(setting.origin.path, setting.origin.line)


def quote(host: Host, path: Path, line: int | None, words: str) -> str:
    """Return a line of evidence: ``~/.aws/config:12  words``. The words are masked already."""
    where = f"{host.display(path)}:{line}" if line is not None else host.display(path)
    return f"{where}  {words}"


def quote_setting(host: Host, setting: Setting) -> str:
    """Return a setting as a line of evidence: ``~/.aws/config:12  source_profile = base``."""
    words = f"{mask_name(setting.name)} = {setting.shown}"
    return quote(host, setting.origin.path, setting.origin.line, words)


def quote_settings(host: Host, settings: Mapping[str, Setting], keys: Iterable[str]) -> tuple[str, ...]:
    """Return those settings of a profile as lines of evidence; keys that it lacks are left out."""
    return tuple(quote_setting(host, settings[key]) for key in keys if key in settings)


def join_words(names: Iterable[str]) -> str:
    """Return names as a person lists them: ``a, b and c``."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


_MANY, _FEW = 3, 4
"""Names that a list shows in full, at most."""


def said(fault: PredictedError | None) -> tuple[str, ...]:
    """Return the error that AWS tools raise, as a line of evidence."""
    if fault is None:
        return ()
    return (f"AWS tools say {fault.error}: {mask(' '.join(fault.message.split()))}",)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the name that was probably meant, or None: the same but for case, else the most like it."""
    known = list(names)
    for other in known:
        if other.lower() == name.strip("\"' ").lower():
            return other
    return next(iter(get_close_matches(name, known, 1)), None)


def listed(names: Iterable[str]) -> str:
    """Return names for a sentence, shortened if there are many: ``a, b and 5 more``."""
    every = list(names)
    if len(every) > _MANY:
        return f"{', '.join(every[: _MANY - 1])} and {len(every) - _MANY + 1} more"
    return join_words(every) if every else ""


def one_of(choices: Sequence[str]) -> str:
    """Return the first of several choices for a sentence: ``a, b, c or another one``."""
    *others, last = choices[:_FEW]
    if len(choices) > _FEW:
        return f"{', '.join((*others, last))} or another one"
    return " or ".join(filter(None, (", ".join(others), last)))


class Quoted:
    """The settings of one profile, with their places. Locating them is costly, so only findings do it.

    Attributes:
        snapshot: the Snapshot with the profile.
        name: the profile's name.
    """

    def __init__(self, snapshot: Snapshot, profile: str) -> None:
        self.snapshot = snapshot
        self.name = profile

    @cached_property
    def settings(self) -> Mapping[str, Setting]:
        """The settings by key; none where there is no such profile."""
        report = self.snapshot.profiles.get(self.name)
        return report.settings if report is not None else {}

    def shown(self, key: str) -> str:
        """Return a setting's value as it may be shown; empty where it is not set."""
        setting = self.settings.get(key)
        return setting.shown if setting is not None else ""

    def lines(self, *keys: str) -> tuple[str, ...]:
        """Return the lines of those keys that are set."""
        return quote_settings(self.snapshot.host, self.settings, dict.fromkeys(keys))

    def place(self, *keys: str) -> Location | None:
        """Return the place of the first of these keys that is set, else of the profile's header."""
        for key in keys:
            if key in self.settings:
                return visible_position(self.settings[key])
        return self.header

    def role(self, *keys: str) -> FileKind:
        """Return the file with the first of these keys that is set, else that of the profile's header."""
        for key in keys:
            if key in self.settings:
                is_there = self.settings[key].origin.kind is OriginKind.CREDENTIALS
                return FileKind.CREDENTIALS if is_there else FileKind.CONFIG
        is_in_config = self.name in self.snapshot.merged.config.headers.profiles
        return FileKind.CONFIG if is_in_config else FileKind.CREDENTIALS

    @property
    def header(self) -> Location | None:
        """The place of the profile's header, in config before credentials."""
        merged = self.snapshot.merged
        for file, headers in (
            (merged.config, merged.config.headers.profiles.get(self.name, ())),
            (merged.credentials, (self.name,)),
        ):
            found = _header(file, headers[-1]) if headers else None
            if found is not None:
                return found
        return None


def _header(file: ConfigFile, header: str) -> Location | None:
    section = file.located.sections.get(header)
    if section is None or file.path is None:
        return None
    return Location(file.path, section.line)
