"""Which provider answers for a profile (aws-facts §1 and §3); each row is held to the real botocore."""

import json
from hashlib import sha256

import pytest

from rolecall.aws.providers import Tool
from tests.aws.cases import (
    LEGACY_SSO,
    Case,
    drawn,
    environment_keys,
    keys,
    outcome,
    role,
)
from tests.aws.real import assert_resolves
from tests.conftest import HomeMaker, Taker

IN_CREDENTIALS, IN_CONFIG = "shared-credentials-file", "config-file"
CONFIG_KEYS = f"[profile x]\n{keys('CONFIG')}"
CREDENTIALS_KEYS = f"[x]\n{keys('CREDS')}"
HALF = "aws_access_key_id = AKIAHALFEXAMPLE\n"
SECRET = "aws_secret_access_key = CANARY\n"
PROCESS = "credential_process = false\n"
WEB = f"{role()}web_identity_token_file = /nowhere\n"
PARTIAL = "Partial credentials found in {}, missing: aws_secret_access_key"
LOGIN_FILE = {
    f".aws/login/cache/{sha256(b'me').hexdigest()}.json": json.dumps(
        {
            "accessToken": {
                "accessKeyId": "AKIALOGINEXAMPLE",
                "secretAccessKey": "CANARY",
                "sessionToken": "CANARY",
                "accountId": "123456789012",
                "expiresAt": "2099-01-01T00:00:00Z",
            },
            "refreshToken": "CANARY",
            "dpopKey": "-----BEGIN CANARY-----\nMAZDQU5BUlk=\n",
            "clientId": "x",
        }
    )
}

