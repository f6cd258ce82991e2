"""The AWS variables: what each does, which tools read it, and how it is set in this environment."""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from rolecall.aws import timestamps
from rolecall.aws.client_checks import variable_refused_by
from rolecall.aws.neighbours import MARKS, PROFILE_MARKS, owner_of_variable
from rolecall.aws.profile_report import DefaultSession
from rolecall.aws.profiles import Profiles
from rolecall.aws.provider_checks import (
    END_VARIABLE,
    METADATA_VARIABLES,
    check_metadata_settings,
    container_is_set,
    environment_fault,
)
from rolecall.aws.providers import Cause, PredictedErrorRaised, Provider, Tool
from rolecall.host import Host
from rolecall.text import ago, shown_value
from rolecall.values import dataclass


class Reader(StrEnum):
    """The tools that read a variable."""

    ALL = "all"
    CLI = "cli"
    NOT_V2 = "not v2"
    V2 = "v2"
    NOBODY = "nobody"


_ALL, _CLI, _NOT_V2, _V2, _NOBODY = Reader.ALL, Reader.CLI, Reader.NOT_V2, Reader.V2, Reader.NOBODY

CATALOGUE: dict[str, tuple[Reader, str]] = {
    "AWS_PROFILE": (_ALL, "The profile for every command that names none"),
    "AWS_DEFAULT_PROFILE": (_ALL, "The profile for every command that names none"),
    "AWS_ACCESS_KEY_ID": (_ALL, "The keys for every command that names no profile"),
    "AWS_SECRET_ACCESS_KEY": (_ALL, "Signs with AWS_ACCESS_KEY_ID"),
    "AWS_SESSION_TOKEN": (_ALL, "Goes with AWS_ACCESS_KEY_ID"),
    "AWS_SECURITY_TOKEN": (_ALL, "Goes with AWS_ACCESS_KEY_ID"),
    "AWS_CREDENTIAL_EXPIRATION": (_ALL, "When the keys expire"),
    "AWS_SESSION_EXPIRATION": (_NOBODY, "When the keys expire; botocore ignores it"),
    "AWSUME_EXPIRATION": (_NOBODY, "When the keys expire; botocore ignores it"),
    "AWS_ACCOUNT_ID": (_ALL, "The account of the keys in the environment"),
    "AWS_REGION": (_ALL, "The region, for CLI v2"),
    "AWS_DEFAULT_REGION": (_ALL, "The region"),
    "AWS_CONFIG_FILE": (_ALL, "Read instead of ~/.aws/config"),
    "AWS_SHARED_CREDENTIALS_FILE": (_ALL, "Read instead of ~/.aws/credentials"),
    "AWS_LOGIN_CACHE_DIRECTORY": (_ALL, "Where aws login keeps its credentials"),
    "AWS_WEB_IDENTITY_TOKEN_FILE": (_ALL, "A role by web identity"),
    "AWS_ROLE_ARN": (_ALL, "The role for the web identity"),
    "AWS_ROLE_SESSION_NAME": (_ALL, "The session's name for the web identity"),
    "AWS_CREDENTIAL_FILE": (_ALL, "A file of keys in the form of the old EC2 tools, read after the profile"),
    "BOTO_CONFIG": (_ALL, "A file in boto 2's form, read after the profile"),
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": (_ALL, "Credentials from the container's endpoint"),
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": (_ALL, "Credentials from the container's endpoint"),
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": (_ALL, "Authorises at the container's endpoint"),
    "AWS_CONTAINER_AUTHORIZATION_TOKEN": (_ALL, "Authorises at the container's endpoint"),
    "AWS_EC2_METADATA_DISABLED": (_ALL, "Turns the instance metadata service off when true"),
    "AWS_EC2_METADATA_SERVICE_ENDPOINT": (_ALL, "The endpoint of the instance metadata service"),
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": (_ALL, "IPv4 or IPv6 for the instance metadata service"),
    "AWS_EC2_METADATA_V1_DISABLED": (_ALL, "Refuses version 1 of the instance metadata service"),
    "AWS_IMDS_USE_IPV6": (_ALL, "IPv6 for the instance metadata service"),
    "AWS_METADATA_SERVICE_TIMEOUT": (_ALL, "Seconds to wait for the instance metadata service"),
    "AWS_METADATA_SERVICE_NUM_ATTEMPTS": (_ALL, "Tries at the instance metadata service"),
    "AWS_ENDPOINT_URL": (_ALL, "The endpoint of every service, STS included"),
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": (
        _ALL,
        "Turns off the endpoint URLs in variables and files when true",
    ),
    "AWS_USE_FIPS_ENDPOINT": (_ALL, "FIPS endpoints when true"),
    "AWS_USE_DUALSTACK_ENDPOINT": (_ALL, "IPv6 endpoints when true"),
    "AWS_STS_REGIONAL_ENDPOINTS": (_NOT_V2, "Regional or legacy endpoint of STS"),
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": (_ALL, "Whether endpoints carry the account id"),
    "AWS_DEFAULTS_MODE": (_NOT_V2, "The set of defaults for time-outs and retries"),
    "AWS_CA_BUNDLE": (_ALL, "The file with trusted certificates"),
    "REQUESTS_CA_BUNDLE": (_ALL, "The file with trusted certificates, if AWS_CA_BUNDLE is not set"),
    "HTTPS_PROXY": (_ALL, "Calls to AWS go through it"),
    "https_proxy": (_ALL, "Calls to AWS go through it"),
    "HTTP_PROXY": (_ALL, "Calls by plain HTTP, as to metadata services, go through it"),
    "http_proxy": (_ALL, "Calls by plain HTTP, as to metadata services, go through it"),
    "NO_PROXY": (_ALL, "Hosts that are called without the proxy"),
    "no_proxy": (_ALL, "Hosts that are called without the proxy"),
    "AWS_MAX_ATTEMPTS": (_ALL, "Tries at each call"),
    "AWS_RETRY_MODE": (_ALL, "How calls are retried"),
    "AWS_EXECUTION_ENV": (_ALL, "Named in the user agent"),
    "AWS_SDK_UA_APP_ID": (_ALL, "Named in the user agent"),
    "AWS_AUTH_SCHEME_PREFERENCE": (_ALL, "Which signing method is preferred"),
    "AWS_SIGV4A_SIGNING_REGION_SET": (_ALL, "The regions for which SigV4a signs"),
    "AWS_ENDPOINT_DISCOVERY_ENABLED": (_ALL, "Whether a service is asked for its endpoints"),
    "AWS_DISABLE_HOST_PREFIX_INJECTION": (_ALL, "Leaves host names as they are when true"),
    "AWS_DISABLE_REQUEST_COMPRESSION": (_ALL, "Sends requests uncompressed when true"),
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": (_ALL, "The size in bytes from which requests are compressed"),
    "AWS_REQUEST_CHECKSUM_CALCULATION": (_ALL, "When a request has a checksum"),
    "AWS_RESPONSE_CHECKSUM_VALIDATION": (_ALL, "When the checksum of a response is checked"),
    "AWS_S3_DISABLE_EXPRESS_SESSION_AUTH": (_ALL, "Turns session tokens of S3 Express off when true"),
    "AWS_S3_USE_ARN_REGION": (_ALL, "Whether the region in a bucket's ARN is used"),
    "AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS": (_ALL, "Whether multi-region access points are refused"),
    "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT": (_NOT_V2, "Which endpoint of S3 is called in us-east-1"),
    "AWS_NEW_RETRIES_2026": (_V2, "The new way of retries when true"),
    "AWS_CLI_S3_MV_VALIDATE_SAME_S3_PATHS": (_CLI, "Whether `aws s3 mv` looks where both paths lead"),
    "AWS_CSM_ENABLED": (_ALL, "Client-side monitoring when true"),
    "AWS_CSM_HOST": (_ALL, "Where client-side monitoring is sent"),
    "AWS_CSM_PORT": (_ALL, "Where client-side monitoring is sent"),
    "AWS_CSM_CLIENT_ID": (_ALL, "Named in client-side monitoring"),
    "BOTOCORE_TCP_KEEPALIVE": (_ALL, "Keeps connections alive when true"),
    "AWS_DATA_PATH": (_ALL, "More directories in which botocore looks for its models"),
    "AWS_SDK_LOAD_CONFIG": (
        _NOBODY,
        "For the SDKs of Go and JavaScript; boto3 and the CLI always read config",
    ),
    "AWS_DEFAULT_OUTPUT": (_CLI, "The format of the output"),
    "AWS_PAGER": (_CLI, "The pager for the output"),
    "AWS_CLI_AUTO_PROMPT": (_CLI, "Prompts for arguments"),
    "AWS_CLI_ERROR_FORMAT": (_CLI, "The format of error messages"),
    "AWS_CLI_FILE_ENCODING": (_CLI, "How text files are decoded"),
    "AWS_CLI_OUTPUT_ENCODING": (_CLI, "How the output is encoded"),
    "AWS_CLI_HISTORY_FILE": (_CLI, "Where the history of commands is kept"),
}

