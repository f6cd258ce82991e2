"""Every cure that is offered as a line is carried out, in thousands of homes, one after the other.

The finding is gone; what worked still works, in each tool; no long-term secret, no refresh token and no
comment is lost; there is no new error. Of logins and roles the effect on the caches is made up. By hand:
``ROLECALL_EXAMPLES=10000 pytest -m long tests/doctor/test_cures_everywhere.py``.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rolecall.doctor.finding import Finding
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import RULES
from tests.differential import EXAMPLES
from tests.doctor.faulty_homes import faulty_home
from tests.doctor.harm import IN_MEMORY, World, can_be_carried_out, carried_out, harm
from tests.doctor.mending import mend
from tests.doctor.rows import Row
from tests.doctor.test_table import OUT_OF_REACH, ROWS

EVERY, FEW = max(2_100, 7 * EXAMPLES), 10
"""Homes beside those of the rows, and by the command line itself."""
_BY_LINE = (FixAction.EDIT, FixAction.RENAME, FixAction.REMOVE, FixAction.CLEAR, FixAction.SHELL)
MOST = 40
"""Cures that one home needs at most: more would mean that two undo one another."""
_PARTS = 4


def cures(world: World, done: Counter[str]) -> Iterator[tuple[World, World, Finding]]:
    """Carry out the cures of a home until there is none left, the rarest first; yield each step."""
    for _ in range(MOST):
        offered = [each for each in world.findings.all if can_be_carried_out(each.fix)]
        if not offered:
            return
        chosen = min(offered, key=lambda each: done[each.code])
        done[chosen.code] += 1
        after = carried_out(world, chosen.fix)
        yield world, after, chosen
        world = after
    left = [f"{each.code} of {each.subject.name}: {each.fix.run()}" for each in offered]
    raise AssertionError(f"the cures do not end: {left}")


def harms(place: Path, numbers: range, done: Counter[str], found: Counter[str]) -> Iterator[str]:
    """Yield all harm that the cures in these homes do, and count what was found and cured in them."""
    for number in numbers:
        shutil.rmtree(place, ignore_errors=True)
        world = World.of(faulty_home(number, ROWS).make(place))
        found.update(each.code for each in world.every)
        for before, after, finding in cures(world, done):
            found[f"cure: {finding.fix.doing}"] += 1
            yield from (f"{number}: {each}" for each in harm(before, after, finding))


@pytest.mark.long
def test_no_cure_of_a_row_harms(tmp_path: Path) -> None:
    found: Counter[str] = Counter()
    assert list(harms(tmp_path / "home", range(len(ROWS)), Counter(), found)) == []
    assert found.keys() >= {rule.code for rule in RULES} - OUT_OF_REACH
    # no rule offers to remove a profile
    assert found.keys() >= {f"cure: {doing}" for doing in IN_MEMORY - {FixAction.REMOVE}}


@pytest.mark.long
@pytest.mark.parametrize("part", range(_PARTS))
def test_no_cure_harms_in_a_home_with_several_faults(tmp_path: Path, part: int) -> None:
    numbers = range(len(ROWS) + part, len(ROWS) + EVERY, _PARTS)
    assert list(harms(tmp_path / "home", numbers, Counter(), Counter())) == []


@pytest.mark.long
@pytest.mark.parametrize("number", range(1, FEW * 11, 11))
def test_the_lines_themselves_harm_nobody(tmp_path: Path, number: int) -> None:
    """GIVEN a home with several faults WHEN a line is run by a shell or as a command THEN it does no harm."""
    home = faulty_home(len(ROWS) + number, ROWS)
    before = World.of(home.make(tmp_path / "home"))
    for finding in before.findings.all:
        line = finding.fix.run()
        if line is None or "PYTHON" in line or finding.fix.doing not in _BY_LINE:
            continue
        shutil.rmtree(tmp_path / "home")
        host = home.make(tmp_path / "home")
        mended = mend(host, finding.fix, Row("", "", {}, {}))
        after = World.of(replace(mended, clock=host.clock))
        assert list(harm(before, after, finding)) == []
