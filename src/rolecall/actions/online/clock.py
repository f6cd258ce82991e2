"""This machine's clock compared with AWS's, which is in the ``Date`` header of any answer.

A signature holds for five minutes around the moment that is signed with it (the IAM User Guide, "Create a
signed AWS API request"), and botocore does not correct its own clock by AWS's.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from rolecall.steps import Step, StepStatus
from rolecall.text import duration
from rolecall.values import dataclass

TITLE = "Clock"
LIMIT = 300.0
"""Seconds by which a clock may be off before AWS refuses what it signs."""
NOTABLE = 60.0
"""Seconds from which on it is worth a word: a clock that drifts will not stop there."""
_YEARS = range(2006, 2200)
"""What AWS's clock can say: it began in 2006."""
_HALF_SECOND = 0.5
"""``Date`` is in whole seconds, cut off: on the average half a second has gone by since."""


@dataclass(frozen=True, slots=True)
class Skew:
    """How far a clock is off.

    Attributes:
        ahead: seconds by which this machine's clock is ahead of AWS's; negative where it is behind.
        uncertainty: seconds by which that may be wrong: the way there and back, and the cut-off seconds.
    """

    ahead: float
    uncertainty: float

    @property
    def is_beyond(self) -> bool:
        """Whether AWS certainly refuses what is signed by this clock."""
        return abs(self.ahead) - self.uncertainty > LIMIT

    @property
    def may_be_beyond(self) -> bool:
        """Whether it may."""
        return abs(self.ahead) + self.uncertainty > LIMIT


def skew(headers: Mapping[str, str], sent: float, received: float) -> Skew | None:
    """Return how far the clock is off, or None where the answer tells no time.

    Args:
        headers: of the answer, their names in lower case. An answer that a proxy has kept is as old as its
            ``Age`` says.
        sent: this machine's clock, in seconds since 1970, when the request went out.
        received: the same, when the answer was there.
    """
    try:
        date = parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, LookupError, ArithmeticError):  # whatever it stumbles over
        return None
    if date.year not in _YEARS:
        return None
    there = (date if date.tzinfo is not None else date.replace(tzinfo=UTC)).timestamp() + _HALF_SECOND
    age = headers.get("age", "").strip()
    kept = age.isascii() and age.isdigit()
    there += int(age[:9]) if kept else 0
    uncertainty = _HALF_SECOND + max(received - sent, 0) / 2 + (_HALF_SECOND if kept else 0)
    return Skew((sent + received) / 2 - there, uncertainty)


def clock_step(headers: Mapping[str, str], sent: float, received: float, url: str) -> Step:
    """Say how far the clock is off, by the headers of an answer."""
    found = skew(headers, sent, received)
    if found is None:
        return Step(TITLE, StepStatus.UNKNOWN, "the answer does not say what time it is there", (url,))
    evidence = [f"Date: {headers['date']} from {url}", f"here: {_local((sent + received) / 2)}"]
    if "age" in headers:
        evidence.append(f"Age: {headers['age']}")
    return Step(TITLE, _verdict(found), _words(found), tuple(evidence))


def clock_unknown(url: str | None = None) -> Step:
    """Return the step for no answer."""
    return Step(
        TITLE,
        StepStatus.UNKNOWN,
        "there was no answer with a time to compare this clock with",
        (url,) if url else (),
    )


def _verdict(found: Skew) -> StepStatus:
    if found.is_beyond:
        return StepStatus.CULPRIT
    if found.may_be_beyond:
        return StepStatus.SUSPECT
    return StepStatus.NOTE if abs(found.ahead) - found.uncertainty > NOTABLE else StepStatus.FINE


def _words(found: Skew) -> str:
    off = f"this clock is {duration(abs(found.ahead))} {'ahead of' if found.ahead > 0 else 'behind'} AWS's"
    match _verdict(found):
        case StepStatus.CULPRIT:
            return f"{off}, and AWS refuses what is signed more than 5 minutes off: set it by NTP"
        case StepStatus.SUSPECT:
            return f"{off}, about as much as AWS lets pass (5 minutes): set it by NTP"
        case StepStatus.NOTE:
            return f"{off}; AWS lets 5 minutes pass"
        case _:
            exactness = f"{max(found.uncertainty, abs(found.ahead)):.0f}"
            return f"this clock agrees with AWS's (to within {max(int(exactness), 1)} s)"


def _local(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
