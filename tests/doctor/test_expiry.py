"""Ends that come, and who is told of them: once for each thing that ends."""

import os
from pathlib import Path
from unittest import mock

import botocore.session
import pytest

from rolecall.aws import cache_files
from rolecall.aws.config_file import FileKind
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, SubjectKind
from rolecall.doctor.registry import examine, rules_of
from rolecall.doctor.rules import expiry
from rolecall.host import Host
from tests.doctor.rows_expiry import (
    ADMIN,
    ADMIN_FILE,
    ASKING,
    ASKING_FILE,
    KEYS,
    ROWS,
    TEMPORARY,
    TOKEN_FILE,
    recorded,
    role_until,
    token_until,
)
from tests.homes import make_home

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "ASIAQ3EGRIDTEMPORARY",
    "AWS_SECRET_ACCESS_KEY": "CANARY",
    "AWS_SESSION_TOKEN": "CANARY",
}
ENDED, SOON = "2030-01-01T11:00:00Z", "2030-01-01T12:05:00Z"


def found(host: Host) -> dict[str, Finding]:
    """Return what these rules find, by code."""
    findings = examine(Snapshot.take(host), rules=rules_of(expiry)).all
    assert len({finding.code for finding in findings}) == len(findings), "more than one of a code"
    return {finding.code: finding for finding in findings}


def test_many_live_roles_over_one_dead_source_are_one_finding(tmp_path: Path) -> None:
    # GIVEN five roles that live on, one of them over another, and one that nobody has fetched
    arns = [f"arn:aws:iam::111122223333:role/R{index}" for index in range(6)]
    config = "".join(
        f"[profile r{index}]\nrole_arn = {arn}\nsource_profile = {'r0' if index == 4 else 'base'}\n"
        for index, arn in enumerate(arns)
    )
    caches = {
        f"cli/{cache_files.role({'role_arn': arn})}.json": role_until(f"2030-01-01T13:0{index}:00Z")
        for index, arn in enumerate(arns[:5])
    }
    host = make_home(tmp_path, config=config, credentials=recorded(ENDED), caches=caches)
    # THEN
    finding = found(host)["live-over-dead"]
    assert finding.profiles == ("r0", "r1", "r2", "r3", "r4")
    assert finding.message.startswith("r0, r1 and 3 more are valid, the first for 1h 00m, then fail")
    assert len(finding.evidence) == 3


def test_a_role_over_the_ended_keys_of_the_shell_is_told(tmp_path: Path) -> None:
    config = ADMIN.replace("source_profile = base", "credential_source = Environment")
    environ = ENVIRONMENT | {"AWSUME_EXPIRATION": ENDED}
    caches = {ADMIN_FILE: role_until("2030-01-01T13:00:00Z")}
    finding = found(make_home(tmp_path, config=config, caches=caches, environ=environ))["live-over-dead"]
    # THEN
    assert (finding.subject.kind, finding.subject.name) == (SubjectKind.VARIABLE, "AWS_ACCESS_KEY_ID")
    assert finding.message.endswith("the key in AWS_ACCESS_KEY_ID expired 1h ago")


def test_a_role_over_a_login_that_is_gone_is_told(tmp_path: Path) -> None:
    sso = "[profile base]\nsso_start_url = https://x\nsso_region = eu-west-1\nsso_account_id = 1\n"
    config = f"{ADMIN}{sso}sso_role_name = R\n"
    caches = {ADMIN_FILE: role_until("2030-01-01T13:00:00Z")}
    finding = found(make_home(tmp_path, config=config, caches=caches))["live-over-dead"]
    # THEN
    assert finding.message.endswith("the login to https://x: not logged in")
    assert finding.fix.run() == "rolecall login admin"


@pytest.mark.parametrize("left", ["2030-01-01T12:14:00Z", "2030-01-01T11:00:00Z"])
def test_what_stops_a_role_right_now_is_no_matter_of_its_end(left: str, tmp_path: Path) -> None:
    # GIVEN a role that asks for a code, due to be fetched anew with keys that have ended
    caches = {ASKING_FILE: role_until(left)}
    host = make_home(tmp_path, config=ASKING, credentials=recorded(ENDED), caches=caches)
    # THEN others tell of that: it fails already
    assert found(host) == {}


def test_keys_that_end_before_the_role_over_them_are_no_finding_yet(tmp_path: Path) -> None:
    caches = {ADMIN_FILE: role_until("2030-01-01T15:00:00Z")}
    host = make_home(tmp_path, config=ADMIN, credentials=recorded("2030-01-01T13:00:00Z"), caches=caches)
    assert found(host) == {}


def test_long_term_keys_have_no_end_to_be_told(tmp_path: Path) -> None:
    assert found(make_home(tmp_path, credentials=KEYS)) == {}


def test_a_token_in_config_is_taken_out_there(tmp_path: Path) -> None:
    section = KEYS.replace("[base]", "[profile base]")
    host = make_home(tmp_path, config=f"{section}aws_session_token = CANARY\n")
    fix = found(host)["stale-token-beside-keys"].fix
    assert fix.role is FileKind.CONFIG
    assert fix.changes == {"aws_session_token": None}


def test_a_token_that_is_not_read_with_the_keys_is_none_beside_them(tmp_path: Path) -> None:
    # GIVEN the token in the other file
    host = make_home(tmp_path, config="[profile base]\naws_session_token = CANARY\n", credentials=KEYS)
    assert found(host) == {}


def test_temporary_keys_of_the_shell_without_an_end_are_told(tmp_path: Path) -> None:
    assert found(make_home(tmp_path / "a", environ=ENVIRONMENT))["no-recorded-end"].subject.kind is (
        SubjectKind.VARIABLE
    )
    ending = ENVIRONMENT | {"AWS_CREDENTIAL_EXPIRATION": "2030-01-01T19:00:00Z"}
    assert found(make_home(tmp_path / "b", environ=ending)) == {}


def test_the_real_botocore_takes_the_token_that_is_said_to_win(tmp_path: Path) -> None:
    host = make_home(tmp_path, credentials=f"{TEMPORARY}aws_security_token = CANARY-other\n")
    assert "two-tokens" in found(host)
    with mock.patch.dict(os.environ, host.environ, clear=True):
        credentials = botocore.session.Session(profile="base").get_credentials()
    assert credentials.token == "CANARY-other"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_nothing_secret_is_in_what_is_told(row: object, tmp_path: Path) -> None:
    host = make_home(tmp_path, **row.here)  # type: ignore[attr-defined]  # as make_home has them
    for finding in examine(Snapshot.take(host), rules=rules_of(expiry)).all:
        said = (finding.message, *finding.evidence, finding.consequence, finding.fix.words, finding.fix.run())
        assert not [text for text in said if text and "CANARY" in text]


def test_a_token_that_renews_itself_is_not_dead(tmp_path: Path) -> None:
    config = (
        "[sso-session corp]\nsso_start_url = https://x\nsso_region = eu-west-1\n"
        f"[profile base]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = R\n{ADMIN}"
    )
    token = dict(token_until(ENDED)) | {
        "refreshToken": "CANARY",
        "clientId": "c",
        "clientSecret": "CANARY",
        "registrationExpiresAt": "2030-02-01T00:00:00Z",
    }
    caches = {ADMIN_FILE: role_until("2030-01-01T13:00:00Z"), TOKEN_FILE: token}
    assert found(make_home(tmp_path, config=config, caches=caches)) == {}
