"""What errors mean: each is told in plain words, with what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rolecall.actions import worker_client
from rolecall.actions.errors import ActionFailed
from rolecall.aws.snapshot import Snapshot
from rolecall.messages import errors
from tests.conftest import HomeMaker, Taker
from tests.interop.texts import SSO, SSO_SESSION, sso_token_file

COMMANDS = {"assume", "login", "clear", "edit", "reread", "env"}
ARN = "role_arn = arn:aws:iam::123456789012:role/x\n"
LONG_TERM = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = CANARY\n"
TEMPORARY = "aws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = CANARY\n"
OVER_KEYS = f"[profile base]\n{LONG_TERM}[profile x]\n{ARN}source_profile = base\n"
BY_AWS_LOGIN = "[profile x]\nlogin_session = arn:aws:iam::123456789012:user/me\n"
OVER_SSO = f"{SSO_SESSION}[profile sso]\n{SSO}[profile x]\n{ARN}source_profile = sso\n"
OVER_ENVIRONMENT = f"[profile x]\n{ARN}credential_source = Environment\n"
OVER_PROCESS = f"[profile p]\ncredential_process = helper\n[profile x]\n{ARN}source_profile = p\n"
WEB = f"[profile x]\n{ARN}web_identity_token_file = /nowhere\n"
KEYS_HERE = {"AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "CANARY"}


def said(code: str, words: str, operation: str = "AssumeRole") -> str:
    """Return an error of AWS in the words in which botocore raises it."""
    return f"An error occurred ({code}) when calling the {operation} operation: {words}"


@dataclass(frozen=True, slots=True)
class Row:
    """An error at the profile ``x``, and words that must be in its message and in its cure."""

    kind: str
    words: str
    message: str
    cure: str
    command: str | None
    config: str = OVER_KEYS
    environ: Mapping[str, str] = field(default_factory=dict)
    operation: str | None = "AssumeRole"


MFA_FAILED = "MultiFactorAuthentication failed with invalid MFA one time pass code."
INVALID_TOKEN = "The security token included in the request is invalid."
SKEWED = "Signature expired: 20300101T000000Z is now earlier than 20300101T001500Z"
WITH_TOKEN = OVER_KEYS.replace("CANARY\n", "CANARY\naws_session_token = CANARY\n")
ROWS = {
    "expired keys in a file": Row(
        "ExpiredToken", "expired", "of base have expired", "new keys into base", "edit"
    ),
    "expired keys in the environment": Row(
        "ExpiredToken",
        "expired",
        "the environment's keys have expired",
        "unset",
        "env",
        OVER_ENVIRONMENT,
        KEYS_HERE,
    ),
    "expired SSO": Row(
        "ExpiredTokenException", "expired", "of sso have expired", "log in", "login", OVER_SSO
    ),
    "expired web identity": Row(
        "ExpiredTokenException", "expired", "web identity token of x", "new token", None, WEB
    ),
    "expired process": Row("ExpiredToken", "expired", "of p have expired", "program", None, OVER_PROCESS),
    "an unknown key": Row("InvalidClientTokenId", INVALID_TOKEN, "base (…MPLE)", "deleted", "edit"),
    "a temporary key without its token": Row(
        "UnrecognizedClientException",
        INVALID_TOKEN,
        "base",
        "its session token is missing",
        "edit",
        OVER_KEYS.replace("AKIA", "ASIA"),
    ),
    "a permanent key beside a token": Row(
        "InvalidClientTokenId",
        INVALID_TOKEN,
        "base",
        "aws_session_token beside it is stale",
        "edit",
        WITH_TOKEN,
    ),
    "an unknown key of the environment": Row(
        "InvalidClientTokenId",
        INVALID_TOKEN,
        "the environment's keys",
        "AWS_SECURITY_TOKEN is set and overrides",
        "env",
        OVER_ENVIRONMENT,
        {**KEYS_HERE, "AWS_SECURITY_TOKEN": "CANARY"},
    ),
    "a wrong secret": Row(
        "SignatureDoesNotMatch", "does not match", "secret access key of base", "quotes", "edit"
    ),
    "a wrong secret in the environment": Row(
        "SignatureDoesNotMatch",
        "does not match",
        "secret",
        "enter it again",
        "env",
        OVER_ENVIRONMENT,
        KEYS_HERE,
    ),
    "a signature that is past": Row("SignatureDoesNotMatch", SKEWED, "clock is off", "NTP", None),
    "a signature of the future": Row(
        "SignatureDoesNotMatch", "Signature not yet current: x", "clock is off", "NTP", None
    ),
    "a request that is past": Row("RequestExpired", "Request has expired.", "clock", "NTP", None),
    "a request too skewed": Row("RequestTimeTooSkewed", "too large", "clock", "NTP", None),
    "no permission": Row(
        "AccessDenied",
        "User: arn:aws:iam::1:user/me is not authorized to perform: sts:AssumeRole on resource: r",
        "base may not assume the role: User: arn:aws:iam::1:user/me is not authorized",
        "trust policy allows base",
        "edit",
    ),
    "no permission, no external id": Row(
        "AccessDenied", "no", "base may not", "it may require external_id or mfa_serial", "edit"
    ),
    "a wrong code": Row("AccessDenied", MFA_FAILED, "code was not accepted", "next code", "assume"),
    "a wrong device": Row(
        "AccessDenied",
        "MultiFactorAuthentication failed, unable to validate MFA code. Please verify your MFA serial number",
        "does not belong to base",
        "mfa_serial",
        "edit",
    ),
    "no such SSO role": Row(
        "ForbiddenException",
        "No access",
        "no such role",
        "account and role",
        "edit",
        OVER_SSO,
        {},
        "GetRoleCredentials",
    ),
    "another refusal": Row(
        "AccessDenied",
        "explicit deny",
        "AWS refuses: explicit deny",
        "grant",
        None,
        operation="GetCallerIdentity",
    ),
    "chained for too long": Row(
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        "one hour at most",
        "3600",
        "edit",
    ),
    "longer than the role allows": Row(
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        "longer than the role allows",
        "lower duration_seconds",
        "edit",
    ),
    "another validation": Row(
        "ValidationError", "1 validation error", "1 validation error", "correct", "edit"
    ),
    "a parameter": Row(
        "ParamValidationError",
        "Parameter validation failed:\nInvalid length for parameter RoleArn, value: 3",
        "failed: Invalid length for parameter RoleArn",
        "correct",
        "edit",
        operation=None,
    ),
    "too many calls": Row("Throttling", "Rate exceeded", "limits the rate of calls", "minute", None),
    "a token to refresh": Row(
        "TokenRefreshRequired", "refresh", "needs a login", "log in", "login", OVER_SSO
    ),
    "no SSO token": Row(
        "SSOTokenLoadError", "Token for corp does not exist", "sso needs a login", "log in", "login", OVER_SSO
    ),
    "a past SSO token": Row(
        "UnauthorizedSSOTokenError", "has expired", "sso needs", "log in", "login", OVER_SSO
    ),
    "no refresh": Row("TokenRetrievalError", "refresh failed", "sso needs", "log in", "login", OVER_SSO),
    "no login": Row(
        "LoginTokenLoadError", "reauthenticate", "x needs a login", "log in", "login", BY_AWS_LOGIN
    ),
    "a past login": Row(
        "LoginRefreshRequired", "expired", "x needs a login", "log in", "login", BY_AWS_LOGIN
    ),
    "a login of another profile": Row(
        "LoginRefreshRequired", "expired", "another profile made the call", "name that profile", None
    ),
    "a loop": Row("InfiniteLoopConfigError", "Infinite loop in x", "Infinite loop", "correct", "edit"),
    "no source": Row("InvalidConfigError", "does not exist.", "does not exist", "correct", "edit"),
    "half a pair": Row("PartialCredentialsError", "missing: x", "missing: x", "pair", "edit"),
    "a process that failed": Row(
        "CredentialRetrievalError", "exit", "credential_process of p failed", "by hand", "edit", OVER_PROCESS
    ),
    "no metadata": Row(
        "CredentialRetrievalError",
        "No credentials found in credential_source",
        "No credentials found",
        "credential_source",
        "env",
        f"[profile x]\n{ARN}credential_source = Ec2InstanceMetadata\n",
    ),
    "one code only": Row(
        "RefreshWithMFAUnsupportedError", "Cannot refresh", "one MFA code", "assume the role again", "assume"
    ),
    "one code only, and a role that asks for it": Row(
        "RefreshWithMFAUnsupportedError",
        "Cannot refresh",
        "one MFA code",
        "process --install x",
        "assume",
        f"{OVER_KEYS}mfa_serial = arn:aws:iam::111122223333:mfa/me\n",
    ),
    "no CRT": Row("MissingDependencyException", "Missing Dependency", "Missing", "botocore[crt]", None),
    "still expired": Row(
        "RuntimeError",
        "x",
        "AWS_CREDENTIAL_EXPIRATION is past",
        "unset",
        "env",
        environ={"AWS_CREDENTIAL_EXPIRATION": "x"},
    ),
    "nothing at all": Row(
        "NoCredentialsError", "Unable to locate credentials", "x gives no credentials", "keys", "edit"
    ),
    "no region": Row("NoRegionError", "You must specify a region.", "no region", "set region", "edit"),
    "a region that is off": Row("RegionDisabledException", "STS is not activated", "STS", "region", "edit"),
    "no network": Row(
        "EndpointConnectionError", "Could not connect", "does not answer", "check the network", None
    ),
    "another endpoint": Row(
        "EndpointConnectionError",
        "Could not connect",
        "does not answer",
        "AWS_ENDPOINT_URL_STS names an address",
        None,
        environ={"AWS_ENDPOINT_URL_STS": "http://x.invalid", "HTTPS_PROXY": "http://y.invalid"},
    ),
    "an endpoint in the profile": Row(
        "ConnectTimeoutError",
        "Connect timeout",
        "does not answer",
        "the profile's endpoint_url",
        None,
        f"{OVER_KEYS}endpoint_url = http://x.invalid\n",
    ),
    "a wrong region": Row(
        "EndpointConnectionError",
        "Could not connect",
        "does not answer",
        "whether eu-wst-1 is a region",
        None,
        f"{OVER_KEYS}region = eu-wst-1\n",
    ),
    "behind a proxy": Row(
        "ReadTimeoutError",
        "Read timeout",
        "does not answer",
        "the proxy that https_proxy names",
        None,
        environ={"https_proxy": "http://x.invalid"},
    ),
    "the proxy itself": Row(
        "ProxyConnectionError",
        "Failed",
        "the proxy does not",
        "HTTPS_PROXY",
        None,
        environ={"HTTPS_PROXY": "http://x"},
    ),
    "a bundle of certificates": Row(
        "SSLError", "self-signed", "not trusted", "AWS_CA_BUNDLE holds", None, environ={"AWS_CA_BUNDLE": "/x"}
    ),
    "no bundle of certificates": Row("SSLError", "self-signed", "not trusted", "set AWS_CA_BUNDLE", None),
    "a login page of a hotel": Row(
        "ResponseParserError",
        "at botocore/parsers.py:550",
        "not seem to be AWS",
        "network",
        None,
        operation=None,
    ),
    "trouble at AWS": Row("ServiceUnavailable", "try later", "internal problem", "minute", None),
    "no answer": Row(
        "Timeout", "no answer within 9 s (assuming x)", "within 9 s", "network", None, operation=None
    ),
    "no file of a token": Row(
        "FileNotFoundError", "'/nowhere'", "/nowhere", "path", "edit", WEB, operation=None
    ),
    "a token that is refused": Row(
        "InvalidIdentityToken", "bad", "web identity token", "new token", None, WEB
    ),
    "a program that may not run": Row(
        "Refused", "was not allowed to run", "not allowed to run", "allow it to run", None, operation=None
    ),
}


def of_tool(kind: str, words: str, message: str, cure: str, command: str | None = None) -> Row:
    """Return a row of an error that another tool words."""
    return Row(kind, words, message, cure, command, operation=None)


ROWS |= {
    "a tool without its settings": of_tool(
        "ToolConfig", "no region", "lacks something: no region", "configure"
    ),
    "a certificate's helper": of_tool(
        "SigningHelper", "no key", "could not sign: no key", "Anywhere", "edit"
    ),
    "a variable that a tool sets": of_tool(
        "VariableConflict", "'AWS_VAULT' is set", "while AWS_VAULT is set", "unset AWS_VAULT", "env"
    ),
    "a tool without a device": of_tool("MfaSerialMissing", "none", "no MFA device", "aws_mfa_device", "edit"),
    "a code that is none": of_tool("MfaCode", "abc", "the MFA code is none: abc", "six digits"),
    "a helper of another version": of_tool(
        "ExecVersion", "v1alpha1", "different versions", "update-kubeconfig"
    ),
    "no JSON": of_tool("JSONDecodeError", "Expecting value", "should be JSON", "by hand", "edit"),
    "a line's end in a key": of_tool("InvalidHeader", "bad", "access key of base", "printf", "edit"),
    "a cluster's helper": of_tool("ClusterToken", "exit code 255", "no token", "aws eks get-token"),
    "a cluster": of_tool("ClusterLogin", "Unauthorized", "identity of base", "access entry"),
    "a registry": of_tool(
        "RegistryLogin",
        "https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/: no basic auth credentials",
        "no login at this registry",
        "--region eu-west-1 --profile x | docker login --username AWS --password-stdin 111122223333.dkr.ecr",
    ),
    "a registry's helper": of_tool("RegistryHelper", "not implemented", "credential helper", "credsStore"),
    "a helper that is missing": of_tool("HelperMissing", "aws not found", "not found", "PATH"),
    "another account": of_tool("OtherAccount", "not yours", "another account", "of that account"),
    "an empty vault": of_tool("VaultEmpty", "credentials missing", "nothing for x", "aws-vault add"),
    "a shell of a vault": of_tool(
        "VaultNested",
        "nested with care",
        "does not start in a shell that it has started",
        "unset AWS_VAULT",
        "env",
    ),
    "no such role of SAML": of_tool("SamlRole", "no accounts", "no such role", "administrator"),
    "an identity provider": of_tool("IdentityProvider", "400", "refuses the login", "own command"),
    "a repository": of_tool("CodeCommit", "403", "CodeCommit refuses", "credential.helper"),
    "a file that is insisted on": of_tool("ConfigFileMissing", "ENOENT", "not there", "empty one"),
    "a login that took too long": of_tool(
        "PendingAuthorizationExpiredError", "has expired", "took too long", "log in again", "login"
    ),
    "a plugin": of_tool("ModuleNotFoundError", "No module named 'x'", "plugin", "[plugins]"),
    "a signature for another region": Row(
        "SignatureDoesNotMatch",
        "Credential should be scoped to a valid region.",
        "signed for another region",
        "endpoint_url",
        None,
    ),
    "a signature for another service": Row(
        "InvalidSignatureException",
        "Credential should be scoped to correct service: 's3'.",
        "signed for another service",
        "endpoint_url",
        None,
    ),
    "a region that makes no host": Row(
        "InvalidEndpoint", "Invalid endpoint: https://sts..x", "no name of a host", "a line end", "edit"
    ),
    "a header without its parts": Row(
        "AuthorizationHeaderMalformed",
        "the Credential is mal-formed",
        "mal-formed",
        "the access key id and the region",
        "edit",
    ),
    "an encoding": of_tool("InvalidCodecError", "Unknown codec `x`", "Unknown codec", "UTF-8"),
    "a start URL of another region": Row(
        "InvalidRequestException",
        "",
        "SSO refuses the login",
        "sso_start_url and sso_region",
        "edit",
        operation="StartDeviceAuthorization",
    ),
    "its own source": Row(
        "InfiniteLoopConfigError",
        "Circular relationship detected with profiles [x]",
        "names itself",
        "another name",
        "edit",
        f"[profile x]\n{LONG_TERM}{ARN}source_profile = x\n",
        operation=None,
    ),
}


def explained(take: Taker, row: Row) -> ActionFailed:
    snapshot = take(config=row.config, environ=row.environ)
    words = row.words if row.operation is None else said(row.kind, row.words, row.operation)
    return worker_client.failure(row.kind, words, snapshot, "x")


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_it_is_told_what_happened_and_what_to_do(take: Taker, row: Row) -> None:
    failed = explained(take, row)
    assert failed.kind == row.kind
    assert row.message in failed.message
    assert failed.cure is not None
    assert row.cure in failed.cure
    assert failed.command == row.command
    assert failed.command in {*COMMANDS, None}
    assert "An error occurred" not in failed.message
    assert "CANARY" not in repr(vars(failed))


def test_each_error_of_the_table_has_a_case_here_or_a_namesake() -> None:
    # one case for each function that explains
    cases = {errors.TABLE[row.kind] for row in ROWS.values()}
    elsewhere = {
        errors.TABLE[kind] for kind in ("ProfileNotFound", "ConfigParseError", "KeyError", "Unwritable")
    }
    assert set(errors.TABLE.values()) == cases | elsewhere


def test_a_file_that_does_not_parse_is_shown_at_its_line(take: Taker) -> None:
    snapshot = take(config="[profile x]\nregion\n")
    failed = worker_client.failure("ConfigParseError", "Unable to parse config file: /c", snapshot, "x")
    assert (failed.path, failed.line) == (snapshot.where.config, 2)
    assert (failed.command, "cannot be parsed" in failed.message) == ("edit", True)


def test_a_profile_that_is_gone_is_looked_for_again(take: Taker) -> None:
    failed = worker_client.failure(
        "ProfileNotFound", "The config profile (x) could not be found", take(), "x"
    )
    assert (failed.message, failed.command) == ("there is no profile x", "reread")


def test_what_is_no_file_is_why_a_profile_is_not_found(take: Taker) -> None:
    snapshot = take(files={".aws/config/": ""})
    failed = worker_client.failure(
        "ProfileNotFound", "The config profile (x) could not be found", snapshot, "x"
    )
    assert failed.path == snapshot.where.config
    assert failed.cure == "put a plain file in its place"


@pytest.mark.ordinary_user
def test_a_file_that_may_not_be_read_is_why_a_profile_is_not_found(make_home: HomeMaker) -> None:
    host = make_home(config="[profile x]\n")
    (Path(host.environ["HOME"]) / ".aws/config").chmod(0)
    snapshot = Snapshot.take(host)
    failed = worker_client.failure(
        "ProfileNotFound", "The config profile (x) could not be found", snapshot, "x"
    )
    assert (failed.path, failed.cure) == (snapshot.where.config, "make the file readable for yourself")


def test_a_damaged_cache_file_is_told_as_it_was_foreseen(take: Taker) -> None:
    # GIVEN an SSO token that is no JSON, over which botocore says nothing but its name
    snapshot = take(
        config=f"{SSO_SESSION}[profile x]\n{SSO}",
        files={f".aws/{sso_token_file('corp')}": "{"},
    )
    failed = worker_client.failure("KeyError", "KeyError at botocore/utils.py:1", snapshot, "x")
    name = sso_token_file("corp").rpartition("/")[2].removesuffix(".json")
    assert failed.message == f"a cache file is damaged: KeyError: '{name}'"
    assert (failed.cure, failed.command) == ("delete it", "clear")


def test_an_unknown_error_is_told_in_its_own_words_without_secrets(take: Taker) -> None:
    words = said("Odd", "so it is: aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY.")
    failed = worker_client.failure("Odd", words, take(config=OVER_KEYS), "x")
    assert failed.message == "so it is: aws_secret_access_key = ••••"
    assert (failed.cure, failed.command) == (None, None)


def test_a_bare_status_is_no_answer_of_aws(take: Taker) -> None:
    failed = worker_client.failure("502", said("502", "Bad Gateway"), take(config=OVER_KEYS), "x")
    assert failed.message == "what answers does not seem to be AWS (Bad Gateway)"
    assert failed.cure


def test_an_error_without_words_is_told_by_its_name(take: Taker) -> None:
    assert worker_client.failure("Odd", "", take(config=OVER_KEYS), "x").message == "Odd"
