"""Which lines of a file are which section's and which key's: ConfigUpdater sorts them into blocks.

It neither writes nor changes a line here. It is fed each by itself, so that every line end (CRLF, a lone CR,
none) stays outside its sight, and each comment without its indentation, because it would take an indented
comment for a part of the value above (botocore skips it).
"""

import configparser
from collections.abc import Iterator, Sequence

from configupdater import Comment, ConfigUpdater, Option, Section, Space
from configupdater.parser import Parser

from rolecall.actions.editing.document import Entry, Line, Part
from rolecall.actions.errors import ActionFailed
from rolecall.aws.config_file import LINEAR

Parser.OPTCRE = LINEAR  # as in configparser: else a line's blanks take their square
_TOO_UNUSUAL = "The file's layout is too unusual to be edited safely."


def sort(lines: Sequence[Line]) -> tuple[Part, ...]:
    """Sort the lines of a file that botocore accepts into its sections.

    Raises:
        ActionFailed: ConfigUpdater cannot make sense of them.
    """
    updater = ConfigUpdater(strict=False)  # botocore has judged already; [DEFAULT] may stand twice
    try:
        updater.read_file(_fed(lines), "")
    except configparser.Error as error:
        line = getattr(error, "lineno", None)
        raise ActionFailed("Refused", _TOO_UNUSUAL, line=line, command="edit") from None
    return tuple(_parts(updater, len(lines)))


def _fed(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        yield (line.text.lstrip() if line.is_comment else line.text) + "\n"


def _parts(updater: ConfigUpdater, count: int) -> Iterator[Part]:
    """Turn ConfigUpdater's blocks into ranges of lines: they hold every line once, in order."""
    at = 0
    for block in updater.iter_blocks():
        if isinstance(block, Section):
            start, at = at, at + 1
            entries: list[Entry] = []
            for inner in block.iter_blocks():
                at = _take(inner, at, entries)
            yield Part(block.name, start, at, tuple(entries))
        else:
            at += len(block.lines)
    if at != count:
        raise ActionFailed("Refused", _TOO_UNUSUAL, command="edit")


def _take(block: Option | Comment | Space, at: int, entries: list[Entry]) -> int:
    stop = at + len(block.lines)
    if isinstance(block, Option):
        entries.append(Entry(block.raw_key.lower(), at, stop))
    elif isinstance(block, Space):
        # a continuation line after a comment and a blank line ends up here; it is the last key's still
        text = [index for index, line in enumerate(block.lines) if line.strip()]
        if text:
            entries[-1] = Entry(entries[-1].name, entries[-1].start, at + text[-1] + 1)
    return stop
