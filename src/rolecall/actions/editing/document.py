"""A config file as lines: where sections and settings are in it.

ConfigUpdater sorts the lines into sections and keys. It neither writes nor changes a line here. It is fed
each by itself, so that every line end (CRLF, a lone CR, none) stays outside its sight, and each comment
without its indentation, because it would take an indented comment for a part of the value above (botocore
skips it).
"""

import configparser
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from functools import cached_property

from rolecall.actions.errors import ActionFailed
from rolecall.aws.config_lines import LINEAR
from rolecall.values import dataclass

DEFAULT = configparser.DEFAULTSECT
"""The header whose keys configparser leaks into every section of the file."""

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text, and what ends it (LF, CRLF, CR; nothing at the end of a file)."""

    text: str = field(repr=False)
    end: str

    @property
    def is_blank(self) -> bool:
        """Whether it is blank."""
        return not self.text.strip()

    @property
    def is_comment(self) -> bool:
        """Whether botocore skips it as a comment, however far it is indented."""
        return self.text.lstrip().startswith(("#", ";"))

    @property
    def indent(self) -> str:
        """The white space that it begins with."""
        return self.text[: len(self.text) - len(self.text.lstrip())]


@dataclass(frozen=True, slots=True)
class Entry:
    """One key with all lines of its value.

    Attributes:
        name: the key, in lower case as botocore has it.
        start: the index of its first line (from 0).
        stop: the index after the last line of its value, continuation lines included.
    """

    name: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Part:
    """One section: what is between two headers.

    Attributes:
        header: the text between the brackets.
        start: the index of the header's line.
        stop: the index of the next header's line, or the number of lines.
        entries: the keys, in their order.
    """

    header: str
    start: int
    stop: int
    entries: tuple[Entry, ...]

    def entry(self, name: str) -> Entry | None:
        """Return the key of that name (in lower case), if the section has it."""
        return next((entry for entry in self.entries if entry.name == name), None)


@dataclass(frozen=True, slots=True)
class Splice:
    """Lines that take the place of others: ``start`` to ``stop`` (indices) give way to ``lines``."""

    start: int
    stop: int
    lines: tuple[Line, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Document:
    """The lines of one file and the sections in it; the last line is never empty and without an end."""

    lines: tuple[Line, ...] = field(repr=False)
    parts: tuple[Part, ...]

    @classmethod
    def read(cls, text: str) -> "Document":
        """Sort the text of a file that botocore accepts.

        Raises:
            ActionFailed: ConfigUpdater cannot make sense of it.
        """
        lines = split(text)
        return cls(lines, tuple(_parts(lines)))

    @cached_property
    def by_header(self) -> dict[str, tuple[Part, ...]]:
        """The sections by header; of ``[DEFAULT]`` there may be several."""
        found: dict[str, tuple[Part, ...]] = {}
        for part in self.parts:
            found[part.header] = (*found.get(part.header, ()), part)
        return found

    def entry(self, header: str, name: str) -> tuple[Part, Entry] | None:
        """Return where a section has a key itself, or None where it has not."""
        for part in self.by_header.get(header, ()):
            entry = part.entry(name)
            if entry is not None:
                return part, entry
        return None

    def below(self, part: Part) -> Part | None:
        """Return the section that follows one, if one does."""
        return self._by_start.get(part.stop)

    @cached_property
    def _by_start(self) -> dict[int, Part]:
        return {part.start: part for part in self.parts}

    @cached_property
    def default_line_end(self) -> str:
        """The line end that most lines have; LF in an empty file."""
        ends = [line.end for line in self.lines if line.end]
        return max(("\n", "\r\n", "\r"), key=ends.count)

    def end_at(self, index: int) -> str:
        """Return the line end in use around a line: its own, else that of the nearest line above."""
        return next(
            (line.end for line in reversed(self.lines[: index + 1]) if line.end), self.default_line_end
        )

    def spliced(self, splices: Iterable[Splice]) -> str:
        """Return the text with some lines replaced; every other line stays as it is.

        A file without a final newline has none afterwards either.
        """
        out: list[Line] = []
        at = 0
        for splice in sorted(splices, key=lambda splice: (splice.start, splice.stop)):
            if splice.start < at:
                raise AssertionError("two edits of the same line")
            out += self.lines[at : splice.start]
            out += splice.lines
            at = splice.stop
        out += self.lines[at:]
        if out and self.lines and not self.lines[-1].end:
            out[-1] = Line(out[-1].text, "")
        ended = [line if line.end else Line(line.text, self.default_line_end) for line in out[:-1]]
        return "".join(line.text + line.end for line in (*ended, *out[-1:]))


def split(text: str) -> tuple[Line, ...]:
    """Split a text at the line ends that reading a file in text mode knows."""
    lines = [Line(match[1], match[2]) for match in _LINE.finditer(text)]
    while lines and lines[-1] == Line("", ""):
        lines.pop()
    return tuple(lines)


_TOO_UNUSUAL = "The file's layout is too unusual to be edited safely."


def _parts(lines: Sequence[Line]) -> Iterator[Part]:
    """Turn ConfigUpdater's blocks into ranges of lines: they hold every line once, in order.

    Raises:
        ActionFailed: ConfigUpdater cannot make sense of them.
    """
    # imported here: few commands edit, and its import takes longer than the rest of a start
    from configupdater import ConfigUpdater, Option, Section, Space  # noqa: PLC0415 - as above
    from configupdater.parser import Parser  # noqa: PLC0415 - as above

    Parser.OPTCRE = LINEAR  # as in configparser: else a line's blanks take their square
    updater = ConfigUpdater(strict=False)  # botocore has judged already; there may be two [DEFAULT]
    try:
        updater.read_file(_fed(lines), "")
    except configparser.Error as error:
        line = getattr(error, "lineno", None)
        raise ActionFailed("Refused", _TOO_UNUSUAL, line=line, command="edit") from None
    at = 0
    for block in updater.iter_blocks():
        if isinstance(block, Section):
            start, at = at, at + 1
            entries: list[Entry] = []
            for inner in block.iter_blocks():
                if isinstance(inner, Option):
                    entries.append(Entry(inner.raw_key.lower(), at, at + len(inner.lines)))
                elif isinstance(inner, Space):
                    _extend(entries, inner.lines, at)
                at += len(inner.lines)
            yield Part(block.name, start, at, tuple(entries))
        else:
            at += len(block.lines)
    if at != len(lines):
        raise ActionFailed("Refused", _TOO_UNUSUAL, command="edit")


def _fed(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        yield (line.text.lstrip() if line.is_comment else line.text) + "\n"


def _extend(entries: list[Entry], lines: Sequence[str], at: int) -> None:
    """Give the last key its continuation lines after a comment and a blank line, which end up in a Space."""
    text = [index for index, line in enumerate(lines) if line.strip()]
    if text:
        entries[-1] = Entry(entries[-1].name, entries[-1].start, at + text[-1] + 1)


_SWITCHED_OFF = re.compile(r"\s*[#;]+\s*(?:[\w.-]+\s*[=:]|\[)")


def introduction(document: Document, part: Part) -> int:
    """Return the index of the first comment line that introduces a section; the header's where none does."""
    start = part.start
    depth = len(document.lines[part.start].indent)
    while start > 0 and _is_prose(document, start - 1, depth):
        start -= 1
    top = start
    while top > 0 and document.lines[top - 1].is_comment:
        top -= 1
    return part.start if top == 0 else start


def _is_prose(document: Document, index: int, depth: int) -> bool:
    line = document.lines[index]
    return line.is_comment and len(line.indent) <= depth and not _SWITCHED_OFF.match(line.text)


def tail(document: Document, part: Part) -> int:
    """Return the index after the last line that belongs to a section, where a new key is put."""
    at = part.entries[-1].stop if part.entries else part.start + 1
    below = document.below(part)
    limit = part.stop if below is None else introduction(document, below)
    while at < limit and document.lines[at].is_comment:
        at += 1
    return at


def extent(document: Document, part: Part) -> tuple[int, int]:
    """Return the lines that are removed with a section: its introduction, itself, blank lines below it."""
    start, stop = introduction(document, part), tail(document, part)
    at = stop
    while at < part.stop and document.lines[at].is_blank:
        at += 1
    if at == len(document.lines):  # the last one: the blank lines above are those that set it apart
        while start > 0 and document.lines[start - 1].is_blank:
            start -= 1
    return start, at
