"""The lines of a file, and what an edit changes in them, with their secrets masked."""

import configparser
import difflib
import itertools
import re
from collections.abc import Callable, Container, Iterator, Sequence
from typing import Literal

from rolecall.actions.editing.document import Line, Splice, split
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import DiffLine, Mark
from rolecall.aws import paths
from rolecall.aws.config_file import ConfigFile
from rolecall.aws.settings import SETTINGS
from rolecall.masking import harmless
from rolecall.text import (
    ELLIPSIS,
    MASK,
    SHORTEST,
    is_secret_name,
    mask,
    mask_header,
    mask_name,
    may_be_shown,
    shown_inner,
    shown_value,
)
from rolecall.values import dataclass

SHORTEST_PART = 8
"""Characters from which on a word may be a part of a secret."""
MOST = 200
"""Lines that are shown above the offending one, and below it."""
_SECTION_HEADER = configparser.RawConfigParser.SECTCRE
_KEY = re.compile(r"\s*(?P<key>[a-z][a-z0-9_]*)(?=[\s=:])", re.IGNORECASE)
_LONG = re.compile(rf"\S{{{SHORTEST_PART},}}")
_PUBLIC = ("arn:", "https://")
_TORN_PASSWORD = re.compile(r"://[^/@]*:(?!\d+(?:/|$))")
"""A user's name before a colon that begins no port: the ``@`` may be on the next line."""
_KINDS = (str.islower, str.isupper, str.isdigit)


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of the file: its number (from 1), its text masked, whether AWS stumbles over it."""

    number: int
    text: str
    offends: bool


def excerpt(file: ConfigFile, plain: Container[str], encoding: str = "utf-8") -> tuple[ShownLine, ...]:
    """Return the lines around the offending one, masked.

    Args:
        file: the file that does not parse.
        plain: the settings whose values are known to be no secrets, in lower case.
        encoding: what AWS tools read it with.

    Raises:
        ActionFailed: it cannot be read.
    """
    if file.path is None:
        return ()
    try:
        data = paths.read_file(file.path)
    except OSError as error:
        raise ActionFailed("Unreadable", f"cannot be read ({error.strerror})", path=file.path) from None
    # against no file at all a diff is the whole file
    lines = [line.text for line in diff(None, data, encoding) if line.mark is Mark.ADDED]
    at = file.line if file.line is not None else 1
    shown = {
        number: _strict(text, plain) for number, text in enumerate(lines, start=1) if abs(number - at) <= MOST
    }
    if shown.get(at, "").strip() == MASK:
        shown[at] = _told(split(data.decode(encoding, "replace"))[at - 1].text)
    return tuple(ShownLine(number, text, number == file.line) for number, text in shown.items())


_OF_HEADERS = frozenset(("default", "plugins", "preview", "profile", "services", "sso-session"))


def _told(text: str) -> str:
    """Return what can be told of a line that is no setting: the words that are known, or plain by their form.

    Where there is none, it is how long the line is; of a single word, which may be a secret, nothing.
    """
    words = text.split()
    shown = [each if _is_told(each, at) else MASK for at, each in enumerate(words)]
    indent = text[: len(text) - len(text.lstrip())]
    if all(each is MASK for each in shown):
        return indent + MASK + (f" ({len(text.strip())} characters)" if len(words) > 1 else "")
    return indent + " ".join(each for each, _ in itertools.groupby(shown))


def _is_told(word: str, at: int) -> bool:
    bare = word.strip("[]<>|=:,\"'-").lower()
    if not bare or bare in _OF_HEADERS or may_be_shown(bare):
        return True
    if at == 0 and difflib.get_close_matches(bare[:LONGEST_KEY], SETTINGS, n=1, cutoff=_ALIKE):
        return True
    return harmless.shown_by_form(bare) is not None and not harmless.is_path(bare)


LONGEST_KEY = 40
_ALIKE = 0.8
"""How much a misspelt setting has in common with the one that is meant, of 1."""


def _strict(text: str, plain: Container[str]) -> str:
    if _SECTION_HEADER.fullmatch(text.strip()):
        return text
    found = _KEY.match(text)
    is_plain = found is not None and found["key"].lower() in plain
    start = found.end() if found is not None and is_plain else 0
    most = 2 if is_plain else 1
    return text[:start] + _LONG.sub(lambda word: _masked(word[0], most), text[start:])


def _masked(word: str, most: int) -> str:
    """Mask a word with more kinds of characters (lower case, upper case, digits) than words have."""
    if word.startswith(_PUBLIC):
        return MASK if _TORN_PASSWORD.search(word) else word
    kinds = sum(any(map(is_one, word[1:])) for is_one in _KINDS)  # a word may begin with a capital
    return MASK if kinds > most else word


CONTEXT = 3
"""Unchanged lines that are shown on either side of a change."""

_HEADER = configparser.RawConfigParser.SECTCRE
_ASSIGNED = re.compile(
    r"(?P<indent>\s*+[#;]*+\s*+)(?P<key>[^\s=:](?:[^\s=:]++|\s++(?![=:]))*+)(?P<delimiter>\s*+[=:]\s*+)(?P<value>.*+)"
)
_COMMENT = re.compile(r"\s*+[#;]++")
_LISTED = re.compile(r"\s*+(?:\"[\w.-]++(?::[^\"]*+)?\")?\s*+[\],]*+\s*+")
"""A line of a list in rolecall's own settings."""
_ONE_WORD = re.compile(r"[\w.-]+")
_Masking = Callable[[str, str], str]


