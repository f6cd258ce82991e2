"""The rows that need the app on a terminal: first names, memory, idling, a key press."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench import Bench
from homes import CALM, TICKING, Home
from measure import AtMost, AtMostTimes, BenchmarkError, Comparison, Unit, ninety_fifth, take_turns
from processes import cpu_seconds, peak_memory
from pty_app import Terminal
from screen import Replay

BARE = "bare Textual"
A_NAME = rb"acme-\d{5}"
START_SECONDS = 60.0
REST_QUIET_SECONDS = 1.0
AFTER_PAINT_SECONDS = 2.0
IDLE_SETTLE_SECONDS = 3.0
IDLE_SECONDS = 10.0
TICKING_SECONDS = 8  # of the ten: in so many of them something must have been redrawn
IDLE_RUNS = 3
KEY_PRESSES = 30
KEY_EVERY_SECONDS = 0.03
KEYS_SECONDS = 2.0  # after the first name
CALM_BEFORE_SECONDS = 0.05  # what came while the other side was measured is no answer to a key
KEY_QUIET_SECONDS = 0.4  # longer than what an app puts off until the keys rest
KEY_SECONDS = 10.0

Start = Callable[[], Terminal]


@dataclass(frozen=True, slots=True)
class _Idling:
    percent: float
    seconds_with_output: int


def first_name(bench: Bench, profiles: int, times: float) -> list[Comparison]:
    """From the fork to the first profile's name among the bytes on the terminal."""
    home = bench.home(profiles, CALM)
    ours, beside = take_turns(
        [
            lambda: _until_first_name(lambda: bench.rolecall(home), home),
            lambda: _until_first_name(lambda: bench.bare(home), home),
        ],
        bench.runs,
    )
    what = f"first name on screen, {profiles:,} profiles"
    return [Comparison(what, Unit.MILLISECONDS, ours, beside, BARE, AtMostTimes(times))]


def ready(bench: Bench, profiles: int, times: float) -> list[Comparison]:
    """From the fork to the first key that is obeyed and redrawn; one is typed again and again."""
    home = bench.home(profiles, CALM)
    ours, beside = take_turns(
        [
            lambda: _until_obeyed(lambda: bench.rolecall(home), home),
            lambda: _until_obeyed(lambda: bench.bare(home), home),
        ],
        bench.runs,
    )
    what = f"first key obeyed, {profiles:,} profiles"
    return [Comparison(what, Unit.MILLISECONDS, ours, beside, BARE, AtMostTimes(times))]


def memory(bench: Bench, profiles: int, times: float) -> list[Comparison]:
    """The most memory resident, two seconds after the first paint."""
    home = bench.home(profiles, CALM)
    ours, beside = take_turns(
        [
            lambda: _peak_after_paint(lambda: bench.rolecall(home), home),
            lambda: _peak_after_paint(lambda: bench.bare(home), home),
        ],
        bench.runs,
    )
    what = f"peak memory, {profiles:,} profiles"
    return [Comparison(what, Unit.MEGABYTES, ours, beside, BARE, AtMostTimes(times))]


def idle(bench: Bench) -> list[Comparison]:
    """The share of a core that goes while nobody types and the countdowns tick, at 100 profiles."""
    home = bench.home(100, TICKING)
    ours, beside = take_turns(
        [
            lambda: _idle(lambda: bench.rolecall(home), home),
            lambda: _idle(lambda: bench.bare(home), home),
        ],
        min(bench.runs, IDLE_RUNS),
        warm_ups=0,
    )
    if min(each.seconds_with_output for each in ours) < TICKING_SECONDS:
        raise BenchmarkError("no countdown ticked, so that idling with countdowns was not measured")
    return [
        Comparison(
            "idle with countdowns, of a core",
            Unit.PERCENT,
            tuple(each.percent for each in ours),
            tuple(each.percent for each in beside),
            BARE,
            AtMost(0.4, Unit.PERCENT),
        )
    ]


def key(bench: Bench) -> list[Comparison]:
    """From a key press to the first bytes that redraw a profile, and to the last of all."""
    home = bench.home(10_000, CALM)
    with bench.rolecall(home) as rolecall, bench.bare(home) as bare:
        for terminal in (rolecall, bare):
            until_rest(terminal, home)
        ours, beside = take_turns(
            [lambda: _press(rolecall), lambda: _press(bare)], max(bench.runs, KEY_PRESSES)
        )
    our_first, our_last = zip(*ours, strict=True)
    bare_first, bare_last = zip(*beside, strict=True)
    what, unit = "key to repaint, 10,000 profiles", Unit.MILLISECONDS
    return [
        Comparison(f"{what}, median", unit, our_first, bare_first, BARE, AtMost(10, unit)),
        Comparison(f"{what}, p95", unit, our_first, bare_first, BARE, AtMost(16, unit), ninety_fifth),
        Comparison(f"{what}, all of it", unit, our_last, bare_last, BARE),
    ]


def until_rest(terminal: Terminal, home: Home) -> None:
    """Wait for the first profile's name, then for the end of all output."""
    _appeared(terminal, home)
    terminal.settle(REST_QUIET_SECONDS, START_SECONDS)


def _appeared(terminal: Terminal, home: Home) -> float:
    return terminal.wait_for(re.escape(home.names[0]).encode(), 0, START_SECONDS)


def _until_first_name(start: Start, home: Home) -> float:
    with start() as terminal:
        return (_appeared(terminal, home) - terminal.started) * 1000


def _until_obeyed(start: Start, home: Home) -> float:
    with start() as terminal:
        first = home.names[0]
        until = None
        while until is None or time.perf_counter() < until:
            terminal.send(b"j")
            terminal.read_for(KEY_EVERY_SECONDS)
            if until is None and terminal.has_written(first.encode()):
                until = time.perf_counter() + KEYS_SECONDS
            if time.perf_counter() > terminal.started + START_SECONDS:
                raise BenchmarkError(f"{first} did not come within {START_SECONDS:g} s")
        obeyed = Replay().cursor_after(first, terminal.chunks)
        if obeyed is None:
            raise BenchmarkError(f"no key moved the cursor within {KEYS_SECONDS:g} s of the first name")
        return (obeyed - terminal.started) * 1000


def _peak_after_paint(start: Start, home: Home) -> float:
    with start() as terminal:
        _appeared(terminal, home)
        terminal.read_for(AFTER_PAINT_SECONDS)
        return peak_memory(terminal.pid)


def _idle(start: Start, home: Home) -> _Idling:
    with start() as terminal:
        _appeared(terminal, home)
        terminal.read_for(IDLE_SETTLE_SECONDS)
        known, used, began = len(terminal.chunks), cpu_seconds(terminal.pid), time.perf_counter()
        terminal.read_for(IDLE_SECONDS)
        share = (cpu_seconds(terminal.pid) - used) / (time.perf_counter() - began)
        ticks = {int(chunk.at - began) for chunk in terminal.chunks[known:]}
        return _Idling(percent=share * 100, seconds_with_output=len(ticks))


def _press(terminal: Terminal) -> tuple[float, float]:
    """Go down one line; return when it was first drawn and when all was, in ms after the key."""
    terminal.settle(CALM_BEFORE_SECONDS, KEY_SECONDS)
    since = terminal.position
    pressed = terminal.send(b"j")
    first = terminal.wait_for(A_NAME, since, KEY_SECONDS)
    last = terminal.settle(KEY_QUIET_SECONDS, KEY_SECONDS) or first
    return (first - pressed) * 1000, (last - pressed) * 1000
