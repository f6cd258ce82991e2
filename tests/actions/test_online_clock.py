"""How far the clock is off: by how much, which way, and how sure that is."""

from email.utils import formatdate

import pytest

from rolecall.actions.online import clock
from rolecall.steps import StepStatus

NOW = 1_900_000_000.0
MINUTE = 60


def _headers(ahead: float, **more: str) -> dict[str, str]:
    """Return what a server sends whose clock is ahead of this machine's."""
    return {"date": formatdate(int(NOW + ahead), usegmt=True), **more}


@pytest.mark.parametrize(
    ("ahead", "verdict", "words"),
    [
        (0, StepStatus.FINE, "agrees with AWS's (to within 1 s)"),
        (20, StepStatus.FINE, "agrees with AWS's (to within 20 s)"),
        (-90, StepStatus.NOTE, "1m 29s ahead of AWS's; AWS lets 5 minutes pass"),
        (4 * MINUTE, StepStatus.NOTE, "4m 00s behind AWS's"),
        (5 * MINUTE - 1, StepStatus.NOTE, "behind AWS's"),
        (5 * MINUTE, StepStatus.SUSPECT, "5m 00s behind AWS's, about as much as AWS lets pass"),
        (5 * MINUTE + 2, StepStatus.CULPRIT, "5m 02s behind AWS's, and AWS refuses"),
        (20 * MINUTE, StepStatus.CULPRIT, "20m 00s behind AWS's, and AWS refuses"),
        (-20 * MINUTE, StepStatus.CULPRIT, "19m 59s ahead of AWS's, and AWS refuses"),
        (-400 * 86400, StepStatus.CULPRIT, "ahead of AWS's"),
    ],
)
def test_it_is_said_by_how_much_which_way_and_what_comes_of_it(
    ahead: float, verdict: StepStatus, words: str
) -> None:
    step = clock.clock_step(_headers(ahead), NOW, NOW, "https://sts.example/")
    assert step.verdict is verdict
    assert words in step.words
    assert any("https://sts.example/" in line for line in step.evidence)


@pytest.mark.parametrize(
    "date",
    [
        *("", "soon", "Mon, 01 Jan 0000 00:00:00 GMT", "Fri, 01 Jan 99999 00:00:00 GMT", "NaN", "\x00", ","),
        *("Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "1e400", "Mon, 01 Jan 2030"),
        *(f"Tue, 01 Jan 2030 00:00:00 +{'9' * 30}", f"Tue, {'9' * 30} Jan 2030 00:00:00 GMT", "9" * 5000),
        "Sat, 01 Jan 0001 00:00:00 +1400",
    ],
)
def test_a_clock_that_says_no_time_of_aws_s_is_none(date: str) -> None:
    step = clock.clock_step({"date": date}, NOW, NOW, "u")
    assert step.verdict is StepStatus.UNKNOWN
    assert step.words == "the answer does not say what time it is there"


def test_a_slow_answer_leaves_it_open_where_the_limit_is_near() -> None:
    # GIVEN an answer that took eight seconds: the clock there may be read at any time of these
    assert clock.clock_step(_headers(302), NOW - 4, NOW + 4, "u").verdict is StepStatus.SUSPECT
    assert clock.clock_step(_headers(302), NOW, NOW, "u").verdict is StepStatus.CULPRIT
    # AND far beyond the limit it does not matter
    assert clock.clock_step(_headers(1200), NOW - 4, NOW + 4, "u").verdict is StepStatus.CULPRIT


def test_the_cut_off_half_second_counts() -> None:
    found = clock.skew(_headers(0), NOW, NOW)
    assert found is not None
    assert (found.ahead, found.uncertainty) == (-0.5, 0.5)


def test_an_answer_that_was_kept_on_the_way_is_as_old_as_it_says() -> None:
    step = clock.clock_step(_headers(-20 * MINUTE, age="1200"), NOW, NOW, "u")
    assert step.verdict is StepStatus.FINE
    assert "Age: 1200" in step.evidence


@pytest.mark.parametrize("age", ["", "-1", "soon", "1e9", "٣"])
def test_an_age_that_is_none_does_not_count(age: str) -> None:
    assert clock.clock_step(_headers(0, age=age), NOW, NOW, "u").verdict is StepStatus.FINE


@pytest.mark.parametrize("date", ["", "yesterday", "Sat, 99 Nov 2026 11:44:59 GMT", "0", "\x00", "9" * 400])
def test_a_date_that_is_none_leaves_it_unknown(date: str) -> None:
    assert clock.clock_step({"date": date}, NOW, NOW, "u").verdict is StepStatus.UNKNOWN
    assert clock.clock_step({}, NOW, NOW, "u").verdict is StepStatus.UNKNOWN


def test_a_date_in_another_zone_is_the_same_moment() -> None:
    here = clock.skew({"date": "Sun, 17 Mar 2030 17:46:40 GMT"}, NOW, NOW)
    assert here == clock.skew({"date": "Sun, 17 Mar 2030 19:46:40 +0200"}, NOW, NOW)
    assert here is not None
    assert abs(here.ahead) < 1
