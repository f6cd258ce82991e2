"""The first frame, cell by cell, beside what Textual draws first."""

import re
from collections.abc import Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING

import pyte
import pytest
from rich.color import ColorType
from rich.style import Style

from rolecall.app_options import Characters, Options
from rolecall.tui import colors, first_frame
from rolecall.tui.app import RolecallApp
from rolecall.tui.memory import Memory
from rolecall.tui.screens.main import MainScreen
from rolecall.tui.theme import DARK, LIGHT, legible
from tests.tui.worlds import World

if TYPE_CHECKING:
    from rolecall.aws.snapshot import Snapshot

SIZES = ((80, 24), (120, 40), (200, 60))
Cell = tuple[str, str, str, bool]
"""What is seen of a cell: its character, its colour, the colour behind it, whether it is bold."""


def many(number: int) -> str:
    """Return a config with more profiles than there are lines, some of them roles over the first."""
    keys = "[profile hub]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = CANARY\n"
    roles = (
        f"[profile role-{index}]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = hub\n"
        for index in range(number)
    )
    return keys + "".join(roles)


def cell(text: str, color: str, ground: str, *, is_bold: bool) -> Cell:
    """Return what is seen of a cell: of a blank, only what is behind it."""
    return (text, "", ground, False) if text == " " else (text, color, ground, is_bold)


def written(frame: str, size: tuple[int, int]) -> list[list[Cell]]:
    """Return the cells of a terminal to which a frame was written."""
    screen = pyte.Screen(*size)
    pyte.Stream(screen).feed(frame)
    rows = (screen.buffer[y] for y in range(size[1]))
    return [
        [cell(each.data, each.fg, each.bg, is_bold=each.bold) for each in (row[x] for x in range(size[0]))]
        for row in rows
    ]


def drawn(app: RolecallApp) -> list[list[Cell]]:
    """Return the cells that Textual has drawn."""
    return [list(cells_of(strip)) for strip in app.screen._compositor.render_strips()]


def cells_of(strip: object) -> Iterator[Cell]:
    for text, style, _ in strip:  # type: ignore[attr-defined]
        color, ground = hexadecimal(style, "color"), hexadecimal(style, "bgcolor")
        if style.reverse:
            color, ground = ground, color
        for sign in text:
            yield cell(sign, color, ground, is_bold=bool(style.bold))


def hexadecimal(style: Style, name: str) -> str:
    color = getattr(style, name)
    return color.triplet.hex[1:] if color is not None and color.type is ColorType.TRUECOLOR else ""


async def first_of_textual(
    world: World, memory: Memory, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> list[list[Cell]]:
    """Return the first frame of the app itself, before it has brought the panes."""

    async def nothing(_: MainScreen) -> None:
        pass

    monkeypatch.setattr(MainScreen, "_mount_rest", nothing)
    first: Future[Snapshot] = Future()
    first.set_result(world.snapshot())
    app = RolecallApp(world.host, first, memory=memory)
    async with app.run_test(size=size):
        return drawn(app)


def assert_same(ours: list[list[Cell]], theirs: list[list[Cell]]) -> None:
    for y, (line, other) in enumerate(zip(ours, theirs, strict=True)):
        differing = [(x, *both) for x, both in enumerate(zip(line, other, strict=True)) if both[0] != both[1]]
        assert not differing, f"line {y}: {differing[:5]}"


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40", "200x60"])
@pytest.mark.parametrize("theme", ["rolecall-dark", "rolecall-light"])
async def test_it_is_what_textual_draws_first(
    demo: World, theme: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Memory({"theme": theme})
    frame = first_frame.frame(demo.snapshot(), demo.clock(), memory.values, size)
    assert frame is not None
    assert_same(written(frame, size), await first_of_textual(demo, memory, size, monkeypatch))


@pytest.mark.parametrize(
    ("size", "cursor"),
    [((80, 24), "hub"), ((80, 24), "role-40"), ((120, 40), "role-89"), ((200, 60), "role-60")],
)
async def test_so_it_is_where_the_tree_is_longer_than_the_screen(
    empty: World, size: tuple[int, int], cursor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = empty.write(many(90))
    memory = Memory({"cursor": f"profile:{cursor}"})
    frame = first_frame.frame(world.snapshot(), world.clock(), memory.values, size)
    assert frame is not None
    assert_same(written(frame, size), await first_of_textual(world, memory, size, monkeypatch))


async def test_so_it_is_with_folds(demo: World, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory({"folded": ["profile:base", "session:corp", 7], "unfolded": ["group:broken"]})
    frame = first_frame.frame(demo.snapshot(), demo.clock(), memory.values, (120, 40))
    assert frame is not None
    assert_same(written(frame, (120, 40)), await first_of_textual(demo, memory, (120, 40), monkeypatch))


@pytest.mark.parametrize(
    "remembered",
    [{"theme": "nord"}, {"grouping": "flat"}, {"sort": "name"}, {"reversed": True}],
    ids=lambda each: next(iter(each)),
)
def test_it_is_left_out_where_it_would_look_otherwise(demo: World, remembered: dict[str, object]) -> None:
    assert first_frame.frame(demo.snapshot(), demo.clock(), remembered, (120, 40)) is None


@pytest.mark.parametrize("config", ["", "no section\n", "[services x]\n"])
def test_it_is_left_out_where_there_are_no_profiles(empty: World, config: str) -> None:
    world = empty.write(config)
    assert first_frame.frame(world.snapshot(), world.clock(), {}, (120, 40)) is None


TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make all streams a terminal of 120x40."""
    monkeypatch.setattr("os.isatty", lambda _: True)
    monkeypatch.setattr("os.get_terminal_size", lambda _: __import__("os").terminal_size((120, 40)))


@pytest.mark.usefixtures("terminal")
def test_a_terminal_with_all_colours_has_room_for_it() -> None:
    assert first_frame.room(TERMINAL, Options()) == (120, 40)
    assert first_frame.room(TERMINAL, Options(emits="bash")) == (120, 40)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    "environ",
    [
        {"NO_COLOR": "1"},
        {"COLORTERM": ""},
        {"TERM": "dumb"},
        {"TERM": ""},
        {"TERM": "linux"},
        {"COLUMNS": "80"},
        {"TEXTUAL_COLOR_SYSTEM": "256"},
        {"TEXTUAL_THEME": "nord"},
    ],
    ids=str,
)
def test_it_is_left_out_where_the_terminal_is_another(environ: dict[str, str]) -> None:
    assert first_frame.room({**TERMINAL, **environ}, Options()) is None


@pytest.mark.usefixtures("terminal")
def test_it_is_left_out_in_ascii() -> None:
    assert first_frame.room(TERMINAL, Options(characters=Characters.ASCII)) is None


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("size", [(59, 40), (120, 17)])
def test_it_is_left_out_in_a_small_window(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.get_terminal_size", lambda _: __import__("os").terminal_size(size))
    assert first_frame.room(TERMINAL, Options()) is None


def test_the_colours_are_those_that_textual_makes_of_the_themes() -> None:
    for theme in (DARK, LIGHT):
        made = legible({**theme.to_color_system().generate(), **theme.variables})
        for name, color in colors.DRAWN[theme.name].items():
            assert re.fullmatch("#[0-9a-f]{6}", color)
            assert made[name].lower() == color, name
