"""The palette has every command by a name of the form "noun: verb", with its key, and every profile."""

import pytest
from textual.widgets import Input

from rolecall.tui.commands import COMMANDS
from rolecall.tui.render.tree import Grouping
from rolecall.tui.screens.palette import (
    NOT_NOW,
    Entries,
    Entry,
    ListScreen,
    ThemeScreen,
    matching,
    palette_entries,
)
from tests.tui.driving import SMALL_SIZES, Driver, running, text_of
from tests.tui.worlds import World


async def opened(app: Driver, key: str = "colon") -> ListScreen:
    await app.press(key)
    screen = app.app.screen
    assert isinstance(screen, ListScreen)
    return screen


def lines(screen: ListScreen) -> list[str]:
    return [text_of(screen.list.lay_out(entry, 80)) for entry in screen.list.items]


async def test_it_lists_every_command_at_first_each_on_a_line_with_its_key(
    demo: World,
) -> None:
    async with running(demo) as app:
        screen = await opened(app)
        found = lines(screen)
        named = [command for command in COMMANDS if command.palette]
        assert len(found) == len(named)
        for command, line in zip(named, found, strict=True):
            assert line.startswith(str(command.palette)[:30])
            if screen.list.items[found.index(line)].obstacle is None:
                assert line.rstrip().endswith(command.keys)
        assert "─ Commands ─" in app.seen()


async def test_it_opens_by_ctrl_p_too_and_esc_comes_back(demo: World) -> None:
    async with running(demo) as app:
        screen = await opened(app, "ctrl+p")
        await app.press(*"group", "escape")
        assert app.app.screen is app.main
        assert screen.input.value == "group"


@pytest.mark.parametrize("width", [70, 72, 100, 140])
def test_no_text_of_it_is_cut(width: int) -> None:
    why = "There is no profile under the cursor."
    for command in COMMANDS:
        if command.palette:
            entry = Entry(command.id, command.palette, command.keys, why)
            line = text_of(Entries().lay_out(entry, width)).rstrip()
            assert line.startswith(command.palette)
            assert line.endswith((why, NOT_NOW))
            assert "…" not in line


async def test_what_is_chosen_is_done(demo: World) -> None:
    async with running(demo) as app:
        await opened(app)
        app.app.screen.query_one(Input).value = "profiles: group"
        await app.settle()
        await app.press("enter")
        await app.until(lambda: app.tree.grouping is Grouping.ACCOUNT)


async def test_it_finds_a_profile_by_its_name_and_goes_there(demo: World) -> None:
    async with running(demo) as app:
        screen = await opened(app)
        app.app.screen.query_one(Input).value = "partner-audit"
        await app.settle()
        assert [entry.title for entry in screen.list.items] == ["go to partner-audit"]
        await app.press("enter")
        await app.settle()
        assert app.tree.profile is not None
        assert app.tree.profile.name == "partner-audit"


NAMES = [Entry(name, name) for name in ("files: reread", "view: cache", "cache: clear", "profile: remove")]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["files: reread", "view: cache", "cache: clear", "profile: remove"]),
        ("cache", ["cache: clear", "view: cache"]),
        ("CLEAR cac", ["cache: clear"]),
        ("prmv", ["profile: remove"]),
        ("xyzzy", []),
    ],
)
def test_words_find_a_command_by_its_beginning_its_parts_or_its_letters(words: str, found: list[str]) -> None:
    assert [entry.title for entry in matching(NAMES, words)] == found


def test_profiles_are_found_the_best_first_and_only_so_many() -> None:
    names = ["my-prod", "prod-eu", "prod", *(f"prod-{number}" for number in range(1000))]
    found = [entry.title for entry in palette_entries([], names, "PROD")]
    assert found[:2] == ["go to prod", "go to prod-eu"]
    assert len(found) == 50
    assert palette_entries([], names, " ") == []


@pytest.mark.long
@pytest.mark.parametrize("action", ["app.command_palette", "app.change_theme"])
async def test_no_size_is_a_crash(demo: World, action: str) -> None:
    async with running(demo) as app:
        await app.act(action)
        for size in SMALL_SIZES:
            await app.resize(*size)
            for key in ("pagedown", "pageup"):
                await app.press(key)
            assert app.app._exception is None, size


@pytest.mark.long
@pytest.mark.parametrize("size", SMALL_SIZES, ids=str)
async def test_it_opens_at_any_size(demo: World, size: tuple[int, int]) -> None:
    async with running(demo, size) as app:
        await app.press("ctrl+p", "pagedown", "escape")
        assert app.app._exception is None


# The themes


async def test_a_theme_is_shown_under_the_cursor_and_esc_brings_the_old_one_back(
    demo: World,
) -> None:
    async with running(demo) as app:
        before = app.app.theme
        await app.press("t")
        assert isinstance(app.app.screen, ThemeScreen)
        assert app.app.theme == before
        await app.press("down")
        assert app.app.theme == "rolecall-light"
        await app.press(*"nord")
        assert app.app.theme == "nord"
        await app.press("escape")
        assert app.app.theme == before
        assert len(app.app.screen_stack) == 1


async def test_enter_keeps_the_theme(demo: World) -> None:
    async with running(demo) as app:
        await app.press("t", "down", "enter")
        assert app.app.theme == "rolecall-light"
        assert len(app.app.screen_stack) == 1
