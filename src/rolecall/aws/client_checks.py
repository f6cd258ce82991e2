"""What a tool raises over its settings, whatever the credentials: region, SSO token provider, client, output.

botocore checks most of them for every client, also for services that do not use the setting, so each of them
stops every command. The order is botocore's: ``Session.create_client`` validates the region, asks for the
credentials and the SSO token, and then ``ClientArgsCreator`` and ``Config`` check the rest; the CLIs read
their own settings before that (``session-initialized``), except for the output, which they need last.
"""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from rolecall.aws.config_file import Value
from rolecall.aws.identifiers import is_region, is_zone, partition_of
from rolecall.aws.profiles import Profiles
from rolecall.aws.provider_checks import calls_elsewhere, has_endpoint
from rolecall.aws.providers import Cause, PredictedError, Tool
from rolecall.aws.settings import SETTINGS
from rolecall.values import dataclass

Complaint = tuple[str, str] | None
"""The class of an exception and its message, or None where a value is accepted."""
EMPTY: Mapping[str, str] = MappingProxyType({})
_NOT_V2 = frozenset((Tool.BOTO3, Tool.CLI_V1))
_CLIS = frozenset((Tool.CLI_V1, Tool.CLI_V2))
_EVERY = frozenset(Tool)
REGION = re.compile(r"(?![0-9]+$)(?!-)[a-zA-Z0-9-]{0,63}(?<!-)$")
"""What botocore accepts as a region (``validate_region_name``); an empty one fails later."""
_UNKNOWN_WORDS: Mapping[tuple[str, Tool], tuple[str, ...]] = {
    # CLI v2's botocore.config.Config._validate_retry_configuration
    ("retry_mode", Tool.CLI_V2): ("legacy",),
    # CLI v2's customizations.timestampformat.add_timestamp_parser
    ("cli_timestamp_format", Tool.CLI_V2): ("none",),
    # CLI v1's formatter.get_formatter
    ("output", Tool.CLI_V1): ("yaml", "yaml-stream", "off"),
}
"""Words of a setting that one of the tools refuses."""


def words(name: str, tool: Tool) -> tuple[str, ...]:
    """Return the values that a tool accepts for a setting of words."""
    return tuple(word for word in SETTINGS[name].words if word not in _UNKNOWN_WORDS.get((name, tool), ()))


@dataclass(frozen=True, slots=True)
class ClientFaults:
    """What a tool raises over the settings of the profile that it uses.

    Attributes:
        starting: raised before anything else, by the CLIs only.
        region: raised before it looks for credentials.
        making: raised when it makes a client, once it has looked for credentials.
        sending: raised when a call is sent.
        printing: raised after the call, when it prints the result.
    """

    starting: PredictedError | None = None
    region: PredictedError | None = None
    making: PredictedError | None = None
    sending: PredictedError | None = None
    printing: PredictedError | None = None

    @property
    def all(self) -> tuple[PredictedError, ...]:
        """All of them, the first to be raised first."""
        every = (self.starting, self.region, self.making, self.sending, self.printing)
        return tuple(fault for fault in every if fault is not None)

    def of(self, name: str) -> "ClientFaults":
        """Return the same, with those of settings put down to the profile of that name."""

        def its(fault: PredictedError | None) -> PredictedError | None:
            return replace(fault, profile=name) if fault is not None and fault.profile is not None else fault

        return ClientFaults(
            its(self.starting), its(self.region), its(self.making), its(self.sending), its(self.printing)
        )


@dataclass(frozen=True, slots=True)
class _Check:
    """One setting that is checked: where its value comes from, and what a tool has against it.

    Attributes:
        setting: its name in the files.
        complain: returns what a tool raises over a value; the exception itself may also be raised.
        variables: the variables that override it, the first one first.
        tools: the tools that check it.
    """

    setting: str
    complain: Callable[[Value, Tool], Complaint]
    variables: tuple[str, ...] = ()
    tools: frozenset[Tool] = _EVERY

    def fault(
        self, environ: Mapping[str, str], name: str, settings: Mapping[str, Value], tool: Tool
    ) -> PredictedError | None:
        """Return what a tool raises over the variable or the profile's setting, or None."""
        if tool not in self.tools:
            return None
        variable = next((each for each in self.variables if each in environ), None)
        value = environ[variable] if variable is not None else settings.get(self.setting)
        complaint = self.complaint(value, tool) if value is not None else None
        if complaint is None:
            return None
        if variable is not None:
            return PredictedError(*complaint, Cause.CLIENT_VARIABLE, (variable,))
        return PredictedError(*complaint, Cause.CLIENT_SETTING, (self.setting,), name)

    def complaint(self, value: Value, tool: Tool) -> Complaint:
        """Return what a tool raises over a value; a nested block raises what Python raises there."""
        try:
            return self.complain(value, tool)
        except (TypeError, ValueError, AttributeError) as error:
            return type(error).__name__, str(error)


