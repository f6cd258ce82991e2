"""The rows of what keys do: deleting thousands of cache files, editing a large file."""

import gc
import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from bench import Bench
from botocore import configloader
from homes import CALM, Home
from measure import AtMost, AtMostTimes, BenchmarkError, Comparison, Unit, take_turns

from rolecall.actions import clear_cache
from rolecall.actions.clear_cache import EntryFilter
from rolecall.actions.editing import edits
from rolecall.actions.prompts import Cancel
from rolecall.actions.writing import saving
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host

ENTRIES = 10_000
PROFILES = 1_000
MOST_RUNS = 5
"""Each deletion needs 10,000 files anew."""


def clear(bench: Bench) -> list[Comparison]:
    """Choose, price and delete 10,000 cache entries, beside ``unlink`` of as many files."""
    runs = min(bench.runs, MOST_RUNS)
    homes = iter([bench.home(PROFILES, CALM, at_least_entries=ENTRIES) for _ in range(2 * (runs + 1))])
    ours, beside = take_turns([lambda: _clear(next(homes)), lambda: _unlink(next(homes))], runs)
    what = "delete 10,000 cache entries"
    return [Comparison(what, Unit.MILLISECONDS, ours, beside, "unlink", AtMost(2_000, Unit.MILLISECONDS))]


def _clear(home: Home) -> float:
    snapshot = Snapshot.take(Host.of(home.path))

    def act() -> None:
        deletions = clear_cache.plan(snapshot, clear_cache.select(snapshot, which=(EntryFilter.ALL,)))
        cleared = clear_cache.clear(snapshot, deletions, Cancel(), lambda _done: None)
        if len(cleared.deleted) < ENTRIES or cleared.left:
            raise BenchmarkError(f"{len(cleared.left)} of {ENTRIES} files were left")

    return _took(act)


def _unlink(home: Home) -> float:
    files = _cached(home)
    return _took(lambda: [path.unlink() for path in files])


def _cached(home: Home) -> Sequence[Path]:
    return list((home.path / ".aws").glob("*/cache/*.json"))


def edit(bench: Bench) -> list[Comparison]:
    """Set a key among 1,000 profiles: the plan with its proofs and its diff, and the write to the disk."""
    home = bench.home(PROFILES, CALM)
    host = Host.of(home.path)
    config = home.path / ".aws" / "config"
    numbers = count()

    def plan() -> float:
        snapshot = Snapshot.take(host)
        return _took(lambda: edits.set_setting(snapshot, home.lone, "region", f"r-{next(numbers)}"))

    def write() -> float:
        made = edits.set_setting(Snapshot.take(host), home.lone, "region", f"r-{next(numbers)}")
        took = _took(lambda: saving.save(made))
        if f"r-{next(numbers) - 1}".encode() not in config.read_bytes():
            raise BenchmarkError("the edit is not in the file")
        return took

    def read() -> float:
        return _took(lambda: configloader.load_config(str(config)))

    planned, written, beside = take_turns([plan, write, read], bench.runs)
    what = "an edit among 1,000 profiles: the diff"
    return [
        Comparison(what, Unit.MILLISECONDS, planned, beside, "botocore reads it", AtMostTimes(6)),
        Comparison("the same: the write", Unit.MILLISECONDS, written, beside, "botocore reads it"),
    ]


def _took(action: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000
