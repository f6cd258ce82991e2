"""The keys that are offered on the tab key are those that botocore reads."""

import re
from pathlib import Path

from botocore import configprovider, credentials

from rolecall.cli.keys import KNOWN

_IN_CREDENTIALS = re.compile(r"""(?:\.get\(|\[|in )\s*['"]([a-z0-9_]+)['"]""")
_OF_CREDENTIALS = (
    "aws_",
    "role_",
    "sso_",
    "mfa_",
    "source_profile",
    "web_identity",
    "credential_",
    "login_session",
)


def test_every_setting_of_a_botocore_session_is_offered() -> None:
    names = {names[0] for names in configprovider.BOTOCORE_DEFAUT_SESSION_VARIABLES.values() if names[0]}
    assert len(names) > 30
    assert {name for name in names if isinstance(name, str)} <= set(KNOWN)


def test_what_the_providers_of_credentials_read_is_offered() -> None:
    # GIVEN the keys that stand in the providers' source
    source = Path(credentials.__file__).read_text()
    found = {key for key in _IN_CREDENTIALS.findall(source) if key.startswith(_OF_CREDENTIALS)}
    assert {"role_arn", "mfa_serial", "sso_account_id", "credential_process"} <= found
    # THEN each is offered, but for names that are no keys of a profile, and the old name of the session token
    no_keys = {"sso_token", "role_name", "sso_sessions", "sso_session_name"}
    assert found - set(KNOWN) <= no_keys | {"aws_security_token"}


def test_each_is_offered_once_and_as_it_is_written() -> None:
    assert len(set(KNOWN)) == len(KNOWN)
    assert all(re.fullmatch(r"[a-z0-9_]+", key) for key in KNOWN)
