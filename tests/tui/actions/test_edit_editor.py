"""E: the file and the line of what the cursor stands on; where the terminal cannot be lent, that is told."""

from pathlib import Path

from rolecall.app_options import Options
from rolecall.tui.actions.edit import editor_position
from rolecall.tui.actions.target import Target
from tests.tui.actions.stage import acting
from tests.tui.worlds import World, keys, role

CONFIG = "# first\n[profile dev]\nregion = x\n\n[sso-session corp]\nsso_region = eu-west-1\n" + role(
    "ops", "base"
)


def target(world: World, profile: str | None = None, session: str | None = None) -> Target:
    snapshot = world.snapshot()
    current = snapshot.profiles[profile] if profile is not None else None
    return Target(snapshot=snapshot, options=Options(), current=current, session=session)


def test_a_profile_stands_where_its_section_begins(tmp_path: Path) -> None:
    world = World(tmp_path).write(CONFIG, "\n" + keys("base") + keys("dev"))
    assert editor_position(target(world, "dev")) == (world.aws / "config", 2)
    assert editor_position(target(world, "ops")) == (world.aws / "config", 7)
    assert editor_position(target(world, "base")) == (world.aws / "credentials", 2)


def test_a_session_heading_stands_where_its_section_begins(tmp_path: Path) -> None:
    world = World(tmp_path).write(CONFIG)
    assert editor_position(target(world, session="corp")) == (world.aws / "config", 5)


def test_a_file_that_does_not_parse_comes_first(tmp_path: Path) -> None:
    world = World(tmp_path).write(CONFIG, keys("base") + "nonsense\n")
    assert editor_position(target(world)) == (world.aws / "credentials", 4)


def test_without_anything_under_the_cursor_it_is_config(tmp_path: Path) -> None:
    world = World(tmp_path).write(CONFIG)
    assert editor_position(target(world)) == (world.aws / "config", None)


async def test_a_terminal_that_cannot_be_lent_is_told_and_nothing_hangs(demo: World) -> None:
    async with acting(demo) as stage:
        await stage.choose("dev")
        await stage.press("E")
        told = await stage.failure()
        assert "This terminal cannot be lent to another program." in told
        await stage.press("enter")
        await stage.done()
