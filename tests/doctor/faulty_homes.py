"""Random homes with several faults: rows of the tables joined, homes of teams with something spoilt in them.

A home is a number: the same number always gives the same home.
"""

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from rolecall.host import Host
from tests.doctor.healthy_homes import KINDS, HealthyHome, Team, close
from tests.doctor.rows import Row
from tests.homes import make_home

_HEADER = re.compile(r"^\[\s*(?:profile|sso-session|services)?\s*['\"]?([\w.-]+)['\"]?\s*\]", re.MULTILINE)
_TEXTS = ("config", "credentials")
_SPOILT: Mapping[str, Callable[[str, Random], str]] = {
    "a letter lost": lambda line, random: _without(
        line, random.randrange(max(len(line.partition("=")[0]), 1))
    ),
    "quotes": lambda line, _: re.sub(r"= (.+)$", r'= "\1"', line),
    "a comment behind": lambda line, _: f"{line} # mine",
    "indented": lambda line, _: f"  {line}",
    "nothing": lambda line, _: f"{line.partition('=')[0]}=",
    "gone": lambda _line, _: "",
    "a hyphen": lambda line, _: line.replace("_", "-", 1),
    "in capitals": lambda line, _: line.upper(),
    "twice": lambda line, _: f"{line}\n{line}",
    "no equals": lambda line, _: line.replace("=", ""),
    "no brackets' word": lambda line, _: line.replace("[profile ", "["),
    "cut off": lambda line, _: line[:-3],
    "temporary": lambda line, _: line.replace("AKIA", "ASIA"),
    "another name": lambda line, random: re.sub(
        r"= [\w.-]+$", f"= {random.choice(('gone', 'dev', 'x'))}", line
    ),
}
_VARIABLES: Sequence[Mapping[str, str]] = (
    {"AWS_PROFILE": "gone"},
    {"AWS_PROFILE": "default"},
    {"AWS_PROFILE": ""},
    {"AWS_ACCESS_KEY_ID": "AKIAQ3EGRIDENVIRONM2", "AWS_SECRET_ACCESS_KEY": "CANARY"},
    {"AWS_ACCESS_KEY_ID": "ASIAQ3EGRIDENVIRONM2", "AWS_SECRET_ACCESS_KEY": "CANARY"},
    {"AWS_SECRET_ACCESS_KEY": "CANARY"},
    {"AWS_ACCESS_KEY_ID": '"AKIAQ3EGRIDENVIRONM2"', "AWS_SECRET_KEY": "CANARY"},
    {"AWS_REGION": "eu-west-1a"},
    {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "us-east-1"},
    {"AWS_SESSION_TOKEN": "CANARY"},
    {"AWS_VAULT": "other"},
)


_LARGE = 1_000_000
"""Characters from which a text keeps its names: a file that is too large beside a chain of a thousand."""


@dataclass(frozen=True)
class FaultyHome:
    """A home in the making: what ``make_home`` takes, and what else is done to it."""

    parts: Mapping[str, object]
    prepare: tuple[Callable[[Path], None], ...] = ()

    def make(self, place: Path) -> Host:
        """Write it into a directory."""
        host = make_home(place, **_possible(self.parts))  # type: ignore[arg-type]  # as make_home has them
        for each in self.prepare:
            # one row's file may stand where another's directory would
            with contextlib.suppress(OSError):
                each(place)
        return host


def faulty_home(number: int, rows: Sequence[Row]) -> FaultyHome:
    """Return a home by its number: a row, several rows, or a team's home with faults."""
    random = Random(number)  # noqa: S311 - made-up homes
    if number < len(rows):
        return FaultyHome(rows[number].here, (rows[number].prepare,))
    if number % 3:
        chosen = random.sample(rows, random.choice((2, 2, 3, 4)))
        home = FaultyHome(chosen[0].here, (chosen[0].prepare,))
        for row in chosen[1:]:
            home = _joined(home, row, random)
    else:
        home = _spoilt_team(random)
    if number % 4 == 0:
        environ = {**_mapping(home.parts.get("environ")), **random.choice(_VARIABLES)}
        home = FaultyHome({**home.parts, "environ": environ}, home.prepare)
    return home


def _joined(home: FaultyHome, row: Row, random: Random) -> FaultyHome:
    """Put another row's home into this one; where both have a name, it mostly gets another one."""
    parts, other = dict(home.parts), dict(row.here)
    taken = {name for key in _TEXTS for name in _HEADER.findall(_text(parts.get(key)))}
    for name in taken if random.randrange(4) else ():
        pattern = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])")
        for key in _TEXTS:
            if isinstance(other.get(key), str) and len(_text(other[key])) < _LARGE:
                other[key] = pattern.sub(f"{name}2", _text(other[key]))
        if "environ" in other:
            other["environ"] = {
                each: f"{name}2" if value == name else value
                for each, value in _mapping(other["environ"]).items()
            }
    for key, value in other.items():
        if key in _TEXTS and isinstance(value, str) and isinstance(parts.get(key), str):
            before = _text(parts[key])
            parts[key] = f"{before}\n{value}" if random.randrange(8) else f"{before}{value}"
        elif isinstance(value, Mapping) and isinstance(parts.get(key), Mapping):
            parts[key] = {**_mapping(parts[key]), **value}
        else:
            parts[key] = value
    return FaultyHome(parts, (*home.prepare, row.prepare))


def _spoilt_team(random: Random) -> FaultyHome:
    """Return a team's home with up to four lines spoilt."""
    kind = random.choice(KINDS)
    team = Team(random, kind.__name__)
    kind(team)
    team.config = team.config[:60]
    for _ in range(random.randint(1, 4)):
        lines = random.choice((team.config, team.credentials))
        if lines:
            at = random.randrange(len(lines))
            lines[at] = random.choice(list(_SPOILT.values()))(lines[at], random)
    return FaultyHome(HealthyHome("", team).parts, (close,))


def _possible(parts: Mapping[str, object]) -> Mapping[str, object]:
    """Leave out the directories that stand where another row has a file."""
    files = {
        name: content
        for name, content in _mapping(parts.get("files")).items()
        if parts.get(name.removeprefix(".aws/").rstrip("/")) is None or not name.endswith("/")
    }
    return {**parts, "files": files}


def _without(line: str, at: int) -> str:
    return line[:at] + line[at + 1 :]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, str]:
    return value if isinstance(value, Mapping) else {}
