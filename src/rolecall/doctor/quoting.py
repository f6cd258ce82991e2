"""How a rule quotes what proves it: the file, the line and the setting, secrets masked."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from rolecall.aws.profiles import Setting
from rolecall.doctor.finding import Location
from rolecall.host import Host
from rolecall.text import mask_name


def place(setting: Setting) -> Location:
    """Return where a setting stands."""
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
