"""A save that is killed: each file is the old one or the new one, whole, and its secrets lie nowhere else.

More by hand: ``ROLECALL_KILLS=10000 pytest tests/actions/test_torn_writes.py``.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

import pytest

from tests.actions.writing.systems import SYSTEMS

KILLS = int(os.environ.get("ROLECALL_KILLS", "300"))
ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")


class Tally(TypedDict):
    killed: int
    inside: int
    old: int
    new: int
    leftovers: int
    wrong: list[str]


def killed(home: Path, *options: str) -> Tally:
    """Run the program that kills saves."""
    command = [sys.executable, "-m", "tests.actions.writing.torn", str(home), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    tally: Tally = json.loads(done.stdout)
    return tally


@pytest.mark.long
def test_killed_at_random_each_file_is_the_old_or_the_new(tmp_path: Path) -> None:
    # GIVEN saves of one file and of two, small and large, one after the other
    # WHEN they are killed at random, so many of them in the middle of a save
    found = killed(tmp_path / "home", "--kills", str(KILLS), "--seed", str(os.getpid()))
    # THEN each file is whole, the next save finds nothing that stays, and both outcomes were seen
    assert found["wrong"] == []
    assert found["inside"] >= KILLS
    assert found["old"] > KILLS / 10
    assert found["new"] > KILLS / 10
    # and hardly any kill left a copy behind until then
    assert found["leftovers"] < found["inside"] / 2


@pytest.mark.parametrize(
    "what",
    [
        "an edit",
        *(pytest.param(each, marks=pytest.mark.long) for each in ("a first file", "a removal", "two files")),
    ],
)
def test_killed_at_each_single_step_each_file_is_the_old_or_the_new(tmp_path: Path, what: str) -> None:
    found = killed(tmp_path / "home", "--steps", what)
    assert found["wrong"] == []
    assert found["killed"] > 50
    assert found["old"] > 20
    assert found["new"] > 5


@pytest.mark.long
@pytest.mark.parametrize("system", SYSTEMS[1:])
def test_so_it_is_on_lesser_systems(tmp_path: Path, system: str) -> None:
    found = killed(tmp_path / "home", "--steps", "an edit", "--system", system)
    assert found["wrong"] == []
    assert found["killed"] > 50
    assert found["leftovers"] > 0  # so that what removes them has had something to remove
