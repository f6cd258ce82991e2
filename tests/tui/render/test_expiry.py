"""Everything that ends, soonest first."""

from datetime import datetime, timedelta

import pytest

from rolecall.aws.expiry import After, State, ending
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.render import labels
from rolecall.tui.render.expiry import ExpiryItem, expiry_items, expiry_line, session_key
from rolecall.tui.render.flags import Flags, ListContext
from rolecall.tui.render.lines import names_of
from tests.tui.worlds import NOW, World, demo_world, keys

EXPORTED = {
    "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "CANARYcanary",
    "AWS_SESSION_TOKEN": "CANARYcanary",
    "AWS_CREDENTIAL_EXPIRATION": "2026-03-10T09:45:00Z",
}


def test_all_that_is_to_come_stands_before_all_that_is_past(demo_snapshot: Snapshot) -> None:
    found = expiry_items(demo_snapshot, NOW)
    is_past = [end.expiry.as_of(NOW).state is State.EXPIRED for end in found]
    assert is_past == sorted(is_past)
    assert {True, False} <= set(is_past)


def test_the_soonest_stands_first_and_the_latest_past_leads_the_past(demo_snapshot: Snapshot) -> None:
    found = [end for end in expiry_items(demo_snapshot, NOW) if end.expiry.shown is not State.RENEWABLE]
    left = [end.expiry.left(NOW) or timedelta(0) for end in found]
    to_come = [each for each in left if each > timedelta(0)]
    past = [each for each in left if each <= timedelta(0)]
    assert to_come == sorted(to_come)
    assert past == sorted(past, reverse=True)


def test_the_order_is_that_of_the_moment_not_of_the_snapshot(demo_snapshot: Snapshot) -> None:
    # GIVEN the one that ends first
    first = expiry_items(demo_snapshot, NOW)[0]
    assert first.expiry.at is not None
    # WHEN it has ended
    later = expiry_items(demo_snapshot, first.expiry.at + timedelta(seconds=1))
    # THEN another is next
    assert later[0].key != first.key


def test_what_has_no_end_is_not_listed(demo_snapshot: Snapshot) -> None:
    listed = {end.profile for end in expiry_items(demo_snapshot, NOW)}
    without = {name for name, report in demo_snapshot.profiles.items() if report.expiry.at is None}
    assert {"base", "tools", "blue", "logs"} <= without
    assert not listed & without


def test_a_session_is_listed_once_however_many_use_it(demo_snapshot: Snapshot, empty: World) -> None:
    # GIVEN the demo, and two more profiles over its session
    world = demo_world(empty.home)
    with (world.aws / "config").open("a") as config:
        for name in ("more", "most"):
            config.write(f"[profile {name}]\nsso_session = corp\n")
            config.write(f"sso_account_id = 777788889999\nsso_role_name = {name}\n")
    found = [end for end in expiry_items(world.snapshot(), NOW) if end.key == "session:corp"]
    assert [end.uses for end in found] == [3]
    alone = [end for end in expiry_items(demo_snapshot, NOW) if end.key == "session:corp"]
    assert [end.uses for end in alone] == [1]


def test_what_only_repeats_its_session_is_not_listed_beside_it(demo_snapshot: Snapshot) -> None:
    report = demo_snapshot.profiles["hr"]  # nothing cached for it: it ends when its token ends
    listed = {end.key for end in expiry_items(demo_snapshot, NOW)}
    assert session_key(report) in listed
    assert "profile:hr" not in listed


def test_keys_differ(demo_snapshot: Snapshot) -> None:
    listed = [end.key for end in expiry_items(demo_snapshot, NOW)]
    assert len(set(listed)) == len(listed)


def test_the_keys_of_the_environment_are_listed_while_they_are_used(empty: World) -> None:
    world = World(empty.home, EXPORTED)
    found = [end for end in expiry_items(world.snapshot(), NOW) if end.key == "environment"]
    assert [(end.profile, end.expiry.at) for end in found] == [(None, NOW + timedelta(minutes=15))]


def test_a_variable_that_nobody_reads_is_no_end(empty: World) -> None:
    world = World(empty.home, {"AWS_CREDENTIAL_EXPIRATION": "2026-03-10T09:45:00Z"})
    assert expiry_items(world.write(credentials=keys("default")).snapshot(), NOW) == []


# The lines


def drawn(item: ExpiryItem, width: int, names: int = 0, now: datetime = NOW) -> str:
    context = ListContext(now, Flags(), names_of([item.title]))
    return "".join(span.text for span in expiry_line(item, width, context, names or len(item.title)))


def item(left: timedelta, after: After = After.AUTOMATIC, title: str = "dev") -> ExpiryItem:
    return ExpiryItem(f"profile:{title}", title, ending(NOW + left, NOW, after=after), title)


@pytest.mark.parametrize(
    ("minutes", "cells"), [(1, 1), (15, 2), (30, 5), (45, 8), (60, 10), (61, 10), (600, 10), (-5, 0)]
)
def test_all_bars_are_on_one_scale_of_an_hour(minutes: int, cells: int) -> None:
    line = drawn(item(timedelta(minutes=minutes)), 60)
    assert line.count("━") == cells
    assert line.count("━") + line.count("─") == 10


@pytest.mark.parametrize("after", [each for each in After if each is not After.NEVER])
def test_what_happens_then_is_a_word_where_there_is_room_and_a_letter_where_there_is_little(
    after: After,
) -> None:
    end = item(timedelta(hours=2), after)
    assert drawn(end, 60).rstrip().endswith(labels.BRIEF_THEN[after])
    assert drawn(end, 36)[-2:] == f" {labels.THEN_LETTERS[after]}"


def test_the_letters_differ_and_are_those_of_their_words() -> None:
    letters = [letter for letter in labels.THEN_LETTERS.values() if letter.strip()]
    assert len(set(letters)) == len(letters)
    assert [
        labels.THEN_LETTERS[each] for each in (After.AUTOMATIC, After.MFA, After.LOGIN, After.MANUAL)
    ] == [*"AMLK"]


def test_a_cached_role_whose_code_is_due_says_so() -> None:
    expiry = ending(NOW + timedelta(minutes=9), NOW, after=After.MFA, renewed_early=True)
    end = ExpiryItem("profile:dev", "dev", expiry, "dev")
    assert "code due" in drawn(end, 60)
    # with more than a quarter of an hour left it is not
    assert "code due" not in drawn(end, 60, now=NOW - timedelta(minutes=30))


@pytest.mark.parametrize("width", range(34, 80))
def test_bars_give_way_to_names(width: int) -> None:
    title = "shared-services-readonly"
    line = drawn(item(timedelta(hours=2), title=title), width)
    bar = line.count("━") + line.count("─")
    assert 4 <= bar <= 10
    assert title in line or bar == 4


def test_what_renews_itself_comes_between_what_is_timed_and_what_has_ended(
    demo_snapshot: Snapshot,
) -> None:
    states = [end.expiry.as_of(NOW).shown for end in expiry_items(demo_snapshot, NOW)]
    late = (State.RENEWABLE, State.EXPIRED)
    ranks = [late.index(each) + 1 if each in late else 0 for each in states]
    assert ranks == sorted(ranks)
    assert {0, 1, 2} == {*ranks}
