"""The user's own keys: what they write is taken, what cannot be is told, and footer and help show it."""

from pathlib import Path

import pytest

from rolecall.tui.app import RolecallApp
from rolecall.tui.keymap import default_keys, keymap, textual_key
from rolecall.user_settings import read_settings
from tests.homes import make_home
from tests.tui.driving import WIDE, Driver, running, seen
from tests.tui.worlds import World, demo_world


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("a", "a"),
        ("A", "A"),
        ("shift+a", "A"),
        ("?", "question_mark"),
        ("question_mark", "question_mark"),
        (",", "comma"),
        ("+", "plus"),
        ("^k", "ctrl+k"),
        ("ctrl+K", "ctrl+k"),
        ("Ctrl+Shift+Left", "ctrl+shift+left"),
        ("shift+ctrl+left", "ctrl+shift+left"),
        ("alt+x", "alt+x"),
        ("F5", "f5"),
        ("esc", "escape"),
        ("del", "delete"),
        ("page down", "pagedown"),
        ("shift tab", "shift+tab"),
        (" ", "space"),
        ("space", "space"),
        ("ä", "ä"),
        ("nokey", None),
        ("hold+a", None),
        ("f99", None),
        ("ctrl+nokey", None),
        ("\x1b", None),
    ],
)
def test_a_key_may_be_written_as_it_is_read(written: str, key: str | None) -> None:
    assert textual_key(written) == key


def test_every_default_key_is_one_that_can_be_written() -> None:
    keys = [key for given in default_keys().values() for key in given.split(",") if key]
    assert [key for key in keys if textual_key(key) != key] == []


def test_what_is_not_in_use_is_simply_taken() -> None:
    found = keymap({"assume": ("f5",), "logout": ("ctrl+l", "F6")})
    assert (found.keys, found.problem) == ({"assume": "f5", "logout": "ctrl+l,f6"}, None)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"asume": ("f5",)}, "[keys] asume: there is no command of this name; assume?"),
        ({"assume": ("f55",)}, "[keys] assume: there is no key 'f55'"),
        ({"assume": ("w",)}, "[keys] w is now assume, and no longer why"),
        ({"assume": ("j",)}, "[keys] j is now assume, and no longer rows.down"),
        ({"assume": ("f5",), "edit": ("f5",)}, "[keys] f5 is the key of assume and of edit"),
    ],
)
def test_what_clashes_or_is_unknown_is_told(written: dict[str, tuple[str, ...]], told: str) -> None:
    assert keymap(written).problem == told


def test_two_commands_may_change_places() -> None:
    assert keymap({"assume": ("w",), "why": ("a",)}).problem is None


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('assume = "f5"', {"assume": ("f5",)}),
        ('assume = "f5, ctrl+a"', {"assume": ("f5", "ctrl+a")}),
        ('assume = ["f5", ","]', {"assume": ("f5", ",")}),
        ('"finding.next" = "f7"', {"finding.next": ("f7",)}),
        ('finding.next = "f7"', {"finding.next": ("f7",)}),
    ],
)
def test_the_settings_have_them_by_the_names_of_commands(
    tmp_path: Path, text: str, keys: dict[str, tuple[str, ...]]
) -> None:
    found = read_settings(settled(tmp_path, text).host)
    assert (found.keys, found.problem) == (keys, None)


@pytest.mark.parametrize("text", ["assume = 5", "assume = []", 'assume = ""', 'assume = ["a", 5]'])
def test_a_key_that_is_no_text_is_told(tmp_path: Path, text: str) -> None:
    found = read_settings(settled(tmp_path, text).host)
    assert found.keys == {}
    assert "the key of a command is a text" in (found.problem or "")


def settled(place: Path, text: str) -> World:
    """Return the demo with keys in its settings."""
    world = demo_world(place / "demo")
    path = world.host.settings_file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"[keys]\n{text}\n")
    return world


@pytest.mark.long
async def test_the_changed_key_acts_and_footer_palette_and_help_show_it(tmp_path: Path) -> None:
    world = settled(tmp_path, 'why = "f8"\nhelp = "f9"\nlogout = "f6"')
    async with running(world) as driver:
        await driver.until(lambda: "f8 Why" in seen(driver.pilot))
        await driver.press("w")
        assert len(driver.app.screen_stack) == 1
        await driver.press("f9", "slash", *"why")
        await driver.until(lambda: "f8" in seen(driver.pilot))
        await driver.press("escape", "escape", "f8")
        assert "Why" in type(driver.app.screen).__name__


async def test_a_greyed_command_says_why_on_its_changed_key(tmp_path: Path) -> None:
    async with running(settled(tmp_path, 'undo = "f8"')) as driver:
        await driver.until(lambda: bool(driver.app._keymap))
        await driver.press("f8")
        assert "Nothing has been edited" in [each.message for each in driver.app._notifications][-1]


async def test_a_clash_is_told_in_the_app(tmp_path: Path) -> None:
    async with running(settled(tmp_path, 'assume = "w"')) as driver:
        await driver.until(lambda: bool(driver.app._notifications))
        assert any("w is now assume, and no longer why" in each.message for each in driver.app._notifications)


async def test_ctrl_c_and_ctrl_q_speak_rolecalls_words(tmp_path: Path) -> None:
    config = "[profile base]\nregion = eu-west-1\n"
    app = RolecallApp(make_home(tmp_path / "home", config=config))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        driver = Driver(World(tmp_path / "home"), pilot)
        await driver.ready()
        await driver.press("ctrl+c")
        said = [each.message for each in app._notifications]
        assert said == ["q quits rolecall; esc goes back, and cancels what is under way."]
        await driver.press("question_mark", "ctrl+c")
        assert app.is_running
        await driver.press("ctrl+q")
        assert not app.is_running
