"""The app remembers how it was left: in one file, which it neither trusts nor needs."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from rolecall.host import Host
from rolecall.tui.app import RolecallApp
from rolecall.tui.memory import LARGEST, Memory, Values, recall, remember
from rolecall.tui.render.sorting import Sort
from rolecall.tui.render.tree import Grouping
from tests.homes import make_home
from tests.tui.driving import NARROW, WIDE, Driver
from tests.tui.worlds import World, demo_world

FULL = {"theme": "nord", "grouping": "account", "folded": ["group:login"], "cursor": "profile:base"}


def kept(host: Host, text: str | bytes) -> Path:
    """Write the file as it is found."""
    path = host.state_file
    assert path is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return make_home(tmp_path / "home", config="[profile base]\nregion = eu-west-1\n")


def test_what_is_written_is_read_again(host: Host) -> None:
    remember(host, Memory(), FULL)
    assert recall(host) == Memory(FULL)
    assert host.state_file is not None
    assert host.state_file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in host.state_file.parent.iterdir()] == [host.state_file.name]


def test_it_is_not_below_the_directory_of_aws(host: Host) -> None:
    assert host.state_file is not None
    assert ".aws" not in host.state_file.parts


def test_nothing_is_written_where_nothing_has_changed(host: Host) -> None:
    remember(host, Memory(), {})
    remember(host, Memory(FULL), FULL)
    assert host.state_file is not None
    assert not host.state_file.exists()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is not JSON"),
        ('{"theme": "no', "it is not JSON"),
        (b"\xff\xfe\x00", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "it is no JSON object"),
        ("null", "it is no JSON object"),
        (b" " * (LARGEST + 1), "it cannot be read"),
    ],
)
def test_a_damaged_file_is_ignored_with_a_word_and_replaced(host: Host, text: str | bytes, why: str) -> None:
    kept(host, text)
    found = recall(host)
    assert found.values == {}
    assert found.problem is not None
    assert found.problem.startswith("~/.local/state/rolecall/state.json is ignored")
    assert why in found.problem
    remember(host, found, {})
    assert recall(host) == Memory()


def test_a_pipe_in_its_place_hangs_nothing(host: Host) -> None:
    path = kept(host, "")
    path.unlink()
    os.mkfifo(path)
    assert "not a regular file" in (recall(host).problem or "")


@pytest.mark.parametrize(
    "values",
    [
        {"theme": 7, "grouping": [], "folded": "all", "cursor": {}},
        {"theme": "no-such-theme", "grouping": "by mood", "folded": [1, None, {}], "cursor": "profile:gone"},
        {"theme": "\x1b[2J", "cursor": "x" * 10_000, "unknown": True},
    ],
)
async def test_what_makes_no_sense_is_as_at_first(tmp_path: Path, values: Values) -> None:
    driver_values = await left_by(demo_world(tmp_path / "demo"), Memory(values))
    assert driver_values == {}


async def left_by(world: World, before: Memory, *keys: str) -> Values:
    """Open the app, press keys, and return what it would remember."""
    app = RolecallApp(world.host, memory=before)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        driver = Driver(world, pilot)
        await driver.ready()
        await driver.press(*keys)
        await driver.settle()
        return app.remembered


@pytest.mark.long
async def test_the_grouping_the_order_the_folds_and_the_cursor_are_remembered(tmp_path: Path) -> None:
    world = demo_world(tmp_path / "demo")
    left = await left_by(world, Memory(), "o", "s", "s", "S", "home", "h", "j", "j")
    assert left["grouping"] == Grouping.ACCOUNT
    assert (left["sort"], left["reversed"]) == (Sort.STATE, True)
    assert left["folded"]
    assert await left_by(world, Memory(left)) == left


async def test_the_theme_is_remembered(tmp_path: Path) -> None:
    left = await left_by(demo_world(tmp_path / "demo"), Memory({"theme": "nord"}))
    assert left == {"theme": "nord"}


async def test_the_cursor_is_in_view_again_in_a_long_list(tmp_path: Path) -> None:
    config = "".join(f"[profile p{number:03}]\nregion = eu-west-1\n" for number in range(200))
    host = make_home(tmp_path / "home", config=config)
    app = RolecallApp(host, memory=Memory({"cursor": "profile:p150", "grouping": "flat"}))
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        driver = Driver(World(host.home), pilot)
        await driver.ready()
        assert driver.tree.profile is not None
        assert driver.tree.profile.name == "p150"
        top = driver.tree.scroll_offset.y
        assert top <= driver.tree.cursor < top + driver.tree.scrollable_content_region.height


async def test_a_name_that_looks_like_a_secret_is_not_remembered(tmp_path: Path) -> None:
    config = "[profile a]\nregion = x\n[aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY]\n"
    host = make_home(tmp_path / "home", config=config)
    left = await left_by(World(host.home), Memory(), "end")
    assert "cursor" not in left


async def test_what_is_wrong_is_said_once_it_is_seen(tmp_path: Path) -> None:
    world = demo_world(tmp_path / "demo")
    app = RolecallApp(world.host, memory=Memory(problem="state.json is ignored"))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await Driver(world, pilot).ready()
        assert any("state.json is ignored" in each.message for each in app._notifications)


# Where it cannot be written, nothing is harmed.


def test_a_directory_that_cannot_be_made_harms_nothing(host: Host) -> None:
    (host.home / ".local").write_text("a file where a directory belongs")
    remember(host, Memory(), FULL)
    assert recall(host) == Memory()


def test_a_full_disk_leaves_what_was_there(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    remember(host, Memory(), FULL)

    def full(self: Path, target: Path) -> Path:
        del self, target
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    remember(host, Memory(FULL), {"theme": "dracula"})
    assert recall(host) == Memory(FULL)
    assert host.state_file is not None
    assert [each.name for each in host.state_file.parent.iterdir()] == [host.state_file.name]


def test_what_is_too_much_is_not_written(host: Host) -> None:
    remember(host, Memory(), {"cursor": "x" * LARGEST})
    assert recall(host) == Memory()


def test_root_leaves_nothing_in_the_home_of_another(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = host.home.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    remember(host, Memory(), FULL)
    assert recall(host) == Memory()


def test_the_demo_and_another_home_are_not_remembered(host: Host, tmp_path: Path) -> None:
    assert replace(host, is_demo=True).state_file is None
    assert Host.real(tmp_path).state_file is None


def test_it_is_json_that_a_person_can_read(host: Host) -> None:
    remember(host, Memory(), FULL)
    assert host.state_file is not None
    assert json.loads(host.state_file.read_text()) == FULL
