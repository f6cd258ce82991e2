"""The settings and variables that an error is about, and where the value comes from that it quotes."""

import re
from collections.abc import Iterable, Iterator, Mapping

from rolecall.aws import client_checks
from rolecall.aws.config_file import Value
from rolecall.aws.providers import PredictedError, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.diagnosis import squeezed
from rolecall.doctor.error_text.parse import Pasted
from rolecall.doctor.finding import Finding
from rolecall.messages.errors import SCOPE
from rolecall.text import inert
from rolecall.values import dataclass

LOGGING_IN = ("RegisterClient", "StartDeviceAuthorization", "CreateToken")
"""Operations of SSO's OIDC with which a login begins."""
_KEYS_SET = (
    *("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token"),
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"),
)
_PLACE = ("region", "sso_region", "AWS_REGION", "AWS_DEFAULT_REGION")
_WAY = (
    *_PLACE,
    *("endpoint_url", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_SSO"),
    *("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "NO_PROXY", "no_proxy"),
)
_TRUST = ("ca_bundle", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
_LOGS_IN = ("sso_start_url", "sso_region", "sso_session")
_TOKEN_FILE = ("web_identity_token_file", "AWS_WEB_IDENTITY_TOKEN_FILE", "role_arn", "AWS_ROLE_ARN")
SET_BY: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            *("InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "InvalidToken"),
            *("AuthFailure", "SignatureDoesNotMatch", "IncompleteSignature", "InvalidSignatureException"),
            *("HTTPClientError", "PartialCredentialsError", "InvalidHeader"),
        ),
        _KEYS_SET,
    ),
    **dict.fromkeys(("EndpointConnectionError", "ConnectTimeoutError", "InvalidEndpoint"), _WAY),
    **dict.fromkeys(("NoRegionError", "InvalidRegionError", "RegionDisabledException"), _PLACE),
    "SSLError": _TRUST,
    "ProxyConnectionError": _WAY,
    "InvalidRequestException": _LOGS_IN,
    "InvalidRetryModeError": ("retry_mode", "AWS_RETRY_MODE"),
    "InvalidMaxRetryAttemptsError": ("max_attempts", "AWS_MAX_ATTEMPTS"),
    "InvalidServicesError": ("services",),
    "InvalidDefaultsMode": ("defaults_mode", "AWS_DEFAULTS_MODE"),
    "InvalidSTSRegionalEndpointsConfigError": ("sts_regional_endpoints", "AWS_STS_REGIONAL_ENDPOINTS"),
    "InvalidS3UsEast1RegionalEndpointConfigError": (
        "s3_us_east_1_regional_endpoint",
        "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT",
    ),
    "InvalidOutputError": ("output", "AWS_DEFAULT_OUTPUT"),
    "InvalidTimestampFormatError": ("cli_timestamp_format",),
    "InvalidCodecError": ("AWS_CLI_OUTPUT_ENCODING", "AWS_CLI_FILE_ENCODING"),
    "InvalidIdentityToken": _TOKEN_FILE,
    "WebIdentityFile": _TOKEN_FILE,
    "CredentialRetrievalError": ("credential_process",),
    "FileNotFoundError": ("credential_process", *_TRUST, *_TOKEN_FILE),
    "PermissionError": ("credential_process", *_TRUST, *_TOKEN_FILE),
    "JSONDecodeError": ("credential_process",),
    "SigningHelper": ("credential_process",),
    "MfaSerialMissing": ("mfa_serial",),
}
"""Settings and variables that an error is about: what is wrong with one of them explains it."""
_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "rolearn": ("role_arn", "AWS_ROLE_ARN"),
    "rolesessionname": ("role_session_name", "AWS_ROLE_SESSION_NAME"),
    "serialnumber": ("mfa_serial",),
    "multifactorauthenticationfailed": ("mfa_serial",),
    "externalid": ("external_id",),
    **{
        name: (name, f"AWS_{name.upper()}")
        for name in (
            *("request_checksum_calculation", "response_checksum_validation", "account_id_endpoint_mode"),
            *("request_min_compression_size_bytes", "s3_disable_express_session_auth"),
        )
    },
}
"""Settings by the name that STS has for them in its refusals, or that botocore calls them by."""


def set_by(pasted: Pasted) -> tuple[str, ...]:
    """Return the settings and variables that a message is about."""
    if is_of_scope(pasted):
        return _WAY
    named = [keys for word, keys in _PARAMETERS.items() if word in pasted.text.lower()]
    return (*(key for keys in named for key in keys), *SET_BY.get(pasted.code or "", ()))


