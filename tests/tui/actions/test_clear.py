"""c: which, what it costs, once more with Cancel under the cursor; what changed since is left and told."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from rolecall.actions.clear_cache import plan
from rolecall.aws.cache_files import CacheKind
from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.expiry import State
from rolecall.tui.actions.clear import _consequences
from rolecall.tui.screens.details import DetailsScreen
from rolecall.tui.screens.dialog import ConfirmScreen
from rolecall.tui.screens.pick import ClearScreen, PickList, Selection
from tests.tui.actions.stage import Stage, acting
from tests.tui.worlds import NOW, World, keys


def paths(stage: Stage, meant: Callable[[CacheEntry], bool] = lambda _: True) -> set[str]:
    """Return the names of the cache files that are there, or of those that are meant."""
    return {entry.path.name for entry in stage.world.snapshot().entries if meant(entry)}


def chosen(stage: Stage) -> Selection:
    """Return the selection under the cursor."""
    screen = stage.app.screen
    assert isinstance(screen, ClearScreen)
    return screen.offered[screen.list.cursor]


async def choose(stage: Stage, label: str) -> None:
    """Put the cursor on a selection."""
    await stage.press("home")
    while not chosen(stage).label.startswith(label):
        before = chosen(stage)
        await stage.act_on(stage.app.screen.query_one(PickList), "move(1)")
        assert chosen(stage) != before


def is_expired(entry: CacheEntry) -> bool:
    return entry.expiry.as_of(NOW).state is State.EXPIRED


KEPT = "session.db"
SELECTIONS: list[tuple[str, Callable[[CacheEntry], bool]]] = [
    ("of prod-deploy", lambda entry: "prod-deploy" in entry.profiles),
    ("corrupt", lambda entry: entry.file.fault is not None and entry.path.suffix == ".json"),
    ("expired", is_expired),
    ("orphaned", lambda entry: entry.is_orphan),
    ("assumed roles", lambda entry: entry.kind is CacheKind.ROLE),
    ("role by SSO", lambda entry: entry.kind is CacheKind.SSO_ROLE),
    ("SSO logins", lambda entry: entry.kind is CacheKind.SSO_TOKEN),
    ("SSO client registrations", lambda entry: entry.kind is CacheKind.SSO_REGISTRATION),
    ("aws login", lambda entry: entry.kind is CacheKind.LOGIN),
]


@pytest.mark.long
async def test_each_selection_is_what_it_names(demo: World) -> None:
    async with acting(demo) as stage:
        await stage.choose("prod-deploy")
        await stage.press("c")
        await stage.opens(ClearScreen)
        for label, meant in SELECTIONS:
            await choose(stage, label)
            selection = chosen(stage)
            assert {entry.path.name for entry in selection.entries} == paths(stage, meant) != set(), label


@pytest.mark.long
async def test_what_is_chosen_is_deleted_and_no_other_file(demo: World) -> None:
    async with acting(demo) as stage:
        await stage.choose("prod-deploy")
        for label, meant in SELECTIONS[:2]:
            before, gone = paths(stage), paths(stage, meant)
            await stage.press("c")
            await stage.opens(ClearScreen)
            await choose(stage, label)
            await stage.press("enter")
            await stage.confirm()
            await stage.done()
            assert paths(stage) == before - gone, label


@pytest.mark.long
async def test_everything_is_all_but_the_usage_data(demo: World) -> None:
    async with acting(demo) as stage:
        await stage.press("c")
        await stage.opens(ClearScreen)
        await choose(stage, "everything")
        await stage.until(lambda: "needs a login in the browser" in stage.words)
        await stage.press("enter")
        asked = await stage.opens(ConfirmScreen)
        assert ": needs a login in the browser" in asked
        await stage.press("right", "enter")
        await stage.says("deleted.")
        left = [path.name for path in (stage.aws / "cli" / "cache").iterdir()]
        assert KEPT in left
        assert not [name for name in left if name.endswith(".json")]


@pytest.mark.long
async def test_the_cost_is_said_twice_and_cancel_is_under_the_cursor(demo: World) -> None:
    async with acting(demo) as stage:
        before = paths(stage)
        await stage.choose("dev")
        await stage.press("c")
        await stage.opens(ClearScreen)
        await stage.until(lambda: "needs a login in the browser" in stage.words)
        await stage.press("enter")
        asked = await stage.opens(ConfirmScreen)
        assert "Delete 3 cache files?" in asked
        assert "login in the browser" in asked
        await stage.press("enter")
        await stage.done()
        assert paths(stage) == before


@pytest.mark.long
async def test_cache_files_that_are_marked_in_their_pane_come_first(demo: World) -> None:
    async with acting(demo) as stage:
        await stage.press("5")
        # GIVEN two marked files
        first = stage.cache.items[0].path, stage.cache.items[1].path
        await stage.press("space", "space", "j")
        assert stage.cache.marks == set(first)
        await stage.press("c")
        shown = await stage.opens(ClearScreen)
        assert "2 the chosen 2 files" in shown
        await stage.press("enter")
        await stage.confirm()
        await stage.says("2 cache files deleted.")
        assert not any(path.exists() for path in first)


@pytest.mark.long
async def test_what_changed_since_it_was_shown_is_left_and_told(demo: World) -> None:
    async with acting(demo) as stage:
        deploy = stage.cache_file("prod-deploy")
        await stage.mark("prod-deploy", "staging")
        await stage.press("c")
        await stage.opens(ClearScreen)
        await stage.press("enter")
        await stage.opens(ConfirmScreen)
        # WHEN the AWS CLI writes one of them anew while the question stands
        deploy.write_bytes(deploy.read_bytes() + b" ")
        await stage.press("right", "enter")
        # THEN that one stays
        told = await stage.opens(DetailsScreen)
        assert "1 cache file deleted, 1 left" in told
        assert "changed since it was shown" in told
        assert deploy.exists()
        assert not stage.cache_file("staging").exists()


@pytest.mark.long
async def test_empty_caches_are_nothing_to_clear(tmp_path: Path) -> None:
    world = World(tmp_path).write(credentials=keys("a"))
    async with acting(world) as stage:
        await stage.press("c")
        await stage.says("There is nothing in the caches.")


def test_a_file_of_many_profiles_names_the_first(empty: World) -> None:
    session = "[sso-session corp]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n"
    names = [f"team-{number:02}" for number in range(30)]
    empty.write(session + "".join(f"[profile {name}]\nsso_session = corp\n" for name in names))
    cache = empty.aws / "sso" / "cache"
    cache.mkdir(parents=True)
    token = cache / f"{hashlib.sha1(b'corp').hexdigest()}.json"  # noqa: S324 - as botocore names it
    token.write_text('{"accessToken": "x", "expiresAt": "2026-03-10T08:00:00Z"}')
    snapshot = empty.snapshot()
    (first, _) = _consequences(plan(snapshot, snapshot.entries))
    assert first[0] == "sso-token  team-00, team-01, team-02 and 27 more"
