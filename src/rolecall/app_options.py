"""The options with which the command line starts the app, and what the app returns to it."""

from dataclasses import field
from enum import StrEnum

from rolecall.values import dataclass


class Characters(StrEnum):
    """Which characters the terminal can show."""

    ALL = "all"
    LETTERS = "letters"
    """Letters of every language, but no glyphs: for those, ASCII stands."""
    ASCII = "ascii"
    """ASCII only; for any other letter a question mark stands."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the app is started.

    Attributes:
        read_only: whether every command that changes anything is disabled.
        characters: which characters are drawn.
        is_fresh: whether what the app remembered of the last time is ignored.
        emits: the shell for which lines are printed at the end, for it to evaluate; None where there is none.
    """

    read_only: bool = False
    emits: str | None = None
    characters: Characters = Characters.ALL
    is_fresh: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """How the app ended.

    Attributes:
        code: the exit code, 1 for an error in rolecall.
        lines: the lines to print on stdout; an export may contain secrets.
        goes_to_demo: whether the app over the made-up home is to come next.
    """

    code: int = 0
    lines: tuple[str, ...] = field(default=(), repr=False)
    goes_to_demo: bool = False
