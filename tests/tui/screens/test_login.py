"""Where to log in: the code and the address, large and copyable."""

from datetime import timedelta

from rolecall.actions.prompts import Authorization
from rolecall.host import utc_now
from rolecall.tui.screens.login import LoginScreen
from tests.tui.screens.hosting import showing

ADDRESS = "https://device.sso.eu-west-1.amazonaws.com/"


def login() -> LoginScreen:
    complete = f"{ADDRESS}?user_code=WXYZ-ABCD"
    return LoginScreen(
        Authorization("WXYZ-ABCD", ADDRESS, complete, utc_now() + timedelta(minutes=10)), has_browser=False
    )


async def test_code_and_address_are_shown_and_how_long_they_are_valid() -> None:
    async with showing(login()) as shown:
        assert "W  X  Y  Z  -  A  B  C  D" in shown.text
        assert f"{ADDRESS}?user_code=WXYZ-ABCD" in shown.text
        assert "valid for 9m" in shown.text


async def test_both_can_be_copied() -> None:
    async with showing(login()) as shown:
        await shown.press("c")
        assert shown.copied == "WXYZ-ABCD"
        await shown.press("y")
        assert shown.copied == f"{ADDRESS}?user_code=WXYZ-ABCD"
        assert shown.answers == []


async def test_esc_gives_up() -> None:
    async with showing(login()) as shown:
        await shown.press("escape")
        assert shown.answers == [False]
