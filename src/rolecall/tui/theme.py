"""rolecall's own two themes: calm, one accent, four meanings; what makes any other legible; lines in them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from textual.color import Color
from textual.content import Content
from textual.theme import Theme

from rolecall.text import inert
from rolecall.tui.colors import BY_THEME
from rolecall.tui.render.lines import Line
from rolecall.tui.tones import TONE_STYLES

_OF_TEXTUAL = ("primary", "secondary", "accent", "foreground", "background", "surface", "panel")
_OF_STATES = ("success", "warning", "error")


def _theme(name: str, *, dark: bool) -> Theme:
    colors = dict(BY_THEME[name])
    own = {each: colors.pop(each) for each in (*_OF_TEXTUAL, *_OF_STATES)}
    return Theme(name=name, dark=dark, variables=colors, **own)  # type: ignore[arg-type]


DARK, LIGHT = _theme("rolecall-dark", dark=True), _theme("rolecall-light", dark=False)
THEMES = (DARK, LIGHT)

TEXT = 4.5
"""The contrast that text must have on what it is written on (WCAG 2.1, 1.4.3, level AA)."""
_FOREGROUND = 6.5
"""The contrast of undimmed text: above ``TEXT``, so that dimmed text is legible and still looks dimmed."""
_GROUND = 1.25
"""The contrast that a panel or the waiting cursor may have to the background."""
_DIMMED = 0.45
"""The share of the background in dimmed text, where a theme names no colour for it."""
_STEP = 0.05
_TONES = ("accent", "success", "warning", "error")
_ON_THEIR_OWN_GROUND = (
    ("block-cursor-foreground", "block-cursor-background"),
    ("footer-key-foreground", "footer-background"),
    ("footer-description-foreground", "footer-background"),
)


def legible(variables: Mapping[str, str]) -> dict[str, str]:
    """Return a theme's CSS variables, with every tone mixed from its own colours until it can be read.

    Textual's ``$text-muted`` is "auto 60%", which means nothing to a line that no style sheet draws, and the
    accents of its light themes are made for grounds, not for text. A colour that is legible stays as
    it is. Themes in the terminal's own sixteen colours are left alone: what those are is not known here.
    """
    background = Color.parse(variables["background"])
    if background.ansi is not None:
        return dict(variables)
    extreme = _furthest_from(background)
    grounds = [background]
    changed: dict[str, Color] = {}
    for name in ("panel", "block-cursor-blurred-background"):
        ground = background + Color.parse(variables[name])
        changed[name] = _mixed(ground, background, lambda it: contrast(it, background) <= _GROUND)
        grounds.append(changed[name])
    is_text = partial(_stands_out, grounds=grounds, by=TEXT)
    is_foreground = partial(_stands_out, grounds=grounds, by=_FOREGROUND)
    foreground = _mixed(Color.parse(variables["foreground"]), extreme, is_foreground)
    muted = _of_its_own(variables["text-muted"], foreground.blend(background, _DIMMED))
    changed["foreground"] = foreground
    changed["text-muted"] = _mixed(muted, foreground, is_text)
    for name in _TONES:
        changed[name] = _mixed(Color.parse(variables[name]), extreme, is_text)
    for name, ground_name in _ON_THEIR_OWN_GROUND:
        ground = changed.get(ground_name) or background + Color.parse(variables[ground_name])
        furthest = _furthest_from(ground)
        text = _of_its_own(variables[name], furthest)
        changed[name] = _mixed(text, furthest, partial(_stands_out, grounds=[ground], by=TEXT))
    return {**variables, **{name: color.hex for name, color in changed.items()}}


def _stands_out(color: Color, *, grounds: Sequence[Color], by: float) -> bool:
    return all(contrast(color, ground) >= by for ground in grounds)


def _of_its_own(value: str, otherwise: Color) -> Color:
    """Return the colour that a theme names, or another where it leaves that to Textual ("auto 60%")."""
    return otherwise if value.startswith("auto") else Color.parse(value)


def _mixed(color: Color, to: Color, enough: Callable[[Color], bool]) -> Color:
    """Return the first colour that is enough, on the way from one colour to another."""
    for step in range(round(1 / _STEP)):
        mixed = color.blend(to, step * _STEP)
        if enough(mixed):
            return mixed
    return to


def _furthest_from(ground: Color) -> Color:
    """Return white or black, whichever has more contrast: it is 4.58 at the least."""
    return max(Color(255, 255, 255), Color(0, 0, 0), key=lambda color: contrast(color, ground))


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.1)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Color) -> float:
    """Return the relative luminance of a colour, 0 to 1 (WCAG 2.1)."""
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - WCAG's numbers
        for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def content(line: Line) -> Content:
    """Return a line as Textual's Content: never as markup."""
    return Content.assemble(*((each.text, TONE_STYLES[each.tone]) for each in line))


def as_title(text: str) -> str:
    """Return text as a border's title takes it: inert, and no markup even where it looks like some."""
    return inert(text).replace("[", "\\[")
