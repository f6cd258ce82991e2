"""Where there are no profiles the screen says why, where it looked, and what to do."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rolecall.tui.screens.repair import RepairScreen
from rolecall.tui.tones import Tone
from tests.cli.program import Program
from tests.tui.actions.stage import plain
from tests.tui.driving import NARROW, running
from tests.tui.worlds import World, keys

UNPARSEABLE = "[profile a]\nregion = eu-west-1\n[profile b\n"


@pytest.mark.long
async def test_it_says_where_it_looked_and_names_the_demo(empty: World) -> None:
    async with running(empty, NARROW) as app:
        for size in (NARROW, (120, 40), (60, 20)):
            await app.resize(*size)
            seen = app.seen()
            for name in ("config", "credentials", "cli/cache", "sso/cache"):
                assert f"~/.aws/{name}" in seen
            assert "No AWS profiles" in seen
            assert "rolecall demo" in " ".join(seen.split())


async def test_it_says_where_variables_lead_it(empty: World) -> None:
    environ = {"AWS_CONFIG_FILE": "~/work/aws.ini", "AWS_SHARED_CREDENTIALS_FILE": ""}
    async with running(World(empty.home, environ)) as app:
        assert "~/work/aws.ini" in app.seen()
        assert "~/.aws/config" not in app.seen()


async def test_what_is_in_the_environment_is_not_hidden(empty: World) -> None:
    # GIVEN a build machine: keys in the environment, no files
    environ = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "CANARYcanary"}
    async with running(World(empty.home, environ)) as app:
        assert "…MPLE in the environment" in app.seen().splitlines()[0]
        # AND the variables have their pane, which can be worked in
        assert "AWS_ACCESS_KEY_ID=…MPLE" in app.seen()
        await app.press("4")
        assert app.environment.has_focus
        await app.press("2")
        assert app.environment.has_focus


async def test_the_footer_offers_what_can_be_done_there_and_a_made_up_home(empty: World) -> None:
    async with running(empty, NARROW) as app:
        footer = app.seen().splitlines()[-1]
        assert "+ Add" in footer
        assert "d Demo" in footer
        assert "Assume" not in footer
        assert footer.rstrip().endswith("q Quit")
        await app.press("d")
        assert app.app._exit
        assert app.app.goes_to_demo


async def test_where_there_are_profiles_d_is_no_key(demo: World) -> None:
    async with running(demo, NARROW) as app:
        await app.press("d")
        assert not app.app._exit
        assert "Demo" not in app.seen().splitlines()[-1]


async def test_an_unparseable_file_is_named_with_its_line(empty: World) -> None:
    async with running(empty.write(UNPARSEABLE, keys("a"))) as app:
        seen = app.seen()
        assert "~/.aws/config:3" in seen
        assert "ConfigParseError" in seen
        assert "config is unparseable" in seen.splitlines()[0]
        # AND nobody knows how many profiles it has
        assert "0 profiles" not in seen
        # AND the lines are shown at once
        assert "2  region = eu-west-1" in seen
        assert "▶ 3  [profile b" in seen
        assert "e Edit" in seen.splitlines()[-1]


async def test_an_unparseable_credentials_file_too(empty: World) -> None:
    async with running(empty.write("[profile a]\n", "[a]\nnonsense\n")) as app:
        assert "~/.aws/credentials:2" in app.seen()


def closed(aws: Path) -> str:
    aws.mkdir()
    (aws / "config").write_text("[profile a]\n")
    aws.chmod(0)
    return f"belongs to {aws.owner()}, mode 000"


def a_file(aws: Path) -> str:
    aws.write_text("")
    return "is not a directory"


def a_link_to_nowhere(aws: Path) -> str:
    aws.symlink_to("gone")
    return "is a symlink to gone, which cannot be reached"


def closed_files(aws: Path) -> str:
    for name in ("config", "credentials"):
        aws.mkdir(exist_ok=True)
        (aws / name).write_text("[profile a]\n")
        (aws / name).chmod(0)
    return f"it belongs to {aws.owner()}, mode 000"


def directories(aws: Path) -> str:
    for name in ("config", "credentials"):
        (aws / name).mkdir(parents=True)
    return "is a directory"


@pytest.mark.long
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(closed, marks=pytest.mark.ordinary_user),
        pytest.param(closed_files, marks=pytest.mark.ordinary_user),
        a_file,
        a_link_to_nowhere,
        directories,
    ],
)
async def test_what_cannot_be_read_is_not_called_empty(empty: World, make: Callable[[Path], str]) -> None:
    shutil.rmtree(empty.aws, ignore_errors=True)
    words = make(empty.aws)
    async with running(empty, (160, 40)) as app:
        seen = plain(app.seen())
        assert "No AWS profiles" not in seen
        assert "The profiles cannot be read: ~/.aws/config and ~/.aws/credentials." in seen
        assert words in seen
        await app.press("+")
        assert words in plain(await app.told())
    outcome = Program(empty.home)("list")
    assert outcome.lines[0].startswith("No profiles can be read.")
    assert words in outcome.err


@pytest.mark.long
async def test_no_key_is_a_crash(empty: World) -> None:
    async with running(empty) as app:
        await app.press(
            "enter", "y", "space", "tab", "2", "z", "escape", "slash", "x", "enter", "question_mark"
        )
        assert "Help" in app.seen()
        await app.press("escape", "escape")
        assert app.app.is_running


@pytest.mark.long
async def test_the_first_profile_brings_the_tree_with_the_focus(empty: World) -> None:
    # GIVEN the first screen of someone who has nothing
    async with running(empty) as app:
        # WHEN `aws configure` in another terminal writes the first files
        empty.write("[profile a]\nregion = x\n[profile b]\n", keys("a"))
        await app.until(lambda: app.profiles() == ["a", "b"])
        await app.settle()
        # THEN the tree is there, and the keys move its cursor
        assert "No AWS profiles" not in app.seen()
        assert "1 Profiles" in app.seen()
        await app.press("j")
        assert app.tree.has_focus
        assert app.tree.cursor == 1


@pytest.mark.long
async def test_mending_the_file_brings_everything_back_as_it_was(demo: World) -> None:
    # GIVEN a cursor and a mark
    async with running(demo) as app:
        await app.choose("prod-deploy")
        app.tree.marks |= {"dev"}
        config = demo.aws / "config"
        before = config.read_text()
        # WHEN an editor leaves the file half-written for a moment
        config.write_text(before[:200] + "\n[profile x\n")
        await app.app._reread()
        await app.settle()
        # THEN the profiles are seen as they were, dimmed, under a line that says what has happened and where
        top, said, *rest = app.seen().splitlines()
        assert "0 profiles" not in top
        assert said.strip().startswith("! ~/.aws/config:")
        assert "does not parse: " in said
        assert said.rstrip().endswith("e shows it")
        assert "prod-deploy" in "\n".join(rest)
        assert {each.tone for item in app.tree.items for each in app.tree.lay_out(item, 38)} == {Tone.DIM}
        # AND no key does anything to profiles that nobody knows now
        await app.press("j", "k", "a")
        assert "does not parse: e shows where" in await app.told()
        await app.press("enter")
        await app.until(lambda: isinstance(app.app.screen, RepairScreen))
        await app.press("escape")
        config.write_text(before)
        await app.app._reread()
        await app.settle()
        # THEN the user has not lost their place
        assert "does not parse" not in app.seen()
        assert Tone.PLAIN in {each.tone for item in app.tree.items for each in app.tree.lay_out(item, 38)}
        assert app.names()[app.tree.cursor] == "prod-deploy"
        assert app.tree.marks == {"dev"}
        assert app.tree.has_focus
