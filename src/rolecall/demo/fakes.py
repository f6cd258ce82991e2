"""Everything in the demo that looks like a secret, made up so that nobody can take it for one."""

import json
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

SECRET_KEY = "k9Rm2vQ7/MeadowDemoOnly0XyT4+wLb8Zn1sH6d"  # noqa: S105 - nobody's
SESSION_TOKEN = "IQoJb3JpZ2luX2VjEXAMPLEmadeUpForTheDemoAndIssuedByNobodyEXAMPLETOKEN=="  # noqa: S105 - as it says
SSO_ACCESS_TOKEN = "aoaEXAMPLEmadeUpAccessTokenForTheDemo"  # noqa: S105 - as it says
SSO_REFRESH_TOKEN = "aorEXAMPLEmadeUpRefreshTokenForTheDemo"  # noqa: S105 - as it says
CLIENT_SECRET = "eyEXAMPLEmadeUpClientSecretForTheDemo"  # noqa: S105 - as it says
DPOP_KEY = "EXAMPLE: the private key of a login would stand here"

SECRETS = (
    SECRET_KEY,
    SESSION_TOKEN,
    SSO_ACCESS_TOKEN,
    SSO_REFRESH_TOKEN,
    CLIENT_SECRET,
    DPOP_KEY,
)
"""All of the above: what must never be seen on a screen, not even here. SSO tokens go on with a name."""

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
