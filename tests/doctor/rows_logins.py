"""Rows for the errors of logins (``rolecall.doctor.rules.causes``) and for ``rules.logins``."""

import base64
import json
from collections.abc import Mapping
from hashlib import sha1, sha256
from pathlib import Path

from rolecall.aws import cache_files
from tests.doctor.rows import Row

PORTAL = "https://corp.awsapps.com/start"
ARN = "arn:aws:iam::123456789012:role/read"
ROLE = f"role_arn = {ARN}\n"
SSO = "sso_account_id = 123456789012\nsso_role_name = Reader\n"
CONFIG = f"""\
[sso-session corp]
sso_start_url = {PORTAL}
sso_region = eu-west-1
sso_registration_scopes = sso:account:access
[profile dev]
sso_session = corp
{SSO}[profile top]
{ROLE}source_profile = dev
"""
LEGACY = f"[profile dev]\nsso_start_url = {PORTAL}\nsso_region = eu-west-1\n{SSO}"
USER = "arn:aws:iam::123456789012:user/me"
LOGIN = f"[profile console]\nlogin_session = {USER}\n[profile top]\n{ROLE}source_profile = console\n"
TEMPORARY = "aws_access_key_id = ASIAIOSFODNN7EXAMPLA\naws_secret_access_key = CANARY\n"
WITH_TOKEN = f"{TEMPORARY}aws_session_token = CANARY\n"
CACHED = f"cli/{cache_files.role({'role_arn': ARN})}.json"
GOOD = "2030-01-01T20:00:00Z"
WEB = f"[profile pod]\nweb_identity_token_file = {{HOME}}/token\n{ROLE}"


def token(name: str, end: str, **more: str) -> Mapping[str, object]:
    """Return the caches with an SSO token in them."""
    content = {"startUrl": PORTAL, "region": "eu-west-1", "accessToken": "CANARY", "expiresAt": end}
    return {_token_file(name): content | more}


def _token_file(name: str) -> str:
    return f"sso/{sha1(name.encode(), usedforsecurity=False).hexdigest()}.json"


def _refreshed(until: str) -> dict[str, str]:
    return {
        "refreshToken": "CANARY",
        "clientId": "CANARY",
        "clientSecret": "CANARY",
        "registrationExpiresAt": until,
    }


def login(**more: object) -> Mapping[str, object]:
    """Return the caches with an `aws login` in them; None takes a part away."""
    access = {
        "accessKeyId": "ASIAIOSFODNN7EXAMPLA",
        "secretAccessKey": "CANARY",
        "sessionToken": "CANARY",
        "accountId": "123456789012",
        "expiresAt": "2030-01-01T12:10:00Z",
    }
    whole = {
        "accessToken": access,
        "refreshToken": "CANARY",
        "dpopKey": "-----BEGIN CANARY-----\nMAZDQU5BUlk=\n",
        "clientId": "x",
    } | more
    content = {key: value for key, value in whole.items() if value is not None}
    return {f"login/{sha256(USER.encode()).hexdigest()}.json": content}


