"""What it looks like. The pictures are accepted by eye; structure is tested in tests/tui.

Where a look was changed on purpose: ``pytest tests/screens --snapshot-update``, then look at each picture
that changed before it is committed.
"""

import pytest
from textual.widgets import Input

from tests.screens.pictures import MEDIUM, SMALL, Compare, at_every_size, in_both_themes, is_as_before
from tests.tui.driving import Driver
from tests.tui.worlds import World, keys


async def to_prod_deploy(app: Driver) -> None:
    await app.choose("prod-deploy")


async def to_a_loop(app: Driver) -> None:
    await app.choose("blue")


async def to_the_inspector(app: Driver) -> None:
    await app.choose("prod-deploy")
    await app.act("inspect")


async def to_a_variable(app: Driver) -> None:
    await app.act("pane('environment')")
    await app.act("inspect")


async def to_a_damaged_file(app: Driver) -> None:
    await app.act("pane('cache')")
    await app.act("inspect")


async def to_the_help(app: Driver) -> None:
    await app.act("help")


async def to_the_copy_menu(app: Driver) -> None:
    await app.choose("prod-deploy")
    await app.act("copy")


async def to_the_filter(app: Driver) -> None:
    await app.type_filter("prod")
    app.main.query_one("#filter", Input).cursor_blink = False


async def to_marks(app: Driver) -> None:
    for name in ("dev", "staging"):
        await app.choose(name)
        await app.act("mark")


async def to_the_palette(app: Driver) -> None:
    await app.act("app.command_palette")
    app.app.screen.query_one(Input).cursor_blink = False
    await app.settle()


async def to_the_cache_alone(app: Driver) -> None:
    await app.act("pane('cache')")
    await app.act("maximise")


async def to_accounts(app: Driver) -> None:
    await app.act("regroup")


@pytest.mark.long
@in_both_themes
@at_every_size
def test_the_main_screen(snap_compare: Compare, demo: World, size: tuple[int, int], theme: str) -> None:
    assert is_as_before(snap_compare, demo, size, to_prod_deploy, theme)


@pytest.mark.pictures
@pytest.mark.parametrize("theme", ["nord", "gruvbox", "solarized-light", "textual-light"])
def test_the_main_screen_in_themes_of_others(snap_compare: Compare, demo: World, theme: str) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, to_prod_deploy, theme)


@at_every_size
def test_a_loop(snap_compare: Compare, demo: World, size: tuple[int, int]) -> None:
    assert is_as_before(snap_compare, demo, size, to_a_loop)


@pytest.mark.long
@in_both_themes
def test_the_inspector(snap_compare: Compare, demo: World, theme: str) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, to_the_inspector, theme)


@pytest.mark.long
def test_the_inspector_in_little_room(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, SMALL, to_the_inspector)


def test_the_inspector_of_a_variable(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, to_a_variable)


@pytest.mark.long
def test_the_inspector_of_a_damaged_file(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, to_a_damaged_file)


@pytest.mark.long
def test_the_help(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, to_the_help)


def test_the_copy_menu(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, SMALL, to_the_copy_menu)


def test_the_filter(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, SMALL, to_the_filter)


@pytest.mark.long
def test_marks(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, to_marks)


def test_by_account(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, to_accounts)


def test_a_maximised_pane(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, to_the_cache_alone)


def test_the_palette(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, MEDIUM, to_the_palette)


def test_very_little_room(snap_compare: Compare, demo: World) -> None:
    assert is_as_before(snap_compare, demo, (20, 5))


@in_both_themes
def test_the_first_run(snap_compare: Compare, empty: World, theme: str) -> None:
    assert is_as_before(snap_compare, empty, SMALL, theme=theme)


def test_a_file_that_does_not_parse(snap_compare: Compare, empty: World) -> None:
    world = empty.write("[profile a]\nregion = eu-west-1\n[profile b\n", keys("a"))
    assert is_as_before(snap_compare, world, SMALL)


@pytest.mark.long
def test_without_colour(snap_compare: Compare, demo: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert is_as_before(snap_compare, demo, MEDIUM, to_prod_deploy)
