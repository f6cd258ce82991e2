"""``rolecall assume`` and ``whoami`` against a loopback STS."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rolecall.aws import cache_files
from rolecall.aws.snapshot import Snapshot
from tests.cli.program import Outcome, Program, role_file
from tests.cli.sts import GOOD_CODE, SECRET, TOKEN, Sts, key_of

ADMIN = "arn:aws:sts::123456789012:assumed-role/Admin/me"


def _cached(calling: Program) -> dict[str, str]:
    """Return the keys in the CLI's cache, by role."""
    files = (calling.aws / "cli" / "cache").glob("*")
    content = [json.loads(path.read_text()) for path in files]
    return {
        entry["AssumedRoleUser"]["Arn"].split("/")[1]: entry["Credentials"]["AccessKeyId"]
        for entry in content
    }


def _assert_discreet(*outcomes: Outcome) -> None:
    text = "".join(outcome.out + outcome.err for outcome in outcomes)
    assert text
    assert [secret for secret in (SECRET, TOKEN, GOOD_CODE, "CANARY", "hunter2") if secret in text] == []


@pytest.mark.long
def test_a_role_is_assumed_and_kept_for_the_aws_cli(calling: Program, sts: Sts) -> None:
    outcome = calling("assume", "admin")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.lines[1].split()[:2] == ["admin", "assumed"]
    assert ADMIN in outcome.lines[1]
    assert _cached(calling) == {"Admin": key_of("Admin")}
    assert sts.calls == ["Admin"]
    _assert_discreet(outcome)


@pytest.mark.long
def test_what_is_still_good_is_said_to_be_and_nobody_is_called(calling: Program, sts: Sts) -> None:
    calling("assume", "admin")
    outcome = calling("assume", "admin")
    assert outcome.lines[1].split()[:3] == ["admin", "still", "valid"]
    assert calling("assume", "admin", "--json").json["assumed"][0]["was_cached"] is True
    assert sts.calls == ["Admin"]


@pytest.mark.long
def test_force_fetches_anew_and_a_refusal_leaves_what_is_there(calling: Program, sts: Sts) -> None:
    calling("assume", "admin")
    assert calling("assume", "admin", "--force").code == 0
    assert sts.calls == ["Admin", "Admin"]
    before = [(path.name, path.read_bytes()) for path in (calling.aws / "cli" / "cache").iterdir()]
    sts.refused = {"Admin"}
    outcome = calling("assume", "admin", "--force")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("rolecall: admin: ")
    assert len(outcome.err.splitlines()) == 1
    assert [(path.name, path.read_bytes()) for path in (calling.aws / "cli" / "cache").iterdir()] == before


@pytest.mark.long
def test_several_are_told_of_in_their_order_and_one_that_fails_is_one(calling: Program, sts: Sts) -> None:
    sts.refused = {"Other"}
    outcome = calling("assume", "deploy", "other", "admin", "deploy")
    assert outcome.code == 1
    assert [line.split()[:2] for line in outcome.lines[1:]] == [
        ["deploy", "assumed"],
        ["other", "failed"],
        ["admin", "assumed"],
    ]
    assert outcome.err.startswith("rolecall: other: ")
    assert sorted(sts.calls) == ["Admin", "Deploy", "Other"]
    _assert_discreet(outcome)


