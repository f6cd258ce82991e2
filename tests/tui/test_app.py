"""The app: one ticker, the files watched for real, time passing, and an end that tells no secrets."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path

import pytest
from textual.timer import Timer
from textual.widgets._toast import Toast

from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from rolecall.tui import watch
from rolecall.tui.app import RolecallApp
from rolecall.tui.findings_state import Examined, Examiner
from tests.tui.driving import WIDE, Driver, running
from tests.tui.worlds import NOW, World, keys

A_BURST = 2 * watch.DEBOUNCE / 1000
"""Seconds after which another change is no longer of the same burst."""
SECRET = "CANARYcanaryCANARYcanaryCANARYcanary0aB/"


def timers(app: RolecallApp) -> Iterator[Timer]:
    """Yield every timer that goes on for ever, of the app and all that is in it."""
    nodes = {node for screen in app.screen_stack for node in screen.walk_children(with_self=True)}
    for pump in (app, *nodes):
        yield from (timer for timer in pump._timers if timer._repeat is None and timer._active.is_set())


def rewrite(path: Path, ends: timedelta) -> None:
    """Let a cache entry end at another time, as the CLI does when it has fetched it anew."""
    content = json.loads(path.read_text())
    content["Credentials"]["Expiration"] = (NOW + ends).strftime("%Y-%m-%dT%H:%M:%SZ")
    path.write_text(json.dumps(content))


def entry_of(snapshot: Snapshot, profile: str) -> Path:
    return next(entry.path for entry in snapshot.entries if profile in entry.profiles)


def state_of(app: Driver, name: str) -> str:
    return app.line(app.tree, f"{name} ")


# Time


async def test_there_is_one_ticker(demo: World) -> None:
    async with running(demo) as app:
        ticking = list(timers(app.app))
        assert [(timer._interval, timer._callback) for timer in ticking] == [(1.0, app.app._tick)]


async def test_nothing_is_announced_before_the_settings_are_read(
    demo: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN settings without notices, and a machine on which it takes seconds to read them
    reading, look = asyncio.Event(), Examiner.look

    async def slowly(examiner: Examiner, snapshot: Snapshot) -> Examined | None:
        await reading.wait()
        return await look(examiner, snapshot)

    monkeypatch.setattr(Examiner, "look", slowly)
    app = RolecallApp(demo.host)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        driver = Driver(demo, pilot)
        await driver.until(lambda: app._notices is not None)
        # WHEN the clock ticks meanwhile
        await driver.tick()
        reading.set()
        await driver.ready()
        # THEN no profile that expires soon is announced
        assert not driver.main.query(Toast)


@pytest.mark.long
async def test_time_passes_by_itself(demo: World) -> None:
    async with running(demo) as app:
        demo.clock.advance(timedelta(minutes=12))
        await app.until(lambda: "✗" in state_of(app, "prod-admin"))


@pytest.mark.long
async def test_a_role_turns_from_valid_to_renewing_to_expired(demo: World) -> None:
    async with running(demo) as app:
        seen = []
        for _ in range(4):
            seen.append(next(glyph for glyph in "●◐✗" if glyph in state_of(app, "prod-deploy")))
            demo.clock.advance(timedelta(minutes=15))
            await app.tick()
        assert seen == ["●", "●", "◐", "✗"]


@pytest.mark.long
async def test_what_is_done_before_the_first_snapshot_is_no_crash(demo: World) -> None:
    # GIVEN a home that takes long to read
    first: Future[Snapshot] = Future()
    app = RolecallApp(demo.host, first)
    async with app.run_test() as pilot:
        driver = Driver(demo, pilot)
        # WHEN keys are pressed and time passes meanwhile
        app._tick()
        for action in ("inspect", "mark", "copy", "regroup", "unmark", "maximise", "next_pane(1)", "back"):
            await driver.act(action)
        assert app.snapshot is None
        assert "reading" in driver.seen().splitlines()[0]
        # THEN it comes when it comes
        first.set_result(demo.snapshot())
        await driver.until(lambda: bool(driver.tree.items))


# Files


@pytest.mark.long
async def test_a_cache_entry_that_is_fetched_anew_shows_up_by_itself(demo: World) -> None:
    async with running(demo) as app:
        assert "↻" in state_of(app, "staging")
        await watching(app)
        rewrite(entry_of(demo.snapshot(), "staging"), timedelta(minutes=59))
        await app.until(lambda: "●" in state_of(app, "staging"))


@pytest.mark.long
async def test_a_new_profile_shows_up_and_nothing_moves(demo: World) -> None:
    async with running(demo, (120, 16)) as app:
        # GIVEN a cursor, marks, a scroll position
        await app.choose("staging")
        await app.act("mark")
        await app.choose("release-ci")
        place = app.tree.cursor - app.tree.scroll_offset.y
        await watching(app)
        # WHEN another terminal adds a profile above them
        with (demo.aws / "config").open("a") as config:
            config.write(
                "[profile new]\nrole_arn = arn:aws:iam::111122223333:role/New\nsource_profile = base\n"
            )
        await app.until(lambda: "new" in app.profiles())
        await app.settle()
        # THEN it is there, and everything else is where it was
        assert app.names()[app.tree.cursor] == "release-ci"
        assert app.tree.marks == {"staging"}
        assert app.tree.cursor - app.tree.scroll_offset.y == place


async def test_a_profile_that_is_gone_is_gone(empty: World) -> None:
    async with running(empty.write(credentials=keys("a") + keys("b"))) as app:
        await watching(app)
        empty.write(credentials=keys("b"))
        await app.until(lambda: app.profiles() == ["b"])


@pytest.mark.long
async def test_a_cache_directory_that_is_made_later_is_watched(demo: World) -> None:
    # GIVEN no directory for the CLI's cache: nobody has assumed a role yet
    entry = entry_of(demo.snapshot(), "staging")
    content = entry.read_bytes()
    for path in entry.parent.iterdir():
        path.unlink()
    entry.parent.rmdir()
    entry.parent.parent.rmdir()
    async with running(demo) as app:
        assert "○" in state_of(app, "staging")
        await watching(app)
        # WHEN the CLI makes it and writes the first entry
        entry.parent.mkdir(parents=True)
        entry.write_bytes(content)
        await app.until(lambda: "↻" in state_of(app, "staging"))
        # THEN the next entry is seen as well
        rewrite(entry, timedelta(minutes=59))
        await app.until(lambda: "●" in state_of(app, "staging"))


@pytest.mark.long
async def test_a_change_right_after_the_first_snapshot_is_not_lost(demo: World) -> None:
    # GIVEN a cache entry that was fetched anew after it was read, and before anything is watched
    first: Future[Snapshot] = Future()
    first.set_result(demo.snapshot())
    rewrite(entry_of(first.result(), "staging"), timedelta(minutes=59))
    app = RolecallApp(demo.host, first)
    async with app.run_test(size=WIDE) as pilot:
        driver = Driver(demo, pilot)
        await driver.until(lambda: bool(driver.tree.items))
        await driver.until(lambda: "●" in state_of(driver, "staging"))


@pytest.mark.long
async def test_a_file_that_is_half_written_for_a_moment_is_read_again(demo: World) -> None:
    async with running(demo) as app:
        await watching(app)
        entry = entry_of(demo.snapshot(), "staging")
        whole = entry.read_text()
        entry.write_text(whole[:100])
        await app.until(lambda: "●" not in state_of(app, "staging"))
        entry.write_text(whole)
        rewrite(entry, timedelta(minutes=59))
        await app.until(lambda: "●" in state_of(app, "staging"))


async def test_a_new_web_identity_token_is_seen_by_itself(empty: World) -> None:
    token = empty.home / "run" / "token"
    token.parent.mkdir()
    arn = "arn:aws:iam::111122223333:role/web"
    empty.write(f"[profile web]\nregion = x\nrole_arn = {arn}\nweb_identity_token_file = {token}\n")
    async with running(empty) as app:
        first = app.app.snapshot
        assert first is not None
        token.write_text("one", encoding="utf-8")
        await app.until(lambda: app.app.snapshot is not None and app.app.snapshot.tokens != first.tokens)


async def test_r_reads_again_what_the_watch_does_not_tell(
    demo: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a network file system, which tells nothing of what others write
    monkeypatch.setattr("rolecall.tui.watch.changes", _silent)
    monkeypatch.setattr("rolecall.tui.app.SETTLED", 3600)
    async with running(demo) as app:
        rewrite(entry_of(demo.snapshot(), "staging"), timedelta(minutes=59))
        await app.press("r")
        await app.until(lambda: "●" in state_of(app, "staging"))
        assert "Read every file again" in await app.told()


async def test_where_watching_is_not_possible_it_goes_on_by_rereading(
    demo: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a system that has no watches left
    monkeypatch.setattr("rolecall.tui.app.POLL", 0.05)
    monkeypatch.setattr("rolecall.tui.app.SETTLED", 0.01)
    monkeypatch.setattr("rolecall.tui.watch.changes", _refused)
    async with running(demo) as app:
        rewrite(entry_of(demo.snapshot(), "staging"), timedelta(minutes=59))
        await app.until(lambda: "●" in state_of(app, "staging"))


async def _silent(*_where: object) -> AsyncIterator[None]:
    await asyncio.Event().wait()
    yield


def _refused(*_where: object) -> AsyncIterator[None]:
    raise OSError(28, "inotify watch limit reached")


async def watching(app: Driver) -> None:
    """Wait until the watch stands: write comments until the app has read one."""
    config, before, since = app.world.aws / "config", app.app.snapshot, 0.0

    def is_read() -> bool:
        nonlocal since
        if time.monotonic() - since > A_BURST:
            since = time.monotonic()
            with config.open("a") as file:
                file.write("# a comment\n")
        return app.app.snapshot is not before

    await app.until(is_read)


# The end


async def test_an_error_of_ours_is_told_without_secrets(
    empty: World, capsys: pytest.CaptureFixture[str]
) -> None:
    # GIVEN an error with a secret in a local variable and in its own words
    def fail() -> None:
        local = SECRET
        raise RuntimeError(f"aws_secret_access_key = {local}")

    async def run_into_it() -> None:
        async with running(empty.write(credentials=keys("a"))) as app:
            app.app.call_later(fail)
            await app.settle()

    with pytest.raises(RuntimeError):
        await run_into_it()
    # THEN what is printed at the end says where and what, and not the secret
    printed = "".join(capsys.readouterr())
    assert "RuntimeError" in printed
    assert "in fail" in printed
    assert "CANARY" not in printed


@pytest.mark.long
async def test_hostile_names_are_shown_inertly(empty: World) -> None:
    names = ["[bold]x[/]", "[@click=app.quit]y", "a[/b]", "e\x1b[31m", "w\u202eider", "z\u200bw"]
    config = "".join(f"[profile '{name}']\nregion = x\n" for name in names)
    async with running(World(empty.home).write(config, "".join(keys(name) for name in names))) as app:
        for name in app.profiles():
            await app.choose(name)
            await app.act("inspect")
            await app.act("dismiss")
        assert not set(app.seen()) & {"\x1b", "\u202e", "\u200b", "\x9b"}
        assert "[bold]x[/]" in app.seen()
        assert app.app.is_running


def test_the_app_over_the_real_world_can_be_made(tmp_path: Path) -> None:
    assert RolecallApp(Host.real(tmp_path)).title == "rolecall"
