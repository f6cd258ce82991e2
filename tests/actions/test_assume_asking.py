"""Codes and programs: asked for where they must be, as often as it takes, and no more."""

import shlex
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rolecall.actions import assume
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.prompts import Cancel
from rolecall.aws.snapshot import Snapshot
from tests.actions.people import Somebody
from tests.actions.stubbed import DEVICE, Place, device, role
from tests.homes import put, soon
from tests.interop.sts import (
    gives_for_code,
    refuses,
)
from tests.interop.stub import Stub
from tests.interop.texts import cached_role


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Return a home beside a stub that gives every role."""
    with Stub() as stub:
        yield Place(tmp_path / "home", stub)


def test_the_code_of_the_device_goes_to_sts(place: Place) -> None:
    place.stub.rules["AssumeRole"] = gives_for_code("123456")
    somebody = Somebody(codes=["123456"])
    assume.assume(place.snapshot(role("x", more=device())), "x", somebody, Cancel())
    assert somebody.asked == [(DEVICE, None)]
    # AND the question says what the code is for
    assert somebody.steps[0].startswith("assuming ")


@pytest.mark.long
@pytest.mark.parametrize(
    ("section", "kind"),
    {
        "no region": (role("x", more=device()), "NoRegionError"),
        "no region that is one": (role("x", more=f"{device()}region = eu_west 1\n"), "InvalidRegionError"),
        "a parameter that does not fit": (
            role("x", more=f"{device()}region = eu-west-1\nexternal_id = a\n"),
            "ParamValidationError",
        ),
        "no login behind the source": (
            role("x", "s", f"{device()}region = eu-west-1\n")
            + "[profile s]\nsso_start_url = https://corp.invalid/start\nsso_region = eu-west-1\n"
            "sso_account_id = 123456789012\nsso_role_name = Reader\n",
            "SSOTokenLoadError",
        ),
    }.values(),
)
def test_no_code_is_asked_for_where_it_would_be_lost(place: Place, section: str, kind: str) -> None:
    snapshot = place.snapshot(section)
    host = snapshot.host
    environ = {name: value for name, value in host.environ.items() if name != "AWS_DEFAULT_REGION"}
    somebody = Somebody(codes=["123456"])
    with pytest.raises(ActionFailed) as failed:
        assume.assume(Snapshot.take(replace(host, environ=environ)), "x", somebody, Cancel())
    assert failed.value.kind == kind
    assert (somebody.asked, place.stub.calls) == ([], [])


@pytest.mark.long
def test_a_wrong_code_is_asked_for_again_and_again(place: Place) -> None:
    place.stub.rules["AssumeRole"] = gives_for_code("123456")
    somebody = Somebody(codes=["000000", "000001", "123456"])

    assume.assume(place.snapshot(role("x", more=device())), "x", somebody, Cancel())

    assert [asked for asked, _ in somebody.asked] == [DEVICE] * 3
    first, *others = [problem for _, problem in somebody.asked]
    assert first is None
    assert all(problem is not None and "not accepted" in problem for problem in others)
    assert [request["TokenCode"] for request in place.stub.requests] == ["000000", "000001", "123456"]


@pytest.mark.long
def test_who_gives_no_code_has_cancelled(place: Place) -> None:
    with pytest.raises(Cancelled):
        assume.assume(place.snapshot(role("x", more=device())), "x", Somebody(), Cancel())
    assert place.stub.calls == []


def test_another_refusal_of_a_device_is_no_wrong_code(place: Place) -> None:
    place.stub.rules["AssumeRole"] = refuses(
        "AccessDenied",
        "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial",
    )
    somebody = Somebody(codes=["123456", "234567"])
    with pytest.raises(ActionFailed) as failed:
        assume.assume(place.snapshot(role("x", more=device())), "x", somebody, Cancel())
    assert len(somebody.asked) == 1
    assert failed.value.command == "edit"


@pytest.mark.long
def test_a_code_is_asked_for_only_where_the_role_is_due(place: Place) -> None:
    snapshot = place.snapshot(role("a", more=device()) + role("b", "a"))
    place.keep(snapshot, "a", cached_role())
    somebody = Somebody()
    assume.assume(snapshot, "b", somebody, Cancel())
    assert somebody.asked == []


def process(place: Place, script: str) -> str:
    """Write a helper and return the command line that runs it."""
    return shlex.join([sys.executable, str(put(place.home / "helper.py", script))])


KEYS = '{"Version": 1, "AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "CANARY"}'


def test_a_process_is_shown_before_it_runs_and_finds_no_input_to_read(place: Place) -> None:
    command = process(place, f"import sys\nassert sys.stdin.read() == ''\nprint('{KEYS}')\n")
    snapshot = place.snapshot(f"[profile helper]\ncredential_process = {command}\n{role('x', 'helper')}")
    somebody = Somebody()

    with soon(20):
        assume.assume(snapshot, "x", somebody, Cancel())

    assert somebody.shown == [("helper", command)]


def test_a_process_that_may_not_run_does_not(place: Place, tmp_path: Path) -> None:
    command = process(place, f"open({str(tmp_path / 'mark')!r}, 'w')\n")
    snapshot = place.snapshot(f"[profile helper]\ncredential_process = {command}\n{role('x', 'helper')}")

    with pytest.raises(ActionFailed) as failed:
        assume.assume(snapshot, "x", Somebody(allows=False), Cancel())

    assert failed.value.kind == "Refused"
    assert not (tmp_path / "mark").exists()


@pytest.mark.long
def test_a_process_gets_all_the_time_that_it_takes(place: Place) -> None:
    # GIVEN a process that takes longer than the patience
    command = process(place, f"import time\ntime.sleep(1.5)\nprint('{KEYS}')\n")
    snapshot = place.snapshot(f"[profile helper]\ncredential_process = {command}\n{role('x', 'helper')}")
    assert assume.assume(snapshot, "x", Somebody(), Cancel(), patience=1).arn


@pytest.mark.long
@pytest.mark.parametrize(
    ("script", "words"),
    {
        "it fails": ("import sys\nsys.exit('no such CANARY')", "no such"),
        "it prints no JSON": ("print('CANARY')", "no JSON"),
        "it prints a list": ("print('[]')", "no JSON"),
        "another version": ("print('{\"Version\": 2}')", "version '2'"),
        "a part is missing": ('print(\'{"Version": 1, "AccessKeyId": "CANARY"}\')', "SecretAccessKey"),
    }.values(),
)
def test_a_process_that_gives_nothing_usable_is_told(place: Place, script: str, words: str) -> None:
    command = process(place, script)
    snapshot = place.snapshot(f"[profile helper]\ncredential_process = {command}\n{role('x', 'helper')}")
    with pytest.raises(ActionFailed, match=words) as failed:
        assume.assume(snapshot, "x", Somebody(), Cancel())
    assert failed.value.kind == "CredentialRetrievalError"
    assert "credential_process of helper" in failed.value.message


@pytest.mark.parametrize("command", ["/nowhere/helper", "'unbalanced"])
def test_a_process_that_cannot_be_started_is_told(place: Place, command: str) -> None:
    snapshot = place.snapshot(f"[profile helper]\ncredential_process = {command}\n{role('x', 'helper')}")
    with pytest.raises(ActionFailed) as failed:
        assume.assume(snapshot, "x", Somebody(), Cancel())
    assert failed.value.kind == "CredentialRetrievalError"
