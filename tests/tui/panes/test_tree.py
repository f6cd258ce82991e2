"""The tree: cursor, marks, folds, grouping."""

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.tui.render.tree import Grouping
from tests.tui.driving import NARROW, running
from tests.tui.worlds import World, keys, role

MANY = 200


def many_profiles(world: World) -> World:
    names = [f"p{i:03}" for i in range(MANY)]
    return world.write(
        "".join(f"[profile {name}]\nregion = x\n" for name in names), "".join(map(keys, names))
    )


# What is there


async def test_every_profile_is_in_the_tree(demo: World, demo_snapshot: Snapshot) -> None:
    async with running(demo) as app:
        assert sorted(app.profiles()) == sorted(demo_snapshot.profiles)


async def test_a_line_has_the_name_the_state_and_the_time_left(demo: World) -> None:
    async with running(demo) as app:
        for name, glyph, words in (
            ("prod-deploy", "●", "43m"),
            ("legacy", "✗", "3h ago"),
            ("staging", "↻", "renewable"),
            ("logs", "○", "idle"),
            ("blue", "!", "loop"),
            ("lake", "↻", "renewable"),
            ("base", "∞", ""),
        ):
            line = app.line(app.tree, f"{name} ")
            assert glyph in line
            assert words in line


async def test_the_glyphs_stand_in_one_column(demo: World) -> None:
    async with running(demo) as app:
        lines = app.seen_in(app.tree).splitlines()
        columns = {
            line.index(glyph)
            for name, glyph in (
                ("prod-deploy", "●"),
                ("legacy", "✗"),
                ("staging", "↻"),
                ("logs", "○"),
                ("lake", "↻"),
                ("base", "∞"),
            )
            for line in lines
            if f" {name} " in line
        }
        assert len(columns) == 1


async def test_the_kind_has_a_column_where_there_is_room(demo: World) -> None:
    async with running(demo, (200, 40)) as app:
        assert "SSO" in app.line(app.tree, "dev ")
        assert "web identity" in app.line(app.tree, "eks ")


async def test_a_name_that_is_too_long_is_cut_in_its_middle(empty: World) -> None:
    async with running(empty.write(credentials=keys("a-name-that-goes-on-" * 5)), NARROW) as app:
        line = app.line(app.tree, "a-name")
        assert line.startswith("a-name-that-goes-on-a…")
        assert "-that-goes-on- " in line
        assert line.endswith("∞")


# The cursor


async def test_the_cursor_begins_on_the_first_line_with_the_focus(demo: World) -> None:
    async with running(demo) as app:
        assert app.tree.has_focus
        assert app.tree.cursor == 0


@pytest.mark.long
async def test_arrows_and_the_keys_of_vi_move_it(demo: World) -> None:
    async with running(demo) as app:
        for key, at in (("j", 1), ("down", 2), ("k", 1), ("up", 0), ("up", 0)):
            await app.press(key)
            assert app.tree.cursor == at, key


@pytest.mark.long
async def test_g_and_G_go_to_the_ends(demo: World) -> None:  # noqa: N802 - the name of the key
    async with running(demo) as app:
        last = len(app.tree.items) - 1
        for key, at in (("G", last), ("g", 0), ("end", last), ("home", 0)):
            await app.press(key)
            assert app.tree.cursor == at, key
            assert app.tree.items[at].node.title in app.seen()


async def test_pages_move_it_by_what_is_to_be_seen(empty: World) -> None:
    async with running(many_profiles(empty)) as app:
        await app.press("pagedown")
        page = app.tree.cursor
        assert 20 <= page <= app.tree.size.height
        await app.press("pageup")
        assert app.tree.cursor == 0


@pytest.mark.long
async def test_the_cursor_is_always_to_be_seen(empty: World) -> None:
    async with running(many_profiles(empty), NARROW) as app:
        for action in ("last", "move(-30)", "page(1)", "first", "move(100)"):
            await app.act_on(app.tree, action)
            assert app.tree.items[app.tree.cursor].node.title in app.seen()


