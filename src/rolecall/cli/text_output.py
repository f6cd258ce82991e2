"""Text for a person on stdout: what the terminal can show, and tables that fit it."""

import os
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TextIO, TypeAlias

from rolecall.app_options import Characters
from rolecall.aws.expiry import State
from rolecall.cells import PLAIN_GLYPHS, abbreviate, cell_width, cut_end, wrap
from rolecall.cli.output import PLAIN_TEXT
from rolecall.masking import ELLIPSIS
from rolecall.text import sanitize
from rolecall.values import dataclass

USUAL_WIDTH = 80
"""Cells, if a terminal does not say."""

_COLOURS = {
    State.VALID: "32",
    State.RENEWING: "33",
    State.EXPIRED: "31",
    State.BROKEN: "1;31",
}
_OURS = "".join(state.glyph for state in State) + "…•→"


@dataclass(frozen=True, slots=True)
class Terminal:
    """What stdout can show.

    Attributes:
        width: in cells; None if it is not a terminal, and nothing is cut.
        has_colour: whether states are shown in colour.
        encoding: of the stream.
        has_glyphs: whether rolecall's own characters can be printed; else ASCII is used.
    """

    width: int | None
    has_colour: bool
    encoding: str
    has_glyphs: bool

    @classmethod
    def of(
        cls, stream: TextIO | None, environ: Mapping[str, str], characters: Characters = Characters.ALL
    ) -> "Terminal":
        """Look at a stream, and at COLUMNS, NO_COLOR and FORCE_COLOR (https://no-color.org) and TERM.

        NO_COLOR counts for more, as in Python itself.

        Args:
            stream: what is printed to.
            environ: the environment.
            characters: those that the app would draw. Into a file or a pipe go letters of every language.
        """
        is_terminal = stream is not None and stream.isatty()
        encoding = getattr(stream, "encoding", None) or "utf-8"
        if is_terminal and characters is Characters.ASCII and encoding.lower().startswith("utf"):
            encoding = "ascii"  # where the locale is C, UTF-8 is Python's choice, not the terminal's
        may_have_colour = is_terminal and environ.get("TERM") != "dumb"
        return cls(
            width=_columns(stream, environ) if stream is not None and is_terminal else None,
            has_colour=not environ.get("NO_COLOR") and (may_have_colour or bool(environ.get("FORCE_COLOR"))),
            encoding=encoding,
            has_glyphs=characters is Characters.ALL and _encodable(_OURS, encoding) == _OURS,
        )

    def clean(self, text: str) -> str:
        """Return a text without control characters, and with only characters that the encoding has."""
        text = sanitize(text)
        if text.isascii():
            return text
        if not self.has_glyphs:
            text = text.translate(PLAIN_TEXT)
        return _encodable(text, self.encoding)

    def state(self, state: State) -> str:
        """Return a state's glyph and word."""
        return f"{self.clean(state.glyph)} {state}"

    def paint(self, text: str, state: State | None) -> str:
        """Return a text in the colour of a state, if it has one."""
        colour = _COLOURS.get(state) if self.has_colour and state is not None else None
        return f"\x1b[{colour}m{text}\x1b[0m" if colour else text

    @property
    def mark(self) -> str:
        """The mark where something was cut out."""
        return ELLIPSIS if self.has_glyphs else ELLIPSIS.translate(PLAIN_GLYPHS)


def _encodable(text: str, encoding: str) -> str:
    try:
        return text.encode(encoding, "replace").decode(encoding)
    except LookupError:
        return text.encode("ascii", "replace").decode("ascii")


def _columns(stream: TextIO, environ: Mapping[str, str]) -> int:
    try:
        given = int(environ.get("COLUMNS", ""))
    except ValueError:
        given = 0
    if given > 0:
        return given
    try:
        return os.get_terminal_size(stream.fileno()).columns or USUAL_WIDTH
    except (OSError, ValueError):
        return USUAL_WIDTH


GAP = "  "
NOTHING = "-"
"""The text of an empty cell, so that a column is never mistaken for the next one."""
EMPTY = '""'
"""The text of a value that is set and empty."""
WIDEST_PADDING = 60
"""Cells that a column is padded to at most where nothing is cut: one long name must not move the rest."""


class Fit(StrEnum):
    """How a column's values are aligned, and cut if there is no room."""

    END = "cut at the end"
    MIDDLE = "cut in the middle, two different values never to the same"
    WRAP = "wrapped"
    RIGHT = "aligned right, cut last"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        title: its heading.
        fit: how its values are aligned and cut.
        least: its least width in cells.
        expendable: if there is no room for all, the column with the highest number is left out; never 0.
    """

    title: str
    fit: Fit = Fit.END
    least: int = 8
    expendable: int = 0


MOST_NAMES = 2
"""Names in a cell of a terminal's table; of more, one is named and the others are counted."""


