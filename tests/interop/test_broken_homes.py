"""Where the real ``aws`` fails on a home, rolecall has shown that very error before.

And given nothing but its words, without the profile that it was called with, it names what is to blame.
"""

import pytest

from rolecall.aws.providers import Resolution, Tool
from tests.interop.broken_homes import (
    CACHED,
    CHOICE,
    KEYS_AND_VARIABLES,
    LOGIN,
    ROLES,
    SSO_HOMES,
    UNPARSEABLE,
    BrokenHome,
)
from tests.interop.doctor import doctor
from tests.interop.failing_worlds import ELSEWHERE
from tests.interop.foretold import FORETOLD, MISSES
from tests.interop.real_aws import AwsRun
from tests.interop.world import HAS_CRT, World

HOMES = {**CHOICE, **ROLES, **KEYS_AND_VARIABLES, **SSO_HOMES, **CACHED}


def shown(world: World, broken: BrokenHome) -> Resolution:
    """Build the home, and return what rolecall says of it before anything has been tried."""
    for name, content in {"config": broken.config, "credentials": broken.credentials}.items():
        if content:
            world.write(name, content)
    for name, text in broken.files.items():
        world.write(name, text)
    snapshot = world.look()
    if broken.profile is None:
        return snapshot.default_session[Tool.CLI_V1].resolution
    return snapshot.profiles[broken.profile].resolutions[Tool.CLI_V1]


def assert_foretold(run: AwsRun, resolution: Resolution, error: str) -> None:
    """Assert that ``aws`` failed with an error, and rolecall had its name and its words."""
    assert run.status != 0
    assert run.error == error
    fault = resolution.fault
    assert fault is not None, f"aws said: {run.error}: {run.message}"
    assert fault.error == error
    assert fault.message.partition("\n")[0] == run.message
    assert fault.message in run.errors


def assert_named(world: World, words: str, name: str) -> None:
    """Assert that the words of ``aws`` lead to what is to blame, unless that is known to be missed."""
    if name not in FORETOLD:
        assert name in ELSEWHERE
        return
    code, profile = FORETOLD[name]
    told = doctor(world, words)
    is_named = told.culprit.get("code") == code and (
        profile is None or profile in (told.message["profile"], *told.culprit["profiles"])
    )
    assert is_named == (name not in MISSES), f"{words}: {told.said}"
    if name in MISSES:
        pytest.xfail(MISSES[name])


def check(world: World, broken: BrokenHome) -> AwsRun:
    """Assert that ``aws`` fails on a home as foretold; return what it said."""
    resolution = shown(world, broken)
    run = world.aws(broken.profile, "--debug")
    assert_foretold(run, resolution, broken.error)
    return run


@pytest.mark.parametrize("name", [*CHOICE, *ROLES, *KEYS_AND_VARIABLES, *SSO_HOMES])
def test_what_aws_says_is_foretold_and_leads_to_what_is_to_blame(world: World, name: str) -> None:
    broken = HOMES[name]
    world = world.having(broken.variables)
    run = check(world, broken)
    assert_named(world, run.words, name)


def test_every_home_is_looked_at_and_every_miss_is_one() -> None:
    assert set(HOMES) <= set(FORETOLD) | set(ELSEWHERE)
    assert set(MISSES) <= set(FORETOLD) <= set(HOMES)


@pytest.mark.parametrize("name", CACHED)
def test_damaged_cache_entries(world: World, name: str) -> None:
    run = check(world, CACHED[name])
    (entry,) = world.look().entries
    assert entry.expiry.state == "broken"
    assert entry.problem
    assert_named(world, run.words, name)


def test_the_words_are_those_that_are_there_without_debug_too(world: World) -> None:
    for name in ("a loop of two", "an empty role", "not JSON"):
        broken = HOMES[name]
        shown(world, broken)
        plain, debugged = world.aws(broken.profile), world.aws(broken.profile, "--debug")
        assert plain.words.strip() == plain.errors.strip() == debugged.words.strip() != ""


@pytest.mark.skipif(HAS_CRT, reason="the CRT is installed here: aws can use a login")
def test_a_login_without_the_crt(world: World) -> None:
    check(world, LOGIN)


def test_a_profile_that_rolecall_does_not_list_is_not_found(world: World) -> None:
    world.write("config", "[profile a b]\nregion = eu-west-1\n[dev]\nregion = eu-west-1\n")
    assert not world.look().profiles

    assert [world.aws(name, "--debug").error for name in ("a b", "dev")] == ["ProfileNotFound"] * 2


def test_a_directory_in_the_files_place_counts_as_no_file(world: World) -> None:
    (world.home / ".aws" / "config").mkdir()
    world = world.having({"AWS_PROFILE": "x"})
    snapshot = world.look()

    assert snapshot.files[0].status in ("missing", "unreadable")
    resolution = snapshot.default_session[Tool.CLI_V1].resolution
    assert_foretold(world.aws(None, "--debug"), resolution, "ProfileNotFound")


@pytest.mark.parametrize("name", ["config", "credentials"])
@pytest.mark.parametrize("content", UNPARSEABLE.values(), ids=UNPARSEABLE)
def test_a_file_that_does_not_parse(world: World, name: str, content: bytes) -> None:
    # GIVEN
    path = world.write(name, content)
    snapshot = world.look()
    statuses = {file.path: file.status for file in snapshot.files}
    assert statuses.pop(path) == "unparseable"
    assert set(statuses.values()) == {"missing"}
    assert not snapshot.profiles
    resolution = snapshot.default_session[Tool.CLI_V1].resolution
    # WHEN
    run = world.aws(None, "--debug")
    # THEN
    assert_foretold(run, resolution, "ConfigParseError")
    told = doctor(world, run.words)
    assert told.culprit["severity"] == "error"
    assert told.culprit["path"] == str(path)
    assert isinstance(told.culprit["line"], int)