_PREFIXES = (
    ("AWS_ENDPOINT_URL_", "The endpoint of one service, over AWS_ENDPOINT_URL and the files"),
    ("AWS_BEARER_TOKEN_", "A bearer token for one service, over the credentials"),
)


def describe(name: str) -> tuple[Reader, str]:
    """Return which tools read a variable and what it does."""
    if name in CATALOGUE:
        return CATALOGUE[name]
    for prefix, effect in _PREFIXES:
        if name.startswith(prefix):
            return Reader.ALL, effect
    if name in MARKS:
        return Reader.NOBODY, f"Set by {MARKS[name]} for prompts and itself; botocore ignores it"
    owner = owner_of_variable(name)
    if owner is not None:
        return Reader.NOBODY, f"A setting of {owner}; botocore and the AWS CLI ignore it"
    return Reader.NOBODY, "Not known to botocore or the AWS CLI"


def is_about_aws(name: str) -> bool:
    """Whether a variable of this name is one of AWS's, of botocore's, or of a related tool."""
    return (
        name in CATALOGUE
        or name in MARKS
        or name.upper().startswith("AWS_")
        or (owner_of_variable(name.upper()) is not None)
    )


def belongs_to_session(name: str) -> bool:
    """Whether to unset a variable in a shell that is to have no AWS session any more.

    A proxy serves other programs too, and another tool's settings (AWS_VAULT_BACKEND) are permanent.
    """
    if name in CATALOGUE:
        return name.startswith("AWS")
    return name in MARKS or (name.startswith("AWS_") and owner_of_variable(name) is None)


