"""States, times and errors are said in the same few words everywhere."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from rolecall import messages
from rolecall.aws.expiry import After, Expiry, State, ending
from rolecall.aws.providers import Cause, Hop, PredictedError, Provider, Resolution
from rolecall.aws.settings import Kind
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.render import labels
from rolecall.tui.render.columns import STATE_WIDTH
from rolecall.tui.theme import as_title
from rolecall.tui.tones import Tone
from tests.tui.worlds import NOW

IN_AN_HOUR = NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(seconds=9), "9s"),
        (timedelta(minutes=43, seconds=10), "43m 10s"),
        (timedelta(hours=6, minutes=2), "6h 02m"),
        (timedelta(days=3, hours=4), "3d 4h"),
        (timedelta(hours=-3), "3h ago"),
    ],
)
def test_time_is_said_in_two_units_at_most(left: timedelta, said: str) -> None:
    expiry = ending(NOW + left, NOW, after=After.LOGIN)
    assert labels.time_left(expiry, NOW) == said


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.PERMANENT, ""),
        (State.IDLE, "idle"),
        (State.UNKNOWN, "unknown"),
        (State.BROKEN, "broken"),
        (State.RENEWABLE, "renewable"),
    ],
)
def test_what_has_no_end_is_said_in_a_word(state: State, said: str) -> None:
    assert labels.time_left(Expiry(state), NOW) == said


def test_a_renewable_token_is_not_said_to_be_over() -> None:
    # its access token is past, but it is renewed by itself
    expiry = Expiry(State.RENEWABLE, NOW - timedelta(hours=2), After.AUTOMATIC)
    assert labels.time_left(expiry, NOW) == "renewable"


def test_every_state_has_a_glyph_of_its_own() -> None:
    glyphs = {state: labels.glyph(Expiry(state)).text for state in State}
    assert len(set(glyphs.values())) == len(State)
    assert all(len(glyph) == 1 for glyph in glyphs.values())


def test_four_states_have_a_colour_and_the_others_the_texts_own() -> None:
    coloured = {state for state in State if labels.glyph(Expiry(state)).tone is not Tone.PLAIN}
    assert coloured == {State.VALID, State.RENEWING, State.EXPIRED, State.BROKEN}


@pytest.mark.parametrize("after", [after for after in After if after is not After.NEVER])
def test_what_happens_then_is_said_of_each_way(after: After) -> None:
    running = labels.what_then(Expiry(State.VALID, IN_AN_HOUR, after), NOW)
    over = labels.what_then(Expiry(State.EXPIRED, NOW - timedelta(hours=1), after), NOW)
    assert running == messages.THEN[after] != ""
    assert over == messages.NOW[after] != ""


def test_where_it_fails_then_the_reason_is_said() -> None:
    expiry = Expiry(State.VALID, IN_AN_HOUR, After.FAILS, "its source has expired")
    assert labels.what_then(expiry, NOW) == "fails: its source has expired"


def test_the_words_turn_at_the_end() -> None:
    expiry = Expiry(State.VALID, IN_AN_HOUR, After.MFA)
    before = labels.what_then(expiry, IN_AN_HOUR - timedelta(seconds=1))
    after = labels.what_then(expiry, IN_AN_HOUR)
    assert (before, after) == ("asks for an MFA code", "the next use asks for an MFA code")


def test_a_reason_is_shown_without_the_secrets_in_it() -> None:
    reason = "aws_secret_access_key = CANARYcanaryCANARYcanary"
    assert "CANARY" not in labels.what_then(Expiry(State.BROKEN, reason=reason), NOW)
    assert "CANARY" not in labels.what_then(Expiry(State.VALID, IN_AN_HOUR, After.FAILS, reason), NOW)


@pytest.mark.parametrize(
    ("cause", "chain", "brief"),
    [
        (Cause.CHAIN_LOOP, "ab", "loop"),
        (Cause.NO_CREDENTIALS, "a", "no keys"),
        (Cause.NO_CREDENTIALS, "ab", "empty source"),
        (Cause.SOURCE_MISSING, "ab", "no source"),
        (Cause.UNKNOWN, "a", "SomethingNewError"),
    ],
)
def test_an_error_is_said_in_brief(cause: Cause, chain: str, brief: str) -> None:
    raised = PredictedError("SomethingNewError", "…", cause)
    hops = tuple(Hop(name, None) for name in chain)
    assert labels.brief_error(Resolution(None, raised, chain=hops)) == brief


def test_no_brief_word_is_wider_than_its_column(demo_snapshot: Snapshot) -> None:
    for report in demo_snapshot.profiles.values():
        assert len(labels.state_of(report, NOW)) <= STATE_WIDTH - 2, report.name


def test_every_kind_and_every_provider_has_a_word() -> None:
    assert set(labels.KINDS) == set(Kind)
    for provider in Provider:
        assert labels.where_it_starts(Hop("a", provider))
    assert labels.where_it_starts(Hop("a", None)) == "nothing"


def test_a_moment_is_said_in_local_time_and_in_utc() -> None:
    said = labels.both_times(NOW)
    assert "2026-03-10 09:30:00 UTC" in said
    assert NOW.astimezone().strftime("%Y-%m-%d %H:%M:%S") in said


@pytest.mark.parametrize("name", ["[bold]x[/]", "[@click=app.quit]x", "a[/b]", "\\[x]", "x\\", "\x1b[31m"])
def test_a_title_is_shown_as_it_is_and_never_read_as_markup(name: str) -> None:
    shown = Content.from_markup(as_title(name))
    assert shown.plain == name.replace("\x1b", "␛")
    assert not shown.spans


@given(
    left=st.timedeltas(-timedelta(days=3), timedelta(days=3)),
    later=st.timedeltas(timedelta(0), timedelta(minutes=2)),
)
def test_what_is_said_stays_until_it_is_said_to(left: timedelta, later: timedelta) -> None:
    expiry = Expiry(State.VALID, at=NOW + left)
    until = labels.says_until(expiry, NOW)
    assert until is not None
    then = NOW + later
    if then < until and expiry.as_of(then).state is expiry.as_of(NOW).state:
        said = [labels.brief_time_left(expiry.as_of(moment), moment) for moment in (NOW, then)]
        assert said[0] == said[1]


def test_what_is_said_in_minutes_is_not_looked_at_every_second() -> None:
    ten = Expiry(State.VALID, at=NOW + timedelta(minutes=10, seconds=20))
    assert labels.says_until(ten, NOW) == NOW + timedelta(seconds=20)
    assert labels.says_until(Expiry(State.PERMANENT), NOW) is None
