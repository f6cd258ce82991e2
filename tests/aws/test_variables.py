"""Each AWS variable of this environment, its verdict, and what it does to whom (aws-facts §1)."""

from collections.abc import Mapping

import pytest

from rolecall.aws.variables import CATALOGUE, Variable, VariableStatus
from tests.aws.cases import environment_keys, keys
from tests.aws.entries import HOUR, in_
from tests.conftest import Taker

USED, SHADOWS, SHADOWED, STALE = (
    VariableStatus.USED,
    VariableStatus.SHADOWS,
    VariableStatus.SHADOWED,
    VariableStatus.STALE,
)
IGNORED, HALF, EMPTY, INVALID = (
    VariableStatus.IGNORED,
    VariableStatus.HALF_A_PAIR,
    VariableStatus.EMPTY,
    VariableStatus.INVALID,
)
NOT_BOTO3 = VariableStatus.IGNORED_BY_BOTO3
PROFILES = f"[p]\n{keys('P')}[other]\n{keys('OTHER')}"
KEYS = environment_keys()


def survey(take: Taker, environ: Mapping[str, str], config: str = "") -> dict[str, Variable]:
    snapshot = take(config=config, credentials=PROFILES, environ=environ)
    return {variable.name: variable for variable in snapshot.variables}


# One at a time: the value it is given, its verdict alone, and its verdict when set to nothing

ALONE: dict[str, tuple[str, VariableStatus, VariableStatus]] = {
    "AWS_PROFILE": ("p", USED, INVALID),
    "AWS_DEFAULT_PROFILE": ("p", USED, INVALID),
    "AWS_ACCESS_KEY_ID": ("AKIAENVEXAMPLE", HALF, EMPTY),
    "AWS_SECRET_ACCESS_KEY": ("CANARY", HALF, EMPTY),
    "AWS_SESSION_TOKEN": ("CANARY", HALF, EMPTY),
    "AWS_SECURITY_TOKEN": ("CANARY", HALF, EMPTY),
    "AWS_CREDENTIAL_EXPIRATION": (in_(HOUR), IGNORED, EMPTY),
    "AWS_SESSION_EXPIRATION": (in_(HOUR), IGNORED, EMPTY),
    "AWSUME_EXPIRATION": (in_(HOUR), IGNORED, EMPTY),
    "AWS_ACCOUNT_ID": ("123456789012", IGNORED, EMPTY),
    "AWS_REGION": ("eu-west-1", NOT_BOTO3, NOT_BOTO3),
    "AWS_DEFAULT_REGION": ("eu-west-1", USED, INVALID),
    "AWS_CONFIG_FILE": ("~/.aws/config", USED, USED),
    "AWS_SHARED_CREDENTIALS_FILE": ("~/.aws/credentials", USED, USED),
    "AWS_LOGIN_CACHE_DIRECTORY": ("~/logins", USED, EMPTY),
    "AWS_WEB_IDENTITY_TOKEN_FILE": ("/nowhere", HALF, EMPTY),
    "AWS_ROLE_ARN": ("arn", IGNORED, IGNORED),
    "AWS_ROLE_SESSION_NAME": ("me", IGNORED, IGNORED),
    "AWS_CREDENTIAL_FILE": ("/nowhere", USED, EMPTY),
    "BOTO_CONFIG": ("/nowhere", USED, EMPTY),
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": ("/x", USED, USED),
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": ("http://127.0.0.1/x", USED, USED),
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": ("/nowhere", IGNORED, EMPTY),
    "AWS_CONTAINER_AUTHORIZATION_TOKEN": ("CANARY", IGNORED, EMPTY),
    "AWS_ENDPOINT_URL": ("http://127.0.0.1:4566", USED, EMPTY),
    "AWS_EC2_METADATA_SERVICE_ENDPOINT": ("http://127.0.0.1", USED, EMPTY),
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": ("IPv6", USED, INVALID),
    "AWS_METADATA_SERVICE_TIMEOUT": ("5", USED, INVALID),
    "AWS_METADATA_SERVICE_NUM_ATTEMPTS": ("5", USED, INVALID),
    "AWS_SDK_LOAD_CONFIG": ("1", IGNORED, IGNORED),
    "AWS_STS_REGIONAL_ENDPOINTS": ("legacy", USED, EMPTY),
    "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT": ("legacy", USED, INVALID),
    "AWS_CA_BUNDLE": ("1", USED, INVALID),
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": ("Preferred", USED, INVALID),
    "AWS_DEFAULTS_MODE": ("standard", USED, INVALID),
    "AWS_RETRY_MODE": ("standard", USED, INVALID),
    "AWS_MAX_ATTEMPTS": ("5", USED, INVALID),
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": ("5", USED, INVALID),
    "AWS_REQUEST_CHECKSUM_CALCULATION": ("WHEN_REQUIRED", USED, INVALID),
    "AWS_RESPONSE_CHECKSUM_VALIDATION": ("when_supported", USED, INVALID),
    "AWS_S3_DISABLE_EXPRESS_SESSION_AUTH": ("true", USED, INVALID),
    "AWS_DEFAULT_OUTPUT": ("yaml", USED, INVALID),
    "AWS_CLI_OUTPUT_ENCODING": ("latin-1", USED, INVALID),
}
PLAIN = {name: ("1", USED, EMPTY) for name in CATALOGUE if name not in ALONE}


@pytest.mark.parametrize("name", ALONE | PLAIN)
def test_a_variable_alone(take: Taker, name: str) -> None:
    value, verdict, _ = (ALONE | PLAIN)[name]
    found = survey(take, {name: value})
    assert set(found) == {name}
    assert (found[name].value, found[name].verdict) == (value, verdict)
    assert found[name].effect


