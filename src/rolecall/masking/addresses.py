"""Masks the secret parts of URLs: the user, the password, the values of the query and the fragment."""

import re

from rolecall.masking import MASK
from rolecall.patterns import late

_IN_TEXT = late(r"(?<=[A-Za-z0-9+.-]{2}):(?P<slashes>[/\\]+)(?P<rest>[^\s/\\]\S*)")
_USER_ALONE = late(r"(?<![^\s\"'=(<,`])(?!arn:|mailto:)[\w.+%~-]{1,64}:[^\s@/\\]\S{0,200}@(?=[\w\[.-])")
"""``user:password@host``, as a proxy may be written."""
_BEGINNING = late(r"\s*[\"']?(?:[A-Za-z][A-Za-z0-9+.-]*:(?=[/\\]))?[/\\]*")
_AUTHORITY = late(r"[^/\\?#]*")
_HOST = late(r"(?:\[[0-9a-f:.%]*\]?|[^:\[\]\"'%]*)(?::\d{0,5})?[\"'>)\],.;:]*", re.IGNORECASE)
_PARAMETER = late(r"(?P<name>;[\w.-]{1,40}=)[^;/\\]*")
_ROUTE = late(r"#(?:/[a-z-]{0,20}){1,3}(?=\?|$)")
"""The part of a page that a fragment names: ``#/device``."""
_QUERY_NAME = late(r"[\w.\[\]-]{1,40}=")
_CLOSING = {'"': '"', "'": "'", "<": ">", "(": ")", "`": "`", "[": "]"}
_LONGEST_SCHEME = 20
_LONGEST_PASSWORD = 200
"""Characters in which an ``@`` is searched after blanks, in a password that contains some."""


def mask_addresses(text: str) -> str:
    """Return free text with the secret parts of every URL masked."""
    shown, at = [], 0
    while (match := _IN_TEXT.search(text, at)) is not None:
        start, stop = match.span("rest")
        if "@" not in match["rest"] and not _is_host(match["rest"]):
            stop = _end_of_torn(text, stop)
        shown += [text[at:start], _shown(text[start:stop], _closing(text, match.start()), match["slashes"])]
        at = stop
    return _USER_ALONE.sub(f"{MASK}@", "".join((*shown, text[at:])))


def mask_address(value: str) -> str:
    """Return a value that is one address, with a scheme or without, with its secret parts masked."""
    beginning = _BEGINNING.match(value)
    start = beginning.end() if beginning is not None else 0
    first, blank, more = value[start:].partition(" ")
    if blank and "@" not in more:
        return value[:start] + _shown(first) + (f" {MASK}" if more.strip() else blank)
    return value[:start] + _shown(value[start:])


def _is_host(rest: str) -> bool:
    """Whether the part before the path is a host with its port, not a user with a password."""
    authority = _AUTHORITY.match(rest)
    return authority is not None and _HOST.fullmatch(authority[0]) is not None


def _end_of_torn(text: str, stop: int) -> int:
    """Return where the user's part of a URL ends if the password contains blanks."""
    limit = stop + _LONGEST_PASSWORD
    line_end = text.find("\n", stop, limit)
    found = text.find("@", stop, line_end if line_end >= 0 else limit)
    return found + 1 if found >= 0 else stop


def _closing(text: str, colon: int) -> str:
    """Return what closes the quotes or brackets around a URL; empty where it has none."""
    start = colon
    while (
        start and colon - start < _LONGEST_SCHEME and (text[start - 1].isalnum() or text[start - 1] in "+.-")
    ):
        start -= 1
    return _CLOSING.get(text[start - 1], "") if start else ""


def _shown(rest: str, closing: str = "", slashes: str = "//") -> str:
    """Return the part after the slashes, masked."""
    user = rest.rfind("@") + 1
    tail = rest[user:]
    if not user and not _is_host(rest):
        authority = _AUTHORITY.match(rest)
        size = authority.end() if authority is not None else len(rest)
        return MASK + _shown_tail(rest[size:], closing)
    if not user and len(slashes) == 1:
        return rest  # not a URL: a path after a colon
    return (f"{MASK}@" if user else "") + _shown_tail(tail, closing)


def _shown_tail(tail: str, closing: str) -> str:
    end = tail.find(closing) if closing else -1
    inside, after = (tail[:end], tail[end:]) if end >= 0 else (tail, "")
    at = min((found for found in map(inside.find, "?#") if found >= 0), default=len(inside))
    path = _PARAMETER.sub(rf"\g<name>{MASK}", inside[:at])
    return path + _shown_query(inside[at:]) + after


def _shown_query(query: str) -> str:
    """Return a query or a fragment, masked; an empty route (``#/``) is kept."""
    if not query.strip("?#/.,:;)"):
        return query
    route = _ROUTE.match(query)
    if route is None and query.startswith("#"):
        return f"#{MASK}"
    if route is not None:
        return route[0] + _shown_query(query[route.end() :])
    return "?" + "&".join(map(_shown_pair, query[1:].split("&")))


def _shown_pair(pair: str) -> str:
    name = _QUERY_NAME.match(pair)
    return (name[0] if name is not None else "") + (MASK if name is None or pair[name.end() :] else "")