def logs_in(home: Path) -> None:
    """Do as ``aws login`` does."""
    for name, content in login().items():
        path = home / ".aws" / name.replace("/", "/cache/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))


def jwt(end: int) -> str:
    """Return a web identity token with an end."""
    payload = base64.urlsafe_b64encode(json.dumps({"exp": end}).encode()).decode().rstrip("=")
    return f"e30.{payload}.CANARY"


def renews_token(home: Path) -> None:
    """Write a web identity token that is good."""
    (home / "token").write_text(jwt(1893510000))


def role(**changes: str | None) -> Mapping[str, object]:
    """Return a role's entry in ``cli/cache``; None takes a part away."""
    whole = {
        "AccessKeyId": "ASIAIOSFODNN7EXAMPLA",
        "SecretAccessKey": "CANARY",
        "SessionToken": "CANARY",
        "Expiration": "2030-01-01T13:00:00Z",
    } | changes
    return {"Credentials": {key: value for key, value in whole.items() if value is not None}}


ROWS: tuple[Row, ...] = (
    Row(
        "sso-token-missing",
        "corp",
        here={"config": CONFIG},
        near={"config": CONFIG, "caches": token("corp", "2030-01-01T20:00:00Z")},
        says=("not logged in to corp", "config:6  sso_session = corp", "SSOTokenLoadError"),
        profiles=("dev", "top"),
    ),
    Row(
        "sso-token-expired",
        "corp",
        here={"config": CONFIG, "caches": token("corp", "2030-01-01T09:00:00Z")},
        near={
            "config": CONFIG,
            "caches": token("corp", "2030-01-01T09:00:00Z", **_refreshed("2030-02-01T00:00:00Z")),
        },
        says=("expired 3h ago", "2030-01-01T09:00:00Z", "TokenRetrievalError"),
        profiles=("dev", "top"),
    ),
    Row(
        "sso-token-expired",
        PORTAL,
        here={
            "config": LEGACY,
            "caches": token(PORTAL, "2030-01-01T09:00:00Z", **_refreshed("2030-02-01T00:00:00Z")),
        },
        near={"config": LEGACY, "caches": token(PORTAL, "2030-01-01T12:00:01Z")},
        says=(PORTAL, "UnauthorizedSSOTokenError"),
        profiles=("dev",),
    ),
    Row(
        "sso-token-damaged",
        "corp",
        here={"config": CONFIG, "caches": {_token_file("corp"): '{"startUrl": "https://'}},
        near={"config": CONFIG, "caches": token("corp", "2030-01-01T20:00:00Z")},
        says=("is cut off", "~/.aws/sso/cache/"),
        profiles=("dev", "top"),
    ),
    Row(
        "sso-token-ending",
        "corp",
        here={"config": CONFIG, "caches": token("corp", "2030-01-01T12:14:59Z")},
        near={"config": CONFIG, "caches": token("corp", "2030-01-01T12:15:00Z")},
        says=("14m 59s",),
        profiles=("dev", "top"),
    ),
    Row(
        "sso-registration-expired",
        "corp",
        here={
            "config": CONFIG,
            "caches": token("corp", "2030-01-01T20:00:00Z", **_refreshed("2030-01-01T11:00:00Z")),
        },
        near={
            "config": CONFIG,
            "caches": token("corp", "2030-01-01T20:00:00Z", **_refreshed("2030-01-01T21:00:00Z")),
        },
        says=("expired 1h ago", "registrationExpiresAt = 2030-01-01T11:00:00Z"),
        profiles=("dev", "top"),
    ),
    Row(
        "login-missing",
        USER,
        here={"config": LOGIN, "has_crt": True},
        near={"config": LOGIN, "caches": login(), "has_crt": True},
        says=(USER, "LoginTokenLoadError"),
        profiles=("console", "top"),
        does=logs_in,
    ),
    Row(
        "login-damaged",
        USER,
        here={"config": LOGIN, "caches": login(dpopKey=None), "has_crt": True},
        near={"config": LOGIN, "caches": login(), "has_crt": True},
        says=("has no dpopKey", "~/.aws/login/cache/"),
        profiles=("console", "top"),
        does=logs_in,
    ),
    Row(
        "bad-sso-region",
        "corp",
        here={
            "config": CONFIG.replace("sso_region = eu-west-1", "sso_region ="),
            "caches": token("corp", GOOD),
        },
        near={"config": CONFIG, "caches": token("corp", GOOD)},
        says=("the sso-session corp sets sso_region to nothing", "portal.sso..amazonaws.com", "config:3"),
        profiles=("dev", "top"),
        types=lambda text: text.replace("sso_region =\n", "sso_region = eu-west-1\n"),
    ),
    Row(
        "bad-sso-region",
        "dev",
        here={
            "config": LEGACY.replace("eu-west-1", "in the west"),
            "caches": token(PORTAL, GOOD, region="in the west"),
        },
        near={"config": LEGACY, "caches": token(PORTAL, GOOD)},
        says=("dev sets sso_region to 'in the west', which is no region's name", "InvalidRegionError"),
        profiles=("dev",),
        types=lambda text: text.replace("in the west", "eu-west-1"),
    ),
    Row(
        "login-needs-crt",
        "awscrt",
        here={"config": LOGIN, "caches": login()},
        near={"config": LOGIN, "caches": login(), "has_crt": True},
        says=("console uses `aws login`", "MissingDependencyException"),
        profiles=("console", "top"),
        types=lambda text: text.replace(f"login_session = {USER}\n", "credential_process = helper\n"),
    ),
    Row(
        "token-missing",
        "dev",
        here={"credentials": f"[dev]\n{TEMPORARY}"},
        near={"credentials": f"[dev]\n{WITH_TOKEN}"},
        says=("…MPLA", "credentials:2"),
        profiles=("dev",),
        types=lambda text: text + "aws_session_token = CANARY\n",
    ),
    Row(
        "expired-keys",
        "dev",
        here={
            "credentials": f"[dev]\n{WITH_TOKEN}expiration = 2030-01-01 11:00:00\n",
            "config": f"[profile top]\n{ROLE}source_profile = dev\n",
        },
        near={
            "credentials": f"[dev]\n{WITH_TOKEN}expiration = 2030-01-01 13:00:00\n",
            "config": f"[profile top]\n{ROLE}source_profile = dev\n",
        },
        says=("expired 1h ago", "credentials:5  expiration = 2030-01-01 11:00:00"),
        profiles=("top", "dev"),
        types=lambda text: text.replace("11:00", "14:00"),
    ),
    Row(
        "bad-web-identity-token",
        "pod",
        here={"config": WEB},
        near={"config": WEB, "files": {"token": "CANARY"}},
        says=("/token", "FileNotFoundError", "config:2"),
        profiles=("pod",),
        does=renews_token,
    ),
    Row(
        "web-identity-no-jwt",
        "pod",
        here={"config": WEB, "files": {"token": f'"{jwt(1893510000)}"'}},
        near={"config": WEB, "files": {"token": f"{jwt(1893510000)}\n"}},
        says=("is in quotes, which become part of it", "config:"),
        profiles=("pod",),
        does=renews_token,
    ),
    Row(
        "web-identity-no-jwt",
        "pod",
        here={"config": WEB, "files": {"token": '{"value": "a.b.c"}'}},
        near={
            "config": WEB,
            "files": {"token": "text"},
            "environ": {"AWS_ENDPOINT_URL": "http://localhost:9"},
        },
        says=("is JSON, and not the token in it",),
        profiles=("pod",),
        does=renews_token,
    ),
    Row(
        "bad-web-identity-token",
        "tilde",
        here={
            "config": f"[profile tilde]\nweb_identity_token_file = ~/token\n{ROLE}",
            "files": {"token": "CANARY"},
        },
        near={"config": WEB.replace("pod", "tilde"), "files": {"token": "CANARY"}},
        says=("~/token",),
        profiles=("tilde",),
    ),
    Row(
        "web-identity-expired",
        "pod",
        here={"config": WEB, "files": {"token": jwt(1893492000)}},
        near={"config": WEB, "files": {"token": jwt(1893510000)}},
        says=("expired 2h ago",),
        profiles=("pod",),
        does=renews_token,
    ),
    Row(
        "damaged-cache",
        Path(CACHED).name,
        here={
            "config": f"[profile dev]\n{ROLE}source_profile = base\n[profile base]\n"
            "aws_access_key_id = AKIAIOSFODNN7EXAMPLA\naws_secret_access_key = CANARY\n",
            "caches": {CACHED: ""},
        },
        near={
            "config": f"[profile dev]\n{ROLE}source_profile = base\n[profile base]\n"
            "aws_access_key_id = AKIAIOSFODNN7EXAMPLA\naws_secret_access_key = CANARY\n",
            "caches": {CACHED: role()},
        },
        says=("is empty", f"crashes with '{Path(CACHED).stem}'", "~/.aws/cli/cache/"),
        profiles=("dev",),
    ),
)
