"""Profiles over SSO, of the old form and with an sso-session; each row is held to the real botocore."""

import pytest

from tests.aws.cases import LEGACY_SSO, SESSION, SSO_ROLE, URL, Case, keys
from tests.aws.real import assert_resolves
from tests.conftest import HomeMaker

INCOMPLETE = 'The profile "x" is configured to use SSO but is missing required configuration: '
CREDENTIALS_KEYS = f"[x]\n{keys('CREDS')}"

CASES = {
    "the old form": Case("sso", f"[profile x]\n{LEGACY_SSO}"),
    "with a session": Case("sso", f"{SESSION}[profile x]\nsso_session = corp\n{SSO_ROLE}"),
    "in credentials": Case("sso", SESSION, f"[x]\nsso_session = corp\n{SSO_ROLE}"),
    "a session alone is nothing": Case("NoCredentialsError", f"{SESSION}[profile x]\nsso_session = corp\n"),
    "a start URL alone is nothing": Case("NoCredentialsError", f"[profile x]\nsso_start_url = {URL}\n"),
    "a role name alone": Case(
        "InvalidConfigError",
        "[profile x]\nsso_role_name = admin\n",
        CREDENTIALS_KEYS,
        says=f"{INCOMPLETE}sso_account_id, sso_start_url, sso_region",
    ),
    "an account alone": Case(
        "InvalidConfigError",
        "[profile x]\nsso_account_id = 123456789012\n",
        CREDENTIALS_KEYS,
        says=f"{INCOMPLETE}sso_role_name, sso_start_url, sso_region",
    ),
    "no region": Case(
        "InvalidConfigError",
        f"[profile x]\n{SSO_ROLE}sso_start_url = {URL}\n",
        says=f"{INCOMPLETE}sso_region",
    ),
    "a missing session": Case(
        "InvalidConfigError",
        f"[profile x]\nsso_session = gone\n{LEGACY_SSO}",
        says='The specified sso-session does not exist: "gone"',
    ),
    "a session in credentials": Case(
        "InvalidConfigError",
        f"[profile x]\nsso_session = corp\n{SSO_ROLE}",
        SESSION,
        says='The specified sso-session does not exist: "corp"',
    ),
    "a session without a region": Case(
        "InvalidConfigError",
        f"[sso-session corp]\nsso_start_url = {URL}\n[profile x]\nsso_session = corp\n{SSO_ROLE}",
        says=f"{INCOMPLETE}sso_region",
    ),
    "the same value in both": Case(
        "sso", f"{SESSION}[profile x]\nsso_session = corp\nsso_region = eu-west-1\n{SSO_ROLE}"
    ),
    "two values": Case(
        "InvalidConfigError",
        f"{SESSION}[profile x]\nsso_session = corp\nsso_region = us-east-1\n{SSO_ROLE}",
        says=(
            "The value for sso_region is inconsistent between profile (us-east-1) and sso-session "
            "(eu-west-1)."
        ),
    ),
    "the later of two sessions": Case(
        "InvalidConfigError",
        f'{SESSION}[sso-session "corp"]\nsso_region = eu-west-1\n[profile x]\nsso_session = corp\n{SSO_ROLE}',
        says=f"{INCOMPLETE}sso_start_url",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_sso_resolves_as_in_botocore(make_home: HomeMaker, name: str) -> None:
    assert_resolves(make_home(**CASES[name].home), CASES[name])
