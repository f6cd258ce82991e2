"""``rolecall doctor --json``: the contract."""

from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.cli.test_doctor import CURE, EXPIRED, ill, well  # noqa: F401 - fixtures

FINDING = {
    "about",
    "code",
    "consequence",
    "evidence",
    "fix",
    "line",
    "message",
    "path",
    "profiles",
    "severity",
    "subject",
}


def test_all_well_is_an_empty_list(well: Program) -> None:  # noqa: F811 - the fixture
    outcome = well("doctor", "--json")
    assert outcome.code == 0
    assert outcome.json == {
        "schema": "rolecall/1",
        "findings": [],
        "counts": {"error": 0, "warning": 0, "info": 0},
        "silenced": 0,
    }


def test_a_finding_has_all_that_a_person_is_told(ill: Program) -> None:  # noqa: F811 - the fixture
    outcome = ill("doctor", "--json")
    (found, *_) = outcome.json["findings"]
    assert outcome.code == 1
    assert set(found) == FINDING
    assert {name: found[name] for name in ("code", "severity", "subject", "about", "line", "profiles")} == {
        "code": "missing-source",
        "severity": "error",
        "subject": "admin",
        "about": "profile",
        "line": 5,
        "profiles": ["admin"],
    }
    assert found["path"] == str(ill.aws / "config")
    assert found["message"] == "admin names source_profile 'bse', but there is no such profile"
    assert found["evidence"][0] == "~/.aws/config:5  source_profile = bse"
    assert found["fix"]["run"] == CURE
    assert outcome.json["counts"]["error"] == 1


def test_a_profile_has_the_answer_with_it(ill: Program) -> None:  # noqa: F811 - the fixture
    answer = ill("doctor", "admin", "--json").json
    assert answer["subject"] == "admin"
    assert answer["culprit"] == "missing-source"
    assert answer["sentence"] == answer["findings"][0]["message"]
    assert answer["cure"] == answer["findings"][0]["fix"]
    assert {"title", "verdict", "words", "evidence"} == set(answer["steps"][0])
    assert "culprit" in {step["verdict"] for step in answer["steps"]}
    assert "message" not in answer


def test_a_message_has_whom_it_is_about(ill: Program) -> None:  # noqa: F811 - the fixture
    message = ill("doctor", "--error", EXPIRED, "--json").json["message"]
    assert message["certain"] is False
    assert message["sentence"]
    assert isinstance(message["candidates"], list)


def test_what_is_silenced_is_counted(well: Program) -> None:  # noqa: F811 - the fixture
    well.config("[profile x]\ncredential_process = y\nrgion = z\n")
    before = len(well("doctor", "--json").json["findings"])
    done = well("doctor", "--silence", "misspelt-key:x", "--json")
    assert done.json["silenced"][0]["written"] is True
    assert done.json["silenced"][0]["changes"][0]["role"] == "settings"
    after = well("doctor", "--json").json
    assert (len(after["findings"]), after["silenced"]) == (before - 1, 1)


@pytest.mark.parametrize("name", ["nobody"])
def test_an_unknown_profile_is_an_error_object(well: Program, name: str) -> None:  # noqa: F811 - the fixture
    outcome = well("doctor", name, "--json")
    assert outcome.code == 2
    assert outcome.json["error"]["type"] == "ProfileNotFound"


def test_a_line_that_would_show_a_secret_is_not_there(well: Program, tmp_path: Path) -> None:  # noqa: F811
    # GIVEN a profile whose name is as long as a secret, and looks like one
    name = "aB3" * 13 + "x"
    well.config(f"[profile {name}]\nrgion = eu-west-1\ncredential_process = y\n")
    found = [each for each in well("doctor", "--json").json["findings"] if each["code"] == "misspelt-key"]
    assert [each["fix"]["run"] for each in found] == [None]
    assert found[0]["fix"]["words"]
    assert tmp_path.exists()
