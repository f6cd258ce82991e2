"""Colours keep their meaning where a terminal has sixteen of them, or is to get none."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from rolecall.tui.app import RolecallApp
from rolecall.tui.few_colors import FewColors
from rolecall.tui.theme import THEMES, legible
from tests.terminal.pseudo import CLEAR_ESCAPE, rolecall
from tests.tui.driving import Driver, running
from tests.tui.worlds import demo_world

ALL = (*BUILTIN_THEMES.values(), *THEMES)
every_theme = pytest.mark.parametrize("theme", ALL, ids=lambda theme: theme.name)
in_own_colours = pytest.mark.parametrize("theme", [it for it in ALL if not it.ansi], ids=lambda it: it.name)
_COLOUR = re.compile(rb"\x1b\[(?:[\d;]*;)?(?:3[0-9]|4[0-9]|9[0-7]|10[0-7])(?:;[\d;]*)?m")


def replaced(theme: Theme, tone: str, *, colored: bool, on: str = "background") -> Style:
    """Return what stands for a tone of a theme."""
    variables = legible({**theme.to_color_system().generate(), **theme.variables})
    color, ground = (Color.parse(variables[name].split()[0]).rich_color for name in (tone, on))
    line = [Segment("x", Style(color=color, bgcolor=ground))]
    style = FewColors(variables, colored=colored).apply(line, Color(0, 0, 0))[0].style
    assert style is not None
    return style


@every_theme
@pytest.mark.parametrize("tone", ["foreground", "accent", "success", "warning", "error", "border"])
def test_without_colours_none_is_left(theme: Theme, tone: str) -> None:
    style = replaced(theme, tone, colored=False)
    assert (style.color, style.bgcolor) == (None, None)


@in_own_colours
@pytest.mark.parametrize("colored", [True, False])
def test_an_error_is_never_dimmer_than_what_is_well(theme: Theme, *, colored: bool) -> None:
    assert replaced(theme, "error", colored=colored).bold
    for tone in ("error", "warning", "success", "foreground"):
        assert not replaced(theme, tone, colored=colored).dim, tone
    assert replaced(theme, "text-muted", colored=colored).dim


@in_own_colours
def test_the_four_meanings_differ_in_sixteen_colours(theme: Theme) -> None:
    tones = ("foreground", "success", "warning", "error")
    assert len({str(replaced(theme, tone, colored=True).color) for tone in tones}) == len(tones)


@in_own_colours
@pytest.mark.parametrize("colored", [True, False])
def test_the_cursor_is_seen(theme: Theme, *, colored: bool) -> None:
    cursor = replaced(theme, "block-cursor-foreground", colored=colored, on="block-cursor-background")
    assert cursor.reverse
    waiting = replaced(theme, "foreground", colored=colored, on="block-cursor-blurred-background")
    assert waiting.underline


def styles_of(driver: Driver) -> Iterator[tuple[str, Style]]:
    for strip in driver.app.screen._compositor.render_strips():
        for text, style, _ in strip:
            if style is not None and text.strip():
                yield text, style


async def test_no_colour_asked_for_is_no_colour_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(demo_world(tmp_path / "demo")) as driver:
        for theme in ("rolecall-light", "nord", "ansi-dark"):
            driver.app.theme = theme
            await driver.settle()
            drawn = list(styles_of(driver))
            assert {(style.color, style.bgcolor) for _, style in drawn} == {(None, None)}
            errors = [style for text, style in drawn if text.strip() in ("✗", "▲", "!")]
            assert errors
            assert all(style.bold or style.reverse for style in errors)
            assert [it for it in drawn if it[0].strip() in ("✗", "▲", "!") and it[1].dim] == []


async def test_an_empty_variable_asks_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    async with running(demo_world(tmp_path / "demo")) as driver:
        drawn = {style.color.triplet for _, style in styles_of(driver) if style.color and style.color.triplet}
    assert any(len(set(triplet)) > 1 for triplet in drawn)


async def test_sixteen_colours_are_the_terminals_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RolecallApp, "has_sixteen_colors", True)
    async with running(demo_world(tmp_path / "demo")) as driver:
        driver.app.theme = "rolecall-light"
        await driver.settle()
        drawn = list(styles_of(driver))
        assert not any(style.color and style.color.triplet for _, style in drawn)
        valid = {str(style.color) for text, style in drawn if text.startswith("●") and not style.reverse}
        expired = {str(style.color) for text, style in drawn if text.startswith("✗") and not style.reverse}
        assert "green" in str(valid)
        assert "bright_red" in str(expired)
        assert "green" not in str(expired)


@pytest.mark.terminal
def test_no_colour_is_sent() -> None:
    with rolecall("demo", environ={"NO_COLOR": "1"}) as terminal:
        terminal.wait_for("5 Cache")
        for key, words in (("!", "Findings ─"), ("?", "Help ─"), ("w", "Why")):
            terminal.type(key)
            terminal.wait_for(words)
            terminal.type(CLEAR_ESCAPE)
        terminal.type("q")
        terminal.finish()
        assert set(_COLOUR.findall(bytes(terminal.raw))) == set()
