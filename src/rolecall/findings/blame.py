"""What is to blame for a profile that cannot work now: one culprit each, however long the chain."""

from collections.abc import Mapping
from dataclasses import dataclass

from rolecall.aws.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Blamed:
    """One culprit and those who suffer from it.

    Attributes:
        code: the rule that tells of it.
        culprit: the profile whose settings or credentials are at fault.
        profiles: the profiles that cannot work because of it, the culprit included, in the files' order.
    """

    code: str
    culprit: str
    profiles: tuple[str, ...]


def blamed(snapshot: Snapshot) -> Mapping[str, tuple[Blamed, ...]]:
    """Return the culprits by code; each profile that cannot work now stands under exactly one of them."""
    del snapshot
    return {}
