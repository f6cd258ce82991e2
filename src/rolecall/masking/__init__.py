"""What must not be seen of a text that somebody else wrote: by the name of what it is, and by its looks.

What is not known is not shown. ``names`` says which settings and variables are known to be harmless,
``commands`` and ``harmless`` which words of a command are, ``addresses`` which parts of a URL. In free text
``looks`` finds what looks like a secret, and ``messages`` what is called one. All takes time in proportion
to the length of the text.
"""

from enum import StrEnum

MASK = "••••"
ELLIPSIS = "…"


class Show(StrEnum):
    """What may be shown of a value."""

    PLAIN = "plain"
    """All of it: a name, a word out of a few, a number, a path, an ARN."""
    COMMAND = "command"
    """The program, the names of its options, and those of their values that are known to be harmless."""
    ADDRESS = "address"
    """A URL without its user, its password and the values of its query."""
    KEY_ID = "key id"
    """The last four characters."""
    SECRET = "secret"  # noqa: S105 - a kind of value
    """Nothing."""
    UNKNOWN = "unknown"
    """How long it is."""
