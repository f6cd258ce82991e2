"""How keys and roles stand by themselves: each state, "after" and offline source (aws-facts §5)."""

from datetime import timedelta

import pytest

from rolecall.aws.expiry import After, Expiry, State
from rolecall.aws.providers import Tool
from tests.aws.cases import environment_keys, keys, role
from tests.aws.entries import (
    HOUR,
    MINUTE,
    in_,
    role_entry,
    role_file,
    without,
)
from tests.conftest import Taker
from tests.homes import NOW

TEMPORARY = "[x]\naws_access_key_id = ASIATEMPORARYEXAMPLE\naws_secret_access_key = CANARY\n"
TOKEN = "aws_session_token = CANARY\n"
OVER_BASE = f"[profile x]\n{role('x', 'base')}"
BASE = f"[base]\n{keys('BASE')}"


def expiry(take: Taker, **home: object) -> Expiry:
    return take(**home).profiles["x"].expiry


def told(found: Expiry) -> tuple[State, After, timedelta | None]:
    """Return state, after and the time left."""
    return found.state, found.after, found.left(NOW)


# Static keys


def test_long_term_keys_have_no_end(take: Taker) -> None:
    assert expiry(take, credentials=f"[x]\n{keys('X')}") == Expiry(State.PERMANENT)
    assert expiry(take, config=f"[profile x]\n{keys('X')}") == Expiry(State.PERMANENT)


def test_temporary_keys_without_a_recorded_end(take: Taker) -> None:
    assert told(expiry(take, credentials=TEMPORARY + TOKEN)) == (State.UNKNOWN, After.MANUAL, None)


@pytest.mark.parametrize("token", ["", "aws_session_token =\n"])
def test_temporary_keys_without_a_token_are_broken(take: Taker, token: str) -> None:
    found = expiry(take, credentials=TEMPORARY + token)
    assert told(found) == (State.BROKEN, After.MANUAL, None)
    assert found.reason == "a temporary key (ASIA…) without its session token: AWS refuses it"


def test_the_token_must_stand_in_the_same_file(take: Taker) -> None:
    # botocore reads static keys from one file alone
    found = expiry(take, credentials=TEMPORARY, config=f"[profile x]\n{TOKEN}")
    assert found.state is State.BROKEN


def test_an_empty_security_token_wins_over_the_session_token(take: Taker) -> None:
    found = expiry(take, credentials=f"{TEMPORARY}aws_security_token =\n{TOKEN}")
    assert found.state is State.BROKEN


@pytest.mark.parametrize(
    "key", ["x_security_token_expires", "expiration", "aws_expiration", "aws_session_token_expiration"]
)
@pytest.mark.parametrize(
    ("value", "state"),
    [
        (in_(HOUR), State.VALID),
        (in_(MINUTE), State.VALID),  # nothing renews it early
        (in_(timedelta(0)), State.EXPIRED),
        (in_(-HOUR), State.EXPIRED),
        ("2030-01-01 13:00:00", State.VALID),  # aws-mfa: a naive time is UTC
        ("2030-01-01T15:00:00+02:00", State.VALID),
        ("2030-01-01T11:00:00.000000", State.EXPIRED),
    ],
)
def test_the_end_that_a_tool_has_noted_beside_the_keys(
    take: Taker, key: str, value: str, state: State
) -> None:
    found = expiry(take, credentials=f"{TEMPORARY}{TOKEN}{key} = {value}\n")
    assert (found.state, found.after, found.source) == (state, After.MANUAL, key)


@pytest.mark.parametrize("note", ["expiration = soon\n", "expiration =\n", "expiration =\n  a = 1\n"])
def test_a_note_that_is_no_time_is_none(take: Taker, note: str) -> None:
    assert told(expiry(take, credentials=TEMPORARY + TOKEN + note)) == (State.UNKNOWN, After.MANUAL, None)


def test_a_note_beside_long_term_keys_means_nothing(take: Taker) -> None:
    found = expiry(take, credentials=f"[x]\n{keys('X')}expiration = {in_(-HOUR)}\n")
    assert found == Expiry(State.PERMANENT)


def test_a_stale_token_beside_long_term_keys_is_refused(take: Taker) -> None:
    found = expiry(take, credentials=f"[x]\n{keys('X')}{TOKEN}expiration = {in_(-HOUR)}\n")
    assert told(found) == (State.BROKEN, After.MANUAL, None)
    assert found.reason == "a long-term key (AKIA…) beside a session token: AWS refuses it"


# Keys in the environment


def default_session(take: Taker, **environ: str) -> Expiry:
    return take(environ=environ).default_session[Tool.BOTO3].expiry


ASIA = {"AWS_ACCESS_KEY_ID": "ASIAENVEXAMPLE", "AWS_SECRET_ACCESS_KEY": "CANARY"}


def test_long_term_keys_in_the_environment(take: Taker) -> None:
    assert default_session(take, **environment_keys()) == Expiry(State.PERMANENT)


def test_temporary_keys_in_the_environment(take: Taker) -> None:
    assert default_session(take, **ASIA).state is State.BROKEN
    for token in ("AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"):
        assert told(default_session(take, **ASIA, **{token: "CANARY"})) == (State.UNKNOWN, After.MANUAL, None)
    # AND an empty variable counts as unset
    found = default_session(take, **ASIA, AWS_SECURITY_TOKEN="", AWS_SESSION_TOKEN="CANARY")
    assert found.state is State.UNKNOWN


