"""Moments as AWS files and variables write them.

botocore reads them with ``dateutil.parser.parse``; that is the authority here too. The forms that AWS tools
write themselves (``…Z``, ``…UTC``, ``+00:00``) are read without it, because it is slow to import.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from rolecall.aws.providers import PredictedError, PredictedErrorRaised

NAIVE = "can't subtract offset-naive and offset-aware datetimes"
_USUAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}|\.\d{6})?(Z|UTC|[+-]\d\d:\d\d)")


def parse(text: object) -> datetime:
    """Return the moment, naive where the text names no zone.

    Raises:
        Raised: what dateutil raises for a text that is no time.
    """
    if isinstance(text, str) and _USUAL.fullmatch(text):
        try:
            return datetime.fromisoformat(text.replace("UTC", "Z"))
        except ValueError:
            pass  # an hour of 25: let dateutil say so
    return _parse_with_dateutil(text)


def _parse_with_dateutil(text: object) -> datetime:
    import warnings  # noqa: PLC0415 - with dateutil below: few homes need them

    from dateutil.parser import parse as dateutil_parse  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an unknown zone name makes it warn and return a naive time
        try:
            found: datetime = dateutil_parse(text)
        except Exception as error:  # noqa: BLE001 - whatever it raises, botocore raises
            raise PredictedErrorRaised(type(error).__name__, str(error)) from None
    return found


def from_timestamp(seconds: object) -> datetime | None:
    """Return the moment, in UTC, of seconds since 1970; None where they are no number or off the calendar."""
    try:
        return datetime.fromtimestamp(seconds, UTC)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def instant(text: object) -> datetime:
    """Return the moment in UTC, of a time that botocore compares with its clock.

    Raises:
        Raised: what that comparison raises, too: for a time without a zone, or an offset that no zone has.
    """
    found = parse(text)
    try:
        offset = found.utcoffset()
    except ValueError as error:  # dateutil takes +99:00 for an offset
        raise PredictedErrorRaised("ValueError", str(error)) from None
    if offset is None:
        raise PredictedErrorRaised("TypeError", NAIVE)
    return _to_utc(found)


def comes_late(fault: PredictedError) -> bool:
    """Whether an error comes only when a time that could be read is compared with the clock."""
    return fault.message == NAIVE or fault.error == "ValueError"


def _to_utc(moment: datetime) -> datetime:
    """Return an aware moment in UTC; one that falls off the calendar becomes its last or first year."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return datetime(9999 if moment.year > 1 else 1, 1, 1, tzinfo=UTC)


def moment(text: object, of_naive: Callable[[datetime], datetime] | None = None) -> datetime | None:
    """Return the moment in UTC; None where it is no time.

    Args:
        text: the time.
        of_naive: makes a moment of a time without a zone; it is taken for UTC where there is none.
    """
    if not isinstance(text, str) or not text:
        return None
    try:
        return instant(text)
    except PredictedErrorRaised as raised:
        if raised.fault.message != NAIVE:
            return None
    naive = parse(text)
    return of_naive(naive) if of_naive is not None else naive.replace(tzinfo=UTC)
