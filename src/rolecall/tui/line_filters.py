"""What is sent instead of a line to a terminal with few colours, or few characters."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from rolecall.app_options import Characters
from rolecall.cells import PLAIN_GLYPHS, cell_width
from rolecall.tui.theme import TEXT, contrast

_TONES = {
    "error": Style(color="bright_red", bold=True),
    "warning": Style(color="yellow"),
    "success": Style(color="green"),
    "accent": Style(color="cyan", bold=True),
    "footer-key-foreground": Style(color="cyan", bold=True),
    "foreground": Style(),
    "text-muted": Style(dim=True),
    "border": Style(dim=True),
}
"""What stands for the colour of text. Without colours the attributes are left: an error is bold, not dim."""
_GROUNDS = {
    "background": Style(),
    "panel": Style(),
    "block-cursor-background": Style(reverse=True, bold=True),
    "block-cursor-blurred-background": Style(underline=True),
    "scrollbar": Style(reverse=True, dim=True),
}
"""What stands for the colour behind text."""
_STANDS_OUT = 3.0
"""The contrast to the background from which on another ground is shown (WCAG 2.1, 1.4.11)."""


class FewColors(LineFilter):
    """Replaces each colour of a theme by what it means, in the terminal's sixteen or in none (NO_COLOR).

    Textual would send the nearest of the sixteen, which makes what is valid as grey as what is dimmed, or
    shades of grey in which an error is fainter than what is well.
    """

    def __init__(self, variables: Mapping[str, str], *, colored: bool) -> None:
        """Make the filter.

        Args:
            variables: the CSS variables of the theme, as they are drawn.
            colored: whether the terminal gets its own sixteen colours; else none.
        """
        super().__init__()
        self._tones = _by_color(variables, _TONES)
        self._grounds = _by_color(variables, _GROUNDS)
        self._background = Color.parse(variables["background"])
        self._colored = colored
        self._of = lru_cache(1024)(self._replaced)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's
        """Replace the colours of a line (called by Textual)."""
        return [
            Segment(text, self._of(style) if style else None, control) for text, style, control in segments
        ]

    def _replaced(self, style: Style) -> Style:
        ground = self._ground(Color.from_rich_color(style.bgcolor)) if style.bgcolor else Style()
        tone = self._tone(Color.from_rich_color(style.color)) if style.color else Style()
        if ground.reverse or style.reverse:
            tone = Style()  # a tone that is chosen to be read on the background, not as one
        merged = tone + style.without_color + ground
        return merged if self._colored else merged.without_color

    def _tone(self, color: Color) -> Style:
        known = self._tones.get(_key(color))
        if known is not None or color.ansi is not None:
            return known or Style()
        return Style(dim=True) if self._is_faint(color, TEXT) else Style()

    def _ground(self, color: Color) -> Style:
        known = self._grounds.get(_key(color))
        if known is not None or color.ansi is not None:
            return known or Style(reverse=color.ansi not in (None, -1))
        return Style() if self._is_faint(color, _STANDS_OUT) else Style(reverse=True)

    def _is_faint(self, color: Color, least: float) -> bool:
        return self._background.ansi is None and contrast(color, self._background) < least


_Key = tuple[int, int, int] | int
"""A colour, without what makes two of the terminal's own look different: how they are written."""


def _key(color: Color) -> _Key:
    return color.ansi if color.ansi is not None else (color.r, color.g, color.b)


def _by_color(variables: Mapping[str, str], meanings: Mapping[str, Style]) -> dict[_Key, Style]:
    """Return what stands for each colour; of two meanings with one colour, the first."""
    # "ansi_default 50%" is a colour with its share
    return {
        _key(Color.parse(variables[name].split()[0])): meanings[name] for name in reversed(list(meanings))
    }


class FewCharacters(LineFilter):
    """Replaces glyphs by ASCII, each by one of its width: nothing moves."""

    def __init__(self, characters: Characters) -> None:
        super().__init__()
        self._has_letters = characters is Characters.LETTERS

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's
        """Replace the characters of a line (called by Textual)."""
        return [Segment(self._plain(text), style, control) for text, style, control in segments]

    def _plain(self, text: str) -> str:
        if text.isascii():
            return text
        return "".join(map(self._known, text.translate(PLAIN_GLYPHS)))

    def _known(self, character: str) -> str:
        is_letter = unicodedata.category(character)[0] in "LMN"
        if character.isascii() or (is_letter and self._has_letters):
            return character
        return "?" * cell_width(character)
