"""Which lines are flagged: what the findings say of profiles, variables, cache files, sessions, sections.

Only errors and warnings are: what is merely worth knowing is listed, and stands beside nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from rolecall.tui.expiry_list import End
from rolecall.tui.profile_tree import Node
from rolecall.tui.render.lines import Span, Tone

SESSION, STRAY = "session:", "stray:"
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION")
"""The variables whose end stands among the others."""


class Flag(StrEnum):
    """What a line is flagged with: the worst that was found. The values are those of ``Severity``."""

    ERROR = "error"
    WARNING = "warning"

    @property
    def glyph(self) -> str:
        """Its one character: told from the other by its shape as well as by its colour."""
        return "▲" if self is Flag.ERROR else "△"

    @property
    def tone(self) -> Tone:
        """Its tone."""
        return Tone.BAD if self is Flag.ERROR else Tone.WARN


@dataclass(frozen=True, slots=True)
class Flags:
    """What is flagged.

    Attributes:
        counts: how many findings there are of each.
        profiles: by the profile's name.
        variables: by the variable's name.
        files: by the cache file's path.
        sessions: by the name, or the start URL, of an SSO session.
        sections: by the section's header.
    """

    counts: Mapping[Flag, int] = field(default_factory=dict)
    profiles: Mapping[str, Flag] = field(default_factory=dict)
    variables: Mapping[str, Flag] = field(default_factory=dict)
    files: Mapping[Path, Flag] = field(default_factory=dict)
    sessions: Mapping[str, Flag] = field(default_factory=dict)
    sections: Mapping[str, Flag] = field(default_factory=dict)

    def of_node(self, node: Node) -> Flag | None:
        """Return the flag of a line of the tree; headings have none."""
        if node.report is not None:
            return self.profiles.get(node.report.name)
        is_stray = node.key.startswith(STRAY)
        return self.sections.get(node.key.removeprefix(STRAY)) if is_stray else None

    def of_end(self, end: End) -> Flag | None:
        """Return the flag of what ends: of a profile, a session, or this shell's keys."""
        if end.key.startswith(SESSION):
            return self.sessions.get(end.key.removeprefix(SESSION))
        if end.profile is not None:
            return self.profiles.get(end.profile)
        return worst(*(self.variables.get(name) for name in KEYS))


def worst(*flags: Flag | None) -> Flag | None:
    """Return the worst of some flags."""
    return next((flag for flag in Flag if flag in flags), None)


def column(flag: Flag | None) -> Span:
    """Return the two cells of a column for flags; without a flag they stay free."""
    return Span(f"{flag.glyph} ", flag.tone) if flag is not None else Span("  ")


def beside(flag: Flag | None, gap: str = " ") -> tuple[Span, ...]:
    """Return a flag and a gap where there is one, for lines that have no room for a column."""
    return (Span(f"{flag.glyph}{gap}", flag.tone),) if flag is not None else ()
