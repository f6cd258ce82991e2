"""What is wrong, on the main screen: flags in every pane, n and N, !, w, and the counts at the top."""

from concurrent.futures import Future
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from textual.events import Paste

from rolecall.doctor.topics import label
from rolecall.tui.app import RolecallApp
from rolecall.tui.explaining import NONE_HERE
from rolecall.tui.render.flags import Flag
from rolecall.tui.render.items import topic_of
from rolecall.tui.render.tree import Grouping
from rolecall.tui.screens.details import DetailsScreen
from rolecall.tui.screens.diff import DiffScreen
from rolecall.tui.screens.findings import FindingList, FindingsScreen
from rolecall.tui.screens.main import MainScreen
from rolecall.tui.screens.paste import PasteScreen
from rolecall.tui.why.screen import WhyScreen
from tests.tui.actions.stage import acting, plain
from tests.tui.driving import NARROW, Driver, running
from tests.tui.worlds import World, keys
from tests.tui.wrong import own_rules  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from rolecall.aws.snapshot import Snapshot

pytestmark = pytest.mark.usefixtures("own_rules")


def top(app: Driver) -> str:
    return app.seen().splitlines()[0]


def where(app: Driver) -> str:
    assert app.tree.current is not None
    return app.tree.current.node.title


# Flags


@pytest.mark.long
async def test_errors_and_warnings_are_flagged_where_they_are_and_notes_nowhere(demo: World) -> None:
    async with running(demo) as app:
        for name, flag in (("prod-read", "▲"), ("logs", "▲"), ("okta", "△")):
            assert f"{flag} " in app.line(app.tree, f"{name} ")
        for name in ("base", "dev", "prod-deploy"):
            assert not set(app.line(app.tree, f"{name} ")) & {"▲", "△"}
        assert "▲" in app.line(app.expiry, "acme (SSO)")
        assert "△" in app.line(app.expiry, "okta")
        assert "△" in app.line(app.environment, "AWS_REGION")
        assert "△" in next(line for line in app.seen_in(app.cache).splitlines() if "orphan arn" in line)
        app.tree.move_to("stray:sandbox")
        await app.settle()
        assert "△" in next(line for line in app.seen_in(app.tree).splitlines() if "[sandbox]" in line)


@pytest.mark.long
async def test_flags_stand_in_one_column(demo: World) -> None:
    for size in (NARROW, (120, 40), (200, 60)):
        async with running(demo, size) as app:
            await app.act_on(app.tree, "first")
            lines = app.seen_in(app.tree).splitlines()
            places = {line.index(flag) for line in lines for flag in "▲△" if flag in line and "[" not in line}
            assert len(places) == 1, size
            # AND the glyph of the state stands beside it, as before; in the table they are behind the lines
            (place,) = places
            assert size == (200, 60) or {
                line[place + 2] for line in lines if line[place : place + 1] in "▲△"
            } <= set("●◐✗○↻∞?!")


async def test_they_are_counted_at_the_top_in_as_many_words_as_there_is_room_for(demo: World) -> None:
    async with running(demo, (200, 40)) as app:
        errors, warnings = (app.main._flags.counts[flag] for flag in Flag)
        assert errors
        assert warnings
        assert f"▲ {errors} errors  △ {warnings} warnings" in top(app)
        await app.resize(110, 40)
        assert f"▲ {errors}  △ {warnings}" in top(app)
        await app.resize(80, 24)
        assert f"▲ {errors}" in top(app)


async def test_where_nothing_is_wrong_nothing_is_counted(empty: World) -> None:
    async with running(empty.write(credentials=keys("a"))) as app:
        assert not set(top(app)) & {"▲", "△"}


async def test_what_is_written_meanwhile_is_looked_at_anew(empty: World) -> None:
    world = empty.write(credentials=keys("a"))
    async with running(world) as app:
        world.write(credentials=keys("a") + keys("okta"))
        await app.app.action_reread()
        assert "△" in app.line(app.tree, "okta")
        assert "△ 1 warning " in f"{top(app)} "


async def test_a_list_that_is_open_follows(empty: World) -> None:
    world = empty.write(credentials=keys("a") + keys("okta"))
    async with running(world) as app:
        await app.press("exclamation_mark")
        assert "okta is okta" in app.seen()
        world.write(credentials=keys("a") + keys("logs"))
        await app.app._reread()
        await app.settle()
        assert "okta is okta" not in app.seen()
        assert "logs is lo" in app.seen()


# n and N


