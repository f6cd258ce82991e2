"""The one line that is said of a command that failed: of AWS's errors, and of no others."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.after_failure import cause_and_cure
from rolecall.doctor.registry import examine
from tests.homes import NOW, make_home

CONFIG = """\
[profile base]
aws_access_key_id = AKIAIOSFODNN7EXAMPLQ
aws_secret_access_key = CANARYcanaryCANARYcanaryCANARYcanary0123
region = eu-west-1
[profile deploy]
role_arn = arn:aws:iam::123456789012:role/Deploy
source_profile = base
[profile typo]
aws_access_key_id = "AKIAIOSFODNN7EXAMPLQ"
aws_secret_access_key = CANARYcanaryCANARYcanaryCANARYcanary0123
"""
CALLED = "An error occurred ({}) when calling the ListBuckets operation: {}"


def _said(tmp_path: Path, words: str, name: str = "base", expires_at: datetime | None = None) -> str | None:
    snapshot = Snapshot.take(make_home(tmp_path, config=CONFIG, environ={"AWS_PROFILE": name}))
    return cause_and_cure(snapshot, examine(snapshot), name, words.encode(), expires_at)


OF_AWS = {
    "denied": (CALLED.format("AccessDenied", "Access Denied"), "base: AWS refuses: Access Denied."),
    "after other words": (
        f"warning: x\n{CALLED.format('AccessDenied', 'Access Denied')}\nmake: *** [deploy] Error 254",
        "base: AWS refuses: Access Denied",
    ),
    "of Go": (
        "Error: operation error STS: GetCallerIdentity, StatusCode: 403, api error AccessDenied: no",
        "base: AWS refuses",
    ),
    "no profile": ("The config profile (bse) could not be found", "the nearest name is 'base'"),
    "no credentials": ("Unable to locate credentials", "the call that failed did not"),
    "no way": ('Could not connect to the endpoint URL: "http://127.0.0.1:9/"', "base"),
    "a bad region": ("Provided region_name 'US_EAST' doesn't match a supported format.", "US_EAST"),
    "no region": ("botocore.exceptions.NoRegionError: You must specify a region.", "had a region of base"),
}
NOT_OF_AWS = (
    "",
    "make: *** [Makefile:3: deploy] Error 1",
    "grep: x: No such file or directory",
    "Permission denied (publickey).",
    "KeyError: 'foo'",
    "TypeError: 'NoneType' object is not subscriptable",
    "ModuleNotFoundError: No module named 'boto3'",
    "FileNotFoundError: [Errno 2] No such file or directory: '/srv/aws/x'",
    "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
    "pydantic_core._pydantic_core.ValidationError: 1 validation error for X",
    "requests.exceptions.SSLError: HTTPSConnectionPool(host='example.com', port=443)",
    "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='example.com', port=443)",
    "curl: (6) Could not resolve host: nope.example",
    "psql: error: connection refused",
    "ERROR: Access denied for user 'root'@'localhost'",
    "Error from server (Forbidden): pods is forbidden",
    "npm ERR! code ENOENT",
    "error: failed to push some refs to 'origin'",
)


@pytest.mark.parametrize("which", OF_AWS)
def test_an_error_of_aws_is_told_of_the_profile(tmp_path: Path, which: str) -> None:
    words, told = OF_AWS[which]
    line = _said(tmp_path, words)
    assert line is not None
    assert told in line
    assert "\n" not in line
    assert "CANARY" not in line


@pytest.mark.parametrize("words", NOT_OF_AWS)
def test_of_what_other_programs_say_nothing_is_told(tmp_path: Path, words: str) -> None:
    assert _said(tmp_path, words) is None


def test_what_is_known_of_the_profile_is_the_culprit_with_its_cure(tmp_path: Path) -> None:
    line = _said(tmp_path, CALLED.format("InvalidClientTokenId", "The security token is invalid."), "typo")
    assert line is not None
    assert "aws_access_key_id" in line
    assert "`rolecall " in line


@pytest.mark.parametrize(("minutes", "is_told"), [(-1, True), (30, False)])
def test_credentials_that_expired_meanwhile_are_told(tmp_path: Path, minutes: int, *, is_told: bool) -> None:
    words = CALLED.format("ExpiredToken", "The provided token has expired.")
    line = _said(tmp_path, words, "deploy", NOW + timedelta(minutes=minutes))
    assert line is not None
    assert ("expired meanwhile" in line) is is_told


def test_the_profile_that_the_message_names_comes_first(tmp_path: Path) -> None:
    line = _said(tmp_path, "$ aws s3 ls --profile deploy\n" + CALLED.format("AccessDenied", "no"))
    assert line is not None
    assert "base" not in line.partition(":")[0]
