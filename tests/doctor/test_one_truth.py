"""The state of a profile, the answer to why, and the findings agree: over all rows, and homes with faults."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Tool
from rolecall.doctor import diagnosis
from rolecall.doctor.finding import Finding, Severity, SubjectKind
from rolecall.doctor.root_cause import has_ended, is_helpless
from rolecall.doctor.topics import topic_answer
from tests.differential import EXAMPLES
from tests.doctor.faulty_homes import faulty_home
from tests.doctor.harm import World
from tests.doctor.test_table import ROWS

_EACH = 5
"""Of so many homes one is asked why; that takes longer than to look."""
_MANY = 20
"""Profiles of one home that are asked about."""
_UNUSED = "no-credentials"
"""The rule that is an info while nothing uses the profile that it is about."""


def told(world: World, name: str) -> list[Finding]:
    """Return the findings that say of a profile that it fails."""
    return [
        each
        for each in world.findings.all
        if name in each.profiles and (each.severity is Severity.ERROR or each.code == _UNUSED)
    ]


def disagreements(world: World) -> Iterator[str]:
    """Yield where the states of the profiles and the findings disagree, a line each."""
    for name, report in world.snapshot.profiles.items():
        errors = [each.code for each in told(world, name)]
        if is_helpless(report) and not (errors or _is_of_variable(world, report)):
            yield f"{name} fails ({report.effective.fault or report.expiry}), and no error says so"
        if errors and not is_helpless(report):
            yield f"{name} is {report.expiry.state}, and an error names it: {errors}"
        fails_everywhere = all(report.resolutions[tool].fault is not None for tool in Tool)
        is_running = report.expiry.state.is_live and report.expiry.at is not None
        if fails_everywhere and not (has_ended(report) or is_running):
            yield f"{name} fails in every tool, and is said to be {report.expiry}"


def _is_of_variable(world: World, report: ProfileReport) -> bool:
    """Whether an error about a variable tells it: what stops every command names no profiles."""
    faults = (report.resolutions[tool].fault for tool in Tool)
    named = {subject for fault in faults if fault is not None for subject in fault.subjects}
    return any(
        each.severity is Severity.ERROR
        and each.subject.kind is SubjectKind.VARIABLE
        and each.subject.name in named
        for each in world.findings.all
    )


def false_comforts(world: World) -> Iterator[str]:
    """Yield where nothing is said to be wrong with something that a finding is about."""
    for name in (None, *list(world.snapshot.profiles)[:_MANY]):
        answer = topic_answer(world.snapshot, world.findings, name)
        asked = diagnosis.QuestionSubject(world.snapshot, name)
        known = [each.code for each in diagnosis.about(asked, world.findings) if diagnosis.matters(each)]
        if answer.sentence.startswith("nothing is wrong") and known:
            yield f"nothing is wrong with {name}, it says, and finds {known}"
        stopped = told(world, name) if name is not None else []
        if stopped and answer.culprit is None:
            yield f"{name} is stopped by {[each.code for each in stopped]}, and the answer names no cause"


@pytest.mark.parametrize("part", [0, *(pytest.param(each, marks=pytest.mark.long) for each in range(1, 4))])
def test_states_answers_and_findings_agree(tmp_path: Path, part: int) -> None:
    for number in range(part, len(ROWS) + EXAMPLES, 4):
        shutil.rmtree(tmp_path / "home", ignore_errors=True)
        world = World.of(faulty_home(number, ROWS).make(tmp_path / "home"))
        assert list(disagreements(world)) == [], number
        if number % _EACH == part:
            assert list(false_comforts(world)) == [], number
