"""What each provider, and botocore's STS client, checks before anything is sent."""

import configparser
import io
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from rolecall.aws import config_file, paths, timestamps
from rolecall.aws.config_file import Value
from rolecall.aws.identifiers import is_region, partition_of, partition_of_arn
from rolecall.aws.profiles import Profiles
from rolecall.aws.providers import Cause, PredictedError, PredictedErrorRaised, Provider
from rolecall.host import Host
from rolecall.values import dataclass

END_VARIABLE = "AWS_CREDENTIAL_EXPIRATION"
"""The only note of an expiry that botocore obeys."""


def partial(provider: str, missing: str, cause: Cause, *subjects: str) -> PredictedErrorRaised:
    """Return what botocore raises where half of something is missing."""
    message = f"Partial credentials found in {provider}, missing: {missing}"
    return PredictedErrorRaised("PartialCredentialsError", message, cause, *subjects)


def environment_key(environ: Mapping[str, str]) -> str | None:
    """Return the access key id that EnvProvider finds, or None where it passes (unset or empty).

    Raises:
        PredictedErrorRaised: half a pair, or an AWS_CREDENTIAL_EXPIRATION that is not a time.
    """
    key = environ.get("AWS_ACCESS_KEY_ID")
    if not key:
        return None
    if not environ.get("AWS_SECRET_ACCESS_KEY"):
        cause = Cause.ENVIRONMENT_HALF_A_PAIR
        raise partial(Provider.ENV, "AWS_SECRET_ACCESS_KEY", cause, "AWS_ACCESS_KEY_ID")
    end = environ.get(END_VARIABLE)
    if end:
        try:
            timestamps.parse(end)
        except PredictedErrorRaised as raised:
            raise PredictedErrorRaised.of(_unreadable_end(raised.fault)) from None
    return key


def _unreadable_end(fault: PredictedError) -> PredictedError:
    return fault.because(Cause.ENVIRONMENT_END_UNREADABLE, END_VARIABLE)


def environment_fault(host: Host, now: datetime) -> PredictedError | None:
    """Return what botocore raises when it hands out keys from the environment, if it does.

    Within 15 minutes of AWS_CREDENTIAL_EXPIRATION it "refreshes" from the same variables, and finds them as
    old as before: that is an error once they have expired.
    """
    end = host.environ.get(END_VARIABLE)
    if not end:
        return None
    try:
        moment = timestamps.instant(end)
    except PredictedErrorRaised as raised:
        return _unreadable_end(raised.fault)
    if moment > now:
        return None
    is_date = timestamps.variable_expiry(host, END_VARIABLE) is not None
    return PredictedError(
        "RuntimeError",
        "Credentials were refreshed, but the refreshed credentials are still expired.",
        Cause.ENVIRONMENT_EXPIRED if is_date else Cause.ENVIRONMENT_END_NO_DATE,
        (END_VARIABLE,),
    )


@dataclass(frozen=True, slots=True)
class Fallbacks:
    """The two old files that botocore reads after the profile; looked up once for all profiles."""

    ec2_credentials_file: Callable[[], str | None]
    boto_config: Callable[[], str | None]


def fallbacks(host: Host) -> Fallbacks:
    """Read the two files; their error is raised for each profile that gets as far as them."""
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
            raise PredictedErrorRaised.of(known)
        return known

    return again


_EC2_VARIABLE = "AWS_CREDENTIAL_FILE"
_BOTO_VARIABLE = "BOTO_CONFIG"


def _ec2_credentials_file(host: Host) -> str | None:
    """OriginalEC2Provider: AWS_CREDENTIAL_FILE names a file of ``key = value`` lines."""
    name = host.environ.get(_EC2_VARIABLE)
    if name is None:
        return None
    path = host.expand_user(name)
    about = (Cause.OLD_FILE, _EC2_VARIABLE)
    message = f"The specified config file ({path}) could not be found."
    not_found = PredictedErrorRaised("ConfigNotFound", message, *about)
    if not path or path.endswith("/") or paths.look(Path(path)).presence is not paths.Presence.FILE:
        raise not_found
    try:
        text = paths.read_file(Path(path)).decode(host.encoding)
    except OSError:
        raise not_found from None
    except UnicodeDecodeError as error:
        raise PredictedErrorRaised("UnicodeDecodeError", str(error), *about) from None
    pairs = {
        key.strip(): value.strip()
        for key, by, value in (line.partition("=") for line in _universal(text).splitlines())
        if by
    }
    if "AWSAccessKeyId" not in pairs:
        return None
    if "AWSSecretKey" not in pairs:
        raise PredictedErrorRaised("KeyError", "'AWSSecretKey'", *about)
    return pairs["AWSAccessKeyId"]


