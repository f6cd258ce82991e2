"""Chains and sources: each role on the way leaves its predicted file, nothing else leaves one."""

import shlex
import sys

import pytest

from tests.interop.stub import Stub
from tests.interop.texts import (
    BASE,
    ENVIRONMENT_KEYS,
    KEYS,
    OVER_BASE,
    ROLE,
    SSO,
    SSO_SESSION,
    sso_token,
    sso_token_file,
)
from tests.interop.world import World
from tests.interop.written import assert_shown, predicted

PROCESS = """\
print('{"Version": 1, "AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "CANARY"}')
"""


def role(name: str, source: str) -> str:
    arn = f"arn:aws:iam::123456789012:role/{name}"
    return f"[profile {name}]\nrole_arn = {arn}\nsource_profile = {source}\n"


@pytest.mark.parametrize("length", [2, 3])
def test_each_role_of_a_chain_leaves_its_own_file(world: World, length: int) -> None:
    names = [f"hop{number}" for number in range(1, length + 1)]
    sources = ["base", *names[:-1]]
    world.write("config", BASE + "".join(map(role, names, sources)))
    before = world.look()
    assert [hop.profile for hop in before.profiles[names[-1]].chain] == [*reversed(names), "base"]

    caller = world.aws(names[-1]).identity

    assert world.cached() == predicted(before, names[-1])
    assert len(world.cached()) == length
    assert [assert_shown(world, name) for name in names][-1] == caller["Arn"]


def test_a_source_with_static_keys_does_not_assume_its_own_role(world: World) -> None:
    world.write("config", f"{role('inner', 'base')}{KEYS}{BASE}{role('x', 'inner')}")
    before = world.look()

    caller = world.aws("x").identity

    assert world.cached() == {before.profiles["x"].cache_file} == predicted(before, "x")
    assert assert_shown(world, "x") == caller["Arn"]


def test_a_role_that_is_its_own_source_with_static_keys(world: World) -> None:
    world.write("config", f"[profile x]\n{ROLE}source_profile = x\n{KEYS}")
    before = world.look()

    caller = world.aws("x").identity

    assert world.cached() == {before.profiles["x"].cache_file} == predicted(before, "x")
    assert assert_shown(world, "x") == caller["Arn"]


def test_a_source_that_stands_in_the_credentials_file_alone(world: World) -> None:
    world.write("config", role("x", "base"))
    world.write("credentials", f"[base]\n{KEYS}")
    before = world.look()

    caller = world.aws("x").identity

    assert world.cached() == {before.profiles["x"].cache_file} == predicted(before, "x")
    assert assert_shown(world, "x") == caller["Arn"]


def test_a_role_over_the_environment_is_assumed_where_the_profile_is_named(world: World) -> None:
    world.write("config", f"[profile x]\n{ROLE}credential_source = Environment\n")
    world = world.having(ENVIRONMENT_KEYS)
    before = world.look()

    caller = world.aws("x").identity

    assert world.cached() == {before.profiles["x"].cache_file} == predicted(before, "x")
    assert assert_shown(world, "x") == caller["Arn"]


def test_a_role_over_the_environment_is_never_assumed_through_aws_profile(world: World) -> None:
    world.write("config", f"[profile x]\n{ROLE}credential_source = Environment\n")
    world = world.having({**ENVIRONMENT_KEYS, "AWS_PROFILE": "x"})
    default_session = world.look().default_session

    caller = world.aws().identity

    assert {answer.resolution.provider for answer in default_session.values()} == {"env"}
    assert caller["UserId"] == "AKIAIOSFODNN7EXAMPLE"
    assert world.cached() == set()


def test_a_role_over_a_containers_credentials(world: World, stub: Stub) -> None:
    world.write("config", f"[profile x]\n{ROLE}credential_source = EcsContainer\n")
    world = world.having({"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{stub.url}/container"})
    before = world.look()

    caller = world.aws("x").identity

    assert stub.calls == ["GET /container"]
    assert world.cached() == {before.profiles["x"].cache_file} == predicted(before, "x")
    assert assert_shown(world, "x") == caller["Arn"]


def test_a_role_over_a_process(world: World) -> None:
    helper = world.write("helper.py", PROCESS)
    command = shlex.join([sys.executable, str(helper)])
    process = f"[profile helper]\ncredential_process = {command}\n"
    world.write("config", process + role("x", "helper"))
    before = world.look()

    caller = world.aws("x").identity

    assert world.cached() == {before.profiles["x"].cache_file} == predicted(before, "x")
    assert assert_shown(world, "x") == caller["Arn"]


def test_a_role_over_a_web_identity_keeps_the_role_alone(world: World) -> None:
    token = world.write("token", "CANARY.web.identity")
    web = f"[profile web]\n{ROLE}web_identity_token_file = {token}\n"
    world.write("config", web + role("x", "web"))
    before = world.look()

    caller = world.aws("x").identity

    assert world.cached() == {before.profiles["x"].cache_file} == predicted(before, "x")
    assert assert_shown(world, "x") == caller["Arn"]


def test_a_role_over_sso_keeps_the_role_alone(world: World, stub: Stub) -> None:
    world.write("config", f"{SSO_SESSION}[profile sso]\n{SSO}{role('x', 'sso')}")
    world.write(sso_token_file("corp"), sso_token("2999-01-01T00:00:00Z"))
    world = world.having({"AWS_ENDPOINT_URL_SSO": stub.url})
    before = world.look()

    caller = world.aws("x").identity

    assert stub.calls == ["GET /federation/credentials"]
    assert world.cached() == {before.profiles["x"].cache_file} == predicted(before, "x")
    assert assert_shown(world, "x") == caller["Arn"]


def test_a_source_is_validated_even_where_the_file_would_serve(world: World) -> None:
    world.write("config", OVER_BASE)
    assert world.aws("x").identity
    world.write("config", OVER_BASE.replace("[profile base]", "[profile renamed]"))

    resolution = world.look().profiles["x"].resolution
    run = world.aws("x", "--debug")

    assert (resolution.error, resolution.message) == (run.error, run.message)
    assert run.error == "InvalidConfigError"