def diff(
    before: bytes | None,
    after: bytes,
    encoding: str = "utf-8",
    *,
    splices: Sequence[Splice] | None = None,
) -> tuple[DiffLine, ...]:
    """Return a unified diff of two versions of a file, secrets masked.

    Args:
        before: the old bytes; None where there was no file.
        after: the new bytes.
        encoding: what AWS tools read them with; bytes that it does not know become U+FFFD.
        splices: the edits that made the one from the other, where they are known: that is faster than finding
            them, which takes seconds where thousands of lines differ.
    """
    old, new = (split(data.decode(encoding, "replace")) for data in (before or b"", after))
    groups = _found(old, new) if splices is None else _known(old, splices)
    return tuple(_lines(old, new, groups))


_Opcode = tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]
_Groups = Sequence[Sequence[tuple[str, int, int, int, int]]]


def _lines(old: tuple[Line, ...], new: tuple[Line, ...], groups: _Groups) -> Iterator[DiffLine]:
    shown_old = _shown(old, {index for group in groups for _, i, j, _, _ in group for index in range(i, j)})
    shown_new = _shown(new, {index for group in groups for _, _, _, i, j in group for index in range(i, j)})
    for group in groups:
        (_, old_start, _, new_start, _), (_, _, old_stop, _, new_stop) = group[0], group[-1]
        yield DiffLine(Mark.PLACE, f"@ -{_range(old_start, old_stop)} +{_range(new_start, new_stop)} @@")
        for tag, i, j, k, m in group:
            if tag == "equal":
                yield from (DiffLine(Mark.SAME, shown_old[index]) for index in range(i, j))
            else:
                yield from (DiffLine(Mark.REMOVED, shown_old[index]) for index in range(i, j))
                yield from (DiffLine(Mark.ADDED, shown_new[index]) for index in range(k, m))


def _known(old: Sequence[Line], splices: Sequence[Splice]) -> _Groups:
    """Return the groups of changes that some splices are."""
    opcodes: list[_Opcode] = []
    at = here = 0
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.stop)):
        if splice.start > at:
            opcodes.append(("equal", at, splice.start, here, here + splice.start - at))
            here += splice.start - at
        stop = here + len(splice.lines)
        if opcodes and opcodes[-1][0] == "replace":
            opcodes[-1] = ("replace", opcodes[-1][1], splice.stop, opcodes[-1][3], stop)
        else:
            opcodes.append(("replace", splice.start, splice.stop, here, stop))
        at, here = splice.stop, stop
    if at < len(old):
        opcodes.append(("equal", at, len(old), here, here + len(old) - at))
    return list(_Matched(opcodes).get_grouped_opcodes(CONTEXT)) if splices else []


class _Matched(difflib.SequenceMatcher[str]):
    """What has been matched already, for difflib to group the changes with their context."""

    def __init__(self, opcodes: list[_Opcode]) -> None:
        super().__init__()
        self._matched = opcodes

    def get_opcodes(self) -> list[_Opcode]:
        return self._matched


def _found(old_lines: Sequence[Line], new_lines: Sequence[Line]) -> _Groups:
    """Return difflib's groups of changes; what is alike at both ends it never sees."""
    old, new = [line.text for line in old_lines], [line.text for line in new_lines]
    head = _alike(old, new)
    foot = _alike(old[head:][::-1], new[head:][::-1])
    top = max(head - CONTEXT, 0)
    foot = max(foot - CONTEXT, 0)
    matcher = difflib.SequenceMatcher(None, old[top : len(old) - foot], new[top : len(new) - foot])
    return [
        [(tag, i + top, j + top, k + top, m + top) for tag, i, j, k, m in group]
        for group in matcher.get_grouped_opcodes(CONTEXT)
    ]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    shorter = min(len(one), len(other))
    return next((index for index in range(shorter) if one[index] != other[index]), shorter)