@pytest.mark.parametrize("name", ["AWS_CREDENTIAL_EXPIRATION", "AWS_SESSION_EXPIRATION", "AWSUME_EXPIRATION"])
@pytest.mark.parametrize(("left", "state"), [(HOUR, State.VALID), (-HOUR, State.EXPIRED)])
def test_the_end_in_a_variable(take: Taker, name: str, left: timedelta, state: State) -> None:
    found = default_session(take, **ASIA, AWS_SESSION_TOKEN="CANARY", **{name: in_(left)})
    assert (*told(found), found.source) == (state, After.MANUAL, left, name)


def test_the_variable_that_botocore_reads_comes_first(take: Taker) -> None:
    ends = {"AWS_CREDENTIAL_EXPIRATION": in_(HOUR), "AWS_SESSION_EXPIRATION": in_(-HOUR)}
    assert default_session(take, **ASIA, AWS_SESSION_TOKEN="CANARY", **ends).left(NOW) == HOUR


@pytest.mark.parametrize(("left", "state"), [(HOUR, State.VALID), (-HOUR, State.EXPIRED)])
def test_botocore_holds_long_term_keys_to_it_too(take: Taker, left: timedelta, state: State) -> None:
    # GIVEN AWS_CREDENTIAL_EXPIRATION beside keys without a token: past it, botocore hands out nothing
    found = default_session(take, **environment_keys(AWS_CREDENTIAL_EXPIRATION=in_(left)))
    assert told(found) == (state, After.MANUAL, left)


def test_the_other_variables_do_not_bind_long_term_keys(take: Taker) -> None:
    found = default_session(take, **environment_keys(AWS_SESSION_EXPIRATION=in_(-HOUR)))
    assert found == Expiry(State.PERMANENT)


@pytest.mark.parametrize("end", ["2030-01-01T13:00:00", "2030-01-01T13:00:00+99:00"])
def test_an_end_that_botocore_cannot_compare_breaks_every_use(take: Taker, end: str) -> None:
    snapshot = take(environ={**ASIA, "AWS_SESSION_TOKEN": "CANARY", "AWS_CREDENTIAL_EXPIRATION": end})
    found = snapshot.default_session[Tool.BOTO3]
    assert found.resolution.error in ("TypeError", "ValueError")
    assert (found.expiry.state, found.expiry.reason) == (State.BROKEN, found.resolution.message)


# Roles by themselves


@pytest.mark.parametrize(
    ("left", "state"),
    [(HOUR, State.VALID), (15 * MINUTE, State.VALID), (14 * MINUTE, State.RENEWING), (-HOUR, State.EXPIRED)],
)
def test_a_cached_role(take: Taker, left: timedelta, state: State) -> None:
    found = expiry(take, config=OVER_BASE, credentials=BASE, caches={role_file(): role_entry(in_(left))})
    assert told(found) == (state, After.AUTOMATIC, left)
    assert found.renewed_early
    assert found.source == role_file().replace("cli/", "cli/cache/")


def test_a_role_that_nobody_has_fetched(take: Taker) -> None:
    assert told(expiry(take, config=OVER_BASE, credentials=BASE)) == (State.IDLE, After.AUTOMATIC, None)


@pytest.mark.parametrize("left", [HOUR, 14 * MINUTE, -HOUR, None])
def test_a_role_with_mfa_asks_for_a_code_then(take: Taker, left: timedelta | None) -> None:
    name = role_file(SerialNumber="GAHT12345678")
    caches = {} if left is None else {name: role_entry(in_(left))}
    config = f"{OVER_BASE}mfa_serial = GAHT12345678\n"
    found = expiry(take, config=config, credentials=BASE, caches=caches)
    assert (found.after, found.left(NOW)) == (After.MFA, left)


def test_a_damaged_entry_breaks_its_role(take: Taker) -> None:
    found = expiry(take, config=OVER_BASE, credentials=BASE, caches={role_file(): b""})
    assert told(found) == (State.BROKEN, After.FAILS, None)
    assert found.reason == f"{role_file().removeprefix('cli/')} is empty"


def test_parts_missing_in_a_past_entry_do_not(take: Taker) -> None:
    damaged = without(role_entry(in_(-HOUR)), "Credentials.SecretAccessKey")
    found = expiry(take, config=OVER_BASE, credentials=BASE, caches={role_file(): damaged})
    assert told(found) == (State.EXPIRED, After.AUTOMATIC, -HOUR)


@pytest.mark.parametrize(
    ("end", "state"),
    [
        ("9999-12-31T23:59:59Z", State.VALID),
        ("9999-12-31T23:59:59-05:00", State.VALID),
        ("0001-01-01T00:00:00Z", State.EXPIRED),
        ("0001-01-01T00:00:00+05:00", State.EXPIRED),
    ],
)
def test_an_end_at_the_edge_of_the_calendar_is_one(take: Taker, end: str, state: State) -> None:
    found = expiry(take, config=OVER_BASE, credentials=BASE, caches={role_file(): role_entry(end)})
    assert found.state is state
