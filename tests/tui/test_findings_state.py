"""Rules look at each Snapshot once, and at the settings each time."""

import pytest

from rolecall.doctor.finding import Severity
from rolecall.tui import findings_state
from rolecall.tui.findings_state import Examiner
from tests.tui.worlds import World, keys
from tests.tui.wrong import own_rules  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("own_rules")


async def test_the_same_snapshot_is_looked_at_once(demo: World) -> None:
    examiner, snapshot = Examiner(), demo.snapshot()
    first = await examiner.look(snapshot)
    assert first is not None
    assert first.findings.count(Severity.ERROR)
    assert await examiner.look(snapshot) is None
    assert await examiner.look(demo.snapshot()) is not None


async def test_other_settings_are_another_look(demo: World) -> None:
    examiner, snapshot = Examiner(), demo.snapshot()
    first = await examiner.look(snapshot)
    # WHEN something is silenced
    demo.settle('[findings]\nsilence = ["is-okta", "is-lo:logs"]\n')
    second = await examiner.look(snapshot)
    # THEN it is found, and not told
    assert first is not None
    assert second is not None
    gone = set(first.flags.profiles) - set(second.flags.profiles)
    assert gone == {"okta", "logs"}
    assert {each.subject.name for each in second.findings.silenced} == {"okta", "logs"}


async def test_a_code_that_no_rule_has_is_a_problem_of_the_settings(demo: World) -> None:
    demo.settle('[findings]\nsilence = ["no-such-code"]\n')
    examined = await Examiner().look(demo.snapshot())
    assert examined is not None
    assert "no-such-code" in str(examined.preferences.problem)


async def test_an_empty_home_has_nothing_wrong(empty: World) -> None:
    snapshot = empty.write(credentials=keys("a")).snapshot()
    examined = await Examiner().look(snapshot)
    assert examined is not None
    assert examined.flags.profiles == {}
    assert findings_state.flags_of(examined.findings, snapshot).counts == dict.fromkeys(
        examined.flags.counts, 0
    )
