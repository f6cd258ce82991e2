"""Pasting an error message: it is judged while it is there, and only a known one is looked into."""

import threading
import time

import pytest
from textual import events

from rolecall.doctor.error_text.parse import HEAD, TAIL
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
    await shown.settle()


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
        await shown.settle()
        assert shown.answers == ["ExpiredToken"]


@pytest.mark.long
async def test_a_line_that_ends_does_not_send_it() -> None:
    # as where the terminal has no bracketed paste: then each line ends with the key
    async with showing(PasteScreen(recognise)) as shown:
        await shown.press(*"ExpiredToken", "enter", *"yes")
        assert shown.answers == []
        await shown.press("ctrl+s")
        await shown.settle()
        assert shown.answers == ["ExpiredToken\nyes"]


@pytest.mark.long
@pytest.mark.parametrize("keys", [("ctrl+s",), ("tab", "enter")])
async def test_what_is_no_message_is_said_to_be_none_and_stays(keys: tuple[str, ...]) -> None:
    async with showing(PasteScreen(recognise)) as shown:
        await paste(shown, "make: *** [all] Error 2")
        assert UNKNOWN in shown.text
        await shown.press(*keys)
        assert shown.answers == []
        # AND one can go on typing
        await shown.press("space", *"ExpiredToken", "ctrl+s")
        await shown.settle()
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


@pytest.mark.long
@pytest.mark.parametrize("size", [(80, 24), (20, 8), (5, 3), (2, 24), (200, 60)])
async def test_it_survives_any_size(size: tuple[int, int]) -> None:
    async with showing(PasteScreen(recognise), size) as shown:
        await paste(shown, MESSAGE * 20)
        await shown.press("ctrl+s")
        assert len(shown.answers) == 1


class Slow:
    """Recognises a message when it is let go on."""

    def __init__(self) -> None:
        self.threads: list[int] = []
        self.go_on = threading.Event()

    def __call__(self, text: str) -> str | None:
        self.threads.append(threading.get_ident())
        if text.startswith("slow"):
            assert self.go_on.wait(60)
        return recognise(text)


async def test_the_screen_goes_on_while_it_is_looked_what_a_message_is() -> None:
    slow = Slow()
    async with showing(PasteScreen(slow)) as shown:
        shown.pilot.app.post_message(events.Paste("slow ExpiredToken"))
        await shown.press(*"abc")
        # THEN what is typed is there, though nothing is said yet, and all of it beside the screen's thread
        assert "slow ExpiredTokenabc" in shown.text
        assert "Recognised" not in shown.text
        assert threading.get_ident() not in slow.threads
        # AND who is in a hurry need not press the key twice
        await shown.press("ctrl+s")
        assert shown.answers == []
        slow.go_on.set()
        await shown.settle()
        assert shown.answers == ["slow ExpiredTokenabc"]


async def test_what_is_found_of_a_message_that_has_changed_since_is_not_said() -> None:
    slow = Slow()
    async with showing(PasteScreen(slow)) as shown:
        shown.pilot.app.post_message(events.Paste("slow ExpiredToken"))
        await shown.press("ctrl+s")
        shown.screen.query_one(MessageArea).text = "another"
        await shown.press()
        slow.go_on.set()
        await shown.settle()
        assert UNKNOWN in shown.text
        assert shown.answers == []


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [" " * 300_000, "\n" * 300_000, "a" * 300_000, ("x" + " " * 118 + "\n") * 3000, "a log line\n" * 30_000],
    ids=("blanks", "newlines", "one line", "padded", "a log"),
)
async def test_of_what_is_long_beginning_and_end_are_taken_and_that_is_said(text: str) -> None:
    async with showing(PasteScreen(recognise)) as shown:
        await paste(shown, f"ExpiredToken first\n{text}\nand last")
        taken = shown.screen.query_one(MessageArea).text
        assert taken.startswith("ExpiredToken first")
        assert taken.endswith("and last")
        assert len(taken) <= 3 * (HEAD + TAIL)
        assert ("only its beginning and its end" in " ".join(shown.text.split())) == (
            len(taken) > HEAD + TAIL
        )
        # AND typing in it is not felt
        began = time.process_time()
        await shown.press("x")
        assert time.process_time() - began < 2
