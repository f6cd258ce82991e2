"""The real ``aws`` fails, its words go to ``rolecall doctor --error``, and that names what was planted.

Nothing but the words is given: neither the command nor the profile that it was called with. What passes here
over what passes and is expected to fail (``MISSES``) is the hit rate.
"""

import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from rolecall.host import utc_now
from tests.cli.program import Program
from tests.interop import broken_homes, sts
from tests.interop.broken_homes import UNPARSEABLE, BrokenHome
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
from tests.interop.foretold import FORETOLD, MISSES
from tests.interop.real_aws import TIMEOUT, run_aws_with_mfa
from tests.interop.stub import Stub
from tests.interop.texts import OVER_BASE
from tests.interop.world import HAS_CRT, World

PROVOKED = {**TOKENS, **SIGNATURES, **REFUSALS, **ELSEWHERE}
HOMES = {
    **broken_homes.CHOICE,
    **broken_homes.ROLES,
    **broken_homes.KEYS_AND_VARIABLES,
    **broken_homes.SSO_HOMES,
    **broken_homes.CACHED,
}
NEEDS_NO_CRT = "a login for a tool without the CRT"


@dataclass(frozen=True, slots=True)
class Told:
    """What ``rolecall doctor --error`` says of some words.

    Attributes:
        culprit: the finding that is to blame, as JSON has it; empty for none.
        said: the answer and its cure.
        message: whom the words are about.
    """

    culprit: Mapping[str, Any]
    said: str
    message: Mapping[str, Any]


def doctor(world: World, words: str) -> Told:
    program = Program(world.home, dict(world.environ), utc_now)
    outcome = program.fed(words, "doctor", "--error", "-", "--json")
    assert outcome.code in (0, 1), outcome.err
    told = outcome.json
    assert "message" in told, f"not recognised: {words}"
    found = (each for each in told["findings"] if each["code"] == told["culprit"])
    culprit: Mapping[str, Any] = next(found, {})
    assert bool(culprit) == (told["culprit"] is not None)
    cure = told["cure"]["words"] if told["cure"] is not None else ""
    return Told(culprit, f"{told['sentence']} {cure}", told["message"])


def each_of(names: Iterable[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", [_row(name) for name in names])


def _row(name: str) -> ParameterSet:
    marks = [pytest.mark.xfail(reason=MISSES[name], strict=True)] if name in MISSES else []
    return pytest.param(name, marks=marks)


def put(world: World, failing: Failing) -> World:
    config = failing.config + (DECOYS if failing.has_decoys else "")
    for name, content in {"config": config, "credentials": failing.credentials}.items():
        if content:
            world.write(name, content.replace("{HOME}", str(world.home)))
    failing.prepare(world.home)
    world = world.having({name: value for name, value in failing.variables.items() if value is not None})
    gone = [name for name, value in failing.variables.items() if value is None]
    return World(world.home, {name: value for name, value in world.environ.items() if name not in gone})


def put_broken(world: World, home: BrokenHome) -> World:
    for name, content in {"config": home.config, "credentials": home.credentials}.items():
        if content:
            world.write(name, content)
    for name, text in home.files.items():
        world.write(name, text)
    return world.having(home.variables)


@each_of(PROVOKED)
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
    told = doctor(world, run.errors)
    # THEN
    assert told.culprit.get("code") == failing.culprit, told.said
    if failing.subject is not None:
        assert failing.subject in (told.culprit["subject"], *told.culprit["profiles"])
    assert [words for words in failing.says if words not in told.said] == [], told.said
    assert told.message["profile"] == failing.tied or not told.message["certain"]


@each_of(FORETOLD)
def test_what_stops_a_home_is_named(world: World, name: str) -> None:
    # GIVEN
    home, (code, profile) = HOMES[name], FORETOLD[name]
    world = put_broken(world, home)
    run = world.aws(home.profile)
    assert run.status != 0
    # WHEN
    told = doctor(world, run.errors)
    # THEN
    assert told.culprit.get("code") == code, f"{run.errors}: {told.said}"
    if profile is not None:
        assert profile in (told.message["profile"], *told.culprit["profiles"])


def test_every_broken_home_is_looked_at_and_every_miss_is_one() -> None:
    assert set(FORETOLD) | set(ELSEWHERE) >= set(HOMES)
    assert set(MISSES) <= set(FORETOLD) | set(PROVOKED)


@pytest.mark.parametrize("content", UNPARSEABLE.values(), ids=UNPARSEABLE)
@pytest.mark.parametrize("name", ["config", "credentials"])
def test_the_line_that_does_not_parse_is_named(world: World, name: str, content: bytes) -> None:
    # GIVEN
    path = world.write(name, content)
    # WHEN
    told = doctor(world, world.aws().errors)
    # THEN
    assert told.culprit["severity"] == "error"
    assert told.culprit["path"] == str(path)
    assert isinstance(told.culprit["line"], int)


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
    assert "give the next code" in told.said


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
