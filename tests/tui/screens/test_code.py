"""The code of an MFA device: digits only, never shown."""

from rolecall.tui.screens.code import CodeScreen
from tests.tui.screens.hosting import showing

DEVICE = "arn:aws:iam::123456789012:mfa/rowan"


async def test_it_names_the_device() -> None:
    async with showing(CodeScreen(DEVICE, None)) as shown:
        assert DEVICE in shown.text


async def test_digits_and_enter_give_the_code_which_is_never_shown() -> None:
    async with showing(CodeScreen(DEVICE, None)) as shown:
        await shown.press(*"493817")
        assert "493817" not in shown.text
        await shown.press("enter")
        assert shown.answers == ["493817"]


async def test_nothing_but_digits_gets_in() -> None:
    async with showing(CodeScreen(DEVICE, None)) as shown:
        await shown.press(*"a12 b3x456", "enter")
        assert shown.answers == ["123456"]


async def test_too_short_a_code_is_not_taken_and_can_be_completed() -> None:
    async with showing(CodeScreen(DEVICE, None)) as shown:
        await shown.press(*"123", "enter")
        assert shown.answers == []
        assert "6 digits" in shown.text
        await shown.press(*"456", "enter")
        assert shown.answers == ["123456"]


async def test_a_wrong_code_before_is_told() -> None:
    async with showing(CodeScreen(DEVICE, "AWS did not take that code.")) as shown:
        assert "AWS did not take that code." in shown.text


async def test_esc_gives_none() -> None:
    async with showing(CodeScreen(DEVICE, None)) as shown:
        await shown.press("1", "escape")
        assert shown.answers == [None]


async def test_cancel_can_be_reached_with_tab() -> None:
    async with showing(CodeScreen(DEVICE, None)) as shown:
        await shown.press("tab", "right", "enter")
        assert shown.answers == [None]
