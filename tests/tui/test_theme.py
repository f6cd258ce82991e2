"""Every theme is legible: what is written stands out from what it is written on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.segment import Segment
from textual.app import App
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from rolecall.tui.theme import DARK, LIGHT, THEMES, legible
from tests.tui.driving import WIDE, running
from tests.tui.worlds import demo_world

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


# Every theme that Textual ships


in_colours_of_its_own = [
    theme for theme in (*BUILTIN_THEMES.values(), *THEMES) if theme.background != "ansi_default"
]
every_theme = pytest.mark.parametrize("theme", in_colours_of_its_own, ids=lambda theme: theme.name)


def variables_of(theme: Theme) -> dict[str, str]:
    return {**theme.to_color_system().generate(), **theme.variables}


@every_theme
@pytest.mark.parametrize("ground", ["background", "panel", "block-cursor-blurred-background"])
def test_every_tone_of_every_theme_can_be_read(theme: Theme, ground: str) -> None:
    colors = legible(variables_of(theme))
    for tone in ("foreground", "text-muted", "accent", "success", "warning", "error"):
        assert contrast(colors[tone], colors[ground]) >= TEXT, tone


@every_theme
def test_dimmed_text_of_every_theme_still_looks_dimmed(theme: Theme) -> None:
    colors = legible(variables_of(theme))
    dimmed, plain = (contrast(colors[it], colors["background"]) for it in ("text-muted", "foreground"))
    assert dimmed * 1.15 <= plain


@every_theme
def test_text_on_its_own_ground_can_be_read_in_every_theme(theme: Theme) -> None:
    colors = legible(variables_of(theme))
    for text, on in PAIRS:
        assert contrast(colors[text], colors[on]) >= TEXT, text


@each_theme
def test_what_is_legible_stays_as_it_is(theme: Theme) -> None:
    before = variables_of(theme)
    assert {name: value.lower() for name, value in legible(before).items()} == {
        name: value.lower() for name, value in before.items()
    }


@pytest.mark.parametrize("theme", [theme for theme in BUILTIN_THEMES.values() if theme.ansi])
def test_the_terminals_own_colours_are_left_alone(theme: Theme) -> None:
    assert legible(variables_of(theme)) == variables_of(theme)


def segments_of(app: App[None]) -> Iterator[Segment]:
    """Yield what is on the screen above the footer, whose greyed keys are faint on purpose."""
    for line in app.screen._compositor.render_strips()[:-1]:
        yield from line


@pytest.mark.long
async def test_every_word_on_the_screen_can_be_read_in_every_theme(tmp_path: Path) -> None:
    async with running(demo_world(tmp_path / "demo"), size=WIDE) as driver:
        for theme in in_colours_of_its_own:
            driver.app.theme = theme.name
            await driver.pilot.pause()
            too_faint = {
                (segment.text, style.color.name, style.bgcolor.name)
                for segment in segments_of(driver.app)
                if (style := segment.style) is not None and style.color and style.bgcolor
                if any(map(str.isalnum, segment.text))
                if contrast(style.color.name, style.bgcolor.name) < TEXT
            }
            assert too_faint == set(), theme.name
