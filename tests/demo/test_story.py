"""What the demo promises can be tried, with the real ``aws`` and no account."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.demo import sts
from rolecall.demo.home import DemoHome, demo_home
from rolecall.host import Host
from tests.interop.real_aws import AwsRun, run_aws, run_aws_with_mfa


@pytest.fixture
def home() -> Iterator[DemoHome]:
    with demo_home() as home:
        yield home


def environ(home: DemoHome) -> dict[str, str]:
    """Return what a command that the app starts would get, and nothing of the developer's."""
    return {"PATH": os.environ["PATH"], "BOTO_CONFIG": str(home.home / ".boto"), **home.environ}


def aws(home: DemoHome, profile: str) -> AwsRun:
    return run_aws(environ(home), profile)


def cache_file(home: DemoHome, profile: str) -> Path:
    snapshot = Snapshot.take(Host.of(home.home, home.environ))
    found = snapshot.profiles[profile].cache_file
    assert found is not None
    return home.home / ".aws" / "cli" / "cache" / found


WORKS = {
    "base": "arn:aws:iam::123456789012:user/rowan",
    "tools": "arn:aws:sts::777788889999:assumed-role/Tools/",
    "staging": "arn:aws:sts::444455556666:assumed-role/Developer/",
    "dev": "arn:aws:sts::777788889999:assumed-role/AWSReservedSSO_Developer_",
    "lake": "arn:aws:sts::777788889999:assumed-role/AWSReservedSSO_DataScientist_",
    "eks": "arn:aws:sts::777788889999:assumed-role/PodReader/rowan-pod",
    "prod-deploy": "arn:aws:sts::111122223333:assumed-role/Deploy/",
}
FAILS = {
    "vault": "(InvalidClientTokenId)",
    "legacy": "(ExpiredToken)",
    "logs": "exceeds the 1 hour session limit for roles assumed by role chaining",
    "bastion": "No credentials found in credential_source",
    "partner": "Token has expired and refresh failed",
    "default": "Unable to locate credentials",
}


@pytest.mark.interop
@pytest.mark.parametrize(("profile", "arn"), WORKS.items())
def test_this_profile_works(home: DemoHome, profile: str, arn: str) -> None:
    assert aws(home, profile).identity["Arn"].startswith(arn)


@pytest.mark.interop
@pytest.mark.parametrize(("profile", "words"), FAILS.items())
def test_this_profile_fails_as_the_story_has_it(home: DemoHome, profile: str, words: str) -> None:
    run = aws(home, profile)
    assert run.status != 0
    assert words in run.errors


@pytest.mark.interop
def test_the_environment_leads_nowhere_else(home: DemoHome) -> None:
    # GIVEN the profile that the demo's variables choose, WHEN none is named
    identity = run_aws(environ(home)).identity
    # THEN the demo's own AWS has answered
    assert identity["Account"] == "111122223333"


@pytest.mark.interop
def test_the_code_lets_one_in_and_another_does_not(home: DemoHome) -> None:
    wrong = run_aws_with_mfa(environ(home), "prod-admin", sts.DEVICE, "654321")
    assert "MultiFactorAuthentication failed with invalid MFA one time pass code" in wrong.errors
    right = run_aws_with_mfa(environ(home), "prod-admin", sts.DEVICE, "123456")
    assert right.status == 0
    assert "assumed-role/Admin/rowan" in right.output


@pytest.mark.interop
def test_release_works_only_by_the_file_that_release_ci_has_left(home: DemoHome) -> None:
    # GIVEN the two profiles that share one cache file
    shared = cache_file(home, "release")
    assert shared == cache_file(home, "release-ci")
    assert aws(home, "release").status == 0
    # WHEN that is cleared
    shared.unlink()
    # THEN release has never been allowed
    run = aws(home, "release")
    assert "(AccessDenied)" in run.errors
    assert "user/rowan is not authorized to perform: sts:AssumeRole" in run.errors
    # AND release-ci is, after which release seems to be again
    assert aws(home, "release-ci").status == 0
    assert aws(home, "release").status == 0


@pytest.mark.interop
def test_a_role_that_was_fetched_anew_is_in_the_cache(home: DemoHome) -> None:
    before = json.loads(cache_file(home, "staging").read_text())["Credentials"]
    assert aws(home, "staging").status == 0
    after = json.loads(cache_file(home, "staging").read_text())["Credentials"]
    assert after["AccessKeyId"] != before["AccessKeyId"]
    assert Snapshot.take(Host.of(home.home, home.environ)).profiles["staging"].expiry.state == "valid"
