"""The lines of a file that AWS tools refuse, fit to be shown: such a file may be torn anywhere.

Half a secret looks like nothing in particular, and the key that it belongs to may be gone. So everything is
masked as in a diff first, and then every word that could be a part of a secret: by its length, and by the
kinds of characters in it. Of settings that are known to be plain more is shown.
"""

import configparser
import re
from collections.abc import Container
from dataclasses import dataclass

from rolecall.actions.editing.diff import diff
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Mark
from rolecall.aws import paths
from rolecall.aws.config_file import ConfigFile
from rolecall.text import MASK

SHORTEST_PART = 8
"""Characters from which on a word may be a part of a secret."""
MOST = 200
"""Lines that are shown above the offending one, and below it."""
_SECTION_HEADER = configparser.RawConfigParser.SECTCRE
_KEY = re.compile(r"\s*(?P<key>[a-z][a-z0-9_]*)(?=[\s=:])", re.IGNORECASE)
_LONG = re.compile(rf"\S{{{SHORTEST_PART},}}")
_PUBLIC = ("arn:", "https://")
_TORN_PASSWORD = re.compile(r"://[^/@]*:(?!\d+(?:/|$))")
"""A user's name before a colon that begins no port: the ``@`` may stand on the next line."""
_KINDS = (str.islower, str.isupper, str.isdigit)


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of the file: its number (from 1), its text masked, whether AWS stumbles over it."""

    number: int
    text: str
    offends: bool


def excerpt(file: ConfigFile, plain: Container[str], encoding: str = "utf-8") -> tuple[ShownLine, ...]:
    """Return the lines around the offending one, masked.

    Args:
        file: the file that does not parse.
        plain: the settings whose values are known to be no secrets, in lower case.
        encoding: what AWS tools read it with.

    Raises:
        ActionFailed: it cannot be read.
    """
    if file.path is None:
        return ()
    try:
        data = paths.read(file.path)
    except OSError as error:
        raise ActionFailed("Unreadable", f"cannot be read ({error.strerror})", path=file.path) from None
    # against no file at all a diff is the whole file
    lines = [line.text for line in diff(None, data, encoding) if line.mark is Mark.ADDED]
    at = file.line if file.line is not None else 1
    return tuple(
        ShownLine(number, _strict(text, plain), number == file.line)
        for number, text in enumerate(lines, start=1)
        if abs(number - at) <= MOST
    )


def _strict(text: str, plain: Container[str]) -> str:
    if _SECTION_HEADER.fullmatch(text.strip()):
        return text
    found = _KEY.match(text)
    is_plain = found is not None and found["key"].lower() in plain
    start = found.end() if found is not None and is_plain else 0
    most = 2 if is_plain else 1
    return text[:start] + _LONG.sub(lambda word: _masked(word[0], most), text[start:])


def _masked(word: str, most: int) -> str:
    """Mask a word with more kinds of characters (lower case, upper case, digits) than words have."""
    if word.startswith(_PUBLIC):
        return MASK if _TORN_PASSWORD.search(word) else word
    kinds = sum(any(map(is_one, word[1:])) for is_one in _KINDS)  # a word may begin with a capital
    return MASK if kinds > most else word
