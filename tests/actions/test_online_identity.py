"""Who AWS says that one is, where nobody is asked for anything."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rolecall.actions.online import checks
from rolecall.actions.prompts import Cancel, UnattendedPrompts
from rolecall.steps import Step, StepStatus
from tests.actions.people import Somebody
from tests.actions.stubbed import DEVICE, Place, device, role
from tests.homes import put, soon
from tests.interop.blackhole import BlackHole, closed_port
from tests.interop.sts import refuses, says_who
from tests.interop.stub import Stub
from tests.interop.texts import ENVIRONMENT_KEYS, SSO, SSO_SESSION

STS = "arn:aws:sts::123456789012:assumed-role"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Return a home beside a stub that gives every role."""
    with Stub() as stub:
        yield Place(tmp_path / "home", stub)


def look(place: Place, config: str, profile: str | None, somebody: Somebody | None = None) -> Step:
    """Ask who it is."""
    asked = somebody or Somebody()
    with soon(20):
        person = UnattendedPrompts(lambda command: asked.may_run("", command))
        return checks.check_identity(place.snapshot(config), profile, person, Cancel(), 5)


@pytest.mark.long
def test_it_is_whom_the_settings_promise(place: Place) -> None:
    place.stub.rules["GetCallerIdentity"] = says_who("123456789012", f"{STS}/x/me")
    assert look(place, role("x"), "x") == Step(
        "Identity", StepStatus.FINE, f"AWS says that this is {STS}/x/me"
    )


def test_it_is_somebody_else(place: Place) -> None:
    place.stub.rules["GetCallerIdentity"] = says_who("210987654321", f"{STS}/x/me")
    step = look(place, role("x"), "x")
    assert step.verdict is StepStatus.SUSPECT
    assert step.evidence == ("The settings say account 123456789012, AWS says 210987654321.",)


def test_this_shell_is_asked_for_where_no_profile_is(place: Place) -> None:
    # GIVEN keys in the environment, which go before the profile that is chosen there
    place.environ |= ENVIRONMENT_KEYS | {"AWS_PROFILE": "x"}
    step = look(place, role("x"), None)
    assert step.verdict is StepStatus.FINE
    assert place.stub.calls == ["GetCallerIdentity"]
    # AND the profile where there are none
    for name in ENVIRONMENT_KEYS:
        del place.environ[name]
    assert look(place, role("x"), None).verdict is StepStatus.SUSPECT
    assert place.assumed() == ["x"]


def test_keys_of_this_shell_that_have_expired_are_told_as_such(place: Place) -> None:
    place.environ |= ENVIRONMENT_KEYS
    place.stub.rules["GetCallerIdentity"] = refuses("ExpiredToken", "The provided token has expired.")
    step = look(place, "", None)
    assert step.verdict is StepStatus.CULPRIT
    assert step.words == "the credentials of this shell have expired"


@pytest.mark.long
def test_a_code_is_never_asked_for_and_none_is_used_up(place: Place) -> None:
    somebody = Somebody(codes=["123456"])
    step = look(place, role("x", more=device()), "x", somebody)
    assert step == Step(
        "Identity", StepStatus.UNKNOWN, f"it would take an MFA code of {DEVICE}: you were not asked"
    )
    assert (somebody.asked, place.stub.calls) == ([], [])


HELPER = """\
import json, pathlib
pathlib.Path(__file__).with_suffix(".ran").touch()
print(json.dumps({"Version": 1, "AccessKeyId": "AKIAHELPERHELPERHELP", "SecretAccessKey": "CANARYhelper"}))
"""


@pytest.mark.long
@pytest.mark.parametrize("allows", [True, False])
def test_a_program_runs_only_if_it_may(place: Place, allows: bool) -> None:  # noqa: FBT001 - a parameter
    # GIVEN
    helper = put(place.home / "helper.py", HELPER)
    somebody = Somebody(allows=allows)
    # WHEN
    step = look(place, f"[profile x]\ncredential_process = {sys.executable} {helper}\n", "x", somebody)
    # THEN
    assert somebody.shown == [("", f"{sys.executable} {helper}")]
    assert helper.with_suffix(".ran").exists() is allows
    assert step.verdict is (StepStatus.FINE if allows else StepStatus.UNKNOWN)
    assert allows or "its credential_process was not allowed to run" in step.words


def test_what_aws_refuses_is_the_culprit_with_its_cure(place: Place) -> None:
    place.stub.rules["GetCallerIdentity"] = refuses("InvalidClientTokenId", "The security token is invalid.")
    step = look(place, "", "base")
    assert step.verdict is StepStatus.CULPRIT
    assert step.words == "AWS does not know the access key of base (…MPLE)"
    assert step.evidence[0] == "InvalidClientTokenId"
    assert step.evidence[1].startswith("cure: ")


@pytest.mark.long
@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("SignatureDoesNotMatch", "Signature expired: 20300101T120000Z is now earlier than 20300101T121500Z"),
        ("SignatureDoesNotMatch", "Signature not yet current: 20300101T120000Z is still later than …"),
        ("RequestExpired", "Request has expired."),
    ],
)
def test_what_is_refused_for_its_time_points_to_the_clock(place: Place, code: str, message: str) -> None:
    place.stub.rules["GetCallerIdentity"] = refuses(code, message)
    step = look(place, "", "base")
    assert step.verdict is StepStatus.SUSPECT
    assert "clock" in step.words


def test_a_wrong_secret_is_no_matter_of_time(place: Place) -> None:
    message = "The request signature we calculated does not match the signature you provided."
    place.stub.rules["GetCallerIdentity"] = refuses("SignatureDoesNotMatch", message)
    assert look(place, "", "base").verdict is StepStatus.CULPRIT


def test_nobody_is_to_blame_where_the_call_does_not_come_through(place: Place) -> None:
    place.environ["AWS_ENDPOINT_URL"] = closed_port()
    step = look(place, "", "base")
    assert step.verdict is StepStatus.UNKNOWN
    assert step.words.startswith("AWS could not be asked: ")
    assert step.evidence == ("EndpointConnectionError",)


@pytest.mark.long
def test_nor_where_it_takes_too_long(place: Place) -> None:
    with BlackHole() as hole, soon(20):
        place.environ["AWS_ENDPOINT_URL"] = hole.url
        step = checks.check_identity(
            place.snapshot(""), "base", UnattendedPrompts(lambda _command: True), Cancel(), 1
        )
    assert step.verdict is StepStatus.UNKNOWN


def test_what_the_files_say_is_told_from_outside_as_well(place: Place) -> None:
    step = look(place, f"{SSO_SESSION}[profile x]\n{SSO}", "x")
    assert step.verdict is StepStatus.CULPRIT
    assert step.evidence[0] in ("SSOTokenLoadError", "UnauthorizedSSOTokenError")
    assert place.stub.calls == []


@pytest.mark.long
def test_nothing_secret_is_in_what_is_told(place: Place) -> None:
    place.stub.rules["GetCallerIdentity"] = refuses("Odd", "aws_secret_access_key = CANARYcanary is odd")
    assert "CANARY" not in repr(look(place, "", "base"))
