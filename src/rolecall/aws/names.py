"""The names of cache files, predicted from a profile as botocore makes them."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha1, sha256

from rolecall.aws.config_file import Value


def role(settings: Mapping[str, Value]) -> str:
    """Return the stem of an assumed role's file in ``cli/cache`` (``AssumeRoleCredentialFetcher``).

    The source profile, the region and the profile's own name are not in it, so that two profiles may share
    one file. A session name that botocore makes up (none or empty given) is left out.
    """
    arguments: dict[str, object] = {"RoleArn": settings["role_arn"]}
    if settings.get("role_session_name"):
        arguments["RoleSessionName"] = settings["role_session_name"]
    if settings.get("external_id") is not None:
        arguments["ExternalId"] = settings["external_id"]
    if settings.get("mfa_serial") is not None:
        arguments["SerialNumber"] = settings["mfa_serial"]
    duration = duration_seconds(settings)
    if duration is not None:
        arguments["DurationSeconds"] = duration
    return _sha1(json.dumps(arguments, sort_keys=True))


def duration_seconds(settings: Mapping[str, Value]) -> int | None:
    """Return the duration that is sent to STS, in seconds; botocore passes over one that is no integer."""
    value = settings.get("duration_seconds")
    if not isinstance(value, str):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def web_identity(settings: Mapping[str, Value], token: str | None) -> tuple[str, ...]:
    """Return the possible stems of a web identity's file in ``cli/cache``, CLI v2's first.

    CLI v1 from 1.46 puts the token's text into the name; botocore and CLI v2 leave it out.
    """
    arguments: dict[str, object] = {"RoleArn": settings["role_arn"]}
    if settings.get("role_session_name"):
        arguments["RoleSessionName"] = settings["role_session_name"]
    plain = _sha1(json.dumps(arguments, sort_keys=True))
    if token is None:
        return (plain,)
    return (plain, _sha1(json.dumps(arguments | {"WebIdentityToken": token}, sort_keys=True)))


def sso_role(settings: Mapping[str, Value]) -> str:
    """Return the stem of an SSO role's file in ``cli/cache``, which CLI v2 alone writes."""
    arguments = {"roleName": settings["sso_role_name"], "accountId": settings["sso_account_id"]}
    if settings.get("sso_session"):
        arguments["sessionName"] = settings["sso_session"]
    else:
        arguments["startUrl"] = settings["sso_start_url"]
    return _sha1(json.dumps(arguments, sort_keys=True, separators=(",", ":")))


def sso_token(session_or_start_url: str) -> str:
    """Return the stem of a token's file in ``sso/cache`` (``SSOTokenLoader``)."""
    return _sha1(session_or_start_url)


def sso_registration(
    start_url: str, region: str, scopes: Sequence[str] | None, session_name: str | None
) -> str:
    """Return the stem of a client registration's file in ``sso/cache`` (``SSOTokenFetcher``)."""
    arguments = {
        "tool": "botocore",
        "startUrl": start_url,
        "region": region,
        "scopes": list(scopes) if scopes is not None else None,
        "session_name": session_name,
    }
    return _sha1(json.dumps(arguments, sort_keys=True))


def login(login_session: str) -> str:
    """Return the stem of a login's file in ``login/cache``."""
    return sha256(login_session.encode(errors="surrogatepass")).hexdigest()


def _sha1(text: str) -> str:
    return sha1(text.encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()
