"""Makes text from files and servers safe to show; and functions for sentences, times and sizes."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from rolecall import masking
from rolecall.masking import Show, harmless, names
from rolecall.masking.addresses import mask_address, mask_addresses
from rolecall.masking.commands import mask_command
from rolecall.masking.harmless import mask_looks
from rolecall.masking.messages import mask_assigned, mask_commands, mask_comments

MASK = masking.MASK
ELLIPSIS = masking.ELLIPSIS
MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_C0_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
_HARMFUL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
HIGHEST_PILE = 4
"""Combining marks that one character may have: more than any script needs."""
_COMMON = frozenset(" -_.:/@=…•")


def sanitize(text: str) -> str:
    """Return the text with every control, bidi and zero-width character and lone surrogate made visible.

    C0 controls become their pictures (ESC is shown as ␛), everything else that could control a terminal or
    hide in a line becomes the replacement character. The result has the same number of characters.
    """
    if text.isascii() and text.isprintable():
        return text
    return _flatten(_HARMFUL.sub(_visible, text))


def _flatten(text: str) -> str:
    """Make combining marks visible from the fifth in a row: a stack of them covers the lines around it."""
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


_KEY_ID = re.compile(r"A[KS]IA[A-Z0-9]{16}")
_SECRET_LENGTH = 40


def mask_access_key(key: str | None) -> str | None:
    """Return an access key id as it may be shown: its last four characters.

    If the line below has become part of the value, with or without its line end, only the beginning is the
    key: what is behind it may be the secret.
    """
    if key is None:
        return None
    words = key.partition("=")[0].split()
    found = _KEY_ID.match(words[0]) if words else None
    if words and found is None and len(words[0]) >= _SECRET_LENGTH and mask(words[0]) != words[0]:
        return MASK  # a secret, where the key id belongs
    return ELLIPSIS + (found[0] if found is not None else words[0])[-4:] if words else ""


def is_secret_name(name: str) -> bool:
    """Whether a setting or variable of this name holds something that must never be shown."""
    return names.is_secret_name(name)


def may_be_shown(name: str) -> bool:
    """Whether the value of a setting or variable of this name may be shown."""
    return names.may_be_shown(name)


def mask(text: str) -> str:
    """Return free text with everything masked that looks like a secret.

    A value is free text even where it should be plain: a key that is indented by mistake becomes part of
    the value above it (configparser's continuation line), with its secret.
    """
    return mask_looks(mask_assigned(mask_addresses(mask_commands(mask_comments(text)))))


def shown_value(name: str, value: "str | Mapping[str, str]") -> str:
    """Return a setting's or variable's value as it may be shown, by its name.

    Of an unknown setting only the length is shown. Nested blocks (``s3 =``) become ``key=value`` pairs.
    Secrets are masked, whatever their form; access key ids show their last four characters.
    """
    if not isinstance(value, str):
        return " ".join(f"{mask_name(key)}={shown_inner(name, key, inner)}" for key, inner in value.items())
    if not value.strip():
        return value
    show = names.how(name)
    if show is Show.SECRET:
        return MASK
    if show is Show.UNKNOWN:
        return f"{MASK} ({len(value)} character{'s' if len(value) > 1 else ''})"
    if show is Show.KEY_ID:
        return mask_access_key(value) or ""
    if show is Show.COMMAND:
        return mask_command(value)
    first, *more = value.split("\n")
    return "\n".join((_shown_line(show, first), *(_shown_below(name, line) for line in more)))


def shown_as(like: str, name: str, value: str) -> str:
    """Return the value of an unknown name that probably misspells a known one, as it may be shown.

    It may also be the user's own name: more than its length is shown only where its form is harmless.
    """
    is_harmless = harmless.shown_by_form(value) is not None or _NUMBER.fullmatch(value) is not None
    is_told = is_harmless and not names.is_secret_name(name)
    return shown_value(like if is_told or names.is_secret_name(like) else name, value)


def _shown_line(show: Show, line: str) -> str:
    """Return a plain value or an address without a comment after it."""
    comment = _COMMENT.search(line)
    value = line[: comment.start()] if comment is not None else line
    shown = mask(mask_address(value) if show is Show.ADDRESS else value)
    return f"{shown}{comment['mark']} {ELLIPSIS}" if comment is not None else shown


_COMMENT = re.compile(r"(?<![ \t])(?P<mark>[ \t]++[#;]).*+")
_SETTING = re.compile(r"(?P<before>\s*+)(?P<key>[^=:]++)(?P<delimiter>[=:]\s*+)(?P<value>.*+)", re.DOTALL)


def _shown_below(owner: str, line: str) -> str:
    """Return a line that is part of the value above it because of its indentation."""
    found = _SETTING.fullmatch(line)
    if found is None:
        return MASK if line.strip() else line
    key = found["key"].rstrip()
    blanks = found["key"][len(key) :]
    shown = shown_inner(owner, key, found["value"])
    return found["before"] + mask_name(key) + blanks + found["delimiter"] + shown


_NUMBER = re.compile(r"[0-9]{1,5}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def shown_inner(block: str, key: str, value: str) -> str:
    """Return a value in a nested block as it may be shown."""
    is_version = block.lower() == "api_versions" and _DATE.fullmatch(value)
    return value if is_version else shown_value(key, value)


SHORTEST = 12
"""Characters below which a text is shown unmasked, where masking is only a precaution."""


def inert(text: str) -> str:
    """Return text of any origin as it may be drawn: masked and sanitised."""
    return sanitize(text if len(text) < SHORTEST else mask(text))


RECOGNISABLE = 5
LONGEST_NAME = 40
"""Characters from which a name may be a pasted secret: the length of an AWS secret access key."""


def mask_name(name: str) -> str:
    """Return a key's or section's name as it may be shown.

    A line that holds nothing but a pasted token parses as a key (in lower case), so a name may be a secret.
    """
    return " ".join(
        word if len(word) < LONGEST_NAME else elide(word, RECOGNISABLE) for word in mask(name).split(" ")
    )


_SIGN = re.compile(r"[:=]")


def mask_header(header: str) -> str:
    """Return a section's header as it may be shown, with its brackets or without.

    It is a name, unless it says itself that a secret follows; the text after its bracket is a
    comment.
    """
    name, bracket, comment = header.partition("]")
    shown: list[str] = []
    hides = False
    for word in mask_name(name).split(" "):
        sign = _SIGN.search(word)
        head = word[: sign.start()] if sign is not None else word
        if hides and word:
            shown.append(MASK)
        elif sign is not None and sign.end() < len(word) and names.is_secret_name(head):
            shown.append(word[: sign.end()] + MASK)
        else:
            shown.append(word)
        hides = hides or names.is_clearly_secret(head.lstrip("["))
    return " ".join(shown) + bracket + (f" {ELLIPSIS}" if comment.strip() else comment)


def duration(seconds: float) -> str:
    """Return a duration in at most two units, of stable width: ``43m 10s``, ``6h 02m``."""
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
    """Return the time until something, or since it: ``43m 10s``, ``3h ago``.

    All texts about times use this or its two parts, so that they are all rounded in the same way.
    """
    return duration(left.total_seconds()) if left > timedelta(0) else ago(-left)


def utc(moment: datetime | None) -> str | None:
    """Return a time as in JSON and logs: UTC, whole seconds, ``Z``."""
    if moment is None:
        return None
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def size(octets: int) -> str:
    """Return a file's size in kB, MB or GB."""
    if octets < 1_000_000:  # noqa: PLR2004
        return f"{max(octets // 1000, 1)} kB"
    if octets < 1_000_000_000:  # noqa: PLR2004
        return f"{octets / 1_000_000:.0f} MB"
    return f"{octets / 1_000_000_000:,.0f} GB"


def sentence(text: str, names: Collection[str] = ()) -> str:
    """Make a text a sentence, with a capital and a full stop; names and addresses stay as they are.

    Args:
        text: the text.
        names: profile names, which get no capital at the beginning of a sentence; nor do settings, files,
            and other tools (``role_arn``, ``~/.aws/config``, ``aws-vault``).
    """
    text = text.strip()
    if not text:
        return ""
    first, space, _ = text.partition(" ")
    word = first.rstrip(",;:").replace("'", "")
    is_plain = bool(space) and word.isalpha() and word.islower() and word != "rolecall" and first not in names
    begun = text[0].upper() + text[1:] if is_plain else text
    return begun if begun[-1] in ".!?:" or "://" in begun.rpartition(" ")[2] else f"{begun}."


def first_of(names: Sequence[str], most: int) -> str:
    """Return names in a row, the others counted where there are more than so many: ``a, b and 5 more``."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def several(many: int, what: str) -> str:
    """Return a number with its noun: ``1 file``, ``3 files``, ``2 entries``."""
    if many == 1:
        return f"1 {what}"
    return f"{many} {what[:-1]}ies" if what.endswith("y") else f"{many} {what}s"
