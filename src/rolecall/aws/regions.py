"""Regions by their names alone: the form that they have, the partition that they are of."""

import re

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
    """Whether a name has the form of a region's, which a zone (``eu-west-1a``) has not."""
    return _REGION.fullmatch(name) is not None


def meant(text: str) -> str | None:
    """Return the region that was meant; None where the text is one as it stands, or is like none."""
    if is_region(text):
        return None
    plain = re.sub(r"[\s_]+", "-", text.strip().lower())
    plain = re.sub(r"(?<=\d)[a-z]$", "", plain)
    plain = re.sub(r"(?<=[a-z])(?=\d+$)", "-", plain)
    return plain if is_region(plain) else None


def partition_of(region: str) -> str:
    """Return the partition that a region is of."""
    return next((found for start, found in _PARTITIONS.items() if region.startswith(start)), "aws")


def partition_of_arn(arn: object) -> str | None:
    """Return the partition that an ARN names, or None where it is no ARN."""
    parts = arn.split(":", 2) if isinstance(arn, str) else []
    return parts[1] if len(parts) > 1 and parts[0] == "arn" and parts[1] else None
