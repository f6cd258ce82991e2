"""Made-up secrets that cannot be mistaken for real ones, and the user or role of each access key."""

import itertools
import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from rolecall.values import dataclass

SECRET_KEY = "k9Rm2vQ7/MeadowDemoOnly0XyT4+wLb8Zn1sH6d"  # noqa: S105 - nobody's
SESSION_TOKEN = "IQoJb3JpZ2luX2VjEXAMPLEmadeUpForTheDemoAndIssuedByNobodyEXAMPLETOKEN=="  # noqa: S105 - as it says
SSO_ACCESS_TOKEN = "aoaEXAMPLEmadeUpAccessTokenForTheDemo"  # noqa: S105 - as it says
SSO_REFRESH_TOKEN = "aorEXAMPLEmadeUpRefreshTokenForTheDemo"  # noqa: S105 - as it says
CLIENT_SECRET = "eyEXAMPLEmadeUpClientSecretForTheDemo"  # noqa: S105 - as it says
DPOP_KEY = "-----BEGIN EXAMPLE-----\nMAhFWEFNUExFIQ==\n-----END EXAMPLE-----"

SECRETS = (
    SECRET_KEY,
    SESSION_TOKEN,
    SSO_ACCESS_TOKEN,
    SSO_REFRESH_TOKEN,
    CLIENT_SECRET,
    DPOP_KEY,
)
"""All of the above: what must never be shown, not even in the demo. SSO tokens end with a name."""

_ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"


def access_key(tag: str) -> str:
    """Return the id of a temporary access key; the tag of three letters tells them apart."""
    return f"ASIAMEADOW{tag}EXAMPLE"


def sso_access_token(name: str) -> str:
    """Return the access token of an SSO login; the name tells them apart."""
    return f"{SSO_ACCESS_TOKEN}-{name}"


def sso_refresh_token(name: str) -> str:
    """Return what refreshes the token of that name."""
    return f"{SSO_REFRESH_TOKEN}-{name}"


def web_identity_token(expires: datetime) -> str:
    """Return a JWT as Kubernetes mounts it into a pod: good for a day, with no real signature."""
    claims = {
        "aud": ["sts.amazonaws.com"],
        "exp": int(expires.timestamp()),
        "iat": int((expires - timedelta(days=1)).timestamp()),
        "iss": _ISSUER,
        "sub": "system:serviceaccount:default:rowan-pod",
    }
    header = {"alg": "RS256", "kid": "EXAMPLE", "typ": "JWT"}
    parts = (json.dumps(header), json.dumps(claims), "EXAMPLE, signed by nobody")
    return ".".join(urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


ROWAN = "arn:aws:iam::123456789012:user/rowan"
CI = "arn:aws:iam::123456789012:user/ci"

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # access key ids are base32
_LEADING = "234567"  # the tags of the home are letters, so that a fresh one is never one of them


class Denied(Exception):  # noqa: N818 - it says what happened
    """The made-up AWS refuses.

    Attributes:
        code: AWS's name for it: ``AccessDenied``.
        message: AWS's words.
        status: the HTTP status that goes with it.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True, slots=True)
class Caller:
    """The user or role of an access key.

    Attributes:
        arn: as GetCallerIdentity gives it.
        user_id: as GetCallerIdentity gives it.
        ends: when the key expires, aware; None if it does not, or if that is not recorded.
        has_mfa: whether it was issued with an MFA code.
    """

    arn: str
    user_id: str
    ends: datetime | None = None
    has_mfa: bool = False

    @property
    def account(self) -> str:
        """The account that the caller is in."""
        return self.arn.split(":")[4]


def assumed(account: str, role: str, session: str, ends: datetime | None, *, has_mfa: bool = False) -> Caller:
    """Return the caller in a role; ``role`` is its name without a path."""
    arn = f"arn:aws:sts::{account}:assumed-role/{role}/{session}"
    return Caller(arn, f"{role_id(role)}:{session}", ends, has_mfa)


def role_id(role: str) -> str:
    """Return the unique id that a role has in the demo."""
    return f"AROAMEADOW{role.removeprefix('AWSReservedSSO_').upper()[:4]:X<4}EXAMPLE"


def is_temporary(access_key: str) -> bool:
    """Whether the key expires and needs a session token."""
    return access_key.startswith("ASIA")


class Callers:
    """All known access keys: those of the home, and those that were issued since."""

    def __init__(self, known: Mapping[str, Caller], clock: Callable[[], datetime]) -> None:
        self._by_key = dict(known)
        self._clock = clock
        self._tags = itertools.cycle(map("".join, itertools.product(_LEADING, _DIGITS, _DIGITS)))
        self._lock = threading.Lock()

    def issue(self, caller: Caller) -> str:
        """Return the id of a fresh temporary access key for this caller."""
        with self._lock:
            key = access_key(next(self._tags))
            self._by_key[key] = caller
        return key

    def identify(self, access_key: str, token: str | None) -> Caller:
        """Return the caller of a request by the access key that signed it, and its session token.

        The signature is not checked.

        Raises:
            Denied: the key is unknown or has expired, or the token is not the key's.
        """
        with self._lock:
            caller = self._by_key.get(access_key)
        if caller is None or token != (SESSION_TOKEN if is_temporary(access_key) else None):
            raise Denied(
                "InvalidClientTokenId", "The security token included in the request is invalid.", 403
            )
        if caller.ends is not None and caller.ends <= self._clock():
            raise Denied("ExpiredToken", "The security token included in the request is expired", 403)
        return caller
