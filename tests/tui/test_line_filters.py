"""A terminal with few colours, or few characters, still gets what they mean."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style
from textual._border import BORDER_CHARS
from textual.color import Color
from textual.scrollbar import ScrollBarRender
from textual.theme import BUILTIN_THEMES, Theme

from rolecall.app_options import Characters, Options
from rolecall.aws.expiry import State
from rolecall.cells import PLAIN_GLYPHS, cell_width
from rolecall.cli.launch import characters_of
from rolecall.tui.app import RolecallApp
from rolecall.tui.line_filters import FewCharacters, FewColors
from rolecall.tui.render.flags import Flag
from rolecall.tui.theme import THEMES, legible
from tests.terminal.pseudo import CLEAR_ESCAPE, rolecall
from tests.tui.driving import WIDE, Driver, running, seen
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


@pytest.mark.long
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
            causes = [style for text, style in drawn if text.strip() in ("▲", "!")]
            assert causes
            assert all((style.bold or style.reverse) and not style.dim for style in causes)
            # what only waits for another is dimmed, its sign too
            ended = [style for text, style in drawn if text.strip() == "✗"]
            assert any(style.bold or style.reverse for style in ended)


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


# Glyphs


def spoken_in(tree: ast.AST) -> Iterator[str]:
    """Yield the texts of a module that are no docstrings."""
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_each_glyph_of_rolecall_has_one_of_ascii() -> None:
    folders = ("tui", "messages", "doctor/rules")
    sources = [path for folder in folders for path in Path("src/rolecall", folder).rglob("*.py")]
    used = {
        character for path in sources for text in spoken_in(ast.parse(path.read_text())) for character in text
    }
    symbols = {
        it for it in used if not it.isascii() and unicodedata.category(it)[0] in "SP" and it.isprintable()
    }
    assert {it for it in symbols if ord(it) not in PLAIN_GLYPHS} == set()


def test_each_border_and_scrollbar_of_textual_has_one_too() -> None:
    borders = {
        character for rows in BORDER_CHARS.values() for row in rows for part in row for character in part
    }
    bars = {*ScrollBarRender.VERTICAL_BARS, *ScrollBarRender.HORIZONTAL_BARS}
    assert {it for it in borders | bars if not it.isascii() and ord(it) not in PLAIN_GLYPHS} == set()


def test_a_glyph_and_what_stands_for_it_are_of_one_width() -> None:
    assert {(cell_width(chr(glyph)), cell_width(plain)) for glyph, plain in PLAIN_GLYPHS.items()} == {(1, 1)}


def test_the_states_and_the_flags_differ() -> None:
    glyphs = [*(state.glyph for state in State), *(flag.glyph for flag in Flag)]
    assert len({glyph.translate(PLAIN_GLYPHS) for glyph in glyphs}) == len(glyphs)


@pytest.mark.parametrize(
    ("characters", "shown"),
    [(Characters.LETTERS, "* caf\u00e9 \u754c -> ?"), (Characters.ASCII, "* caf? ?? -> ?")],
)
def test_letters_stay_where_there_are_some(characters: Characters, shown: str) -> None:
    line = [Segment("● café 界 -▶ ☂", Style())]
    assert FewCharacters(characters).apply(line, Color(0, 0, 0))[0].text == shown


@pytest.mark.long
async def test_all_that_is_drawn_is_ascii(tmp_path: Path) -> None:
    world = demo_world(tmp_path / "demo")
    app = RolecallApp(world.host, options=Options(characters=Characters.ASCII))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        driver = Driver(world, pilot)
        await driver.ready()
        plain = [seen(pilot)]
        for key in ("enter", "w", "exclamation_mark", "question_mark", "y", "colon", "p", "e", "L"):
            await driver.press(key)
            await driver.settle()
            plain.append(seen(pilot))
            await driver.press("escape")
            await driver.settle()
    assert len(set(plain)) == len(plain)
    assert {character for text in plain for character in text if not character.isascii()} == set()


@pytest.mark.parametrize(
    ("environ", "characters"),
    [
        ({}, Characters.ALL),
        ({"LANG": "en_US.UTF-8"}, Characters.ALL),
        ({"LANG": "de_DE.utf8", "TERM": "xterm"}, Characters.ALL),
        ({"LC_CTYPE": "UTF-8"}, Characters.ALL),
        ({"LANG": "C", "LC_CTYPE": "en_US.UTF-8"}, Characters.ALL),
        ({"LANG": "C", "LC_ALL": "C.UTF-8"}, Characters.ALL),
        ({"LC_ALL": "", "LANG": "ja_JP.UTF-8@x"}, Characters.ALL),
        ({"LC_CTYPE": "C.UTF-8"}, Characters.ALL),  # Python's own
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, Characters.ASCII),  # LANG=C, and then Python's own
        ({"LANG": "POSIX"}, Characters.ASCII),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, Characters.ASCII),
        ({"LANG": "de_DE.ISO-8859-1"}, Characters.ASCII),
        ({"LANG": "en_US"}, Characters.ASCII),
        ({"LC_CTYPE": "ru_RU.KOI8-R", "LANG": "en_US.UTF-8"}, Characters.ASCII),
        ({"TERM": "linux"}, Characters.LETTERS),
        ({"TERM": "linux", "LANG": "de_DE.UTF-8"}, Characters.LETTERS),
        ({"TERM": "linux", "LC_ALL": "C"}, Characters.ASCII),
    ],
)
def test_the_locale_and_the_console_say_what_can_be_drawn(
    environ: dict[str, str], characters: Characters
) -> None:
    assert characters_of(environ) is characters


@pytest.mark.terminal
@pytest.mark.parametrize(
    ("options", "environ"),
    [
        (("--ascii",), {}),
        ((), {"LC_ALL": "C"}),
        ((), {"LANG": "C"}),
        ((), {"LANG": "de_DE.ISO-8859-1"}),
        ((), {"TERM": "linux"}),
    ],
)
def test_all_that_is_sent_is_ascii(options: tuple[str, ...], environ: dict[str, str]) -> None:
    with rolecall(*options, "demo", environ=environ) as terminal:
        terminal.wait_for("5 Cache")
        terminal.type("!")
        terminal.wait_for("- Findings -")
        terminal.type(CLEAR_ESCAPE, "q")
        terminal.finish()
        assert bytes(terminal.raw).isascii()
