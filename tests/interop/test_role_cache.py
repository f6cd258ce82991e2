"""The file that the real ``aws`` writes for a role is the one that rolecall predicted."""

import sys

import pytest

from rolecall.aws.expiry import State
from rolecall.aws.providers import Tool
from tests.interop.real_aws import run_aws_with_mfa
from tests.interop.texts import ARN, BASE, KEYS, OVER_BASE, ROLE
from tests.interop.world import World
from tests.interop.written import assert_shown, predicted

ARGUMENTS = {
    "nothing more": "",
    "session name": "role_session_name = me@example.com\n",
    "empty session name": "role_session_name =\n",
    "external id": "external_id = clé/42\n",
    "duration": "duration_seconds = 7200\n",
    "duration as Python also writes it": "duration_seconds = 1_800\n",
    "duration that is no integer": "duration_seconds = 1h\n",
    "all of them": "duration_seconds = 3600\nexternal_id = 42\nrole_session_name = me\n",
}
MFA_SERIAL = "arn:aws:iam::123456789012:mfa/me"


@pytest.mark.parametrize("arguments", ARGUMENTS.values(), ids=ARGUMENTS)
def test_each_argument_of_a_role_is_in_the_name_of_its_file(world: World, arguments: str) -> None:
    # GIVEN a role over static keys, not assumed yet
    world.write("config", OVER_BASE + arguments)
    before = world.look()
    assert before.profiles["x"].expiry.state is State.IDLE

    # WHEN the real aws uses it
    caller = world.aws("x").identity

    # THEN the one file that came is the one predicted, and is shown as the profile's
    assert world.cached() == {before.profiles["x"].cache_file}
    assert assert_shown(world, "x") == caller["Arn"]


def test_a_duration_of_15_minutes_is_renewing_from_the_start(world: World) -> None:
    world.write("config", f"{OVER_BASE}duration_seconds = 900\n")
    before = world.look()

    first = world.aws("x").identity
    assert world.cached() == {before.profiles["x"].cache_file}
    assert assert_shown(world, "x", State.RENEWING) == first["Arn"]
    written = world.contents()

    # the file never serves: the next call assumes the role anew
    second = world.aws("x").identity
    assert world.contents() != written
    assert assert_shown(world, "x", State.RENEWING) == second["Arn"]


def test_settings_in_the_credentials_file_win_in_the_name_as_well(world: World) -> None:
    world.write("config", f"{OVER_BASE}role_session_name = config\nexternal_id = 42\n")
    world.write("credentials", "[x]\nrole_session_name = credentials\n")
    before = world.look()

    assert world.aws("x").identity["Arn"].endswith("/credentials")

    assert world.cached() == {before.profiles["x"].cache_file}
    assert_shown(world, "x")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo-terminal to type on")
def test_an_mfa_role_is_asked_for_once_and_then_served_by_its_file(world: World) -> None:
    world.write("config", f"{OVER_BASE}mfa_serial = {MFA_SERIAL}\n")
    before = world.look()

    caller = run_aws_with_mfa(world.environ, "x", MFA_SERIAL, "123456").identity

    assert world.cached() == {before.profiles["x"].cache_file}
    assert assert_shown(world, "x") == caller["Arn"]
    # without a terminal nobody can be asked: this is the file's doing
    assert world.aws("x").identity["Arn"] == caller["Arn"]


def test_two_profiles_with_one_role_and_two_sources_share_a_file(world: World) -> None:
    # GIVEN the same role over two sources
    other = f"[profile other]\n{KEYS}[profile y]\n{ROLE}source_profile = other\n"
    world.write("config", OVER_BASE + other)
    before = world.look()
    assert before.profiles["x"].cache_file == before.profiles["y"].cache_file

    # WHEN one and then the other is used
    first = world.aws("x").identity
    written = world.contents()
    second = world.aws("y").identity

    # THEN the second got the first one's credentials, and rolecall says that the file serves both
    assert second["Arn"] == first["Arn"]
    assert world.contents() == written
    assert world.cached() == {before.profiles["x"].cache_file}
    (entry,) = world.look().entries
    assert set(entry.profiles) == {"x", "y"}
    assert entry.is_collision


@pytest.mark.parametrize("session_name", ["", "role_session_name = me\n"], ids=["unnamed", "named"])
def test_a_web_identity_is_found_though_its_token_is_in_the_name(world: World, session_name: str) -> None:
    token = world.write("token", "CANARY.web.identity")
    world.write("config", f"[profile x]\n{ROLE}web_identity_token_file = {token}\n{session_name}")
    assert world.look().profiles["x"].expiry.state is State.IDLE

    caller = world.aws("x").identity

    assert_of_cli_v1(world, caller["Arn"])


def assert_of_cli_v1(world: World, arn: str) -> None:
    """The one file is the profile's, and CLI v1's alone: CLI v2 would look for another."""
    snapshot = world.look()
    (entry,) = snapshot.entries
    assert {entry.path.name} == world.cached()
    assert (entry.identity, entry.profiles, entry.is_orphan) == (arn, ("x",), False)
    report = snapshot.profiles["x"]
    assert report.cache_file not in world.cached()
    assert report.expiry.state is State.IDLE


def test_keys_leave_no_file_and_none_was_predicted(world: World) -> None:
    world.write("config", BASE)
    before = world.look()

    assert world.aws("base").identity

    assert before.profiles["base"].cache_file is None
    assert predicted(before, "base") == world.cached() == set()


def test_a_web_identity_is_found_though_its_token_ends_in_a_windows_line_end(world: World) -> None:
    token = world.write("token", b"CANARY.web.identity\r\n")
    world.write("config", f"[profile x]\n{ROLE}web_identity_token_file = {token}\n")

    caller = world.aws("x").identity

    assert_of_cli_v1(world, caller["Arn"])


def test_a_web_identity_of_the_environment_is_no_orphan(world: World) -> None:
    token = world.write("token", "CANARY.web.identity")
    world = world.having({"AWS_WEB_IDENTITY_TOKEN_FILE": str(token), "AWS_ROLE_ARN": ARN})
    default_session = world.look().default_session[Tool.CLI_V1]
    assert default_session.resolution.provider == "assume-role-with-web-identity"

    caller = world.aws().identity

    (entry,) = world.look().entries
    assert {entry.path.name} == world.cached()
    assert (entry.identity, entry.is_orphan) == (caller["Arn"], False)


def test_the_cache_stays_in_the_home_wherever_the_files_are(world: World) -> None:
    world.write("../elsewhere/settings", OVER_BASE)
    world.write("../elsewhere/keys", "[x]\nrole_session_name = me\n")
    world = world.having(
        {
            "WHERE": "elsewhere",
            "AWS_CONFIG_FILE": "~/$WHERE/settings",
            "AWS_SHARED_CREDENTIALS_FILE": "~/${WHERE}/keys",
        }
    )
    before = world.look()

    caller = world.aws("x").identity

    assert world.cached() == {before.profiles["x"].cache_file}
    assert assert_shown(world, "x") == caller["Arn"]
