"""Which settings and variables may be shown, by their names.

A list of what may be shown, rather than of what may not: new tools come with new secrets, and nobody can list
those. A known name says what kind of value belongs there; whatever else someone has put there by mistake is
still masked where it looks like a secret.
"""

import re
from enum import StrEnum
from functools import lru_cache


class Show(StrEnum):
    """What may be shown of a value."""

    PLAIN = "plain"
    """All of it: a name, a word out of a few, a number, a path, an ARN."""
    COMMAND = "command"
    """The program, the names of its options, and those of their values that are known to be harmless."""
    ADDRESS = "address"
    """A URL without its user, its password and the values of its query."""
    KEY_ID = "key id"
    """The last four characters."""
    SECRET = "secret"  # noqa: S105 - a kind of value
    """Nothing."""
    UNKNOWN = "unknown"
    """How long it is."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PLAIN = _words("""
    account_id_endpoint_mode addressing_style auth_scheme_preference aws_account_id ca_bundle cli_auto_prompt
    cli_binary_format cli_error_format cli_error_format cli_file_encoding cli_follow_urlparam cli_help_output
    cli_history cli_history_file cli_output_encoding cli_timestamp_format config_file
    container_authorization_token_file credential_expiration credential_file credential_source
    csm_client_id csm_enabled csm_host csm_port data_path default_output default_profile default_region
    defaults_mode direct_io disable_host_prefix_injection disable_request_compression disk_throughput
    duration_seconds ec2_metadata_disabled ec2_metadata_service_endpoint_mode ec2_metadata_v1_disabled
    endpoint_discovery_enabled execution_env external_id ignore_configured_endpoint_urls imds_use_ipv6
    io_chunksize login_cache_directory login_session max_attempts max_bandwidth max_concurrent_requests
    max_queue_size metadata_service_num_attempts metadata_service_timeout mfa_serial multipart_chunksize
    multipart_threshold output parameter_validation payload_signing_enabled preferred_transfer_client profile
    proxy_ca_bundle proxy_client_cert proxy_use_forwarding_for_https region request_checksum_calculation
    request_min_compression_size_bytes response_checksum_validation retry_mode role_arn role_session_name
    s3_disable_express_session_auth s3_disable_multiregion_access_points s3_us_east_1_regional_endpoint
    s3_use_arn_region sdk_load_config sdk_ua_app_id services session_expiration shared_credentials_file
    should_stream sigv4a_signing_region_set source_profile sso_account_id sso_region sso_registration_scopes
    sso_role_name sso_session sts_regional_endpoints target_bandwidth tcp_keepalive
    us_east_1_regional_endpoint use_accelerate_endpoint use_arn_region use_dualstack_endpoint
    use_fips_endpoint web_identity_token_file
    api_versions emr proxies_config s3
    boto_config botocore_tcp_keepalive no_proxy requests_ca_bundle
""")
"""What botocore and the AWS CLI read, variables without ``AWS_``."""
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
"""Notes and settings of other tools, and of rolecall, which hold names, times, numbers and switches."""
_COMMANDS = _words("awsumepy_command cli_pager credential_process mfa_process pager")
_ADDRESSES = _words("""
    container_credentials_full_uri container_credentials_relative_uri ec2_metadata_service_endpoint
    endpoint_url granted_sso_start_url auth_url aws_saml_url idp_url identity_url
    web_identity_auth_url web_identity_redirect_uri http_proxy https_proxy lambda_runtime_api sso_start_url
    xray_daemon_address
""")
_SECRETS = _words("secret_access_key session_token security_token container_authorization_token")
_BY_NAME = {
    **dict.fromkeys(_PLAIN | _PLAIN_ELSEWHERE, Show.PLAIN),
    **dict.fromkeys(_COMMANDS, Show.COMMAND),
    **dict.fromkeys(_ADDRESSES, Show.ADDRESS),
    **dict.fromkeys(_SECRETS, Show.SECRET),
}
_END = re.compile(
    r"(?:aws_|x_|awsume_|aws_sso_)?(?:session_(?:token_)?|security_token_|token_|credentials?_)?"
    r"(?:expiration|expires(?:_at)?|expiry|expire)"
)
"""When keys end, as tools note it beside them."""
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
"""Characters of a name after which it is none that anybody knows."""


@lru_cache(maxsize=4096)
def how(name: str) -> Show:
    """Return what may be shown of the value of a setting or variable of this name, in whatever case."""
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
    """Whether a setting, variable or option of this name holds something that must never be shown."""
    return how(name) is Show.SECRET


def is_clearly_secret(name: str) -> bool:
    """Whether that is sure even in a sentence, where ``key:`` and ``credentials:`` are words like others."""
    return is_secret_name(name) and bool(_CLEARLY_SECRET.search(name))


def may_be_shown(name: str) -> bool:
    """Whether something of such a value may be shown where it is known to hold no secret by mistake."""
    return how(name) not in (Show.SECRET, Show.UNKNOWN)
