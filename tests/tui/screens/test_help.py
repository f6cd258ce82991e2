"""The help lists every key that is live, made from the bindings themselves."""

import re

import pytest

from rolecall.aws.expiry import State
from rolecall.tui.commands import COMMANDS, UNBOUND, CommandGroup, key_name
from rolecall.tui.screens.dialog import ConfirmScreen
from rolecall.tui.screens.help import HelpScreen, help_details
from rolecall.tui.tones import state_tone
from tests.tui.driving import NARROW, running
from tests.tui.worlds import World

NOT_ON_A_KEYBOARD = re.compile(r"_|\+.|slash|colon|escape|delete|page(up|down)")
"""What Textual calls a key, where a keyboard has a sign or a shorter word on it."""


@pytest.mark.long
async def test_every_live_binding_is_in_the_help(demo: World) -> None:
    async with running(demo) as app:
        for name in ("tree", "expiry", "chain", "environment", "cache"):
            await app.act(f"pane('{name}')")
            active = app.app.screen.active_bindings
            facts = help_details(active).facts
            listed = {fact.text: fact.label for fact in facts if not fact.is_title}
            for key, live in active.items():
                if live.binding.tooltip and not live.binding.system and key != UNBOUND:
                    assert key_name(key) in listed[live.binding.tooltip].split("  "), (name, key)


async def test_every_binding_of_ours_has_something_to_say(demo: World) -> None:
    async with running(demo) as app:
        ours = [
            live.binding
            for live in app.app.screen.active_bindings.values()
            if type(live.node).__module__.startswith("rolecall") and not live.binding.system
        ]
        inherited = ("ctrl+pageup", "ctrl+pagedown", "ctrl+c", "super+c")
        silent = [binding.key for binding in ours if not binding.tooltip and binding.key not in inherited]
        assert not silent


async def test_it_opens_by_its_key_and_esc_comes_back(demo: World) -> None:
    async with running(demo) as app:
        await app.press("question_mark")
        assert isinstance(app.app.screen, HelpScreen)
        await app.press("escape")
        assert len(app.app.screen_stack) == 1


async def test_every_command_and_every_glyph_is_in_it_as_a_person_reads_it(demo: World) -> None:
    async with running(demo) as app:
        facts = help_details(app.app.screen.active_bindings).facts
        # the demo has a key only where there are no profiles
        keys = {command.tooltip for command in COMMANDS if command.key and command.id != "demo"}
        assert keys <= {fact.text for fact in facts}
        assert {state.glyph for state in State} <= {fact.label for fact in facts}
        for fact in facts:
            assert not NOT_ON_A_KEYBOARD.search(fact.label), fact


async def test_it_begins_with_what_the_signs_mean_in_their_own_tones(demo: World) -> None:
    async with running(demo) as app:
        facts = help_details(app.app.screen.active_bindings).facts
        first = [fact for fact in facts if not fact.is_title][: len(State)]
        assert {(fact.label, fact.label_tone) for fact in first} == {
            (state.glyph, state_tone(state)) for state in State
        }
        headings = [fact.label for fact in facts if fact.is_title]
        assert headings == ["States", "Marks", "Lines and bars", *CommandGroup]


async def test_it_scrolls_where_it_does_not_fit(demo: World) -> None:
    async with running(demo, NARROW) as app:
        await app.act("help")
        assert "renewing" in app.seen()
        assert "Leave rolecall" not in app.seen()
        await app.press("G")
        await app.settle()
        assert "Leave rolecall" in app.seen()


@pytest.mark.long
async def test_it_is_filtered_by_words_and_keys_and_esc_goes_back_one_step(demo: World) -> None:
    async with running(demo, NARROW) as app:
        await app.press("question_mark", "slash", *"quit")
        # THEN q is typed, and what has no such word is gone with its heading
        assert "Leave rolecall" not in app.seen()
        await app.press("escape", "slash", *"mfa")
        assert "Marks" in app.seen()
        assert "Get credentials" not in app.seen()
        await app.press("enter")
        assert "Help: mfa" in app.seen()
        await app.press("escape")
        assert "Get credentials" in app.seen() or "renewing" in app.seen()
        assert isinstance(app.app.screen, HelpScreen)
        await app.press("escape")
        assert len(app.app.screen_stack) == 1


async def test_a_filter_that_nothing_has_says_so(demo: World) -> None:
    async with running(demo) as app:
        await app.press("question_mark", "slash", *"xyzzy")
        assert "Nothing here has these words" in app.seen()


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_it_opens_over_a_dialog_and_the_same_key_comes_back(demo: World, key: str) -> None:
    async with running(demo) as app:
        dialog = ConfirmScreen("Delete 3 files?", (), "Delete")
        await app.app.push_screen(dialog)
        await app.press(key)
        assert isinstance(app.app.screen, HelpScreen)
        await app.press(key)
        assert app.app.screen_stack[-1] is dialog