@pytest.mark.long
async def test_a_click_moves_it_and_a_second_one_opens(demo: World) -> None:
    async with running(demo) as app:
        await app.pilot.click("#tree", offset=(8, 6))
        await app.settle()
        assert app.tree.cursor == 5
        await app.pilot.click("#tree", offset=(8, 6), times=2)
        await app.settle()
        assert len(app.app.screen_stack) == 2


@pytest.mark.long
async def test_a_click_beside_the_lines_does_nothing(empty: World) -> None:
    async with running(empty.write(credentials=keys("only"))) as app:
        await app.pilot.click("#tree", offset=(8, 20))
        await app.settle()
        assert app.tree.cursor == 0
        assert len(app.app.screen_stack) == 1


# Folds


@pytest.mark.long
async def test_folding_hides_and_unfolding_shows(demo: World) -> None:
    async with running(demo) as app:
        await app.press("h")
        assert "prod-admin" not in app.profiles()
        assert app.line(app.tree, "base ").startswith("▸")
        await app.press("right")
        assert "prod-admin" in app.profiles()
        assert app.line(app.tree, "base ").startswith("▾")


@pytest.mark.long
async def test_the_same_keys_go_up_and_into_the_tree(demo: World) -> None:
    async with running(demo) as app:
        await app.press("right")
        assert app.names()[app.tree.cursor] == "prod-admin"
        await app.choose("logs")
        await app.press("left")
        assert app.names()[app.tree.cursor] == "prod-deploy"


async def test_folds_stay_over_a_reread(demo: World) -> None:
    async with running(demo) as app:
        await app.act_on(app.tree, "fold")
        await app.app.action_reread()
        assert "prod-admin" not in app.profiles()


@pytest.mark.long
async def test_a_profile_in_a_fold_can_be_revealed(demo: World) -> None:
    async with running(demo) as app:
        await app.act_on(app.tree, "fold")
        await app.choose("logs")
        assert app.names()[app.tree.cursor] == "logs"


# Marks


@pytest.mark.long
async def test_space_marks_and_goes_on(demo: World) -> None:
    async with running(demo) as app:
        await app.press("space")
        assert app.tree.marks == {"base"}
        assert "✓ base" in app.seen()
        assert app.tree.cursor == 1


async def test_space_again_takes_the_mark_away(demo: World) -> None:
    async with running(demo) as app:
        for _ in range(2):
            await app.choose("base")
            await app.act("mark")
        assert app.tree.marks == set()


async def test_a_heading_cannot_be_marked(demo: World) -> None:
    async with running(demo) as app:
        app.tree.cursor = app.names().index("corp (sso-session)")
        await app.act("mark")
        assert app.tree.marks == set()


@pytest.mark.long
async def test_marks_stay_over_a_reread_and_are_counted(demo: World) -> None:
    async with running(demo) as app:
        for name in ("dev", "staging"):
            await app.choose(name)
            await app.act("mark")
        await app.app.action_reread()
        await app.settle()
        assert app.tree.marks == {"dev", "staging"}
        assert "2 marked" in app.seen()
        await app.act("unmark")
        assert app.tree.marks == set()
        assert "marked" not in str(app.tree.border_subtitle)


async def test_the_mark_of_what_is_gone_goes_with_it(empty: World) -> None:
    async with running(empty.write(credentials=keys("a") + keys("b"))) as app:
        await app.act("mark")
        await app.act("mark")
        empty.write(credentials=keys("b"))
        await app.app.action_reread()
        assert app.tree.marks == {"b"}


# Grouping


async def test_o_puts_them_together_in_another_way_round_and_round(demo: World) -> None:
    async with running(demo) as app:
        for grouping, first in (
            (Grouping.ACCOUNT, "111122223333"),
            (Grouping.FLAT, "default"),
            (Grouping.SOURCE, "base"),
        ):
            await app.press("o")
            assert app.tree.grouping is grouping
            assert app.names()[0] == first


@pytest.mark.long
async def test_the_grouping_is_said_unless_it_is_the_usual_one(demo: World) -> None:
    async with running(demo) as app:
        await app.act("regroup")
        assert "by account" in app.seen()


