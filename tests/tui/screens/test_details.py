"""The Inspector opens over whatever the cursor stands on, and esc comes back."""

import pytest

from rolecall.tui.screens.details import DetailsScreen, DetailsView
from tests.tui.driving import NARROW, Driver, running
from tests.tui.worlds import World


def title(app: Driver) -> str:
    assert isinstance(app.app.screen, DetailsScreen)
    return str(app.app.screen.query_one(DetailsView).border_title)


async def test_enter_opens_a_profile_and_esc_comes_back(demo: World) -> None:
    async with running(demo) as app:
        await app.choose("prod-deploy")
        await app.press("enter")
        assert title(app) == "Profile prod-deploy"
        assert "~/.aws/config:" in app.seen()
        await app.press("escape")
        assert app.app.screen is app.main
        assert app.tree.has_focus


@pytest.mark.long
async def test_it_opens_what_the_cursor_of_the_focused_pane_stands_on(demo: World) -> None:
    async with running(demo) as app:
        await app.choose("dev")
        for pane, expected in (
            ("expiry", "Profile dev"),
            ("chain", "Profile dev"),
            ("environment", "Variable AWS_PROFILE"),
            ("cache", "Cache file"),
        ):
            await app.act(f"pane('{pane}')")
            await app.act("inspect")
            assert title(app) == expected
            if pane == "environment":
                assert "unset AWS_PROFILE" in app.seen()
            await app.act("dismiss")


async def test_it_opens_a_section_that_is_no_profile(demo: World) -> None:
    async with running(demo) as app:
        app.tree.cursor = app.names().index("[sandbox]")
        await app.act("inspect")
        assert "sandbox" in title(app)
        assert "profile" in app.seen()


async def test_the_keys_of_the_environment_can_be_opened(empty: World) -> None:
    environ = {
        "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "CANARYcanary",
        "AWS_SESSION_TOKEN": "CANARYcanary",
        "AWS_CREDENTIAL_EXPIRATION": "2026-03-10T09:45:00Z",
    }
    async with running(World(empty.home, environ).write("[profile a]\n")) as app:
        await app.act("pane('expiry')")
        await app.act("inspect")
        assert "AWS_" in title(app)


async def test_enter_folds_a_heading(demo: World) -> None:
    async with running(demo) as app:
        app.tree.cursor = app.names().index("broken")
        await app.act("inspect")
        assert app.app.screen is app.main
        assert "blue" not in app.profiles()
        await app.act("inspect")
        assert "blue" in app.profiles()


async def test_q_closes_it_and_does_not_quit(demo: World) -> None:
    async with running(demo) as app:
        await app.act("inspect")
        await app.press("q")
        assert app.app.is_running
        assert app.app.screen is app.main


@pytest.mark.long
async def test_a_long_one_scrolls_by_the_keys_of_vi(demo: World) -> None:
    async with running(demo, NARROW) as app:
        await app.choose("prod-deploy")
        await app.act("inspect")
        view = app.app.screen.query_one(DetailsView)
        for key, at in (("j", 1), ("down", 2), ("k", 1), ("G", view.max_scroll_y), ("g", 0)):
            await app.press(key)
            await app.settle()
            assert view.scroll_offset.y == at, key
        assert view.max_scroll_y > 3


@pytest.mark.long
async def test_everything_can_be_read_by_scrolling(demo: World) -> None:
    async with running(demo, (60, 14)) as app:
        await app.choose("prod-deploy")
        await app.act("inspect")
        view = app.app.screen.query_one(DetailsView)
        seen = app.seen()
        while view.scroll_offset.y < view.max_scroll_y:
            view.scroll_relative(y=3, animate=False, immediate=True)
            await app.pilot.pause()
            seen += app.seen()
        for words in ("Current state", "MFA", "Chain", "s3", "source_profile"):
            assert words in seen


@pytest.mark.long
async def test_it_fits_every_size(demo: World) -> None:
    async with running(demo) as app:
        await app.act("inspect")
        for size in ((40, 10), (20, 5), (10, 3), (1, 1), (200, 60)):
            await app.resize(*size)
            assert app.app._exception is None
        await app.press("escape")
        assert app.app.screen is app.main


async def test_it_is_laid_out_anew_to_another_width(demo: World) -> None:
    async with running(demo) as app:
        await app.choose("prod-deploy")
        await app.act("inspect")
        await app.resize(70, 60)
        await app.settle()
        assert "role_arn" in app.seen()
        assert "arn:aws:iam" in app.seen()


@pytest.mark.long
async def test_what_changes_below_does_not_close_it(demo: World) -> None:
    async with running(demo) as app:
        await app.act("inspect")
        (demo.aws / "config").write_text("[profile other]\n")
        await app.app._reread()
        await app.tick()
        assert title(app) == "Profile base"
        await app.press("escape")
        assert "other" in app.profiles()
