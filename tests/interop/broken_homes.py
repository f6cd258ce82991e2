"""Homes on which ``aws`` fails, and the exception that each of them brings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.interop.texts import (
    BASE,
    DEPLOY_FILE,
    ENVIRONMENT_KEYS,
    LEGACY_SSO,
    OVER_BASE,
    ROLE,
    SSO,
    SSO_ROLE,
    SSO_SESSION,
    START_URL,
    cached_role,
    sso_token,
    sso_token_file,
)

METADATA = {
    "AWS_METADATA_SERVICE_TIMEOUT": "1",
    "AWS_METADATA_SERVICE_NUM_ATTEMPTS": "1",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT": "",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv4",
    "AWS_EC2_METADATA_V1_DISABLED": "true",
    "AWS_IMDS_USE_IPV6": "false",
}
"""All that botocore would look for in the profile before it finds keys in the environment."""
PAST = "2020-01-01T00:00:00Z"
HALF = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n"
IN_SESSION = f"{SSO_SESSION}[profile x]\n{SSO}"
OVER_ROLE = f"{OVER_BASE}[profile outer]\n{ROLE}role_session_name = outer\nsource_profile = x\n"
OVER_SSO = f"{SSO_SESSION}[profile sso]\n{SSO}[profile x]\n{ROLE}source_profile = sso\n"
SSO_IS_INCONSISTENT = f"{SSO_SESSION}[profile x]\n{SSO}sso_region = us-east-1\n"


@dataclass(frozen=True, slots=True)
class BrokenHome:
    """A home on which ``aws`` fails.

    Attributes:
        error: the class of the exception that ends it.
        config, credentials: the two files; empty for none.
        files: more files below ``~/.aws``.
        variables: what is set.
        profile: what ``--profile`` names; None where it is not given.
    """

    error: str
    config: str | bytes = ""
    credentials: str | bytes = ""
    files: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    profile: str | None = "x"


def _ambient(error: str, config: str | bytes = "", **variables: str) -> BrokenHome:
    return BrokenHome(error, config, variables=variables, profile=None)


def _cached(error: str, content: str) -> BrokenHome:
    return BrokenHome(error, OVER_BASE, files={DEPLOY_FILE: content})


def _sso(error: str, config: str, name: str, token: str) -> BrokenHome:
    return BrokenHome(error, config, files={sso_token_file(name): token})


CHOICE = {
    "AWS_PROFILE names nothing, beside keys": _ambient(
        "ProfileNotFound", BASE, AWS_PROFILE="nope", **ENVIRONMENT_KEYS
    ),
    "AWS_PROFILE names nothing, beside keys and all that is asked of it": _ambient(
        "ProfileNotFound", BASE, AWS_PROFILE="nope", **ENVIRONMENT_KEYS, **METADATA
    ),
    "AWS_PROFILE is empty": _ambient("ProfileNotFound", BASE, AWS_PROFILE=""),
    "AWS_PROFILE asks for a default that is not there": _ambient(
        "ProfileNotFound", BASE, AWS_PROFILE="default"
    ),
    "AWS_DEFAULT_PROFILE wins over AWS_PROFILE": _ambient(
        "ProfileNotFound", BASE, AWS_DEFAULT_PROFILE="nope", AWS_PROFILE="base"
    ),
    "the header lacks the word profile": _ambient("ProfileNotFound", "[x]\n", AWS_PROFILE="x"),
    "nothing at all": _ambient("NoCredentialsError"),
    "nothing in the profile": BrokenHome("NoCredentialsError", "[profile x]\nregion = eu-west-1\n"),
}

ROLES = {
    "a loop of two": BrokenHome(
        "InfiniteLoopConfigError",
        f"[profile x]\n{ROLE}source_profile = y\n[profile y]\n{ROLE}source_profile = x\n",
    ),
    "its own source, without keys": BrokenHome(
        "InfiniteLoopConfigError", f"[profile x]\n{ROLE}source_profile = x\n"
    ),
    "its own source, with SSO": BrokenHome(
        "InfiniteLoopConfigError", f"{SSO_SESSION}[profile x]\n{SSO}{ROLE}source_profile = x\n"
    ),
    "the source is missing": BrokenHome("InvalidConfigError", f"[profile x]\n{ROLE}source_profile = y\n"),
    "the source is empty": BrokenHome(
        "InvalidConfigError",
        f"[profile x]\n{ROLE}source_profile = y\n[profile y]\nregion = eu-west-1\n",
    ),
    "both kinds of source": BrokenHome("InvalidConfigError", f"{OVER_BASE}credential_source = Environment\n"),
    "neither kind of source": BrokenHome("PartialCredentialsError", f"[profile x]\n{ROLE}"),
    "credential_source in the wrong case": BrokenHome(
        "InvalidConfigError",
        f"[profile x]\n{ROLE}credential_source = environment\n",
        variables=ENVIRONMENT_KEYS,
    ),
    "credential_source without keys in the environment": BrokenHome(
        "CredentialRetrievalError", f"[profile x]\n{ROLE}credential_source = Environment\n"
    ),
    "credential_source without a container": BrokenHome(
        "CredentialRetrievalError", f"[profile x]\n{ROLE}credential_source = EcsContainer\n"
    ),
    "credential_source with the metadata turned off": BrokenHome(
        "CredentialRetrievalError", f"[profile x]\n{ROLE}credential_source = Ec2InstanceMetadata\n"
    ),
    "a web identity without a role": BrokenHome(
        "InvalidConfigError", "[profile x]\nweb_identity_token_file = /nowhere/token\n"
    ),
    "a web identity without its token": BrokenHome(
        "FileNotFoundError", f"[profile x]\n{ROLE}web_identity_token_file = /nowhere/token\n"
    ),
    "an empty role": BrokenHome(
        "ParamValidationError", f"{BASE}[profile x]\nrole_arn =\nsource_profile = base\n"
    ),
    "an empty external id": BrokenHome("ParamValidationError", f"{OVER_BASE}external_id =\n"),
    "a duration that is too short": BrokenHome("ParamValidationError", f"{OVER_BASE}duration_seconds = 60\n"),
    "a nested block for a duration": BrokenHome("TypeError", f"{OVER_BASE}duration_seconds =\n  hours = 1\n"),
}

KEYS_AND_VARIABLES = {
    "half a pair in credentials": BrokenHome("PartialCredentialsError", credentials=f"[x]\n{HALF}"),
    "half a pair in config": BrokenHome("PartialCredentialsError", f"[profile x]\n{HALF}"),
    "a pair split over the two files": BrokenHome(
        "PartialCredentialsError",
        "[profile x]\naws_secret_access_key = CANARY\n",
        f"[x]\n{HALF}",
    ),
    "half a pair in the environment": _ambient(
        "PartialCredentialsError", AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE"
    ),
    "the keys' end is past": _ambient("RuntimeError", AWS_CREDENTIAL_EXPIRATION=PAST, **ENVIRONMENT_KEYS),
    "the keys' end is no time": _ambient("ParserError", AWS_CREDENTIAL_EXPIRATION="soon", **ENVIRONMENT_KEYS),
    "the keys' end names no zone": _ambient(
        "TypeError", AWS_CREDENTIAL_EXPIRATION="2999-01-01T00:00:00", **ENVIRONMENT_KEYS
    ),
    "AWS_CREDENTIAL_FILE names nothing": _ambient("ConfigNotFound", AWS_CREDENTIAL_FILE="/nowhere/keys"),
    "half a pair in boto's file": BrokenHome(
        "PartialCredentialsError",
        files={"../.boto": f"[Credentials]\n{HALF}"},
        profile=None,
    ),
    "a timeout that is no number": _ambient(
        "ValueError", BASE, AWS_PROFILE="base", AWS_METADATA_SERVICE_TIMEOUT="soon"
    ),
}

SSO_HOMES = {
    "SSO without its account and session": BrokenHome(
        "InvalidConfigError", "[profile x]\nsso_role_name = Reader\n"
    ),
    "SSO with an unknown session": BrokenHome("InvalidConfigError", f"[profile x]\n{SSO}"),
    "SSO that its session contradicts": BrokenHome("InvalidConfigError", SSO_IS_INCONSISTENT),
    "SSO parts missing beside good keys": BrokenHome(
        "InvalidConfigError", f"{BASE}{SSO_ROLE}", profile="base"
    ),
    "no SSO token": BrokenHome("SSOTokenLoadError", IN_SESSION),
    "no SSO token, old form": BrokenHome("SSOTokenLoadError", f"[profile x]\n{LEGACY_SSO}"),
    "a past SSO token": _sso("TokenRetrievalError", IN_SESSION, "corp", sso_token(PAST)),
    "a past SSO token, old form": _sso(
        "UnauthorizedSSOTokenError", f"[profile x]\n{LEGACY_SSO}", START_URL, sso_token(PAST)
    ),
    "a past SSO token with a past registration": _sso(
        "TokenRetrievalError",
        IN_SESSION,
        "corp",
        sso_token(PAST, registration_expires_at=PAST),
    ),
    "an SSO token's file without the token": _sso(
        "SSOTokenLoadError", IN_SESSION, "corp", '{"expiresAt": "2999-01-01T00:00:00Z"}'
    ),
    "half an SSO token": _sso("KeyError", IN_SESSION, "corp", '{"startUrl": "htt'),
    "a role over SSO without a token": BrokenHome("SSOTokenLoadError", OVER_SSO),
    "a role over a past SSO token": _sso("TokenRetrievalError", OVER_SSO, "corp", sso_token(PAST)),
}

CACHED = {
    "not JSON": _cached("KeyError", "{"),
    "empty": _cached("KeyError", ""),
    "no object": _cached("TypeError", "[]"),
    "null": _cached("TypeError", "null"),
    "no Credentials": _cached("KeyError", "{}"),
    "no Expiration": _cached("KeyError", cached_role(Expiration=None)),
    "no secret": _cached("KeyError", cached_role(SecretAccessKey=None)),
    "an end without a zone": _cached("TypeError", cached_role(Expiration="2999-01-01T00:00:00")),
    "an end that is no time": _cached("ParserError", cached_role(Expiration="soon")),
    "not JSON, on the way to another role": BrokenHome(
        "KeyError", OVER_ROLE, files={DEPLOY_FILE: "{"}, profile="outer"
    ),
}

LOGIN = BrokenHome(
    "MissingDependencyException", "[profile x]\nlogin_session = arn:aws:iam::123456789012:user/me\n"
)

UNPARSEABLE: Mapping[str, bytes] = {
    "a section that stands twice": b"[profile x]\n[profile x]\n",
    "a bare key": b"[profile x]\nregion\n",
    "a byte order mark": b"\xef\xbb\xbf[profile x]\nregion = eu-west-1\n",
    "latin-1": b"[profile x]\nregion = \xe9\n",
    "a bare key in a nested block": b"[profile x]\ns3 =\n  max\n",
}
"""What stops botocore from reading a file, whichever of the two it is."""
