"""The real ``aws`` fails, its words are pasted, and what was planted is named: by the message alone."""

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.findings import pasted
from rolecall.findings.examine import examine
from rolecall.findings.pasted import Match
from rolecall.findings.why import Answer, why
from tests.interop import broken_homes
from tests.interop.broken_homes import UNPARSEABLE, BrokenHome
from tests.interop.failing_worlds import (
    DECOYS,
    ELSEWHERE,
    FORETOLD,
    REFUSALS,
    SIGNATURES,
    TOKENS,
    Failing,
)
from tests.interop.stub import Stub
from tests.interop.world import World

PROVOKED = {**TOKENS, **SIGNATURES, **REFUSALS, **ELSEWHERE}
HOMES = {
    **broken_homes.CHOICE,
    **broken_homes.ROLES,
    **broken_homes.KEYS_AND_VARIABLES,
    **broken_homes.SSO_HOMES,
    **broken_homes.CACHED,
}


def diagnosed(world: World, profile: str | None, words: str) -> tuple[Match, Answer]:
    """Return what comes of pasting an error message: as ``rolecall doctor --error`` has it."""
    host = world.host()
    snapshot = Snapshot.take(host)
    findings = examine(snapshot)
    read = pasted.read(words)
    assert read is not None, f"not recognised: {words}"
    found = pasted.match(snapshot, findings, read)
    assert profile is None or found.profile is None or found.profile in snapshot.profiles
    return found, why(snapshot, findings, found.profile, pasted=read)


def put(world: World, failing: Failing) -> World:
    config = failing.config + (DECOYS if failing.has_decoys else "")
    for name, content in {"config": config, "credentials": failing.credentials, **failing.files}.items():
        if content:
            world.write(name, content.replace("{HOME}", str(world.home)))
    failing.prepare(world.home)
    world = world.having({name: value for name, value in failing.variables.items() if value is not None})
    gone = [name for name, value in failing.variables.items() if value is None]
    return World(world.home, {name: value for name, value in world.environ.items() if name not in gone})


@pytest.mark.parametrize("failing", PROVOKED.values(), ids=PROVOKED)
def test_what_was_planted_is_named(stubbed: World, stub: Stub, failing: Failing) -> None:
    # GIVEN
    world = put(stubbed, failing)
    stub.rules.update(failing.rules)
    # WHEN
    run = world.aws(failing.profile)
    assert run.status != 0
    found, answer = diagnosed(world, failing.profile, run.errors)
    # THEN
    assert found.profile == failing.tied or not found.is_certain
    assert (answer.culprit.code if answer.culprit else None) == failing.culprit, answer.sentence
    if failing.subject is not None and answer.culprit is not None:
        assert failing.subject in (answer.culprit.subject.name, *answer.culprit.profiles)
    said = f"{answer.sentence} {answer.fix.words if answer.fix else ''}"
    assert [words for words in failing.says if words not in said] == [], said


@pytest.mark.parametrize("name", FORETOLD)
def test_what_stops_a_home_is_named(world: World, name: str) -> None:
    # GIVEN
    home, (code, tied) = HOMES[name], FORETOLD[name]
    world = _broken(world, home)
    # WHEN
    run = world.aws(home.profile)
    assert run.status != 0
    found, answer = diagnosed(world, home.profile, run.errors)
    # THEN
    assert answer.culprit is not None, f"{run.errors}: {answer.sentence}"
    assert answer.culprit.code == code
    if tied is not None:
        assert tied in (found.profile, *answer.culprit.profiles)


def test_every_broken_home_is_looked_at() -> None:
    assert set(FORETOLD) == set(HOMES) - {"nothing at all"}


@pytest.mark.parametrize("content", UNPARSEABLE.values(), ids=UNPARSEABLE)
def test_the_line_that_does_not_parse_is_named(world: World, content: bytes) -> None:
    # GIVEN
    path = world.write("config", content)
    # WHEN
    run = world.aws()
    _, answer = diagnosed(world, None, run.errors)
    # THEN
    assert answer.culprit is not None
    assert answer.culprit.place is not None
    assert answer.culprit.place.path == path
    assert answer.culprit.place.line is not None


def _broken(world: World, home: BrokenHome) -> World:
    for name, content in {"config": home.config, "credentials": home.credentials}.items():
        if content:
            world.write(name, content)
    for name, content in home.files.items():
        world.write(name, content)
    return world.having(home.variables)
