"""A text as somebody pastes or pipes it, made plain: how much of it is read, and what is no word of it.

Everything here takes time in proportion to the text, whatever is in it.
"""

import codecs
import re

HEAD, TAIL = 16 * 1024, 48 * 1024
"""Characters that are read of a long text: the command stands on top of it, and what it failed with below."""
CUT = f"the message is long: only its beginning and its end were read, {(HEAD + TAIL) // 1024} KiB in all"
_NEAR = 4096
"""Characters within which a word ends."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before the one that it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*+[ -/]*+[@-~]|\][^\x07\x1b]*+(?:\x07|\x1b\\)|[ -/]++[0-~]|[@-_])|\x9b[0-?]*+[ -/]*+[@-~]"
)
"""Colours, titles and character sets (ECMA-48, and xterm's OSC)."""
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
"""What is no word and no white space, and gets into a text on its way through terminals and web pages."""
_WHITE = re.compile(r"\s+")


def decoded(data: bytes) -> str:
    """Return what some program has written, in whatever encoding: Windows PowerShell redirects in UTF-16."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    for encoding, nulls in (("utf-16-le", data[1::2]), ("utf-16-be", data[0::2])):
        # plain English has a NUL beside each letter there
        if nulls and nulls.count(0) * 2 > len(nulls):
            return data.decode(encoding, "replace")
    return data.decode("utf-8", "replace")


def is_cut(text: str) -> bool:
    """Whether a text is longer than what is read of it."""
    return len(text) > HEAD + TAIL


def ends(text: str, head: int = HEAD, tail: int = TAIL) -> str:
    """Return so many characters of a text's beginning and end, or all of one that is no longer.

    What is cut in two where it is cut is left out: half a secret does not look like one.
    """
    if len(text) <= head + tail:
        return text
    first, last = text[:head], text[-tail:]
    stop, start = first.rfind(" ", max(head - _NEAR, 0)), last.find(" ", 0, _NEAR)
    return f"{first[: stop if stop >= 0 else head]}\n{last[start + 1 :]}"


def plain(text: str) -> str:
    """Return what is read of a text, as its lines stand there: without colours and what else is not seen."""
    text = _ESCAPES.sub("", ends(text)).replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("", text)


def collapsed(text: str) -> str:
    """Return a text with one blank, or one line's end, in the place of any white space."""
    return _WHITE.sub(lambda white: "\n" if "\n" in white[0] else " ", text).strip()


def place(text: str, count: int) -> int:
    """Return where in a text its visible character of that number (from 0) stands."""
    for word in re.finditer(r"\S+", text):
        if count < len(word[0]):
            return word.start() + count
        count -= len(word[0])
    return len(text)
