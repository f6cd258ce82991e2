"""Roles: source profiles, loops, chains (aws-facts §3); each is held to the real botocore."""

import pytest

from rolecall.aws.snapshot import Snapshot
from tests.aws.cases import (
    LEGACY_SSO,
    SESSION,
    SSO_ROLE,
    Case,
    keys,
    outcome,
    role,
)
from tests.aws.real import assert_resolves, botocore_says
from tests.conftest import HomeMaker

STATIC = "shared-credentials-file"
BASE = f"[base]\n{keys('BASE')}"
OVER_BASE = f"x assume-role < base {STATIC}"
LOOP = (
    "Infinite loop in credential configuration detected. Attempting to load from profile {} which has "
    "already been visited. Visited profiles: {}"
)

CASES = {
    "over keys in credentials": Case(
        "assume-role", f"[profile x]\n{role('x', 'base')}", BASE, chain=OVER_BASE
    ),
    "over keys in config": Case(
        "assume-role",
        f"[profile x]\n{role('x', 'base')}[profile base]\n{keys('BASE')}",
        chain="x assume-role < base config-file",
    ),
    "all in credentials": Case("assume-role", None, f"[x]\n{role('x', 'base')}{BASE}", chain=OVER_BASE),
    "over the default profile": Case(
        "assume-role",
        f"[profile x]\n{role('x', 'default')}[default]\n{keys('BASE')}",
        chain="x assume-role < default config-file",
    ),
    "over a role": Case(
        "assume-role",
        f"[profile x]\n{role('x', 'm')}[profile m]\n{role('m', 'base')}",
        BASE,
        chain=f"x assume-role < m assume-role < base {STATIC}",
    ),
    "over a process": Case(
        "assume-role",
        f"[profile x]\n{role('x', 'p')}[profile p]\ncredential_process = false\n",
        chain="x assume-role < p custom-process",
    ),
    "over SSO": Case(
        "assume-role",
        f"[profile x]\n{role('x', 's')}[profile s]\n{LEGACY_SSO}",
        chain="x assume-role < s sso",
    ),
    "over an sso-session": Case(
        "assume-role",
        f"{SESSION}[profile x]\n{role('x', 's')}[profile s]\nsso_session = corp\n{SSO_ROLE}",
        chain="x assume-role < s sso",
    ),
    "over a web identity": Case(
        "assume-role",
        f"[profile x]\n{role('x', 'w')}[profile w]\n{role('w')}web_identity_token_file = /nowhere\n",
        chain="x assume-role < w assume-role-with-web-identity",
    ),
    "its role_arn beats its own keys": Case(
        "assume-role", f"[profile x]\n{role('x', 'base')}{keys('OWN')}", BASE, chain=OVER_BASE
    ),
    "an empty role_arn is one": Case(
        "assume-role", "[profile x]\nrole_arn =\nsource_profile = base\n", BASE, chain=OVER_BASE
    ),
    "credentials bring the role_arn": Case(
        "assume-role",
        f"[profile x]\n{keys('OWN')}",
        f"[x]\n{role('x', 'base')}{BASE}",
        chain=OVER_BASE,
    ),
    "a source with keys ignores its own role_arn": Case(
        "assume-role",
        f"[profile x]\n{role('x', 'base')}[profile base]\n{role('m', 'gone')}",
        BASE,
        chain=OVER_BASE,
    ),
    "a source with web identity ignores its own source": Case(
        "assume-role",
        f"[profile x]\n{role('x', 'w')}[profile w]\n{role('w', 'gone')}web_identity_token_file = /nowhere\n",
        chain="x assume-role < w assume-role-with-web-identity",
    ),
    "the environment's web identity is not the source's": Case(
        "assume-role",
        f"[profile x]\n{role('x', 'base')}",
        BASE,
        chain=OVER_BASE,
        environ={"AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere", "AWS_ROLE_ARN": "arn"},
    ),
    "a duration that is no number": Case(
        "assume-role", f"[profile x]\n{role('x', 'base')}duration_seconds = 1h\n", BASE, chain=OVER_BASE
    ),
    # Itself
    "itself with keys": Case(
        "assume-role",
        f"[profile x]\n{role('x', 'x')}",
        f"[x]\n{keys('OWN')}",
        chain=f"x assume-role < x {STATIC}",
    ),
    "itself with a secret alone": Case(
        "InvalidConfigError",
        f"[profile x]\n{role('x', 'x')}aws_secret_access_key = CANARY\n",
        chain="x assume-role < x ?",
        says='The source profile "x" must have credentials.',
    ),
    "itself without keys": Case(
        "InfiniteLoopConfigError",
        f"[profile x]\n{role('x', 'x')}",
        chain="x assume-role < x ?",
        says=LOOP.format("x", ["x"]),
    ),
    "itself with SSO": Case(
        "InfiniteLoopConfigError",
        f"[profile x]\n{role('x', 'x')}{LEGACY_SSO}",
        chain="x assume-role < x ?",
        says=LOOP.format("x", ["x"]),
    ),
    "itself with a process": Case(
        "InfiniteLoopConfigError",
        f"[profile x]\n{role('x', 'x')}credential_process = false\n",
        chain="x assume-role < x ?",
    ),
    # Loops
    "a loop of two": Case(
        "InfiniteLoopConfigError",
        f"[profile x]\n{role('x', 'b')}[profile b]\n{role('b', 'x')}",
        chain="x assume-role < b assume-role < x ?",
        says=LOOP.format("x", ["x", "b"]),
    ),
    "a loop that it only leads to": Case(
        "InfiniteLoopConfigError",
        f"[profile x]\n{role('x', 'a')}[profile a]\n{role('a', 'b')}[profile b]\n{role('b', 'a')}",
        chain="x assume-role < a assume-role < b assume-role < a ?",
        says=LOOP.format("a", ["x", "a", "b"]),
    ),
    "a source over itself with keys": Case(
        "assume-role",
        f"[profile x]\n{role('x', 'base')}[profile base]\n{role('b', 'base')}{keys('BASE')}",
        chain="x assume-role < base config-file",
    ),
    "keys at the end of a loop do not help": Case(
        "InfiniteLoopConfigError",
        f"[profile x]\n{role('x', 'b')}{keys('OWN')}[profile b]\n{role('b', 'x')}",
        chain="x assume-role < b assume-role < x ?",
    ),
    # What is missing
    "no source": Case(
        "PartialCredentialsError",
        f"[profile x]\n{role()}{keys('OWN')}",
        chain="x assume-role",
        says="Partial credentials found in assume-role, missing: source_profile or credential_source",
    ),
    "two sources": Case(
        "InvalidConfigError",
        f"[profile x]\n{role('x', 'base')}credential_source = Environment\n",
        BASE,
        chain="x assume-role",
        says='The profile "x" contains both source_profile and credential_source.',
    ),
    "a missing source": Case(
        "InvalidConfigError",
        f"[profile x]\n{role('x', 'gone')}",
        chain="x assume-role < gone ?",
        says='The source_profile "gone" referenced in the profile "x" does not exist.',
    ),
    "a missing source further on": Case(
        "InvalidConfigError",
        f"[profile x]\n{role('x', 'm')}[profile m]\n{role('m', 'gone')}",
        chain="x assume-role < m assume-role < gone ?",
        says='The source_profile "gone" referenced in the profile "m" does not exist.',
    ),
    "an empty source": Case(
        "InvalidConfigError",
        "[profile x]\nrole_arn = arn\nsource_profile =\n",
        chain="x assume-role < - ?",
        says='The source_profile "" referenced in the profile "x" does not exist.',
    ),
    "a source without anything": Case(
        "InvalidConfigError",
        f"[profile x]\n{role('x', 'base')}[profile base]\nregion = eu-west-1\n",
        chain="x assume-role < base ?",
        says='The source profile "base" must have credentials.',
    ),
    "a source with half a pair": Case(
        "PartialCredentialsError",
        f"[profile x]\n{role('x', 'base')}",
        "[base]\naws_access_key_id = AKIABASEEXAMPLE\n",
        chain="x assume-role < base ?",
        says="Partial credentials found in shared-credentials-file, missing: aws_secret_access_key",
    ),
    "a source with a secret alone ignores its own role_arn": Case(
        "InvalidConfigError",
        f"[profile x]\n{role('x', 'm')}[profile m]\n{role('m', 'base')}aws_secret_access_key = CANARY\n",
        BASE,
        chain="x assume-role < m ?",
        says='The source profile "m" must have credentials.',
    ),
    "a source whose SSO is incomplete": Case(
        "InvalidConfigError",
        f"[profile x]\n{role('x', 's')}[profile s]\nsso_role_name = admin\n",
        chain="x assume-role < s ?",
        says=(
            'The profile "s" is configured to use SSO but is missing required configuration: '
            "sso_account_id, sso_start_url, sso_region"
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_role_resolves_as_in_botocore(make_home: HomeMaker, name: str) -> None:
    assert_resolves(make_home(**CASES[name].home), CASES[name])


@pytest.mark.parametrize("length", [30, 100])
def test_a_long_chain_is_followed_to_its_end(make_home: HomeMaker, length: int) -> None:
    config = f"[profile x]\n{role('x', 'p0')}" + "".join(
        f"[profile p{number}]\n{role(str(number), f'p{number + 1}')}" for number in range(length)
    )
    host = make_home(config=config, credentials=f"[p{length}]\n{keys('BASE')}")
    resolution = Snapshot.take(host).profiles["x"].resolution
    assert [hop.profile for hop in resolution.chain] == ["x", *(f"p{number}" for number in range(length + 1))]
    assert resolution.chain[-1].provider == STATIC
    assert botocore_says(host, "x") == outcome(resolution)


def test_the_hops_carry_their_roles_and_settings(make_home: HomeMaker) -> None:
    host = make_home(config=f"[profile x]\n{role('x', 'base')}region = eu-west-1\n", credentials=BASE)
    first, last = Snapshot.take(host).profiles["x"].chain
    assert (first.role_arn, last.role_arn) == ("arn:aws:iam::123456789012:role/x", None)
    assert first.settings["region"] == "eu-west-1"
    assert "CANARY" not in repr(last)
