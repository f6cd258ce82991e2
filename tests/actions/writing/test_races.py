"""Real rivals for one file: the real ``aws configure set``, its writer in a tight loop, and another rolecall.

What can be had with programs that take no lock: nothing that another program has written is lost by a save
of ours, and a save of ours that is not done says so. What cannot be had: ``aws`` reads, and then writes over
what stands there by then. A save that it undoes in this way shows at the next look, and on undo.

More by hand: ``ROLECALL_RACES=1000 pytest tests/actions/test_races.py``.
"""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rolecall.actions.editing import edits
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Plan
from rolecall.actions.writing import replace, saving
from rolecall.actions.writing.saving import History
from rolecall.aws.config_file import FileKind
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.actions.writing.saves import change, plan
from tests.homes import make_home

ROUNDS = int(os.environ.get("ROLECALL_RACES", "10"))
OURS = re.compile(rb"(?<=^ours = )\d+(?=$)", re.MULTILINE)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a writer may slip through")

AWS = """
import subprocess, sys
for n in range(int(sys.argv[1])):
    # every other one in a section of its own, which aws appends; the others it writes in place
    profile = "theirs" if n % 2 else f"theirs-{n}"
    setting = ["configure", "set", f"mark_{n}", "x", "--profile", profile]
    subprocess.run([sys.executable, "-m", "awscli", *setting], check=True)
"""
WRITER = """
import os, sys
from awscli.customizations.configure.writer import ConfigFileWriter
path = os.environ["AWS_CONFIG_FILE"]
for n in range(int(sys.argv[1])):
    section = "profile theirs" if n % 2 else f"profile theirs-{n}"
    ConfigFileWriter().update_config({"__section__": section, f"mark_{n}": "x"}, path)
"""


@dataclass
class Score:
    """How our saves went.

    Attributes:
        done: those that returned.
        refused: those that failed.
        reasons: the kinds of these failures.
        undone: those of ``done`` that another program has written over, as the next look showed.
    """

    done: int = 0
    refused: int = 0
    reasons: set[str] = field(default_factory=set)
    undone: int = 0


@contextmanager
def rival(script: str, rounds: int, host: Host) -> Iterator[Callable[[], bool]]:
    """Run a rival; gives whether it still runs. It has to come to a good end."""
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(host.home),
        "AWS_CONFIG_FILE": str(host.home / ".aws" / "config"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    process = subprocess.Popen([sys.executable, "-c", script, str(rounds)], env=environ, cwd=host.home)
    try:
        yield lambda: process.poll() is None
        assert process.wait() == 0
    finally:
        process.kill()
        process.wait()


def our_value(path: Path) -> bytes | None:
    """Return what stands for us in the file."""
    found = OURS.search(path.read_bytes())
    return found[0] if found else None


def race(path: Path, is_running: Callable[[], bool], make: Callable[[int], Plan]) -> Score:
    """Save again and again, as long as the rival runs, and keep the score."""
    score, history, number = Score(), History(), 0
    last: bytes | None = None
    while is_running():
        if last is not None and our_value(path) != last:
            # a save that was undone by another program does not go unnoticed
            score.undone += 1
            with pytest.raises(replace.Conflict):
                history.undo()
            last = None
        number += 1
        try:
            edit = make(number)
            saving.save(edit)
        except ActionFailed as failed:
            score.refused += 1
            score.reasons.add(failed.kind)
        else:
            score.done += 1
            history.saved(edit)
            last = str(number).encode()
    return score


def marks(path: Path) -> set[int]:
    """Return which of the rival's updates stand in the file."""
    return {int(found) for found in re.findall(rb"^mark_(\d+) = x$", path.read_bytes(), re.MULTILINE)}


def alone(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


@pytest.mark.interop
def test_no_update_of_the_real_aws_is_lost(tmp_path: Path) -> None:
    # GIVEN the real aws, which sets one key after the other
    host = make_home(tmp_path, config="[profile ours]\nours = 0\n")
    path = tmp_path / ".aws" / "config"

    def make(number: int) -> Plan:
        return edits.set_setting(Snapshot.take(host), "ours", "ours", str(number), FileKind.CONFIG)

    # WHEN we set ours all the while
    with rival(AWS, ROUNDS, host) as is_running:
        score = race(path, is_running, make)
    # THEN each of its updates stands there; half-written, the file may not even have had our profile
    assert marks(path) == set(range(ROUNDS))
    assert score.done > ROUNDS
    assert score.reasons <= {"Conflict", "ConfigParseError", "NotApplicable", "ProfileNotFound", "Refused"}
    assert alone(path) == ["config"]


def test_no_update_of_its_writer_is_lost_in_a_thousand_collisions(tmp_path: Path) -> None:
    # GIVEN aws's own writer, in a loop so tight that nearly every save meets it
    host = make_home(tmp_path, config="[profile ours]\nours = 0\n")
    path = tmp_path / ".aws" / "config"
    rounds = ROUNDS * 25

    def make(number: int) -> Plan:
        before = path.read_bytes()
        after, found = OURS.subn(str(number).encode(), before)
        return plan(
            change(path, before, after if found else before + b"[profile ours]\nours = %d\n" % number)
        )

    # WHEN we save all the while
    with rival(WRITER, rounds, host) as is_running:
        score = race(path, is_running, make)
    # THEN each of its updates stands there, although we were at it, and were told when we were too late
    assert marks(path) == set(range(rounds))
    assert score.done > 0
    assert score.refused > 0
    assert score.reasons == {"Conflict"}
    assert alone(path) == ["config"]


def test_two_rolecalls_lose_nothing_of_each_other(tmp_path: Path) -> None:
    # GIVEN a counter in a file, and two that count it up, each again where it came too late
    path = tmp_path / "config"
    path.write_bytes(b"ours = 0\n")
    failures: list[ActionFailed] = []

    def count(times: int) -> None:
        while times:
            before = path.read_bytes()
            value = OURS.search(before)
            assert value is not None
            try:
                saving.save(plan(change(path, before, b"ours = %d\n" % (int(value[0]) + 1))))
            except replace.Conflict:
                continue
            except ActionFailed as failed:
                failures.append(failed)
                return
            times -= 1

    # WHEN they do it at once
    threads = [threading.Thread(target=count, args=[ROUNDS]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # THEN no count is lost
    assert failures == []
    assert path.read_bytes() == b"ours = %d\n" % (2 * ROUNDS)
    assert alone(path) == ["config"]
