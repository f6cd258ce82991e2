"""What tutorials put where a value of one's own belongs."""

import re

PUBLISHED = frozenset(
    {
        "AKIAIOSFODNN7EXAMPLE",
        "AKIAI44QH8DHBEXAMPLE",
        "ASIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY",
        "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
    }
)
"""Keys and secrets of AWS's documentation."""
ACCOUNT = "123456789012"
"""The account of AWS's documentation, which is nobody's."""
_FILL_IN = re.compile(
    r"<[^<>]+>"  # <access-Key-for-an-IAM-role>
    r"|^\[[^\[\]]+\]$|^\{\{?[^{}]+\}?\}$|\$\{[^{}]*\}$"  # [region], {{ account }}, ${ACCESS_KEY}
    r"|(?<![a-z0-9])(?:your[-_ ]|change[-_ ]?me|replace[-_ ](?:me|with|this))"
    r"|^(?:my|some)[-_ ]?(?:access|secret)[-_ ]?(?:access[-_ ]?)?key(?:[-_ ]?id)?$"
    r"|(?:^|::)(?:aws[-_]?)?account(?:[-_ ]?(?:id|number|no))?(?:$|:)"  # arn:aws:iam::ACCOUNT_ID:role/x
    r"|^(?:[x*.]{3,}|…)$|(?<![a-z0-9])x{4,}(?![a-z0-9])"  # d-xxxxxxxxxx.awsapps.com
    r"|//my-sso-portal\.|^(?:todo|tbd|fixme|none|null)$",
    re.IGNORECASE,
)
"""What is to be filled in."""
_MARKS = (
    *("<", "[", "{", "your", "change", "replace", "key", "account", "xx", "**", "..", "…", "my-sso"),
    *("todo", "tbd", "fixme", "none", "null"),
)
"""One of these is in all that the pattern finds: looking for them first takes a quarter of the time."""


def is_published(value: str) -> bool:
    """Whether a key or secret is one that AWS's documentation shows."""
    return value.strip("'\" ") in PUBLISHED


def reason(key: str, value: str) -> str | None:
    """Say what a value that stands for another one is, or None for one that may be meant.

    Args:
        key: the setting's name.
        value: its value.
    """
    if is_published(value):
        return "an example of AWS's documentation"
    lowered = value.lower()
    if any(mark in lowered for mark in _MARKS) and _FILL_IN.search(value):
        return "a placeholder"
    account = value.split(":", 5)[4:5] if key == "role_arn" else [value] if key == "sso_account_id" else []
    if account and account[0] == ACCOUNT:
        return "of the account that AWS's documentation made up"
    return None
