"""No false alarms: about the homes of healthy teams nothing is said that is an error or a warning."""

from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Severity
from rolecall.doctor.registry import examine
from tests.doctor.healthy_homes import HealthyHome, healthy_homes

HOMES = tuple(healthy_homes())


@pytest.mark.parametrize("home", HOMES, ids=lambda home: home.name)
def test_nothing_is_wrong_in_a_healthy_home(tmp_path: Path, home: HealthyHome) -> None:
    findings = examine(Snapshot.take(home.make(tmp_path / "home"))).all
    alarms = [each for each in findings if each.severity is not Severity.INFO]
    logins = [each for each in alarms if each.code in home.allowed]
    said = [f"{each.severity} {each.code} {each.subject.name}: {each.message}" for each in alarms]
    assert (len(logins), said if len(alarms) > len(logins) else []) == (len(home.allowed and [1]), [])
