"""Each kind of Fix is carried out by the command of its name, wherever the cursor is."""

from pathlib import Path

import pytest

from rolecall.app_options import Options
from rolecall.aws.config_file import FileKind
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import fixes
from rolecall.doctor.fixes import Fix, FixAction
from rolecall.doctor.registry import examine
from rolecall.tui.actions.runner import READ_ONLY
from rolecall.tui.form.fields import FieldList
from rolecall.tui.form.screen import EditScreen
from rolecall.tui.screens.dialog import ConfirmScreen, TellScreen
from rolecall.tui.screens.dialogs import ShellLineScreen
from rolecall.tui.screens.diff import DiffScreen
from rolecall.tui.screens.findings import Silencing
from rolecall.tui.screens.login import LoginScreen
from rolecall.user_settings import Silence
from tests.tui.actions.stage import Stage, acting
from tests.tui.worlds import World, role
from tests.tui.wrong import finding


def begin(stage: Stage, fix: Fix) -> None:
    stage.explaining.apply_fix(fix)


async def write(stage: Stage) -> str:
    """Wait for a diff, and have it written; return what was shown."""
    shown = await stage.opens(DiffScreen)
    await stage.press("w")
    await stage.done()
    return shown


def focused(stage: Stage) -> str:
    row = stage.app.screen.query_one(FieldList).current_row
    assert row is not None
    return row.field.key


def settings(stage: Stage, name: str) -> dict[str, object]:
    return dict(stage.report(name).values)


@pytest.mark.long
async def test_a_change_is_shown_and_written_although_the_cursor_is_elsewhere(demo: World) -> None:
    async with acting(demo) as stage:
        await stage.choose("base")
        await stage.mark("dev")
        begin(stage, fixes.change("point it at base", "intern", {"source_profile": "base"}))
        assert "source_profile = base" in await write(stage)
        assert settings(stage, "intern")["source_profile"] == "base"
        # AND it can be taken back like any edit
        await stage.says("u undoes it")


@pytest.mark.long
async def test_what_is_misspelt_is_replaced_in_one_go(demo: World) -> None:
    config = demo.aws / "config"
    config.write_text(config.read_text() + "[profile typo]\nregoin = eu-west-1\n")
    async with acting(demo) as stage:
        begin(stage, fixes.change("mend the key", "typo", {"regoin": None, "region": "eu-west-1"}))
        shown = await write(stage)
        assert "regoin = •••• (9 characters)" in shown
        assert settings(stage, "typo") == {"region": "eu-west-1"}


async def test_the_keys_that_hide_a_process_go_from_their_file_in_one_go(demo: World) -> None:
    async with acting(demo) as stage:
        keys = dict.fromkeys(("aws_access_key_id", "aws_secret_access_key"))
        begin(stage, fixes.change("remove them", "vault", keys, FileKind.CREDENTIALS))
        shown = await write(stage)
        assert all(f"{key} = " in shown for key in keys)
        assert stage.report("vault").resolution.provider == "custom-process"


@pytest.mark.long
async def test_several_keys_of_a_block_are_written_in_one_go(demo: World) -> None:
    config = demo.aws / "config"
    config.write_text(config.read_text() + "[profile typo]\ns3 =\n  max_queue = 5\n  x = 1\n")
    async with acting(demo) as stage:
        begin(stage, fixes.change("mend", "typo", {"s3.max_queue": None, "s3.max_queue_size": "5"}))
        shown = await write(stage)
        assert "- max_queue = " in shown
        assert "+ max_queue_size = 5" in shown
        assert settings(stage, "typo")["s3"] == {"x": "1", "max_queue_size": "5"}


@pytest.mark.long
async def test_what_only_the_user_knows_opens_the_form(demo: World) -> None:
    async with acting(demo) as stage:
        await stage.choose("base")
        begin(stage, fixes.edit("give it a source", "intern", "source_profile"))
        assert "intern" in await stage.opens(EditScreen)
        # AND the cursor is where something is to be typed, also where the form had no line for it
        assert focused(stage) == "source_profile"
        await stage.press("escape")
        await stage.done()
        begin(stage, fixes.edit("set it", "base", "max_attempts"))
        await stage.opens(EditScreen)
        assert focused(stage) == "max_attempts"
        await stage.press("escape")


@pytest.mark.long
async def test_a_guess_is_typed_into_the_form_to_be_looked_at(demo: World) -> None:
    async with acting(demo) as stage:
        begin(stage, fixes.propose("set region", "okta", "region", "eu-north-1"))
        await stage.opens(EditScreen)
        assert focused(stage) == "region"
        await stage.press("backspace", "2", "ctrl+s")
        assert "+ region = eu-north-2" in await write(stage)


