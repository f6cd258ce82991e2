"""Everything that ends, soonest first."""

from datetime import timedelta

from rolecall.aws.expiry import State
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.render.expiry import expiry_items, session_key
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
    found = [end for end in expiry_items(demo_snapshot, NOW) if end.expiry.state is not State.RENEWABLE]
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
