"""Several profiles at once: sources first, one question for all, and each with its own end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rolecall.actions import assume
from rolecall.actions.assume import Outcome
from rolecall.actions.prompts import Cancel
from rolecall.aws.snapshot import Snapshot
from tests.actions.people import Somebody
from tests.actions.stubbed import DEVICE, Place, device, role
from tests.homes import soon
from tests.interop.blackhole import BlackHole
from tests.interop.sts import (
    gives_all_but,
    gives_for_code,
    refuses,
)
from tests.interop.stub import Stub

DENIED = refuses("AccessDenied", "User: arn:aws:iam::123456789012:user/me is not authorized")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Return a home beside a stub that gives every role."""
    with Stub() as stub:
        yield Place(tmp_path / "home", stub)


def all_of(
    place: Place, snapshot: Snapshot, names: str, somebody: Somebody, *, force: bool = False
) -> list[Outcome]:
    """Assume several, and see that each was told once."""
    told: list[Outcome] = []
    with soon(60):
        outcomes = assume.assume_all(snapshot, names.split(), somebody, Cancel(), told.append, force=force)
    assert [outcome.profile for outcome in outcomes] == names.split()
    assert sorted(outcome.profile for outcome in told) == sorted(names.split())
    assert set(place.contents()) <= {report.cache_file for report in snapshot.profiles.values()}
    return list(outcomes)


@pytest.mark.long
def test_sources_come_first_and_no_role_is_assumed_twice(place: Place) -> None:
    snapshot = place.snapshot(role("a") + role("b", "a") + role("c", "b") + role("d", "a") + role("e"))
    outcomes = all_of(place, snapshot, "c d b a e", Somebody(), force=True)
    assert all(outcome.assumed for outcome in outcomes)
    assert sorted(place.assumed()) == ["a", "b", "c", "d", "e"]
    assert place.assumed().index("a") < place.assumed().index("b") < place.assumed().index("c")


def test_a_role_that_is_nobodys_but_on_the_way_of_two_is_assumed_once(place: Place) -> None:
    snapshot = place.snapshot(role("a") + role("b", "a") + role("c", "a"))
    all_of(place, snapshot, "b c", Somebody())
    assert sorted(place.assumed()) == ["a", "b", "c"]


def test_what_draws_on_a_source_that_failed_is_not_tried(place: Place) -> None:
    place.stub.rules["AssumeRole"] = gives_all_but("a", DENIED)
    snapshot = place.snapshot(role("a") + role("b", "a") + role("c", "b") + role("d"))

    a, b, c, d = all_of(place, snapshot, "a b c d", Somebody())

    assert sorted(place.assumed()) == ["a", "d"]
    assert a.failure is not None
    assert a.failure.kind == "AccessDenied"
    assert b.failure is not None
    assert b.failure.message == "its source a failed"
    assert c.failure is not None
    assert c.failure.message == "its source a failed"
    assert d.assumed


def test_keys_among_them_fail_alone(place: Place) -> None:
    base, x = all_of(place, place.snapshot(role("x")), "base x", Somebody())
    assert base.failure is not None
    assert x.assumed is not None


@pytest.mark.long
def test_one_code_serves_all_with_that_device(place: Place) -> None:
    place.stub.rules["AssumeRole"] = gives_for_code("123456")
    config = "".join(role(name, more=device()) for name in "abcde")
    somebody = Somebody(codes=["123456"])
    assert all(outcome.assumed for outcome in all_of(place, place.snapshot(config), "a b c d e", somebody))
    assert somebody.asked == [(DEVICE, None)]


@pytest.mark.long
def test_each_device_is_asked_for_its_own(place: Place) -> None:
    place.stub.rules["AssumeRole"] = gives_for_code("123456", "234567")
    other = DEVICE.replace("me", "other")
    config = role("a", more=device()) + role("b", more=device(other))
    somebody = Somebody(codes=["123456", "234567"])
    all_of(place, place.snapshot(config), "a b", somebody)
    assert sorted(somebody.asked) == [(DEVICE, None), (other, None)]


@pytest.mark.long
def test_where_sts_takes_a_code_only_once_each_gets_one_of_its_own(place: Place) -> None:
    codes = [f"10000{number}" for number in range(8)]
    place.stub.rules["AssumeRole"] = gives_for_code(*codes, serve_once=True)
    config = "".join(role(name, more=device()) for name in "abcd")
    somebody = Somebody(codes=codes)
    assert all(outcome.assumed for outcome in all_of(place, place.snapshot(config), "a b c d", somebody))
    assert len(somebody.asked) == 4


@pytest.mark.long
def test_who_declines_a_code_once_has_declined_it_for_all(place: Place) -> None:
    config = "".join(role(name, more=device()) for name in "ab") + role("c")
    somebody = Somebody()
    a, b, c = all_of(place, place.snapshot(config), "a b c", somebody)
    assert a.cancelled
    assert b.cancelled
    assert c.assumed
    assert len(somebody.asked) == 1


@pytest.mark.long
def test_a_cancel_ends_them_all(place: Place) -> None:
    config = "".join(role(name) for name in "abcdef")
    cancel = Cancel()
    with BlackHole() as hole:
        place.environ["AWS_ENDPOINT_URL"] = hole.url
        somebody = Somebody(when_told=lambda _: cancel.set())
        with soon(20):
            outcomes = assume.assume_all(
                place.snapshot(config), list("abcdef"), somebody, cancel, lambda _: None
            )
    assert all(outcome.cancelled for outcome in outcomes)
    assert not place.cache.exists()


def test_a_shorter_time_is_asked_for_only_where_it_was_agreed(place: Place) -> None:
    # GIVEN a chained role that asks for too much, and one that may have its twelve hours
    long = "duration_seconds = 7200\n"
    snapshot = place.snapshot(role("a") + role("b", "a", long) + role("c", more="duration_seconds = 43200\n"))
    # WHEN one hour is agreed for the first
    with soon(60):
        outcomes = assume.assume_all(
            snapshot, ["b", "c"], Somebody(), Cancel(), lambda _: None, seconds={"b": 3600}
        )
    # THEN the other gets what it asks for
    assert all(outcome.assumed for outcome in outcomes)
    asked = {
        str(request["RoleArn"]).rpartition("/")[2]: request.get("DurationSeconds")
        for request in place.stub.requests
    }
    assert asked == {"a": None, "b": "3600", "c": "43200"}
