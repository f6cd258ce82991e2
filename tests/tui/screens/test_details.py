"""The Inspector opens over whatever the cursor stands on, and esc comes back."""

import pytest

from rolecall.doctor.registry import examine
from rolecall.tui.form.fields import FieldRow
from rolecall.tui.form.screen import EditScreen
from rolecall.tui.render.findings import guilty_setting
from rolecall.tui.render.inspector import Details, Fact
from rolecall.tui.screens.details import NO_PROFILE, DetailsScreen, DetailsView, InspectorScreen
from rolecall.tui.screens.pick import CopyScreen
from rolecall.tui.why.screen import WhyScreen
from tests.tui.actions.stage import acting
from tests.tui.driving import NARROW, Driver, running
from tests.tui.worlds import World, keys


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


@pytest.mark.long
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


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ("source_profile = bse\n", "source_profile"),
        ("source_profile = base\noutput = josn\n", "output"),
        ("source_profile = base\nduration_seconds = 1h\n", "duration_seconds"),
        ("source_profile = base\n", None),
    ],
)
def test_the_form_opens_on_the_setting_that_is_wrong(empty: World, settings: str, key: str | None) -> None:
    arn = "role_arn = arn:aws:iam::111122223333:role/x\nregion = eu-west-1\n"
    config = f"[profile odd]\n{arn}{settings}[profile user]\n{arn}source_profile = odd\n"
    snapshot = empty.write(config, keys("base")).snapshot()
    findings = examine(snapshot).by_profile
    assert guilty_setting(snapshot, "odd", findings.get("odd", ())) == key
    # AND what is wrong with a source is no setting of the profile that uses it
    assert guilty_setting(snapshot, "user", findings.get("odd", ())) is None


@pytest.mark.long
async def test_e_opens_the_form_there(demo: World) -> None:
    async with acting(demo) as stage:
        await stage.choose("intern")
        await stage.press("enter", "e")
        await stage.opens(EditScreen)
        focused = stage.app.screen.focused
        assert focused is not None
        row = next(each for each in focused.ancestors if isinstance(each, FieldRow))
        assert row.field.key == guilty_setting(
            demo.snapshot(), "intern", examine(demo.snapshot()).by_profile["intern"]
        )


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


@pytest.mark.long
async def test_the_keys_of_the_profile_work_in_it_and_lead_back(demo: World) -> None:
    async with running(demo) as app:
        await app.choose("prod-deploy")
        for key, screen in (("e", EditScreen), ("w", WhyScreen), ("y", CopyScreen)):
            await app.press("enter")
            assert title(app) == "Profile prod-deploy"
            await app.press(key)
            await app.until(lambda screen=screen: isinstance(app.app.screen, screen))  # type: ignore[misc]
            assert "prod-deploy" in app.seen_in(app.app.screen.query("Vertical").first())
            await app.press("escape")
            await app.until(lambda: isinstance(app.app.screen, InspectorScreen))
            await app.press("escape")
            await app.until(lambda: app.app.screen is app.main)


async def test_it_is_about_its_own_profile_wherever_the_cursor_goes(demo: World) -> None:
    async with running(demo) as app:
        await app.choose("prod-deploy")
        await app.press("enter")
        await app.choose("base")  # as when files change below
        await app.press("e")
        await app.until(lambda: isinstance(app.app.screen, EditScreen))
        assert "Edit profile prod-deploy" in app.seen()


@pytest.mark.long
async def test_what_does_not_apply_is_greyed_and_says_why(demo: World) -> None:
    async with running(demo) as app:
        await app.choose("base")
        await app.press("enter", "a")
        assert isinstance(app.app.screen, InspectorScreen)
        assert "base" in await told(app)
        # AND of a variable there is a line to copy, and nothing to edit
        await app.press("escape")
        await app.act("pane('environment')")
        await app.press("enter", "e")
        assert NO_PROFILE in await told(app)
        await app.press("y")
        assert app.app.clipboard.startswith("unset AWS_")


async def told(app: Driver) -> str:
    await app.until(lambda: bool(app.app.screen.query("Toast")))
    await app.settle()
    return " ".join(app.seen().replace("▌", "").split())


@pytest.mark.long
async def test_words_can_be_looked_for(demo: World) -> None:
    async with running(demo, NARROW) as app:
        await app.choose("prod-deploy")
        await app.press("enter", "slash", *"settings")
        view = app.app.screen.query_one(DetailsView)
        found = view.scroll_offset.y
        assert found > 0
        assert "Settings" in app.seen()
        assert "settings: 1 line" in app.seen()
        # a letter that is typed is no command, enter keeps what was found, n goes round
        await app.press(*["backspace"] * 8, *"arn", "enter", "n", "n")
        assert len(app.app.screen_stack) == 2
        assert "arn: " in app.seen()
        await app.press("N")
        # esc looks for nothing any more, then goes back
        await app.press("escape")
        assert "arn: " not in app.seen_in(view).splitlines()[-1]
        assert len(app.app.screen_stack) == 2
        await app.press("escape")
        assert len(app.app.screen_stack) == 1


async def test_it_is_no_larger_than_what_it_says(demo: World) -> None:
    screen = DetailsScreen(Details("Short", (Fact("one", "two"),)))
    async with running(demo) as app:
        await app.app.push_screen(screen)
        await app.settle()
        assert screen.view.outer_size.height == 3
        assert screen.view.outer_size.width < 60
        await app.press("escape")
        # AND never larger than the terminal
        await app.resize(30, 8)
        await app.choose("prod-deploy")
        await app.press("enter")
        assert app.app.screen.query_one(DetailsView).outer_size.width <= 30
