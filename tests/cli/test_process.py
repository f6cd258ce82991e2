"""``rolecall process``: JSON alone on stdout, the cure on stderr, and an edit that is shown first."""

import json

import pytest

from rolecall.aws import cache_files
from tests.cli.program import Program, role_file
from tests.homes import put


def test_only_the_credentials_are_printed(rolecall: Program) -> None:
    outcome = rolecall("process", "admin")
    found = json.loads(outcome.out)
    assert found["Version"] == 1
    assert found["Expiration"] == "2026-03-01T12:43:10Z"
    assert (outcome.code, outcome.err) == (0, "")


def test_a_failure_is_one_line_on_stderr_and_prints_nothing(rolecall: Program) -> None:
    outcome = rolecall("process", "lost")
    assert (outcome.code, outcome.out) == (1, "")
    assert len(outcome.err.splitlines()) == 1
    assert rolecall("process", "nosuch").code == 2


def test_what_is_installed_is_shown_first(rolecall: Program) -> None:
    program = put(rolecall.home / "bin" / "rolecall", "#!/bin/sh\n")
    program.chmod(0o755)
    rolecall.environ["PATH"] = str(program.parent)
    before = (rolecall.aws / "config").read_bytes()
    shown = rolecall("process", "--install", "admin", "--dry-run")
    assert (rolecall.aws / "config").read_bytes() == before
    assert f"+credential_process = {program} process admin-source" in shown.lines
    written = rolecall("process", "--install", "admin", "--json").json
    assert written["written"]
    assert rolecall("show", "admin", "--json").json["settings"][0]["name"] == "region"


@pytest.mark.parametrize("name", ["base", "helper"])
def test_what_has_no_role_is_refused(rolecall: Program, name: str) -> None:
    assert rolecall("process", "--install", name).code == 1


def test_the_entry_of_the_profile_serves_its_source(rolecall: Program) -> None:
    stem = cache_files.role({"role_arn": "arn:aws:iam::123456789012:role/Admin"})
    rolecall.write(f"cli/cache/{stem}.json", role_file("2026-03-01T12:50:00Z"))
    rolecall("process", "--install", "admin", "--yes")
    assert json.loads(rolecall("process", "admin-source").out)["Expiration"] == "2026-03-01T12:50:00Z"
