"""Over random homes: whoever is asked about gets an answer, and what AWS tools say leads back to them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from rolecall.aws.providers import PredictedError
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import explain
from rolecall.doctor.error_text import attribute, parse
from rolecall.doctor.explain import why
from rolecall.doctor.finding import Severity
from rolecall.doctor.registry import Findings, examine
from rolecall.steps import StepStatus
from tests.differential.homes import Home
from tests.doctor.aged_homes import FEW, Drawn, aged_homes, caches, cannot_work, look

NOBODY = "a profile that is not there"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def wrong_answers(snapshot: Snapshot, findings: Findings) -> Iterator[str]:
    """Yield what is wrong with an answer, a line each."""
    for name in (*snapshot.profiles, NOBODY, None):
        answer = why(snapshot, findings, name)
        named = sum(step.verdict is StepStatus.CULPRIT for step in answer.steps)
        if named != (answer.culprit is not None):
            yield f"{name}: {named} steps for the culprit {answer.culprit}"
        if "CANARY" in explain.markdown(snapshot, answer, findings):
            yield f"{name}: the report tells a secret"
        if name is None or name not in snapshot.profiles:
            continue
        # a profile of mere defaults stops nobody until it is used: an info, and yet the answer about itself
        is_blamed = answer.culprit is not None and (
            answer.culprit.severity is Severity.ERROR or answer.culprit.code == "no-credentials"
        )
        # it stops the profile that it is in; one that uses that profile may still have its role in the cache
        is_of_source = answer.culprit is not None and answer.culprit.code == "swallowed-line"
        if is_blamed != cannot_work(snapshot.profiles[name]) and not is_of_source:
            yield f"{name}: {answer.sentence}"


def lost_messages(snapshot: Snapshot, findings: Findings) -> Iterator[str]:
    """Yield the errors that do not lead to who raises them, or to one on the way, a line each."""
    for name, found in snapshot.profiles.items():
        fault = found.effective.fault
        if not name:
            continue  # in the words of botocore it is "default"
        if fault is not None and not {*_tied(snapshot, findings, fault)} & {
            name,
            *(hop.profile for hop in found.chain),
        }:
            yield f"{name}: {fault.error}: {fault.message}"


def _tied(snapshot: Snapshot, findings: Findings, fault: PredictedError) -> Iterator[str | None]:
    message = parse.parse_error_text(f"\n{fault.message}\n")
    if message is not None:
        match = attribute.match(snapshot, findings, message)
        yield from (match.profile, *match.candidates)


@pytest.mark.long
@settings(max_examples=FEW // 2, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
@given(home=aged_homes(), drawn=caches())
def test_everybody_gets_an_answer_and_every_message_finds_its_way(
    place: Path, home: Home, drawn: Drawn
) -> None:
    """GIVEN a random home WHEN it is asked why of everybody THEN the culprit is told once, and is one.

    Who cannot work has a culprit, who can has none; the words that AWS tools would say, and nothing else,
    lead back to who would make them say so.
    """
    snapshot, _ = look(place, home, drawn)
    findings = examine(snapshot)
    assert list(wrong_answers(snapshot, findings)) == []
    assert list(lost_messages(snapshot, findings)) == []
