"""Chains of hundreds of roles, and of thousands: where botocore gives up, and that nobody waits for it."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from unittest import mock

import botocore.session
import pytest

from rolecall.aws.first_call import LONGEST_FETCH
from rolecall.aws.resolver import LONGEST_CHAIN, TOO_LONG
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.aws.cases import keys, outcome, role
from tests.aws.real import botocore_says
from tests.conftest import HomeMaker
from tests.homes import soon

SLACK = 6
"""Roles by which Python's versions differ, and what stands above the call."""
MANY = 5_000
"""Roles: what takes time with their square takes a minute."""
Result = TypeVar("Result")


def as_in_a_script(ask: Callable[[], Result]) -> Result:
    """Ask with as much of Python's stack as a script has that calls botocore in its first line."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(ask).result()


def get_credentials() -> Any:  # noqa: ANN401 - botocore has no types
    return botocore.session.Session(profile="x").get_credentials()


def long_chain(make_home: HomeMaker, roles: int) -> Host:
    config = f"[profile x]\n{role('x', 'p1')}" + "".join(
        f"[profile p{number}]\n{role(str(number), f'p{number + 1}')}" for number in range(1, roles)
    )
    return make_home(config=config, credentials=f"[p{roles}]\n{keys('BASE')}")


@pytest.mark.parametrize(
    ("roles", "error"), [(LONGEST_CHAIN - SLACK, None), (LONGEST_CHAIN + SLACK, "RecursionError")]
)
def test_a_chain_is_too_long_where_botocore_is_at_the_end_of_its_stack(
    make_home: HomeMaker, roles: int, error: str | None
) -> None:
    host = long_chain(make_home, roles)
    ours = Snapshot.take(host).profiles["x"].resolution
    assert ours.error == error
    with mock.patch.dict(os.environ, host.environ, clear=True):
        if error is None:
            assert as_in_a_script(get_credentials) is not None
        else:
            with pytest.raises(RecursionError):
                as_in_a_script(get_credentials)


@pytest.mark.long
def test_a_chain_that_is_found_can_be_too_long_to_be_fetched(make_home: HomeMaker) -> None:
    host = long_chain(make_home, LONGEST_FETCH + SLACK)
    report = Snapshot.take(host).profiles["x"]
    assert (report.resolution.error, report.resolution.on_use) == (None, TOO_LONG)
    assert Snapshot.take(host).profiles[f"p{2 * SLACK}"].resolution.on_use is None
    with mock.patch.dict(os.environ, host.environ, clear=True):
        found = as_in_a_script(get_credentials)
        with pytest.raises(RecursionError):  # before anybody is asked
            as_in_a_script(found.get_frozen_credentials)


SHAPES: dict[str, Callable[[int], int]] = {
    "one chain": lambda number: number - 1,
    "the other way round": lambda number: number + 1 if number < MANY else 0,
    "a ring": lambda number: number % MANY + 1,
    "a ring with a long tail": lambda number: number - 1 if number > 1 else 300,
    "many over a chain": lambda number: number - 1 if number < 300 else 299,
    "many chains": lambda number: number - 1 if number % 300 else 0,
}


@pytest.mark.long
@pytest.mark.parametrize("shape", SHAPES)
def test_thousands_of_roles_are_followed_in_linear_time(make_home: HomeMaker, shape: str) -> None:
    config = "".join(
        f"[profile p{number}]\nrole_arn = {number}\nsource_profile = p{SHAPES[shape](number)}\n"
        for number in range(1, MANY + 1)
    )
    host = make_home(config=config, credentials=f"[p0]\n{keys('BASE')}")
    with soon(20):
        snapshot = Snapshot.take(host)
    assert len(snapshot.profiles) == MANY + 1
    assert max(len(report.chain) for report in snapshot.profiles.values()) <= LONGEST_CHAIN + 1


def test_one_with_keys_of_its_own_ends_the_chains_of_others_and_not_its_own(make_home: HomeMaker) -> None:
    # GIVEN a ring through a profile that is a role itself, and has keys for those who use it
    config = f"[profile a]\n{role('a', 'b')}[profile b]\n{role('b', 'c')}[profile c]\n{role('c', 'a')}"
    host = make_home(config=config, credentials=f"[a]\n{keys('BASE')}")
    profiles = Snapshot.take(host).profiles
    for name in "bca":
        assert botocore_says(host, name) == outcome(profiles[name].resolution)
    assert profiles["a"].resolution.error == "InfiniteLoopConfigError"
    assert profiles["b"].resolution.error is None
