"""The row that changes a file under the running app and waits for the change on its screen."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from alternation import Alternation
from bench import Bench
from homes import CALM, Home
from measure import AtMost, BenchmarkError, Comparison, Unit, take_turns
from on_screen import CALM_BEFORE_SECONDS, until_rest
from pty_app import Terminal
from screen import Replay

WATCHING_BARE = "bare, watching"
LOOK_EVERY_SECONDS = 0.5
REST_SECONDS = 1.0
SHOWN_SECONDS = 15.0

Change = Callable[[], float]


@dataclass(frozen=True, slots=True)
class _Watcher:
    """An app on its terminal, and the screen that it has drawn so far."""

    terminal: Terminal
    screen: Replay

    def until_shown(self, file: Alternation, name: str) -> float:
        """Change a file and return how long it took until a profile's lines changed, in ms."""
        self.terminal.settle(CALM_BEFORE_SECONDS, SHOWN_SECONDS)
        self.screen.catch_up(self.terminal.chunks)
        changed = file.flip()
        while time.perf_counter() < changed + SHOWN_SECONDS:
            self.terminal.read_for(LOOK_EVERY_SECONDS)
            shown = self.screen.change_of(name, self.terminal.chunks)
            if shown is not None:
                self.terminal.read_for(REST_SECONDS)
                return (shown - changed) * 1000
        raise BenchmarkError(f"the change to {name} was not on screen within {SHOWN_SECONDS:g} s")

    def visible(self, *names: str) -> str:
        """Return the first of the names that is on screen."""
        for name in names:
            if self.screen.lines_with(name):
                return name
        raise BenchmarkError(f"none of {len(names)} profiles is on the first screen")


def reread(bench: Bench) -> list[Comparison]:
    """From a changed file to the change on screen, at 1,000 profiles, with the app running."""
    home, bare_home = bench.home(1_000, CALM), bench.home(1_000, CALM)
    watched = str(bare_home.path / ".aws")
    with bench.rolecall(home) as rolecall, bench.bare(bare_home, "--watch", watched) as bare:
        ours, beside = _at_rest(rolecall, home), _at_rest(bare, bare_home)
        role = ours.visible(*home.entries)
        lone = ours.visible(home.lone, home.names[0])
        marked = bare_home.names[0]
        return [
            _compare(
                changed.what,
                bench.runs,
                partial(ours.until_shown, changed, changed.profile),
                partial(beside.until_shown, counterpart, marked),
            )
            for changed, counterpart in (
                (Alternation.of_entry(home, role), Alternation.of_entry(bare_home, role)),
                (Alternation.of_secret(home, lone), Alternation.of_secret(bare_home, lone)),
            )
        ]


def _compare(what: str, runs: int, ours: Change, beside: Change) -> Comparison:
    what = f"{what} changed to its sight, 1,000 profiles"
    target = AtMost(1000, Unit.MILLISECONDS)
    our_sample, beside_sample = take_turns([ours, beside], runs)
    return Comparison(what, Unit.MILLISECONDS, our_sample, beside_sample, WATCHING_BARE, target)


def _at_rest(terminal: Terminal, home: Home) -> _Watcher:
    until_rest(terminal, home)
    screen = Replay()
    screen.catch_up(terminal.chunks)
    return _Watcher(terminal, screen)
