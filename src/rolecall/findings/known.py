"""The settings that AWS tools know: names only, out of botocore's and the AWS CLI's own tables.

``tests/findings/aws_tables.py`` derives the same from the installed libraries, and a test fails where they
know one that is missing here. What AWS CLI v2 knows beyond that was taken from the source of 2.36.7.
"""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType

from rolecall.aws.standing import RECORDED_END_KEYS


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


S3_KEYS = _words("""
    addressing_style direct_io disk_throughput io_chunksize max_bandwidth max_concurrent_requests
    max_queue_size multipart_chunksize multipart_threshold payload_signing_enabled
    preferred_transfer_client s3_disable_multiregion_access_points should_stream target_bandwidth
    us_east_1_regional_endpoint use_accelerate_endpoint use_arn_region use_dualstack_endpoint
""")
"""What the block ``s3`` may hold."""
BLOCKS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "s3": S3_KEYS,
        "api_versions": frozenset(),
        "emr": frozenset(),
        "proxies_config": frozenset(
            ("proxy_ca_bundle", "proxy_client_cert", "proxy_use_forwarding_for_https")
        ),
    }
)
"""The settings that AWS tools want to be a block, with what it may hold; nothing where any name will do."""
CREDENTIAL_KEYS = _words("""
    aws_access_key_id aws_account_id aws_secret_access_key aws_security_token aws_session_token
    credential_process credential_source duration_seconds external_id login_session mfa_serial role_arn
    role_session_name source_profile sso_account_id sso_region sso_role_name sso_session sso_start_url
    web_identity_token_file
""")
"""Where credentials come from."""
SESSION_KEYS = frozenset(("sso_start_url", "sso_region", "sso_registration_scopes"))
"""What an sso-session may hold."""
KEYS = (
    _words("""
    account_id_endpoint_mode auth_scheme_preference ca_bundle cli_auto_prompt cli_binary_format
    cli_error_format cli_follow_urlparam cli_help_output cli_history cli_pager cli_timestamp_format
    csm_client_id csm_enabled csm_host csm_port data_path defaults_mode disable_host_prefix_injection
    disable_request_compression ec2_metadata_service_endpoint ec2_metadata_service_endpoint_mode
    ec2_metadata_v1_disabled endpoint_discovery_enabled endpoint_url ignore_configured_endpoint_urls
    imds_use_ipv6 max_attempts metadata_service_num_attempts metadata_service_timeout output
    parameter_validation proxy_ca_bundle proxy_client_cert proxy_use_forwarding_for_https region
    request_checksum_calculation request_min_compression_size_bytes response_checksum_validation
    retry_mode s3_disable_express_session_auth s3_us_east_1_regional_endpoint s3_use_arn_region
    sdk_ua_app_id services sigv4a_signing_region_set sts_regional_endpoints tcp_keepalive
    use_dualstack_endpoint use_fips_endpoint
""")
    | CREDENTIAL_KEYS
    | SESSION_KEYS
    | BLOCKS.keys()
)
"""What a profile may hold."""
NOTES = frozenset(RECORDED_END_KEYS) | _words("""
    assumed_role assumed_role_arn aws_arn_mfa aws_arn_role aws_mfa_device azure_default_duration_hours
    azure_default_role_arn azure_default_username azure_tenant_id chain color include_profile
    mfa_process parent_profile s3_disable_multiregion_access_points session_tags source_identity
    transitive_session_tags x_principal_arn
""")
"""What other tools keep in the files: no setting of AWS's, and no mistake either."""
BOOLEANS = _words("""
    csm_enabled disable_host_prefix_injection disable_request_compression ec2_metadata_v1_disabled
    ignore_configured_endpoint_urls imds_use_ipv6 parameter_validation proxy_use_forwarding_for_https
    s3_use_arn_region tcp_keepalive use_dualstack_endpoint use_fips_endpoint
""")
"""Settings that count as true where they say ``true``, in any case, and as false whatever else they say."""
NUMBERS = frozenset(("csm_port", "max_attempts", "metadata_service_num_attempts", "metadata_service_timeout"))
"""Settings that botocore makes an int of."""
CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cli_timestamp_format": ("none", "wire", "iso8601"),
        "output": ("json", "text", "table", "yaml", "yaml-stream", "off"),
        "retry_mode": ("legacy", "standard", "adaptive"),
        "sts_regional_endpoints": ("regional", "legacy"),
    }
)
"""Settings of which AWS tools take these words alone, in just this case, and fail over any other."""
LOOSE_CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "account_id_endpoint_mode": ("preferred", "disabled", "required"),
        "defaults_mode": ("legacy", "standard", "in-region", "cross-region", "mobile", "auto"),
        "ec2_metadata_service_endpoint_mode": ("ipv4", "ipv6"),
        "request_checksum_calculation": ("when_supported", "when_required"),
        "response_checksum_validation": ("when_supported", "when_required"),
    }
)
"""The same, in any case."""
NEEDED_BLOCKS = frozenset(("s3", "api_versions"))
"""Blocks over which commands die where they are a text."""
REGIONS = frozenset(("region", "sso_region"))
"""Settings that name a region."""
WORDS = (
    BOOLEANS
    | NUMBERS
    | CHOICES.keys()
    | LOOSE_CHOICES.keys()
    | REGIONS
    | NEEDED_BLOCKS
    | {"request_min_compression_size_bytes"}
)
"""Settings whose values are few, or of a certain form."""
NAMES_OF_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "aws_default_output": "output",
        "aws_default_region": "region",
        "aws_max_attempts": "max_attempts",
        "aws_pager": "cli_pager",
        "aws_region": "region",
        "aws_sdk_ua_app_id": "sdk_ua_app_id",
    }
)
"""Variables whose setting has another name than the variable without its ``AWS_``."""
_IN_SHORT: Mapping[str, str] = MappingProxyType(
    {
        "access_key": "aws_access_key_id",
        "aws_secret_key": "aws_secret_access_key",
        "secret_key": "aws_secret_access_key",
    }
)
"""What people write who remember the thing rather than its name."""
_LIKENESS = 0.83


@lru_cache(maxsize=1024)
def meant(key: str, known: Collection[str] = KEYS) -> str | None:
    """Return the setting that was probably meant by an unknown name, or None where none is near.

    Args:
        key: the name as it stands, in lower case.
        known: the names that are right there.
    """
    if key in known or key in NOTES:
        return None
    plain = key.strip("\"' ").replace("-", "_").replace(" ", "_").replace(".", "_")
    for name in (plain, NAMES_OF_VARIABLES.get(plain), _IN_SHORT.get(plain), f"aws_{plain}"):
        if name in known:
            return name
    if plain.startswith("aws_") and plain.removeprefix("aws_") in known:
        return plain.removeprefix("aws_")
    return next(iter(get_close_matches(plain, sorted(known), 1, _LIKENESS)), None)
