"""What botocore checks of the metadata services for every profile, whether or not it asks them."""

from collections.abc import Mapping
from typing import NoReturn

import pytest
from botocore.exceptions import InvalidIMDSEndpointError, InvalidIMDSEndpointModeError
from botocore.utils import METADATA_ENDPOINT_MODES

from rolecall.aws import provider_checks
from rolecall.aws.config_file import Value
from rolecall.aws.providers import Cause, PredictedErrorRaised

SETTINGS = (
    "metadata_service_timeout",
    "metadata_service_num_attempts",
    "ec2_metadata_service_endpoint",
    "ec2_metadata_service_endpoint_mode",
    "imds_use_ipv6",
    "ec2_metadata_v1_disabled",
)


def bad_mode(mode: str) -> str:
    """Return what botocore says of a mode."""
    return str(InvalidIMDSEndpointModeError(mode=mode, valid_modes=METADATA_ENDPOINT_MODES))


def complaint(environ: Mapping[str, str], profile: Mapping[str, Value]) -> tuple[str, str] | None:
    """Return the class and the words of what is raised, or None."""
    try:
        provider_checks.check_metadata_settings(environ, lambda: profile)
    except PredictedErrorRaised as raised:
        return raised.fault.error, raised.fault.message
    return None


BAD: dict[tuple[str, str], tuple[str, str]] = {
    ("metadata_service_timeout", "x"): ("ValueError", "invalid literal for int() with base 10: 'x'"),
    ("metadata_service_timeout", ""): ("ValueError", "invalid literal for int() with base 10: ''"),
    ("metadata_service_timeout", "1.5"): ("ValueError", "invalid literal for int() with base 10: '1.5'"),
    ("metadata_service_num_attempts", "x"): ("ValueError", "invalid literal for int() with base 10: 'x'"),
    ("ec2_metadata_service_endpoint_mode", "x"): ("InvalidIMDSEndpointModeError", bad_mode("x")),
    ("ec2_metadata_service_endpoint_mode", ""): ("InvalidIMDSEndpointModeError", bad_mode("")),
    ("ec2_metadata_service_endpoint", "not a uri"): (
        "InvalidIMDSEndpointError",
        str(InvalidIMDSEndpointError(endpoint="not a uri")),
    ),
}


@pytest.mark.parametrize("case", BAD, ids=str)
def test_a_bad_value_stops_every_profile_wherever_it_stands(case: tuple[str, str]) -> None:
    name, value = case
    assert complaint({f"AWS_{name.upper()}": value}, {}) == BAD[case]
    assert complaint({}, {name: value}) == BAD[case]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("metadata_service_timeout", "5"),
        ("metadata_service_num_attempts", " 3 "),
        ("ec2_metadata_service_endpoint_mode", "IPv6"),
        ("ec2_metadata_service_endpoint", "http://169.254.169.254"),
        ("ec2_metadata_service_endpoint", ""),
        ("imds_use_ipv6", "whatever"),
        ("ec2_metadata_v1_disabled", "whatever"),
    ],
)
def test_a_good_value_passes(name: str, value: str) -> None:
    assert complaint({f"AWS_{name.upper()}": value}, {}) is None
    assert complaint({}, {name: value}) is None


@pytest.mark.parametrize("name", SETTINGS[:2])
def test_a_variable_hides_what_the_profile_says(name: str) -> None:
    assert complaint({f"AWS_{name.upper()}": "1"}, {name: "x"}) is None
    assert complaint({f"AWS_{name.upper()}": "x"}, {name: "1"}) is not None


def missing() -> NoReturn:
    raise PredictedErrorRaised("ProfileNotFound", "x", Cause.PROFILE_MISSING)


def test_the_profile_is_not_even_looked_up_where_variables_say_it_all() -> None:
    environ = dict.fromkeys((f"AWS_{name.upper()}" for name in SETTINGS), "1")
    environ |= {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv4"}
    environ |= {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://[::1]"}
    provider_checks.check_metadata_settings(environ, missing)


@pytest.mark.parametrize("name", [name for name in SETTINGS if name != "imds_use_ipv6"])
def test_with_one_variable_less_it_is(name: str) -> None:
    environ = dict.fromkeys((f"AWS_{each.upper()}" for each in SETTINGS), "1")
    environ |= {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv4"}
    environ |= {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://[::1]"}
    del environ[f"AWS_{name.upper()}"]
    with pytest.raises(PredictedErrorRaised):
        provider_checks.check_metadata_settings(environ, missing)


@pytest.mark.parametrize(
    ("value", "disabled"), [("true", True), ("TRUE", True), ("1", False), ("", False), (None, False)]
)
def test_the_service_is_off_only_when_true(value: str | None, *, disabled: bool) -> None:
    environ = {} if value is None else {"AWS_EC2_METADATA_DISABLED": value}
    assert provider_checks.is_disabled(environ) is disabled


@pytest.mark.parametrize("name", ["RELATIVE", "FULL"])
@pytest.mark.parametrize("value", ["/x", "http://127.0.0.1/x", ""])
def test_the_container_is_asked_when_either_variable_is_set(name: str, value: str) -> None:
    assert provider_checks.container_is_set({f"AWS_CONTAINER_CREDENTIALS_{name}_URI": value})


def test_else_it_is_not() -> None:
    assert not provider_checks.container_is_set({"AWS_CONTAINER_AUTHORIZATION_TOKEN": "CANARY"})
