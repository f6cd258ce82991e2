"""Lines of spans: text that is masked and inert, each piece with its tone."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import field

from rolecall.cells import Names, cell_width, cut_end
from rolecall.text import MASK, inert, mask, sanitize
from rolecall.tui.tones import Tone
from rolecall.values import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in one tone.

    Attributes:
        text: what is drawn; it is inert.
        tone: what it means.
        shrinks: whether it may be cut when the line is too long.
        names: those beside it in its list, where it is a name: it is cut so that it looks like none of them.
    """

    text: str
    tone: Tone = Tone.PLAIN
    shrinks: bool = False
    names: Names | None = field(default=None, compare=False, repr=False)

    def cut(self, width: int) -> "Span":
        """Return it in at most ``width`` cells: a name without its middle, any other text without its end."""
        text = self.names.cut(self.text, width) if self.names is not None else cut_end(self.text, width)
        return Span(text, self.tone)


Line = tuple[Span, ...]


def span(text: str, tone: Tone = Tone.PLAIN) -> Span:
    """Return a span whose text is inert."""
    return Span(inert(text), tone)


def shrinking(text: str, tone: Tone = Tone.PLAIN) -> Span:
    """Return an inert span that is cut when the line is too long."""
    return Span(inert(text), tone, shrinks=True)


def name_span(name: str, names: Names, tone: Tone = Tone.PLAIN) -> Span:
    """Return an inert name that is cut when the line is too long, and still looks like no other."""
    return Span(inert(name), tone, shrinks=True, names=names)


def names_of(names: Iterable[str]) -> Names:
    """Return the names of one list, for ``named``; they are made inert when the first has to be cut."""
    return Names(map(inert, names))


def width_of(spans: Iterable[Span]) -> int:
    """Return the width of spans in cells."""
    return sum(cell_width(span.text) for span in spans)


def fit(left: Sequence[Span], right: Sequence[Span], width: int) -> Line:
    """Lay spans out to exactly ``width`` cells: some from the left edge, some to the right edge.

    Where that is too much the shrinking spans are cut, then the left side, then the right.
    """
    if width <= 0:
        return ()
    gap = 1 if right else 0
    padding = width - width_of(left) - width_of(right)
    if padding < gap:
        right = _crop(right, width)
        room = width - width_of(right) - gap
        left = _crop(_shrink(left, room), max(room, 0))
        padding = width - width_of(left) - width_of(right)
    return (*left, Span(" " * padding), *right) if padding > 0 else (*left, *right)


def _shrink(spans: Sequence[Span], room: int) -> Sequence[Span]:
    over = width_of(spans) - room
    if over <= 0:
        return spans
    shrunk = []
    for each in spans:
        if each.shrinks and over > 0:
            size = cell_width(each.text)
            keep = max(size - over, min(size, 4))
            over -= size - keep
            shrunk.append(each.cut(keep))
        else:
            shrunk.append(each)
    return shrunk


def _crop(spans: Sequence[Span], room: int) -> list[Span]:
    kept: list[Span] = []
    for each in spans:
        size = cell_width(each.text)
        if size <= room:
            kept.append(each)
            room -= size
        else:
            if room > 0:
                kept.append(each.cut(room))
            break
    return kept


BULLET = "•"
_MASKED = re.compile(f"{MASK}|…")


def veiled(text: str) -> str:
    """Return text with its controls made visible, and bullets for what looks like a secret.

    The number of characters stays the same, because the cursor of an input counts them. Everything from the
    first masked part to the last becomes bullets: nothing in between is sure to be harmless.
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
    """Return pasted text without the invisible characters, which no file should hold."""
    return "".join(character for character in text if sanitize(character) == character)
