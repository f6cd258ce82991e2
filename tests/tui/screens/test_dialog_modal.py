"""A dialog is answered once, and takes nothing but itself away."""

from collections.abc import Callable

import pytest
from textual.events import Key

from rolecall.tui.screens.dialog import ConfirmScreen, Dialog, TellScreen
from rolecall.tui.screens.login import CodeScreen
from rolecall.tui.tones import Tone
from tests.tui.screens.hosting import showing

WORDS = (("It cannot be brought back.", Tone.WARN),)


@pytest.mark.parametrize(
    ("make", "keys", "answer"),
    [
        (lambda: ConfirmScreen("Delete?", WORDS, "Delete"), ("right", "enter", "enter", "enter"), True),
        (lambda: ConfirmScreen("Delete?", WORDS, "Delete"), ("escape", "enter", "escape"), None),
        (lambda: TellScreen("AccessDenied", WORDS), ("enter", "enter"), False),
        (lambda: CodeScreen("device", None), (*"123456", "enter", "enter"), "123456"),
    ],
    ids=["yes", "no", "told", "code"],
)
async def test_keys_that_come_in_one_go_answer_once(
    make: Callable[[], Dialog[object]], keys: tuple[str, ...], answer: object
) -> None:
    async with showing(make()) as shown:
        for key in keys:
            shown.pilot.app.post_message(Key(key, key if len(key) == 1 else None))
        await shown.pilot.pause()
        await shown.pilot.pause()
        assert shown.answers == [answer]
        assert len(shown.pilot.app.screen_stack) == 1


async def test_what_is_over_it_goes_with_it() -> None:
    below, above = ConfirmScreen("Below", WORDS, "Yes"), ConfirmScreen("Above", WORDS, "Yes")
    async with showing(below) as shown:
        await shown.pilot.app.push_screen(above)
        below.dismiss(True)
        await shown.pilot.pause()
        assert shown.answers == [True]
        assert len(shown.pilot.app.screen_stack) == 1
