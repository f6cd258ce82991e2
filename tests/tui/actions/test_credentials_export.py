"""x and U: credentials go where they were sent, and nowhere else; the choice of a profile likewise."""

import json

import pytest

from rolecall.app_options import Options
from rolecall.demo import callers
from rolecall.tui.screens.pick import ExportScreen
from tests.tui.actions.stage import acting
from tests.tui.worlds import World

pytestmark = pytest.mark.long


async def test_they_are_sent_to_the_clipboard_and_never_shown(meadow: World) -> None:
    meadow = World(meadow.home, {**meadow.environ, "SHELL": "/bin/bash"}, meadow.clock)
    async with acting(meadow) as stage:
        await stage.choose("prod-deploy")
        await stage.press("x")
        shown = await stage.opens(ExportScreen)
        assert shown.index("bash") < shown.index("zsh")
        await stage.press("enter")
        await stage.says("Sent the credentials of prod-deploy for bash to the terminal's clipboard.")
        assert callers.SECRET_KEY not in stage.seen()
        copied = stage.app.clipboard
        assert f"export AWS_SECRET_ACCESS_KEY={callers.SECRET_KEY}" in copied.replace("'", "")
        # AND what would shadow them goes
        assert "unset " in copied
        assert "AWS_PROFILE" in copied


async def test_as_json_they_are_what_a_credential_process_prints(meadow: World) -> None:
    async with acting(meadow) as stage:
        await stage.choose("prod-deploy")
        await stage.press("x")
        await stage.opens(ExportScreen)
        await stage.press("G", "enter")
        await stage.says("Sent the credentials")
        printed = json.loads(stage.app.clipboard)
        assert printed["Version"] == 1
        assert printed["SecretAccessKey"] == callers.SECRET_KEY


async def test_they_can_be_left_to_the_shell_that_waits_for_them(meadow: World) -> None:
    async with acting(meadow, Options(emits="fish")) as stage:
        await stage.choose("prod-deploy")
        await stage.press("x")
        shown = await stage.opens(ExportScreen)
        assert shown.index("fish") < shown.index("bash")
        await stage.press("p")
        await stage.until(lambda: bool(stage.app.left_lines))
        assert any(line.startswith("set -gx AWS_SECRET_ACCESS_KEY") for line in stage.app.left_lines)
        assert stage.app.clipboard == ""


async def test_without_a_shell_that_waits_they_are_printed_at_exit(meadow: World) -> None:
    async with acting(meadow) as stage:
        await stage.choose("prod-deploy")
        await stage.press("x")
        await stage.opens(ExportScreen)
        await stage.press("p")
        await stage.until(lambda: bool(stage.app.left_lines))
        assert stage.app.clipboard == ""


async def test_who_goes_back_has_exported_nothing(demo: World) -> None:
    async with acting(demo) as stage:
        await stage.choose("prod-deploy")
        await stage.press("x")
        await stage.opens(ExportScreen)
        await stage.press("escape")
        await stage.done()
        assert stage.app.left_lines == ()
        assert stage.app.clipboard == ""


async def test_a_profile_is_chosen_for_the_shell_that_waits(demo: World) -> None:
    async with acting(demo, Options(emits="bash")) as stage:
        await stage.choose("staging")
        await stage.press("U")
        await stage.until(lambda: bool(stage.app.left_lines))
        assert "export AWS_PROFILE=staging" in "\n".join(stage.app.left_lines).replace("'", "")


async def test_where_no_shell_waits_the_lines_are_copied_and_how_to_have_one_is_said(demo: World) -> None:
    demo = World(demo.home, {**demo.environ, "SHELL": "/usr/bin/zsh"}, demo.clock)
    async with acting(demo) as stage:
        await stage.choose("staging")
        await stage.press("U")
        await stage.says("Sent the zsh lines that choose staging")
        assert "`rolecall init zsh`" in stage.toasts
        assert "AWS_PROFILE=staging" in stage.app.clipboard.replace("'", "")


async def test_a_shell_without_a_function_is_offered_none(demo: World) -> None:
    demo = World(demo.home, {**demo.environ, "SHELL": "/bin/dash"}, demo.clock)
    async with acting(demo) as stage:
        await stage.choose("staging")
        await stage.press("U")
        await stage.says("Sent the sh lines that choose staging")
        assert "rolecall init" not in stage.toasts


async def test_a_shell_for_which_there_are_no_lines_is_told_and_nothing_is_copied(demo: World) -> None:
    demo = World(demo.home, {**demo.environ, "SHELL": "/bin/tcsh"}, demo.clock)
    async with acting(demo) as stage:
        await stage.choose("staging")
        await stage.press("U")
        await stage.says("rolecall writes no lines for tcsh; there, use unsetenv NAME")
        assert stage.app.clipboard == ""
