"""What botocore checks of the metadata services before it asks them anything."""

from collections.abc import Callable, Mapping

from rolecall.aws.config_file import Value
from rolecall.aws.providers import PredictedErrorRaised

_NAMES = frozenset(
    (
        "metadata_service_timeout",
        "metadata_service_num_attempts",
        "ec2_metadata_service_endpoint",
        "ec2_metadata_service_endpoint_mode",
        "imds_use_ipv6",
        "ec2_metadata_v1_disabled",
    )
)
METADATA_VARIABLES = tuple(f"AWS_{name.upper()}" for name in sorted(_NAMES))
"""The variables that give the settings of the metadata service."""
Scoped = Callable[[], Mapping[str, Value]]


def is_disabled(environ: Mapping[str, str]) -> bool:
    """Whether AWS_EC2_METADATA_DISABLED turns the instance metadata service off."""
    return environ.get("AWS_EC2_METADATA_DISABLED", "false").lower() == "true"


def container_is_set(environ: Mapping[str, str]) -> bool:
    """Whether the container provider is set off; an empty string does it too."""
    return (
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" in environ or "AWS_CONTAINER_CREDENTIALS_FULL_URI" in environ
    )


def check(environ: Mapping[str, str], scoped: Scoped) -> None:
    """Raise what ``create_credential_resolver`` raises over the settings of the metadata service.

    It does so for every profile, whether or not the metadata service will be asked. Where a variable gives
    a setting, the profile is not even looked up, so ``scoped`` (which raises for a missing profile or a file
    that does not parse) is called only where one is not set.
    """
    if not any(variable in environ for variable in METADATA_VARIABLES) and _NAMES.isdisjoint(scoped()):
        return

    def setting(name: str) -> Value | None:
        variable = f"AWS_{name.upper()}"
        return environ[variable] if variable in environ else scoped().get(name)

    _integer(setting("metadata_service_timeout"))
    _integer(setting("metadata_service_num_attempts"))
    endpoint = setting("ec2_metadata_service_endpoint")
    mode = setting("ec2_metadata_service_endpoint_mode")
    if mode is None:
        mode = "ipv6" if _boolean(setting("imds_use_ipv6")) else "ipv4"
    elif _lower(mode) not in ("ipv4", "ipv6"):
        raise PredictedErrorRaised(
            "InvalidIMDSEndpointModeError",
            f"Invalid EC2 Instance Metadata endpoint mode: {mode} Valid endpoint modes (case-insensitive): "
            "('ipv4', 'ipv6').",
        )
    _boolean(setting("ec2_metadata_v1_disabled"))
    if endpoint:
        _check_endpoint(endpoint)


def _integer(value: Value | None) -> None:
    if value is None:
        return
    try:
        int(value)  # type: ignore[arg-type]  # a nested block raises TypeError here as it does there
    except (ValueError, TypeError) as error:
        raise PredictedErrorRaised(type(error).__name__, str(error)) from None


def _lower(value: Value) -> str:
    if not isinstance(value, str):
        raise PredictedErrorRaised("AttributeError", "'dict' object has no attribute 'lower'")
    return value.lower()


def _boolean(value: Value | None) -> bool:
    # a nested block is not true, and raises nothing here
    return isinstance(value, str) and value.lower() == "true"


def _check_endpoint(endpoint: Value) -> None:
    # botocore's own check, imported where it is needed: few homes have such an endpoint
    from botocore.utils import is_valid_uri  # noqa: PLC0415

    try:
        valid = is_valid_uri(endpoint)
    except (AttributeError, TypeError, ValueError) as error:
        raise PredictedErrorRaised(type(error).__name__, str(error)) from None
    if not valid:
        raise PredictedErrorRaised(
            "InvalidIMDSEndpointError", f"Invalid endpoint EC2 Instance Metadata endpoint: {endpoint}"
        )