@pytest.mark.long
async def test_n_goes_round_over_all_that_is_flagged_and_says_what_is_wrong(demo: World) -> None:
    async with running(demo) as app:
        flagged = [item.node.title for item in app.tree.items if app.tree.flag_of(item) is not None]
        assert len(flagged) == len(set(flagged)) > 3
        seen, told = [], []
        for _ in range(len(flagged) + 1):
            await app.press("n")
            seen.append(where(app))
            told.append(await app.told())
        assert seen == [*flagged, flagged[0]]
        assert "okta is okta." in told[flagged.index("okta")]
        assert "logs is lo." in told[flagged.index("logs")]
        await app.press("N")
        assert where(app) == flagged[-1]


async def test_n_unfolds_what_is_in_its_way_and_nothing_else(demo: World) -> None:
    async with running(demo) as app:
        # GIVEN two folded nodes: one with something wrong below, one without
        for key in ("profile:base", "session:corp"):
            assert app.tree.move_to(key)
            app.tree.action_fold()
        await app.act_on(app.tree, "first")
        assert "logs" not in app.names()
        assert "dev" not in app.names()
        # WHEN
        await app.act("explain('next')")
        # THEN
        assert where(app) in ("logs", "prod-read")
        assert "dev" not in app.names()


@pytest.mark.long
async def test_n_stays_in_the_pane_that_has_the_focus(demo: World) -> None:
    async with running(demo) as app:
        before = where(app)
        for pane, words in (("expiry", "okta is okta."), ("environment", "AWS_REGION is set."),
                            ("cache", "Nobody's file.")):  # fmt: skip
            await app.act(f"pane('{pane}')")
            rounds = []
            for _ in range(3):
                await app.act("explain('next')")
                rounds.append(await app.told())
            assert any(words in told for told in rounds), (pane, rounds)
        assert where(app) == before


async def test_n_in_the_chain_goes_on_in_the_tree(demo: World) -> None:
    async with running(demo) as app:
        await app.act("pane('chain')")
        await app.act("explain('next')")
        assert app.tree.flag_of(app.tree.items[app.tree.cursor]) is not None


async def test_n_says_where_there_is_none(empty: World) -> None:
    async with running(empty.write(credentials=keys("a"))) as app:
        await app.press("n")
        assert NONE_HERE in await app.told()


@pytest.mark.long
async def test_n_keeps_to_what_the_filter_lists(demo: World) -> None:
    async with running(demo) as app:
        await app.type_filter("okta")
        await app.press("enter", "n")
        assert where(app) == "okta"
        await app.press("n")
        assert where(app) == "okta"


# The Inspector


@pytest.mark.long
async def test_the_inspector_begins_with_what_is_wrong(demo: World) -> None:
    async with running(demo) as app:
        await app.choose("okta")
        await app.press("enter")
        assert isinstance(app.app.screen, DetailsScreen)
        seen = plain(app.seen())
        assert seen.index("Findings") < seen.index("okta is okta") < seen.index("Current state")
        assert "Move it." in seen
        await app.press("escape")
        await app.choose("dev")
        await app.press("enter")
        assert "Findings" not in plain(app.seen_in(app.app.screen.query("DetailsView").first()))


@pytest.mark.long
async def test_enter_in_the_inspector_mends_the_first_that_a_key_can_mend(demo: World) -> None:
    async with acting(demo, size=(120, 40)) as stage:
        await stage.choose("okta")
        await stage.press("enter")
        seen = await stage.opens(DetailsScreen)
        assert "enter" in next(line for line in seen.splitlines() if "Move it." in line)
        assert "enter Fix it" in stage.seen()
        await stage.press("enter")
        assert "region = eu-north-1" in await stage.opens(DiffScreen)
        await stage.press("escape")
        # THEN it is back, to go on from there
        await stage.opens(DetailsScreen)
        await stage.press("escape")
        assert stage.on_screen(MainScreen)
        # AND where nothing is to be mended it goes back, and no key says otherwise
        await stage.choose("dev")
        await stage.press("enter")
        await stage.opens(DetailsScreen)
        assert "Fix it" not in stage.seen()
        await stage.press("enter")
        assert stage.on_screen(MainScreen)


@pytest.mark.long
async def test_so_it_does_of_a_variable_a_file_a_section_and_an_end(demo: World) -> None:
    async with running(demo) as app:
        for pane, key, words in (
            ("environment", "AWS_REGION", "AWS_REGION is set"),
            ("expiry", "profile:okta", "okta is okta"),
            ("tree", "stray:sandbox", "[sandbox] is no profile"),
        ):
            await app.act(f"pane('{pane}')")
            assert app.main.query_one(f"#{pane}").move_to(key)  # type: ignore[attr-defined]
            await app.act("inspect")
            seen = plain(app.seen())
            assert words in seen
            await app.press("escape")
        await app.act("pane('cache')")
        await app.act("explain('next')")
        await app.act("inspect")
        assert "Nobody's file." in plain(app.seen())