def _check(
    setting: str,
    complain: Callable[[Value, Tool], Complaint],
    *variables: str,
    tools: frozenset[Tool] = _EVERY,
) -> _Check:
    return _Check(setting, complain, variables or (f"AWS_{setting.upper()}",), tools)


def _region(value: Value, _: Tool) -> Complaint:
    if REGION.match(value) is not None:  # type: ignore[arg-type]  # a nested block raises TypeError
        return None
    return "InvalidRegionError", f"Provided region_name '{value}' doesn't match a supported format."


def makes_no_host(region: object) -> bool:
    """Whether a region is accepted until it makes an endpoint's name: an empty one, or one with a line end.

    ``validate_region_name`` takes ``$`` for the end of the text, and it is also before a line end.
    """
    return region == "" or (
        isinstance(region, str) and region.endswith("\n") and REGION.match(region) is not None
    )


def _no_host(value: Value, _: Tool) -> Complaint:
    """``client_faults`` says which host."""
    return ("ValueError", "") if makes_no_host(value) else None


def _zone(value: Value, _: Tool) -> Complaint:
    """A zone has no endpoints; ``client_faults`` says which host is looked for."""
    return ("EndpointConnectionError", "") if isinstance(value, str) and is_zone(value) else None


def _timestamps(value: Value, tool: Tool) -> Complaint:
    if value in words("cli_timestamp_format", tool):
        return None
    is_v2 = tool is Tool.CLI_V2
    allowed = '"wire" or "iso8601"' if is_v2 else '"none", "wire" or "iso8601"'
    message = f"Unknown cli_timestamp_format value: {value}, valid values are {allowed}"
    return "ConfigurationError" if is_v2 else "ValueError", message


def _binary(value: Value, tool: Tool) -> Complaint:
    """A dictionary in ``BinaryFormatHandler`` of CLI v2 has the two formats."""
    is_known = value in words("cli_binary_format", tool)
    return None if is_known else ("KeyError", repr(value)) if isinstance(value, str) else _UNHASHABLE


_UNHASHABLE = ("TypeError", "unhashable type: 'dict'")


def _output(value: Value, tool: Tool) -> Complaint:
    return None if value in words("output", tool) else ("ValueError", f"Unknown output type: {value}")


def _block(value: Value, _: Tool) -> Complaint:
    """``api_versions`` and ``s3`` have to be blocks."""
    if isinstance(value, Mapping):
        return None
    return "AttributeError", "'str' object has no attribute 'get'"


def _empty_block(value: Value, tool: Tool) -> Complaint:
    """``SectionConfigProvider`` ignores a text in the place of a block, but not an empty one."""
    return _block(value, tool) if not value else None


def _defaults_mode(value: Value, tool: Tool) -> Complaint:
    mode = value.lower()  # type: ignore[union-attr]  # a nested block raises AttributeError, as there
    allowed = words("defaults_mode", tool)
    if mode in allowed:
        return None
    listed = "legacy, auto, standard, in-region, cross-region, mobile"
    return (
        "InvalidDefaultsMode",
        f"Client configured with invalid defaults mode: {value}. Valid defaults modes include: {listed}.",
    )


def _integer(value: Value, _: Tool) -> Complaint:
    int(value)  # type: ignore[arg-type]  # a nested block raises TypeError, as there
    return None


def _lowered(value: Value, _: Tool) -> Complaint:
    """CLI v2 turns it into a boolean as it makes a client; boto3 looks at its truth only."""
    value.lower()  # type: ignore[union-attr]  # a nested block raises AttributeError, as there
    return None


