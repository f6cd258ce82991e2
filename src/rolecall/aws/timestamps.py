"""Times as AWS files, variables and other tools write them."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from rolecall.aws.config_file import Value
from rolecall.aws.neighbours import NEIGHBOURS, maker
from rolecall.aws.providers import Cause, PredictedError, PredictedErrorRaised
from rolecall.host import Host

_USUAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}|\.\d{6})?(Z|UTC|[+-]\d\d:\d\d)")


def parse(text: object) -> datetime:
    """Return the time, naive where the text names no zone.

    Raises:
        PredictedErrorRaised: what dateutil raises for a text that is not a time.
    """
    if isinstance(text, str) and _USUAL.fullmatch(text):
        try:
            return datetime.fromisoformat(text.replace("UTC", "Z"))
        except ValueError:
            pass  # an hour of 25: let dateutil raise its error
    return _parse_with_dateutil(text)


def _parse_with_dateutil(text: object) -> datetime:
    import warnings  # noqa: PLC0415 - with dateutil below: few homes need them

    from dateutil.parser import parse as dateutil_parse  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an unknown zone name makes it warn and return a naive time
        try:
            found: datetime = dateutil_parse(text)
        except Exception as error:  # noqa: BLE001 - whatever it raises, botocore raises
            raise PredictedErrorRaised(type(error).__name__, str(error), Cause.NO_TIME) from None
    return found


def from_timestamp(seconds: object) -> datetime | None:
    """Return the time, in UTC, of seconds since 1970; None where they are not a number or out of range."""
    try:
        return datetime.fromtimestamp(seconds, UTC)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def instant(text: object) -> datetime:
    """Return in UTC a time that botocore compares with its clock.

    Raises:
        PredictedErrorRaised: also what that comparison raises: for a time without a zone, or an offset that
            no zone has.
    """
    found = parse(text)
    try:
        offset = found.utcoffset()
    except ValueError as error:  # dateutil accepts +99:00 as an offset
        raise PredictedErrorRaised("ValueError", str(error), Cause.BAD_OFFSET) from None
    if offset is None:
        naive = "can't subtract offset-naive and offset-aware datetimes"
        raise PredictedErrorRaised("TypeError", naive, Cause.TIME_WITHOUT_ZONE)
    return _to_utc(found)


def comes_late(fault: PredictedError) -> bool:
    """Whether an error comes only when a time that could be read is compared with the clock."""
    return fault.cause in (Cause.TIME_WITHOUT_ZONE, Cause.BAD_OFFSET)


def _to_utc(moment: datetime) -> datetime:
    """Return an aware time in UTC; one that is out of range becomes the last or first year."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return datetime(9999 if moment.year > 1 else 1, 1, 1, tzinfo=UTC)


def parse_timestamp(text: object, of_naive: Callable[[datetime], datetime] | None = None) -> datetime | None:
    """Return the time in UTC; None where the text is not a time.

    Args:
        text: the time.
        of_naive: converts a time without a zone; by default such a time is in UTC.
    """
    if not isinstance(text, str) or not text:
        return None
    try:
        return instant(text)
    except PredictedErrorRaised as raised:
        if raised.fault.cause is not Cause.TIME_WITHOUT_ZONE:
            return None
    naive = parse(text)
    return of_naive(naive) if of_naive is not None else naive.replace(tzinfo=UTC)


_OWNERS = ("", "aws_", "x_")
_THINGS = ("", "session_", "session_token_", "security_token_", "token_", "credential_", "credentials_")
_WORDS = ("expiration", "expires", "expires_at", "expiry", "expire")
END_KEYS: tuple[str, ...] = tuple(
    dict.fromkeys(
        (
            "x_security_token_expires",  # the first is the one that rolecall writes
            *(key for each in NEIGHBOURS for key in each.ends),
            *(f"{owner}{thing}{word}" for owner in _OWNERS for thing in _THINGS for word in _WORDS),
        )
    )
)
"""The settings in which tools note when the keys that they wrote expire; of several the first is used."""
END_VARIABLES = (
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_SESSION_EXPIRATION",
    *(name for each in NEIGHBOURS for name in each.end_marks),
    "AWS_SESSION_TOKEN_EXPIRATION",
)
"""The same variables; botocore reads the first one as well."""
_AWSUME_VARIABLE = "AWSUME_EXPIRATION"
_AWSUME_KEYS = frozenset(("autoawsume", "awsumepy_command", "source_expiration"))
_FIRST_YEAR = 2000
"""An earlier time is not an expiry: programs write 0001-01-01 or 1970-01-01 for none."""
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
"""Seconds or milliseconds since 1970."""
_OF_GO = re.compile(r"([+-]\d{4}) (?:[A-Z]{2,5}|[+-]\d{2,4})(?: m=\S+)?$")
"""What Go prints after an offset: the zone's name, and the reading of its monotonic clock."""
_NAMED_ZONE = re.compile(r"\d\s*(?!(?:UTC|GMT|[AaPp][Mm])$)[A-Za-z]{2,5}$")


def noted_expiry(host: Host, name: str | None, settings: Mapping[str, Value]) -> tuple[str, datetime] | None:
    """Return the setting that notes when a profile's keys expire, with that time; None where none does."""
    if settings.keys().isdisjoint(END_KEYS):
        return None
    is_local = _is_of_awsume(name, settings)
    for key in END_KEYS:
        end = noted_moment(host, settings.get(key), is_local=is_local)
        if end is not None:
            return key, end
    return None


def _is_of_awsume(name: str | None, settings: Mapping[str, Value]) -> bool:
    """Whether awsume wrote a section: it notes local time, where aws-mfa notes UTC in the same setting."""
    return (
        settings.get("manager") == "awsume"
        or not settings.keys().isdisjoint(_AWSUME_KEYS)
        or maker(name or "") == "awsume"
    )


def variable_expiry(host: Host, name: str) -> datetime | None:
    """Return the expiry that a variable notes, in UTC; None where it notes none."""
    return noted_moment(host, host.environ.get(name), is_local=name == _AWSUME_VARIABLE)


def noted_moment(host: Host, text: object, *, is_local: bool = False) -> datetime | None:
    """Return a time that a tool has noted, in UTC; None where keys could not expire then.

    Args:
        host: has the zone of local times.
        text: the noted time.
        is_local: whether a time without a zone is local, else it is in UTC.
    """
    if not isinstance(text, str):
        return None
    if text.isdigit():
        found = _since_epoch(text)
    else:
        of_go = _OF_GO.search(text)
        written = text[: of_go.end(1)] if of_go is not None else text
        if _NAMED_ZONE.search(written):  # its name is ambiguous: there are several EST
            return None
        found = parse_timestamp(written, host.local if is_local else None)
    return found if found is not None and found.year >= _FIRST_YEAR else None


def _since_epoch(digits: str) -> datetime | None:
    if not _EPOCH.fullmatch(digits):
        return None
    return datetime.fromtimestamp(int(digits) / (1 if len(digits) == len("1893502200") else 1000), UTC)
