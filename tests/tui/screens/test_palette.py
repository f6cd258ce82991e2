"""The command palette has every command by a name of the form "noun: verb"."""

import pytest
from textual.command import CommandPalette
from textual.widgets import Input, OptionList

from rolecall.tui.commands import COMMANDS
from rolecall.tui.render.tree import Grouping
from tests.tui.driving import SMALL_SIZES, Driver, running
from tests.tui.worlds import World


async def opened(app: Driver, key: str = "colon") -> OptionList:
    await app.press(key)
    assert isinstance(app.app.screen, CommandPalette)
    menu = app.app.screen.query_one(OptionList)
    await app.until(lambda: menu.option_count > 0)
    await app.settle()
    return menu


def prompts(menu: OptionList) -> str:
    return "\n".join(str(menu.get_option_at_index(i).prompt) for i in range(menu.option_count))


async def test_it_lists_every_command_before_anything_is_typed(demo: World) -> None:
    async with running(demo) as app:
        menu = await opened(app)
        expected = [command.palette for command in COMMANDS if command.palette]
        await app.until(lambda: all(name in prompts(menu) for name in expected))


async def test_it_opens_by_ctrl_p_too_and_esc_comes_back(demo: World) -> None:
    async with running(demo) as app:
        await opened(app, "ctrl+p")
        await app.press("escape")
        await app.until(lambda: app.app.screen is app.main)


@pytest.mark.long
async def test_what_is_chosen_is_done(demo: World) -> None:
    async with running(demo) as app:
        menu = await opened(app)
        app.app.screen.query_one(Input).value = "profiles: group"
        await app.until(lambda: "profiles: group" in prompts(menu) and menu.option_count <= 3)
        await app.press("enter")
        await app.until(lambda: app.app.screen is app.main)
        await app.until(lambda: app.tree.grouping is Grouping.ACCOUNT)


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


async def test_its_order_is_the_same_at_every_start(demo: World) -> None:
    # Textual keeps the providers in a set of classes, whose order is that of their addresses
    async with running(demo) as app:
        assert len({*app.app.COMMANDS, *app.main.COMMANDS}) == 1
