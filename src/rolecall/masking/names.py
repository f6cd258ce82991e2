"""Which settings and variables may be shown, by their names.

A list of what may be shown, not of what may not: new tools have new secrets, and no list could name them all.
A known name says what kind of value belongs there; another value that is there by mistake is still masked
where it looks like a secret.
"""

import re
from functools import lru_cache

from rolecall.aws import neighbours
from rolecall.aws.settings import SETTINGS
from rolecall.masking import Show
from rolecall.patterns import late


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VARIABLES = _words("""
    boto_config botocore_tcp_keepalive cli_file_encoding cli_history_file cli_output_encoding
    cli_s3_mv_validate_same_s3_paths config_file new_retries_2026
    container_authorization_token_file credential_expiration credential_file default_output default_profile
    default_region ec2_metadata_disabled execution_env login_cache_directory no_proxy profile
    requests_ca_bundle sdk_load_config session_expiration shared_credentials_file
""")
"""What botocore and the AWS CLI read from variables alone, without ``AWS_``."""
_PLAIN_ELSEWHERE = _words("""
    accounts aws_default_output aws_default_region aws_region bell chained_session_token_ttl desktop
    duration enable_debugging federation_token_ttl instance_profile key_pair_file
    lambda_function_memory_size lambda_function_name lambda_function_version
    lambda_initialization_type lambda_log_group_name lambda_log_stream_name min_ttl minutes
    nodejs_connection_reuse_enabled profiles regions sdk_js_suppress_maintenance_mode_message
    service_role silence theme vault_backend vault_keychain_name vault_prompt xray_context_missing
""")
"""Variables of other tools, and settings of rolecall, with names, times, numbers and switches as values."""
_COMMANDS = _words("pager")
_ADDRESSES = _words("""
    container_credentials_full_uri container_credentials_relative_uri http_proxy https_proxy
    lambda_runtime_api xray_daemon_address
""")
_MARKS = {
    name.lower(): Show.COMMAND
    if name.endswith("_COMMAND")
    else Show.ADDRESS
    if name.endswith("_URL")
    else Show.PLAIN
    for name in neighbours.MARKS
}
_BY_NAME = {
    **dict.fromkeys(_VARIABLES | _PLAIN_ELSEWHERE, Show.PLAIN),
    **dict.fromkeys(_COMMANDS, Show.COMMAND),
    **dict.fromkeys(_ADDRESSES, Show.ADDRESS),
    "container_authorization_token": Show.SECRET,
    **_MARKS,
    **{name.removeprefix("aws_"): show for name, show in _MARKS.items()},
    **{name.removeprefix("aws_"): show for name, show in neighbours.SETTINGS.items()},
    **neighbours.SETTINGS,
    **dict.fromkeys((inner for about in SETTINGS.values() for inner in about.holds), Show.PLAIN),
    **{name.removeprefix("aws_"): about.show for name, about in SETTINGS.items()},
    **{name: about.show for name, about in SETTINGS.items()},
}
_END = late(
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
_SECRET_NAME = late(rf"{_PARTS}|(?<![a-z])(?:{_WHOLE_WORDS})(?:s?(?![a-z])|[_-]?(?=code\b))", re.IGNORECASE)
_CLEARLY_SECRET = late(rf"{_PARTS}|(?<![a-z])(?:jwt|otp|pwd|totp)(?![a-z])|signing[_-]?key", re.IGNORECASE)
_PLAIN_NAME = late(
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
