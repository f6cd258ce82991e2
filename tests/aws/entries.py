"""What AWS tools write into the cache directories, made up."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha1, sha256

from tests.aws.cases import ARN
from tests.homes import NOW

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
Json = dict[str, object]


def stamp(moment: datetime) -> str:
    """Write a moment as CLI v1 does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def in_(delta: timedelta) -> str:
    """Write the moment that comes after some time."""
    return stamp(NOW + delta)


def without(content: Mapping[str, object], *names: str) -> Json:
    """Return the same content without some keys; ``a.b`` is a key one level down."""
    copy: Json = json.loads(json.dumps(content))
    for name in names:
        outer, _, inner = name.rpartition(".")
        part = copy[outer] if outer else copy
        assert isinstance(part, dict)
        del part[inner]
    return copy


def role_entry(end: object = None, *, name: str = "x") -> Json:
    """Return an assumed role's entry of ``cli/cache``; it ends in an hour if nothing else is said."""
    return {
        "Credentials": {
            "AccessKeyId": "ASIACACHEDEXAMPLE",
            "SecretAccessKey": "CANARY",
            "SessionToken": "CANARY",
            "Expiration": in_(HOUR) if end is None else end,
            "AccountId": "123456789012",
        },
        "AssumedRoleUser": {
            "AssumedRoleId": "AROAEXAMPLE:me",
            "Arn": f"arn:aws:sts::123456789012:assumed-role/{name}/me",
        },
    }


def sso_role_entry(end: object = None) -> Json:
    """Return an SSO role's entry of ``cli/cache``, as CLI v2 writes it."""
    return {"ProviderType": "sso", "Credentials": without(role_entry(end))["Credentials"]}


def sso_token(end: timedelta = HOUR, registration: timedelta | None = None) -> Json:
    """Return a token of ``sso/cache``; one that can be refreshed where a registration's end is given."""
    token: Json = {
        "startUrl": "https://corp.example/start",
        "region": "eu-west-1",
        "accessToken": "CANARY",
        "expiresAt": in_(end),
    }
    if registration is None:
        return token
    refresh = {"refreshToken": "CANARY", "clientId": "x", "clientSecret": "CANARY"}
    return token | refresh | {"registrationExpiresAt": in_(registration)}


def registration(end: timedelta = HOUR) -> Json:
    """Return a client's registration of ``sso/cache``."""
    return {
        "clientId": "x",
        "clientSecret": "CANARY",
        "expiresAt": in_(end),
        "scopes": ["sso:account:access"],
    }


def login_token(end: timedelta | str = 15 * MINUTE) -> Json:
    """Return a login's entry of ``login/cache``; its end as time left, or as it is written."""
    return {
        "accessToken": {
            "accessKeyId": "ASIALOGINEXAMPLE",
            "secretAccessKey": "CANARY",
            "sessionToken": "CANARY",
            "accountId": "123456789012",
            "expiresAt": end if isinstance(end, str) else in_(end),
        },
        "tokenType": "aws_sigv4",
        "clientId": "x",
        "refreshToken": "CANARY",
        "idToken": "CANARY",
        "dpopKey": "-----BEGIN CANARY-----\nMAZDQU5BUlk=\n",
    }


def jwt(payload: object) -> str:
    """Return a JSON web token that nobody has signed."""
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    parts = (b'{"alg":"none"}', data, b"CANARY")
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def role_file(name: str = "x", **more: object) -> str:
    """Return where the entry of a role made by ``cases.role`` stands, as ``make_home`` names caches."""
    arguments = {"RoleArn": f"{ARN}/{name}"} | more
    return f"cli/{_sha1(json.dumps(arguments, sort_keys=True))}.json"


def sso_file(name: str = "corp") -> str:
    """Return where a token stands, of a session or a start URL."""
    return f"sso/{_sha1(name)}.json"


def sso_role_file(**last: str) -> str:
    """Return where CLI v2 keeps an SSO role made by ``cases.SSO_ROLE``: ``sessionName=`` or ``startUrl=``."""
    arguments = {"accountId": "123456789012", "roleName": "admin"} | last
    return f"cli/{_sha1(json.dumps(arguments, sort_keys=True, separators=(',', ':')))}.json"


def login_file(session: str = "me") -> str:
    """Return where a login's entry stands."""
    return f"login/{sha256(session.encode()).hexdigest()}.json"


def _sha1(text: str) -> str:
    return sha1(text.encode()).hexdigest()  # noqa: S324 - AWS's choice of a name, no security
