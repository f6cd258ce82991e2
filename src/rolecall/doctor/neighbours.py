"""What other tools keep in AWS's files: never misspelt, and never renamed or removed.

AWS tools pass these settings over; the tools that wrote them do not.
"""

from collections.abc import Collection, Mapping

from rolecall.aws.notes import END_KEYS


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


OTHER_TOOLS_SETTINGS = frozenset(END_KEYS) | _words("""
    aws_role_arn aws_role_name aws_principal_arn aws_user_arn aws_saml_url
    x_principal_arn principal_arn
    assumed_role assumed_role_arn aws_mfa_device mfa_device mfa_type mfa_method mfa_prompt
    manager autoawsume source_expiration awsumepy_command awsume_role_duration role_duration
    include_profile parent_profile mfa_process session_tags transitive_session_tags source_identity
    chain chain_mfa sso_use_stdout
    credential_process_auto_login sso_auto_populated sso_interactive_auto_login sso_account_name
    aws_arn_mfa aws_arn_role srcprofile jumprole_arn credentials_duration session_token_duration
    session_duration assume_role_ttl session_ttl role_session_duration
    federated_username auth_url idp_url identity_url identity_provider
    web_identity_auth_url web_identity_username web_identity_provider web_identity_client_id
    web_identity_redirect_uri
    account account_id account_name account_alias aws_account aws_account_name role role_name
    target_role_name target_region color image group display_name description session_name source
    s3_disable_multiregion_access_points toolkit_region
""")
"""gsts, yawsso, saml2aws, gimme-aws-creds, clisso; aws-mfa; awsume; aws-vault; granted, aws-sso-util;
aws-runas, aws-okta; AWS Extend Switch Roles and the like."""
_PREFIXES = (
    *("granted_", "common_fate_", "azure_", "okta_", "aws_okta_", "onelogin_", "jumpcloud_", "keycloak_"),
    *("adfs_", "adfs_config.", "google_", "google_config.", "gsts_", "saml_", "saml2aws_", "aws_saml_"),
    *("awsume_", "awsumepy_", "aws_vault_", "leapp_", "kion_", "vault_", "gimme_", "idp_"),
)
"""How the names begin that such tools keep."""
_VARIABLES = ("AWS_VAULT", "AWSUME_", "AWSU_", "AWS_OKTA_")
_OF_AWS_VAULT = frozenset(
    ("include_profile", "parent_profile", "mfa_process", "session_tags", "transitive_session_tags")
)
_COMMANDS = ("aws-vault", "awsume", "awsumepy", "aws-runas", "aws-okta")


def is_setting(key: str) -> bool:
    """Whether another tool keeps a setting of this name (in lower case)."""
    return key in OTHER_TOOLS_SETTINGS or key.startswith(_PREFIXES)


def reads_for_itself(environ: Collection[str], profiles: Collection[Mapping[str, object]]) -> bool:
    """Whether aws-vault or its like is used here, which reads settings where AWS tools pass them over.

    They take ``mfa_serial``, ``duration_seconds`` and the like for defaults, in ``[default]`` and in sources.
    """
    if any(name.startswith(_VARIABLES) for name in environ):
        return True
    return any(
        not _OF_AWS_VAULT.isdisjoint(values) or _is_its_command(values.get("credential_process"))
        for values in profiles
    )


def _is_its_command(command: object) -> bool:
    words = command.replace("\\", "/").split() if isinstance(command, str) else ()
    return any(word.strip("\"'").rpartition("/")[2].removesuffix(".exe") in _COMMANDS for word in words[:2])
