"""The rows that need no screen: what it costs to read and understand a whole home."""

import gc
import json
import time
from collections.abc import Callable
from pathlib import Path

from alternation import Alternation
from bench import Bench
from botocore import configloader
from homes import CALM, Home
from measure import AtMost, AtMostTimes, BenchmarkError, Comparison, Unit, take_turns

from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host

PROFILES = 1_000
ENTRIES = 1_000
READERS = "botocore's readers"
COLD = "taken cold"
TARGET = AtMost(60, Unit.MILLISECONDS)
AGAIN = AtMostTimes(0.1)
HOPS = 600
TEN_TIMES = AtMostTimes(12)
"""What ten times as many may cost, where the cost grows with their number and no faster."""


def snapshot(bench: Bench) -> list[Comparison]:
    """``Snapshot.take`` at 1,000 profiles and 1,000 entries: cold, and after one file changed."""
    home = bench.home(PROFILES, CALM, at_least_entries=ENTRIES)
    host = Host.of(home.path)
    _check(Snapshot.take(host), home)
    cold, readers = take_turns(
        [lambda: _took(lambda: Snapshot.take(host)), lambda: _took(lambda: _read_all(home))],
        bench.runs,
    )
    what = "Snapshot of 1,000 profiles, 1,000 entries"
    role = next(iter(home.entries))
    return [
        Comparison(what, Unit.MILLISECONDS, cold, readers, READERS, TARGET),
        _again(host, Alternation.of_entry(home, role), bench.runs),
        _again(host, Alternation.of_secret(home, home.lone), bench.runs),
    ]


def growth(bench: Bench) -> list[Comparison]:
    """``Snapshot.take`` of ten times as many profiles, and of a chain that is ten times as long."""
    few, many = (Host.of(bench.home(number, CALM).path) for number in (PROFILES, 10 * PROFILES))
    short, long = (Host.of(_chain(bench.workspace, hops)) for hops in (HOPS // 10, HOPS))
    return [
        _grown("Snapshot of 10,000 profiles", many, few, "of 1,000", bench.runs),
        _grown(f"Snapshot of a chain of {HOPS} roles", long, short, f"of {HOPS // 10}", bench.runs),
    ]


def _grown(what: str, many: Host, few: Host, beside: str, runs: int) -> Comparison:
    ours, others = take_turns(
        [lambda: _took(lambda: Snapshot.take(many)), lambda: _took(lambda: Snapshot.take(few))], runs
    )
    return Comparison(what, Unit.MILLISECONDS, ours, others, beside, TEN_TIMES)


def _chain(workspace: Path, hops: int) -> Path:
    """Write a home with one chain of roles; return it."""
    home = workspace / f"chain-{hops}"
    (home / ".aws").mkdir(parents=True)
    keys = "[profile hop-0]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = EXAMPLE\n"
    roles = (
        f"[profile hop-{hop}]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = hop-{hop - 1}\n"
        for hop in range(1, hops + 1)
    )
    (home / ".aws" / "config").write_text(keys + "".join(roles), encoding="utf-8")
    return home


def _again(host: Host, change: Alternation, runs: int) -> Comparison:
    retaker = _Retaker(host, change)
    again, cold = take_turns([retaker.again, lambda: _took(lambda: Snapshot.take(host))], runs)
    what = f"the same, after one {change.what} changed"
    return Comparison(what, Unit.MILLISECONDS, again, cold, COLD, AGAIN)


class _Retaker:
    """The latest snapshot of a home in which a file goes to and fro."""

    def __init__(self, host: Host, change: Alternation) -> None:
        self._host = host
        self._change = change
        self._latest = Snapshot.take(host)

    def again(self) -> float:
        """Change the file, take the snapshot anew, and return what that took, in ms."""
        before = self._standing()
        self._change.flip()
        took = _took(self._take)
        if self._standing() == before:
            raise BenchmarkError(f"the changed {self._change.what} was not noticed")
        return took

    def _take(self) -> None:
        self._latest = Snapshot.take(self._host, self._latest)

    def _standing(self) -> tuple[object, ...]:
        profile = self._latest.profiles[self._change.profile]
        return profile.resolution, profile.expiry


def _check(taken: Snapshot, home: Home) -> None:
    """See that a snapshot holds what was written, so that no half-blind one is measured."""
    if list(taken.profiles) != list(home.names) or len(taken.entries) < ENTRIES:
        raise BenchmarkError("the snapshot lacks profiles or entries that were written")
    served = {name for entry in taken.entries for name in entry.profiles}
    if missing := set(home.entries) - served:
        raise BenchmarkError(f"{len(missing)} roles were not seen to own their cache entries")


def _read_all(home: Home) -> None:
    """Read the same files as botocore reads them, and make nothing of them."""
    aws = home.path / ".aws"
    configloader.load_config(str(aws / "config"))
    configloader.raw_config_parse(str(home.credentials))
    for path in aws.glob("*/cache/*.json"):
        json.loads(path.read_bytes())


def _took(action: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000
