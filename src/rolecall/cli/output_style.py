"""What stdout is: how wide, how colourful, and which characters it can show."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

from rolecall.aws.expiry import State
from rolecall.text import sanitize

USUAL_WIDTH = 80
"""Cells, where a terminal does not tell."""

_COLOURS = {
    State.VALID: "32",
    State.RENEWING: "33",
    State.EXPIRED: "31",
    State.BROKEN: "1;31",
}
_PLAIN_GLYPHS = {
    State.PERMANENT: "=",
    State.VALID: "*",
    State.RENEWING: "~",
    State.EXPIRED: "x",
    State.RENEWABLE: "@",
    State.IDLE: "o",
    State.UNKNOWN: "?",
    State.BROKEN: "!",
}
_PLAIN_CHARACTERS = str.maketrans({"…": "...", "•": "*", "→": "->"})
_OURS = "".join(state.glyph for state in State) + "…•→"


@dataclass(frozen=True, slots=True)
class Terminal:
    """What is known of stdout.

    Attributes:
        width: in cells; None where it is no terminal, and nothing is to be cut.
        has_colour: whether the four states that have a colour are shown in it.
        encoding: of the stream.
        has_glyphs: whether the encoding holds rolecall's own characters; else ASCII stands in for them.
    """

    width: int | None
    has_colour: bool
    encoding: str
    has_glyphs: bool

    @classmethod
    def of(cls, stream: TextIO | None, environ: Mapping[str, str]) -> "Terminal":
        """Look at a stream; COLUMNS, NO_COLOR (https://no-color.org) and TERM have their say."""
        is_terminal = stream is not None and stream.isatty()
        encoding = getattr(stream, "encoding", None) or "utf-8"
        return cls(
            width=_columns(stream, environ) if stream is not None and is_terminal else None,
            has_colour=is_terminal and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb",
            encoding=encoding,
            has_glyphs=_encodable(_OURS, encoding) == _OURS,
        )

    def clean(self, text: str) -> str:
        """Return a text with nothing in it that could harm, hide or not be shown."""
        text = sanitize(text)
        if text.isascii():
            return text
        if not self.has_glyphs:
            text = text.translate(_PLAIN_CHARACTERS)
        return _encodable(text, self.encoding)

    def state(self, state: State) -> str:
        """Return a state as its glyph and its word."""
        return f"{state.glyph if self.has_glyphs else _PLAIN_GLYPHS[state]} {state}"

    def paint(self, text: str, state: State | None) -> str:
        """Return a text in the colour of a state, where there is one."""
        colour = _COLOURS.get(state) if self.has_colour and state is not None else None
        return f"\x1b[{colour}m{text}\x1b[0m" if colour else text

    @property
    def mark(self) -> str:
        """What stands where something was cut out."""
        return "…" if self.has_glyphs else "~"


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
