"""The key that stands in the label of a choice takes that choice, in every dialog."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from rolecall.actions.plan import FileChange, Plan
from rolecall.actions.prompts import Authorization
from rolecall.aws.config_file import FileKind
from rolecall.host import Host
from rolecall.tui.actions.apply_fix import ACTIONS
from rolecall.tui.actions.runner import next_step
from rolecall.tui.commands import BY_ID
from rolecall.tui.screens.dialog import ChoiceScreen, ConfirmScreen, Dialog, EntryDialog, TellScreen
from rolecall.tui.screens.dialogs import IntoScreen, KeepScreen, NameScreen, ShellLineScreen
from rolecall.tui.screens.diff import DiffScreen
from rolecall.tui.screens.login import CodeScreen, LoginScreen
from rolecall.tui.screens.paste import PasteScreen
from rolecall.tui.widgets.choices import Choices
from tests.tui.form.forms import a_snapshot
from tests.tui.screens.hosting import showing
from tests.tui.worlds import NOW

Opened = Screen[Any]
FRAMES = {Dialog, EntryDialog}
"""What dialogs are made from; none is shown as it is."""
WRITING = Plan("Set region of dev", (FileChange(Path("/config"), FileKind.CONFIG, b"", b"", ()),))


def effective(command: str) -> Callable[[Path], Opened]:
    """Return what tells of a failure, with a command as the next step."""
    return lambda _: TellScreen("ExpiredToken", (), next_step(BY_ID[command]))


DIALOGS: dict[str, Callable[[Path], Opened]] = {
    "ChoiceScreen": lambda _: ChoiceScreen("Which?", (), "One", "Another"),
    "ConfirmScreen": lambda _: ConfirmScreen("Delete?", (), "Delete"),
    "CodeScreen": lambda _: CodeScreen("device", None),
    "DiffScreen": lambda _: DiffScreen(WRITING),
    "IntoScreen": lambda home: IntoScreen(a_snapshot(home), "dev"),
    "KeepScreen": lambda home: KeepScreen(Host.of(home), "report.md"),
    "LoginScreen": lambda _: LoginScreen(
        Authorization("AB", "https://a", "https://b", NOW), has_browser=False
    ),
    "NameScreen": lambda home: NameScreen.to_rename(a_snapshot(home), "dev"),
    "PasteScreen": lambda _: PasteScreen(lambda _: None),
    "ShellLineScreen": lambda _: ShellLineScreen("words", "line", leaves=True),
    "TellScreen": effective("login"),
}


def kinds(kind: type[Opened]) -> Iterator[type[Opened]]:
    for each in kind.__subclasses__():
        yield each
        yield from kinds(each)


def test_every_kind_of_dialog_is_looked_at() -> None:
    ours = {each for each in kinds(Dialog) if each.__module__.startswith("rolecall.")}
    assert {each.__name__ for each in ours - FRAMES} <= set(DIALOGS)


async def answer(opened: Opened, *keys: str) -> object:
    async with showing(opened) as shown:
        opened.set_focus(opened.query_one(Choices).first)
        await shown.press(*keys)
        assert len(shown.answers) == 1
        return shown.answers[0]


async def check(make: Callable[[], Opened]) -> int:
    """Press the key of each label that names one; return how many do."""
    labels = [each for each in _labels(make()) if re.search(r"\(\S+\)$", each)]
    for index, label in enumerate(_labels(make())):
        if label in labels:
            shown_key = label.rpartition("(")[2].rstrip(")")
            command = next(each for each in BY_ID.values() if shown_key in each.keys.split())
            pressed = await answer(make(), command.key.split(",")[0])
            assert pressed == await answer(make(), *["right"] * index, "enter")
    return len(labels)


def _labels(opened: Opened) -> list[str]:
    choices = opened.choices if isinstance(opened, Dialog) else vars(opened)["_choices"]
    assert isinstance(choices, Choices)
    return choices.labels


@pytest.mark.parametrize("kind", DIALOGS)
async def test_a_key_in_a_label_works(kind: str, tmp_path: Path) -> None:
    assert await check(lambda: DIALOGS[kind](tmp_path)) == (1 if kind == "TellScreen" else 0)


@pytest.mark.long
@pytest.mark.parametrize("command", ACTIONS)
async def test_whatever_command_is_the_next_step_its_key_takes_it(command: str, tmp_path: Path) -> None:
    has_key = bool(BY_ID[command].key)
    assert await check(lambda: effective(command)(tmp_path)) == has_key
