"""What the errors of AWS mean, and how to fix them."""

import re
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from rolecall import surroundings
from rolecall.aws import logins, write_access
from rolecall.aws.config_file import FileStatus
from rolecall.aws.identifiers import partition_of
from rolecall.aws.providers import Cause, Provider
from rolecall.messages import connection_errors, obstacles, tool_errors
from rolecall.messages.error_case import Case, Explanation
from rolecall.text import mask_access_key

_CLOCK = ("signature expired", "signature not yet current")
SCOPE = ("should be scoped to", "is wrong; expecting '", "incorrect service", "incorrect region")
"""What AWS says of a signature for another region or service (SigV4's credential scope)."""
_ASSUMING = ("AssumeRole", "AssumeRoleWithWebIdentity")


def unknown_error(case: Case) -> Explanation:
    """An error that is in no table: in its own words, or in those that the resolver predicted."""
    fault = case.report.effective.fault if case.report is not None else None
    if fault is not None and fault.error == case.kind and fault.message:
        return Explanation(f"{case.kind}: {fault.message}", "look at the profile's settings", "edit")
    return Explanation(case.words or case.kind)


def _expired(case: Case) -> Explanation:
    message = f"the credentials of {case.origin} have expired"
    if case.is_lasting and case.operation not in _ASSUMING:
        return _of_lasting_keys(case)
    match case.root.provider if case.root is not None else None:
        case Provider.ENV:
            return Explanation(message, "unset the variables, or export new credentials", "env")
        case Provider.SSO | Provider.LOGIN:
            return Explanation(message, _log_in(case), "login")
        case Provider.WEB_IDENTITY:
            return Explanation(
                f"the web identity token of {case.origin} has expired", "write a new token to its file"
            )
        case Provider.PROCESS:
            return Explanation(message, "check the program that supplies them")
        case Provider.SHARED_CREDENTIALS | Provider.CONFIG_FILE:
            return Explanation(message, f"put new keys into {case.origin}", "edit")
        case _ if case.has_role:
            return Explanation(message, "assume the role again", "assume")
        case _:
            return Explanation(message, "get new ones where these came from")


def _of_lasting_keys(case: Case) -> Explanation:
    """Long-term keys do not expire; a role that was assumed with them does."""
    if case.has_role:
        return Explanation(f"the role of {case.profile} has expired", "assume the role again", "assume")
    words = (
        f"the keys of {case.origin} are long-term keys, which do not expire: the call used other credentials"
    )
    return Explanation(words, "check which profile, or which variables, the command used")


