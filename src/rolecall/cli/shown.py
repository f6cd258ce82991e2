"""Which words from files and variables may be shown as they are: the names that people look for.

All other free text goes through ``mask``; these would lose by it, because a long name can look like a key.
"""

import re

from rolecall.aws.snapshot import Snapshot
from rolecall.text import mask

_ARN = re.compile(r"arn:[\w-]+:[\w-]*:[\w-]*:\d*:[\w+=,.@/:-]+", re.ASCII)


def words(text: str) -> str:
    """Return a text as it may be shown: an ARN whole, all else masked."""
    return text if _ARN.fullmatch(text) else mask(text)


def profile(name: str, snapshot: Snapshot) -> str:
    """Return a profile's name as it may be shown: whole where there is such a profile.

    A reference to one that is not there is a value like any other, and may hold a secret by mistake.
    """
    return name if name in snapshot.profiles else mask(name)