@pytest.mark.parametrize("name", ALONE | PLAIN)
def test_a_variable_set_to_nothing(take: Taker, name: str) -> None:
    found = survey(take, {name: ""})
    assert found[name].verdict is (ALONE | PLAIN)[name][2]
    assert found[name].value == ""


def test_of_a_file_that_is_set_to_nothing_it_is_said_that_none_is_read(take: Taker) -> None:
    found = survey(take, {"AWS_CONFIG_FILE": "", "AWS_SHARED_CREDENTIALS_FILE": ""})
    for variable in found.values():
        assert "no file" in variable.effect


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_S3", "AWS_BEARER_TOKEN_BEDROCK"])
def test_a_service_has_variables_of_its_own(take: Taker, name: str) -> None:
    assert survey(take, {name: "http://x"})[name].verdict is USED


@pytest.mark.parametrize("name", ["AWS_REGIO", "AWS_"])
def test_what_nobody_reads_is_ignored(take: Taker, name: str) -> None:
    found = survey(take, {name: "x"})[name]
    assert (found.verdict, found.effect) == (IGNORED, "Not known to botocore or the AWS CLI")


@pytest.mark.parametrize("name", ["AWS_PAGER", "AWS_CLI_AUTO_PROMPT"])
def test_what_only_the_cli_reads_says_so(take: Taker, name: str) -> None:
    assert survey(take, {name: "x"})[name].effect.endswith("(the AWS CLI only)")


@pytest.mark.parametrize("name", ["AWS_STS_REGIONAL_ENDPOINTS", "AWS_DEFAULTS_MODE"])
def test_what_cli_v2_does_not_read_says_so(take: Taker, name: str) -> None:
    assert survey(take, {name: "legacy"})[name].effect.endswith("(CLI v2 ignores it)")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("AWS_RETRY_MODE", "legacy", "every command of AWS CLI v2 fails with InvalidRetryModeError: "),
        ("AWS_RETRY_MODE", "x", "every command fails with InvalidRetryModeError: "),
        ("AWS_DEFAULTS_MODE", "x", "every command of boto3 and AWS CLI v1 fails with InvalidDefaultsMode: "),
        ("AWS_REGION", "eu_west_1", "every command of AWS CLI v2 fails with InvalidRegionError: "),
        ("AWS_DEFAULT_REGION", "eu_west_1", "every command fails with InvalidRegionError: "),
    ],
)
def test_what_a_tool_refuses_is_invalid_and_says_whose_commands_fail(
    take: Taker, name: str, value: str, words: str
) -> None:
    found = survey(take, {name: value})[name]
    assert found.verdict is INVALID
    assert found.effect.startswith(words)


def test_other_variables_are_none_of_ours(take: Taker) -> None:
    assert survey(take, {"PATH": "/bin", "LANG": "C", "aws_profile": "p"}) == {}


def test_those_that_choose_credentials_come_first_and_unknown_ones_last(take: Taker) -> None:
    environ = {"AWS_ZZZ": "1", "AWS_AAA": "1", "AWS_PAGER": "x", **KEYS, "AWS_PROFILE": "p"}
    assert list(survey(take, environ)) == [
        "AWS_PROFILE",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_PAGER",
        "AWS_AAA",
        "AWS_ZZZ",
    ]


def test_verdicts_have_the_names_of_the_contract() -> None:
    assert [str(verdict) for verdict in VariableStatus] == [
        "used",
        "shadows",
        "shadowed",
        "ignored by boto3",
        "ignored by the CLI",
        "ignored",
        "half a pair",
        "stale",
        "empty",
        "invalid",
    ]


@pytest.mark.parametrize("verdict", VariableStatus)
def test_which_verdicts_are_conflicts(verdict: VariableStatus) -> None:
    conflicts = {SHADOWS, SHADOWED, HALF, STALE, INVALID, NOT_BOTO3}
    assert verdict.is_conflict is (verdict in conflicts)


# What may be shown

CANARY = "CANARY-0123456789"
SECRET = (
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_MADE_UP_SECRET",
    "AWS_MADE_UP_PASSWORD",
)


@pytest.mark.parametrize("name", SECRET)
def test_a_secret_is_neither_shown_nor_in_the_repr(take: Taker, name: str) -> None:
    variable = survey(take, {name: CANARY})[name]
    assert variable.shown == "••••"
    assert CANARY not in repr(variable)
    assert CANARY not in variable.effect


@pytest.mark.parametrize(
    "name", ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "AWS_ENDPOINT_URL"]
)
def test_a_password_in_a_url_is_not_shown(take: Taker, name: str) -> None:
    variable = survey(take, {name: f"http://user:{CANARY}@host.example"})[name]
    assert variable.shown == "http://••••@host.example"


def test_what_is_no_secret_is_shown(take: Taker) -> None:
    found = survey(take, KEYS | {"AWS_PROFILE": "p", "AWS_WEB_IDENTITY_TOKEN_FILE": "/a/token"})
    assert {name: variable.shown for name, variable in found.items()} == {
        "AWS_PROFILE": "p",
        "AWS_ACCESS_KEY_ID": "…MPLE",
        "AWS_SECRET_ACCESS_KEY": "••••",
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/a/token",
    }


def test_a_setting_of_another_tool_is_named_as_such(take: Taker) -> None:
    found = survey(take, {"AWS_VAULT_BACKEND": "file"})["AWS_VAULT_BACKEND"]
    assert (found.verdict, found.effect) == (
        IGNORED,
        "A setting of aws-vault; botocore and the AWS CLI ignore it",
    )