_ALWAYS_ENABLED = frozenset(
    (
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-central-1"),
        *("eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "ap-south-1", "ap-southeast-1"),
        *("ap-southeast-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"),
    )
)
"""The regions that every account has; the others must be enabled (*Manage account* guide of AWS), and take
only session tokens of version 2 (*Managing AWS STS in an AWS Region*)."""


def _unknown_key(case: Case) -> Explanation:
    """A key that AWS does not know; the cure says what is odd about it."""
    root = case.root
    message = f"AWS does not know the access key of {case.origin}"
    everywhere = "the key may be deleted, of another partition, or not valid in this region"
    region = case.report.region if case.report is not None else None
    if region is not None and partition_of(region) == "aws" and region not in _ALWAYS_ENABLED:
        everywhere = (
            f"{region} must be enabled in the account, and session tokens of the global STS endpoint are "
            "not valid there: get them from a regional one (sts_regional_endpoints = regional); or the key "
            "may be deleted"
        )
    if root is None:
        return Explanation(message, everywhere)
    if root.provider == Provider.ENV:
        both = case.variable("AWS_SECURITY_TOKEN")
        hint = "AWS_SECURITY_TOKEN is set and overrides AWS_SESSION_TOKEN" if both else everywhere
        return Explanation(message, f"check the variables: {hint}", "env")
    key = str(root.settings.get("aws_access_key_id", ""))
    token = next(
        (name for name in ("aws_security_token", "aws_session_token") if root.settings.get(name)), None
    )
    shown = mask_access_key(key) if key else None
    named = f"{message} ({shown})" if shown else message
    if key.startswith("ASIA") and token is None:
        return Explanation(
            named, "it is temporary, and its session token is missing: put it beside the key", "edit"
        )
    if key.startswith("AKIA") and token is not None:
        return Explanation(
            named, f"it is a long-term key, so the {token} beside it is stale: remove the token", "edit"
        )
    return Explanation(named, everywhere, "edit")


def _signature(case: Case) -> Explanation:
    if case.has_said(*_CLOCK):
        return _clock(case)
    if case.has_said(*SCOPE):
        return _scope(case)
    cure = "enter it again: no quotes, no comment after it, nothing cut off"
    command = "env" if case.root is not None and case.root.provider == Provider.ENV else "edit"
    return Explanation(f"the secret access key of {case.origin} is wrong", cure, command)


def _malformed(case: Case) -> Explanation:
    if case.has_said(*SCOPE):
        return _scope(case)
    cure = "check the access key id and the region: one is empty, or has a sign that does not belong there"
    return Explanation(case.words, cure, "edit")


def _no_host(case: Case) -> Explanation:
    """Nothing is sent: the region or a URL makes no name of a host."""
    return Explanation(
        f"the region, or a URL, makes no name of a host: {case.words}",
        "look for an empty value, a line end or a sign that does not belong there in region, AWS_REGION, "
        "AWS_DEFAULT_REGION and endpoint_url",
        "edit",
    )


def _scope(case: Case) -> Explanation:
    """The signature is for a region or a service, and the endpoint belongs to another."""
    what = "service" if case.has_said("scoped to correct service", "incorrect service") else "region"
    places = "" if what == "service" else ", `region`, AWS_REGION"
    return Explanation(
        f"the call was signed for another {what} than that of the endpoint which it went to: {case.words}",
        f"check the {what} in the call{places} and endpoint_url",
    )


def _clock(case: Case) -> Explanation:
    return Explanation(
        f"this machine's clock is off by more than AWS allows: {case.words}",
        surroundings.set_clock(case.snapshot.host),
    )


def _denied(case: Case) -> Explanation:
    if case.has_said("multifactorauthentication failed"):
        if case.has_said("serial"):
            return Explanation(
                f"the MFA device does not belong to {case.source}: {case.words}", "correct mfa_serial", "edit"
            )
        return Explanation(f"the MFA code was not accepted: {case.words}", "enter the next code", "assume")
    if case.operation in _ASSUMING:
        return Explanation(f"{case.source} may not assume the role: {case.words}", _trust(case), "edit")
    if case.operation == "GetRoleCredentials":
        return Explanation(
            f"this login has no such role in the account: {case.words}", "check account and role", "edit"
        )
    return Explanation(f"AWS refuses: {case.words}", "ask who may grant it")


def _trust(case: Case) -> str:
    """What to check where a role may not be assumed."""
    values = case.report.values if case.report is not None else {}
    missing = [name for name in ("external_id", "mfa_serial") if name not in values]
    also = f"; it may require {' or '.join(missing)}, which this profile does not set" if missing else ""
    return (
        f"check the role's name, whether its trust policy allows {case.source}, and whether that may call "
        f"sts:AssumeRole{also}"
    )


def _validation(case: Case) -> Explanation:
    if case.has_said("1 hour session limit", "role chaining"):
        message = "a role that is assumed with another role's credentials lasts one hour at most"
        return Explanation(message, "assume it for 3600 seconds, or set duration_seconds = 3600", "edit")
    if case.has_said("maxsessionduration"):
        message = "duration_seconds is longer than the role allows"
        return Explanation(
            message, "lower duration_seconds, or have the role's maximum session duration raised", "edit"
        )
    return _setting(case)


def _setting(case: Case) -> Explanation:
    return Explanation(f"AWS does not accept a setting: {' '.join(case.words.split())}", "correct it", "edit")


def _throttled(case: Case) -> Explanation:
    return Explanation(f"AWS limits the rate of calls: {case.words}", "try again in a minute")


def _trouble(case: Case) -> Explanation:
    return Explanation(f"AWS has an internal problem: {case.words}", "try again in a minute")


def _login(case: Case) -> Explanation:
    if case.report is not None and logins.login_of(case.report, case.snapshot) is None:
        words = f"{case.profile} has no login that could have expired: another profile made the call"
        return Explanation(f"{words} ({case.words})", "name that profile, or log in with it")
    return Explanation(f"{case.origin} needs a login: {case.words}", _log_in(case), "login")


def _log_in(case: Case) -> str:
    place = logins.login_of(case.report, case.snapshot) if case.report is not None else None
    return f"log in to {place[1]}" if place is not None else "log in"


def _edit(case: Case) -> Explanation:
    return Explanation(case.words, "correct the profile's settings", "edit")


def _loop(case: Case) -> Explanation:
    """A profile may be its own source for botocore (``_has_static_credentials``), not for the Java SDK."""
    if case.report is not None and case.report.values.get("source_profile") == case.profile:
        return Explanation(
            f"{case.profile} names itself as source_profile: the AWS CLI and boto3 then use the keys beside "
            "it, but other SDKs refuse that",
            "put the keys into a profile of another name, and name that as source_profile",
            "edit",
        )
    return _edit(case)


def _partial(case: Case) -> Explanation:
    return Explanation(case.words, "complete the pair, in one file", "edit")


def _no_profile(case: Case) -> Explanation:
    for file in case.snapshot.files:
        if file.status is FileStatus.UNREADABLE:
            message = f"there is no profile {case.profile}, because a file {file.error or 'cannot be read'}"
            is_plain = stat.S_ISREG(file.mode)
            cure = "make the file readable for yourself" if is_plain else "put a plain file in its place"
            return Explanation(message, cure, "reread", path=file.path)
    return Explanation(f"there is no profile {case.profile}", "read the files again", "reread")


def _unparseable(case: Case) -> Explanation:
    broken = case.snapshot.merged.broken_file
    if broken is None:
        return Explanation(case.words, "read the files again", "reread")
    message = f"the file cannot be parsed: {broken.error or case.words}"
    return Explanation(message, "correct that line", "edit", path=broken.path, line=broken.line)


def _not_retrieved(case: Case) -> Explanation:
    match case.root.provider if case.root is not None else None:
        case Provider.PROCESS:
            message = f"the credential_process of {case.origin} failed: {case.words}"
            return Explanation(message, "run it by hand to see why", "edit")
        case _ if case.has_said("custom-process"):
            return Explanation(case.words, "run the credential_process by hand to see why")
        case Provider.CONTAINER:
            return Explanation(
                f"the container gives no credentials: {case.words}", "check that this is the container"
            )
        case _:
            return Explanation(case.words, "check that its credential_source is available", "env")


def _no_region(_: Case) -> Explanation:
    return Explanation("no region is set", "set region in the profile", "edit")


def _no_credentials(case: Case) -> Explanation:
    here = surroundings.get_credentials(case.snapshot.host) if case.report is None else None
    message = f"{case.profile} gives no credentials"
    return (
        Explanation(message, here)
        if here
        else Explanation(message, "give it keys, a role or a login", "edit")
    )


_DAMAGES = (Cause.CACHE_DAMAGED, Cause.SSO_TOKEN_DAMAGED, Cause.LOGIN_DAMAGED)


def _corrupt(case: Case) -> Explanation:
    """A damaged cache file, of which botocore and the CLI give only the name."""
    fault = case.report.effective.fault if case.report is not None else None
    if fault is not None and fault.error == case.kind and fault.cause in _DAMAGES:
        return Explanation(f"a cache file is damaged: {case.kind}: {fault.message}", "delete it", "clear")
    return unknown_error(case)


def _still_expired(case: Case) -> Explanation:
    if case.variable("AWS_CREDENTIAL_EXPIRATION"):
        return Explanation("AWS_CREDENTIAL_EXPIRATION is past", "unset it, or export new credentials", "env")
    return Explanation("the new credentials had expired already", "check this machine's clock")


def _refused(case: Case) -> Explanation:
    return Explanation(case.words, "allow it to run when asked")


_PATH = re.compile(
    r"'(/[^'\n]{1,4000})'|(?:[Dd]enied|directory|exists|[Ff]ile system|open|mkdir):? \"?(/[^\s'\":]{1,4000})"
)


def _in_the_way(case: Case) -> Explanation | None:
    """Return what keeps the file in the message from being written; None where it is outside of the home."""
    host, found = case.snapshot.host, _PATH.search(case.message)
    path = Path(found[1] or found[2]) if found is not None else None
    if path is None or host.homeless is not None or host.home not in path.parents:
        return None
    directory = path.parent if path.suffix in (".json", ".tmp", ".db") else path
    obstacle = write_access.of_directory(host, directory)
    if obstacle is None:
        return None
    line = obstacles.line(host, obstacle)
    cure = f"{line[0]}: {line[1]}" if line is not None else obstacles.advice(host, obstacle)
    return Explanation(obstacles.in_the_way(host, obstacle), cure, path=obstacle.where)


def _unwritable(case: Case) -> Explanation:
    found = _in_the_way(case)
    if found is not None:
        return found
    return Explanation(case.words, "make the directory writable, and check whether the disk is full")


def _token_file(case: Case) -> Explanation:
    found = _in_the_way(case)
    if found is not None:
        return found
    return Explanation(
        f"a file that it needs cannot be read: {case.words}",
        "make the file readable, or correct its path",
        "edit",
    )


def _web_identity(case: Case) -> Explanation:
    return Explanation(
        f"AWS does not accept the web identity token: {case.words}", "write a new token to its file"
    )


def _region_off(case: Case) -> Explanation:
    return Explanation(case.words, "choose another region, or have it enabled in the account", "edit")


def _mfa_again(case: Case) -> Explanation:
    """boto3 keeps a role in memory, and asks for a code once a session (``_refresh`` of its credentials)."""
    message, cure = "a session asks for one MFA code only", "assume the role again"
    holder = next((hop.profile for hop in case.chain if "mfa_serial" in hop.settings), None)
    if holder is None:
        return Explanation(message, cure, "assume")
    shared = case.snapshot.host.command("process", "--install", holder)
    words = f"{cure}; or have every program of boto3 use the AWS CLI's cache, for one code: `{shared}`"
    return Explanation(message, words, "assume")


def _crt(case: Case) -> Explanation:
    return Explanation(case.words, 'install "botocore[crt]", or use AWS CLI v2')


def _header(case: Case) -> Explanation:
    """No header may have a line's end in it; the key is in one."""
    words = f"the access key of {case.origin} has a character that no request may have, such as a line's end"
    command = "env" if case.root is not None and case.root.provider == Provider.ENV else "edit"
    return Explanation(words, "set it anew without that character: `printf %s`, not `echo`", command)


def _login_again(case: Case) -> Explanation:
    return Explanation(
        f"the login took too long, or began too long ago: {case.words}", "log in again", "login"
    )


def _login_refused(case: Case) -> Explanation:
    """SSO's OIDC does not say which of the two it is (``StartDeviceAuthorization``)."""
    if case.operation not in ("StartDeviceAuthorization", "RegisterClient", "CreateToken"):
        return unknown_error(case)
    words = "SSO refuses the login: the start URL is not one of the region that sso_region names"
    cure = (
        "compare sso_start_url and sso_region with the AWS access portal: its URL, without what follows a #"
    )
    return Explanation(words, cure, "edit")


def _plugin(case: Case) -> Explanation:
    return Explanation(
        f"a plugin of the AWS CLI is not installed: {case.words}",
        "install it for this AWS CLI, or remove it from [plugins] in the config file",
    )


def _codec(case: Case) -> Explanation:
    return Explanation(case.words, "set the variable to an encoding such as UTF-8, or unset it")


def _no_json(case: Case) -> Explanation:
    words = f"what should be JSON is none: {case.words}"
    return Explanation(words, "run the credential_process by hand: it may print nothing but its JSON", "edit")


TABLE: Mapping[str, Callable[[Case], Explanation]] = {
    "ExpiredToken": _expired,
    "ExpiredTokenException": _expired,
    "InvalidClientTokenId": _unknown_key,
    "UnrecognizedClientException": _unknown_key,
    "SignatureDoesNotMatch": _signature,
    "IncompleteSignature": _signature,
    "IncompleteSignatureException": _signature,
    "MissingAuthenticationToken": _no_credentials,
    "MissingAuthenticationTokenException": _no_credentials,
    "InvalidAccessKeyId": _unknown_key,
    "InvalidToken": _unknown_key,
    "AuthFailure": _unknown_key,
    "UnauthorizedOperation": _denied,
    "SlowDown": _throttled,
    "InvalidSignatureException": _signature,
    "AuthorizationHeaderMalformed": _malformed,
    "RequestExpired": _clock,
    "RequestTimeTooSkewed": _clock,
    "RequestInTheFuture": _clock,
    "AccessDenied": _denied,
    "AccessDeniedException": _denied,
    "ForbiddenException": _denied,
    "ValidationError": _validation,
    "ParamValidationError": _setting,
    "Throttling": _throttled,
    "ThrottlingException": _throttled,
    "RequestLimitExceeded": _throttled,
    "TooManyRequestsException": _throttled,
    "ServiceUnavailable": _trouble,
    "InternalFailure": _trouble,
    "InternalServerException": _trouble,
    "TokenRefreshRequired": _login,
    "UnauthorizedException": _login,
    "UnauthorizedSSOTokenError": _login,
    "SSOTokenLoadError": _login,
    "TokenRetrievalError": _login,
    "LoginTokenLoadError": _login,
    "LoginRefreshRequired": _login,
    "LoginRefreshTokenExpired": _login,
    "LoginInsufficientPermissions": _login,
    "InfiniteLoopConfigError": _loop,
    "InvalidConfigError": _edit,
    "PartialCredentialsError": _partial,
    "ProfileNotFound": _no_profile,
    "ConfigParseError": _unparseable,
    "CredentialRetrievalError": _not_retrieved,
    "MetadataRetrievalError": _not_retrieved,
    "RefreshWithMFAUnsupportedError": _mfa_again,
    "MissingDependencyException": _crt,
    "RuntimeError": _still_expired,
    "NoCredentialsError": _no_credentials,
    "NoRegionError": _no_region,
    "InvalidRegionError": _edit,
    "RegionDisabledException": _region_off,
    "OptInRequired": _region_off,
    "IDPRejectedClaim": _web_identity,
    "InvalidIdentityToken": _web_identity,
    "IDPCommunicationError": _web_identity,
    "KeyError": _corrupt,
    "TypeError": _corrupt,
    "FileNotFoundError": _token_file,
    "PermissionError": _token_file,
    "IsADirectoryError": _token_file,
    "NotADirectoryError": _token_file,
    "JSONDecodeError": _no_json,
    "SSOError": _login,
    "PendingAuthorizationExpiredError": _login_again,
    "InvalidGrantException": _login,
    "InvalidRequestException": _login_refused,
    "InvalidClientException": _login_again,
    "ModuleNotFoundError": _plugin,
    "InvalidRetryModeError": _edit,
    "InvalidMaxRetryAttemptsError": _edit,
    "InvalidServicesError": _edit,
    "InvalidOutputError": _edit,
    "InvalidTimestampFormatError": _edit,
    "InvalidCodecError": _codec,
    "UnwritableError": _unwritable,
    "InvalidHeader": _header,
    "InvalidEndpoint": _no_host,
    "WebIdentityFile": _token_file,
    "Refused": _refused,
    "Unwritable": _unwritable,
    **connection_errors.TABLE,
    **tool_errors.TABLE,
}
"""What each error means, by its name."""


VAGUE = frozenset(("ClusterToken", "ClusterLogin", "RegistryLogin", "CodeCommit", "InvalidHeader"))
"""The words of rolecall's own among these that many faults lead to."""


def reason_for(kind: str) -> Callable[[Case], Explanation]:
    """Return what explains an error; a bare HTTP status comes from an answer that is not AWS's."""
    return TABLE.get(kind, connection_errors.not_aws if kind.isdigit() else unknown_error)
