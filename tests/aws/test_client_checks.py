"""Settings over which a tool fails at every command, against the real boto3, and for CLI v2 by its source."""

import json
import os
from hashlib import sha1
from itertools import pairwise
from pathlib import Path
from unittest import mock

import boto3
import pytest

from rolecall.aws import client_checks
from rolecall.aws.providers import PredictedError, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host

KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLA\naws_secret_access_key = CANARY\n"
BAD = (
    "region = us_east_1",
    "region =\n  a = b",
    "api_versions = text",
    "sso_session = gone",
    "sso_session = bare",
    "defaults_mode = nonsense",
    "services = gone",
    "services = empty",
    "sts_regional_endpoints = Legacy",
    "max_attempts = x",
    "max_attempts =",
    "max_attempts =\n  a = b",
    "request_min_compression_size_bytes = 0",
    "request_min_compression_size_bytes = x",
    "request_checksum_calculation = NONSENSE",
    "response_checksum_validation =",
    "account_id_endpoint_mode = Nonsense",
    "auth_scheme_preference =\n  a = b",
    "s3_disable_express_session_auth = 1",
    "s3 =",
    "max_attempts = 0",
    "retry_mode = Standard",
    "retry_mode =",
    "region =",
    "ca_bundle =",
    "s3_us_east_1_regional_endpoint = Regional",
    "s3_us_east_1_regional_endpoint =",
)
"""In the order in which boto3 raises."""
GOOD = (
    "region = us-east-1",
    "sso_session = whole",
    "services = whole",
    "defaults_mode = Standard",
    "max_attempts = 5",
    "sts_regional_endpoints =",
    "request_checksum_calculation = WHEN_REQUIRED",
    "account_id_endpoint_mode = Preferred",
    "retry_mode = legacy",
    "s3_us_east_1_regional_endpoint = legacy",
    "s3 = text",
    "output = nonsense",
    "cli_timestamp_format = nonsense",
    "cli_binary_format = nonsense",
)
SECTIONS = (
    "[sso-session bare]\nsso_start_url = https://x/start\n"
    "[sso-session whole]\nsso_start_url = https://x/start\nsso_region = us-east-1\n"
    "[services empty]\n[services whole]\ns3 =\n  endpoint_url = http://localhost\n"
)


def _config(place: Path, *lines: str) -> dict[str, str]:
    has_region = any(line.startswith("region") for line in lines)
    region = "" if has_region else "region = us-east-1\n"
    text = "\n".join(lines)
    (place / ".aws").mkdir(exist_ok=True)
    (place / ".aws" / "config").write_text(f"[profile p]\n{KEYS}{region}{text}\n{SECTIONS}")
    return {"HOME": str(place), "AWS_EC2_METADATA_DISABLED": "true"}


def _of_boto3(environ: dict[str, str]) -> tuple[str, str] | None:
    with mock.patch.dict(os.environ, environ, clear=True):
        try:
            boto3.Session(profile_name="p").client("sts")
        except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
            return type(error).__name__, str(error)
        return None


def _foretold(place: Path, environ: dict[str, str], tool: Tool) -> tuple[str, str] | None:
    fault = Snapshot.take(Host.of(place, environ)).profiles["p"].resolutions[tool].on_use
    return None if fault is None else (fault.error, fault.message)


@pytest.mark.parametrize("line", [*BAD, *GOOD])
def test_boto3_raises_what_is_foretold(tmp_path: Path, line: str) -> None:
    environ = _config(tmp_path, line)
    real = _of_boto3(environ)
    assert (real is None) is (line in GOOD)
    assert _foretold(tmp_path, environ, Tool.BOTO3) == real


@pytest.mark.parametrize(("first", "second"), list(pairwise(BAD)))
@pytest.mark.long
def test_of_two_the_first_is_raised(tmp_path: Path, first: str, second: str) -> None:
    if first.partition(" ")[0] == second.partition(" ")[0]:
        pytest.skip("one setting has one value")
    environ = _config(tmp_path, second, first)
    real = _of_boto3(environ)
    assert real is not None
    assert _foretold(tmp_path, environ, Tool.BOTO3) == real


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_DEFAULT_REGION", "us_east_1"),
        ("AWS_MAX_ATTEMPTS", ""),
        ("AWS_RETRY_MODE", "nonsense"),
        ("AWS_DEFAULTS_MODE", ""),
        ("AWS_STS_REGIONAL_ENDPOINTS", "nonsense"),
        ("AWS_ACCOUNT_ID_ENDPOINT_MODE", "NOPE"),
        ("AWS_REQUEST_CHECKSUM_CALCULATION", ""),
        ("AWS_S3_DISABLE_EXPRESS_SESSION_AUTH", "1"),
    ],
)
def test_a_variable_is_refused_like_a_setting_and_overrides_it(tmp_path: Path, name: str, value: str) -> None:
    setting = "region" if name.endswith("REGION") else name.removeprefix("AWS_").lower()
    good = next((each for each in GOOD if each.startswith(f"{setting} =")), "")
    environ = _config(tmp_path, good) | {name: value}
    real = _of_boto3(environ)
    assert real is not None
    assert _foretold(tmp_path, environ, Tool.BOTO3) == real