class VariableStatus(StrEnum):
    """How AWS tools use a variable."""

    USED = "used"
    SHADOWS = "shadows"
    SHADOWED = "shadowed"
    IGNORED_BY_BOTO3 = "ignored by boto3"
    IGNORED_BY_CLI = "ignored by the CLI"
    IGNORED = "ignored"
    HALF_A_PAIR = "half a pair"
    STALE = "stale"
    EMPTY = "empty"
    INVALID = "invalid"

    @property
    def is_conflict(self) -> bool:
        """Whether the user should look at it."""
        return self in (
            VariableStatus.SHADOWS,
            VariableStatus.SHADOWED,
            VariableStatus.HALF_A_PAIR,
            VariableStatus.STALE,
            VariableStatus.INVALID,
            VariableStatus.IGNORED_BY_BOTO3,
        )


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable that is set here, even to an empty string.

    Attributes:
        name: its name.
        value: its value; it may be a secret, so it is never shown as it is.
        verdict: how AWS tools use it.
        effect: what it does, in one sentence.
    """

    name: str
    value: str = field(repr=False)
    verdict: VariableStatus
    effect: str

    @property
    def shown(self) -> str:
        """The value as it may be shown."""
        return shown_value(self.name, self.value)


@dataclass(frozen=True, slots=True)
class VariableContext:
    """What a variable's status depends on."""

    host: Host
    profiles: Profiles
    default_session: Mapping[Tool, DefaultSession]
    now: datetime

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment variables."""
        return self.host.environ

    @property
    def has_keys(self) -> bool:
        """Whether the environment's keys can be used."""
        return bool(self.environ.get("AWS_ACCESS_KEY_ID"))

    @property
    def provider(self) -> str | None:
        """The provider that answers for boto3 here."""
        return self.default_session[Tool.BOTO3].resolution.provider


Judgement = tuple[VariableStatus, str]


def survey(
    host: Host, profiles: Profiles, default_session: Mapping[Tool, DefaultSession], now: datetime
) -> tuple[Variable, ...]:
    """Return every AWS variable that is set, those that choose credentials first."""
    context = VariableContext(host, profiles, default_session, now)
    known = [name for name in CATALOGUE if name in host.environ]
    others = sorted(
        name for name in host.environ if (name.startswith("AWS_") or name in MARKS) and name not in CATALOGUE
    )
    return tuple(Variable(name, host.environ[name], *_judge(name, context)) for name in (*known, *others))


