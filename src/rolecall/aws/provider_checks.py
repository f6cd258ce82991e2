"""What each provider, and botocore's STS client, checks before anything is sent."""

import configparser
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rolecall.aws import config_file, paths, timestamps
from rolecall.aws.config_file import Value
from rolecall.aws.profiles import Profiles
from rolecall.aws.providers import PredictedError, PredictedErrorRaised, Provider
from rolecall.host import Host

END_VARIABLE = "AWS_CREDENTIAL_EXPIRATION"
"""The one note of an end that botocore minds."""
STILL_EXPIRED = "Credentials were refreshed, but the refreshed credentials are still expired."


def require(section: Mapping[str, Value], provider: str, key: str) -> Value:
    """Return a section's value; raise as botocore does where half a pair is missing."""
    if key not in section:
        raise _partial(provider, key)
    return section[key]


def _partial(provider: str, key: str) -> PredictedErrorRaised:
    return PredictedErrorRaised(
        "PartialCredentialsError", f"Partial credentials found in {provider}, missing: {key}"
    )


def environment_key(environ: Mapping[str, str]) -> str | None:
    """Return the access key id that EnvProvider finds, or None where it passes (unset or empty).

    Raises:
        Raised: half a pair, or an AWS_CREDENTIAL_EXPIRATION that is no time.
    """
    key = environ.get("AWS_ACCESS_KEY_ID")
    if not key:
        return None
    if not environ.get("AWS_SECRET_ACCESS_KEY"):
        raise _partial(Provider.ENV, "AWS_SECRET_ACCESS_KEY")
    end = environ.get(END_VARIABLE)
    if end:
        timestamps.parse(end)
    return key


def environment_fault(environ: Mapping[str, str], now: datetime) -> PredictedError | None:
    """Return what botocore raises when it hands out keys from the environment, if it does.

    Within 15 minutes of AWS_CREDENTIAL_EXPIRATION it "refreshes" from the same variables, and finds them as
    old as before: that is an error once they are past.
    """
    end = environ.get(END_VARIABLE)
    if not end:
        return None
    try:
        moment = timestamps.instant(end)
    except PredictedErrorRaised as raised:
        return raised.fault
    return PredictedError("RuntimeError", STILL_EXPIRED) if moment <= now else None


@dataclass(frozen=True, slots=True)
class Fallbacks:
    """The two old files that botocore asks after the profile; looked up once for all profiles."""

    ec2_credentials_file: Callable[[], str | None]
    boto_config: Callable[[], str | None]


def fallbacks(host: Host) -> Fallbacks:
    """Read the two files; what they raise is raised for each profile that gets as far."""
    return Fallbacks(
        ec2_credentials_file=_once(lambda: _ec2_credentials_file(host)),
        boto_config=_once(lambda: _boto_config(host)),
    )


def _once(lookup: Callable[[], str | None]) -> Callable[[], str | None]:
    outcome: list[str | PredictedError | None] = []

    def again() -> str | None:
        if not outcome:
            try:
                outcome.append(lookup())
            except PredictedErrorRaised as raised:
                outcome.append(raised.fault)
        known = outcome[0]
        if isinstance(known, PredictedError):
            raise PredictedErrorRaised(known.error, known.message)
        return known

    return again


def _ec2_credentials_file(host: Host) -> str | None:
    """OriginalEC2Provider: AWS_CREDENTIAL_FILE names a file of ``key = value`` lines."""
    name = host.environ.get("AWS_CREDENTIAL_FILE")
    if name is None:
        return None
    path = host.expand_user(name)
    not_found = PredictedErrorRaised(
        "ConfigNotFound", f"The specified config file ({path}) could not be found."
    )
    if not path or path.endswith("/") or paths.look(Path(path)).presence is not paths.Presence.FILE:
        raise not_found
    try:
        text = paths.read(Path(path)).decode(host.encoding)
    except OSError:
        raise not_found from None
    except UnicodeDecodeError as error:
        raise PredictedErrorRaised("UnicodeDecodeError", str(error)) from None
    pairs = {
        key.strip(): value.strip()
        for key, by, value in (line.partition("=") for line in _universal(text).splitlines())
        if by
    }
    if "AWSAccessKeyId" not in pairs:
        return None
    if "AWSSecretKey" not in pairs:
        raise PredictedErrorRaised("KeyError", "'AWSSecretKey'")
    return pairs["AWSAccessKeyId"]


def _universal(text: str) -> str:
    return io.StringIO(text, newline=None).read()


def _sections(host: Host, name: str) -> Mapping[str, Mapping[str, Value]]:
    """Return what botocore reads in a file; nothing where it is none, or cannot be read.

    Raises:
        Raised: it does not parse.
    """
    path = Path(name)
    if name.endswith("/") or paths.look(path).presence is not paths.Presence.FILE:
        return {}
    try:
        return config_file.parse(paths.read(path), host.encoding)
    except OSError:
        return {}
    except (configparser.Error, ValueError):
        raise PredictedErrorRaised("ConfigParseError", f"Unable to parse config file: {name}") from None


def _boto_config(host: Host) -> str | None:
    """BotoProvider: BOTO_CONFIG, else /etc/boto.cfg and ~/.boto."""
    chosen = host.environ.get("BOTO_CONFIG")
    names = (
        [str(host.root / "etc" / "boto.cfg"), host.expand("~/.boto")]
        if chosen is None
        else [host.expand(chosen)]
    )
    for name in names:
        section = _sections(host, name).get("Credentials", {})
        if "aws_access_key_id" in section:
            require(section, Provider.BOTO, "aws_secret_access_key")
            return str(section["aws_access_key_id"])
    return None


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


_VARIABLES = ("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL")
_IGNORE = "ignore_configured_endpoint_urls"


def signing_fault(
    environ: Mapping[str, str], profiles: Profiles, settings: Mapping[str, Value], region: str | None
) -> PredictedError | None:
    """Return what making a client for signed calls of STS raises, or None where there can be one.

    Without a region STS's global endpoint is called, and signed for us-east-1. Where a configured URL takes
    its place no region goes with it, and ``NoRegionError`` comes; unsigned calls (web identity) need none.

    Args:
        environ: the variables.
        profiles: what the files say.
        settings: the chosen profile's: those of the profiles that it draws on do not count.
        region: the region that the tool uses.
    """
    if region is not None or not _has_endpoint(environ, profiles, settings):
        return None
    return PredictedError("NoRegionError", "You must specify a region.")


def _has_endpoint(environ: Mapping[str, str], profiles: Profiles, settings: Mapping[str, Value]) -> bool:
    """Whether a URL is configured for STS, in botocore's order; an empty one counts for nothing."""
    ignored = environ.get(f"AWS_{_IGNORE}".upper(), settings.get(_IGNORE))
    if isinstance(ignored, str) and ignored.lower() == "true":
        return False
    urls = (
        *(environ.get(name) for name in _VARIABLES),
        settings.get("endpoint_url"),
        _of_services(profiles, settings),
    )
    return any(isinstance(url, str) and url for url in urls)


def _of_services(profiles: Profiles, settings: Mapping[str, Value]) -> str | None:
    name = settings.get("services")
    headers = profiles.config.headers.services.get(name) if isinstance(name, str) else None
    block = profiles.config.sections[headers[-1]].get("sts") if headers else None
    return block.get("endpoint_url") if isinstance(block, Mapping) else None
