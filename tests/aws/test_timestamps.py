"""Moments, in every form in which AWS tools write them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import dateutil.parser
import pytest
from botocore import credentials
from hypothesis import given
from hypothesis import strategies as st

from rolecall.aws import timestamps
from rolecall.aws.providers import PredictedErrorRaised

NOON = datetime(2030, 1, 2, 12, 0, tzinfo=UTC)

FORMS = {
    "CLI v1": "2030-01-02T12:00:00Z",
    "CLI v2": "2030-01-02T12:00:00+00:00",
    "boto3": "2030-01-02T12:00:00UTC",
    "another zone": "2030-01-02T14:00:00+02:00",
    "west": "2030-01-02T07:00:00-05:00",
    "no colon in the zone": "2030-01-02T14:00:00+0200",
    "milliseconds": "2030-01-02T12:00:00.000Z",
    "microseconds": "2030-01-02T12:00:00.000000+00:00",
    "ten-millionths": "2030-01-02T12:00:00.0000000Z",
    "a space": "2030-01-02 12:00:00Z",
    "a space and a zone": "2030-01-02 12:00:00 +0000",
    "GMT": "2030-01-02T12:00:00 GMT",
    "RFC 1123": "Wed, 02 Jan 2030 12:00:00 GMT",
    "basic": "20300102T120000Z",
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_the_same_moment(form: str) -> None:
    assert timestamps.parse(FORMS[form]) == NOON
    assert timestamps.instant(FORMS[form]) == NOON
    assert timestamps.instant(FORMS[form]).tzinfo is UTC
    assert timestamps.parse_timestamp(FORMS[form]) == NOON


NAIVE = [
    "2030-01-02 12:00:00",
    "2030-01-02T12:00:00",
    "2030-01-02 12:00:00.000000",
    "2030-01-02T12:00:00 XYZ",
]


@pytest.mark.parametrize("text", NAIVE)
def test_a_time_without_a_zone_stops_botocore(text: str) -> None:
    assert timestamps.parse(text).tzinfo is None
    with pytest.raises(TypeError) as real:
        credentials._local_now() - dateutil.parser.parse(text, ignoretz=True)
    with pytest.raises(PredictedErrorRaised) as raised:
        timestamps.instant(text)
    assert (raised.value.fault.error, raised.value.fault.message) == ("TypeError", str(real.value))


@pytest.mark.parametrize("text", NAIVE)
def test_in_the_notes_of_other_tools_it_means_utc(text: str) -> None:
    assert timestamps.parse_timestamp(text) == NOON


GARBAGE = [
    "soon",
    "",
    " ",
    "2030-13-01T00:00:00Z",
    "2030-01-01T25:00:00Z",
    "2030-01-01T00:00:60Z",
    "9" * 40,
    "\0",
]


@pytest.mark.parametrize("text", [*GARBAGE, None, 5, 1.5, True, [], {}, ["2030-01-02T12:00:00Z"]], ids=repr)
def test_what_is_no_time_raises_what_dateutil_raises(text: object) -> None:
    with pytest.raises(Exception, match=r".*") as real:
        dateutil.parser.parse(text)
    for read in (timestamps.parse, timestamps.instant):
        with pytest.raises(PredictedErrorRaised) as raised:
            read(text)
        assert (raised.value.fault.error, raised.value.fault.message) == (
            type(real.value).__name__,
            str(real.value),
        )
    assert timestamps.parse_timestamp(text) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_the_ends_of_the_calendar_are_times(text: str, moment: datetime) -> None:
    assert timestamps.instant(text) == moment


@pytest.mark.parametrize(
    ("text", "year"), [("9999-12-31T23:59:59-05:00", 9999), ("0001-01-01T00:00:00+05:00", 1)]
)
def test_what_falls_off_the_calendar_in_utc_stays_on_it(text: str, year: int) -> None:
    assert timestamps.instant(text).year == year
    found = timestamps.parse_timestamp(text)
    assert found is not None
    assert found.year == year


@pytest.mark.parametrize("text", ["2030-01-02T12:00:00+99:00", "2030-01-02T12:00:00-24:00"])
def test_an_offset_that_no_zone_has_raises_what_botocore_raises(text: str) -> None:
    with pytest.raises(ValueError, match="offset") as real:
        dateutil.parser.parse(text) - credentials._local_now()
    with pytest.raises(PredictedErrorRaised) as raised:
        timestamps.instant(text)
    assert (raised.value.fault.error, raised.value.fault.message) == ("ValueError", str(real.value))
    assert timestamps.parse_timestamp(text) is None


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(
    moment=st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=OFFSETS),  # noqa: DTZ001 - bounds are naive
    digits=st.sampled_from(["seconds", "milliseconds", "microseconds"]),
)
def test_the_fast_way_agrees_with_dateutil(moment: datetime, digits: str) -> None:
    text = moment.isoformat(timespec=digits)
    assert timestamps.parse(text) == dateutil.parser.parse(text)
    assert timestamps.instant(text) == dateutil.parser.parse(text)


@pytest.mark.filterwarnings("ignore:tzname")  # dateutil's own, over a zone that it does not know
@given(st.text("0123456789-:TZ+. UTC/,", max_size=30))
def test_it_reads_no_more_and_no_less_than_dateutil(text: str) -> None:
    assert outcome(timestamps.parse, text) == outcome(dateutil.parser.parse, text)
    timestamps.parse_timestamp(text)


def outcome(parse: Callable[[str], datetime], text: str) -> tuple[str, str] | datetime:
    """Return what a parser makes of a text: the moment, or the class and the words of the error."""
    try:
        return parse(text).replace(tzinfo=None)
    except PredictedErrorRaised as raised:
        return raised.fault.error, raised.fault.message
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the outcome
        return type(error).__name__, str(error)