@pytest.mark.long
async def test_a_new_name_and_a_removal_are_shown_first(demo: World) -> None:
    async with acting(demo) as stage:
        begin(stage, fixes.rename("rename it", "okta", "okta-new"))
        await write(stage)
        assert "okta-new" in stage.profiles()
        begin(stage, fixes.remove("remove it", "okta-new"))
        await write(stage)
        assert "okta-new" not in stage.profiles()


async def test_a_cache_file_is_deleted_after_its_cost_was_said(demo: World) -> None:
    async with acting(demo) as stage:
        orphan = next(entry.path for entry in demo.snapshot().entries if entry.is_orphan)
        begin(stage, fixes.clear(orphan))
        asked = await stage.opens(ConfirmScreen)
        assert "Delete 1 cache file?" in asked
        assert orphan.exists()
        await stage.press("right", "enter")
        await stage.done()
        assert not orphan.exists()


@pytest.mark.long
async def test_a_cache_file_that_is_gone_meanwhile_is_told(demo: World) -> None:
    async with acting(demo) as stage:
        begin(stage, fixes.clear(Path("/nowhere/gone.json")))
        assert "It is not in the caches any more." in await stage.failure()
        await stage.press("enter")


@pytest.mark.long
@pytest.mark.usefixtures("children")
async def test_a_role_is_assumed_and_a_login_is_begun_where_they_are_wanted(meadow: World) -> None:
    async with acting(meadow) as stage:
        await stage.choose("base")
        begin(stage, fixes.assume("staging"))
        await stage.says("staging: assumed")
        await stage.done()
        begin(stage, fixes.log_in("partner"))
        assert "Open this address in a browser" in await stage.opens(LoginScreen)
        await stage.press("escape")
        await stage.says("Fix: cancelled")
        await stage.done()


@pytest.mark.long
async def test_what_does_not_apply_any_more_is_told(demo: World) -> None:
    async with acting(demo) as stage:
        begin(stage, fixes.log_in("gone"))
        assert "There is no profile gone any more." in await stage.failure()
        await stage.press("enter")
        begin(stage, fixes.log_in("base"))
        assert "base uses no SSO login" in await stage.failure()
        await stage.press("enter")


@pytest.mark.long
async def test_the_editor_is_opened_where_it_says(demo: World) -> None:
    async with acting(demo) as stage:
        begin(stage, fixes.open_at("mend the line", demo.aws / "config", 3))
        # THEN it is tried, and a terminal that cannot be lent is told
        assert "This terminal cannot be lent to another program." in await stage.failure()
        await stage.press("enter")


async def test_a_line_for_the_shell_is_shown_and_copied(demo: World) -> None:
    async with acting(demo) as stage:
        begin(stage, fixes.unset(demo.host, "AWS_REGION"))
        shown = await stage.opens(ShellLineScreen)
        assert "unset AWS_REGION" in shown
        assert "Run it in this shell" not in shown
        await stage.press("enter")
        await stage.done()
        assert stage.app.clipboard == "unset AWS_REGION"
        assert stage.app.left_lines == ()


@pytest.mark.long
async def test_where_a_shell_waits_the_line_can_be_left_to_it(demo: World) -> None:
    async with acting(demo, Options(emits="bash")) as stage:
        begin(stage, fixes.unset(demo.host, "AWS_REGION"))
        assert "Run it in this shell" in await stage.opens(ShellLineScreen)
        await stage.press("right", "enter")
        await stage.until(lambda: bool(stage.app.left_lines))
        assert stage.app.left_lines == ("unset AWS_REGION",)
        assert stage.app.clipboard == ""


async def test_esc_neither_copies_nor_leaves_anything(demo: World) -> None:
    async with acting(demo, Options(emits="bash")) as stage:
        begin(stage, fixes.unset(demo.host, "AWS_REGION"))
        await stage.opens(ShellLineScreen)
        await stage.press("escape")
        await stage.done()
        assert (stage.app.clipboard, stage.app.left_lines) == ("", ())


async def test_what_nobody_but_the_user_can_do_is_said(demo: World) -> None:
    async with acting(demo) as stage:
        begin(stage, fixes.manual("ask whoever gave you the role"))
        assert "Ask whoever gave you the role." in await stage.opens(TellScreen)
        await stage.press("enter")
        await stage.done()