async def test_the_cursor_stays_on_its_profile_in_another_grouping(demo: World) -> None:
    async with running(demo) as app:
        await app.choose("prod-deploy")
        for _ in Grouping:
            await app.act("regroup")
            assert app.names()[app.tree.cursor] == "prod-deploy"


# At depth


@pytest.mark.long
async def test_the_name_is_to_be_seen_at_the_end_of_a_long_chain(empty: World) -> None:
    names = [f"hop{i}" for i in range(60)]
    sections = (role(name, source) for source, name in zip(["base", *names], names, strict=False))
    async with running(empty.write("".join(sections), keys("base")), NARROW) as app:
        await app.press("G")
        assert "hop59" in app.seen()


# What waits for one thing


SESSION = "[sso-session acme]\nsso_start_url = https://acme.example/start\nsso_region = eu-west-1\n"


def waiting(world: World, many: int = 6) -> World:
    """Write a session without a login, with profiles that need it, and keys."""
    keys_of = "sso_session = acme\nsso_account_id = 111122223333\nsso_role_name = x\nregion = eu-west-1\n"
    members = "".join(f"[profile p{i}]\n{keys_of}" for i in range(many))
    return world.write(SESSION + members, keys("base"))


async def test_a_group_that_waits_for_a_login_folds_by_itself_unless_it_was_unfolded(empty: World) -> None:
    async with running(waiting(empty)) as app:
        # GIVEN all profiles of the session folded, the heading flagged, with their number
        assert app.profiles() == ["base"]
        line = app.line(app.tree, "acme")
        assert "▸" in line
        assert " 6  ▲ ✗" in line
        assert "log in" in line
        # WHEN it is unfolded, THEN they say what they wait for, dimmed and without a mark of their own
        await app.act_on(app.tree, "unfold")
        assert app.profiles() == [f"p{i}" for i in range(6)] + ["base"]
        line = app.line(app.tree, "p3 ")
        assert "✗" in line
        assert "login" in line
        assert "▲" not in line
        # AND it stays so when the files are read again
        waiting(empty, 7)
        await app.act("reread")
        assert "p6" in app.profiles()
        # AND what is wrong is found at the session, not at what waits for it
        await app.choose("base")
        await app.act("explain('next')")
        assert app.tree.current is not None
        assert app.tree.current.node.key == "session:acme"


async def test_a_profile_is_shown_although_its_group_has_folded(empty: World) -> None:
    async with running(waiting(empty)) as app:
        assert app.tree.reveal("p4")
        assert app.tree.profile is not None
        assert app.tree.profile.name == "p4"


async def test_the_cursor_goes_to_the_group_that_folds_over_it(empty: World) -> None:
    world = empty.write("", keys("base"))
    async with running(world) as app:
        waiting(world, 3)
        await app.act("reread")
        await app.choose("p1")
        # WHEN there are more, so that the group folds
        waiting(world, 8)
        await app.act("reread")
        assert app.tree.current is not None
        assert app.tree.current.node.key == "session:acme"


# Sorting


async def test_s_sorts_by_the_next_thing_and_S_the_other_way_and_the_title_says_so(  # noqa: N802 - the key
    demo: World, demo_snapshot: Snapshot
) -> None:
    async with running(demo) as app:
        app.tree.regroup(Grouping.FLAT)
        await app.press("s")
        assert app.profiles() == sorted(demo_snapshot.profiles)
        assert "flat, name a to z" in app.seen_in(app.tree).splitlines()[0]
        await app.press("S")
        assert app.profiles() == sorted(demo_snapshot.profiles)[::-1]
        assert "name z to a" in app.seen_in(app.tree).splitlines()[0]
        for words in ("worst first", "soonest end first", "account a to z"):
            await app.press("s")
            assert words in app.seen_in(app.tree).splitlines()[0]
        await app.press("s")
        assert app.profiles() == list(demo_snapshot.profiles)


async def test_the_cursor_stays_on_its_profile_when_the_order_changes(demo: World) -> None:
    async with running(demo) as app:
        await app.choose("staging")
        await app.act("sort('next')")
        assert app.tree.profile is not None
        assert app.tree.profile.name == "staging"
