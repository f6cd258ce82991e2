"""Text in the cells of a terminal: its width, how it is cut and wrapped, names that differ even when cut."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import takewhile

from rolecall.masking import ELLIPSIS

_MARKS = ("Mn", "Mc", "Me")
_UNASSIGNED = "Cn"
_LEAST = 5
"""Characters below which there is no room for two ends and what differs between them."""
_TRIES = 3

_PLAIN_GLYPHS = (
    # the states of credentials, and flags
    ("●◐✗○↻∞", "*~xo@="), ("▲△", "EW"), ("✓•·", "+*."),
    # folds, arrows and keys
    ("▸▾▶◀▼", ">v><v"), ("→←↑↓↺⇄", "><^v@="), ("⏎⌫", "<<"),
    # bars, chains, borders and scrollbars
    ("━─┄╌═╍╏│┃║╷╵", "#----=||||||"), ("┌┐└┘┏┓┗┛╔╗╚╝╭╮╰╯├┤┬┴┼", "+" * 21), ("▔▁▂▃▄▀", "-____-"),
    ("█▇▆▅▉▊▋▌▍▎▏▐▕", "####|||||||||"), ("▖▗▘▙▛▜▝▟", "+" * 8),
    # text
    ("…“”„‟", '~""""'),
    ("\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\N{EN DASH}—", "''--"),
)  # fmt: skip
PLAIN_GLYPHS = {
    ord(glyph): plain
    for glyphs, all_plain in _PLAIN_GLYPHS
    for glyph, plain in zip(glyphs, all_plain, strict=True)
}
"""What stands for each glyph where a terminal has none, for ``str.translate``: one cell for one cell."""


@lru_cache(maxsize=4096)
def _cells(character: str) -> int:
    category = unicodedata.category(character)
    if category in _MARKS or "\u1160" <= character <= "\u11ff":
        return 0  # the range: vowels and finals of Hangul, which join the syllable before them
    if category == _UNASSIGNED:
        return 1  # though unicodedata calls some of them wide
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cell_width(text: str) -> int:
    """Return how many cells a text takes."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def cut_end(text: str, room: int, mark: str = ELLIPSIS) -> str:
    """Cut the end of a text, so that with the mark in its place it takes at most ``room`` cells."""
    if cell_width(text) <= room:
        return text
    if room <= cell_width(mark):
        return mark[: max(room, 0)]
    return _start(text, room - cell_width(mark)) + mark


def cut_middle(text: str, room: int, mark: str = ELLIPSIS) -> str:
    """Cut the middle out of a text (an ARN says most at its ends), to at most ``room`` cells."""
    if cell_width(text) <= room:
        return text
    if room <= cell_width(mark):
        return mark[: max(room, 0)]
    tail = (room - cell_width(mark)) * 2 // 3
    return _start(text, room - cell_width(mark) - tail) + mark + _end(text, tail)


def pad(text: str, room: int) -> str:
    """Return a text in exactly ``room`` cells, at the left; what is too long is cut."""
    text = cut_end(text, room)
    return text + " " * (room - cell_width(text))


def wrap(text: str, room: int) -> list[str]:
    """Break a text between words into lines of at most ``room`` cells.

    A word that is longer itself is broken at one of its joints, where it has one in its second half.
    """
    lines = [""]
    for word in _short_words(text.split(" "), max(room, 2)):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_width(longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


_JOINTS = "-/.:_@,=&?"
"""Characters after which a long word (a URL, an ARN, a name) is broken, if it has to be."""


def _short_words(words: Iterable[str], room: int) -> Iterable[str]:
    for word in words:
        rest = word
        while cell_width(rest) > room:
            start = _start(rest, room)
            joint = max(start.rfind(joint) for joint in _JOINTS) + 1
            start = start[:joint] if joint * 2 >= len(start) else start
            yield start
            rest = rest[len(start) :]
        yield rest


def _start(text: str, room: int) -> str:
    if text.isascii():
        return text[: max(room, 0)]
    used = 0
    for index, character in enumerate(text):
        used += _cells(character)
        if used > room:
            return text[:index]
    return text


def _end(text: str, room: int) -> str:
    if text.isascii():
        return text[len(text) - room :]
    used = 0
    for index in range(len(text) - 1, -1, -1):
        used += _cells(text[index])
        if used > room:
            return text[index + 1 :]
    return text


class Names:
    """The names of one list; what is worked out for a width is kept, for most lines have the same."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = names
        self._shown: dict[int, dict[str, str]] = {}

    def cut(self, name: str, room: int) -> str:
        """Return one of the names in at most ``room`` cells, unlike every other that is cut to as many."""
        if cut_middle(name, room) == name:
            return name
        if room not in self._shown:
            self._names = tuple(self._names)
            self._shown[room] = abbreviate(self._names, room)
        return self._shown[room].get(name) or cut_middle(name, room)


