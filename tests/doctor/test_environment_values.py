"""The values that are called bad are those over which the real botocore makes no client, and only those."""

import os
from unittest import mock
from urllib.parse import urlsplit

import boto3
import botocore.utils
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolecall.doctor.rules.environment_values import complaint, endpoint

BASE = {
    "AWS_ACCESS_KEY_ID": "AKIAQ3EGRIDEXAMPLEKE",
    "AWS_SECRET_ACCESS_KEY": "CANARY",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
VALUES = {
    "AWS_DEFAULT_REGION": (
        "us-east-1",
        "EU-WEST-1",
        "mars",
        "eu_west_1",
        "eu-west-1 ",
        "-x",
        "1234",
        "",
        "a" * 64,
    ),
    "AWS_MAX_ATTEMPTS": ("1", " 3 ", "3_0", "0", "-1", "many", "", "1.5"),
    "AWS_RETRY_MODE": ("legacy", "standard", "adaptive", "Standard", "none", ""),
    "AWS_DEFAULTS_MODE": ("legacy", "Standard", "in-region", "none", ""),
    "AWS_STS_REGIONAL_ENDPOINTS": ("legacy", "regional", "Legacy", "none", ""),
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": ("preferred", "Disabled", "required", "none", ""),
    "AWS_REQUEST_CHECKSUM_CALCULATION": ("when_supported", "WHEN_REQUIRED", "never", ""),
    "AWS_RESPONSE_CHECKSUM_VALIDATION": ("when_supported", "WHEN_REQUIRED", "never", ""),
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": ("1", "1048576", "0", "1048577", "-1", "big", ""),
    "AWS_CA_BUNDLE": ("/etc/ssl/ca.pem", "~/gone", "", " "),
    "REQUESTS_CA_BUNDLE": ("/etc/ssl/ca.pem", "", " "),
    "AWS_ENDPOINT_URL": (
        "http://localhost:4566",
        "https://[::1]:1/",
        "localhost:4566",
        "local",
        "",
        "https://",
    ),
    "AWS_ENDPOINT_URL_STS": ("https://sts.example.com", "http://my_stack:4566", "http://-x", "http://a b"),
    "AWS_USE_FIPS_ENDPOINT": ("true", "nonsense", ""),
    "AWS_SDK_UA_APP_ID": ("x" * 60, ""),
    "AWS_ENDPOINT_DISCOVERY_ENABLED": ("nonsense",),
    "AWS_AUTH_SCHEME_PREFERENCE": ("nonsense", ""),
    "AWS_DISABLE_REQUEST_COMPRESSION": ("nonsense",),
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": ("nonsense", ""),
}


def makes_a_client(environ: dict[str, str]) -> bool:
    """Whether the real boto3 can make a client that it could call. AWS_DEFAULT_REGION may be empty."""
    with mock.patch.dict(os.environ, BASE | environ, clear=True):
        try:
            client = boto3.Session().client("sts")
            endpoint, _ = client._resolve_endpoint_ruleset(
                client.meta.service_model.operation_model("GetCallerIdentity"), {}, {"client_region": None}
            )[:2]
        except Exception:  # noqa: BLE001 - whatever stops it
            return False
        return ".." not in endpoint


_OF_V2 = ("AWS_RETRY_MODE", "legacy")
"""What CLI v2 refuses (its botocore.config.Config._validate_retry_configuration), and boto3 does not."""


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in VALUES.items() for value in values]
)
def test_what_is_called_bad_is_what_botocore_makes_no_client_with(name: str, value: str) -> None:
    is_accepted = complaint(name, value) is None or (name, value) == _OF_V2
    assert is_accepted == makes_a_client({name: value})


HOSTS = st.text(st.sampled_from("aZ0-_. :[]@/"), max_size=12)


@settings(max_examples=200)
@given(HOSTS)
def test_an_endpoint_is_bad_where_botocore_says_so(host: str) -> None:
    url = f"https://{host}"
    try:
        is_valid = bool(botocore.utils.is_valid_uri(url))
    except (ValueError, IndexError):
        is_valid = False
    assert (complaint("AWS_ENDPOINT_URL", url) is None) == is_valid


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://localhost:4566", True),
        ("http://LOCALHOST", True),
        ("https://sts.localhost.localstack.cloud:4566", True),
        ("http://127.0.0.2/path", True),
        ("http://[::1]:4566", True),
        ("http://me@localhost/", True),
        ("http://localhost@aws.example.com", False),
        ("https://notlocalhost", False),
        ("http://10.0.0.1:4566", False),
        ("http://[2001:db8::1]", False),
    ],
)
def test_this_machine_is_known_by_its_names_and_addresses(url: str, *, is_here: bool) -> None:
    parts = endpoint(url)
    assert parts is not None
    assert parts.is_valid
    assert parts.is_here == is_here
    # as Python's own library takes it apart
    assert (parts.scheme, parts.host) == (urlsplit(url).scheme, urlsplit(url).hostname)
