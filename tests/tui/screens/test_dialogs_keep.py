"""Where a report is to be kept: a path, judged before anything is written."""

from pathlib import Path

import pytest

from rolecall.tui.screens.dialogs import DISCREET, KeepScreen
from tests.homes import make_home
from tests.tui.screens.hosting import showing


def screen_of(home: Path, name: str = "./rolecall-prod.md") -> KeepScreen:
    return KeepScreen(make_home(home), name)


async def test_the_name_that_is_offered_is_taken_by_enter(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path)) as shown:
        assert DISCREET in shown.text
        await shown.press("enter")
        assert shown.answers == ["./rolecall-prod.md"]


async def test_a_tilde_is_the_home(tmp_path: Path) -> None:
    async with showing(screen_of(tmp_path, "~/report.md")) as shown:
        await shown.press("enter")
        assert shown.answers == [f"{tmp_path}/report.md"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "Type the name of a file."),
        ("~", "That is a directory"),
        ("~/nowhere/report.md", "There is no directory"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_taken(tmp_path: Path, name: str, problem: str) -> None:
    async with showing(screen_of(tmp_path, name)) as shown:
        await shown.press("enter")
        assert problem in shown.text
        assert shown.answers == []


@pytest.mark.parametrize("keys", [("escape",), ("tab", "right", "enter")])
async def test_it_can_be_given_up(tmp_path: Path, keys: tuple[str, ...]) -> None:
    async with showing(screen_of(tmp_path)) as shown:
        await shown.press(*keys)
        assert shown.answers == [None]
