"""Both themes are legible: what is written stands out from what it is written on."""

import pytest
from textual.color import Color
from textual.theme import Theme

from rolecall.tui.theme import DARK, LIGHT, THEMES

TEXT, LARGE = 4.5, 3.0
"""The contrast that WCAG asks for: of text, and of what is only to be made out."""

each_theme = pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
PAIRS = (
    ("block-cursor-foreground", "block-cursor-background"),
    ("footer-key-foreground", "footer-background"),
    ("footer-description-foreground", "footer-background"),
)


def contrast(one: str | None, other: str | None) -> float:
    assert one is not None
    assert other is not None
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
             for part in Color.parse(color).normalized]  # fmt: skip
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_there_is_a_dark_one_and_a_light_one() -> None:
    assert (DARK.dark, LIGHT.dark) == (True, False)
    assert DARK.variables.keys() == LIGHT.variables.keys()


@each_theme
@pytest.mark.parametrize("tone", ["foreground", "accent", "success", "warning", "error"])
def test_every_tone_can_be_read(theme: Theme, tone: str) -> None:
    assert contrast(getattr(theme, tone), theme.background) >= TEXT
    assert contrast(getattr(theme, tone), theme.panel) >= LARGE


@each_theme
def test_dimmed_text_can_still_be_read(theme: Theme) -> None:
    assert contrast(theme.variables["text-muted"], theme.background) >= TEXT


@each_theme
@pytest.mark.parametrize(("text", "on"), PAIRS)
def test_text_on_its_own_ground_can_be_read(theme: Theme, text: str, on: str) -> None:
    assert contrast(theme.variables[text], theme.variables[on]) >= TEXT


@each_theme
@pytest.mark.parametrize("tone", ["success", "warning", "error", "accent"])
@pytest.mark.parametrize("cursor", ["block-cursor-background", "block-cursor-blurred-background"])
def test_every_tone_can_be_made_out_under_the_cursor(theme: Theme, tone: str, cursor: str) -> None:
    assert contrast(getattr(theme, tone), theme.variables[cursor]) >= LARGE


@each_theme
def test_the_four_meanings_and_the_accent_differ(theme: Theme) -> None:
    tones = [theme.success, theme.warning, theme.error, theme.accent, theme.foreground]
    assert len(set(tones)) == len(tones)
