"""Keys, footer, palette and help are made from one list, and the list is sound."""

import re
from collections import Counter

import pytest

from rolecall.tui.app import RolecallApp
from rolecall.tui.commands import BINDINGS, COMMANDS, UNBOUND, Command
from rolecall.tui.panes.tree import ProfileTree
from rolecall.tui.screens.main import MainScreen
from rolecall.tui.widgets.footer import ROOMY
from rolecall.tui.widgets.list_view import Rows

every_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
WORDS_OF_A_SENTENCE = 2
FOOTER_PADDING = 2
"""Cells that the footer leaves free at its two ends."""


def test_no_two_have_the_same_name() -> None:
    assert not [name for name, many in Counter(each.id for each in COMMANDS).items() if many > 1]


def test_no_two_have_the_same_key() -> None:
    every_key = Counter(key for each in COMMANDS for key in each.key.split(",") if key)
    assert not [key for key, many in every_key.items() if many > 1]


def test_no_pane_takes_a_key_of_a_command() -> None:
    of_commands = {key for each in COMMANDS for key in each.key.split(",")}
    for kind in (Rows, ProfileTree):
        of_pane = {key for binding in kind.BINDINGS for key in binding.key.split(",")}  # type: ignore[union-attr]
        assert not of_commands & of_pane, kind


def test_no_two_have_the_same_place_in_the_palette() -> None:
    names = Counter(each.palette for each in COMMANDS if each.palette)
    assert not [name for name, many in names.items() if many > 1]


@every_command
def test_each_says_what_it_does_in_a_sentence_without_its_end(command: Command) -> None:
    assert command.tooltip[0].isupper()
    assert not command.tooltip.endswith(".")
    assert len(command.tooltip.split()) >= WORDS_OF_A_SENTENCE


@every_command
def test_its_place_in_the_palette_is_a_noun_and_a_verb(command: Command) -> None:
    if command.palette is not None:
        assert re.fullmatch(r"[a-z]+: [a-zA-Z0-9, ]+", command.palette)


@every_command
def test_its_binding_carries_all_of_it(command: Command) -> None:
    binding = command.binding
    assert (binding.id, binding.key, binding.action) == (command.id, command.key or UNBOUND, command.action)
    assert (binding.description, binding.tooltip) == (command.label, command.tooltip)
    assert binding.show is command.footer


@every_command
def test_its_keys_can_be_read_by_a_person(command: Command) -> None:
    assert not re.search(r"question_mark|exclamation_mark|slash|colon|escape|plus|ctrl\+|,", command.keys)


@every_command
def test_there_is_an_action_for_it(command: Command) -> None:
    place, _, name = command.action.partition("(")[0].rpartition(".")
    assert callable(getattr(RolecallApp if place == "app" else MainScreen, f"action_{name}", None))


def test_the_main_screen_is_bound_to_all_of_them() -> None:
    assert list(MainScreen.BINDINGS) == BINDINGS


@pytest.mark.parametrize(("width", "gives_way"), [(80, True), (ROOMY, False)])
def test_what_stands_in_the_footer_fits(width: int, *, gives_way: bool) -> None:
    shown = [each for each in COMMANDS if each.footer and not (gives_way and each.gives_way)]
    footer = " ".join(f"{each.keys.split()[0]} {each.label}" for each in shown)
    assert len(footer) + FOOTER_PADDING <= width


@pytest.mark.parametrize(
    ("key", "command"),
    [("question_mark", "help"), ("f1", "help"), ("slash", "filter"), ("colon", "palette"), ("q", "quit"),
     ("ctrl+p", "palette"), ("escape", "back"), ("space", "mark"), ("z", "maximise"), ("y", "copy"),
     ("r", "reread"), ("enter", "inspect"), ("o", "group"), ("tab", "pane.next"),
     ("1", "pane.1"), ("5", "pane.5"), ("a", "assume"), ("A", "assume.anew"), ("L", "login"), ("e", "edit"),
     ("c", "clear"), ("x", "export"), ("u", "undo"), ("E", "editor"), ("U", "use"), ("i", "whoami"),
     ("w", "why"), ("exclamation_mark", "findings"), ("n", "finding.next"), ("N", "finding.previous"),
     ("v", "renew"), ("O", "console"), ("P", "populate")],
)  # fmt: skip
def test_the_keys_are_those_of_the_design(key: str, command: str) -> None:
    assert [each.id for each in COMMANDS if key in each.key.split(",")] == [command]
