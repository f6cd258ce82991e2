"""Answers over the network: how much of one is taken, and whether it is one that AWS gives at all.

On the way to AWS anything may answer: the login page of a network, a proxy, whatever an endpoint setting
leads to. What it says is sorted out here, so that it ends in a sentence, and in no cache.
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from botocore import awsrequest
from botocore.exceptions import BotoCoreError, CredentialRetrievalError, MetadataRetrievalError
from botocore.parsers import ResponseParserError

from rolecall.actions.errors import ActionFailed
from rolecall.host import utc_now
from rolecall.text import elide

MOST = 1 << 20
"""Octets of one answer that are taken; AWS's, here, have some thousands."""
NOT_AWS = "ResponseParserError"
"""The kind of these failures: what botocore calls an answer that it cannot read."""
LONGEST_LIFE = timedelta(days=3652)
"""How far ahead an end may lie: AWS gives 90 days at the most, a stand-in for it may give years."""
_SYMPTOMS = (
    *(ResponseParserError, ArithmeticError, AssertionError, AttributeError, LookupError),
    *(RuntimeError, TypeError, ValueError),
)
"""What libraries raise for an answer that they do not expect."""
_QUOTING = (CredentialRetrievalError, MetadataRetrievalError)
"""botocore's errors that may quote a whole answer."""
_STILL_EXPIRED = "still expired"
"""What botocore's own RuntimeError says."""
_LATEST = 1e11
"""Seconds since 1970, in the year 5138: what is later comes to the same."""
_CHUNK = 1 << 16
_PAGES = ("text/html", "application/xhtml")
_PAGE_STARTS = (b"<!doctype html", b"<html")
_PAGE = "a web page, perhaps this network's login page"
_ELSEWHERE = range(300, 400)
_LONGEST_ADDRESS, _LONGEST_CODE = 2048, 64
_LONGEST_HOST = 200


class LastAnswer:
    """The last answer, for the message of a failure.

    Attributes:
        words: its status and its host; None before the first answer.
        is_page: whether it was a web page.
    """

    words: str | None = None
    is_page = False


class BoundedResponse(awsrequest.AWSResponse):  # type: ignore[misc]  # botocore ships no types
    """botocore's response, of which at most the limit and one byte are read."""

    def __init__(self, url: str, status_code: int, headers: Any, raw: Any) -> None:  # noqa: ANN401 - botocore's
        super().__init__(url, status_code, headers, raw)
        self._read: bytes | None = None
        LastAnswer.words, LastAnswer.is_page = f"HTTP {status_code} from {_host(url)}", False

    @property
    def content(self) -> bytes:
        """The body up to the limit; one more byte shows that there was more."""
        if self._read is None:
            read = bytearray()
            for chunk in self.raw.stream(_CHUNK):
                read += chunk
                if len(read) > MOST:
                    self.raw.close()
                    break
            self._read = bytes(read[: MOST + 1])
            LastAnswer.is_page = _is_page(self.headers, self._read)
        return self._read


def bound_responses() -> None:
    """Make botocore use bounded responses everywhere."""
    awsrequest.AWSResponse = BoundedResponse


def watch(session: Any) -> None:  # noqa: ANN401 - botocore ships no types
    """Check every answer to a session's calls before botocore parses it."""
    session.register("before-parse", _look)


def _look(response_dict: Mapping[str, Any], **_: object) -> None:
    """Refuse an answer that is evidently not AWS's.

    Raises:
        ActionFailed: it is a web page, a redirect, or too long.
    """
    body, headers, status = response_dict["body"], response_dict["headers"], response_dict["status_code"]
    if not isinstance(body, bytes):
        return
    if len(body) > MOST:
        raise not_aws("more than 1 MiB")
    if status in _ELSEWHERE:
        raise not_aws(f"it redirects to {_host(str(headers.get('location', '')))}")
    if _is_page(headers, body):
        raise not_aws(_PAGE)


def _is_page(headers: Mapping[str, Any], body: bytes) -> bool:
    is_called_so = str(headers.get("content-type", "")).lower().startswith(_PAGES)
    return is_called_so or body.lstrip().lower().startswith(_PAGE_STARTS)


def over_an_answer(error: Exception, where: str) -> ActionFailed | None:
    """Return the failure for an error, if it is about an answer that AWS does not give.

    Args:
        error: what a library has raised.
        where: its kind and place, in words.
    """
    if isinstance(error, BotoCoreError):
        return not_aws(_PAGE) if isinstance(error, _QUOTING) and LastAnswer.is_page else None
    is_one = isinstance(error, _SYMPTOMS) and _STILL_EXPIRED not in str(error)
    return not_aws(where) if is_one and LastAnswer.words is not None else None


def _host(url: str) -> str:
    """Return the host and the port of an address; what follows them may be secret."""
    try:
        parts = urlsplit(url)
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:
        return "no address"
    return f"{parts.scheme}://{elide(parts.hostname, _LONGEST_HOST)}{port}" if parts.hostname else "nowhere"


def not_aws(what: str) -> ActionFailed:
    """Return the failure for an answer that AWS does not give; ``what`` says what is odd about it."""
    heard = f", {LastAnswer.words}" if LastAnswer.words is not None else ""
    return ActionFailed(NOT_AWS, f"{what}{heard}")


def text(answer: Mapping[str, Any], key: str) -> str:
    """Return a text that an answer must have.

    Raises:
        ActionFailed: it has none, or one that no file and no request can contain.
    """
    value = answer.get(key)
    if isinstance(value, str) and value and value.isprintable():
        return value
    raise not_aws(f"its {key} {'is not text' if key in answer else 'is missing'}")


def seconds(answer: Mapping[str, Any], key: str) -> float:
    """Return a number of seconds that an answer must have, at most ten years.

    Raises:
        ActionFailed: it has none, or one that is not finite, or negative.
    """
    return min(_number(answer, key), LONGEST_LIFE.total_seconds())


def _number(answer: Mapping[str, Any], key: str) -> float:
    value = answer.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf:
        return min(value, _LATEST)
    raise not_aws(f"its {key} {'is not a time' if key in answer else 'is missing'}")


def answer_timestamp(answer: Mapping[str, Any], key: str, now: datetime) -> datetime:
    """Return a time that an answer must have, in seconds since 1970; at most ten years from now.

    Raises:
        ActionFailed: it has none.
    """
    return min(datetime.fromtimestamp(0, UTC) + timedelta(seconds=_number(answer, key)), now + LONGEST_LIFE)


def checked_address(answer: Mapping[str, Any], key: str) -> str:
    """Return a web address that an answer must have.

    Raises:
        ActionFailed: it has none, or one that must not be shown or opened.
    """
    value = text(answer, key)
    try:
        parts = urlsplit(value)
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        is_one = is_one and parts.port != 0  # what is no port raises
    except ValueError:
        is_one = False
    if is_one and value.isascii() and " " not in value and len(value) <= _LONGEST_ADDRESS:
        return value
    raise not_aws(f"its {key} is not a web address")


def code(answer: Mapping[str, Any], key: str) -> str:
    """Return a code to type that an answer must have.

    Raises:
        ActionFailed: it has none, or one that cannot be typed.
    """
    value = text(answer, key)
    if value.isascii() and len(value) <= _LONGEST_CODE:
        return value
    raise not_aws(f"its {key} is not a code")


def require_end(what: str, end: datetime) -> None:
    """Refuse an expiry that is later than any of AWS's.

    Raises:
        ActionFailed: it is later.
    """
    if abs(end - utc_now()) > LONGEST_LIFE:
        raise not_aws(f"the {what} in it would expire in {end.year}")
