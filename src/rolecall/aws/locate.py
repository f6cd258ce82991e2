"""Which line of an AWS file a section, a key and its value stand on.

botocore reads both files with a ``RawConfigParser`` of default settings and keeps no line numbers. Here the
same parser reads the same text, watched at two points that configparser documents for customising: SECTCRE
sees each header, optionxform each key, in the order of the lines. So what is located is what botocore has.
"""

import configparser
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_HEADER = configparser.RawConfigParser.SECTCRE
LINEAR = re.compile(r"(?P<option>[^=:]*)(?P<vi>[=:])\s*(?P<value>.*)$")
"""What configparser finds by ``OPTCRE``, but for blanks at the end of the option, which it strips."""
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
    """One section: the line of its header and its own keys, without what ``[DEFAULT]`` leaks into it."""

    line: int
    keys: dict[str, KeyLine]


@dataclass(frozen=True, slots=True)
class Located:
    """Where everything in one file stands.

    Attributes:
        sections: by header, as between the outermost brackets.
        defaults: the keys of ``[DEFAULT]``, which configparser leaks into every section of the file.
        defaults_line: the line of the first ``[DEFAULT]`` header, or None.
    """

    sections: dict[str, SectionLines] = field(default_factory=dict)
    defaults: dict[str, KeyLine] = field(default_factory=dict)
    defaults_line: int | None = None


@dataclass(slots=True)
class _Watcher:
    """Stands in for SECTCRE and optionxform, and notes what passes with the line that is being read."""

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
    """Parse the text of one file as botocore does and say where everything stands.

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

    botocore gives a value that begins with a newline to a second parser, whose ValueError names no line; the
    key's own line is the nearest that is known for certain.
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
