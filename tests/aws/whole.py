"""A home that has a profile of each kind, and a file in each cache."""

from collections.abc import Mapping

from tests.aws.cases import LEGACY_SSO, SESSION, SSO_ROLE, keys, role
from tests.aws.entries import (
    login_file,
    login_token,
    registration,
    role_entry,
    role_file,
    sso_file,
    sso_token,
)
from tests.homes import Content

CONFIG = f"""
{SESSION}
[profile x]
{role("x", "base")}
[profile sso]
sso_session = corp
{SSO_ROLE}
[profile old]
{LEGACY_SSO}
[profile login]
login_session = me
[profile web]
{role("w")}
web_identity_token_file = {{HOME}}/token
[profile process]
credential_process = false
"""
CREDENTIALS = f"[base]\n{keys('BASE')}"
CACHES: Mapping[str, Content] = {
    role_file(): role_entry(),
    sso_file(): sso_token(),
    "sso/registration.json": registration(),
    login_file(): login_token(),
}
HOME: dict[str, object] = {
    "config": CONFIG,
    "credentials": CREDENTIALS,
    "caches": CACHES,
    "files": {"token": "CANARY"},
    "has_crt": True,
}