def _judge(name: str, context: VariableContext) -> Judgement:
    special = _SPECIAL.get(name)
    if special is not None:
        return special(name, context)
    if not context.environ[name]:
        return _plain(name, context)
    return _missing_part(name, context) or _loser(name, context) or _plain(name, context)


def _plain(name: str, context: VariableContext) -> Judgement:
    """Judge a variable on its own."""
    reader, effect = describe(name)
    if reader is Reader.NOBODY:
        return VariableStatus.IGNORED, effect
    refused = _refused(name, context)
    if refused is not None:
        return refused
    if not context.environ[name]:
        return VariableStatus.EMPTY, f"set but empty; {effect[0].lower()}{effect[1:]}"
    if reader is Reader.CLI:
        return VariableStatus.USED, f"{effect} (the AWS CLI only)"
    if reader is Reader.NOT_V2:
        return VariableStatus.USED, f"{effect} (CLI v2 ignores it)"
    if reader is Reader.V2:
        return VariableStatus.USED, f"{effect} (CLI v2 only)"
    return VariableStatus.USED, effect


def _refused(name: str, context: VariableContext) -> Judgement | None:
    """Judge a variable with a value over which tools fail at every command."""
    refusing = variable_refused_by(name, context.environ[name])
    if not refusing:
        return None
    fault = next(iter(refusing.values()))
    of = "" if len(refusing) == len(Tool) else f" of {_listed(list(refusing))}"
    return VariableStatus.INVALID, f"every command{of} fails with {fault.error}: {fault.message}"


_WINNERS = {
    "REQUESTS_CA_BUNDLE": "AWS_CA_BUNDLE",
    "HTTPS_PROXY": "https_proxy",
    "HTTP_PROXY": "http_proxy",
    "NO_PROXY": "no_proxy",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN": "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
}
"""Variables that another one with the same meaning precedes."""


def _loser(name: str, context: VariableContext) -> Judgement | None:
    winner = _WINNERS.get(name)
    if winner is not None and context.environ.get(winner):
        return VariableStatus.SHADOWED, f"shadowed by {winner}, which is read first"
    ignores = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"
    if name.startswith("AWS_ENDPOINT_URL") and context.environ.get(ignores, "").lower() == "true":
        return VariableStatus.SHADOWED, f"shadowed by {ignores}"
    return None


def _missing_part(name: str, context: VariableContext) -> Judgement | None:
    """Judge a variable that belongs to another one, if that is not set."""
    if name == "AWS_ACCOUNT_ID" and not context.has_keys:
        return VariableStatus.IGNORED, "ignored: AWS_ACCESS_KEY_ID is not set"
    if name.startswith("AWS_CONTAINER_AUTHORIZATION_TOKEN") and not container_is_set(context.environ):
        return VariableStatus.IGNORED, "ignored: AWS_CONTAINER_CREDENTIALS_FULL_URI is not set"
    return None


_ELSEWHERE = (None, Provider.ENV, Provider.CONTAINER, Provider.IAM_ROLE)
"""The providers that give the session of such a tool, or a local server of it, to every command."""


def _mark(name: str, context: VariableContext) -> Judgement:
    """Judge a mark: a prompt may show another profile than commands use."""
    shown, here = context.environ[name], context.default_session[Tool.BOTO3]
    profile = here.profile or "default"
    uses_files = here.variable is not None or here.resolution.provider not in _ELSEWHERE
    if shown and uses_files and not context.has_keys and profile not in (shown, f"autoawsume-{shown}"):
        return VariableStatus.STALE, f"stale: prompts show {shown!r}, but commands use profile {profile!r}"
    return _plain(name, context)


def _metadata(name: str, context: VariableContext) -> Judgement:
    """Judge a setting of the metadata service, which every command checks before anything else."""
    try:
        check_metadata_settings({name: context.environ[name]}, dict)
    except PredictedErrorRaised as raised:
        return (
            VariableStatus.INVALID,
            f"every command fails with {raised.fault.error}: {raised.fault.message}",
        )
    return _plain(name, context)


def _file(name: str, context: VariableContext) -> Judgement:
    if not context.environ[name]:
        return VariableStatus.USED, "set but empty, which counts as set: no file is read instead"
    return _plain(name, context)


