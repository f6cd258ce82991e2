"""The settings and variables that an error is about."""

from collections.abc import Iterable, Mapping

from rolecall.doctor.error_text.parse import Pasted
from rolecall.doctor.finding import Finding

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
}
"""Settings by the name that STS has for them in its refusals."""


def set_by(pasted: Pasted) -> tuple[str, ...]:
    """Return the settings and variables that a message is about."""
    named = [keys for word, keys in _PARAMETERS.items() if word in pasted.text.lower()]
    return (*(key for keys in named for key in keys), *SET_BY.get(pasted.code or "", ()))


def but_login(pasted: Pasted | None, found: Iterable[Finding]) -> list[Finding]:
    """Return what may explain a message: a login that is refused is not refused for being needed."""
    is_login = pasted is not None and pasted.operation in LOGGING_IN
    return [each for each in found if not (is_login and each.code.startswith(("sso-token", "login-")))]
