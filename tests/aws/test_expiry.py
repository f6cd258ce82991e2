"""States and the moments at which they change."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.aws.expiry import After, Expiry, State, ending
from tests.homes import NOW

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
QUARTER = timedelta(minutes=15)
TICK = timedelta(microseconds=1)


def role(left: timedelta) -> Expiry:
    return ending(NOW + left, NOW, after=After.AUTOMATIC, renewed_early=True)


def keys(left: timedelta) -> Expiry:
    return ending(NOW + left, NOW, after=After.MANUAL)


def token(left: timedelta, renewable: timedelta) -> Expiry:
    return ending(NOW + left, NOW, after=After.AUTOMATIC, renewable_until=NOW + renewable)


@pytest.mark.parametrize(
    ("left", "state"),
    [
        (HOUR, State.VALID),
        (QUARTER + TICK, State.VALID),
        (QUARTER, State.VALID),  # "15 min or more left -> used"
        (QUARTER - TICK, State.RENEWING),
        (SECOND, State.RENEWING),
        (TICK, State.RENEWING),
        (timedelta(0), State.EXPIRED),
        (-TICK, State.EXPIRED),
        (-HOUR, State.EXPIRED),
    ],
)
def test_a_cached_role_is_renewed_in_its_last_15_minutes(left: timedelta, state: State) -> None:
    assert role(left).state is state
    # AND the same comes of looking at it when it was still good, or long past
    assert role(HOUR).as_of(NOW + HOUR - left).state is state
    assert role(-HOUR).as_of(NOW - HOUR - left).state is state


@pytest.mark.parametrize(
    ("left", "state"),
    [
        (HOUR, State.VALID),
        (QUARTER - TICK, State.VALID),
        (TICK, State.VALID),
        (timedelta(0), State.EXPIRED),
        (-HOUR, State.EXPIRED),
    ],
)
def test_keys_are_good_until_their_end(left: timedelta, state: State) -> None:
    assert keys(left).state is state
    assert keys(HOUR).as_of(NOW + HOUR - left).state is state


@pytest.mark.parametrize(
    ("left", "renewable", "state"),
    [
        (HOUR, 2 * HOUR, State.VALID),
        (TICK, 2 * HOUR, State.VALID),
        (timedelta(0), 2 * HOUR, State.RENEWABLE),
        (-HOUR, TICK, State.RENEWABLE),
        (-HOUR, timedelta(0), State.EXPIRED),
        (-2 * HOUR, -HOUR, State.EXPIRED),
    ],
)
def test_a_token_past_its_end_is_renewable_while_its_registration_lasts(
    left: timedelta, renewable: timedelta, state: State
) -> None:
    assert token(left, renewable).state is state
    # AND time alone leads there, without another look at the files
    early = NOW - 10 * HOUR
    before = ending(NOW + left, early, after=After.AUTOMATIC, renewable_until=NOW + renewable)
    assert before.state is State.VALID
    assert before.as_of(NOW).state is state


def test_once_it_cannot_be_renewed_someone_has_to_log_in() -> None:
    assert token(HOUR, 2 * HOUR).as_of(NOW + HOUR).after is After.AUTOMATIC
    assert token(HOUR, 2 * HOUR).as_of(NOW + 2 * HOUR).after is After.LOGIN


@pytest.mark.parametrize("state", [State.PERMANENT, State.IDLE, State.UNKNOWN, State.BROKEN])
def test_time_changes_nothing_where_there_is_no_end(state: State) -> None:
    expiry = Expiry(state)
    assert expiry.as_of(NOW + 1000 * HOUR) is expiry
    assert expiry.left(NOW) is None


@pytest.mark.parametrize("state", [State.IDLE, State.UNKNOWN, State.BROKEN])
def test_what_is_broken_stays_broken_whatever_its_end(state: State) -> None:
    assert Expiry(state, NOW).as_of(NOW + HOUR).state is state


def test_nothing_new_is_made_while_the_state_lasts() -> None:
    expiry = role(HOUR)
    assert expiry.as_of(NOW + QUARTER) is expiry


@given(st.lists(st.integers(-7200, 7200), min_size=1, max_size=5), st.sampled_from([role, keys]))
def test_it_does_not_matter_by_which_way_a_moment_is_reached(seconds: list[int], make: object) -> None:
    assert callable(make)
    expiry: Expiry = make(HOUR)
    moved = expiry
    for second in seconds:
        moved = moved.as_of(NOW + second * SECOND)
    assert moved == expiry.as_of(NOW + seconds[-1] * SECOND)


# When to look again


@pytest.mark.parametrize(
    ("expiry", "turns"),
    [
        (keys(HOUR), [HOUR]),
        (role(HOUR), [HOUR - QUARTER, HOUR]),
        (role(-HOUR), [-HOUR - QUARTER, -HOUR]),
        (token(HOUR, 2 * HOUR), [HOUR, 2 * HOUR]),
        (Expiry(State.PERMANENT), []),
        (Expiry(State.BROKEN, NOW), []),
        (Expiry(State.IDLE), []),
    ],
)
def test_time_turns_the_state_at_these_moments(expiry: Expiry, turns: list[timedelta]) -> None:
    assert expiry.turns == [NOW + turn for turn in turns]


@given(st.sampled_from([keys, role]), st.integers(-8000, 8000), st.integers(-8000, 8000))
def test_between_two_of_them_it_stays(make: Callable[[timedelta], Expiry], one: int, other: int) -> None:
    expiry = make(HOUR)
    first, second = (NOW + second * SECOND for second in sorted((one, other)))
    is_same = expiry.as_of(first).state is expiry.as_of(second).state
    assert is_same is not any(first < turn <= second for turn in expiry.turns)


def test_the_first_of_all_moments_can_be_an_end() -> None:
    end = datetime(1, 1, 1, tzinfo=UTC)
    expiry = ending(end, NOW, after=After.AUTOMATIC, renewed_early=True)
    assert (expiry.state, expiry.turns) == (State.EXPIRED, [end])


# The time left


@pytest.mark.parametrize("left", [HOUR, SECOND, timedelta(0), -HOUR])
def test_the_time_left_is_negative_when_past(left: timedelta) -> None:
    assert keys(left).left(NOW) == left


# What is shown of a state


@pytest.mark.parametrize("after", After)
def test_what_has_ended_and_is_fetched_again_by_itself_is_shown_as_renewable(after: After) -> None:
    expiry = Expiry(State.EXPIRED, NOW - HOUR, after)
    assert expiry.shown is (State.RENEWABLE if after is After.AUTOMATIC else State.EXPIRED)


@pytest.mark.parametrize("after", After)
def test_what_was_never_fetched_and_needs_the_user_is_not_idle(after: After) -> None:
    needs_user = after in (After.LOGIN, After.MANUAL, After.FAILS)
    assert Expiry(State.IDLE, after=after).shown is (State.EXPIRED if needs_user else State.IDLE)


@pytest.mark.parametrize("state", [each for each in State if each not in (State.IDLE, State.EXPIRED)])
def test_any_other_state_is_shown_as_it_is(state: State) -> None:
    assert {Expiry(state, after=after).shown for after in After} == {state}


# Words and signs


def test_each_state_has_a_sign_of_its_own() -> None:
    assert "".join(state.glyph for state in State) == "∞●◐✗↻○?!"


def test_states_and_what_comes_after_have_the_names_of_the_contract() -> None:
    assert [str(state) for state in State] == [
        "permanent",
        "valid",
        "renewing",
        "expired",
        "renewable",
        "idle",
        "unknown",
        "broken",
    ]
    assert [str(after) for after in After] == ["automatic", "mfa", "login", "manual", "fails", "never"]


def test_which_states_are_live() -> None:
    live = {state for state in State if state.is_live}
    assert live == {State.PERMANENT, State.VALID, State.RENEWING, State.RENEWABLE}
