"""The Cache pane: every file, what it is, whose it is, how it stands."""

from datetime import timedelta

from rolecall.aws.expiry import State
from rolecall.tui.render.cache import profiles_of
from tests.tui.driving import running
from tests.tui.worlds import World, keys

WIDEST = (260, 50)
WORST_FIRST = (
    None,
    State.EXPIRED,
    State.RENEWING,
    State.RENEWABLE,
    State.VALID,
    State.IDLE,
    State.UNKNOWN,
    State.BROKEN,
    State.PERMANENT,
)


async def test_every_file_is_there(demo: World) -> None:
    async with running(demo) as app:
        names = sorted(entry.path.name for entry in app.cache.items)
        assert names == sorted(path.name for path in demo.aws.glob("*/cache/*"))


async def test_damaged_files_stand_first(demo: World) -> None:
    async with running(demo) as app:
        damaged = [entry.file.fault is not None for entry in app.cache.items]
        assert damaged == sorted(damaged, reverse=True)
        assert "corrupt" in app.seen_in(app.cache).splitlines()[1]


async def test_what_is_wrong_is_said(demo: World) -> None:
    async with running(demo, WIDEST) as app:
        text = app.seen_in(app.cache)
        assert "orphan" in text
        assert "shared release, release-ci" in text


async def test_the_files_are_counted_by_what_is_wrong(demo: World) -> None:
    async with running(demo, WIDEST) as app:
        border = app.seen_in(app.cache).splitlines()[-1]
        for words in (f"{len(app.cache.items)} files", "1 expired", "1 orphan", "2 corrupt"):
            assert words in border


async def test_the_count_turns_when_a_file_expires(demo: World) -> None:
    async with running(demo, WIDEST) as app:
        demo.clock.advance(timedelta(minutes=12))  # prod-admin's credentials, and the login's
        await app.tick()
        assert "2 expired" in app.seen_in(app.cache).splitlines()[-1]


async def test_it_points_at_the_file_that_serves_the_profile(demo: World) -> None:
    async with running(demo) as app:
        await app.choose("prod-deploy")
        assert app.cache.points_at_something
        assert app.cache.current is not None
        assert app.cache.current.profiles == ("prod-deploy",)
        await app.choose("base")
        assert not app.cache.points_at_something


async def test_where_there_are_none_it_says_so(empty: World) -> None:
    async with running(empty.write(credentials=keys("a"))) as app:
        assert "No cached credentials" in app.seen_in(app.cache)


async def test_what_is_none_of_the_clis_is_no_orphan(empty: World) -> None:
    cache = empty.write(credentials=keys("a")).aws / "cli" / "cache"
    cache.mkdir(parents=True)
    (cache / "session.db").write_bytes(b"SQLite format 3\0")
    (cache / "tmpabc.tmp").write_text("{")
    async with running(empty) as app:
        assert "orphan" not in app.seen_in(app.cache)


async def test_the_worst_stands_first(demo: World) -> None:
    async with running(demo) as app:
        ranks = [
            0 if entry.file.is_damaged or entry.is_collision else WORST_FIRST.index(entry.expiry.shown)
            for entry in app.cache.items
        ]
        assert ranks == sorted(ranks)
        assert len(set(ranks)) > 3


async def test_its_place_is_kept_while_a_dialog_is_over_it(demo: World) -> None:
    async with running(demo) as app:
        await app.choose("prod-deploy")
        await app.act("pane('cache')")
        await app.act_on(app.cache, "last")
        place = app.cache.current
        # WHEN something is done in a dialog, and the files are read again
        await app.press("question_mark")
        await app.app.action_reread()
        await app.settle()
        await app.press("escape")
        # THEN the cursor is where the user left it, and not at the file of the tree's profile
        assert app.cache.current == place


async def test_a_caption_that_has_no_room_leaves_out_what_matters_least(demo: World) -> None:
    async with running(demo, WIDEST) as app:
        whole = str(app.cache.border_subtitle)
        await app.resize(120, 40)
        await app.settle()
        caption = str(app.cache.border_subtitle)
        assert whole.startswith(caption)
        assert caption == "2 corrupt · 1 orphan · 1 expired"
        assert caption in app.seen_in(app.cache).splitlines()[-1]


async def test_of_many_profiles_of_a_file_one_is_named(empty: World) -> None:
    names = [f"p{number}" for number in range(9)]
    arn = "role_arn = arn:aws:iam::111122223333:role/x\nsource_profile = base\n"
    empty.write("".join(f"[profile {name}]\n{arn}" for name in names), keys("base"))
    file = empty.snapshot().profiles["p0"].cache_file
    assert file is not None
    path = empty.aws / "cli" / "cache" / file
    path.parent.mkdir(parents=True)
    path.write_text('{"Credentials": {"Expiration": "2026-03-10T10:30:00Z"}}')
    (entry,) = empty.snapshot().entries
    assert profiles_of(entry) == "p0 and 8 more"
