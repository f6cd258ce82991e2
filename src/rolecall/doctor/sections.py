"""The sections and settings that AWS tools know, and those that look like a mistake."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from difflib import get_close_matches
from functools import lru_cache
from typing import TypeAlias

from rolecall.aws import neighbours
from rolecall.aws.config_file import ConfigFile, Value
from rolecall.aws.line_edits import POWERSHELL
from rolecall.aws.neighbours import is_setting
from rolecall.aws.profiles import Profiles
from rolecall.aws.settings import SETTINGS
from rolecall.host import Host
from rolecall.text import mask_name, shown_as, shown_value
from rolecall.values import dataclass

_LIMITED = frozenset(name for name, about in SETTINGS.items() if about.is_limited)
_ALSO = {other: name for name, about in SETTINGS.items() for other in about.also}
_ALSO |= {
    "accesskeyid": "aws_access_key_id",
    "secretaccesskey": "aws_secret_access_key",
    "sessiontoken": "aws_session_token",
    "security_token": "aws_security_token",
    "awsaccesskeyid": "aws_access_key_id",
    "awssecretkey": "aws_secret_access_key",
}
"""The names of STS's API, as ``aws sts assume-role`` prints them, and of the old EC2 tools."""
_AS_VARIABLE = re.compile(r"(?:export|setx?|declare -x)\s+")
KEYS = frozenset(("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token"))
_LIKENESS = 0.83
_NAMES = frozenset(SETTINGS)


@lru_cache(maxsize=1024)
def meant_setting(key: str, known: Collection[str] = _NAMES) -> str | None:
    """Return the setting that was probably meant by an unknown name, or None where none is near.

    Args:
        key: the name as written, in lower case.
        known: the names that are valid there.
    """
    if key in known or is_setting(key):
        return None
    plain = (
        _AS_VARIABLE.sub("", key.strip("\"' "))
        .strip("\"' ")
        .replace("-", "_")
        .replace(" ", "_")
        .replace(".", "_")
    )
    for name in (plain, _ALSO.get(plain), f"aws_{plain}"):
        if name in known:
            return name
    if plain.startswith("aws_") and plain.removeprefix("aws_") in known:
        return plain.removeprefix("aws_")
    return next(iter(get_close_matches(plain, sorted(known), 1, _LIKENESS)), None)


def meant_by(key: str, value: object, known: frozenset[str] = _NAMES) -> str | None:
    """Return the setting that was probably meant by an unknown one with a value, or None.

    Of PowerShell's ``$Env:NAME="…"`` AWS tools take ``$env`` for the name, and the rest for the value.
    """
    if key != POWERSHELL or not isinstance(value, str) or "=" not in value:
        return meant_setting(key, known)
    name = value.partition("=")[0].strip().lower()
    return name if name in known else meant_setting(name, known)


def misnamed_keys(settings: Mapping[str, object]) -> dict[str, str]:
    """Return the settings that are keys under a name that no AWS tool reads, each with the right name."""
    found = {key: meant_by(key, value) for key, value in settings.items() if key not in SETTINGS}
    return {key: right for key, right in found.items() if right in KEYS and right not in settings}


