"""What other tools keep in AWS's files is told of by no rule that would rename or remove it."""

from pathlib import Path

import pytest

from rolecall.aws.neighbours import is_setting
from rolecall.aws.settings import SETTINGS
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.registry import examine
from rolecall.doctor.sections import meant_setting
from tests.homes import make_home

OF_TOOLS = {
    "gsts": "aws_role_arn aws_session_expiration",
    "yawsso": "aws_session_expiration",
    "gimme-aws-creds": "aws_credential_expiration x_principal_arn x_security_token_expires",
    "clisso": "aws_expiration",
    "aws-azure-login": "aws_expiration azure_tenant_id azure_app_id_uri azure_default_username "
    "azure_default_role_arn azure_default_duration_hours azure_default_remember_me",
    "aws-mfa": "expiration assumed_role assumed_role_arn aws_mfa_device",
    "awsume": "manager autoawsume expiration source_expiration awsumepy_command",
    "saml2aws, okta-aws-cli": "x_security_token_expires x_principal_arn",
    "granted": "granted_sso_start_url granted_sso_region granted_sso_account_id granted_sso_role_name "
    "granted_sso_registration_scopes credential_process_auto_login",
    "aws-vault": "include_profile parent_profile mfa_process session_tags "
    "transitive_session_tags source_identity",
    "aws-okta": "aws_saml_url okta_account_name okta_session_cookie_key assume_role_ttl session_ttl",
    "aws-google-auth": "google_config.ask_role google_config.google_idp_id google_config.role_arn",
    "aws-adfs": "adfs_config.role_arn adfs_config.adfs_host adfs_config.ssl_verification",
    "aws-runas": "saml_auth_url saml_username jumprole_arn credentials_duration session_token_duration "
    "web_identity_auth_url web_identity_client_id",
    "aws-sso-util": "sso_auto_populated sso_account_name sso_interactive_auto_login",
    "browsers": "color role_name target_role_name target_region account_id aws_user_arn",
}
KEYS_OF_TOOLS = sorted({key for keys in OF_TOOLS.values() for key in keys.split()})
HARMFUL = {"misspelt-key", "missing-equals"}


@pytest.mark.parametrize("key", KEYS_OF_TOOLS)
def test_a_setting_of_another_tool_is_never_taken_for_a_misspelt_one(tmp_path: Path, key: str) -> None:
    section = f"aws_access_key_id = AKIAQ3EGRIDLONGTERM1\naws_secret_access_key = CANARY\n{key} = 1\n"
    host = make_home(
        tmp_path,
        config=f"[profile a]\nregion = eu-west-1\n{key} = 1\n[sso-session s]\n{key} = 1\n",
        credentials=f"[b]\n{section}",
    )
    assert meant_setting(key) is None
    assert HARMFUL.isdisjoint(finding.code for finding in examine(Snapshot.take(host)).all)


def test_no_setting_of_aws_tools_is_taken_for_another_tool_s() -> None:
    assert {key for key in SETTINGS if is_setting(key)} == set()


AWS_VAULT = (
    {"config": "[profile x]\ninclude_profile = default\n"},
    {"config": "[profile x]\ncredential_process = /usr/local/bin/aws-vault export --format=json base\n"},
    {"environ": {"AWS_VAULT": "x"}},
    {"environ": {"AWSUME_PROFILE": "x"}},
)


@pytest.mark.parametrize("mark", AWS_VAULT, ids=str)
def test_what_aws_vault_reads_for_itself_is_left_alone(tmp_path: Path, mark: dict[str, str]) -> None:
    mine = "[default]\nmfa_serial = arn:aws:iam::1:mfa/me\nduration_seconds = 7200\nrole_session_name = me\n"
    told = {"mfa-without-role", "role-settings-without-role"}

    def codes(**parts: object) -> set[str]:
        host = make_home(tmp_path, **{"config": mine, **parts})  # type: ignore[arg-type]  # as it takes them
        return told & {finding.code for finding in examine(Snapshot.take(host)).all}

    assert codes() == told
    assert codes(**{**mark, "config": mine + str(mark.get("config", ""))}) == set()