@pytest.mark.parametrize("fips", ["use_fips_endpoint = true", ""])
@pytest.mark.parametrize("dual_stack", ["use_dualstack_endpoint = TRUE", "use_dualstack_endpoint = yes"])
def test_an_empty_region_makes_the_name_of_an_endpoint(tmp_path: Path, fips: str, dual_stack: str) -> None:
    environ = _config(tmp_path, "region =", fips, dual_stack)
    real = _of_boto3(environ)
    assert real is not None
    assert _foretold(tmp_path, environ, Tool.BOTO3) == real


V2 = {
    # awscli/customizations/timestampformat.py add_timestamp_parser
    "cli_timestamp_format = none": (
        "ConfigurationError",
        'Unknown cli_timestamp_format value: none, valid values are "wire" or "iso8601"',
    ),
    # awscli/customizations/binaryformat.py BinaryFormatHandler._BINARY_FORMATS
    "cli_binary_format = base65": ("KeyError", "'base65'"),
    "cli_binary_format =": ("KeyError", "''"),
    # awscli/botocore/config.py Config._validate_retry_configuration
    "retry_mode = legacy": (
        "InvalidRetryModeError",
        'Invalid value provided to "mode": "legacy" must be one of: "standard" or "adaptive"',
    ),
    "max_attempts = 0": (
        "InvalidMaxRetryAttemptsError",
        'Value provided to "max_attempts": 0 must be an integer greater than or equal to one.',
    ),
    # awscli/formatter.py get_formatter, when the result is printed
    "output = nonsense": ("ValueError", "Unknown output type: nonsense"),
    # awscli/botocore/tokens.py SSOTokenProvider._load_sso_config
    "sso_session = gone": (
        "InvalidConfigError",
        (
            'The profile "p" is configured to use the SSO token provider but the "gone" sso_session '
            "configuration does not exist."
        ),
    ),
    # awscli/botocore/configprovider.py: the value is turned into a boolean as it is read
    "tcp_keepalive =\n  a = b": ("AttributeError", "'dict' object has no attribute 'lower'"),
    # boto3 alone refuses it as it makes a session; the CLIs set AWS_DATA_PATH for themselves
    "data_path =\n  a = b": None,
    "s3_us_east_1_regional_endpoint = nonsense": None,
    # its botocore has neither (awscli/botocore/args.py)
    "defaults_mode = nonsense": None,
    "sts_regional_endpoints = nonsense": None,
    "api_versions = text": None,
    "output = yaml-stream": None,
}


@pytest.mark.parametrize("line", V2)
def test_what_cli_v2_raises(tmp_path: Path, line: str) -> None:
    assert _foretold(tmp_path, _config(tmp_path, line), Tool.CLI_V2) == V2[line]


def test_what_a_profile_lacks_comes_before_what_a_client_refuses_but_after_the_region(tmp_path: Path) -> None:
    half = "role_arn = arn:aws:iam::123456789012:role/r"
    environ = _config(tmp_path, half, "retry_mode = nonsense")
    report = Snapshot.take(Host.of(tmp_path, environ)).profiles["p"]
    assert (report.resolution.error, report.resolution.on_use) == ("PartialCredentialsError", None)
    environ = _config(tmp_path, half, "region = a_b")
    found = Snapshot.take(Host.of(tmp_path, environ)).profiles["p"].resolution
    assert found.error == "PartialCredentialsError"
    assert found.on_use is not None
    assert found.on_use.error == "InvalidRegionError"
    assert _of_boto3(environ) == (found.on_use.error, found.on_use.message)


def test_cli_v2_misses_the_region_of_a_variable_before_the_profile(tmp_path: Path) -> None:
    # Session.create_client of awscli/botocore; boto3 and CLI v1 have read the profile by then
    environ = _config(tmp_path) | {"AWS_PROFILE": "gone", "AWS_REGION": "a_b", "AWS_DEFAULT_REGION": "a_b"}
    found = Snapshot.take(Host.of(tmp_path, environ)).default_session
    errors = {tool: fault.error for tool in Tool if (fault := found[tool].resolution.fault) is not None}
    assert errors == {
        Tool.BOTO3: "ProfileNotFound",
        Tool.CLI_V1: "ProfileNotFound",
        Tool.CLI_V2: "InvalidRegionError",
    }


def test_cli_v2_looks_at_its_encoding_before_it_misses_the_profile(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "AWS_PROFILE": "gone", "AWS_CLI_OUTPUT_ENCODING": "x"}
    sessions = Snapshot.take(Host.of(tmp_path, environ)).default_session
    errors = {tool: each.resolution.fault and each.resolution.fault.error for tool, each in sessions.items()}
    assert errors == {
        Tool.BOTO3: "ProfileNotFound",
        Tool.CLI_V1: "ProfileNotFound",
        Tool.CLI_V2: "ValueError",
    }


