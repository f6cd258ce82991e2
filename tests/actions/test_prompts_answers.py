"""One person's answers serve several profiles, as long as they are good."""

import pytest

from rolecall.actions.errors import Cancelled
from rolecall.actions.prompts import CODE_LIFETIME, SharedAnswers
from tests.actions.people import Somebody

WRONG = "not accepted"


class Clock:
    """Stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_code_serves_all_that_ask_for_the_device() -> None:
    somebody = Somebody(codes=["1"])
    answers = SharedAnswers(somebody, Clock())
    assert [answers.for_profile().code("d", None) for _ in range(3)] == ["1", "1", "1"]
    assert somebody.asked == [("d", None)]


def test_each_device_has_its_own() -> None:
    answers = SharedAnswers(Somebody(codes=["1", "2"]), Clock())
    assert [answers.for_profile().code(device, None) for device in "dede"] == ["1", "2", "1", "2"]


@pytest.mark.parametrize(("later", "codes"), [(CODE_LIFETIME - 1, ["1", "1"]), (CODE_LIFETIME, ["1", "2"])])
def test_after_half_a_minute_the_device_shows_another(later: float, codes: list[str]) -> None:
    clock = Clock()
    answers = SharedAnswers(Somebody(codes=["1", "2"]), clock)
    first = answers.for_profile().code("d", None)
    clock.now += later
    assert [first, answers.for_profile().code("d", None)] == codes


def test_a_refused_code_is_asked_for_again_with_the_reason() -> None:
    somebody = Somebody(codes=["wrong", "right"])
    one = SharedAnswers(somebody, Clock()).for_profile()
    assert [one.code("d", None), one.code("d", WRONG)] == ["wrong", "right"]
    assert somebody.asked == [("d", None), ("d", WRONG)]


def test_who_was_refused_the_same_code_gets_the_newer_one_unasked() -> None:
    # GIVEN two that got the same wrong code
    somebody = Somebody(codes=["wrong", "right"])
    answers = SharedAnswers(somebody, Clock())
    a, b = answers.for_profile(), answers.for_profile()
    assert a.code("d", None) == b.code("d", None) == "wrong"

    # WHEN both come back, one of them gets another from the person, and both have it
    assert a.code("d", WRONG) == b.code("d", WRONG) == "right"
    assert len(somebody.asked) == 2


def test_once_sts_refuses_what_it_has_taken_before_codes_are_not_shared_any_more() -> None:
    # GIVEN a code that STS took for one, and refused for another
    somebody = Somebody(codes=["1", "2", "3", "4"])
    answers = SharedAnswers(somebody, Clock())
    a, b, c, d = (answers.for_profile() for _ in range(4))
    assert [a.code("d", None), b.code("d", None), c.code("d", None)] == ["1", "1", "1"]
    a.succeeded()

    # THEN from there on each gets one of its own
    assert [b.code("d", WRONG), c.code("d", WRONG), d.code("d", None)] == ["2", "3", "4"]


def test_who_declines_is_not_asked_for_that_device_again() -> None:
    somebody = Somebody()
    answers = SharedAnswers(somebody, Clock())
    for _ in range(2):
        with pytest.raises(Cancelled):
            answers.for_profile().code("d", None)
    assert len(somebody.asked) == 1


def test_a_program_that_may_not_run_is_not_asked_about_again() -> None:
    somebody = Somebody(allows=False)
    answers = SharedAnswers(somebody)
    assert [answers.for_profile().may_run(name, "helper") for name in "ab"] == [False, False]
    assert somebody.shown == [("a", "helper")]


def test_what_was_allowed_is_for_the_person_to_remember() -> None:
    somebody = Somebody()
    answers = SharedAnswers(somebody)
    assert all(answers.for_profile().may_run(name, "helper") for name in "ab")
    assert somebody.shown == [("a", "helper"), ("b", "helper")]


def test_codes_are_in_no_repr() -> None:
    one = SharedAnswers(Somebody(codes=["987654"])).for_profile()
    one.code("d", None)
    assert "987654" not in repr(one) + repr(vars(one)["_answers"]) + repr(vars(one)["_answers"]._codes)
