"""Masks secrets in text from files and servers: by the name of a setting, and by the form of a value.

Unknown values are not shown. ``names`` says which settings and variables are known to be harmless,
``commands`` and ``harmless`` which words of a command are, ``addresses`` which parts of a URL. In free text
``harmless`` finds what looks like a secret, and ``messages`` what has the name of one. All take time in
proportion to the length of the text.
"""

from enum import StrEnum

MASK = "••••"
ELLIPSIS = "…"


class Show(StrEnum):
    """What may be shown of a value."""

    PLAIN = "plain"
    """All of it: a name, one of a few words, a number, a path, an ARN."""
    COMMAND = "command"
    """The program, the names of its options, and the values that are known to be harmless."""
    ADDRESS = "address"
    """A URL without its user, its password and the values of its query."""
    KEY_ID = "key id"
    """The last four characters."""
    SECRET = "secret"  # noqa: S105 - a kind of value
    """Nothing."""
    UNKNOWN = "unknown"
    """Only its length."""
