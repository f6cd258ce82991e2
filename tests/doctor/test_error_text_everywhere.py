"""Any error message, over any home with faults, gets an answer; and a finding's own words lead back to it."""

from pathlib import Path
from random import Random

import pytest

from rolecall.aws.providers import Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.error_text import attribute, parse
from rolecall.doctor.registry import Findings, examine
from rolecall.doctor.topics import topic_answer
from rolecall.host import Host
from tests.doctor.error_forms import FORMS
from tests.doctor.faulty_homes import faulty_home
from tests.doctor.rows import Row
from tests.doctor.test_table import ROWS, each_row, world  # noqa: F401 - a fixture

HOMES = 150
"""Random homes, with as many messages each as there are profiles, and a few more."""


def answer(snapshot: Snapshot, findings: Findings, text: str) -> str:
    """Say what a message means here."""
    pasted = parse.parse_error_text(text)
    if pasted is None:
        return ""
    match = attribute.match(snapshot, findings, pasted)
    found = topic_answer(snapshot, findings, match.login or match.profile, pasted=pasted)
    assert "CANARY" not in found.sentence
    return found.sentence


def own_words(snapshot: Snapshot, findings: Findings) -> list[str]:
    """Return what the tools say of each profile, and what is quoted as an error of the system."""
    said = [
        f"{fault.error}: {fault.message}"
        for report in snapshot.profiles.values()
        for tool in Tool
        for fault in (report.resolutions[tool].fault, report.resolutions[tool].on_use)
        if fault is not None
    ]
    paths = [each.seen.path or (each.place.path if each.place else None) for each in findings.all]
    return list(
        dict.fromkeys((*said, *(f"[Errno 13] Permission denied: '{path}'" for path in paths if path)))
    )


@pytest.mark.long
@each_row
def test_what_the_tools_say_in_a_home_of_each_rule_is_answered(row: Row, world: Host) -> None:  # noqa: ARG001, F811
    snapshot = Snapshot.take(world)
    findings = examine(snapshot)
    for text in own_words(snapshot, findings):
        assert answer(snapshot, findings, text) or parse.parse_error_text(text) is None


@pytest.mark.long
def test_any_message_is_answered_in_any_home(tmp_path: Path) -> None:
    random = Random(7)  # noqa: S311 - made-up homes
    for number in random.sample(range(10_000), HOMES):
        snapshot = Snapshot.take(faulty_home(number, ROWS).make(tmp_path / str(number)))
        findings = examine(snapshot)
        assert len(set(findings.all)) == len(findings.all)
        for text in (*own_words(snapshot, findings)[:12], *(text for _, text in random.sample(FORMS, 6))):
            answer(snapshot, findings, text)
