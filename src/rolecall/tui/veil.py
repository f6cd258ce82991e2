"""What is typed, fit to be drawn where it is typed: as many characters, none of them hostile or secret."""

import re

from rolecall.text import MASK, mask, sanitize

BULLET = "•"
_MASKED = re.compile(f"{MASK}|…")


def veiled(text: str) -> str:
    """Return text with its controls made visible, and bullets for what looks like a secret.

    The cursor of an input counts characters, so that their number stays. From the first thing that is masked
    to the last everything becomes bullets: nothing in between is sure to be harmless.
    """
    masked = mask(text)
    if masked == text:
        return sanitize(text)
    pieces = _MASKED.split(masked)
    head, tail = pieces[0], pieces[-1]
    if len(head) + len(tail) > len(text) or not (text.startswith(head) and text.endswith(tail)):
        head = tail = ""
    return sanitize(head + BULLET * (len(text) - len(head) - len(tail)) + tail)


def harmless(text: str) -> str:
    """Return what is pasted without the characters that no file should hold and nobody can see."""
    return "".join(character for character in text if sanitize(character) == character)
