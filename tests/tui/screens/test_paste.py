"""Pasting an error message: it is judged while it is there, and only a known one is looked into."""

import pytest
from textual import events

from rolecall.tui.screens.paste import NOTHING_YET, UNKNOWN, MessageArea, PasteScreen
from tests.promises.canaries import Canaries
from tests.tui.screens.hosting import Shown, showing

MESSAGE = (
    "An error occurred (ExpiredToken) when calling the ListBuckets operation:\nThe provided token has expired"
)
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY"[:40]


def recognise(text: str) -> str | None:
    return "ExpiredToken" if "ExpiredToken" in text else None


async def paste(shown: Shown[str], text: str) -> None:
    """Have the terminal deliver a text as pasted (bracketed paste)."""
    shown.pilot.app.post_message(events.Paste(text))
    await shown.press()


async def test_a_pasted_message_is_recognised_and_handed_on_whole() -> None:
    async with showing(PasteScreen(recognise)) as shown:
        assert NOTHING_YET[:30] in shown.text
        await paste(shown, MESSAGE)
        assert "Recognised: ExpiredToken." in shown.text
        await shown.press("ctrl+s")
        assert shown.answers == [MESSAGE]


async def test_a_typed_one_is_taken_by_the_choice_too() -> None:
    async with showing(PasteScreen(recognise)) as shown:
        await shown.press(*"ExpiredToken", "tab", "enter")
        assert shown.answers == ["ExpiredToken"]


async def test_a_line_that_ends_does_not_send_it() -> None:
    # as where the terminal has no bracketed paste: then each line ends with the key
    async with showing(PasteScreen(recognise)) as shown:
        await shown.press(*"ExpiredToken", "enter", *"yes")
        assert shown.answers == []
        await shown.press("ctrl+s")
        assert shown.answers == ["ExpiredToken\nyes"]


@pytest.mark.parametrize("keys", [("ctrl+s",), ("tab", "enter")])
async def test_what_is_no_message_is_said_to_be_none_and_stays(keys: tuple[str, ...]) -> None:
    async with showing(PasteScreen(recognise)) as shown:
        await paste(shown, "make: *** [all] Error 2")
        assert UNKNOWN in shown.text
        await shown.press(*keys)
        assert shown.answers == []
        # AND one can go on typing
        await shown.press("space", *"ExpiredToken", "ctrl+s")
        assert len(shown.answers) == 1


async def test_nothing_is_said_of_nothing_and_nothing_taken() -> None:
    async with showing(PasteScreen(recognise)) as shown:
        await shown.press("ctrl+s", "space", "ctrl+s")
        assert UNKNOWN not in shown.text
        assert shown.answers == []


@pytest.mark.parametrize("keys", [("escape",), ("tab", "right", "enter")])
async def test_it_can_be_given_up(keys: tuple[str, ...]) -> None:
    async with showing(PasteScreen(recognise)) as shown:
        await paste(shown, MESSAGE)
        await shown.press(*keys)
        assert shown.answers == [None]


async def test_a_secret_in_what_is_pasted_is_not_drawn() -> None:
    async with showing(PasteScreen(recognise)) as shown:
        await paste(shown, f"ExpiredToken\naws_secret_access_key = {SECRET}\n\x1b]0;owned\x07")
        seen = shown.text + shown.pilot.app.export_screenshot()
        assert SECRET[:12] not in seen
        assert "\x1b" not in shown.text


async def test_a_secret_that_a_terminal_has_broken_is_not_drawn_either() -> None:
    canaries = Canaries()
    said = f"ExpiredToken of {canaries.token('token')} which is not good, and {canaries.key('key')} no key"
    async with showing(PasteScreen(recognise)) as shown:
        for width in (30, 40, 67):
            shown.pilot.app.screen.query_one(MessageArea).text = ""
            await paste(shown, "\n".join(said[at : at + width] for at in range(0, len(said), width)))
            shown.pilot.app.screen.query_one(MessageArea).move_cursor((0, 0))
            await shown.press()
            assert "ExpiredToken" in shown.text
            drawn = "".join(filter(str.isalnum, shown.text))
            assert canaries.leaks(drawn) == set()


@pytest.mark.parametrize("size", [(80, 24), (20, 8), (5, 3), (2, 24), (200, 60)])
async def test_it_survives_any_size(size: tuple[int, int]) -> None:
    async with showing(PasteScreen(recognise), size) as shown:
        await paste(shown, MESSAGE * 20)
        await shown.press("ctrl+s")
        assert len(shown.answers) == 1