def counted_names(every: Sequence[str], terminal: Terminal) -> str:
    """Return names for one cell: all of them where nothing is cut, else the first and a number."""
    if terminal.width is None or len(every) <= MOST_NAMES:
        return ", ".join(every)
    return f"{every[0]} and {len(every) - 1} more"


Cell: TypeAlias = str | State | None
"""A text, a state, or nothing."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """The text of a cell, and the state that colours it."""

    text: str
    state: State | None = None


def table(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], terminal: Terminal) -> list[str]:
    """Return the lines of a table, its headings first."""
    shown = [[_Shown(column.title) for column in columns]]
    shown += [[_show(cell, terminal) for cell in row] for row in rows]
    natural = [max(cell_width(cell.text) for cell in column) for column in zip(*shown, strict=True)]
    widths = _widths(columns, natural, terminal.width)
    if terminal.width is not None:
        shown = _cut_in_the_middle(columns, shown, widths, terminal)
    return [line for row in shown for line in _lines(columns, row, widths, terminal)]


def _cut_in_the_middle(
    columns: Sequence[Column], rows: list[list[_Shown]], widths: dict[int, int], terminal: Terminal
) -> list[list[_Shown]]:
    """Cut what is too long in such a column, so that no two different values look the same."""
    for index, width in widths.items():
        if columns[index].fit is Fit.MIDDLE:
            texts = abbreviate((row[index].text for row in rows), width, terminal.mark)
            for row in rows:
                row[index] = _Shown(texts[row[index].text], row[index].state)
    return rows


def _show(cell: Cell, terminal: Terminal) -> _Shown:
    if isinstance(cell, State):
        return _Shown(terminal.state(cell), cell)
    return _Shown(terminal.clean(cell) if cell else NOTHING)


def _widths(columns: Sequence[Column], natural: list[int], room: int | None) -> dict[int, int]:
    """Return the width of each column that is shown, by its number."""
    if room is None:
        return {index: min(wanted, WIDEST_PADDING) for index, wanted in enumerate(natural)}
    kept = {
        index: _least(column, wanted)
        for index, (column, wanted) in enumerate(zip(columns, natural, strict=True))
    }
    while (spare := room - sum(kept.values()) - len(GAP) * (len(kept) - 1)) < 0:
        first = max(kept, key=lambda index: columns[index].expendable)
        if not columns[first].expendable:
            return _squeezed(kept, -spare)
        del kept[first]
    return _shared_out(kept, natural, spare)


def _least(column: Column, natural: int) -> int:
    return natural if column.fit is Fit.RIGHT else min(natural, max(column.least, len(column.title)))


def _shared_out(widths: dict[int, int], natural: list[int], spare: int) -> dict[int, int]:
    """Give the spare cells to the columns that need them, first to those that need least."""
    shared = dict(widths)
    for served, index in enumerate(sorted(widths, key=lambda index: natural[index] - widths[index])):
        more = min(natural[index] - widths[index], spare // (len(widths) - served))
        shared[index] += more
        spare -= more
    return shared


def _squeezed(widths: dict[int, int], excess: int) -> dict[int, int]:
    """Take the excess from the widest columns; in a few cells nothing fits anyway."""
    squeezed = dict(widths)
    for _ in range(excess):
        widest = max(squeezed, key=lambda index: squeezed[index])
        squeezed[widest] = max(squeezed[widest] - 1, 1)
    return squeezed


def _lines(
    columns: Sequence[Column], row: list[_Shown], widths: dict[int, int], terminal: Terminal
) -> list[str]:
    """Return a row's line, or its lines if a value is wrapped."""
    pieces = {index: _pieces(columns[index], row[index], widths[index], terminal) for index in widths}
    height = max(len(piece) for piece in pieces.values())
    return [
        GAP.join(
            _set(columns[index], dict(enumerate(piece)).get(number, _Shown("")), widths[index], terminal)
            for index, piece in pieces.items()
        ).rstrip()
        for number in range(height)
    ]


def _pieces(column: Column, cell: _Shown, room: int, terminal: Terminal) -> list[_Shown]:
    if terminal.width is None:
        return [cell]
    if column.fit is Fit.WRAP:
        return [_Shown(text, cell.state) for text in wrap(cell.text, room)]
    return [_Shown(cut_end(cell.text, room, terminal.mark), cell.state)]


def _set(column: Column, cell: _Shown, room: int, terminal: Terminal) -> str:
    filling = " " * (room - cell_width(cell.text))
    text = terminal.paint(cell.text, cell.state)
    return filling + text if column.fit is Fit.RIGHT else text + filling