# The list, and Why


@pytest.mark.long
async def test_the_list_leads_to_the_form_and_back(demo: World) -> None:
    async with acting(demo, size=(120, 40)) as stage:
        await stage.press("exclamation_mark")
        seen = await stage.opens(FindingsScreen)
        assert "Errors" in seen
        list_ = stage.app.screen.query_one(FindingList)
        at = next(i for i, each in enumerate(list_.items) if getattr(each, "message", "") == "okta is okta")
        list_.cursor = at
        await stage.press("enter")
        diff = await stage.opens(DiffScreen)
        assert "region = eu-north-1" in diff
        await stage.press("escape")
        # THEN the list is back, where it was
        await stage.opens(FindingsScreen)
        finding = stage.app.screen.query_one(FindingList).finding
        assert finding is not None
        assert finding.message == "okta is okta"
        await stage.press("escape")
        assert stage.on_screen(MainScreen)


@pytest.mark.long
async def test_silencing_shows_the_diff_writes_the_settings_and_goes_back_to_the_list(demo: World) -> None:
    async with acting(demo, size=(120, 40)) as stage:
        await stage.choose("dev")
        await stage.press("exclamation_mark")
        await stage.opens(FindingsScreen)
        list_ = stage.app.screen.query_one(FindingList)
        list_.cursor = next(
            i for i, each in enumerate(list_.items) if getattr(each, "message", "") == "okta is okta"
        )
        await stage.press("s")
        diff = await stage.opens(DiffScreen)
        assert '"is-okta:okta"' in diff
        await stage.press("w")
        seen = await stage.opens(FindingsScreen)
        # THEN it is the last in the list, the cursor is on another, and the tree is silent
        assert "Silenced 1" in seen
        list_ = stage.app.screen.query_one(FindingList)
        assert getattr(list_.items[-1], "message", "") == "okta is okta"
        assert not list_.is_silenced
        await stage.press("escape")
        assert "△" not in stage.line(stage.tree, "okta ")
        assert '"is-okta:okta"' in stage.host.settings_file.read_text()
        # AND it can be taken back
        await stage.press("u")
        await stage.opens(DiffScreen)
        await stage.press("w")
        await stage.done()
        await stage.until(lambda: "△" in stage.line(stage.tree, "okta "))


@pytest.mark.long
async def test_w_explains_the_profile_under_the_cursor_or_this_shell(demo: World) -> None:
    async with running(demo) as app:
        await app.choose("okta")
        for pane, title in (
            ("tree", "Why: okta"),
            ("chain", "Why: okta"),
            ("environment", "Why: this shell"),
        ):
            await app.act(f"pane('{pane}')")
            await app.press("w")
            assert isinstance(app.app.screen, WhyScreen)
            assert title in app.seen()
            await app.press("escape")


@pytest.mark.long
@pytest.mark.parametrize("grouping", list(Grouping))
async def test_w_explains_what_the_cursor_is_on_in_every_grouping(demo: World, grouping: Grouping) -> None:
    async with running(demo) as app:
        app.tree.regroup(grouping)
        for item in app.tree.items:
            topic = topic_of(item)
            assert topic is not None, item.node.key
            name = item.node.report.name if item.node.report is not None else item.node.key.partition(":")[2]
            assert name in label(topic) or not isinstance(topic, str)
        # AND the screen says so, of each kind of line
        kinds = {item.node.key.partition(":")[0]: item for item in app.tree.items}
        for item in kinds.values():
            assert app.tree.move_to(item.node.key)
            await app.press("w")
            assert f"Why: {label(topic_of(item))}"[:40] in app.seen()
            await app.press("escape")


@pytest.mark.long
async def test_w_in_the_other_panes_is_about_the_session_and_the_file(demo: World) -> None:
    async with running(demo) as app:
        for pane, key, title in (
            ("expiry", "session:corp", "Why: corp (sso-session)"),
            ("expiry", "profile:okta", "Why: okta"),
        ):
            await app.act(f"pane('{pane}')")
            assert app.main.query_one(f"#{pane}").move_to(key)  # type: ignore[attr-defined]
            await app.press("w")
            assert title in app.seen()
            await app.press("escape")
        await app.act("pane('cache')")
        for item in app.cache.items:
            assert topic_of(item) is not None


