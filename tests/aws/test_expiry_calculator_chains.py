"""The weakest link: a role is as good as its source, now and when it ends."""

from datetime import timedelta

import pytest

from rolecall.aws.expiry import After, State
from rolecall.aws.snapshot import Snapshot
from tests.aws.cases import SESSION, SSO_ROLE, role
from tests.aws.entries import (
    HOUR,
    MINUTE,
    in_,
    role_entry,
    role_file,
    sso_file,
    sso_role_entry,
    sso_role_file,
    sso_token,
)
from tests.aws.links import BASE, EXPIRED, IDLE, LINKS, NOBODY, OVER_ROLE, OVER_SSO, VALID
from tests.conftest import HomeMaker, Taker
from tests.homes import NOW


@pytest.mark.parametrize("name", LINKS)
def test_a_role_is_as_good_as_its_source(take: Taker, name: str) -> None:
    link = LINKS[name]
    found = take(**link.home).profiles["x"].expiry
    assert (found.state, found.after, found.reason) == (link.state, link.after, link.reason)
    assert found.left(NOW) == link.left


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize(
    "later",
    [timedelta(0), 10 * MINUTE, 45 * MINUTE, 46 * MINUTE, HOUR, HOUR + MINUTE, 9 * HOUR],
    ids=str,
)
def test_time_alone_tells_what_another_look_would(make_home: HomeMaker, name: str, later: timedelta) -> None:
    # GIVEN a Snapshot, and the same files looked at later
    host = make_home(**LINKS[name].home)
    early, late = Snapshot.take(host), Snapshot.take(host.at(NOW + later))
    for profile, report in early.profiles.items():
        assert report.expiry.as_of(NOW + later).state is late.profiles[profile].expiry.state, profile
    for entry, again in zip(early.entries, late.entries, strict=True):
        assert entry.expiry.as_of(NOW + later).state is again.expiry.state, entry.path


@pytest.mark.parametrize("later", [14 * MINUTE, 29 * MINUTE])
def test_once_cli_v2_s_credentials_end_another_look_is_due(make_home: HomeMaker, later: timedelta) -> None:
    # GIVEN credentials with 30 minutes left, whose token will still be good: then it is the token that counts
    host = make_home(
        config=f"{SESSION}[profile x]\nsso_session = corp\n{SSO_ROLE}",
        caches={
            sso_role_file(sessionName="corp"): sso_role_entry(in_(30 * MINUTE)),
            sso_file(): sso_token(8 * HOUR),
        },
    )
    early, late = Snapshot.take(host), Snapshot.take(host.at(NOW + later))
    assert (
        early.profiles["x"].expiry.as_of(NOW + later).state.is_live == late.profiles["x"].expiry.state.is_live
    )
    assert NOW + 30 * MINUTE in early.profiles["x"].expiry.turns


def test_cli_v2_s_sso_role_is_no_source(take: Taker) -> None:
    # it is kept for the profile alone: a role over that profile asks for the token
    report = take(config=OVER_SSO, caches={sso_role_file(sessionName="corp"): sso_role_entry()}).profiles["x"]
    assert (report.expiry.state, report.expiry.after, report.expiry.reason) == (IDLE, After.LOGIN, NOBODY)


def test_each_hop_stands_for_itself(take: Taker) -> None:
    caches = {role_file("x"): role_entry(in_(HOUR)), role_file("m"): role_entry(in_(-HOUR))}
    report = take(config=OVER_ROLE, credentials=BASE, caches=caches).profiles["x"]
    assert [expiry.state for expiry in report.hop_expiries] == [VALID, EXPIRED, State.PERMANENT]
    assert report.hop_expiries[0] == report.expiry


def test_a_hole_in_the_chain_is_broken(take: Taker) -> None:
    report = take(config=f"[profile x]\n{role('x', 'gone')}").profiles["x"]
    assert [expiry.state for expiry in report.hop_expiries][-1] is State.BROKEN
