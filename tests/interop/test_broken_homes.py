"""Where the real ``aws`` fails on a home, rolecall has shown that very error before."""

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
from tests.interop.real_aws import AwsRun
from tests.interop.world import HAS_CRT, World


def shown(world: World, broken: BrokenHome) -> Resolution:
    """Build the home, and return what rolecall says of it before anything has been tried."""
    for name, content in {"config": broken.config, "credentials": broken.credentials}.items():
        if content:
            world.write(name, content)
    for name, text in broken.files.items():
        world.write(name, text)
    snapshot = world.look()
    if broken.profile is None:
        return snapshot.ambient[Tool.CLI_V1].resolution
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


def check(world: World, broken: BrokenHome) -> None:
    world = world.having(broken.variables)
    resolution = shown(world, broken)
    assert_foretold(world.aws(broken.profile, "--debug"), resolution, broken.error)


@pytest.mark.parametrize("broken", CHOICE.values(), ids=CHOICE)
def test_no_profile_or_nothing_in_it(world: World, broken: BrokenHome) -> None:
    check(world, broken)


@pytest.mark.parametrize("broken", ROLES.values(), ids=ROLES)
def test_roles(world: World, broken: BrokenHome) -> None:
    check(world, broken)


@pytest.mark.parametrize("broken", KEYS_AND_VARIABLES.values(), ids=KEYS_AND_VARIABLES)
def test_keys_and_variables(world: World, broken: BrokenHome) -> None:
    check(world, broken)


@pytest.mark.parametrize("broken", SSO_HOMES.values(), ids=SSO_HOMES)
def test_sso(world: World, broken: BrokenHome) -> None:
    check(world, broken)


@pytest.mark.parametrize("broken", CACHED.values(), ids=CACHED)
def test_damaged_cache_entries(world: World, broken: BrokenHome) -> None:
    check(world, broken)
    (entry,) = world.look().entries
    assert entry.expiry.state == "broken"
    assert entry.problem


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
    resolution = snapshot.ambient[Tool.CLI_V1].resolution
    assert_foretold(world.aws(None, "--debug"), resolution, "ProfileNotFound")


@pytest.mark.parametrize("name", ["config", "credentials"])
@pytest.mark.parametrize("content", UNPARSEABLE.values(), ids=UNPARSEABLE)
def test_a_file_that_does_not_parse(world: World, name: str, content: bytes) -> None:
    path = world.write(name, content)
    snapshot = world.look()

    statuses = {file.path: file.status for file in snapshot.files}
    assert statuses.pop(path) == "unparseable"
    assert set(statuses.values()) == {"missing"}
    assert not snapshot.profiles
    resolution = snapshot.ambient[Tool.CLI_V1].resolution
    assert_foretold(world.aws(None, "--debug"), resolution, "ConfigParseError")
