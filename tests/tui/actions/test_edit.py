"""e and its kin: form or name, diff, write, undo; what another program wrote meanwhile is never lost."""

import errno
import os
from pathlib import Path

import pytest

from rolecall.tui.form.fields import FieldRow
from rolecall.tui.form.screen import EditScreen
from rolecall.tui.screens.dialogs import NameScreen
from rolecall.tui.screens.diff import DiffScreen
from rolecall.tui.screens.repair import RepairScreen
from tests.tui.actions.stage import Stage, acting
from tests.tui.worlds import World, keys

CONFIG = """\
# mine
[profile dev]
region = eu-west-1
role_arn = arn:aws:iam::111122223333:role/dev
source_profile = base

[profile child]
role_arn = arn:aws:iam::111122223333:role/child
# by way of dev
source_profile = dev
"""


@pytest.fixture
def small(tmp_path: Path) -> World:
    return World(tmp_path).write(CONFIG, keys("base"))


def config(stage: Stage) -> str:
    return (stage.aws / "config").read_text()


def row(stage: Stage, key: str) -> FieldRow:
    return next(row for row in stage.app.screen.query(FieldRow).results() if row.field.key == key)


async def fill_in(stage: Stage, **values: str) -> None:
    """Put texts into the fields of the form, as if they had been typed, and go on."""
    for key, value in values.items():
        row(stage, key).text = value
    await stage.settle()
    await stage.press("ctrl+s")


async def write(stage: Stage) -> str:
    """Wait for the diff and have it written; return what it showed."""
    shown = await stage.opens(DiffScreen)
    await stage.press("right", "enter")
    await stage.done()
    return shown


@pytest.mark.long
async def test_what_is_typed_is_shown_written_and_taken_back(small: World) -> None:
    async with acting(small) as stage:
        await stage.choose("dev")
        await stage.press("e")
        await stage.opens(EditScreen)
        await fill_in(stage, region="eu-north-1")
        # THEN the diff comes first, with Cancel under the cursor
        shown = await write(stage)
        assert "- region = eu-west-1" in shown or "-region = eu-west-1" in shown
        assert config(stage) == CONFIG.replace("region = eu-west-1", "region = eu-north-1")
        # AND u undoes it, to the very bytes, after its own diff
        await stage.press("u")
        await write(stage)
        await stage.says("undone.")
        assert config(stage) == CONFIG
        # AND there is nothing more to take back
        await stage.press("u")
        await stage.says("Nothing has been edited since rolecall was started.")


@pytest.mark.long
async def test_esc_at_the_diff_goes_back_to_the_form_with_what_was_typed(small: World) -> None:
    async with acting(small) as stage:
        await stage.choose("dev")
        await stage.press("e")
        await stage.opens(EditScreen)
        await fill_in(stage, region="eu-north-1")
        await stage.opens(DiffScreen)
        await stage.press("escape")
        await stage.opens(EditScreen)
        assert row(stage, "region").text == "eu-north-1"
        assert config(stage) == CONFIG
        # AND esc leaves the form, at the second time
        await stage.press("escape", "escape")
        await stage.done()
        assert config(stage) == CONFIG


@pytest.mark.long
async def test_a_file_that_changed_meanwhile_is_left_and_what_changed_is_told(small: World) -> None:
    async with acting(small) as stage:
        await stage.choose("dev")
        await stage.press("e")
        await stage.opens(EditScreen)
        await fill_in(stage, region="eu-north-1")
        await stage.opens(DiffScreen)
        # WHEN another program writes the file while the diff is on the screen
        theirs = CONFIG + "\n[profile theirs]\nregion = us-east-2\n"
        (stage.aws / "config").write_text(theirs)
        await stage.press("right", "enter")
        # THEN nothing is written, and what changed is told
        told = await stage.failure()
        assert "Could not edit" in told
        assert "Conflict" in told
        assert "@@ -" in told
        assert "[profile theirs]" in told
        assert config(stage) == theirs
        # AND what was typed is there again
        await stage.press("enter")
        await stage.opens(EditScreen)
        assert row(stage, "region").text == "eu-north-1"
        # AND can be written now, over what the other wrote
        await stage.press("ctrl+s")
        await write(stage)
        assert config(stage) == theirs.replace("region = eu-west-1", "region = eu-north-1")


@pytest.mark.long
async def test_an_undo_over_what_somebody_else_wrote_is_refused(small: World) -> None:
    async with acting(small) as stage:
        await stage.choose("dev")
        await stage.press("e")
        await stage.opens(EditScreen)
        await fill_in(stage, region="eu-north-1")
        await write(stage)
        theirs = config(stage) + "# theirs\n"
        (stage.aws / "config").write_text(theirs)
        await stage.press("u")
        assert "Conflict" in await stage.failure()
        await stage.press("enter")
        await stage.done()
        assert config(stage) == theirs