def _access_key(_: str, context: VariableContext) -> Judgement:
    if not context.has_keys:
        return VariableStatus.EMPTY, "set but empty, which counts as unset"
    if not context.environ.get("AWS_SECRET_ACCESS_KEY"):
        return VariableStatus.HALF_A_PAIR, (
            "half a pair: without AWS_SECRET_ACCESS_KEY every command that names no profile fails"
        )
    if context.provider != Provider.ENV:
        return VariableStatus.USED, "the keys for every command that names no profile"
    chooser = _choosers(context)
    if chooser:
        return (
            VariableStatus.SHADOWS,
            f"overrides {' and '.join(chooser)}: these keys are used, not the profile's",
        )
    return VariableStatus.USED, "the keys for every command that names no profile"


def _choosers(context: VariableContext) -> list[str]:
    return [name for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE") if context.environ.get(name)]


def _secret_key(_: str, context: VariableContext) -> Judgement:
    if not context.environ["AWS_SECRET_ACCESS_KEY"]:
        return VariableStatus.EMPTY, "set but empty, which counts as unset"
    if not context.has_keys:
        return VariableStatus.HALF_A_PAIR, "ignored: AWS_ACCESS_KEY_ID is not set"
    return VariableStatus.USED, "signs with AWS_ACCESS_KEY_ID"


def _session_token(name: str, context: VariableContext) -> Judgement:
    if not context.environ[name]:
        return VariableStatus.EMPTY, "set but empty, which counts as unset"
    if not context.has_keys:
        return VariableStatus.HALF_A_PAIR, "ignored: AWS_ACCESS_KEY_ID is not set"
    both = context.environ.get("AWS_SECURITY_TOKEN") and context.environ.get("AWS_SESSION_TOKEN")
    if name == "AWS_SESSION_TOKEN" and both:
        return VariableStatus.SHADOWED, "shadowed by AWS_SECURITY_TOKEN, which is read first"
    if context.environ["AWS_ACCESS_KEY_ID"].startswith("AKIA"):
        return (
            VariableStatus.STALE,
            "stale: AWS_ACCESS_KEY_ID is a long-term key, and AWS refuses it with a token",
        )
    if name == "AWS_SECURITY_TOKEN" and both:
        return VariableStatus.SHADOWS, "overrides AWS_SESSION_TOKEN"
    return VariableStatus.USED, "goes with AWS_ACCESS_KEY_ID"


def _expiration(name: str, context: VariableContext) -> Judgement:
    value = context.environ[name]
    if not value:
        return VariableStatus.EMPTY, "set but empty, which counts as unset"
    moment = timestamps.variable_expiry(context.host, name)
    counts = name == END_VARIABLE
    fault = environment_fault(context.host, context.now) if counts else None
    fails = "every command that names no profile fails"
    is_unreadable = fault is not None and fault.cause is Cause.ENVIRONMENT_END_UNREADABLE
    if fault is not None and is_unreadable and context.has_keys and moment is not None:
        return VariableStatus.INVALID, f"{fails} with {fault.error}: {fault.message}"
    if moment is None:
        is_read = fault is not None and not is_unreadable
        words = "not a date of expiry" if is_read else "not a time that botocore can read"
        return (
            VariableStatus.INVALID,
            f"{words}: {fails}" if counts and context.has_keys else "not a date of expiry",
        )
    if not context.has_keys:
        return VariableStatus.IGNORED, "ignored: AWS_ACCESS_KEY_ID is not set"
    if moment <= context.now:
        past = f"the keys expired {ago(context.now - moment)}"
        return VariableStatus.STALE, f"{past}: botocore refuses them" if counts else past
    words = "when the keys expire"
    return VariableStatus.USED, words if counts else f"{words}; botocore ignores it"


def _profile(name: str, context: VariableContext) -> Judgement:
    value = context.environ[name]
    readers = [tool for tool in Tool if context.default_session[tool].variable == name]
    is_everyone = len(readers) == len(Tool)
    if context.profiles.broken_file is None and value not in context.profiles.by_name:
        named = f"there is no profile {value!r}" if value else "set but empty, which is not a profile"
        whose = "every command" if is_everyone else f"every command of {_listed(readers)}"
        return VariableStatus.INVALID, f"{named}: {whose} that names none fails with ProfileNotFound"
    winner = _over_profiles(context)
    if winner is not None:
        words = f"shadowed by {winner}; only the region and other settings of the profile count"
        return VariableStatus.SHADOWED, words
    if not is_everyone:
        return VariableStatus.SHADOWED if readers == [Tool.CLI_V2] else VariableStatus.SHADOWS, (
            f"used by {_listed(readers)} only: not all tools read the same profile variable first"
        )
    return VariableStatus.USED, "the profile for every command that names none"


def _over_profiles(context: VariableContext) -> str | None:
    """Return the variable that chooses credentials before any profile does, or None."""
    if context.has_keys:
        return "AWS_ACCESS_KEY_ID"
    token_file = "AWS_WEB_IDENTITY_TOKEN_FILE"  # noqa: S105 - a variable's name
    if context.provider == Provider.WEB_IDENTITY and context.environ.get(token_file):
        return token_file
    return None


def _listed(tools: list[Tool]) -> str:
    return " and ".join(tool.label for tool in tools)


def _region(name: str, context: VariableContext) -> Judgement:
    refused = _refused(name, context)
    if refused is not None:
        return refused
    is_new = name == "AWS_REGION"
    if is_new:
        other = context.environ.get("AWS_DEFAULT_REGION")
        words = "CLI v2 uses it as the region; boto3 and CLI v1 ignore it"
        if other is not None and other != context.environ[name]:
            words += f" and use {other or 'nothing'} from AWS_DEFAULT_REGION"
        return VariableStatus.IGNORED_BY_BOTO3, words
    if not context.environ[name]:
        return VariableStatus.INVALID, "set but empty, which counts as set: no region"
    if "AWS_REGION" in context.environ:
        return VariableStatus.USED, "the region for boto3 and CLI v1; CLI v2 uses AWS_REGION"
    return VariableStatus.USED, "the region for all tools, over the profile's"


def _web_identity(name: str, context: VariableContext) -> Judgement:
    file = context.environ.get("AWS_WEB_IDENTITY_TOKEN_FILE")
    if not file and name != "AWS_WEB_IDENTITY_TOKEN_FILE" and context.provider != Provider.WEB_IDENTITY:
        return VariableStatus.IGNORED, "ignored: AWS_WEB_IDENTITY_TOKEN_FILE is not set"
    if not context.environ[name]:
        return VariableStatus.EMPTY, "set but empty, which turns off the profile's own value"
    if context.default_session[Tool.BOTO3].resolution.cause is Cause.WEB_IDENTITY_NO_ROLE:
        return VariableStatus.HALF_A_PAIR, "it has no role: AWS_ROLE_ARN is not set"
    if context.provider == Provider.WEB_IDENTITY:
        return VariableStatus.USED, "a role by web identity, for every command that names no profile"
    return VariableStatus.SHADOWED, f"shadowed: {context.provider or 'an error'} comes first"


def _container(name: str, context: VariableContext) -> Judgement:
    if context.provider == Provider.CONTAINER:
        relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
        if name != relative and relative in context.environ:
            return VariableStatus.SHADOWED, f"shadowed by {relative}"
        return VariableStatus.USED, "credentials come from the container's endpoint"
    return VariableStatus.SHADOWED, f"asked last: {context.provider or 'an error'} comes first"


_SPECIAL: Mapping[str, Callable[[str, VariableContext], Judgement]] = {
    "AWS_ACCESS_KEY_ID": _access_key,
    "AWS_SECRET_ACCESS_KEY": _secret_key,
    "AWS_SESSION_TOKEN": _session_token,
    "AWS_SECURITY_TOKEN": _session_token,
    "AWS_CREDENTIAL_EXPIRATION": _expiration,
    "AWS_SESSION_EXPIRATION": _expiration,
    "AWSUME_EXPIRATION": _expiration,
    "AWS_SSO_SESSION_EXPIRATION": _expiration,
    "AWS_PROFILE": _profile,
    "AWS_DEFAULT_PROFILE": _profile,
    "AWS_REGION": _region,
    "AWS_DEFAULT_REGION": _region,
    "AWS_WEB_IDENTITY_TOKEN_FILE": _web_identity,
    "AWS_ROLE_ARN": _web_identity,
    "AWS_ROLE_SESSION_NAME": _web_identity,
    "AWS_CONFIG_FILE": _file,
    "AWS_SHARED_CREDENTIALS_FILE": _file,
    **dict.fromkeys(METADATA_VARIABLES, _metadata),
    **dict.fromkeys(PROFILE_MARKS, _mark),
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": _container,
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": _container,
}
