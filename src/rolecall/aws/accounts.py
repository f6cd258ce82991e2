"""Account ids that can be told without asking anybody."""

import base64
import binascii


def account_of_arn(arn: str) -> str | None:
    """Return the account id of an ARN (its fifth part), or None."""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 and parts[4].isdigit() else None  # noqa: PLR2004


def account_of_key(access_key: str) -> str | None:
    """Return the account id that an access key id of today's form holds in its characters, or None.

    Keys made before 2019 or so hold none: in these the highest bit of the fifth character's value is not set.
    """
    if len(access_key) < 20 or access_key[4] not in "QRSTUVWXYZ234567":  # noqa: PLR2004 - a key id's length
        return None
    try:
        decoded = base64.b32decode(access_key[4:20])
    except (binascii.Error, ValueError):
        return None
    number = int.from_bytes(decoded[:6], "big")
    return f"{(number & 0x7FFFFFFFFF80) >> 7:012d}"
