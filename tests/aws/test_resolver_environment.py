"""What a command without ``--profile`` uses (aws-facts §1), per tool; each row held to the real botocore."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from rolecall.aws.providers import Tool
from rolecall.aws.snapshot import Snapshot
from tests.aws.cases import Case, drawn, environment_keys, keys, outcome, role
from tests.aws.real import botocore_raises, botocore_says
from tests.conftest import HomeMaker, Taker

STATIC, WEB = "shared-credentials-file", "assume-role-with-web-identity"
TWO = f"[p]\n{keys('P')}[other]\n{keys('OTHER')}"
IDENTITY = {
    "AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token",
    "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/env",
}
TOKEN = {"token": "CANARY"}
GONE = "The config profile ({}) could not be found"

CASES = {
    "nothing": Case("NoCredentialsError", says="Unable to locate credentials"),
    "the default profile": Case(STATIC, None, f"[default]\n{keys('DEFAULT')}", key="DEFAULT"),
    "env keys": Case("env", environ=environment_keys(), key="ENV", chain="- env"),
    "env keys over the default profile": Case(
        "env", None, f"[default]\n{keys('DEFAULT')}", key="ENV", environ=environment_keys(), chain="- env"
    ),
    "env keys over AWS_PROFILE": Case(
        "env", None, TWO, key="ENV", environ=environment_keys(AWS_PROFILE="p"), chain="- env"
    ),
    "AWS_PROFILE": Case(STATIC, None, TWO, key="P", environ={"AWS_PROFILE": "p"}, chain=f"p {STATIC}"),
    "AWS_DEFAULT_PROFILE": Case(
        STATIC, None, TWO, key="P", environ={"AWS_DEFAULT_PROFILE": "p"}, chain=f"p {STATIC}"
    ),
    "AWS_PROFILE without such a profile": Case(
        "ProfileNotFound",
        None,
        TWO,
        environ={"AWS_PROFILE": "gone"},
        chain="gone ?",
        says=GONE.format("gone"),
    ),
    "AWS_PROFILE without such a profile, and env keys": Case(
        "ProfileNotFound",
        None,
        TWO,
        environ=environment_keys(AWS_PROFILE="gone"),
        chain="gone ?",
        says=GONE.format("gone"),
    ),
    "AWS_PROFILE empty": Case(
        "ProfileNotFound", None, f"{TWO}[default]\n", environ={"AWS_PROFILE": ""}, says=GONE.format("")
    ),
    "AWS_PROFILE empty, and env keys": Case(
        "ProfileNotFound", None, TWO, environ=environment_keys(AWS_PROFILE=""), says=GONE.format("")
    ),
    "AWS_DEFAULT_PROFILE empty": Case("ProfileNotFound", None, TWO, environ={"AWS_DEFAULT_PROFILE": ""}),
    "AWS_PROFILE=default without one": Case(
        "ProfileNotFound", None, TWO, environ={"AWS_PROFILE": "default"}, says=GONE.format("default")
    ),
    "a profile that an unreadable file would have": Case(
        "ProfileNotFound", environ={"AWS_PROFILE": "p"}, files={".aws/config/": ""}, chain="p ?"
    ),
    "env id without a secret": Case(
        "PartialCredentialsError",
        None,
        f"[default]\n{keys('DEFAULT')}",
        environ={"AWS_ACCESS_KEY_ID": "AKIAENVEXAMPLE"},
        says="Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY",
    ),
    "env id with an empty secret": Case(
        "PartialCredentialsError",
        environ={"AWS_ACCESS_KEY_ID": "AKIAENVEXAMPLE", "AWS_SECRET_ACCESS_KEY": ""},
    ),
    "an empty env id": Case(
        STATIC,
        None,
        f"[default]\n{keys('DEFAULT')}",
        key="DEFAULT",
        environ={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "CANARY"},
    ),
    "env secret and token without an id": Case(
        STATIC,
        None,
        f"[default]\n{keys('DEFAULT')}",
        key="DEFAULT",
        environ={"AWS_SECRET_ACCESS_KEY": "CANARY", "AWS_SESSION_TOKEN": "CANARY"},
    ),
    "env keys with an end": Case(
        "env",
        key="ENV",
        chain="- env",
        environ=environment_keys(AWS_CREDENTIAL_EXPIRATION="2099-01-01T00:00:00Z"),
    ),
    "env keys with an end that is no time": Case(
        "ParserError",
        environ=environment_keys(AWS_CREDENTIAL_EXPIRATION="soon"),
        says="Unknown string format: soon",
    ),
    "an end without env keys": Case(
        STATIC,
        None,
        f"[default]\n{keys('DEFAULT')}",
        key="DEFAULT",
        environ={"AWS_CREDENTIAL_EXPIRATION": "soon"},
    ),
    # Web identity
    "web identity": Case(WEB, environ=IDENTITY, files=TOKEN),
    "web identity over a profile's keys": Case(
        WEB, None, TWO, environ=IDENTITY | {"AWS_PROFILE": "p"}, files=TOKEN, chain=f"p {WEB}"
    ),
    "web identity under a profile's role": Case(
        "assume-role",
        f"[profile r]\n{role('r', 'p')}",
        TWO,
        environ=IDENTITY | {"AWS_PROFILE": "r"},
        chain=f"r assume-role < p {STATIC}",
    ),
    "web identity under env keys": Case(
        "env", environ=environment_keys(**IDENTITY), key="ENV", chain="- env"
    ),
    "web identity without a role": Case(
        "InvalidConfigError", environ={"AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere"}
    ),
    "the role alone does nothing": Case(
        STATIC, None, TWO, key="P", environ={"AWS_ROLE_ARN": "arn", "AWS_PROFILE": "p"}, chain=f"p {STATIC}"
    ),
    "an empty token file turns the profile's off": Case(
        "NoCredentialsError",
        f"[profile w]\n{role()}web_identity_token_file = /nowhere\n",
        environ={"AWS_PROFILE": "w", "AWS_WEB_IDENTITY_TOKEN_FILE": ""},
        chain="w ?",
    ),
    # Roles over the environment
    "credential_source = Environment with AWS_PROFILE never assumes its role": Case(
        "env",
        f"[profile r]\n{role()}credential_source = Environment\n",
        key="ENV",
        environ=environment_keys(AWS_PROFILE="r"),
        chain="- env",
    ),
    "credential_source = Environment without keys": Case(
        "CredentialRetrievalError",
        f"[profile r]\n{role()}credential_source = Environment\n",
        environ={"AWS_PROFILE": "r"},
        chain="r assume-role < - ?",
    ),
    # After the profile
    "the container after all": Case(
        "container-role", environ={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/x"}
    ),
    # Files that do not parse
    "a broken file stops env keys too where AWS_PROFILE is set": Case(
        "ConfigParseError", "[default\n", environ=environment_keys(AWS_PROFILE="p"), chain="p ?"
    ),
    "a broken file": Case("ConfigParseError", "[default\n"),
    "a broken credentials file": Case("ConfigParseError", None, "[default\n"),
    "a bad setting of the metadata service": Case(
        "ValueError", environ=environment_keys(AWS_METADATA_SERVICE_TIMEOUT="soon")
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_environment_resolves_as_in_botocore(make_home: HomeMaker, name: str) -> None:
    case = CASES[name]
    host = make_home(**case.home)
    found = Snapshot.take(host).default_session
    for tool, default_session in found.items():
        assert outcome(default_session.resolution) == case.outcome()
        assert botocore_says(host, None, tool) == case.outcome()
    resolution = found[Tool.BOTO3].resolution
    assert drawn(resolution.chain) == (case.chain or f"default {'?' if case.is_error else case.gives}")
    if case.is_error:
        assert resolution.message == botocore_raises(host)
    if case.says is not None:
        assert resolution.message == case.says


# Where the tools differ


@dataclass(frozen=True, slots=True)
class Differing:
    """An environment in which CLI v2 does something else: provider, error, access key id."""

    environ: Mapping[str, str]
    others: tuple[str | None, str | None, str | None]
    cli_v2: tuple[str | None, str | None, str | None]


P = (f"{STATIC}", None, "AKIAPEXAMPLE")
OTHER = (f"{STATIC}", None, "AKIAOTHEREXAMPLE")
NOT_FOUND = (None, "ProfileNotFound", None)

DIFFERING = {
    "both variables": Differing({"AWS_PROFILE": "p", "AWS_DEFAULT_PROFILE": "other"}, OTHER, P),
    "one of them empty": Differing({"AWS_PROFILE": "p", "AWS_DEFAULT_PROFILE": ""}, NOT_FOUND, P),
    "the other one empty": Differing({"AWS_PROFILE": "", "AWS_DEFAULT_PROFILE": "p"}, P, NOT_FOUND),
    "one of them wrong": Differing({"AWS_PROFILE": "gone", "AWS_DEFAULT_PROFILE": "p"}, P, NOT_FOUND),
    "both the same": Differing({"AWS_PROFILE": "p", "AWS_DEFAULT_PROFILE": "p"}, P, P),
}


@pytest.mark.parametrize("name", DIFFERING)
def test_cli_v2_asks_the_profile_variables_the_other_way_round(make_home: HomeMaker, name: str) -> None:
    case = DIFFERING[name]
    host = make_home(credentials=TWO, environ=case.environ)
    found = Snapshot.take(host).default_session
    for tool, expected in (
        (Tool.BOTO3, case.others),
        (Tool.CLI_V1, case.others),
        (Tool.CLI_V2, case.cli_v2),
    ):
        assert outcome(found[tool].resolution) == expected
        assert botocore_says(host, None, tool) == expected
    assert [found[tool].variable for tool in Tool] == [
        "AWS_DEFAULT_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_PROFILE",
    ]


@pytest.mark.parametrize(
    ("environ", "profile", "variable"),
    [
        ({}, "default", None),
        ({"AWS_PROFILE": "p"}, "p", "AWS_PROFILE"),
        ({"AWS_PROFILE": "gone"}, "gone", "AWS_PROFILE"),
        ({"AWS_DEFAULT_PROFILE": "p"}, "p", "AWS_DEFAULT_PROFILE"),
        ({"AWS_PROFILE": ""}, "", "AWS_PROFILE"),
        (environment_keys(), "default", None),
        (environment_keys(AWS_PROFILE="p"), "p", "AWS_PROFILE"),
    ],
)
def test_it_is_said_which_profile_and_which_variable(
    take: Taker, environ: Mapping[str, str], profile: str, variable: str | None
) -> None:
    default_session = take(credentials=f"{TWO}[default]\n{keys('DEFAULT')}", environ=environ).default_session[
        Tool.BOTO3
    ]
    assert (default_session.profile, default_session.variable) == (profile, variable)


def test_no_profile_is_said_where_there_is_none(take: Taker) -> None:
    default_session = take(environ=environment_keys()).default_session[Tool.BOTO3]
    assert (default_session.profile, default_session.variable) == (None, None)


def test_cli_v1_reads_the_token_at_once_and_the_others_later(make_home: HomeMaker) -> None:
    # GIVEN a web identity whose token is not there: CLI v1 needs it for the name of its cache file
    host = make_home(environ=IDENTITY)
    found = Snapshot.take(host).default_session
    assert {tool: found[tool].resolution.error for tool in Tool} == {
        Tool.BOTO3: None,
        Tool.CLI_V1: "FileNotFoundError",
        Tool.CLI_V2: None,
    }
    for tool in Tool:
        assert botocore_says(host, None, tool) == outcome(found[tool].resolution)


# The region


@pytest.mark.parametrize(
    ("environ", "others", "cli_v2"),
    [
        ({}, None, None),
        ({"AWS_PROFILE": "p"}, "eu-west-1", "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "a"}, "a", "a"),
        ({"AWS_REGION": "b"}, None, "b"),
        ({"AWS_REGION": "b", "AWS_PROFILE": "p"}, "eu-west-1", "b"),
        ({"AWS_REGION": "b", "AWS_DEFAULT_REGION": "a"}, "a", "b"),
        ({"AWS_DEFAULT_REGION": "", "AWS_PROFILE": "p"}, "", ""),
        ({"AWS_REGION": "", "AWS_PROFILE": "p"}, "eu-west-1", ""),
        (environment_keys(AWS_PROFILE="p"), "eu-west-1", "eu-west-1"),
        ({"AWS_PROFILE": "bare"}, None, None),  # no fall-back to [default]'s
        ({"AWS_PROFILE": "gone"}, None, None),
    ],
)
def test_boto3_and_cli_v1_ignore_aws_region(
    take: Taker, environ: Mapping[str, str], others: str | None, cli_v2: str | None
) -> None:
    config = "[profile p]\nregion = eu-west-1\n[profile bare]\n"
    found = take(config=config, environ=environ).default_session
    assert [found[tool].region for tool in Tool] == [others, others, cli_v2]


def test_the_default_profiles_region_is_the_default_profiles_alone(take: Taker) -> None:
    snapshot = take(config="[default]\nregion = eu-west-1\n[profile p]\n", environ={"AWS_REGION": "b"})
    assert [snapshot.default_session[tool].region for tool in Tool] == ["eu-west-1", "eu-west-1", "b"]
    assert snapshot.profiles["p"].regions == {Tool.BOTO3: None, Tool.CLI_V1: None, Tool.CLI_V2: "b"}
