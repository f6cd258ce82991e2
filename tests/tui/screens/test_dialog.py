"""A dialog asks with the harmless choice under the cursor, and esc does nothing."""

import pytest

from rolecall.actions.plan import DiffLine, Mark
from rolecall.tui.screens.dialog import Block, ConfirmScreen, TellScreen, laid_out
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.choices import Choices
from tests.tui.driving import text_of
from tests.tui.screens.hosting import showing

WORDS = (("It cannot be brought back.", Tone.WARN),)


def test_a_line_of_a_diff_keeps_its_indentation_and_its_place_its_signs() -> None:
    blocks: list[Block] = [
        ("It was changed.", Tone.PLAIN),
        DiffLine(Mark.PLACE, "@ -1,3 +1,3 @@"),
        DiffLine(Mark.SAME, "s3 ="),
        DiffLine(Mark.ADDED, "    max_queue_size = 20"),
        DiffLine(Mark.REMOVED, "\tregion = x"),
    ]
    assert [text_of(line) for line in laid_out(blocks, 40)] == [
        "It was changed.",
        "@@ -1,3 +1,3 @@",
        "  s3 =",
        "+     max_queue_size = 20",
        "- ␉region = x",
    ]


def confirm() -> ConfirmScreen:
    return ConfirmScreen("Delete 3 files?", WORDS, "Delete")


async def test_it_says_what_will_be_done() -> None:
    async with showing(confirm()) as shown:
        assert "Delete 3 files?" in shown.text
        assert "It cannot be brought back." in shown.text
        assert "Cancel" in shown.text


@pytest.mark.long
@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["enter"], False),
        (["right", "enter"], True),
        (["tab", "enter"], True),
        (["l", "enter"], True),
        (["right", "left", "enter"], False),
        (["right", "right", "enter"], False),
        (["escape"], None),
        (["q"], None),
        (["right", "escape"], None),
    ],
)
async def test_only_a_step_away_from_cancel_and_enter_say_yes(keys: list[str], answer: object) -> None:
    async with showing(confirm()) as shown:
        await shown.press(*keys)
        assert shown.answers == [answer]


async def test_a_click_chooses_what_is_under_the_mouse() -> None:
    async with showing(confirm()) as shown:
        await shown.pilot.click(Choices, offset=(2, 0))
        assert shown.answers == [True]


async def test_what_a_server_says_is_neither_markup_nor_a_control_sequence() -> None:
    words = (("[red]boo[/red] \x1b[2J [@click=app.quit]here[/]", Tone.PLAIN),)
    async with showing(ConfirmScreen("[bold]title", words, "Do it")) as shown:
        assert "[red]boo[/red] ␛[2J [@click=app.quit]here[/]" in shown.text
        assert "[bold]title" in shown.text


async def test_what_looks_like_a_secret_is_masked() -> None:
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzCANARY01"
    async with showing(ConfirmScreen("Run?", ((f"helper --secret {secret}", Tone.PLAIN),), "Run")) as shown:
        assert "helper --secret" in shown.text
        assert secret[:12] not in shown.text


@pytest.mark.parametrize(
    ("keys", "answer"), [(["enter"], True), (["right", "enter"], False), (["escape"], None)]
)
async def test_a_failure_is_told_with_the_next_step_under_the_cursor(keys: list[str], answer: object) -> None:
    async with showing(TellScreen("ExpiredToken", WORDS, "Log in (l)")) as shown:
        assert "Log in (l)" in shown.text
        await shown.press(*keys)
        assert shown.answers == [answer]


async def test_without_a_next_step_there_is_only_a_way_back() -> None:
    async with showing(TellScreen("AccessDenied", WORDS)) as shown:
        await shown.press("enter")
        assert shown.answers == [False]


@pytest.mark.long
@pytest.mark.parametrize("size", [(20, 8), (40, 10), (5, 3), (200, 60)])
async def test_it_survives_any_size(size: tuple[int, int]) -> None:
    async with showing(ConfirmScreen("t" * 300, (("word " * 300, Tone.PLAIN),), "Do it"), size) as shown:
        await shown.press("right", "enter")
        assert shown.answers == [True]


async def test_long_words_scroll_and_the_choices_stay_in_view() -> None:
    async with showing(ConfirmScreen("Many", (("word " * 900, Tone.PLAIN),), "Do it")) as shown:
        assert "Cancel" in shown.text
        assert "Do it" in shown.text


async def test_words_that_are_longer_than_the_screen_can_be_scrolled() -> None:
    words = tuple((f"line {number}", Tone.PLAIN) for number in range(100))
    async with showing(ConfirmScreen("Delete 100 files?", words, "Delete")) as shown:
        assert "line 0 " in shown.text
        await shown.press("pagedown", "down", "j")
        assert "line 0 " not in shown.text
        await shown.press("pageup", "k", "up")
        assert "line 0 " in shown.text


@pytest.mark.parametrize(("words", "least", "most"), [("Short.", 36, 50), ("word " * 40, 70, 76)])
async def test_it_is_as_wide_as_what_it_says(words: str, least: int, most: int) -> None:
    async with showing(TellScreen("Title", ((words, Tone.PLAIN),)), (120, 40)) as shown:
        assert least <= shown.screen.query_one("#dialog").outer_size.width <= most
        assert shown.screen.query_one("#dialog").outer_size.height <= 8


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_none_is_clipped(size: tuple[int, int]) -> None:
    screen = ConfirmScreen("A title that is rather long for a terminal of forty cells", WORDS * 30, "Delete")
    async with showing(screen, size) as shown:
        assert "Cancel" in shown.text
        assert "╰" in shown.text