def _universal(text: str) -> str:
    return io.StringIO(text, newline=None).read()


def _sections(host: Host, name: str) -> Mapping[str, Mapping[str, Value]]:
    """Return what botocore reads in a file; empty where it is not a file, or cannot be read.

    Raises:
        PredictedErrorRaised: it does not parse.
    """
    path = Path(name)
    if name.endswith("/") or paths.look(path).presence is not paths.Presence.FILE:
        return {}
    try:
        return config_file.parse(paths.read_file(path), host.encoding)
    except OSError:
        return {}
    except (configparser.Error, ValueError):
        message = f"Unable to parse config file: {name}"
        raise PredictedErrorRaised("ConfigParseError", message, Cause.OLD_FILE, _BOTO_VARIABLE) from None


def _boto_config(host: Host) -> str | None:
    """BotoProvider: BOTO_CONFIG, else /etc/boto.cfg and ~/.boto."""
    chosen = host.environ.get(_BOTO_VARIABLE)
    names = (
        [str(host.root / "etc" / "boto.cfg"), host.expand("~/.boto")]
        if chosen is None
        else [host.expand(chosen)]
    )
    for name in names:
        section = _sections(host, name).get("Credentials", {})
        if "aws_access_key_id" in section:
            if "aws_secret_access_key" not in section:
                raise partial(Provider.BOTO, "aws_secret_access_key", Cause.OLD_FILE, _BOTO_VARIABLE)
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
_Complaint = tuple[str, str] | None
"""The class of an exception and its message, or None where a value is taken."""


def is_disabled(environ: Mapping[str, str]) -> bool:
    """Whether AWS_EC2_METADATA_DISABLED turns the instance metadata service off."""
    return environ.get("AWS_EC2_METADATA_DISABLED", "false").lower() == "true"


def container_is_set(environ: Mapping[str, str]) -> bool:
    """Whether the container provider is asked; even an empty string causes that."""
    return (
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" in environ or "AWS_CONTAINER_CREDENTIALS_FULL_URI" in environ
    )


RELATIVE_URI, FULL_URI = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"
CONTAINER_TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN"  # noqa: S105 - a variable's name
CONTAINER_TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"  # noqa: S105 - a variable's name
_CONTAINER_HOSTS = ("169.254.170.2", "169.254.170.23", "fd00:ec2::23", "localhost")


def container_uri_fault(environ: Mapping[str, str]) -> PredictedError | None:
    """Return what ``ContainerMetadataFetcher`` raises over a container's URI, or None where it calls it."""
    name = RELATIVE_URI if RELATIVE_URI in environ else FULL_URI
    # few homes are in a container, and all others would wait for it
    from botocore.compat import urlsplit  # noqa: PLC0415

    url = environ[name] if name == FULL_URI else f"http://{_CONTAINER_HOSTS[0]}{environ[name]}"
    about = (Cause.CONTAINER_URI, (name,))
    try:
        parsed = urlsplit(url)
    except ValueError as error:
        return PredictedError("ValueError", str(error), *about)
    unsent = "An HTTP Client raised an unhandled exception: "
    if parsed.scheme == "https":
        refused = PredictedError("HTTPClientError", f"{unsent}No host specified.", *about)
        return None if parsed.hostname else refused
    if parsed.hostname not in _CONTAINER_HOSTS and not _is_loopback(parsed.hostname):
        message = (
            f"Unsupported host '{parsed.hostname}'.  Can only retrieve metadata from a loopback address "
            f"or one of these hosts: {', '.join(_CONTAINER_HOSTS)}"
        )
        return PredictedError("ValueError", message, *about)
    if parsed.scheme != "http":
        return PredictedError("HTTPClientError", f"{unsent}Not supported URL scheme {parsed.scheme}", *about)
    return None


