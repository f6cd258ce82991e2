"""Text measured in terminal cells: wide characters take two, combining ones none.

Everything here takes text that went through ``sanitize``.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_MARKS = ("Mn", "Me")
_UNASSIGNED = "Cn"


@lru_cache(maxsize=4096)
def _cells(character: str) -> int:
    category = unicodedata.category(character)
    if category in _MARKS or "\u1160" <= character <= "\u11ff":
        return 0  # the range: vowels and finals of Hangul, which join the syllable before them
    if category == _UNASSIGNED:
        return 1  # though unicodedata calls some of them wide
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def width(text: str) -> int:
    """Return how many cells a text takes."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def cut_end(text: str, room: int, mark: str) -> str:
    """Cut the end of a text, so that with the mark in its place it takes at most ``room`` cells."""
    if width(text) <= room:
        return text
    if room <= width(mark):
        return mark[: max(room, 0)]
    return _start(text, room - width(mark)) + mark


def cut_middle(text: str, room: int, mark: str) -> str:
    """Cut the middle out of a text (an ARN says most at its ends), to at most ``room`` cells."""
    if width(text) <= room:
        return text
    if room <= width(mark):
        return mark[: max(room, 0)]
    tail = (room - width(mark)) * 2 // 3
    return _start(text, room - width(mark) - tail) + mark + _end(text, tail)


def wrap(text: str, room: int) -> list[str]:
    """Break a text between words into lines of at most ``room`` cells; a longer word is broken itself."""
    lines = [""]
    for word in _short_words(text.split(" "), max(room, 2)):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if width(longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _short_words(words: Iterable[str], room: int) -> Iterable[str]:
    for word in words:
        rest = word
        while width(rest) > room:
            start = _start(rest, room)
            yield start
            rest = rest[len(start) :]
        yield rest


def _start(text: str, room: int) -> str:
    used = 0
    for index, character in enumerate(text):
        used += _cells(character)
        if used > room:
            return text[:index]
    return text


def _end(text: str, room: int) -> str:
    used = 0
    for index in range(len(text) - 1, -1, -1):
        used += _cells(text[index])
        if used > room:
            return text[index + 1 :]
    return text