def abbreviate(names: Iterable[str], room: int, mark: str = ELLIPSIS) -> dict[str, str]:
    """Return names as they are shown in ``room`` cells: whole or without their middle, each one different.

    Profiles are often named by a pattern, so that many begin and end alike. Where two would look the same
    without their middles, what differs between them is shown: ``core…prod…admin`` beside ``core…test…admin``.
    Where there is no room for that either, they are numbered.

    Args:
        names: the names of one list; inert.
        room: the width in cells.
        mark: what stands for something left out.
    """
    shown = {name: cut_middle(name, room, mark) for name in names}
    groups = [group for group in _alike(shown, shown) if len(group) > 1]
    for _ in range(_TRIES):
        for group in groups:
            shown |= _told_apart(group, room, mark)
        # by what differs within two groups, some of one may look like some of the other
        again = {name for alike in _alike(shown, shown) if len(alike) > 1 for name in alike}
        if not again:
            return shown
        groups = [[name for group in groups if again & {*group} for name in group]]
    return shown | _numbered([*dict.fromkeys(*groups)], room, mark)


def _alike(names: Iterable[str], shown: Mapping[str, str]) -> list[list[str]]:
    """Return names in groups that look the same."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(shown[name], []).append(name)
    return list(groups.values())


def _told_apart(names: list[str], room: int, mark: str) -> dict[str, str]:
    """Return names that look alike without their middles, by what differs between them."""
    if room < _LEAST:
        return _numbered(names, room, mark)
    start = _common(names)
    rests = [name[start:] for name in names]
    end = _common([rest[::-1] for rest in rests])
    middles = {name: name[start : len(name) - end] for name in names}
    # a character and a mark on each side where anything is left out
    sides = 2 if end else 1
    least = (1 + len(mark)) * sides
    if room <= least:
        return _numbered(names, room, mark)
    parts = abbreviate(middles.values(), room - least, mark)
    shown = {}
    for name, middle in middles.items():
        spare = room - len(parts[middle]) - len(mark) * sides
        tail = min(end, spare // 2) if end else 0
        head = min(start, max(spare - tail, 1))
        text = name[:head] + (mark if head < start else "") + parts[middle]
        text += (mark if tail < end else "") + (name[-tail:] if tail else "")
        text = text.replace(mark * 2, mark)  # what differs may itself be cut at its end
        shown[name] = cut_middle(text, room, mark)
    return shown if len(set(shown.values())) == len(names) else _numbered(names, room, mark)


def _common(texts: Sequence[str]) -> int:
    """Return how many characters all of some texts begin with."""
    pairs = zip(min(texts), max(texts), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _numbered(names: list[str], room: int, mark: str) -> dict[str, str]:
    width = len(str(len(names)))
    return {
        name: cut_middle(name, max(room - width, 0), mark)
        + str(number).rjust(width, "0")[max(width - room, 0) :]
        for number, name in enumerate(names, start=1)
    }
