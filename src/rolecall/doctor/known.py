"""Settings by what the rules ask of them, and what was meant."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType

from rolecall.aws.settings import SESSION_SETTINGS, SETTINGS, Type, of_type
from rolecall.doctor import neighbours

KEYS = frozenset(SETTINGS)
"""What a profile may hold."""
SESSION_KEYS = frozenset(SESSION_SETTINGS)
"""What an sso-session may hold."""
CREDENTIAL_KEYS = frozenset(
    (
        *("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token"),
        *("role_arn", "source_profile", "credential_source", "external_id", "mfa_serial", "duration_seconds"),
        *("sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name"),
        *("web_identity_token_file", "login_session", "credential_process"),
    )
)
"""Where credentials come from."""
S3_KEYS = SETTINGS["s3"].holds
"""What the block ``s3`` may hold."""
BLOCKS = {name: about.holds for name, about in of_type(Type.BLOCK).items()}
"""The settings that AWS tools want to be a block, with what it may hold; nothing where any name will do."""
BOOLEANS = frozenset(of_type(Type.BOOLEAN))
"""Settings that count as true where they say ``true``, in any case, and as false whatever else they say."""
NUMBERS = frozenset(of_type(Type.NUMBER))
"""Settings that botocore makes an int of."""
CHOICES = {name: about.words for name, about in of_type(Type.WORD).items()}
"""Settings of which AWS tools take these words alone, in just this case, and fail over any other."""
LOOSE_CHOICES = {name: about.words for name, about in of_type(Type.WORD_IN_ANY_CASE).items()}
"""The same, in any case."""
NEEDED_BLOCKS = {name for name, about in SETTINGS.items() if about.is_needed_block}
"""Blocks over which commands die where they are a text."""
REGIONS = frozenset(of_type(Type.REGION))
"""Settings that name a region."""
WORDS = (
    of_type(Type.BOOLEAN, Type.NUMBER, Type.WORD, Type.WORD_IN_ANY_CASE, Type.REGION).keys()
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
    if key in known or neighbours.is_setting(key):
        return None
    plain = key.strip("\"' ").replace("-", "_").replace(" ", "_").replace(".", "_")
    for name in (plain, NAMES_OF_VARIABLES.get(plain), _IN_SHORT.get(plain), f"aws_{plain}"):
        if name in known:
            return name
    if plain.startswith("aws_") and plain.removeprefix("aws_") in known:
        return plain.removeprefix("aws_")
    return next(iter(get_close_matches(plain, sorted(known), 1, _LIKENESS)), None)
