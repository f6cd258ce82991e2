"""In which form credentials are exported, and where to."""

import pytest

from rolecall.shells import FORMS
from rolecall.tui.screens.pick import ExportChoice, ExportScreen
from tests.tui.screens.hosting import showing


async def test_the_shell_that_this_is_comes_first() -> None:
    async with showing(ExportScreen("prod", "fish", leaves=False)) as shown:
        await shown.press("enter")
        assert shown.answers == [ExportChoice("fish", leaves=False)]


async def test_every_form_is_there() -> None:
    async with showing(ExportScreen("prod", "bash", leaves=False)) as shown:
        assert all(name in shown.text and form.help in shown.text for name, form in FORMS.items())


async def test_lines_can_be_left_to_a_shell_that_waits() -> None:
    async with showing(ExportScreen("prod", "zsh", leaves=True)) as shown:
        await shown.press("p")
        assert shown.answers == [ExportChoice("zsh", leaves=True)]


async def test_without_one_they_are_printed_in_any_form() -> None:
    async with showing(ExportScreen("prod", "zsh", leaves=False)) as shown:
        await shown.press("down", "p")
        assert shown.answers == [ExportChoice("bash", leaves=True)]


async def test_but_not_in_a_form_that_this_shell_does_not_speak() -> None:
    async with showing(ExportScreen("prod", "zsh", leaves=True)) as shown:
        await shown.press("down", "p")
        assert shown.answers == []


async def test_esc_exports_nothing() -> None:
    async with showing(ExportScreen("prod", "bash", leaves=True)) as shown:
        await shown.press("escape")
        assert shown.answers == [None]


@pytest.mark.parametrize(("leaves", "words"), [(True, "p In this shell"), (False, "p Print at exit")])
async def test_the_key_says_where_the_lines_go(leaves: bool, words: str) -> None:  # noqa: FBT001 - parametrised
    async with showing(ExportScreen("dev", "bash", leaves=leaves)) as shown:
        assert words in shown.text