def _range(start: int, stop: int) -> str:
    """Return a range as a unified diff writes it: the first line (from 1) and how many."""
    count = stop - start
    return f"{start + 1 if count else start},{count}"


def _shown(lines: tuple[Line, ...], wanted: set[int]) -> dict[int, str]:
    """Return the lines of those indices as they may be shown."""
    last = max(wanted, default=-1)
    shown: dict[int, str] = {}
    owner, depth, is_inside = "", 0, False
    mask_line: _Masking
    for index, line in enumerate(lines[: last + 1]):
        indent = len(line.indent)
        if line.is_blank or line.is_comment:
            mask_line = _masked_comment
        elif is_inside and indent > depth:
            mask_line = _masked_inner
        elif _HEADER.match(line.text.strip()):
            mask_line = _masked_header
            owner, depth, is_inside = "", indent, False
        else:
            mask_line = _masked_entry
            depth, is_inside = indent, True
        if index in wanted:
            shown[index] = mask_line(line.text, owner)
        if mask_line is _masked_entry:
            owner = _key(line.text) or owner
    return shown


def _key(text: str) -> str:
    """Return the key of a line; nothing for what is rather the rest of the value above."""
    found = _ASSIGNED.fullmatch(text)
    return found["key"] if found else ""


def _masked_entry(text: str, owner: str) -> str:
    """Mask ``key = value`` by its key; a line that is none may be the rest of a secret above."""
    found = _ASSIGNED.fullmatch(text)
    if found is None or _is_rest(found["key"], found["value"]):
        return _hidden(text) if _hides(owner) else _masked_loose(text, owner)
    value = found["value"].rstrip()
    shown = shown_inner(owner, found["key"], value)
    if "access_key_id" in found["key"].lower() and len(value.split()) > 1:
        shown += f" {MASK}"
    blanks = found["value"][len(value) :]
    return found["indent"] + mask_name(found["key"]) + found["delimiter"] + shown + blanks


def _is_rest(key: str, value: str) -> bool:
    """Whether a line is the last of a text in base64, which ends in ``=``, rather than a key."""
    return not value.strip("= ") and len(key) >= SHORTEST and key != key.lower()


def _hides(owner: str) -> bool:
    """Whether the lines below a key are to be hidden: secrets are often below key ids."""
    return is_secret_name(owner) or "access_key_id" in owner.lower()


def _hidden(text: str) -> str:
    return text[: len(text) - len(text.lstrip())] + MASK


def _masked_inner(text: str, owner: str) -> str:
    """Mask a line below a key, which is a part of its value."""
    return _hidden(text) if _hides(owner) else _masked_entry(text, owner)


def _masked_comment(text: str, _owner: str) -> str:
    """Return a comment as the setting that someone has switched off; what else it says is left out."""
    found, mark = _ASSIGNED.fullmatch(text), _COMMENT.match(text)
    if mark is None:
        return text  # blank
    if found is not None and _is_switched_off(found["key"], found["delimiter"], found["value"]):
        return _masked_entry(text, "")
    return mark[0] + (f" {ELLIPSIS}" if text[mark.end() :].strip() else text[mark.end() :])


def _is_switched_off(key: str, delimiter: str, value: str) -> bool:
    """Whether a comment is a setting and no sentence."""
    if _ONE_WORD.fullmatch(key) is None:
        return False
    is_one = len(value.split()) == 1 or key.lower() == "credential_process"
    return _hides(key) or (may_be_shown(key) and "=" in delimiter and is_one)


def _masked_header(text: str, _owner: str) -> str:
    return mask_header(text)


def _masked_loose(text: str, owner: str) -> str:
    """Mask a line that is no setting: one without its sign, a header that is not closed, or anything."""
    if _LISTED.fullmatch(text) and (owner == "silence" or text.strip("[], \t") == ""):
        return mask(text)
    indent = text[: len(text) - len(text.lstrip())]
    if text.lstrip().startswith("["):
        return indent + mask_header(text.lstrip())
    first, blank, rest = text.lstrip().partition(" ")
    if blank and rest.strip() and (may_be_shown(first) or is_secret_name(first)):
        return f"{indent}{first} {shown_value(first, rest)}"
    return text if may_be_shown(text.strip()) else _hidden(text)
