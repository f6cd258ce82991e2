"""The lines of an AWS file: what botocore's parser reads on each of them."""

import configparser
import io
import re
from collections.abc import Iterator
from dataclasses import field

from rolecall.values import dataclass

_HEADER = configparser.RawConfigParser.SECTCRE
LINEAR = re.compile(r"(?P<option>[^=:]*)(?P<vi>[=:])\s*(?P<value>.*)$")
"""Matches what configparser's ``OPTCRE`` does, except blanks at the end of the option, which it strips."""
# The original takes the square of a line's blanks: 20 seconds for 40,000 of them before the delimiter, or in
# a line that has none. It counts for the parser that botocore makes for itself, too.
configparser.RawConfigParser.OPTCRE = LINEAR


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key as parsed: its first line (from 1) and its raw value, continuation lines joined by newlines."""

    line: int
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SectionLines:
    """One section: the line of its header and its own keys, without those from ``[DEFAULT]``."""

    line: int
    keys: dict[str, KeyLine]


@dataclass(frozen=True, slots=True)
class Located:
    """The lines of everything in one file.

    Attributes:
        sections: by header, as between the outermost brackets.
        defaults: the keys of ``[DEFAULT]``, which configparser adds to every section of the file.
        defaults_line: the line of the first ``[DEFAULT]`` header, or None.
    """

    sections: dict[str, SectionLines] = field(default_factory=dict)
    defaults: dict[str, KeyLine] = field(default_factory=dict)
    defaults_line: int | None = None


@dataclass(slots=True)
class _Watcher:
    """Replaces SECTCRE and optionxform, and notes what they get together with the line that is being read."""

    line: int = 0
    header: str = ""
    headers: dict[str, int] = field(default_factory=dict)
    keys: dict[tuple[str, str], int] = field(default_factory=dict)

    def feed(self, text: str) -> Iterator[str]:
        # newline=None turns CRLF and lone CR into LF, as reading a file in text mode does
        for self.line, line in enumerate(io.StringIO(text, newline=None), start=1):
            yield line

    def match(self, value: str) -> re.Match[str] | None:
        found = _HEADER.match(value)
        if found:
            self.header = found["header"]
            self.headers.setdefault(self.header, self.line)
        return found

    def optionxform(self, optionstr: str) -> str:
        name = optionstr.lower()
        self.keys.setdefault((self.header, name), self.line)
        return name


def locate(text: str) -> Located:
    """Parse the text of one file as botocore does, and return the lines of everything in it.

    Raises:
        configparser.Error: exactly where botocore raises ConfigParseError for the file's syntax.
    """
    watcher = _Watcher()
    parser = configparser.RawConfigParser()
    parser.SECTCRE = watcher  # type: ignore[assignment]
    parser.optionxform = watcher.optionxform  # type: ignore[method-assign]
    parser.read_file(watcher.feed(text))
    noted = dict(watcher.keys)
    located = Located(defaults_line=watcher.headers.get(parser.default_section))
    for header, line in watcher.headers.items():
        if header != parser.default_section:
            located.sections[header] = SectionLines(line, {})
    defaults = parser.defaults()
    for (header, name), line in noted.items():
        if header == parser.default_section:
            located.defaults[name] = KeyLine(line, defaults[name])
        else:
            located.sections[header].keys[name] = KeyLine(line, parser.get(header, name))
    return located


def bad_nested_line(located: Located) -> int | None:
    """Return the line of the first nested block that botocore refuses (an inner line without ``=``).

    botocore gives a value that begins with a newline to a second parser, which raises ValueError without a
    line; the key's own line is the nearest that is certain.
    """
    candidates = [
        key.line
        for keys in (located.defaults, *(section.keys for section in located.sections.values()))
        for key in keys.values()
        if key.value.startswith("\n") and _refused(key.value)
    ]
    return min(candidates, default=None)


def _refused(value: str) -> bool:
    return any("=" not in line for line in value.splitlines() if line.strip())


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file in one piece: values and lines.

    Attributes:
        values: header → key → value as it is written, the lines of a block joined by newlines.
        lines: header → its line (from 1), then the lines of its keys, in their order.
    """

    values: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    lines: dict[str, list[int]] = field(default_factory=dict)

    @property
    def located(self) -> Located:
        """The same as ``locate`` returns it."""
        found = Located()
        for header, (line, *own) in self.lines.items():
            keys = zip(self.values[header].items(), own, strict=True)
            found.sections[header] = SectionLines(
                line, {name: KeyLine(number, value) for (name, value), number in keys}
            )
        return found


def parse(text: str) -> Parsed | None:
    """Parse a file in one pass as ``configparser.RawConfigParser`` does, in a fraction of its time.

    Returns:
        None where that parser itself has to be asked: for what it refuses, because it has the words for it,
        and for what few files have (``[DEFAULT]``, line ends of CR alone).
    """
    text = text.replace("\r\n", "\n")
    if "\r" in text:
        return None
    found = Parsed()
    keys: dict[str, str] = {}
    lines: list[int] | None = None
    name, depth, block = "", 0, list[str]()
    for number, line in enumerate(text.split("\n"), start=1):
        value = line.strip()
        if not value:
            block.append("")
            continue
        first = value[0]
        if first in "#;":
            continue
        indent = 0 if line[0] == first else len(line) - len(line.lstrip())
        if indent > depth and name:
            block.append(value)
            continue
        if block:
            _lengthen(keys, name, block)
        depth, block = indent, []
        if first == "[" and value.rfind("]") > 1:
            header, name = value[1 : value.rfind("]")], ""
            if header in found.values or header == configparser.DEFAULTSECT:
                return None
            keys = found.values[header] = {}
            lines = found.lines[header] = [number]
            continue
        name, value = _split(value)
        if lines is None or not name or name in keys:
            return None
        keys[name] = value
        lines.append(number)
    _lengthen(keys, name, block)
    return found


def _lengthen(keys: dict[str, str], name: str, block: list[str]) -> None:
    """Add the lines below a key to its value; those at the end that are blank do not count."""
    if name and any(block):
        keys[name] = "\n".join((keys[name], *block)).rstrip()


def _split(line: str) -> tuple[str, str]:
    """Return the name and the value on a line; no name where it is no setting."""
    option, delimiter, value = line.partition("=")
    if ":" in option:
        option, delimiter, value = line.partition(":")
    return option.rstrip().lower() if delimiter else "", value.strip()
