"""The code of an MFA device: six digits, shown while they are typed."""

import pytest
from textual.events import Paste

from rolecall.actions.prompts import NO_CODE
from rolecall.tui.screens.login import CodeScreen
from tests.tui.screens.hosting import showing

DEVICE = "arn:aws:iam::123456789012:mfa/rowan"


async def test_it_names_the_device() -> None:
    async with showing(CodeScreen(DEVICE, None)) as shown:
        assert DEVICE in shown.text


async def test_the_title_says_whose_code_it_is_and_what_for() -> None:
    async with showing(CodeScreen(DEVICE, None, "assuming Deploy in 111122223333")) as shown:
        assert "MFA code of rowan, for assuming Deploy in 111122223333" in shown.text
    # AND of a device by its serial number
    async with showing(CodeScreen("GAHT12345678", None)) as shown:
        assert "MFA code of GAHT12345678 ─" in shown.text


async def test_digits_and_enter_give_the_code_which_can_be_read_while_it_is_typed() -> None:
    async with showing(CodeScreen(DEVICE, None)) as shown:
        await shown.press(*"493817")
        assert "493817" in shown.text
        await shown.press("enter")
        assert shown.answers == ["493817"]


async def test_a_code_can_be_pasted_as_a_device_shows_it() -> None:
    async with showing(CodeScreen(DEVICE, None)) as shown:
        shown.pilot.app.post_message(Paste("493 817"))
        await shown.press("enter")
        assert shown.answers == ["493817"]


@pytest.mark.long
@pytest.mark.parametrize("typed", ["123", "1234567", "a12345"])
async def test_what_can_be_no_code_is_refused_and_can_be_corrected(typed: str) -> None:
    async with showing(CodeScreen(DEVICE, None)) as shown:
        await shown.press(*typed, "enter")
        assert shown.answers == []
        assert NO_CODE in shown.text
        await shown.press("ctrl+u", *"123456", "enter")
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