def container_token_fault(name: str, token: str) -> PredictedError | None:
    """Return what is raised over a container's token, before the URI is looked at, or None."""
    if "\r" in token or "\n" in token:
        message = "Auth token value is not a legal header value"
        return PredictedError("ValueError", message, Cause.CONTAINER_TOKEN, (name,))
    return None


def _is_loopback(host: str | None) -> bool:
    from ipaddress import ip_address  # noqa: PLC0415 - as above

    try:
        return ip_address(str(host)).is_loopback
    except ValueError:
        return False


def check_metadata_settings(environ: Mapping[str, str], scoped: Scoped) -> None:
    """Raise what ``create_credential_resolver`` raises for the settings of the metadata service.

    It does so for every profile, whether or not the metadata service will be asked. Where a variable gives
    a setting, the profile is not even looked up, so ``scoped`` (which raises for a missing profile or a file
    that does not parse) is called only where one is not set.
    """
    if not any(variable in environ for variable in METADATA_VARIABLES) and _NAMES.isdisjoint(scoped()):
        return

    def setting(name: str, complain: Callable[[Value], _Complaint] = lambda _: None) -> Value | None:
        variable = f"AWS_{name.upper()}"
        is_variable = variable in environ
        value = environ[variable] if is_variable else scoped().get(name)
        complaint = complain(value) if value is not None else None
        if complaint is None:
            return value
        if is_variable:
            raise PredictedErrorRaised(*complaint, Cause.METADATA_VARIABLE, variable)
        raise PredictedErrorRaised(*complaint, Cause.METADATA_SETTING, name)

    setting("metadata_service_timeout", _integer)
    setting("metadata_service_num_attempts", _integer)
    setting("ec2_metadata_service_endpoint")
    if setting("ec2_metadata_service_endpoint_mode", _mode) is None:
        setting("imds_use_ipv6")
    setting("ec2_metadata_v1_disabled")
    setting("ec2_metadata_service_endpoint", _endpoint)


def _integer(value: Value) -> _Complaint:
    try:
        int(value)  # type: ignore[arg-type]  # a nested block raises TypeError here as it does there
    except (ValueError, TypeError) as error:
        return type(error).__name__, str(error)
    return None


def _mode(value: Value) -> _Complaint:
    if not isinstance(value, str):
        return "AttributeError", "'dict' object has no attribute 'lower'"
    if value.lower() in ("ipv4", "ipv6"):
        return None
    message = (
        f"Invalid EC2 Instance Metadata endpoint mode: {value} Valid endpoint modes (case-insensitive): "
        "('ipv4', 'ipv6')."
    )
    return "InvalidIMDSEndpointModeError", message


def _endpoint(value: Value) -> _Complaint:
    if not value:
        return None
    # botocore's own check, imported only here: few homes have such an endpoint
    from botocore.utils import is_valid_uri  # noqa: PLC0415

    try:
        is_valid = is_valid_uri(value)
    except (AttributeError, TypeError, ValueError) as error:
        return type(error).__name__, str(error)
    if is_valid:
        return None
    return "InvalidIMDSEndpointError", f"Invalid endpoint EC2 Instance Metadata endpoint: {value}"


_VARIABLES = ("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL")
_IGNORE = "ignore_configured_endpoint_urls"


def signing_fault(
    environ: Mapping[str, str], profiles: Profiles, settings: Mapping[str, Value], region: str | None
) -> PredictedError | None:
    """Return what making a client for signed calls of STS raises, or None.

    Without a region, tools call STS's global endpoint and sign for us-east-1. A configured URL has no region,
    and they raise ``NoRegionError``; unsigned calls (web identity) need none.

    Args:
        environ: the variables.
        profiles: what the files say.
        settings: the chosen profile's, not those of its source profiles.
        region: the region that the tool uses.
    """
    if region is not None or not has_endpoint(environ, profiles, settings):
        return None
    return PredictedError("NoRegionError", "You must specify a region.", Cause.REGION_MISSING)


def partition_fault(
    environ: Mapping[str, str], profiles: Profiles, settings: Mapping[str, Value], region: str | None
) -> PredictedError | None:
    """Return what STS answers where a role is in another partition than the region, or None.

    Each partition has its own accounts, keys and STS; without a region, tools call the global endpoint, which
    is in ``aws``.
    """
    wanted = partition_of_arn(settings.get("role_arn"))
    known = region is None or is_region(region)
    if wanted is None or not known or not wanted.startswith("aws") or partition_of(region or "") == wanted:
        return None
    if calls_elsewhere(environ, profiles, settings, "sts"):
        return None
    message = (
        "An error occurred (InvalidClientTokenId) when calling the AssumeRole operation: The security token "
        "included in the request is invalid"
    )
    return PredictedError("ClientError", message, Cause.OTHER_PARTITION, ("role_arn", "region"))


