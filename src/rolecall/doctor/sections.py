"""The sections of the two files that AWS tools go by, and the settings in them that are worth a look.

Thousands of sections are mostly in order, so they are gone through once, with the cheapest questions, and
only what is left is looked at by the rules. Where a line stands is worked out when asked.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from rolecall.aws.config_file import ConfigFile, Value
from rolecall.aws.profiles import Profiles
from rolecall.doctor import neighbours
from rolecall.doctor.known import KEYS, WORDS
from rolecall.host import Host
from rolecall.text import mask_name, shown_as, shown_value

_Place: TypeAlias = tuple[ConfigFile, str, str, bool]
"""What a Passage is made of."""
_KNOWN = KEYS | neighbours.OTHER_TOOLS_SETTINGS
_ODD = re.compile(r"[^ !%&()*+,\-./0-9:<=>?@A-Z\[\\\]^_`a-z{|}\0]")
"""Line ends, quotes, what begins a comment or wants to be expanded, and all that is not ASCII."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One section that is in force.

    Attributes:
        file: the file in which it stands.
        name: whose section it is: a profile's name, or an sso-session's.
        header: the header.
        is_session: whether it is that of an sso-session.
    """

    file: ConfigFile
    name: str
    header: str
    is_session: bool = False

    @property
    def values(self) -> Mapping[str, Value]:
        """The settings, those that ``[DEFAULT]`` leaks into the section included."""
        return self.file.sections[self.header]

    @property
    def profiles(self) -> tuple[str, ...]:
        """The profile whose section it is; none for an sso-session."""
        return () if self.is_session else (self.name,)

    @property
    def of(self) -> str:
        """The section in a sentence: ``dev``, ``the sso-session corp``."""
        name = mask_name(self.name)
        return f"the sso-session {name}" if self.is_session else name

    def line(self, key: str) -> int | None:
        """Return the line of one of its own keys; None where ``[DEFAULT]`` has leaked it."""
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
    """Settings that are worth a look, each with the section in which it stands.

    Attributes:
        unknown: those of a name that no AWS tool knows.
        odd: those whose value is a block, has several lines, or holds a character that few values hold.
        words: the values that there are of ``known.WORDS``, by key and value, with where they stand.
    """

    unknown: tuple[tuple[Passage, str], ...] = ()
    odd: tuple[tuple[Passage, str], ...] = ()
    words: Mapping[tuple[str, str], Sequence[_Place]] = field(default_factory=dict)

    def saying(self, key: str, value: str) -> Iterator[Passage]:
        """Yield the sections that give a setting that value; most values need no look at their sections."""
        return (Passage(*place) for place in self.words[key, value])


def suspects(merged: Profiles) -> Suspects:
    """Go through all sections that are in force, and return the settings that are worth a look."""
    unknown: list[tuple[Passage, str]] = []
    odd: list[tuple[Passage, str]] = []
    words: dict[tuple[str, str], list[_Place]] = {}
    for place in _places(merged):
        file, _, header, _ = place
        values = file.sections[header]
        keys = values.keys()
        if not keys <= _KNOWN:
            passage = Passage(*place)
            unknown += [
                (passage, key) for key in values if key not in KEYS and not neighbours.is_setting(key)
            ]
        if _is_odd(values):
            passage = Passage(*place)
            odd += [(passage, key) for key, value in values.items() if _is_odd({key: value})]
        for key in keys & WORDS:
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
    """Yield the profiles of both files, then the sso-sessions; of several of a name the last counts.

    Nothing where a file does not parse: AWS tools know no profile then, whatever the other file says.
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
