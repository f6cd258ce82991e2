"""Rows for ``rolecall.doctor.rules.expiry`` and ``expiry_keys``."""

import json
from collections.abc import Mapping
from hashlib import sha1
from pathlib import Path

from rolecall.aws import cache_files
from tests.doctor.rows import Row

ROLE_ARN = "arn:aws:iam::111122223333:role/Admin"
MFA = "arn:aws:iam::111122223333:mfa/me"
KEYS = "[base]\naws_access_key_id = AKIAQ3EGRIDLONGTERM1\naws_secret_access_key = CANARY\n"
TEMPORARY = (
    "[base]\naws_access_key_id = ASIAQ3EGRIDTEMPORARY\naws_secret_access_key = CANARY\n"
    "aws_session_token = CANARY-token\n"
)
ADMIN = f"[profile admin]\nrole_arn = {ROLE_ARN}\nsource_profile = base\n"
ADMIN_FILE = f"cli/{cache_files.role({'role_arn': ROLE_ARN})}.json"
ASKING = f"{ADMIN}mfa_serial = {MFA}\n"
ASKING_FILE = f"cli/{cache_files.role({'role_arn': ROLE_ARN, 'mfa_serial': MFA})}.json"
PORTAL = "https://corp.awsapps.com/start"
SSO = (
    f"[sso-session corp]\nsso_start_url = {PORTAL}\nsso_region = eu-west-1\n"
    "sso_registration_scopes = sso:account:access\n"
    "[profile dev]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\n"
)
SSO_FILE = "cli/" + cache_files.sso_role(
    {"sso_role_name": "Dev", "sso_account_id": "111122223333", "sso_session": "corp"}
)
TOKEN_FILE = f"sso/{sha1(b'corp', usedforsecurity=False).hexdigest()}.json"


def role_until(end: str, **more: str) -> Mapping[str, object]:
    """Return the cached credentials of a role that end at some time."""
    return more | {
        "Credentials": {
            "AccessKeyId": "ASIAQ3EGRIDROLECACHE",
            "SecretAccessKey": "CANARY",
            "SessionToken": "CANARY",
            "Expiration": end,
        }
    }


def token_until(end: str) -> Mapping[str, object]:
    """Return an SSO token that ends at some time and that nothing refreshes."""
    return {"startUrl": PORTAL, "region": "eu-west-1", "accessToken": "CANARY", "expiresAt": end}


def recorded(end: str) -> str:
    """Return temporary keys whose end is noted beside them."""
    return f"{TEMPORARY}x_security_token_expires = {end}\n"


def _assumes_anew(home: Path) -> None:
    (home / ".aws/cli/cache" / ASKING_FILE.removeprefix("cli/")).write_text(
        json.dumps(role_until("2030-01-01T13:00:00Z"))
    )


def _pastes(text: str) -> str:
    return text.replace("11:00:00", "19:00:00").replace("12:05:00", "19:00:00")


ROWS: tuple[Row, ...] = (
    Row(
        "role-ending",
        "admin",
        here={
            "config": ASKING,
            "credentials": KEYS,
            "caches": {ASKING_FILE: role_until("2030-01-01T12:14:00Z")},
        },
        near={
            "config": ADMIN,
            "credentials": KEYS,
            "caches": {ADMIN_FILE: role_until("2030-01-01T12:14:00Z")},
        },
        says=("admin expires in 14m 00s", "MFA code", "2030-01-01T12:14:00Z"),
        profiles=("admin",),
        does=_assumes_anew,
    ),
    Row(
        "live-over-dead",
        "base",
        here={
            "config": ADMIN,
            "credentials": recorded("2030-01-01T11:00:00Z"),
            "caches": {ADMIN_FILE: role_until("2030-01-01T12:43:10Z")},
        },
        near={
            "config": ADMIN,
            "credentials": recorded("2030-01-01T12:05:00Z"),
            "caches": {ADMIN_FILE: role_until("2030-01-01T12:43:10Z")},
        },
        says=("admin is valid for 43m 10s, and fails afterwards", "its source base expired 1h ago"),
        profiles=("admin",),
        types=_pastes,
    ),
    Row(
        "live-over-dead",
        "corp",
        here={
            "config": SSO,
            "caches": {
                f"{SSO_FILE}.json": role_until("2030-01-01T12:30:00Z", ProviderType="sso"),
                TOKEN_FILE: token_until("2030-01-01T11:00:00Z"),
            },
        },
        near={
            "config": SSO,
            "caches": {
                f"{SSO_FILE}.json": role_until("2030-01-01T12:30:00Z", ProviderType="sso"),
                TOKEN_FILE: token_until("2030-01-01T12:10:00Z"),
            },
        },
        says=("dev is valid for 30m 00s, and fails afterwards", "the login to corp expired 1h ago"),
        profiles=("dev",),
    ),
    Row(
        "stale-token-beside-keys",
        "base",
        here={"config": ADMIN, "credentials": f"{KEYS}aws_session_token = CANARY-token\n"},
        near={"config": ADMIN, "credentials": TEMPORARY},
        says=("base has a long-term key (…ERM1, AKIA)", "credentials:4  aws_session_token = ••••"),
        profiles=("admin", "base"),
    ),
    Row(
        "two-tokens",
        "base",
        here={"credentials": f"{TEMPORARY}aws_security_token = CANARY-other\n"},
        near={"credentials": f"{TEMPORARY}aws_security_token = CANARY-token\n"},
        says=("they differ, and aws_security_token is used", "credentials:5  aws_security_token = ••••"),
        profiles=("base",),
    ),
    Row(
        "keys-ending",
        "base",
        here={"config": ADMIN, "credentials": recorded("2030-01-01T12:05:00Z")},
        near={"config": ADMIN, "credentials": recorded("2030-01-01T12:15:00Z")},
        says=("the keys of base (…RARY) expire in 5m 00s", "x_security_token_expires = 2030-01-01T12:05:00Z"),
        profiles=("admin", "base"),
        types=_pastes,
    ),
    Row(
        "no-recorded-end",
        "base",
        here={"credentials": TEMPORARY},
        near={"credentials": recorded("2030-01-01T19:00:00Z")},
        says=("the keys of base (…RARY) are temporary", "aws_session_token = ••••"),
        profiles=("base",),
        types=lambda text: f"{text}x_security_token_expires = 2030-01-01T19:00:00Z\n",
    ),
    Row(
        "no-recorded-end",
        "base",
        here={"credentials": recorded("0001-01-01T00:00:00Z")},
        near={"credentials": recorded("2030-01-01T19:00:00Z")},
        says=("the expiry in x_security_token_expires is not a date", "0001-01-01T00:00:00Z"),
        types=lambda text: text.replace("0001-01-01", "2030-02-01"),
    ),
)