def has_endpoint(environ: Mapping[str, str], profiles: Profiles, settings: Mapping[str, Value]) -> bool:
    """Whether a URL is configured for STS, in botocore's order; an empty one is ignored."""
    ignored = environ.get(f"AWS_{_IGNORE}".upper(), settings.get(_IGNORE))
    if isinstance(ignored, str) and ignored.lower() == "true":
        return False
    urls = (
        *(environ.get(name) for name in _VARIABLES),
        settings.get("endpoint_url"),
        _of_services(profiles, settings),
    )
    return any(isinstance(url, str) and url for url in urls)


_AWS = (
    *(".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".api.amazonwebservices.com.cn", ".amazonaws.eu"),
    *(".api.amazonwebservices.eu", ".c2s.ic.gov", ".api.aws.ic.gov", ".sc2s.sgov.gov", ".api.aws.scloud"),
    *(".cloud.adc-e.uk", ".api.cloud-aws.adc-e.uk", ".csp.hci.ic.gov", ".api.aws.hci.ic.gov"),
)
"""How the hosts of AWS end (``partitions.json``: ``dnsSuffix``, ``dualStackDnsSuffix``)."""
_HOST = re.compile(r"https?://(?:[^/?#@]*@)?(?P<host>[^/?#:]+)", re.IGNORECASE)


def calls_elsewhere(
    environ: Mapping[str, str], profiles: Profiles, settings: Mapping[str, Value], service: str = ""
) -> bool:
    """Whether calls go to another service than AWS (LocalStack, MinIO), as far as a URL is configured.

    Args:
        environ: the variables.
        profiles: what the files say.
        settings: the chosen profile's.
        service: the service, in small letters; empty for any.
    """
    ignored = environ.get(f"AWS_{_IGNORE}".upper(), settings.get(_IGNORE))
    if isinstance(ignored, str) and ignored.lower() == "true":
        return False
    named = f"AWS_ENDPOINT_URL_{service.upper()}"
    urls: list[Value | None] = [
        url
        for name, url in environ.items()
        if name.startswith("AWS_ENDPOINT_URL") and (not service or name in (named, "AWS_ENDPOINT_URL"))
    ]
    urls.append(settings.get("endpoint_url"))
    if "services" in settings:
        for name, block in _services(profiles, settings).items():
            if isinstance(block, Mapping) and name == (service or name):
                urls.append(block.get("endpoint_url"))
    return any(isinstance(url, str) and url and not is_of_aws(url) for url in urls)


def is_of_aws(url: str) -> bool:
    """Whether a URL leads to AWS itself: to one of its endpoints, or into a VPC."""
    found = _HOST.match(url)
    return found is not None and found["host"].lower().rstrip(".").endswith(_AWS)


def elsewhere(environ: Mapping[str, str], profiles: Profiles) -> frozenset[str | None]:
    """Return the profiles with a service that is not AWS; None among them for what names no profile."""
    is_set = any(name.startswith("AWS_ENDPOINT_URL") for name in environ)
    names = {
        name
        for name, each in profiles.by_name.items()
        if (is_set or "endpoint_url" in each or "services" in each)
        and calls_elsewhere(environ, profiles, each)
    }
    chosen = environ.get("AWS_DEFAULT_PROFILE", environ.get("AWS_PROFILE", "default"))
    is_here = chosen in names or calls_elsewhere(environ, profiles, {})
    return frozenset((*names, *((None,) if is_here else ())))


def _services(profiles: Profiles, settings: Mapping[str, Value]) -> Mapping[str, Value]:
    name = settings.get("services")
    headers = profiles.config.headers.services.get(name) if isinstance(name, str) else None
    return profiles.config.sections[headers[-1]] if headers else {}


def _of_services(profiles: Profiles, settings: Mapping[str, Value]) -> str | None:
    block = _services(profiles, settings).get("sts")
    return block.get("endpoint_url") if isinstance(block, Mapping) else None
