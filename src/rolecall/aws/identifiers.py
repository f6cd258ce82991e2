"""What the form of access keys, ARNs and regions says: an account, a partition."""

import base64
import binascii
import re
from collections.abc import Collection


def account_of_arn(arn: str) -> str | None:
    """Return the account id of an ARN (its fifth part), or None."""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 and parts[4].isdigit() else None  # noqa: PLR2004


def account_of_key(access_key: str) -> str | None:
    """Return the account id that an access key id of today's form encodes, or None.

    Keys from before about 2019 encode none: in these the highest bit of the fifth character is not set.
    """
    if len(access_key) < 20 or access_key[4] not in "QRSTUVWXYZ234567":  # noqa: PLR2004 - a key id's length
        return None
    try:
        decoded = base64.b32decode(access_key[4:20])
    except (binascii.Error, ValueError):
        return None
    number = int.from_bytes(decoded[:6], "big")
    return f"{(number & 0x7FFFFFFFFF80) >> 7:012d}"


_REGION = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-\d+")
_PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
    "eu-isof-": "aws-iso-f",
    "eusc-": "aws-eusc",
}
"""What the names of a partition's regions begin with; ``aws`` has all others."""


def is_region(name: str) -> bool:
    """Whether a name has the form of a region; a zone (``eu-west-1a``) does not."""
    return _REGION.fullmatch(name) is not None


def meant_region(text: str) -> str | None:
    """Return the region that was probably meant; None if the text is a region, or resembles none."""
    if is_region(text):
        return None
    plain = re.sub(r"[\s_]+", "-", text.strip().lower())
    plain = re.sub(r"(?<=\d)[a-z]$", "", plain)
    plain = re.sub(r"(?<=[a-z])(?=\d+$)", "-", plain)
    return plain if is_region(plain) else None


def nearest_region(name: str, known: Collection[str], likeness: float = 0.6) -> str | None:
    """Return the one known region that a misspelt name probably means; None where two are equally near.

    Args:
        name: the misspelt region.
        known: the regions that there are.
        likeness: how much they must be alike, from 0 to 1 (``difflib``'s ratio).
    """
    from difflib import SequenceMatcher, get_close_matches  # noqa: PLC0415 - only a misspelt region needs it

    swapped = [each for each in known if sorted(each) == sorted(name)]  # us-esat-1
    if len(swapped) == 1:
        return swapped[0]
    close = get_close_matches(name, known, 2, likeness)
    if len(close) > 1 and len({SequenceMatcher(None, each, name).ratio() for each in close}) == 1:
        return None
    return next(iter(close), None)


_NEAR = 0.85


def likely_region(text: str, known: Collection[str]) -> str | None:
    """Return the region that was probably meant by a text of another form: a zone, ``useast1``; else None."""
    if is_region(text) or text in known:
        return None
    meant = meant_region(text)
    if meant in known or not known:
        return meant
    near = nearest_region(text.lower(), known, _NEAR)
    # another cloud's region is like one of AWS's in another continent: ru-central1
    return near if near is not None and near[:2] == text[:2].lower() else None


def partition_of(region: str) -> str:
    """Return the partition of a region."""
    return next((found for start, found in _PARTITIONS.items() if region.startswith(start)), "aws")


def partition_of_arn(arn: object) -> str | None:
    """Return the partition in an ARN, or None where it is not an ARN."""
    parts = arn.split(":", 2) if isinstance(arn, str) else []
    return parts[1] if len(parts) > 1 and parts[0] == "arn" and parts[1] else None
