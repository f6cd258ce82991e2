"""What every row is given: where to put homes, how often to measure, how to start both sides."""

from dataclasses import dataclass
from pathlib import Path

from homes import Home, Span, make_home
from processes import bare_command, environment
from pty_app import Terminal


@dataclass(frozen=True, slots=True)
class Bench:
    """The workbench of one run.

    Attributes:
        workspace: an empty directory, removed at the end.
        runs: how many pairs are measured.
        program: how rolecall is started.
    """

    workspace: Path
    runs: int
    program: tuple[str, ...]

    def home(self, profiles: int, span: Span, *, at_least_entries: int = 0) -> Home:
        """Make a new home."""
        path = self.workspace / f"home-{sum(1 for _ in self.workspace.iterdir())}"
        return make_home(path, profiles, span, at_least_entries=at_least_entries)

    def rolecall(self, home: Home) -> Terminal:
        """Start rolecall on a terminal, over a home."""
        return Terminal(self.program, environment(home))

    def bare(self, home: Home, *options: str) -> Terminal:
        """Start the bare app on a terminal, with the names of a home."""
        return Terminal(bare_command(home, *options), environment(home))