def test_without_credentials_the_client_fails_first(tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[profile p]\nregion = us-east-1\nsso_session = gone\n")
    environ = {"HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true"}
    found = Snapshot.take(Host.of(tmp_path, environ)).profiles["p"].resolution
    assert found.error == "NoCredentialsError"
    assert found.on_use is not None
    assert _of_boto3(environ) == (found.on_use.error, found.on_use.message)


def test_what_only_cli_v1_refuses_is_written_for_cli_v2() -> None:
    assert client_checks.refused_by("output", "yaml") == {}
    assert set(client_checks.refused_by("retry_mode", "legacy")) == {Tool.CLI_V2}
    refused = client_checks.variable_refused_by("AWS_RETRY_MODE", "x")
    assert set(refused) == set(Tool)
    assert all(isinstance(each, PredictedError) for each in refused.values())


SURPLUS = ("\n", "\r", "\r\n", " ", "\t", "\u200b", "\u00a0", '"', ",", "\n\n", " # Dublin")


@pytest.mark.parametrize(
    "region", [*(f"eu-west-1{sign}" for sign in SURPLUS), "cn-north-1\n", "\n", "local\n"]
)
@pytest.mark.parametrize("more", ["", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"])
def test_a_variable_with_more_than_a_region_raises_what_is_foretold(
    tmp_path: Path, region: str, more: str
) -> None:
    environ = _config(tmp_path) | {"AWS_DEFAULT_REGION": region} | ({more: "true"} if more else {})
    real = _of_boto3(environ)
    assert real is not None
    assert _foretold(tmp_path, environ, Tool.BOTO3) == real
    # CLI v2 reads the other variable first, and says the same
    environ["AWS_REGION"] = environ.pop("AWS_DEFAULT_REGION")
    assert _foretold(tmp_path, environ, Tool.CLI_V2) == real


ZONES = ("us-east-2a", "us-west-2-lax-1a", "us-east-1-wl1-bos-wlz-1", "use1-az1", "cn-north-1b", "eu-west-9c")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("more", ["", "use_fips_endpoint = true", "use_dualstack_endpoint = true"])
def test_boto3_looks_for_a_host_in_a_zone(tmp_path: Path, zone: str, more: str) -> None:
    environ = _config(tmp_path, f"region = {zone}", more)
    with mock.patch.dict(os.environ, environ, clear=True):
        url = boto3.Session(profile_name="p").client("sts").meta.endpoint_url
    found = _foretold(tmp_path, environ, Tool.BOTO3)
    assert found == ("EndpointConnectionError", f'Could not connect to the endpoint URL: "{url}/"')


@pytest.mark.parametrize(
    "name", ["us-east-1", "eu-west-99", "local", "default", "RegionOne", "us-east", "az1"]
)
def test_what_may_be_a_region_of_somebody_is_no_zone(tmp_path: Path, name: str) -> None:
    assert _foretold(tmp_path, _config(tmp_path, f"region = {name}"), Tool.BOTO3) is None


def test_a_portal_in_a_zone_is_looked_for_in_vain(tmp_path: Path) -> None:
    (tmp_path / ".aws/sso/cache").mkdir(parents=True)
    (tmp_path / ".aws/config").write_text(
        "[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = us-east-2a\n"
        "[profile p]\nregion = us-east-2\nsso_session = corp\nsso_account_id = 210987654321\n"
        "sso_role_name = Dev+x@y\n"
    )
    token = {"startUrl": "https://corp.example/start", "region": "us-east-2a", "accessToken": "CANARY"}
    name = sha1(b"corp", usedforsecurity=False).hexdigest()
    (tmp_path / ".aws/sso/cache" / f"{name}.json").write_text(
        json.dumps(token | {"expiresAt": "2099-01-01T00:00:00Z"})
    )
    found = _foretold(tmp_path, {"HOME": str(tmp_path)}, Tool.BOTO3)
    where = "https://portal.sso.us-east-2a.amazonaws.com/federation/credentials"
    url = f"{where}?role_name=Dev%2Bx%40y&account_id=210987654321"
    assert found == ("EndpointConnectionError", f'Could not connect to the endpoint URL: "{url}"')


@pytest.mark.parametrize("key", ["minio", "GOOG1EABC", ""])
@pytest.mark.parametrize("around", ['"{}"', "-n {}", "{} "])
def test_keys_of_aws_are_known_with_more_around_them(tmp_path: Path, key: str, around: str) -> None:
    environ = _config(tmp_path) | {"AWS_DEFAULT_REGION": "us-east-2a", "AWS_SECRET_ACCESS_KEY": "CANARY"}
    own = environ | {"AWS_ACCESS_KEY_ID": around.format("AKIAIOSFODNN7EXAMPLA")}
    assert _foretold(tmp_path, own, Tool.BOTO3) is not None
    found = _foretold(tmp_path, environ | {"AWS_ACCESS_KEY_ID": key}, Tool.BOTO3)
    assert (found is None) is bool(key)