def _attempts(value: Value, tool: Tool) -> Complaint:
    number = int(value)  # type: ignore[arg-type]  # checked before by ``_integer``
    if number >= 1:
        return None
    one = "one" if tool is Tool.CLI_V2 else "1"
    message = f'Value provided to "max_attempts": {number} must be an integer greater than or equal to {one}.'
    return "InvalidMaxRetryAttemptsError", message


def _sts_regional(value: Value, tool: Tool) -> Complaint:
    if not value or value in words("sts_regional_endpoints", tool):
        return None
    return (
        "InvalidSTSRegionalEndpointsConfigError",
        f'STS regional endpoints option {value} is invalid. Valid options are: "legacy", "regional"',
    )


def _compression(value: Value, _: Tool) -> Complaint:
    invalid = f'Invalid value "{value}" for request_min_compression_size_bytes.'
    least, most = SETTINGS["request_min_compression_size_bytes"].limits or (1, None)
    try:
        number = int(value)  # type: ignore[arg-type]  # a nested block raises TypeError, as there
    except (TypeError, ValueError):
        return "InvalidConfigError", f"{invalid} Value must be an integer. Received {type(value)} instead."
    if least <= number and (most is None or number <= most):
        return None
    return "InvalidConfigError", f"{invalid} Value must be between {least} and {most}."


def _checksum(setting: str) -> Callable[[Value, Tool], Complaint]:
    def complain(value: Value, tool: Tool) -> Complaint:
        said = value.lower() if isinstance(value, str) else value
        if said in words(setting, tool):
            return None
        message = (
            f"Unsupported configuration value for {setting}. Expected one of "
            f"('when_supported', 'when_required') but got {said}."
        )
        return "InvalidChecksumConfigError", message

    return complain


def _account_id_mode(value: Value, tool: Tool) -> Complaint:
    said = value.lower() if isinstance(value, str) else value
    if said in words("account_id_endpoint_mode", tool):
        return None
    message = (
        f"The configured value '{said}' for 'account_id_endpoint_mode' is invalid. Valid values are: "
        "('preferred', 'disabled', 'required')."
    )
    return "InvalidConfigError", message


def _express(value: Value, tool: Tool) -> Complaint:
    name = "s3_disable_express_session_auth"
    if isinstance(value, str) and value.lower() in words(name, tool):
        return None
    return "InvalidConfigError", f'Invalid value "{value}" for {name}. Value must be a boolean'


def _schemes(value: Value, _: Tool) -> Complaint:
    if isinstance(value, str):
        return None
    message = (
        f"auth_scheme_preference must be a comma-delimited string. Received {dict} instead: {dict(value)}."
    )
    return "InvalidConfigError", message


def _bundle(value: Value, _: Tool) -> Complaint:
    """``EndpointCreator`` refuses an empty path of certificates; any other one is tried at each call."""
    if not isinstance(value, str) or value.strip():
        return None
    message = (
        "Invalid CA bundle: the configured value (ca_bundle, AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE, or verify) "
        "resolved to an empty or whitespace-only string. Provide a valid path to a CA bundle file."
    )
    return "InvalidConfigError", message


def _s3_regional(value: Value, tool: Tool) -> Complaint:
    """The rules of endpoints ask for it in every service."""
    if value in words("s3_us_east_1_regional_endpoint", tool):
        return None
    shown = value if isinstance(value, str) else dict(value)
    message = (
        f'S3 us-east-1 regional endpoint option {shown} is invalid. Valid options are: "legacy", "regional"'
    )
    return "InvalidS3UsEast1RegionalEndpointConfigError", message


def _retry_mode(value: Value, tool: Tool) -> Complaint:
    if value in words("retry_mode", tool):
        return None
    allowed = '"standard" or "adaptive"' if tool is Tool.CLI_V2 else "('legacy', 'standard', 'adaptive')"
    return "InvalidRetryModeError", f'Invalid value provided to "mode": "{value}" must be one of: {allowed}'


def _codec(value: Value, _: Tool) -> Complaint:
    """``awscli.compat.validate_preferred_output_encoding`` of CLI v2."""
    try:
        codecs.lookup(str(value))
    except LookupError:
        return "ValueError", f"Unknown codec `{value}` specified for AWS_CLI_OUTPUT_ENCODING."
    return None


