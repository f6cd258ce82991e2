"""Durations: what is asked for, what AWS gives, and what is guessed of a slip."""

import os
from datetime import timedelta
from pathlib import Path
from unittest import mock

import boto3
import pytest
from botocore.credentials import AssumeRoleCredentialFetcher
from botocore.utils import JSONFileCache

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding
from rolecall.doctor.registry import examine, rules_of
from rolecall.doctor.rules import durations
from tests.doctor.rows_durations import KEYS, OVER_ROLE, ROLE
from tests.homes import NOW, make_home, put
from tests.interop.sts import gives
from tests.interop.stub import Stub

SSO = (
    "[profile base]\nsso_start_url = https://x\nsso_region = eu-west-1\nsso_account_id = 1\n"
    "sso_role_name = R\n"
)
TEMPORARY = KEYS.replace("AKIA", "ASIA") + "aws_session_token = CANARY\n"
METADATA = ROLE.replace("source_profile = base", "credential_source = Ec2InstanceMetadata")
OF_SHELL = ROLE.replace("source_profile = base", "credential_source = Environment")
IN_SHELL = {"AWS_SECRET_ACCESS_KEY": "CANARY", "AWS_SESSION_TOKEN": "CANARY"}


def found(
    place: Path, duration: str, config: str = ROLE, credentials: str = KEYS, **more: object
) -> list[Finding]:
    host = make_home(
        place,
        config=f"{config}duration_seconds = {duration}\n",
        credentials=credentials,
        **more,  # type: ignore[arg-type]  # as make_home has them
    )
    return list(examine(Snapshot.take(host), rules=rules_of(durations)).all)


@pytest.mark.parametrize("duration", ["901", "3600", "43200", " 1800 "])
def test_what_aws_gives_to_long_term_keys_is_no_finding(duration: str, tmp_path: Path) -> None:
    assert found(tmp_path, duration) == []


@pytest.mark.parametrize("duration", ["899", "0", "-5"])
def test_what_is_not_even_sent_is_told_by_the_rule_about_parameters(duration: str, tmp_path: Path) -> None:
    assert found(tmp_path, duration) == []


@pytest.mark.parametrize(
    ("duration", "fix"),
    [
        ("1h", "3600"),
        ("2 hours", "7200"),
        ("60m", "3600"),
        ("3600s", "3600"),
        ("3600 # an hour", "3600"),
        ("3600.0", "3600"),
        ("5m", None),
        ("one hour", None),
        ("48h", None),
        ("99999999", "43200"),
        ("", None),
    ],
)
def test_what_was_meant_is_guessed_where_a_number_tells(
    duration: str, fix: str | None, tmp_path: Path
) -> None:
    (finding,) = found(tmp_path, duration)
    assert finding.fix.changes == {"duration_seconds": fix}


@pytest.mark.parametrize(
    ("config", "more", "is_chained"),
    [
        (ROLE, {}, False),
        (ROLE, {"credentials": TEMPORARY}, True),
        (SSO + ROLE, {"credentials": ""}, True),
        (METADATA, {}, False),
        (OF_SHELL, {"environ": IN_SHELL | {"AWS_ACCESS_KEY_ID": "ASIAQ3EGRIDTEMPORARY"}}, True),
        (OF_SHELL, {"environ": IN_SHELL | {"AWS_ACCESS_KEY_ID": "AKIAQ3EGRIDLONGTERM1"}}, False),
    ],
)
def test_temporary_credentials_make_a_chain_and_a_machines_role_does_not(
    config: str, more: dict[str, object], *, is_chained: bool, tmp_path: Path
) -> None:
    codes = [finding.code for finding in found(tmp_path, "7200", config, **more)]  # type: ignore[arg-type]  # as found has them
    assert codes == (["duration-chained"] if is_chained else [])


def test_a_chained_role_that_asks_for_days_is_told_once(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "99999", ROLE + OVER_ROLE)
    assert (finding.code, finding.fix.changes) == ("duration-chained", {"duration_seconds": "3600"})


def test_a_role_with_a_device_asks_for_a_code_each_time(tmp_path: Path) -> None:
    config = f"{ROLE}mfa_serial = arn:aws:iam::111122223333:mfa/me\n"
    (finding,) = found(tmp_path, "900", config)
    assert finding.message.endswith("every command asks for an MFA code")


@pytest.mark.parametrize(("duration", "fetches"), [(900, 2), (960, 1)])
def test_the_real_botocore_never_finds_a_role_of_900_seconds_in_its_cache(
    duration: int, fetches: int, tmp_path: Path
) -> None:
    # GIVEN a cache, and a service that gives what is asked for
    calls = []

    def give() -> dict[str, object]:
        calls.append(duration)
        end = (NOW + timedelta(seconds=duration)).isoformat()
        keys = {
            "AccessKeyId": "ASIA",
            "SecretAccessKey": "CANARY",
            "SessionToken": "CANARY",
            "Expiration": end,
        }
        return {"Credentials": keys}

    fetcher = AssumeRoleCredentialFetcher(None, None, "arn", cache=JSONFileCache(str(tmp_path)))
    # WHEN two commands want the role, a second after each other
    with mock.patch.object(fetcher, "_get_credentials", side_effect=give):
        for seconds in (1, 2):
            now = NOW + timedelta(seconds=seconds)
            with mock.patch("botocore.credentials._local_now", return_value=now):
                fetcher.fetch_credentials()
    # THEN
    assert len(calls) == fetches


@pytest.mark.parametrize(("duration", "sent"), [("1h", None), ("7200", "7200")])
def test_the_real_botocore_sends_no_duration_that_is_no_number(
    duration: str, sent: str | None, tmp_path: Path
) -> None:
    put(tmp_path / ".aws/config", f"{ROLE}duration_seconds = {duration}\nregion = eu-west-1\n")
    put(tmp_path / ".aws/credentials", KEYS)
    with Stub() as sts:
        sts.rules["AssumeRole"] = gives(timedelta(hours=1))
        environ = {"HOME": str(tmp_path), "AWS_ENDPOINT_URL": sts.url, "AWS_MAX_ATTEMPTS": "1"}
        with mock.patch.dict(os.environ, environ, clear=True):
            credentials = boto3.Session(profile_name="admin").get_credentials()
            assert credentials is not None
            credentials.get_frozen_credentials()
        assert [request.get("DurationSeconds") for request in sts.requests] == [sent]