async def test_o_asks_for_a_profile_where_there_are_no_credentials(demo: World) -> None:
    async with running(demo) as app:
        assert app.tree.move_to("session:corp")
        await app.press("w", "o")
        assert isinstance(app.app.screen, WhyScreen)
        assert "AWS is asked with a profile's credentials" in plain(app.seen())


@pytest.mark.long
async def test_w_in_the_list_explains_whom_it_is_about(demo: World) -> None:
    async with running(demo) as app:
        await app.press("exclamation_mark", "w")
        assert "Why: " in app.seen()
        await app.press("escape")
        await app.until(lambda: isinstance(app.app.screen, FindingsScreen))
        await app.press("escape")
        assert app.app.screen is app.main


async def test_keys_that_are_typed_ahead_are_done_once_what_they_need_is_there(demo: World) -> None:
    # GIVEN a home that takes long to read
    first: Future[Snapshot] = Future()
    app = RolecallApp(demo.host, first)
    async with app.run_test(size=(120, 40)) as pilot:
        driver = Driver(demo, pilot)
        await driver.press("exclamation_mark")
        assert isinstance(app.screen, MainScreen)
        # WHEN it has been read
        first.set_result(demo.snapshot())
        # THEN the list opens
        await driver.until(lambda: isinstance(app.screen, FindingsScreen))


async def test_what_is_wrong_with_the_settings_is_said_once(demo: World) -> None:
    demo.settle("[findings]\nsilence = 3\n[notices]\nminutes = []\n")
    async with running(demo) as app:
        assert "settings.toml" in await app.told()
        app.app.clear_notifications()
        await app.app.action_reread()
        app.app.clear_notifications()
        await app.app._reread()
        await app.settle()
        assert "settings.toml" not in app.seen()


# Before it happens


async def test_an_end_that_comes_near_is_said_once_and_v_is_offered(demo: World) -> None:
    demo.settle("[notices]\nminutes = [15]\n")
    world = World(demo.home, {**demo.environ, "AWS_PROFILE": "prod-admin"}, demo.clock)
    async with running(world) as app:
        # GIVEN prod-admin, which ends in 11 minutes and takes a code
        await app.tick()
        told = await app.told()
        assert "prod-admin expires in 11m 02s" in told
        assert "v renews it" in told
        app.app.clear_notifications()
        world.clock.advance(timedelta(seconds=5))
        await app.tick()
        await app.settle()
        assert "v renews it" not in app.seen()
        assert app.app._runner is not None
        assert app.app._runner.obstacle("renew") is None


async def test_what_nears_its_end_is_looked_at_anew(empty: World) -> None:
    until = "2026-03-10T09:50:00Z"
    pair = {"AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "CANARYcanary"}
    environ = pair | {"AWS_SESSION_TOKEN": "CANARY", "AWS_CREDENTIAL_EXPIRATION": until}
    world = World(empty.home, environ).write(credentials=keys("a"))
    async with running(world) as app:
        before = app.main.snapshot
        world.clock.advance(timedelta(minutes=5, seconds=1))
        await app.tick()
        await app.until(lambda: app.main.snapshot is not before)


# An error message

EXPIRED = "Error when retrieving token from sso: Token has expired and refresh failed"


@pytest.mark.long
@pytest.mark.parametrize("is_pasted", [False, True])
async def test_an_error_message_is_explained_from_here(demo: World, *, is_pasted: bool) -> None:
    async with acting(demo) as stage:
        # WHEN a message is pasted into the screen, or into the dialog of the key
        if is_pasted:
            stage.app.post_message(Paste(f"\n{EXPIRED}\n"))
        else:
            await stage.press("p")
        await stage.opens(PasteScreen)
        if not is_pasted:
            stage.app.post_message(Paste(EXPIRED))
        await stage.until(lambda: "Recognised" in stage.words)
        await stage.press("ctrl+s")
        # THEN Why is about what the message is about
        assert "partner" in await stage.opens(WhyScreen)
        await stage.press("escape")
        assert stage.on_screen(MainScreen)


async def test_what_is_no_error_message_opens_nothing(demo: World) -> None:
    async with acting(demo) as stage:
        stage.app.post_message(Paste("arn:aws:iam::111122223333:role/x"))
        await stage.says("What was pasted does not look like an error message; p takes any text.")
        assert stage.on_screen(MainScreen)
        # AND what is pasted into the filter is filtered by
        await stage.press("slash")
        stage.app.post_message(Paste("error"))
        await stage.settle()
        assert stage.tree.words == "error"
        assert stage.on_screen(MainScreen)
