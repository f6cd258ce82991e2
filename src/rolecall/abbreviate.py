"""Names that are too long for their place, cut so that no two of them look the same."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import takewhile

_LEAST = 5
"""Characters below which there is no room for two ends and what differs between them."""
_TRIES = 3

MiddleCut = Callable[[str, int], str]
"""Cuts the middle out of a text, to at most that many cells of a terminal."""


class Names:
    """The names of one list; what is worked out for a width is kept, for most lines have the same."""

    def __init__(self, names: Iterable[str], cut_middle: MiddleCut, mark: str) -> None:
        self._names = names
        self._cut_middle = cut_middle
        self._mark = mark
        self._shown: dict[int, dict[str, str]] = {}

    def cut(self, name: str, room: int) -> str:
        """Return one of the names in at most ``room`` cells, unlike every other that is cut to as many."""
        if self._cut_middle(name, room) == name:
            return name
        if room not in self._shown:
            self._names = tuple(self._names)
            self._shown[room] = abbreviate(self._names, room, self._cut_middle, self._mark)
        return self._shown[room].get(name) or self._cut_middle(name, room)


def abbreviate(names: Iterable[str], room: int, cut_middle: MiddleCut, mark: str) -> dict[str, str]:
    """Return names as they are shown in ``room`` cells: whole or without their middle, each one different.

    Profiles are often named by a pattern, so that many begin and end alike. Where two would look the same
    without their middles, what differs between them is shown: ``core…prod…admin`` beside ``core…test…admin``.
    Where there is no room for that either, they are numbered.

    Args:
        names: the names of one list; inert.
        room: the width in cells.
        cut_middle: measures and cuts as the list does.
        mark: what stands for something left out.
    """
    shown = {name: cut_middle(name, room) for name in names}
    groups = [group for group in _alike(shown, shown) if len(group) > 1]
    for _ in range(_TRIES):
        for group in groups:
            shown |= _told_apart(group, room, cut_middle, mark)
        # by what differs within two groups, some of one may look like some of the other
        again = {name for alike in _alike(shown, shown) if len(alike) > 1 for name in alike}
        if not again:
            return shown
        groups = [[name for group in groups if again & {*group} for name in group]]
    return shown | _numbered([*dict.fromkeys(*groups)], room, cut_middle)


def _alike(names: Iterable[str], shown: Mapping[str, str]) -> list[list[str]]:
    """Return names in groups that look the same."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(shown[name], []).append(name)
    return list(groups.values())


def _told_apart(names: list[str], room: int, cut_middle: MiddleCut, mark: str) -> dict[str, str]:
    """Return names that look alike without their middles, by what differs between them."""
    if room < _LEAST:
        return _numbered(names, room, cut_middle)
    start = _common(names)
    rests = [name[start:] for name in names]
    end = _common([rest[::-1] for rest in rests])
    middles = {name: name[start : len(name) - end] for name in names}
    # a character and a mark on each side where anything is left out
    sides = 2 if end else 1
    least = (1 + len(mark)) * sides
    if room <= least:
        return _numbered(names, room, cut_middle)
    parts = abbreviate(middles.values(), room - least, cut_middle, mark)
    shown = {}
    for name, middle in middles.items():
        spare = room - len(parts[middle]) - len(mark) * sides
        tail = min(end, spare // 2) if end else 0
        head = min(start, max(spare - tail, 1))
        text = name[:head] + (mark if head < start else "") + parts[middle]
        text += (mark if tail < end else "") + (name[-tail:] if tail else "")
        shown[name] = cut_middle(text, room)
    return shown if len(set(shown.values())) == len(names) else _numbered(names, room, cut_middle)


def _common(texts: Sequence[str]) -> int:
    """Return how many characters all of some texts begin with."""
    pairs = zip(min(texts), max(texts), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _numbered(names: list[str], room: int, cut_middle: MiddleCut) -> dict[str, str]:
    width = len(str(len(names)))
    return {
        name: cut_middle(name, max(room - width, 0)) + str(number).rjust(width, "0")[max(width - room, 0) :]
        for number, name in enumerate(names, start=1)
    }
