"""Kills saves, and tells what they leave: ``python -m tests.actions.writing.torn``; alone, because it forks.

It prints one JSON object: how many saves were killed, what stood there afterwards, and all that is wrong.
"""

import argparse
import json
import os
import random
import select
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType

import pytest

from rolecall.actions.plan import FileChange, Plan
from rolecall.actions.writing import saving
from rolecall.aws import paths
from rolecall.aws.config_file import FileKind
from tests.actions.writing.systems import SYSTEMS, pretend

CANARY = b"wJalrXUtnFEMIK7MDENGbPxRfiCYCANARYKEYxx"
SIZES = (80, 5_000, 300_000)
LONGEST = 0.003
"""Seconds into a save after which a child is killed at the latest."""
MOST = 6
"""Saves that a child may complete before the one that is aimed at."""

State = dict[str, bytes | None]
"""What stands in the files of a home, by name."""


def content(mark: str, size: int) -> bytes:
    """Return a file's content, which holds a secret from its first line to its last."""
    line = b"aws_secret_access_key = " + CANARY + b" " + mark.encode() + b"\n"
    return line * (size // len(line) + 1)


def edit(aws: Path, before: State, after: State) -> Plan:
    """Return the edit that leads from one state to another."""
    changes = [
        FileChange(aws / name, FileKind.CONFIG, before[name], after[name])
        for name in before
        if before[name] != after[name]
    ]
    return Plan("an edit", tuple(changes))


@dataclass
class Tally:
    """What was found after kills."""

    killed: int = 0
    inside: int = 0
    old: int = 0
    new: int = 0
    leftovers: int = 0
    wrong: list[str] = field(default_factory=list)


class Home:
    """A home whose saves are killed."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.aws = place / ".aws"
        self.aws.mkdir(parents=True)
        (place / "tmp").mkdir()
        os.environ["TMPDIR"] = str(place / "tmp")

    def reset(self, state: State) -> None:
        """Put a state there, and nothing else."""
        for path in self.aws.iterdir():
            path.unlink()
        for name, data in state.items():
            if data is not None:
                (self.aws / name).write_bytes(data)
                (self.aws / name).chmod(0o600)

    def examine(self, tally: Tally, before: State, after: State) -> State:
        """See what a killed save has left, and what the next one makes of it; return the files' state."""
        found: State = {}
        for name in before:
            path = self.aws / name
            found[name] = path.read_bytes() if path.exists() else None
            tally.old += found[name] == before[name] != after[name]
            tally.new += found[name] == after[name] != before[name]
            if found[name] not in (before[name], after[name]):
                tally.wrong.append(f"{name} is torn: {len(found[name] or b'')} bytes")
        for path in self._others(before):
            tally.leftovers += 1
            mode = stat.S_IMODE(path.stat().st_mode)
            if path.parent != self.aws or not paths.OF_ROLECALL.fullmatch(path.name) or mode != 0o600:
                tally.wrong.append(f"{path} ({mode:o}) is left")
        saving.save(edit(self.aws, {"last": None}, {"last": b"x"}))
        (self.aws / "last").unlink()
        tally.wrong.extend(f"{path} is left for good" for path in self._others(before))
        return found

    def _others(self, state: State) -> Iterator[Path]:
        files = {self.aws / name for name in state}
        return (path for path in self.place.rglob("*") if path.is_file() and path not in files)


def child(work: Callable[[], None]) -> int:
    """Start a process that does something and ends; return its id."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - the parent learns it from the exit code
            print(repr(error), file=sys.stderr)  # noqa: T201
            os._exit(3)
        os._exit(0)
    return pid


def kill_at_random(home: Home, kills: int, seed: int) -> Tally:
    """Kill saves until so many of them were hit in the middle."""
    chance, tally = random.Random(seed), Tally()  # noqa: S311 - for a test
    while tally.inside < kills and not tally.wrong:
        size = chance.choice(SIZES)
        one: State = {"config": content("one", size), "credentials": content("one", 200)}
        two: State = {"config": content("two", chance.choice(SIZES)), "credentials": one["credentials"]}
        if chance.random() < 0.5:
            two["credentials"] = content("two", size)
        home.reset(one)
        told, pipe = os.pipe()
        pid = child(lambda one=one, two=two, pipe=pipe: save_on_and_on(home.aws, one, two, pipe))  # type: ignore[misc]
        os.close(pipe)
        for _ in range(1 + 2 * chance.randrange(MOST)):
            os.read(told, 1)
        select.select([], [], [], chance.uniform(0, LONGEST))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        moments = b"".join(iter(lambda: os.read(told, 65536), b""))  # noqa: B023
        os.close(told)
        tally.killed += 1
        tally.inside += not moments.endswith(b"e")
        home.examine(tally, one, two)
    return tally


def save_on_and_on(aws: Path, one: State, two: State, pipe: int) -> None:
    """Save one edit after the other, and tell of each when it begins and ends."""
    while True:
        for before, after in ((one, two), (two, one)):
            os.write(pipe, b"b")
            saving.save(edit(aws, before, after))
            os.write(pipe, b"e")


def kill_at_each_step(home: Home, before: State, after: State) -> Tally:
    """Kill one save at the first step, one at the second, and so on, until one comes to its end."""
    tally = Tally()
    while not tally.wrong:
        home.reset(before)
        plan = edit(home.aws, before, after)
        pid = child(lambda plan=plan: save_until(plan, tally.killed + 1))  # type: ignore[misc]
        _, status = os.waitpid(pid, 0)
        if os.WIFEXITED(status):
            if os.WEXITSTATUS(status) != 0:
                tally.wrong.append("a save failed")
            break
        tally.killed += 1
        tally.inside += 1
        home.examine(tally, before, after)
    return tally


def save_until(plan: Plan, step: int) -> None:
    """Save an edit, and be killed at a step: before a call of anything that is not Python."""
    left = step

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal left
        if event == "c_call":
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    saving.save(plan)
    sys.setprofile(None)


STEPS: dict[str, tuple[State, State]] = {
    "an edit": ({"config": content("old", 200)}, {"config": content("new", 200)}),
    "a first file": ({"config": None}, {"config": content("new", 200)}),
    "a removal": ({"config": content("old", 200)}, {"config": None}),
    "two files": (
        {"config": content("old", 200), "credentials": None},
        {"config": content("new", 200), "credentials": content("new", 200)},
    ),
}


def main() -> None:
    """Kill as the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("--system", choices=SYSTEMS, default="all")
    parser.add_argument("--kills", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", choices=STEPS)
    arguments = parser.parse_args()
    pretend(arguments.system, pytest.MonkeyPatch())
    home = Home(arguments.home)
    if arguments.steps:
        os.fsync = lambda fd: None  # noqa: ARG005 - a kill does not tell what is on the disk, and a disk takes its time
        tally = kill_at_each_step(home, *STEPS[arguments.steps])
    else:
        tally = kill_at_random(home, arguments.kills, arguments.seed)
    print(json.dumps(asdict(tally)))  # noqa: T201


if __name__ == "__main__":
    main()