_PLAIN_URL = re.compile(r"https?://[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d{1,4})?(?:/[\w./-]*)?")


def _endpoint(value: Value, _: Tool) -> Complaint:
    """``EndpointCreator.create_endpoint``; an empty URL is passed over, and a block does not get that far."""
    if not value or not isinstance(value, str) or _PLAIN_URL.fullmatch(value):
        return None
    # botocore's own check, imported only here: few homes have such a URL
    from botocore.utils import is_valid_endpoint_url  # noqa: PLC0415

    return None if is_valid_endpoint_url(value) else ("ValueError", f"Invalid endpoint: {value}")


def port_fault(url: str) -> str | None:
    """Return what ``urlsplit`` raises over the port of an endpoint as a call is sent, or None."""
    from botocore.compat import urlsplit  # noqa: PLC0415 - few homes have such a URL

    try:
        urlsplit(url).port  # noqa: B018 - it is looked at
    except ValueError as error:
        return str(error)
    return None


def _port(value: Value, _: Tool) -> Complaint:
    if not value or not isinstance(value, str) or _PLAIN_URL.fullmatch(value):
        return None
    fault = port_fault(value)
    return None if fault is None else ("ValueError", fault)


_STARTING = (
    _Check("", _codec, ("AWS_CLI_OUTPUT_ENCODING",), frozenset((Tool.CLI_V2,))),
    _Check("cli_timestamp_format", _timestamps, tools=_CLIS),
    _Check("cli_binary_format", _binary, tools=frozenset((Tool.CLI_V2,))),
)
_BEFORE_CREDENTIALS = (_Check("api_versions", _block, tools=_NOT_V2),)
_DEFAULTS = _check("defaults_mode", _defaults_mode, tools=_NOT_V2)
_MAKING = (
    _Check("tcp_keepalive", _lowered, ("BOTOCORE_TCP_KEEPALIVE",), frozenset((Tool.CLI_V2,))),
    _check("sts_regional_endpoints", _sts_regional, tools=_NOT_V2),
    _check("max_attempts", _integer),
    _check("request_min_compression_size_bytes", _compression),
    _check("request_checksum_calculation", _checksum("request_checksum_calculation")),
    _check("response_checksum_validation", _checksum("response_checksum_validation")),
    _check("account_id_endpoint_mode", _account_id_mode),
    _check("auth_scheme_preference", _schemes),
    _check("s3_disable_express_session_auth", _express),
    _Check("s3", _empty_block),
    _check("max_attempts", _attempts),
    _check("retry_mode", _retry_mode),
)
_SENDING = (
    _Check("ca_bundle", _bundle, ("AWS_CA_BUNDLE",)),
    _check("s3_us_east_1_regional_endpoint", _s3_regional, tools=_NOT_V2),
)
"""The checks of ``ClientArgsCreator``: its own, those of ``Config``; then of the endpoint and its rules."""
_ENDPOINT = _check("endpoint_url", _endpoint)
_PORT = _check("endpoint_url", _port)
_OUTPUT = _Check("output", _output, ("AWS_DEFAULT_OUTPUT",), _CLIS)
_REGIONS = {
    tool: _Check("region", _region, names)
    for tool, names in (
        (Tool.BOTO3, ("AWS_DEFAULT_REGION",)),
        (Tool.CLI_V1, ("AWS_DEFAULT_REGION",)),
        (Tool.CLI_V2, ("AWS_REGION", "AWS_DEFAULT_REGION")),
    )
}


_HOSTS = {tool: replace(check, complain=_no_host) for tool, check in _REGIONS.items()}
_ZONES = {tool: replace(check, complain=_zone) for tool, check in _REGIONS.items()}
_OWN = ("AKIA", "ASIA")


