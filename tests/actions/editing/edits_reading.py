"""One file as botocore reads it, for the oracle of edits: meaning, lines and places."""

import configparser
import re
from dataclasses import dataclass
from pathlib import Path

from botocore import configloader

from rolecall.aws.config_file import FileKind
from rolecall.aws.config_lines import Located, locate

Section = dict[str, object]
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def lines_of(data: bytes | None) -> list[str]:
    """Return the lines of a file with their ends."""
    return LINE.findall((data or b"").decode())


@dataclass(frozen=True)
class Read:
    """One file as botocore reads it.

    Attributes:
        role: which of the two it is.
        data: its bytes, or None.
        sections: ``raw_config_parse``.
        defaults: what ``[DEFAULT]`` leaks.
        located: where everything stands (proved against botocore in tests/differential).
    """

    role: FileKind
    data: bytes | None
    sections: dict[str, Section]
    defaults: Section
    located: Located

    @classmethod
    def of(cls, role: FileKind, path: Path) -> "Read":
        """Read a file; raises ConfigParseError as botocore does."""
        if not path.exists():
            return cls(role, None, {}, {}, Located())
        sections = configloader.raw_config_parse(str(path))
        parser = configparser.RawConfigParser()
        parser.read([path])
        # [DEFAULT] as one more section is parsed into blocks by botocore, too
        defaults: Section = {key: leaked(value) for key, value in parser.defaults().items()}
        located = locate(path.read_bytes().decode())
        return cls(role, path.read_bytes(), sections, defaults, located)

    def name_of(self, header: str, kind: str = "profile") -> str | None:
        """Return the profile (or other kind) that a header stands for."""
        if self.role is FileKind.CREDENTIALS:
            return header if kind == "profile" else None
        if (kind, header) == ("profile", "default"):
            return header
        found = configloader.build_profile_map({header: {}})
        names = found[{"profile": "profiles", "sso-session": "sso_sessions"}[kind]]
        return next(iter(names), None)

    def headers(self, name: str, kind: str = "profile") -> list[str]:
        """Return the headers that stand for a name, the one in force last."""
        return [header for header in self.sections if self.name_of(header, kind) == name]

    def in_force(self, name: str, kind: str = "profile") -> str | None:
        """Return the header in force."""
        return next(reversed(self.headers(name, kind)), None)

    def values(self, name: str) -> Section:
        """Return what a profile says here."""
        header = self.in_force(name)
        return {} if header is None else self.sections[header]

    def own(self, header: str) -> set[str]:
        """Return the keys that a section has itself."""
        return set(self.located.sections[header].keys)


def nested(text: str) -> object:
    """Read a value as ``raw_config_parse`` does; what it refuses stays as it is, for nobody may have asked.

    botocore stumbles over a block of ``[DEFAULT]`` only where there is a section for it to leak into.
    """
    try:
        return configloader._parse_nested(text) if text.startswith("\n") else text
    except ValueError:
        return text


def leaked(text: str) -> object:
    """Read a value of ``[DEFAULT]``; botocore does so only where there is a section that gets it."""
    try:
        return nested(text)
    except ValueError:
        return text


def meant(text: str) -> object:
    """Return what a value means that was typed."""
    lines = [line for line in text.split("\n") if not line.strip().startswith(("#", ";"))]
    return nested("\n".join(lines)) if text.startswith("\n") else text
