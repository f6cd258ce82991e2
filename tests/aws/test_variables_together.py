"""Variables that are set together: which one wins, and what becomes of the other (aws-facts §1)."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from rolecall.aws.variables import VariableStatus
from tests.aws.cases import environment_keys, role
from tests.aws.entries import HOUR, in_
from tests.aws.test_variables import (
    EMPTY,
    HALF,
    IGNORED,
    INVALID,
    NOT_BOTO3,
    SHADOWED,
    SHADOWS,
    STALE,
    USED,
    survey,
)
from tests.conftest import Taker

KEYS = environment_keys()
TEMPORARY = {"AWS_ACCESS_KEY_ID": "ASIAENVEXAMPLE", "AWS_SECRET_ACCESS_KEY": "CANARY"}
IDENTITY = {"AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/x"}


@dataclass(frozen=True, slots=True)
class Scene:
    """Variables that are set together, and the verdicts on them; a string stands in the effect."""

    environ: Mapping[str, str]
    verdicts: Mapping[str, VariableStatus | tuple[VariableStatus, str]]
    config: str = ""


SCENES = {
    "a pair": Scene(KEYS, {"AWS_ACCESS_KEY_ID": USED, "AWS_SECRET_ACCESS_KEY": USED}),
    "an empty pair": Scene(
        {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": ""},
        dict.fromkeys(
            ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
            (EMPTY, "set but empty, which counts as unset"),
        ),
    ),
    "all but the id": Scene(
        {
            "AWS_SECRET_ACCESS_KEY": "CANARY",
            "AWS_SESSION_TOKEN": "CANARY",
            "AWS_CREDENTIAL_EXPIRATION": in_(HOUR),
            "AWS_ACCOUNT_ID": "123456789012",
        },
        {
            "AWS_SECRET_ACCESS_KEY": (HALF, "ignored: AWS_ACCESS_KEY_ID is not set"),
            "AWS_SESSION_TOKEN": (HALF, "ignored: AWS_ACCESS_KEY_ID is not set"),
            "AWS_CREDENTIAL_EXPIRATION": (IGNORED, "ignored: AWS_ACCESS_KEY_ID is not set"),
            "AWS_ACCOUNT_ID": (IGNORED, "ignored: AWS_ACCESS_KEY_ID is not set"),
        },
    ),
    "a triple": Scene(
        TEMPORARY | {"AWS_SESSION_TOKEN": "CANARY"},
        {
            "AWS_ACCESS_KEY_ID": (USED, "the keys for every command that names no profile"),
            "AWS_SECRET_ACCESS_KEY": (USED, "signs with AWS_ACCESS_KEY_ID"),
            "AWS_SESSION_TOKEN": (USED, "goes with AWS_ACCESS_KEY_ID"),
        },
    ),
    "env keys over AWS_PROFILE": Scene(
        KEYS | {"AWS_PROFILE": "p"},
        {
            "AWS_ACCESS_KEY_ID": (SHADOWS, "overrides AWS_PROFILE"),
            "AWS_PROFILE": (SHADOWED, "shadowed by AWS_ACCESS_KEY_ID"),
        },
    ),
    "env keys over both profile variables": Scene(
        KEYS | {"AWS_PROFILE": "p", "AWS_DEFAULT_PROFILE": "other"},
        {
            "AWS_ACCESS_KEY_ID": (SHADOWS, "overrides AWS_PROFILE and AWS_DEFAULT_PROFILE"),
            "AWS_PROFILE": SHADOWED,
            "AWS_DEFAULT_PROFILE": SHADOWED,
        },
    ),
    "half a pair over AWS_PROFILE": Scene(
        {"AWS_ACCESS_KEY_ID": "AKIAENVEXAMPLE", "AWS_PROFILE": "p"},
        {"AWS_ACCESS_KEY_ID": (HALF, "without AWS_SECRET_ACCESS_KEY"), "AWS_PROFILE": SHADOWED},
    ),
    "a profile that is not there": Scene(
        {"AWS_PROFILE": "gone"}, {"AWS_PROFILE": (INVALID, "there is no profile 'gone'")}
    ),
    "a profile that is not there, and env keys": Scene(
        KEYS | {"AWS_PROFILE": "gone"}, {"AWS_PROFILE": (INVALID, "ProfileNotFound")}
    ),
    "the two profile variables": Scene(
        {"AWS_PROFILE": "p", "AWS_DEFAULT_PROFILE": "other"},
        {
            "AWS_PROFILE": (SHADOWED, "used by AWS CLI v2 only"),
            "AWS_DEFAULT_PROFILE": (SHADOWS, "used by boto3 and AWS CLI v1 only"),
        },
    ),
    "one of them wrong": Scene(
        {"AWS_PROFILE": "p", "AWS_DEFAULT_PROFILE": "gone"},
        {"AWS_DEFAULT_PROFILE": (INVALID, "boto3 and AWS CLI v1")},
    ),
    "a role in the profile": Scene(
        {"AWS_PROFILE": "r"}, {"AWS_PROFILE": USED}, config=f"[profile r]\n{role('r', 'p')}"
    ),
    "the two tokens": Scene(
        TEMPORARY | {"AWS_SESSION_TOKEN": "a", "AWS_SECURITY_TOKEN": "b"},
        {
            "AWS_SECURITY_TOKEN": (SHADOWS, "overrides AWS_SESSION_TOKEN"),
            "AWS_SESSION_TOKEN": (SHADOWED, "shadowed by AWS_SECURITY_TOKEN"),
        },
    ),
    "an empty security token": Scene(
        TEMPORARY | {"AWS_SESSION_TOKEN": "a", "AWS_SECURITY_TOKEN": ""},
        {"AWS_SECURITY_TOKEN": EMPTY, "AWS_SESSION_TOKEN": USED},
    ),
    "a stale token beside a long-term key": Scene(
        KEYS | {"AWS_SESSION_TOKEN": "a"}, {"AWS_SESSION_TOKEN": (STALE, "long-term key")}
    ),
    "an end to come": Scene(
        TEMPORARY | {"AWS_SESSION_TOKEN": "a", "AWS_CREDENTIAL_EXPIRATION": in_(HOUR)},
        {"AWS_CREDENTIAL_EXPIRATION": (USED, "when the keys expire")},
    ),
    "a past end": Scene(
        TEMPORARY | {"AWS_SESSION_TOKEN": "a", "AWS_CREDENTIAL_EXPIRATION": in_(-HOUR)},
        {"AWS_CREDENTIAL_EXPIRATION": (STALE, "the keys expired 1h ago: botocore refuses them")},
    ),
    "a past end that botocore does not read": Scene(
        TEMPORARY | {"AWS_SESSION_TOKEN": "a", "AWS_SESSION_EXPIRATION": in_(-HOUR)},
        {"AWS_SESSION_EXPIRATION": (STALE, "the keys expired 1h ago")},
    ),
    "an end that is no time": Scene(
        KEYS | {"AWS_CREDENTIAL_EXPIRATION": "soon"},
        {"AWS_CREDENTIAL_EXPIRATION": (INVALID, "every command that names no profile fails")},
    ),
    "an end without a zone": Scene(
        # botocore reads it, and fails to compare it
        KEYS | {"AWS_CREDENTIAL_EXPIRATION": "2030-01-01T13:00:00"},
        {"AWS_CREDENTIAL_EXPIRATION": (INVALID, "every command that names no profile fails")},
    ),
    "another tool's end without a zone": Scene(
        KEYS | {"AWS_SESSION_EXPIRATION": "2030-01-01T13:00:00"}, {"AWS_SESSION_EXPIRATION": USED}
    ),
    "the two regions": Scene(
        {"AWS_REGION": "a", "AWS_DEFAULT_REGION": "b"},
        {
            "AWS_REGION": (NOT_BOTO3, "ignore it and use b from AWS_DEFAULT_REGION"),
            "AWS_DEFAULT_REGION": (USED, "CLI v2 uses AWS_REGION"),
        },
    ),
    "one region in both": Scene(
        {"AWS_REGION": "a", "AWS_DEFAULT_REGION": "a"},
        {"AWS_DEFAULT_REGION": (USED, "the region for boto3 and CLI v1; CLI v2 uses AWS_REGION")},
    ),
    "one region for all": Scene(
        {"AWS_DEFAULT_REGION": "a"}, {"AWS_DEFAULT_REGION": (USED, "the region for all tools")}
    ),
    "a web identity": Scene(
        IDENTITY | {"AWS_ROLE_SESSION_NAME": "me"},
        dict.fromkeys([*IDENTITY, "AWS_ROLE_SESSION_NAME"], USED),
    ),
    "a web identity over a profile's keys": Scene(
        IDENTITY | {"AWS_PROFILE": "p"}, {"AWS_WEB_IDENTITY_TOKEN_FILE": USED, "AWS_PROFILE": SHADOWED}
    ),
    "a web identity under a profile's role": Scene(
        IDENTITY | {"AWS_PROFILE": "r"},
        {"AWS_WEB_IDENTITY_TOKEN_FILE": (SHADOWED, "assume-role comes first"), "AWS_PROFILE": USED},
        config=f"[profile r]\n{role('r', 'p')}",
    ),
    "a web identity under env keys": Scene(
        IDENTITY | KEYS, {"AWS_WEB_IDENTITY_TOKEN_FILE": (SHADOWED, "env comes first")}
    ),
    "the profile's web identity with the environment's role": Scene(
        {"AWS_PROFILE": "w", "AWS_ROLE_ARN": "arn", "AWS_ROLE_SESSION_NAME": "me"},
        {"AWS_ROLE_ARN": USED, "AWS_ROLE_SESSION_NAME": USED},
        config=f"[profile w]\n{role()}web_identity_token_file = /nowhere\n",
    ),
    "the two URIs of the container": Scene(
        {
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1",
        },
        {
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": USED,
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": (SHADOWED, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
        },
    ),
    "the container under env keys": Scene(
        KEYS | {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"},
        {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": (SHADOWED, "env comes first")},
    ),
    "the two tokens of the container": Scene(
        {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/nowhere",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "CANARY",
        },
        {
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": USED,
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": (SHADOWED, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
        },
    ),
    "bad settings of the metadata service": Scene(
        # each of them stops every command, whether or not it would ask the service
        {"AWS_METADATA_SERVICE_TIMEOUT": "soon"},
        {"AWS_METADATA_SERVICE_TIMEOUT": INVALID},
    ),
    "a bad number of attempts": Scene(
        {"AWS_METADATA_SERVICE_NUM_ATTEMPTS": "x"}, {"AWS_METADATA_SERVICE_NUM_ATTEMPTS": INVALID}
    ),
    "a bad mode": Scene(
        {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "x"}, {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": INVALID}
    ),
    "a bad endpoint": Scene(
        {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "not a uri"}, {"AWS_EC2_METADATA_SERVICE_ENDPOINT": INVALID}
    ),
    "an account beside env keys": Scene(KEYS | {"AWS_ACCOUNT_ID": "123456789012"}, {"AWS_ACCOUNT_ID": USED}),
    "two bundles": Scene(
        {"AWS_CA_BUNDLE": "/a", "REQUESTS_CA_BUNDLE": "/b"},
        {"AWS_CA_BUNDLE": USED, "REQUESTS_CA_BUNDLE": (SHADOWED, "AWS_CA_BUNDLE")},
    ),
    "two proxies": Scene(
        {"HTTPS_PROXY": "http://a", "https_proxy": "http://b"},
        {"https_proxy": USED, "HTTPS_PROXY": (SHADOWED, "https_proxy")},
    ),
    "endpoints that are to be ignored": Scene(
        {"AWS_ENDPOINT_URL": "http://a", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
        {"AWS_ENDPOINT_URL": (SHADOWED, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")},
    ),
}


@pytest.mark.parametrize("name", SCENES)
def test_variables_together(take: Taker, name: str) -> None:
    context = SCENES[name]
    found = survey(take, context.environ, context.config)
    for variable, expected in context.verdicts.items():
        verdict, words = expected if isinstance(expected, tuple) else (expected, "")
        assert found[variable].verdict is verdict, variable
        assert words in found[variable].effect
