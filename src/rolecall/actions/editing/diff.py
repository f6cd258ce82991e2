"""What differs between two versions of an AWS file, fit to be shown: nothing secret is in it.

Context lines are lines of the user's file, too: each is masked by the key that it belongs to, which may stand
lines above. The files need not parse: someone may be in the middle of mending them.
"""

import configparser
import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from rolecall.actions.editing.document import Line, Splice, split
from rolecall.actions.plan import DiffLine, Mark
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
    """Whether what stands below a key is to be hidden: secrets stand below key ids."""
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