STATIC = {
    "keys in credentials": Case(IN_CREDENTIALS, None, CREDENTIALS_KEYS, key="CREDS"),
    "keys in config": Case(IN_CONFIG, CONFIG_KEYS, key="CONFIG"),
    "keys in both": Case(IN_CREDENTIALS, CONFIG_KEYS, CREDENTIALS_KEYS, key="CREDS"),
    "an id in credentials, a secret in config": Case(
        "PartialCredentialsError",
        f"[profile x]\n{SECRET}",
        f"[x]\n{HALF}",
        says=PARTIAL.format(IN_CREDENTIALS),
    ),
    "an id in config, a secret in credentials": Case(
        "PartialCredentialsError", f"[profile x]\n{HALF}", f"[x]\n{SECRET}", says=PARTIAL.format(IN_CONFIG)
    ),
    "half a pair in credentials hides keys in config": Case(
        "PartialCredentialsError", CONFIG_KEYS, f"[x]\n{HALF}", says=PARTIAL.format(IN_CREDENTIALS)
    ),
    "a secret in credentials hides nothing": Case(IN_CONFIG, CONFIG_KEYS, f"[x]\n{SECRET}", key="CONFIG"),
    "a secret alone": Case("NoCredentialsError", None, f"[x]\n{SECRET}"),
    "an empty id counts as found": Case(IN_CREDENTIALS, None, f"[x]\naws_access_key_id =\n{SECRET}", key=""),
    "an empty id without a secret": Case(
        "PartialCredentialsError", None, "[x]\naws_access_key_id =\n", says=PARTIAL.format(IN_CREDENTIALS)
    ),
    "an empty secret counts as found": Case(
        IN_CREDENTIALS, None, f"[x]\n{HALF}aws_secret_access_key =\n", key="HALF"
    ),
    "keys from DEFAULT": Case(IN_CONFIG, f"[DEFAULT]\n{keys('CONFIG')}[profile x]\n", key="CONFIG"),
    "nothing": Case("NoCredentialsError", "[profile x]\nregion = eu-west-1\n"),
    "keys of another profile": Case("NoCredentialsError", f"[profile x]\n[default]\n{keys('OTHER')}"),
    "a profile header in credentials": Case(
        "NoCredentialsError", "[profile x]\n", f"[profile x]\n{keys('OTHER')}"
    ),
    "no leak from the environment": Case(
        IN_CREDENTIALS, None, CREDENTIALS_KEYS, key="CREDS", environ=environment_keys()
    ),
    "half a pair in the environment does no harm": Case(
        IN_CREDENTIALS,
        None,
        CREDENTIALS_KEYS,
        key="CREDS",
        environ={"AWS_ACCESS_KEY_ID": "AKIAENVEXAMPLE"},
    ),
}
WINNERS = {
    "a process beats keys in config": Case("custom-process", CONFIG_KEYS + PROCESS),
    "a process loses to keys in credentials": Case(
        IN_CREDENTIALS, f"[profile x]\n{PROCESS}", CREDENTIALS_KEYS, key="CREDS"
    ),
    "a process in credentials": Case("custom-process", CONFIG_KEYS, f"[x]\n{PROCESS}"),
    "an empty process is one": Case("custom-process", "[profile x]\ncredential_process =\n"),
    "a login beats keys in config": Case(
        "login", f"{CONFIG_KEYS}login_session = me\n", key="LOGIN", has_crt=True, files=LOGIN_FILE
    ),
    "a login beats a process": Case(
        "login",
        f"[profile x]\nlogin_session = me\n{PROCESS}",
        key="LOGIN",
        has_crt=True,
        files=LOGIN_FILE,
    ),
    "a login loses to keys in credentials": Case(
        IN_CREDENTIALS, "[profile x]\nlogin_session = me\n", CREDENTIALS_KEYS, key="CREDS"
    ),
    "SSO beats keys in both": Case("sso", CONFIG_KEYS + LEGACY_SSO, CREDENTIALS_KEYS),
    "web identity beats SSO": Case(
        "assume-role-with-web-identity", f"[profile x]\n{WEB}{LEGACY_SSO}", CREDENTIALS_KEYS
    ),
    "a role beats SSO": Case(
        "assume-role",
        f"[profile x]\n{role('x', 'base')}{LEGACY_SSO}[profile base]\n{keys('BASE')}",
        CREDENTIALS_KEYS,
        chain=f"x assume-role < base {IN_CONFIG}",
    ),
    "web identity beats the role's source": Case(
        "assume-role-with-web-identity", f"[profile x]\n{WEB}source_profile = gone\n"
    ),
    "an empty token file hides the role and is none": Case(
        IN_CREDENTIALS,
        f"[profile x]\n{role()}web_identity_token_file =\nsource_profile = gone\n",
        CREDENTIALS_KEYS,
        key="CREDS",
    ),
    "a source alone is nothing": Case(
        IN_CREDENTIALS, "[profile x]\nsource_profile = gone\n", CREDENTIALS_KEYS, key="CREDS"
    ),
}
OTHERS = {
    "a web identity": Case("assume-role-with-web-identity", f"[profile x]\n{WEB}"),
    "a web identity without a role": Case(
        "InvalidConfigError",
        "[profile x]\nweb_identity_token_file = /nowhere\n",
        says=(
            "The provided profile or the current environment is configured to assume role with web identity "
            "but has no role ARN configured. Ensure that the profile has the role_arnconfiguration set or "
            "the AWS_ROLE_ARN env var is set."
        ),
    ),
    "a web identity in the environment does not count": Case(
        IN_CREDENTIALS,
        None,
        CREDENTIALS_KEYS,
        key="CREDS",
        environ={"AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere", "AWS_ROLE_ARN": "arn"},
    ),
    "a login without a token": Case(
        "LoginTokenLoadError",
        "[profile x]\nlogin_session = me\n",
        has_crt=True,
        says=(
            "Error loading login session token: Unable to load a existing login session for session me. "
            "Please reauthenticate with 'aws login'."
        ),
    ),
    "a login without CRT": Case(
        "MissingDependencyException",
        "[profile x]\nlogin_session = me\n",
        files=LOGIN_FILE,
        says=(
            "Missing Dependency: Using the login credential provider requires an additional dependency. "
            'You will need to pip install "botocore[crt]" before proceeding.'
        ),
    ),
    "a bad setting of the metadata service": Case(
        "ValueError", f"{CONFIG_KEYS}metadata_service_timeout = soon\n"
    ),
    "the old EC2 tools' file": Case(
        "ec2-credentials-file",
        "[profile x]\n",
        key="EC2",
        environ={"AWS_CREDENTIAL_FILE": "{HOME}/ec2"},
        files={"ec2": "AWSAccessKeyId=AKIAEC2EXAMPLE\nAWSSecretKey=CANARY\n"},
    ),
    "boto's file": Case(
        "boto-config",
        "[profile x]\n",
        key="BOTO",
        files={".boto": f"[Credentials]\n{keys('BOTO')}"},
    ),
    "the container": Case(
        "container-role",
        "[profile x]\n",
        environ={"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"},
    ),
    "the profile beats them all": Case(
        IN_CREDENTIALS,
        None,
        CREDENTIALS_KEYS,
        key="CREDS",
        environ={"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x", "AWS_CREDENTIAL_FILE": "/nowhere"},
        files={".boto": f"[Credentials]\n{keys('BOTO')}"},
    ),
    "EC2's beats boto's": Case(
        "ec2-credentials-file",
        "[profile x]\n",
        key="EC2",
        environ={"AWS_CREDENTIAL_FILE": "{HOME}/ec2", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"},
        files={
            "ec2": "AWSAccessKeyId=AKIAEC2EXAMPLE\nAWSSecretKey=CANARY\n",
            ".boto": f"[Credentials]\n{keys('BOTO')}",
        },
    ),
    "boto's beats the container's": Case(
        "boto-config",
        "[profile x]\n",
        key="BOTO",
        environ={"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"},
        files={".boto": f"[Credentials]\n{keys('BOTO')}"},
    ),
}
CASES = STATIC | WINNERS | OTHERS


@pytest.mark.parametrize("name", CASES)
def test_a_profile_resolves_as_in_botocore(make_home: HomeMaker, name: str) -> None:
    assert_resolves(make_home(**CASES[name].home), CASES[name])


# Where the tools differ: CLI v2 has CRT, boto3 and CLI v1 only where it is installed


@pytest.mark.parametrize(("has_crt", "others"), [(False, "MissingDependencyException"), (True, None)])
def test_a_login_needs_crt_but_in_cli_v2(take: Taker, *, has_crt: bool, others: str | None) -> None:
    report = take(config="[profile x]\nlogin_session = me\n", files=LOGIN_FILE, has_crt=has_crt).profiles["x"]
    assert {tool: resolution.error for tool, resolution in report.resolutions.items()} == {
        Tool.BOTO3: others,
        Tool.CLI_V1: others,
        Tool.CLI_V2: None,
    }
    assert outcome(report.resolutions[Tool.CLI_V2]) == ("login", None, "AKIALOGINEXAMPLE")


def test_a_role_over_a_login_needs_crt_too(take: Taker) -> None:
    config = f"[profile x]\n{role('x', 'l')}[profile l]\nlogin_session = me\n"
    report = take(config=config, files=LOGIN_FILE).profiles["x"]
    assert report.resolutions[Tool.CLI_V1].error == "MissingDependencyException"
    assert drawn(report.resolutions[Tool.CLI_V1].chain) == "x assume-role < l ?"
    assert drawn(report.resolutions[Tool.CLI_V2].chain) == "x assume-role < l login"


@pytest.mark.parametrize("name", STATIC)
def test_else_they_agree(take: Taker, name: str) -> None:
    resolutions = take(**STATIC[name].home).profiles["x"].resolutions
    assert resolutions[Tool.BOTO3] == resolutions[Tool.CLI_V1] == resolutions[Tool.CLI_V2]
