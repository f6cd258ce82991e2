"""The flags of lines that have errors or warnings, and what else lines are drawn from.

A flag stands at the cause, once. A profile that fails only because of it has no flag of its own: it is
dimmed, and says what it waits for.
"""

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from rolecall.cells import Names
from rolecall.tui.render.lines import Span
from rolecall.tui.tones import Tone
from rolecall.values import dataclass

SESSION, STRAY = "session:", "stray:"
KEY_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
)
"""The variables that hold the credentials of this shell."""

FLAG_WIDTH = 2
"""Cells of the column for flags."""


class Flag(StrEnum):
    """What a line is flagged with: the worst that was found. The values are those of ``Severity``."""

    ERROR = "error"
    WARNING = "warning"

    @property
    def glyph(self) -> str:
        """One character, which differs in its shape as well as in its colour."""
        return "▲" if self is Flag.ERROR else "△"

    @property
    def tone(self) -> Tone:
        """Its tone."""
        return Tone.BAD if self is Flag.ERROR else Tone.WARN


@dataclass(frozen=True, slots=True)
class Flags:
    """The flag of everything that has one.

    Attributes:
        counts: how many findings there are of each.
        waits: what a profile waits for, in a word, by the profile's name; without those that have an error
            of their own.
        profiles: by the profile's name.
        variables: by the variable's name.
        files: by the cache file's path.
        sessions: by the name, or the start URL, of an SSO session.
        sections: by the section's header.
    """

    counts: Mapping[Flag, int] = field(default_factory=dict)
    waits: Mapping[str, str] = field(default_factory=dict)
    profiles: Mapping[str, Flag] = field(default_factory=dict)
    variables: Mapping[str, Flag] = field(default_factory=dict)
    files: Mapping[Path, Flag] = field(default_factory=dict)
    sessions: Mapping[str, Flag] = field(default_factory=dict)
    sections: Mapping[str, Flag] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListContext:
    """What the lines of a list are drawn from, apart from their items.

    Attributes:
        now: what the time that is left is counted from.
        flags: what is wrong.
        names: the names in the list, which are cut so that no two look alike.
        marks: what the user has marked: names of profiles, or paths.
        accounts: the names of accounts, by their ids (for ``messages.accounts.account_text``).
    """

    now: datetime
    flags: Flags
    names: Names
    marks: Collection[object] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)


def worst(*flags: Flag | None) -> Flag | None:
    """Return the worst of some flags."""
    return next((flag for flag in Flag if flag in flags), None)


def column(flag: Flag | None) -> Span:
    """Return the two cells of a column for flags; without a flag they stay free."""
    return Span(f"{flag.glyph} ", flag.tone) if flag is not None else Span("  ")


def beside(flag: Flag | None, gap: str = " ") -> tuple[Span, ...]:
    """Return a flag and a gap where there is one, for lines that have no room for a column."""
    return (Span(f"{flag.glyph}{gap}", flag.tone),) if flag is not None else ()
