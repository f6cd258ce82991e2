"""Which settings and variables may be shown, by their names.

A list of what may be shown, not of what may not: new tools have new secrets, and no list could name them all.
A known name says what kind of value belongs there; another value that is there by mistake is still masked
where it looks like a secret.
"""

import re
from functools import lru_cache

from rolecall.aws.settings import SETTINGS
from rolecall.masking import Show


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VARIABLES = _words("""
    boto_config botocore_tcp_keepalive cli_file_encoding cli_history_file cli_output_encoding config_file
    container_authorization_token_file credential_expiration credential_file default_output default_profile
    default_region ec2_metadata_disabled execution_env login_cache_directory no_proxy profile
    requests_ca_bundle sdk_load_config session_expiration shared_credentials_file
""")
"""What botocore and the AWS CLI read from variables alone, without ``AWS_``."""
_PLAIN_ELSEWHERE = _words("""
    account account_alias account_id account_name accounts assume_role_ttl assumed_role assumed_role_arn
    autoawsume aws_account aws_account_name aws_arn_mfa aws_arn_role aws_default_output
    aws_default_region aws_mfa_device aws_principal_arn aws_region aws_role_arn aws_role_name
    aws_user_arn awsume_expiration awsume_profile awsume_role_duration azure_default_duration_hours
    azure_default_role_arn azure_default_username azure_tenant_id bell chain chain_mfa
    chained_session_token_ttl color credential_process_auto_login credentials_duration desktop
    display_name duration enable_debugging federated_username federation_token_ttl
    granted_sso_account_id granted_sso_region granted_sso_registration_scopes granted_sso_role_name
    group identity_provider image include_profile instance_profile jumprole_arn key_pair_file
    lambda_function_memory_size lambda_function_name lambda_function_version lambda_initialization_type
    lambda_log_group_name lambda_log_stream_name manager mfa_device mfa_method mfa_prompt mfa_type
    min_ttl minutes nodejs_connection_reuse_enabled parent_profile principal_arn profiles regions role
    role_duration role_name role_session_duration s3_disable_multiregion_access_points
    sdk_js_suppress_maintenance_mode_message service_role session_duration session_name session_tags
    session_token_duration session_ttl silence source source_expiration source_identity srcprofile
    sso_account_name sso_auto_populated sso_interactive_auto_login sso_use_stdout target_region
    target_role_name theme toolkit_region transitive_session_tags vault vault_backend
    vault_keychain_name vault_prompt web_identity_client_id web_identity_provider web_identity_username
    x_principal_arn xray_context_missing
""")
"""Notes and settings of other tools, and of rolecall, with names, times, numbers and switches as values."""
_COMMANDS = _words("awsumepy_command mfa_process pager")
_ADDRESSES = _words("""
    container_credentials_full_uri container_credentials_relative_uri granted_sso_start_url auth_url
    aws_saml_url idp_url identity_url web_identity_auth_url web_identity_redirect_uri http_proxy https_proxy
    lambda_runtime_api xray_daemon_address
""")
_BY_NAME = {
    **dict.fromkeys(_VARIABLES | _PLAIN_ELSEWHERE, Show.PLAIN),
    **dict.fromkeys(_COMMANDS, Show.COMMAND),
    **dict.fromkeys(_ADDRESSES, Show.ADDRESS),
    "container_authorization_token": Show.SECRET,
    **dict.fromkeys((inner for about in SETTINGS.values() for inner in about.holds), Show.PLAIN),
    **{name.removeprefix("aws_"): about.show for name, about in SETTINGS.items()},
    **{name: about.show for name, about in SETTINGS.items()},
}
_END = re.compile(
    r"(?:aws_|x_|awsume_|aws_sso_)?(?:session_(?:token_)?|security_token_|token_|credentials?_)?"
    r"(?:expiration|expires(?:_at)?|expiry|expire)"
)
"""The expiry of keys, as tools note it beside them."""
_PREFIXES = (("endpoint_url_", Show.ADDRESS), ("bearer_token_", Show.SECRET))

_PARTS = "secret|token|passw|passphrase|passcode|private|bearer|api[_-]?key"
_WHOLE_WORDS = (
    "auth|authorization|cookie|credentials?|creds?|hmac|jwt|key|mnemonic|otp|pass|pat|pin|pw|pwd|seed|sig"
    "|signature|totp"
)
_SECRET_NAME = re.compile(
    rf"{_PARTS}|(?<![a-z])(?:{_WHOLE_WORDS})(?:s?(?![a-z])|[_-]?(?=code\b))", re.IGNORECASE
)
_CLEARLY_SECRET = re.compile(
    rf"{_PARTS}|(?<![a-z])(?:jwt|otp|pwd|totp)(?![a-z])|signing[_-]?key", re.IGNORECASE
)
_PLAIN_NAME = re.compile(
    r"(?:files?|paths?|dir|directory|expires|expiration|expiry|ttl|ur[il]|arn|source|process|command|cmd|env|var|name"
    r"|type|mode|timeout|duration|stdin|store|manager|ref|(?<=key)[_-]?(?:id|pair))$",
    re.IGNORECASE,
)
LONGEST = 80
"""Characters above which a name is not a known one."""


@lru_cache(maxsize=4096)
def how(name: str) -> Show:
    """Return what may be shown of the value of a setting or variable of this name, in any case."""
    if len(name) > LONGEST:
        return Show.SECRET if _SECRET_NAME.search(name) else Show.UNKNOWN
    plain = name.strip("\"' ").lower().replace("-", "_")
    short = plain.removeprefix("aws_")
    known = _BY_NAME.get(plain) or _BY_NAME.get(short)
    if known is not None:
        return known
    if _END.fullmatch(plain):
        return Show.PLAIN
    if "access_key_id" in plain:
        return Show.KEY_ID
    for prefix, show in _PREFIXES:
        if short.startswith(prefix):
            return show
    return Show.SECRET if _is_called_secret(plain) else Show.UNKNOWN


def _is_called_secret(name: str) -> bool:
    return bool(_SECRET_NAME.search(name)) and not _PLAIN_NAME.search(name)


def is_secret_name(name: str) -> bool:
    """Whether the value of a setting, variable or option of this name must never be shown."""
    return how(name) is Show.SECRET


def is_clearly_secret(name: str) -> bool:
    """Whether that is certain even in a sentence, where ``key:`` and ``credentials:`` are ordinary words."""
    return is_secret_name(name) and bool(_CLEARLY_SECRET.search(name))


def may_be_shown(name: str) -> bool:
    """Whether a part of such a value may be shown, if it contains no secret by mistake."""
    return how(name) not in (Show.SECRET, Show.UNKNOWN)