@pytest.mark.long
@pytest.mark.parametrize(
    "fix",
    [
        fixes.log_in("partner"),
        fixes.assume("staging"),
        fixes.change("x", "okta", {"region": "x"}),
        fixes.edit("x", "okta"),
        fixes.rename("x", "okta", "y"),
        fixes.remove("x", "okta"),
        fixes.clear(Path("/x")),
        fixes.open_at("x", Path("/x"), 1),
    ],
    ids=lambda fix: fix.doing.value,
)
async def test_with_read_only_nothing_is_begun(demo: World, fix: Fix) -> None:
    async with acting(demo, Options(read_only=True)) as stage:
        begin(stage, fix)
        await stage.says(READ_ONLY)
        assert not stage.is_busy


async def test_with_read_only_a_line_is_shown_all_the_same_and_nothing_is_silenced(demo: World) -> None:
    before = demo.host.settings_file.read_bytes()
    async with acting(demo, Options(read_only=True)) as stage:
        begin(stage, fixes.unset(demo.host, "AWS_REGION"))
        await stage.opens(ShellLineScreen)
        await stage.press("escape")
        await stage.done()
        stage.explaining.silence(Silencing(Silence("orphan")))
        await stage.says(READ_ONLY)
        assert demo.host.settings_file.read_bytes() == before


@pytest.mark.long
async def test_a_joined_header_gets_a_line_of_its_own(demo: World) -> None:
    config = demo.aws / "config"
    config.write_text(config.read_text() + "[profile one]\nregion = eu-west-1[profile two]\noutput = json\n")
    async with acting(demo) as stage:
        found = next(each for each in examine(Snapshot.take(stage.host)).all if each.code == "glued-line")
        begin(stage, found.fix)
        assert "[profile two]" in await write(stage)
        assert settings(stage, "two") == {"output": "json"}


MESSY = """
[profile one]
region = eu-west-1 ; Dublin
output = josn
[profile two]
regoin = eu-west-1
region = eu-west-1
[profile three]
duration_seconds = 1h
role_arn = arn:aws:iam::111122223333:role/three
source_profile = base
"""


@pytest.mark.long
async def test_several_are_mended_in_one_diff_and_what_is_no_edit_is_told(demo: World) -> None:
    config = demo.aws / "config"
    before = config.read_text()
    config.write_text(before + MESSY)
    async with acting(demo, size=(120, 50)) as stage:
        found = examine(demo.snapshot()).all
        wanted = [each for each in found if {"one", "two", "three"} & {each.subject.name}]
        login = next(each for each in found if each.fix.doing is FixAction.LOGIN)
        assert len(wanted) > 3
        stage.explaining.apply_together([login, *wanted])
        shown = await write(stage)
        assert "Left out, because it is no edit" in shown
        edits = [each for each in wanted if each.fix.is_edit]
        assert f"Fix {len(edits)} of {len(wanted) + 1} findings" in shown
        after = config.read_text()
        # THEN each is mended, and nothing else is changed
        assert after.startswith(before)
        assert after.removeprefix(before) == MESSY.replace(
            "region = eu-west-1 ; Dublin", "; Dublin\nregion = eu-west-1"
        ).replace("josn", "json").replace("regoin = eu-west-1\n", "").replace("1h", "3600")
        # AND one undo takes all of it back
        await stage.press("u")
        await write(stage)
        assert config.read_text() == before + MESSY


async def test_where_none_is_an_edit_that_is_said(demo: World) -> None:
    async with acting(demo) as stage:
        found = examine(demo.snapshot()).all
        stage.explaining.apply_together([each for each in found if each.fix.doing is FixAction.LOGIN])
        assert "None of them can be mended in one diff." in await stage.failure()


@pytest.mark.long
async def test_two_edits_that_together_would_lose_a_key_are_not_combined(demo: World) -> None:
    # GIVEN the same long-term key in two profiles: each may go, but not both
    pair = f"aws_access_key_id = AKIAZZZZZZZZZZZZZZZZ\naws_secret_access_key = {'abcdEFGH1234' * 3}abcd\n"
    config, credentials = demo.aws / "config", demo.aws / "credentials"
    config.write_text(config.read_text() + role("twin-a", "base") + role("twin-b", "base"))
    credentials.write_text(credentials.read_text() + f"[twin-a]\n{pair}region = eu-west-1\n[twin-b]\n{pair}")
    both = ("aws_access_key_id", "aws_secret_access_key")
    async with acting(demo, size=(120, 40)) as stage:
        cures = [
            fixes.change("remove the keys", name, dict.fromkeys(both), FileKind.CREDENTIALS)
            for name in ("twin-a", "twin-b")
        ]
        assert [fixes.offered(demo.snapshot(), each) for each in cures] == cures
        stage.explaining.apply_together(
            [finding("twins", subject=str(each.profile), fix=each) for each in cures]
        )
        shown = await write(stage)
        assert "it would do harm together with the others" in shown.lower()
        assert credentials.read_text().count("AKIAZZZZZZZZZZZZZZZZ") == 1
