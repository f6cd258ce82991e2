"""The real ``aws`` fails, its words go to ``rolecall doctor --error``, and that names what was planted.

Nothing but the words is given: neither the command nor the profile that it was called with. What passes here
and in ``test_broken_homes`` over what passes and is expected to fail (``MISSES``) is the hit rate.
"""

import subprocess
import sys

import pytest

from tests.interop import sts
from tests.interop.doctor import doctor, without_stub
from tests.interop.failing_worlds import (
    DECOYS,
    ELSEWHERE,
    EXPIRED,
    HERE_FOR_A_WHILE,
    REFUSALS,
    SIGNATURES,
    TOKENS,
    Failing,
)
from tests.interop.real_aws import TIMEOUT, run_aws_with_mfa
from tests.interop.stub import Stub
from tests.interop.texts import OVER_BASE
from tests.interop.world import HAS_CRT, World

PROVOKED = {**TOKENS, **SIGNATURES, **REFUSALS, **ELSEWHERE}
NEEDS_NO_CRT = "a login for a tool without the CRT"


def put(world: World, failing: Failing) -> World:
    config = failing.config + (DECOYS if failing.has_decoys else "")
    for name, content in {"config": config, "credentials": failing.credentials}.items():
        if content:
            world.write(name, content.replace("{HOME}", str(world.home)))
    failing.prepare(world.home)
    world = world.having({name: value for name, value in failing.variables.items() if value is not None})
    gone = [name for name, value in failing.variables.items() if value is None]
    return World(world.home, {name: value for name, value in world.environ.items() if name not in gone})


@pytest.mark.parametrize("name", PROVOKED)
def test_what_was_planted_is_named(stubbed: World, stub: Stub, name: str) -> None:
    if name == NEEDS_NO_CRT and HAS_CRT:
        pytest.skip("the CRT is installed here: aws can use a login")
    # GIVEN
    failing = PROVOKED[name]
    world = put(stubbed, failing)
    stub.rules.update(failing.rules)
    run = world.aws(failing.profile)
    assert run.status != 0
    # WHEN
    told = doctor(without_stub(world) if name in TOKENS else world, run.errors)
    # THEN
    assert told.culprit.get("code") == failing.culprit, told.said
    if failing.subject is not None:
        assert failing.subject in (told.culprit["subject"], *told.culprit["profiles"])
    assert [words for words in failing.says if words not in told.said] == [], told.said
    assert told.message["profile"] == failing.tied or not told.message["certain"]


def test_a_wrong_mfa_code_is_told_as_the_terminal_has_it(stubbed: World, stub: Stub) -> None:
    # GIVEN
    serial = "arn:aws:iam::123456789012:mfa/me"
    stubbed.write("config", f"{OVER_BASE}mfa_serial = {serial}\n{DECOYS}")
    stub.rules["AssumeRole"] = sts.gives_for_code("123456")
    world = stubbed.having({"AWS_PROFILE": "x"})
    # WHEN
    run = run_aws_with_mfa(world.environ, "x", serial, "000000")
    told = doctor(world, run.errors)
    # THEN
    assert run.status != 0
    assert told.message["profile"] == "x"
    assert "the MFA code was not accepted" in told.said
    assert "enter the next code" in told.said


def test_the_traceback_of_a_program_leads_to_the_same(stubbed: World, stub: Stub) -> None:
    # GIVEN
    stub.rules["GetCallerIdentity"] = EXPIRED
    world = stubbed.having(HERE_FOR_A_WHILE | {"AWS_SESSION_EXPIRATION": "2020-01-01T00:00:00Z"})
    # WHEN
    program = "import boto3; boto3.client('sts').get_caller_identity()"
    run = subprocess.run(
        [sys.executable, "-c", program],
        env=dict(world.environ),
        cwd=world.home,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    # THEN
    assert "Traceback" in run.stderr
    assert doctor(world, run.stderr).culprit["code"] == "env-expired"
