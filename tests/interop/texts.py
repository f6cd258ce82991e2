"""The pieces that the homes of these tests are written from."""

import json
from hashlib import sha1

ARN = "arn:aws:iam::123456789012:role/deploy"
ROLE = f"role_arn = {ARN}\n"
KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = CANARY\n"
BASE = f"[profile base]\n{KEYS}"
OVER_BASE = f"{BASE}[profile x]\n{ROLE}source_profile = base\n"
"""Ends in the section of ``x``, a role over static keys, so that more settings can follow."""

START_URL = "https://corp.invalid/start"
SSO_SESSION = f"[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = {START_URL}\n"
SSO_ROLE = "sso_account_id = 123456789012\nsso_role_name = Reader\n"
SSO = f"sso_session = corp\n{SSO_ROLE}"
LEGACY_SSO = f"sso_region = eu-west-1\nsso_start_url = {START_URL}\n{SSO_ROLE}"

ENVIRONMENT_KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "CANARY",
}


def digest(text: str) -> str:
    """Return the name by which AWS tools keep something in a cache."""
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


def sso_token_file(name: str) -> str:
    """Return where the token of an sso-session, or of a start URL, is kept below ``~/.aws``."""
    return f"sso/cache/{digest(name)}.json"


def sso_token(expires_at: str, *, registration_expires_at: str | None = None) -> str:
    """Return an SSO token; it can be refreshed for as long as its client is registered."""
    token = {
        "startUrl": START_URL,
        "region": "eu-west-1",
        "accessToken": "CANARY",
        "expiresAt": expires_at,
    }
    if registration_expires_at is not None:
        token |= {
            "refreshToken": "CANARY",
            "clientId": "CANARY",
            "clientSecret": "CANARY",
            "registrationExpiresAt": registration_expires_at,
        }
    return json.dumps(token)


DEPLOY = digest(json.dumps({"RoleArn": ARN}))
"""The name by which the role of ``x`` is kept where nothing but its ARN is given."""
DEPLOY_FILE = f"cli/cache/{DEPLOY}.json"


def cached_role(**credentials: object) -> str:
    """Return a cached role of ``aws``; a credential given as None is left out."""
    whole: dict[str, object] = {
        "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
        "SecretAccessKey": "CANARY",
        "SessionToken": "CANARY",
        "Expiration": "2999-01-01T00:00:00Z",
    }
    kept = {key: value for key, value in (whole | credentials).items() if value is not None}
    user = {"AssumedRoleId": "AROAEXAMPLE:me", "Arn": ARN.replace(":iam:", ":sts:") + "/me"}
    return json.dumps({"Credentials": kept, "AssumedRoleUser": user})
