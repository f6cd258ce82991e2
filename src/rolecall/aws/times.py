"""Moments as AWS files and variables write them.

botocore reads them with ``dateutil.parser.parse``; that is the authority here too. The forms that AWS tools
write themselves (``…Z``, ``…UTC``, ``+00:00``) are read without it, because it is slow to import.
"""

import re
from datetime import UTC, datetime

from rolecall.aws.providers import Raised

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
        except (ValueError, OverflowError, TypeError, AttributeError) as error:
            raise Raised(type(error).__name__, str(error)) from None
    return found


def to_utc(moment: datetime) -> datetime:
    """Return an aware moment in UTC; one that falls off the calendar there becomes its last or first day."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return datetime(9999 if moment.year > 1 else 1, 1, 1, tzinfo=UTC)


def moment(text: object) -> datetime | None:
    """Return an aware moment in UTC, a naive time being taken for UTC; None where it is no time.

    For the times that other tools keep in the credentials file: botocore ignores those keys, and the tools
    that write them without a zone (aws-mfa) mean UTC.
    """
    if not isinstance(text, str) or not text:
        return None
    try:
        found = parse(text)
    except Raised:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else to_utc(found)
