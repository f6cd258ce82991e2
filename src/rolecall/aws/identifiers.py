"""What the form of access keys, ARNs and regions says: an account, a partition."""

import base64
import binascii
import re
import unicodedata
from collections.abc import Collection, Mapping


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


_ZONE = re.compile(
    rf"{_REGION.pattern}(?:[a-z]|-[a-z]{{3}}-\d[a-z]|-wl\d-[a-z]{{3,4}}-wlz-\d)|[a-z]{{3,6}}\d-(?:\w+-)?az\d"
)


def is_zone(name: str) -> bool:
    """Whether a name is that of a zone, a local zone or a Wavelength zone, or a zone's id.

    No region of AWS has such a name, and only regions have endpoints.
    """
    is_likely = bool(name) and ("a" <= name[-1] <= "z" or "-az" in name or "-wlz-" in name)
    return is_likely and _ZONE.fullmatch(name) is not None


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
_LONGEST_REGION = 200
"""Characters of a value in which regions are looked for."""
_IN_TEXT = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-\d+(?!\d)")
_DIRECTIONS = {
    **{name: name[0] for name in ("north", "south", "east", "west", "central")},
    **{
        f"{first}{second}": first[0] + second[0]
        for first in ("north", "south")
        for second in ("east", "west")
    },
}
"""What may stand before a region's number, with its abbreviation in the ids of zones (``use1-az1``)."""
_PLACES = {
    "dublin": "eu-west-1",
    "germany": "eu-central-1",
    "uk": "eu-west-2",
    "england": "eu-west-2",
    "greatbritain": "eu-west-2",
    "unitedkingdom": "eu-west-2",
    "france": "eu-west-3",
    "italy": "eu-south-1",
    "sweden": "eu-north-1",
    "switzerland": "eu-central-2",
    "madrid": "eu-south-2",
    "brazil": "sa-east-1",
    "virginia": "us-east-1",
    "northernvirginia": "us-east-1",
    "california": "us-west-1",
    "northerncalifornia": "us-west-1",
    "korea": "ap-northeast-2",
    "southafrica": "af-south-1",
    "global": "us-east-1",
    "dubai": "me-central-1",
    "taiwan": "ap-east-2",
    "bangkok": "ap-southeast-7",
    "kualalumpur": "ap-southeast-5",
    "auckland": "ap-southeast-6",
    "montreal": "ca-central-1",
}
"""Places that AWS calls by another name; the services that have no region of their own are in the first."""


def likely_regions(text: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Return the regions that may be meant by a text of another form; () where it resembles none.

    It may be a zone, several regions, the beginning of several (``us-east``), or a name in words, as the
    console shows it: ``EU (Ireland)``.

    Args:
        text: the text.
        known: the regions that there are, with their names in words.
    """
    if is_region(text) or text in known or len(text) > _LONGEST_REGION:
        return ()
    meant = meant_region(text)
    if meant in known or not known:
        return (meant,) if meant is not None else ()
    plain = text.strip("\"' ").lower()
    return (
        tuple(each for each in dict.fromkeys(_IN_TEXT.findall(plain)) if each in known)
        or _beginning(re.sub(r"[\s_]+", "-", plain), known)
        or _called(plain, known)
        or _alike(plain, known)
    )


def _beginning(plain: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Return the regions of a partition that begin so, or are so abbreviated: ``use1-az1`` is a zone's id."""
    start = f"{plain.rstrip('-')}-"
    found = tuple(
        each for each in known if each.startswith(start) and partition_of(each) == partition_of(start)
    )
    short = re.sub(r"-?az\d+$", "", plain)
    return found or tuple(each for each in known if _abbreviated(each) == short)


def _abbreviated(region: str) -> str:
    *area, direction, number = region.split("-")
    return f"{''.join(area).replace('gov', 'g')}{_DIRECTIONS.get(direction, direction)}{number}"


def _called(plain: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Return the regions that have this name, or are in this place."""
    outer, _, inner = plain.partition("(")
    names = [name for name in (_letters(plain), _letters(inner)) if name not in ("", "central")]
    for name in names:
        if name in _PLACES:
            return (_PLACES[name],) if _PLACES[name] in known else ()
        found = tuple(region for region, words in known.items() if name in _names(words))
        if found:
            return found
    area = _letters(outer)
    return tuple(
        region for region, words in known.items() if area and _letters(words.partition("(")[0]) == area
    )


def _names(words: str) -> tuple[str, ...]:
    """Return what a region may be called: ``US East (Ohio)`` whole, and ``Ohio``."""
    inner = words.partition("(")[2].rstrip(")")
    return _letters(words), _letters(inner)


def _letters(text: str) -> str:
    """Return the letters of a text in lower case, without their accents: São Paulo, N. Virginia."""
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFD", text.lower()))


def _alike(plain: str, known: Mapping[str, str]) -> tuple[str, ...]:
    near = nearest_region(plain, known, _NEAR)
    # another cloud's region is like one of AWS's in another continent: ru-central1
    return (near,) if near is not None and near[:2] == plain[:2] else ()


def may_be_new(region: str, known: Collection[str]) -> bool:
    """Whether a name is made as AWS makes those of its regions: then it may be newer than botocore's list.

    It has an area, a direction and a small number: ``eu-west-9``, but not ``eu-wst-1`` or ``us-west-004``.
    """
    area, _, rest = region.rpartition("-")[0].rpartition("-")
    areas = {each.rpartition("-")[0].rpartition("-")[0] for each in known}
    number = region.rpartition("-")[2]
    return area in areas and rest in _DIRECTIONS and len(number) == 1


def partition_of(region: str) -> str:
    """Return the partition of a region."""
    return next((found for start, found in _PARTITIONS.items() if region.startswith(start)), "aws")


def partition_of_arn(arn: object) -> str | None:
    """Return the partition in an ARN, or None where it is not an ARN."""
    parts = arn.split(":", 2) if isinstance(arn, str) else []
    return parts[1] if len(parts) > 1 and parts[0] == "arn" and parts[1] else None
