"""How the app is started, and what it leaves behind: what the command line and the app say to each other."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Options:
    """How the app is started.

    Attributes:
        read_only: whether every command that changes anything is disabled.
        emits: the shell whose lines are printed at the end, for it to evaluate; None where nobody does.
    """

    read_only: bool = False
    emits: str | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How the app was left.

    Attributes:
        code: the exit code, 1 for an error of ours.
        lines: what is to be printed on stdout: an export may hold secrets.
    """

    code: int = 0
    lines: tuple[str, ...] = field(default=(), repr=False)
