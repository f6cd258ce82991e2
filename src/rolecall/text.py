"""How words reach a person: nothing hostile, nothing secret, never too long.

Profile names, values and cache contents are written by others. Everything that is shown goes through this
module once, whether it ends in a terminal cell, in a table or in a message.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta

MASK = "••••"
ELLIPSIS = "…"
MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_C0_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
_HARMFUL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
HIGHEST_PILE = 4
"""Combining marks that one character may carry: more than any script needs."""
_COMMON = frozenset(" -_.:/@=…•")
_SECRET_NAME = re.compile(r"secret|token|passw|private|bearer|api[_-]?key", re.IGNORECASE)
_PLAIN_ENDING = r"(?:file|path|dir|directory|expires|expiration|expiry|code|uri|url|source|process)"
_PLAIN_NAME = re.compile(rf"{_PLAIN_ENDING}$", re.IGNORECASE)
_NAME = (
    rf"(?<![\w-])(?![\w-]*{_PLAIN_ENDING}(?![\w-]))"
    r"(?>[\w-]*?(?:secret|token|passw(?:or)?d|api[_-]?key))[\w-]*+"  # gives nothing back: linear
)
_VALUE = r"(?:[^\s\"']+|\"[^\"]*\"|'[^']*')"
_ASSIGNED_SECRET = re.compile(
    rf"(?P<name>{_NAME}[\"']?\s*(?:=|:(?=\s*[\"']?(?:\S*\d|\S{{16}})))\s*){_VALUE}"
    rf"|(?P<own>\baws_(?:secret_access_key|session_token|security_token)[\"']?\s*:\s*){_VALUE}"
    rf"|(?<!\S)(?P<option>(?=-){_NAME}\s+){_VALUE}"
    r"|(?P<header>\bauthorization[\"']?\s*[:=]\s*[\"']?|\bbearer\s+)[^\"'\n]+",
    re.IGNORECASE,
)
"""``name = value`` as in a file, ``--name value`` as in a command; after a colon only what looks secret, or
what has the very name of one of AWS's settings, which no sentence has before a colon."""
_SECRET_KEY = re.compile(
    r"(?<![A-Za-z0-9/+])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[0-9])"
    r"[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])"
    r"|(?<=/)(?=[A-Za-z0-9+]*[A-Z])(?=[A-Za-z0-9+]*[a-z])(?=[A-Za-z0-9+]*[0-9])[A-Za-z0-9+]{40}(?![A-Za-z0-9/+])"
)
"""Forty characters as a secret access key has them, alone or as one whole part of a path or an ARN."""
_LONG_TOKEN = re.compile(r"[A-Za-z0-9/+_=.-]{120,}")
_LEAST_VARIETY, _PATH_PART = 20, 15
"""A long run is no token if it has fewer kinds of characters, or a slash more often: then it is a path."""
_URL_PASSWORD = re.compile(r"(?P<scheme>://)[^/:\s]*+:[^/\s]*@")
_ACCESS_KEY_ID = re.compile(r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b")


def sanitize(text: str) -> str:
    """Return the text with every control, bidi and zero-width character and lone surrogate made visible.

    C0 controls become their pictures (ESC is shown as ␛), all else that could steer a terminal or hide in
    a line becomes the replacement character. The result has the same number of characters.
    """
    if text.isascii() and text.isprintable():
        return text
    return _flatten(_HARMFUL.sub(_visible, text))


def _flatten(text: str) -> str:
    """Make combining marks visible from the fifth in a row on: a pile of them covers the lines around it."""
    if all(character.isalnum() or character in _COMMON for character in text):
        return text
    flat, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        flat.append(character if run <= HIGHEST_PILE else "\ufffd")
    return "".join(flat)


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(_C0_PICTURES.get(code, 0xFFFD))


def elide(text: str, width: int) -> str:
    """Cut the end of a text, so that it has at most ``width`` characters."""
    if len(text) <= width:
        return text
    return text[: max(width - 1, 0)] + ELLIPSIS if width > 0 else ""


def elide_middle(text: str, width: int) -> str:
    """Cut the middle out of a text (an ARN says most at its ends), to at most ``width`` characters."""
    if len(text) <= width:
        return text
    if width <= 1:
        return ELLIPSIS[:width]
    tail = (width - 1) * 2 // 3
    head = width - 1 - tail
    return text[:head] + ELLIPSIS + text[len(text) - tail :]


def mask_access_key(key: str | None) -> str | None:
    """Return an access key id as it may be shown: its last four characters.

    Of a value that has swallowed the line below it only the first word is the key.
    """
    if key is None:
        return None
    words = key.split()
    return ELLIPSIS + words[0][-4:] if words else ""


def is_secret_name(name: str) -> bool:
    """Whether a setting or variable of this name holds something that must never be shown."""
    return bool(_SECRET_NAME.search(name)) and not _PLAIN_NAME.search(name)


def mask(text: str) -> str:
    """Return free text with everything in it that looks like a secret masked.

    A value is free text even where it should be plain: a key that is indented by mistake becomes part of
    the value above it (configparser's continuation line), secret and all.
    """
    text = _URL_PASSWORD.sub(rf"\g<scheme>{MASK}@", text)
    text = _ASSIGNED_SECRET.sub(_mask_assigned, text)
    text = _LONG_TOKEN.sub(_mask_long, text)
    text = _SECRET_KEY.sub(MASK, text)
    return _ACCESS_KEY_ID.sub(lambda match: ELLIPSIS + match[0][-4:], text)


def _mask_assigned(match: re.Match[str]) -> str:
    return (match["name"] or match["own"] or match["option"] or match["header"]) + MASK


def _mask_long(match: re.Match[str]) -> str:
    run = match[0]
    is_plain = len(set(run)) < _LEAST_VARIETY or run.count("/") * _PATH_PART > len(run)
    is_mixed = run.lower() != run and run.upper() != run
    return MASK if is_mixed and not is_plain else run


def shown_value(name: str, value: "str | Mapping[str, str]") -> str:
    """Return a setting's or variable's value as it may be shown, by its name.

    Nested blocks (``s3 =``) become ``key=value`` pairs. Secrets are masked, whatever they hold; access key
    ids show their last four characters.
    """
    if not isinstance(value, str):
        return " ".join(f"{mask_name(key)}={shown_value(key, inner)}" for key, inner in value.items())
    if "access_key_id" in name.lower():
        return mask_access_key(value) or ""
    if is_secret_name(name):
        return MASK if value else ""
    if name.lower().endswith("_proxy") and "://" not in value:
        return mask(f"http://{value}").removeprefix("http://")  # as botocore completes it
    return mask(value)


SHORTEST = 12
"""Characters below which a text is let through unmasked where it is only masked to be on the safe side."""


def inert(text: str) -> str:
    """Return text of whatever origin as it may be drawn: masked and sanitised."""
    return sanitize(text if len(text) < SHORTEST else mask(text))


RECOGNISABLE = 5
LONGEST_NAME = 40
"""Characters from which on a name may be a pasted secret: that is how long an AWS secret access key is."""


def mask_name(name: str) -> str:
    """Return a key's or section's name as it may be shown.

    A line that holds nothing but a pasted token parses as a key (in lower case), so a name may be a secret.
    """
    return " ".join(
        word if len(word) < LONGEST_NAME else elide(word, RECOGNISABLE) for word in mask(name).split(" ")
    )


def duration(seconds: float) -> str:
    """Return a length of time in at most two units, of stable width: ``43m 10s``, ``6h 02m``."""
    whole = max(int(seconds), 0)
    if whole < MINUTE:
        return f"{whole}s"
    if whole < HOUR:
        return f"{whole // MINUTE}m {whole % MINUTE:02d}s"
    if whole < DAY:
        return f"{whole // HOUR}h {whole % HOUR // MINUTE:02d}m"
    return f"{whole // DAY}d {whole % DAY // HOUR}h"


def ago(delta: timedelta) -> str:
    """Return how long ago something was, in its largest unit: ``3h ago``."""
    whole = max(int(delta.total_seconds()), 0)
    for size, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "m")):
        if whole >= size:
            return f"{whole // size}{unit} ago"
    return f"{whole}s ago"


def until(left: timedelta) -> str:
    """Return how long it is until a moment, or how long ago it was: ``43m 10s``, ``3h ago``.

    All that is said of times goes through this or its two parts, so that no two of them are rounded apart.
    """
    return duration(left.total_seconds()) if left > timedelta(0) else ago(-left)


def utc(moment: datetime | None) -> str | None:
    """Return a moment as JSON and logs have it: UTC, whole seconds, ``Z``."""
    if moment is None:
        return None
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def size(octets: int) -> str:
    """Return a file's size as people say it."""
    if octets < 1_000_000:  # noqa: PLR2004
        return f"{max(octets // 1000, 1)} kB"
    if octets < 1_000_000_000:  # noqa: PLR2004
        return f"{octets / 1_000_000:.0f} MB"
    return f"{octets / 1_000_000_000:,.0f} GB"