@pytest.mark.long
def test_the_json_has_what_came_of_each(calling: Program, sts: Sts) -> None:
    sts.refused = {"Other"}
    outcome = calling("assume", "other", "admin", "--json")
    assert outcome.code == 1
    found = outcome.json
    assert set(found) == {"schema", "assumed", "failed"}
    (assumed,), (failed,) = found["assumed"], found["failed"]
    stem = cache_files.role({"role_arn": "arn:aws:iam::123456789012:role/Admin"})
    assert assumed | {"expires_at": None} == {
        "profile": "admin",
        "arn": ADMIN,
        "expires_at": None,
        "cache_file": str(calling.aws / "cli" / "cache" / f"{stem}.json"),
        "was_cached": False,
    }
    ends = datetime.strptime(assumed["expires_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs(ends - datetime.now(UTC) - timedelta(hours=1)) < timedelta(minutes=5)
    assert failed["profile"] == "other"
    assert failed["error"]["type"] == "AccessDenied"
    assert set(failed["error"]) == {"type", "message", "path", "line", "cure"}
    _assert_discreet(outcome)


def test_what_is_no_role_is_not_assumed(calling: Program, sts: Sts) -> None:
    outcome = calling("assume", "base", "--json")
    assert outcome.code == 1
    assert outcome.json["failed"][0]["error"]["type"] == "NotApplicable"
    assert sts.calls == []


# MFA


@pytest.mark.long
@pytest.mark.parametrize("how", ["typed", "argument", "piped"])
def test_a_code_is_typed_unseen_or_given(calling: Program, sts: Sts, how: str) -> None:
    match how:
        case "typed":
            outcome = calling.asked("assume", "guarded", secret=GOOD_CODE)
            assert "MFA code for arn:aws:iam::123456789012:mfa/me: " in outcome.err
        case "argument":
            outcome = calling("assume", "guarded", "--mfa-code", GOOD_CODE)
        case _:
            outcome = calling.fed(f"{GOOD_CODE}\n", "assume", "guarded", "--mfa-code", "-")
    assert outcome.code == 0, outcome.err
    assert sts.calls == ["Guarded"]
    _assert_discreet(outcome)


def test_a_wrong_code_is_asked_for_again_and_not_repeated(calling: Program, sts: Sts) -> None:
    # GIVEN a wrong code in the command, and the right one at the terminal
    outcome = calling.asked("assume", "guarded", "--mfa-code", "999999", secret=GOOD_CODE)
    assert outcome.code == 0, outcome.err
    assert sts.calls == ["Guarded", "Guarded"]
    assert "999999" not in outcome.out + outcome.err


@pytest.mark.long
def test_a_wrong_code_without_a_terminal_is_one(calling: Program, sts: Sts) -> None:
    outcome = calling("assume", "guarded", "--mfa-code", "999999", "--json")
    assert outcome.code == 1
    assert sts.calls == ["Guarded"]
    assert "999999" not in outcome.out + outcome.err
    assert _cached(calling) == {}


def test_without_a_terminal_it_is_said_how_to_give_a_code(calling: Program, sts: Sts) -> None:
    outcome = calling("assume", "guarded")
    assert outcome.code == 1
    assert "--mfa-code" in outcome.err
    assert len(outcome.err.splitlines()) == 1
    assert sts.calls == []


@pytest.mark.long
def test_who_types_no_code_has_cancelled(calling: Program, sts: Sts) -> None:
    outcome = calling.asked("assume", "guarded")
    assert outcome.code == 1
    assert outcome.err.endswith("rolecall: guarded: cancelled\n")
    assert calling.asked("assume", "guarded", "--json").json["failed"][0]["error"]["type"] == "Cancelled"
    assert sts.calls == []


@pytest.mark.parametrize("code", ["12345", "abcdef", "", "1234567"])
def test_what_is_no_code_is_wrong_usage_and_not_repeated(calling: Program, sts: Sts, code: str) -> None:
    for outcome in (
        calling("assume", "guarded", "--mfa-code", code),
        calling.fed(f"{code}\n", "assume", "guarded", "--mfa-code", "-"),
    ):
        assert outcome.code == 2
        assert "six digits" in outcome.err
        assert not code or code not in outcome.err
    assert sts.calls == []


def test_a_pipe_without_a_code_is_one_line(calling: Program) -> None:
    outcome = calling("assume", "guarded", "--mfa-code", "-")
    assert outcome.code == 1
    assert len(outcome.err.splitlines()) == 1


# credential_process


def _has_run(calling: Program) -> bool:
    return (calling.home / "helper.ran").exists()


def test_a_program_is_shown_and_confirmed_before_it_runs(calling: Program) -> None:
    outcome = calling.asked("assume", "helped", typed="y\n")
    assert outcome.code == 0, outcome.err
    assert str(calling.home / "helper.py") in outcome.err
    assert _has_run(calling)
    _assert_discreet(outcome)


@pytest.mark.long
@pytest.mark.parametrize("typed", ["n\n", "", "\n"])
def test_a_program_that_is_not_confirmed_does_not_run(calling: Program, sts: Sts, typed: str) -> None:
    outcome = calling.asked("assume", "helped", typed=typed)
    assert outcome.code == 1
    assert not _has_run(calling)
    assert sts.calls == []


@pytest.mark.long
def test_without_a_terminal_a_program_runs_only_with_yes(calling: Program) -> None:
    outcome = calling("assume", "helped")
    assert outcome.code == 1
    assert "--yes" in outcome.err
    assert not _has_run(calling)
    assert calling("assume", "helped", "--yes").code == 0
    assert _has_run(calling)


# how long


def test_a_chained_role_that_asks_for_too_long_is_had_for_an_hour_once_that_is_agreed(
    calling: Program, sts: Sts
) -> None:
    refused = calling.asked("assume", "long", typed="n\n")
    assert refused.code == 1
    assert "long asks for 12h 00m" in refused.err
    assert sts.calls == []
    assert calling.asked("assume", "long", "other", typed="y\n").code == 0
    assert sts.durations["Long"] == "3600"
    assert sts.durations["Other"] is None


@pytest.mark.parametrize(("option", "code"), [((), 1), (("--yes",), 0), (("--duration", "3600"), 0)])
def test_without_a_terminal_the_hour_must_be_asked_for(
    calling: Program, sts: Sts, option: tuple[str, ...], code: int
) -> None:
    outcome = calling("assume", "long", *option)
    assert outcome.code == code
    assert ("--duration 3600" in outcome.err) is bool(code)
    assert sts.durations.get("Long") == (None if code else "3600")


def test_the_file_of_a_role_keeps_the_name_that_the_cli_looks_for(calling: Program) -> None:
    assert calling("assume", "long", "--duration", "1800", "--json").code == 0
    snapshot = Snapshot.take(calling.wiring.host(None))
    cache_file = snapshot.profiles["long"].cache_file
    assert cache_file is not None
    assert (calling.aws / "cli" / "cache" / cache_file).exists()


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nobody",),
        ("admin", "nobody"),
        ("admin", "--duration", "899"),
        ("admin", "--duration", "43201"),
        ("admin", "--duration", "an hour"),
        ("deploy", "--duration", "3601"),
        ("admin", "deploy", "--into", "legacy"),
    ],
)
def test_wrong_usage_calls_nobody(calling: Program, sts: Sts, arguments: tuple[str, ...]) -> None:
    outcome = calling("assume", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert len(outcome.err.splitlines()) == 1
    assert sts.calls == []


# into a profile


def _section(path: Path, name: str) -> list[str]:
    lines = path.read_text().split(f"[{name}]\n")[1].splitlines()
    end = next((index for index, line in enumerate(lines) if line.startswith("[")), len(lines))
    return [line.partition(" = ")[0] for line in lines[:end] if line]


def test_the_keys_are_written_into_a_profile_shown_masked(calling: Program) -> None:
    outcome = calling.asked("assume", "admin", "--into", "legacy", typed="y\n")
    assert outcome.code == 0, outcome.err
    assert sorted(_section(calling.aws / "credentials", "legacy")) == [
        "aws_access_key_id",
        "aws_secret_access_key",
        "aws_session_token",
        "x_security_token_expires",
    ]
    assert SECRET in (calling.aws / "credentials").read_text()
    assert "+[legacy]" in outcome.lines
    assert outcome.lines[-1] == "Written: ~/.aws/credentials"
    _assert_discreet(outcome)


def test_keys_that_are_there_are_not_overwritten_unasked(calling: Program, sts: Sts) -> None:
    before = (calling.aws / "credentials").read_bytes()
    assert calling("assume", "admin", "--into", "base").code == 2
    assert sts.calls == []
    assert calling.asked("assume", "admin", "--into", "base", typed="n\n").code == 1
    assert (calling.aws / "credentials").read_bytes() == before
    found = calling("assume", "admin", "--into", "base", "--yes", "--json")
    assert found.code == 0
    assert (found.json["profile"], found.json["written"]) == ("admin", True)
    assert key_of("Admin") in (calling.aws / "credentials").read_text()
    _assert_discreet(found)


@pytest.mark.parametrize("name", ["base", "lasting"])
def test_long_term_keys_are_not_written_again(calling: Program, name: str) -> None:
    # GIVEN keys in the file, and a process that gives keys which do not expire
    gives = '{"Version": 1, "AccessKeyId": "AKIALASTINGEXAMPLE00", "SecretAccessKey": "s"}'
    with (calling.aws / "config").open("a") as config:
        config.write(f"\n[profile lasting]\ncredential_process = echo '{gives}'\n")
    before = (calling.aws / "credentials").read_bytes()
    outcome = calling("assume", name, "--into", "spare", "--yes")
    assert outcome.code == 1
    assert f"{name} gives long-term keys: in another profile they would be in plain text" in outcome.err
    assert (calling.aws / "credentials").read_bytes() == before


# whoami


def test_whoami_says_who_it_is_and_whether_that_is_as_configured(calling: Program) -> None:
    outcome = calling("whoami", "admin")
    assert outcome.code == 0, outcome.err
    assert [line.split(maxsplit=1)[-1] for line in outcome.lines[:3]] == ["admin", "123456789012", ADMIN]
    assert outcome.lines[-1].split() == ["As", "configured", "yes"]
    found = calling("whoami", "admin", "--json").json
    assert found == {
        "schema": "rolecall/1",
        "profile": "admin",
        "account": "123456789012",
        "arn": ADMIN,
        "user_id": "AROA:me",
        "as_promised": True,
        "remark": None,
    }
    _assert_discreet(outcome)


def test_whoami_says_what_differs(calling: Program) -> None:
    # GIVEN a profile that promises a role of another name, beside the cached keys of Admin
    stem = cache_files.role({"role_arn": "arn:aws:iam::123456789012:role/Other"})
    entry = role_file((datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ"))
    entry["Credentials"]["AccessKeyId"] = key_of("Admin")
    calling.write(f"cli/cache/{stem}.json", entry)
    outcome = calling("whoami", "other")
    assert outcome.code == 0
    assert outcome.lines[-1].split() == ["As", "configured", "no"]
    assert "Other" in outcome.err
    assert "Admin" in outcome.err


@pytest.mark.long
def test_whoami_asks_for_what_it_takes(calling: Program) -> None:
    assert calling("whoami", "guarded").code == 1
    assert calling("whoami", "guarded", "--mfa-code", GOOD_CODE).code == 0
    assert calling("whoami", "helper").code == 1
    assert calling("whoami", "helper", "--yes").code == 0


@pytest.mark.long
def test_a_dead_end_is_one_line_within_seconds(calling: Program) -> None:
    calling.environ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
    for command in ("assume", "whoami"):
        outcome = calling(command, "admin")
        assert (outcome.code, outcome.out) == (1, "")
        assert len(outcome.err.splitlines()) == 1
        assert "bug" not in outcome.err