def client_faults(
    environ: Mapping[str, str], profiles: Profiles, name: str, tool: Tool, settings: Mapping[str, Value]
) -> ClientFaults:
    """Return what a tool raises over the settings of the profile that it uses.

    Args:
        environ: the variables.
        profiles: what the files say.
        name: the profile's name; ``default`` where none is chosen.
        tool: the tool.
        settings: the profile's settings; those of its source profiles do not count.
    """

    def first(checks: Iterable[_Check]) -> PredictedError | None:
        return next(
            (fault for check in checks if (fault := check.fault(environ, name, settings, tool))), None
        )

    host, zone = first((_HOSTS[tool],)), first((_ZONES[tool],))
    if host is not None:
        host = replace(host, message=f"Invalid endpoint: https://{_host(host, environ, settings)}")
    if zone is not None:
        is_elsewhere = has_endpoint(environ, profiles, settings) or _is_of_others(zone, environ, settings)
        where = _host(zone, environ, settings)
        zone = replace(zone, message=f'Could not connect to the endpoint URL: "https://{where}/"')
        zone = None if is_elsewhere or calls_elsewhere(environ, profiles, settings) else zone
    making = (
        token_fault(profiles, name, settings)
        or first((_DEFAULTS,))
        or services_fault(environ, profiles, name, settings)
        or first(_MAKING)
        or (None if _ignores_endpoints(environ, settings) else first((_ENDPOINT, _PORT)))
        or (host if host is not None and not has_endpoint(environ, profiles, settings) else None)
        or first(_SENDING)
    )
    return ClientFaults(
        first(_STARTING),
        first((_REGIONS[tool], *_BEFORE_CREDENTIALS)),
        making,
        zone,
        first((_OUTPUT,)),
    )


def _host(fault: PredictedError, environ: Mapping[str, str], settings: Mapping[str, Value]) -> str:
    """Return the host of STS in the region of a fault."""
    name = fault.subject
    region = str(environ.get(name, "") if fault.cause is Cause.CLIENT_VARIABLE else settings.get(name, ""))
    service = "sts-fips" if _is_true(environ, settings, "use_fips_endpoint") else "sts"
    is_dual = _is_true(environ, settings, "use_dualstack_endpoint")
    domains = _DOMAINS.get(partition_of(region) if is_region(region.strip()) else "aws", _DOMAINS["aws"])
    return f"{service}.{region}.{domains[is_dual]}"


_DOMAINS = {
    "aws": ("amazonaws.com", "api.aws"),
    "aws-cn": ("amazonaws.com.cn", "api.amazonwebservices.com.cn"),
}


def _is_of_others(fault: PredictedError, environ: Mapping[str, str], settings: Mapping[str, Value]) -> bool:
    """Whether the keys beside a region are of another service, which names its regions as it likes."""
    is_variable = fault.cause is Cause.CLIENT_VARIABLE
    return _is_foreign(settings) or (is_variable and is_foreign_key(environ.get("AWS_ACCESS_KEY_ID")))


def _is_foreign(settings: Mapping[str, Value]) -> bool:
    return is_foreign_key(settings.get("aws_access_key_id"))


def is_foreign_key(key: object) -> bool:
    """Whether it is none of AWS's: those may have quotes or more around them."""
    return isinstance(key, str) and bool(key) and not any(start in key.upper() for start in _OWN)


def _ignores_endpoints(environ: Mapping[str, str], settings: Mapping[str, Value]) -> bool:
    return _is_true(environ, settings, _IGNORE)


def _is_true(environ: Mapping[str, str], settings: Mapping[str, Value], name: str) -> bool:
    """Whether ``botocore.utils.ensure_boolean`` takes a variable, or else a setting, for true."""
    value = environ.get(f"AWS_{name.upper()}", settings.get(name))
    return isinstance(value, str) and value.lower() == "true"


def refused_by(setting: str, value: Value, environ: Mapping[str, str] = EMPTY) -> dict[Tool, PredictedError]:
    """Return what each tool raises over a value of a setting in a file; tools that accept it are left out.

    A variable that overrides it leaves nothing to refuse, and what CLI v1 alone refuses is left out: it is
    written for CLI v2.
    """
    found = _faults(lambda check: check.setting == setting, environ, {setting: value})
    return {tool: fault for tool, fault in found.items() if fault.cause is Cause.CLIENT_SETTING}


def variable_refused_by(variable: str, text: str) -> dict[Tool, PredictedError]:
    """Return what each tool raises over the text of a variable, as ``refused_by`` does for a setting.

    What only the endpoint's name refuses of a region is left out (``makes_no_host``).
    """
    return _faults(lambda check: variable in check.variables, {variable: text}, {})


