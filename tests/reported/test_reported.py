"""What people reported is answered: the cause comes first, and the cure works."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reported import keys, logins, programs, settings, tools
from tests.reported.cases import ANY, Case, found, mended, named, states, told

CASES = (*keys.CASES, *settings.CASES, *programs.CASES, *logins.CASES, *tools.CASES)
MISSES: dict[str, str] = {}
"""What is not answered yet, and why not; strict, so that what is mended has to leave this list."""


def params() -> Iterator[object]:
    for case in CASES:
        miss = MISSES.get(case.name)
        marks = [pytest.mark.xfail(strict=True, reason=miss)] if miss else []
        yield pytest.param(case, id=case.name, marks=marks)


def test_each_miss_is_a_case_and_names_are_given_once() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))
    assert set(MISSES) <= set(names)


@pytest.mark.parametrize("case", params())
def test_the_cause_comes_first(case: Case, tmp_path: Path) -> None:
    host = case.build(tmp_path / "home")

    answer = case.asks(host)

    first, words = named(answer), told(answer)
    code = None if first is None else first["code"]
    assert case.first in (ANY, code), words
    assert [each for each in case.says if each.lower() not in words.lower()] == [], words
    assert [each for each in case.unsaid if each in words] == [], words
    assert not {each["code"] for each in answer["findings"]} & set(case.absent)
    if case.subject is not None:
        assert first is not None
        assert first["subject"] == case.subject
    if case.line is not None:
        assert first is not None
        assert first["line"] == case.line
    of_profiles = states(host) if case.states else {}
    assert {name: of_profiles.get(name) for name in case.states} == dict(case.states)


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case.name) for case in CASES if case.cures and case.name not in MISSES]
)
def test_the_line_cures_it(case: Case, tmp_path: Path) -> None:
    host = case.build(tmp_path / "home")
    first = named(case.asks(host))
    assert first is not None
    finding = found(host, first)
    assert finding is not None
    assert finding.fix.run() is not None, finding.fix.words

    after = mended(host, finding)

    assert found(after, first) is None