@pytest.mark.long
async def test_an_edit_that_was_saved_is_taken_back_although_something_beside_it_failed(
    small: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a directory from which the old file cannot be removed
    def stuck(*_args: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    async with acting(small) as stage:
        await stage.choose("dev")
        await stage.press("e")
        await stage.opens(EditScreen)
        await fill_in(stage, region="eu-north-1")
        await stage.opens(DiffScreen)
        with monkeypatch.context() as patch:
            patch.setattr(os, "unlink", stuck)
            await stage.press("right", "enter")
            # THEN it is told that the file was saved, and what is left
            told = await stage.failure()
        assert "file was saved" in told
        assert ".config.rolecall-" in told
        assert config(stage) == CONFIG.replace("region = eu-west-1", "region = eu-north-1")
        await stage.press("enter")
        # AND u undoes it
        await stage.opens(EditScreen)
        await stage.press("escape", "escape")
        await stage.done()
        await stage.press("u")
        await write(stage)
        assert config(stage) == CONFIG


@pytest.mark.long
async def test_rename_takes_every_source_profile_with_it(small: World) -> None:
    async with acting(small) as stage:
        await stage.choose("dev")
        await stage.press("R")
        shown = await stage.opens(NameScreen)
        assert "1 source_profile setting will follow: child." in shown
        await stage.press("2", "enter")
        await write(stage)
        assert config(stage) == CONFIG.replace("[profile dev]", "[profile dev2]").replace(
            "source_profile = dev\n", "source_profile = dev2\n"
        )


@pytest.mark.long
async def test_a_duplicate_has_the_same_settings(small: World) -> None:
    async with acting(small) as stage:
        await stage.choose("dev")
        await stage.press("D")
        await stage.opens(NameScreen)
        await stage.press("2", "enter")
        await write(stage)
        assert "dev-copy2" in stage.profiles()
        assert stage.report("dev-copy2").values == stage.report("dev").values


@pytest.mark.long
async def test_remove_lists_who_draws_on_it(small: World) -> None:
    async with acting(small) as stage:
        await stage.choose("dev")
        await stage.press("delete")
        shown = await write(stage)
        assert "child" in shown
        assert "[profile dev]" not in config(stage)
        assert "dev" not in stage.profiles()


@pytest.mark.long
async def test_a_session_can_be_added(small: World) -> None:
    async with acting(small) as stage:
        await stage.press("plus")
        await stage.opens(EditScreen)
        await stage.press("end", "enter")
        await stage.until(lambda: bool(stage.app.screen.query(FieldRow)))
        await stage.press(*"corp")
        await fill_in(stage, sso_start_url="https://corp.awsapps.com/start", sso_region="eu-west-1")
        await write(stage)
        assert config(stage).startswith(CONFIG)
        assert "[sso-session corp]\n" in config(stage)


def under_the_cursor(stage: Stage) -> str | None:
    current = stage.tree.current
    return current.node.title if current is not None and stage.tree.has_focus else None


@pytest.mark.long
async def test_the_cursor_goes_to_what_was_made_or_renamed_wherever_it_was(small: World) -> None:
    async with acting(small) as stage:
        # WHEN something is made while the focus is elsewhere, and folds and a filter hide where it will stand
        await stage.choose("base")
        await stage.press("h")
        await stage.type_filter("child")
        await stage.press("enter", "5", "+", "enter")
        await stage.opens(EditScreen)
        await stage.press(*"made")
        await fill_in(stage, source_profile="base", role_arn="arn:aws:iam::111122223333:role/made")
        await write(stage)
        # THEN it is under the cursor, and the next key is about it
        assert under_the_cursor(stage) == "made"
        await stage.press("D")
        await stage.opens(NameScreen)
        await stage.press("2", "enter")
        await write(stage)
        assert under_the_cursor(stage) == "made-copy2"
        await stage.press("R")
        await stage.opens(NameScreen)
        await stage.press("3", "enter")
        await write(stage)
        assert under_the_cursor(stage) == "made-copy23"
        await stage.press("plus")
        await stage.opens(EditScreen)
        await stage.press("end", "enter")
        await stage.until(lambda: bool(stage.app.screen.query(FieldRow)))
        await stage.press(*"corp")
        await fill_in(stage, sso_region="eu-west-1", sso_start_url="https://corp.awsapps.com/start")
        await write(stage)
        assert under_the_cursor(stage) == "corp (sso-session)"


@pytest.mark.long
async def test_the_first_profile_of_all_makes_directory_and_file_for_its_user_alone(tmp_path: Path) -> None:
    # GIVEN a home with nothing in it
    home = tmp_path / "home"
    home.mkdir()
    async with acting(World(home)) as stage:
        await stage.press("plus")
        await stage.opens(EditScreen)
        await stage.press("enter")
        await stage.until(lambda: bool(stage.app.screen.query(FieldRow)))
        await stage.press(*"first")
        await fill_in(stage, region="eu-west-1")
        await write(stage)
        assert "first" in stage.profiles()
        assert stage.aws.stat().st_mode & 0o777 == 0o700
        for file in stage.aws.iterdir():
            assert file.stat().st_mode & 0o777 == 0o600
        # AND u takes even that back
        await stage.press("u")
        await write(stage)
        assert not [*stage.aws.iterdir()]


@pytest.mark.long
async def test_a_file_that_does_not_parse_is_shown_where_it_does_not(tmp_path: Path) -> None:
    world = World(tmp_path).write("[profile a]\nregion = x\nnonsense\n", keys("base"))
    async with acting(world) as stage:
        await stage.press("e")
        shown = await stage.opens(RepairScreen)
        assert "config:3" in shown
        assert "▶ 3 ••••" in shown
        # AND the way into the editor is told to be closed here, rather than nothing happening
        await stage.press("enter")
        assert "This terminal cannot be lent to another program" in await stage.failure()
        await stage.press("enter")
        await stage.done()
        # AND what would change a file says so
        await stage.press("plus")
        await stage.says("~/.aws/config does not parse: e shows where.")


@pytest.mark.long
async def test_a_file_that_goes_while_the_form_is_open_is_told(small: World) -> None:
    async with acting(small) as stage:
        await stage.choose("dev")
        await stage.press("e")
        await stage.opens(EditScreen)
        await fill_in(stage, region="eu-north-1")
        await stage.opens(DiffScreen)
        (stage.aws / "config").unlink()
        await stage.press("right", "enter")
        assert "Conflict" in await stage.failure()
        assert not (stage.aws / "config").exists()
        await stage.press("enter")
        await stage.opens(EditScreen)
        await stage.press("escape", "escape")
        await stage.done()
