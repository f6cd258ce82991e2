"""Marks: how many a command acts on, what it skips and why, and marking all that is shown."""

import pytest

from tests.tui.actions.stage import Stage, acting
from tests.tui.driving import running
from tests.tui.worlds import World, keys, role


def footer(stage: Stage) -> str:
    return stage.seen().splitlines()[-1]


@pytest.mark.long
async def test_the_footer_says_how_many_marked_roles_are_assumed(meadow: World) -> None:
    async with acting(meadow) as stage:
        assert "a Assume L" in footer(stage)
        await stage.mark("staging", "prod-deploy")
        assert "a Assume 2 L" in footer(stage)
        assert "? Help" in footer(stage)
        # what has no role is not counted
        await stage.mark("base")
        assert "a Assume 2 L" in footer(stage)
        await stage.press("M")
        assert "a Assume L" in footer(stage)


@pytest.mark.long
async def test_what_is_skipped_is_told_with_its_reason(meadow: World) -> None:
    async with acting(meadow) as stage:
        # GIVEN one that has ended, one that is valid, and one that has no role
        await stage.mark("staging", "prod-deploy", "base")
        await stage.press("a")
        await stage.says("1 role assumed. Skipped: prod-deploy is still valid for 4")
        assert "base has keys of its own: there is no role to assume." in stage.toasts


@pytest.mark.long
async def test_all_that_is_shown_is_marked_or_the_other_way_round(empty: World) -> None:
    empty.write("".join(role(name, "base") for name in ("dev", "dev-eu", "ops")), keys("base"))
    async with running(empty) as app:
        await app.press("ctrl+a")
        assert app.tree.marks == {"base", "dev", "dev-eu", "ops"}
        await app.choose("ops")
        await app.press("space", "asterisk")
        assert app.tree.marks == {"ops"}
        # WHEN a filter lists some, THEN only what it has found, and not what that stands under
        await app.type_filter("dev")
        await app.press("enter", "ctrl+a")
        assert app.profiles() == ["base", "dev", "dev-eu"]
        assert app.tree.marks == {"ops", "dev", "dev-eu"}


async def test_cache_files_are_marked_in_their_pane(demo: World) -> None:
    async with running(demo) as app:
        await app.act("pane('cache')")
        await app.act("mark_shown('all')")
        many = len(app.cache.items)
        assert len(app.cache.marks) == many
        assert app.tree.marks == set()
        app.cache.toggle_mark()
        await app.act("mark_shown('invert')")
        assert len(app.cache.marks) == 1