def _faults(
    takes: Callable[[_Check], bool], environ: Mapping[str, str], settings: Mapping[str, Value]
) -> dict[Tool, PredictedError]:
    found: dict[Tool, PredictedError] = {}
    for tool in Tool:
        for check in filter(takes, _checks(tool)):
            fault = check.fault(environ, "", settings, tool)
            if fault is not None:
                found.setdefault(tool, fault)
    return found if found.keys() != {Tool.CLI_V1} else {}


def _checks(tool: Tool) -> Iterator[_Check]:
    making = (_DEFAULTS, *_MAKING, _ENDPOINT, _PORT, *_SENDING)
    yield from (*_STARTING, _REGIONS[tool], *_BEFORE_CREDENTIALS, *making, _OUTPUT)


def readers(variable: str) -> frozenset[Tool]:
    """Return the tools that read the region from a variable."""
    return frozenset(tool for tool, check in _REGIONS.items() if variable in check.variables)


OF_VARIABLES = {name: check.setting for check in _checks(Tool.CLI_V2) for name in check.variables}
"""The setting of each variable with values over which a tool fails at every command."""


_TOKEN_SETTINGS = ("sso_start_url", "sso_region")


def token_fault(profiles: Profiles, name: str, settings: Mapping[str, Value]) -> PredictedError | None:
    """Return what ``SSOTokenProvider._load_sso_config`` raises, or None.

    Every client asks it for a token, also where the profile has other credentials. It reads the sso-session
    alone, so that what the profile itself sets does not count.
    """
    reference = settings.get("sso_session")
    if reference is None:
        return None
    if not isinstance(reference, str):
        fault = PredictedError(*_UNHASHABLE, Cause.NESTED_VALUE, ("sso_session",))
        return replace(fault, profile=name)
    uses = f'The profile "{name}" is configured to use the SSO token provider but'
    session = profiles.sso_session(reference)
    if not session:
        message = f'{uses} the "{reference}" sso_session configuration does not exist.'
        about = (Cause.SSO_SESSION_MISSING, (reference,))
        return PredictedError("InvalidConfigError", message, *about, name)
    missing = [key for key in _TOKEN_SETTINGS if key not in session]
    if not missing:
        return None
    message = f"{uses} is missing the following configuration: {missing}."
    subjects = (reference, *missing)
    return PredictedError("InvalidConfigError", message, Cause.SSO_SESSION_INCOMPLETE, subjects, name)


_IGNORE = "ignore_configured_endpoint_urls"


def services_fault(
    environ: Mapping[str, str], profiles: Profiles, name: str, settings: Mapping[str, Value]
) -> PredictedError | None:
    """Return what ``ConfiguredEndpointProvider`` raises over the services section, or None.

    It does not look where endpoints are ignored, or where a variable gives the endpoint of every service.
    """
    services = settings.get("services")
    if services is None or _ignores_endpoints(environ, settings) or environ.get("AWS_ENDPOINT_URL"):
        return None
    if not isinstance(services, str):
        fault = PredictedError(*_UNHASHABLE, Cause.NESTED_VALUE, ("services",))
        return replace(fault, profile=name)
    headers = profiles.config.headers.services.get(services)
    if headers and profiles.config.sections[headers[-1]]:
        return None
    message = (
        f'The profile is configured to use the services section but the "{services}" services configuration '
        "does not exist."
    )
    return PredictedError("InvalidConfigError", message, Cause.SERVICES_MISSING, ("services",), name)


_CHECKED = frozenset(
    (
        *(check.setting for tool in Tool for check in _checks(tool)),
        *("sso_session", "services", _IGNORE, "use_fips_endpoint", "use_dualstack_endpoint"),
    )
)
"""The settings on which ``client_faults`` depends."""


def checked(settings: Mapping[str, Value]) -> tuple[tuple[str, Value], ...] | None:
    """Return those settings on which ``client_faults`` depends; None where one is a nested block."""
    found = tuple((name, value) for name, value in settings.items() if name in _CHECKED)
    if not all(isinstance(value, str) for _, value in found):
        return None
    return (*found, ("aws_access_key_id", "")) if _is_foreign(settings) else found