def is_of_scope(pasted: Pasted) -> bool:
    """Whether a signature is refused for the region or the service that it is for, and not for the keys."""
    text = pasted.text.lower()
    return any(squeezed(words) in text for words in SCOPE)


def but_login(pasted: Pasted | None, found: Iterable[Finding]) -> list[Finding]:
    """Return what may explain a message: a login that is refused is not refused for being needed."""
    is_login = pasted is not None and pasted.operation in LOGGING_IN
    return [each for each in found if not (is_login and each.code.startswith(("sso-token", "login-")))]


@dataclass(frozen=True, slots=True)
class ValueSource:
    """Where the value comes from that a message quotes.

    Attributes:
        value: the value.
        keys: the settings and variables that it may be of.
        option: the option or argument that gives it in the command or the program that was pasted, or None.
        settings: the settings that have it: the profile or sso-session, and the key of each.
        variables: the variables that have it.
    """

    value: str
    keys: tuple[str, ...]
    option: str | None
    settings: tuple[tuple[str, str], ...]
    variables: tuple[str, ...]

    @property
    def is_elsewhere(self) -> bool:
        """Whether it comes from no file that was read, and from no variable."""
        return self.option is not None or not (self.settings or self.variables)

    @property
    def words(self) -> str:
        """Where it does not come from, or that the command itself gives it, without a full stop."""
        if self.option is not None:
            return f"the command itself gives this value, with {self.option}"
        key, value = self.keys[0], inert(self.value)
        if key.isupper():
            return f"{key} is not '{value}' here"
        return f"no file that was read sets {key} to '{value}', and no variable here does"

    @property
    def cure(self) -> str:
        """Where to look for it."""
        if self.option is not None:
            return f"correct {self.option} in the command"
        given = _GIVEN.get(self.keys[0])
        return (
            f"look where the call is made: {f'{given}, ' if given else ''}the environment of another "
            "process, or the files of another user or container"
        )


_GIVEN = {"region": "`region_name=` in the code, `--region` in the command", "output": "`--output`"}
_OPTIONS = {"region": r"(--region)[ =]|(region_name)[\"']?\s*[=:]", "output": r"(--output)[ =]"}
"""How code and commands give what variables and files give as well; the message itself has no such sign."""


def value_source(snapshot: Snapshot, pasted: Pasted) -> ValueSource | None:
    """Return where the value comes from that a message quotes; None where it quotes none."""
    keys = set_by(pasted)
    if pasted.value is None or not keys:
        return None
    wanted = frozenset(key for key in keys if key.islower())
    known: dict[tuple[str, str], bool] = {}
    settings: dict[tuple[str, str], None] = {}
    for section, values in _sections(snapshot):
        for key in wanted.intersection(values):
            text = values[key]
            if isinstance(text, str):
                if (key, text) not in known:
                    known[key, text] = _is_quoted(pasted, text, client_checks.refused_by(key, text))
                if known[key, text]:
                    settings[section, key] = None
    environ = snapshot.host.environ
    variables = tuple(
        name
        for name in keys
        if name in environ
        and _is_quoted(pasted, environ[name], client_checks.variable_refused_by(name, environ[name]))
    )
    return ValueSource(pasted.value, keys, _option(keys[0], pasted), (*settings,), variables)


def _option(key: str, pasted: Pasted) -> str | None:
    """Return the option that gives the value, where the command or the code was pasted as well."""
    if key not in _OPTIONS or not pasted.value:
        return None
    found = re.search(rf"(?:{_OPTIONS[key]})\s*[\"']?{re.escape(pasted.value)}(?![\w-])", pasted.raw)
    return None if found is None else next(filter(None, found.groups()))


def _sections(snapshot: Snapshot) -> Iterator[tuple[str, Mapping[str, Value]]]:
    for name, report in snapshot.profiles.items():
        yield name, report.values
    for name in snapshot.merged.config.headers.sso_sessions:
        yield name, snapshot.merged.sso_session(name) or {}


def _is_quoted(pasted: Pasted, text: str, refusing: Mapping[Tool, PredictedError]) -> bool:
    """Whether a message quotes this value; some quote it in small letters, and a terminal breaks lines."""
    return text == pasted.value or any(pasted.has_said(fault.message) for fault in refusing.values())