_Place: TypeAlias = tuple[ConfigFile, str, str, bool]
"""What a Passage is made of."""
_KNOWN = _NAMES | neighbours.SETTINGS.keys()
_ODD = re.compile(r"[^ !()*+,\-./0-9:=?@A-Z\[\\\]^_a-z{}\0]")
"""Line ends, quotes, beginnings of comments, characters that a shell expands, and all that is not ASCII."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One section that AWS tools use.

    Attributes:
        file: the file with the section.
        name: the name of the profile or the sso-session.
        header: the header.
        is_session: whether it is an sso-session's.
    """

    file: ConfigFile
    name: str
    header: str
    is_session: bool = False

    @property
    def values(self) -> Mapping[str, Value]:
        """The settings, including those from ``[DEFAULT]``."""
        return self.file.sections[self.header]

    @property
    def profiles(self) -> tuple[str, ...]:
        """The profile of the section; none for an sso-session."""
        return () if self.is_session else (self.name,)

    @property
    def of(self) -> str:
        """The section in a sentence: ``dev``, ``the sso-session corp``."""
        name = mask_name(self.name)
        return f"the sso-session {name}" if self.is_session else name

    def line(self, key: str) -> int | None:
        """Return the line of one of its own keys; None for a key from ``[DEFAULT]``."""
        section = self.file.located.sections.get(self.header)
        found = section.keys.get(key) if section is not None else None
        return found.line if found is not None else None

    def quote(self, host: Host, key: str, *, like: str | None = None) -> str:
        """Return the line of a key as evidence; ``like`` names the setting that is probably meant."""
        value = self.values[key]
        shown = shown_as(like, key, value) if like and isinstance(value, str) else shown_value(key, value)
        return quote(host, self.file, self.line(key), f"{mask_name(key)} = {shown}")


@dataclass(frozen=True, slots=True)
class Suspects:
    """Settings with odd names or values, each with its section.

    Attributes:
        unknown: those of a name that no AWS tool knows.
        odd: those with a value that is a block, has several lines, or contains an unusual character.
        words: the values of settings that do not take every value, by key and value, with where they are.
    """

    unknown: tuple[tuple[Passage, str], ...] = ()
    odd: tuple[tuple[Passage, str], ...] = ()
    words: Mapping[tuple[str, str], Sequence[_Place]] = field(default_factory=dict)

    def saying(self, key: str, value: str) -> Iterator[Passage]:
        """Yield the sections in which a setting has that value."""
        return (Passage(*place) for place in self.words[key, value])


def suspects(merged: Profiles) -> Suspects:
    """Return the settings with odd names or values in all sections that AWS tools use."""
    unknown: list[tuple[Passage, str]] = []
    odd: list[tuple[Passage, str]] = []
    words: dict[tuple[str, str], list[_Place]] = {}
    for place in _places(merged):
        file, _, header, _ = place
        values = file.sections[header]
        keys = values.keys()
        if not keys <= _KNOWN:
            passage = Passage(*place)
            unknown += [(passage, key) for key in values if key not in SETTINGS and not is_setting(key)]
        if _is_odd(values):
            passage = Passage(*place)
            odd += [(passage, key) for key, value in values.items() if _is_odd({key: value})]
        for key in keys & _LIMITED:
            value = values[key]
            if isinstance(value, str):
                words.setdefault((key, value), []).append(place)
    return Suspects(tuple(unknown), tuple(odd), words)


def _is_odd(values: Mapping[str, Value]) -> bool:
    try:
        return _ODD.search("\0".join(values.values())) is not None  # type: ignore[arg-type]  # blocks raise
    except TypeError:
        return True


def _places(merged: Profiles) -> Iterator[_Place]:
    """Yield the profiles of both files, then the sso-sessions; of several with one name, the last.

    Nothing where a file does not parse: AWS tools then know no profile, whatever is in the other file.
    """
    if merged.broken_file is not None:
        return
    for file in (merged.config, merged.credentials):
        for name, headers in file.headers.profiles.items():
            yield file, name, headers[-1], False
    for name, headers in merged.config.headers.sso_sessions.items():
        yield merged.config, name, headers[-1], True


def quote(host: Host, file: ConfigFile, line: int | None, words: str) -> str:
    """Return words with their place: ``~/.aws/config:12  region = eu-west-1``; secrets are masked already."""
    where = host.display(file.path) if file.path is not None else file.role.value
    return f"{where}:{line}  {words}" if line is not None else f"{where}  {words}"


def section_lines(host: Host, config: ConfigFile, headers: Iterable[str]) -> Iterator[str]:
    """Yield the settings below headers as evidence."""
    for header in headers:
        found = config.located.sections.get(header)
        for key, place in found.keys.items() if found is not None else ():
            value = config.sections[header][key]
            yield quote(host, config, place.line, f"{mask_name(key)} = {shown_value(key, value)}")
