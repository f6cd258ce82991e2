"""Lines of AWS's files that are read differently from how they look, and how they would be right.

A header or setting that is joined to a value, a header without one of its brackets, characters that no
editor shows. What is joined is found in the text, whether or not the file parses: it may be the reason why
it does not.
"""

import configparser
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from rolecall.aws.config_file import ConfigFile, FileKind
from rolecall.aws.settings import SETTINGS, Type, of_type, setting
from rolecall.aws.timestamps import END_KEYS
from rolecall.values import dataclass

_FREE = frozenset(("credential_process", "cli_pager", "role_session_name", "external_id", "source_profile"))
"""Settings that may contain brackets or an equals sign in their value."""
_ONE_LINE = SETTINGS.keys() - of_type(Type.BLOCK).keys()
_PLAIN = _ONE_LINE - _FREE
_NOTED = frozenset(END_KEYS)
_HEADER = configparser.RawConfigParser.SECTCRE
_LINE_END = re.compile(r"\r\n|\r|\n")
_COMMENT = r"(?:\s[#;].*)?"
_SETTING = re.compile(r"(?P<key>[^\s=:\[\]#;][^=:]*?)\s*[=:]\s*(?P<value>.+)")
_OF_CONFIG = re.compile(
    rf".*?(?P<rest>\[(?:(?:profile|sso-session|services)\s[^\[\]]+|default)\]\s*{_COMMENT})"
)
_GLUED_HEADER = re.compile(rf"[^\[\]]*?(?P<rest>\[[^\[\]]+\]\s*{_COMMENT})")
_KEY = re.compile(rf".*?(?P<rest>(?<![?&/_-])(?:{'|'.join(sorted(_ONE_LINE, key=len, reverse=True))})\s*=.*)")
_IN_COMMENT = re.compile(r"\s*[#;].*\w(?P<rest>\[(?:profile|sso-session|services)\s[^\[\]]+\]\s*)")
_ASSIGNMENT = re.compile(
    r"(?P<indent>\s*)(?P<before>(?:(?:export|setx?|declare\s+-x)\s+|\$env:)?[\"']?)(?P<name>[^=:\"']*[^=:\"'\s])"
    r"(?P<after>[\"']?)(?P<delimiter>\s*[=:]\s*)(?P<value>.*\S)\s*",
    re.IGNORECASE,
)
"""A setting, also as a shell, PowerShell, cmd or JSON would have it."""
POWERSHELL = "$env"
"""What AWS tools take for the name in ``$Env:NAME="…"``, PowerShell's line for a variable."""
_BEFORE_COMMENT = re.compile(r"\s[#;]")
A_COMMENT = "a comment"
_BEHIND_HEADER = re.compile(r"(?P<header>\[[^\[\]]+\])\s*(?P<rest>(?:\[[^\[\]]+\]|[a-z]\w+\s*=).*)")
_KIND = r"(?:profile|sso-session|services)[ \t]+"
_NAME = r"[^\[\](){}<>=#;:\s\"']+"
_OPEN, _CLOSE = "[({<", "])}>"
_OTHER_SIGNS = str.maketrans("\uff3b\uff3d\u3010\u3011\u3014\u3015\uff1d\uff1a\u3000", "[][][]=: ")
"""What input methods for East Asian languages write for brackets and signs."""


@dataclass(frozen=True, slots=True)
class LineEdit:
    """Lines of a file, and what is to be in their place.

    Attributes:
        line: the first of them (from 1).
        was: their text now, without line ends.
        now: their text afterwards.
    """

    line: int
    was: tuple[str, ...] = field(repr=False)
    now: tuple[str, ...] = field(repr=False)

    def applied(self, text: str) -> str | None:
        """Return the text after it, every other character as it was; None where the lines are others."""
        lines = _LINE_END.split(text)
        ends: list[str] = [*_LINE_END.findall(text), ""]
        start, stop = self.line - 1, self.line - 1 + len(self.was)
        if tuple(lines[start:stop]) != self.was:
            return None
        end = ends[start] or next(iter(ends), "") or "\n"
        new = end.join(self.now) + ends[stop - 1]
        before = "".join(map("".join, zip(lines[:start], ends[:start], strict=True)))
        return before + new + "".join(map("".join, zip(lines[stop:], ends[stop:], strict=True)))


@dataclass(frozen=True, slots=True)
class Glued:
    """A header or setting that is joined to what is before it.

    Attributes:
        line: the line (from 1).
        key: the setting with that value; a header in brackets, or ``A_COMMENT``, where it is joined to one.
        rest: what belongs on a line of its own.
        edit: what puts everything in that line on a line of its own.
    """

    line: int
    key: str
    rest: str = field(repr=False)
    edit: LineEdit

    @property
    def is_header(self) -> bool:
        """Whether it is a header."""
        return self.rest.startswith("[")


def lines_of(text: str) -> list[str]:
    """Return the lines as AWS tools see them: only CR, LF and both end a line."""
    return _LINE_END.split(text)


def glued(file: ConfigFile) -> Iterator[Glued]:
    """Yield what is joined to values and headers in a file, whether or not the file parses."""
    text = file.raw_text
    if text is None or ("]" not in text and text.count("=") <= text.count("\n")):
        return
    for number, line in enumerate(lines_of(text), start=1):
        is_header = line[:1] == "[" and line.find("]") == len(line) - 1
        may_be = not is_header and ("]" in line or line.count("=") > 1)
        found = _in_line(line, file.role) if may_be else None
        if found is not None:
            key, rest = found
            yield Glued(number, key, rest, LineEdit(number, (line,), tuple(_apart(line, file.role))))


def _in_line(line: str, role: FileKind) -> tuple[str, str] | None:
    behind = _BEHIND_HEADER.fullmatch(line)
    if behind is not None and (behind["rest"][0] == "[" or _first_key(behind["rest"]) in SETTINGS):
        return behind["header"], behind["rest"].strip()
    if role is FileKind.CONFIG and (found := _IN_COMMENT.fullmatch(line)) is not None:
        return A_COMMENT, found["rest"].strip()
    found = _SETTING.fullmatch(line)
    if found is None:
        return None
    key, value = found["key"].lower(), found["value"]
    patterns = [_OF_CONFIG] if role is FileKind.CONFIG else []
    patterns += [_GLUED_HEADER] if key in _PLAIN or key in _NOTED else []
    patterns += [_KEY] if key in _PLAIN else []
    for pattern in patterns:
        found = pattern.fullmatch(value)
        start = found.start("rest") if found is not None else 0
        is_apart = start > 0 and value[start - 1].isspace()
        may_be_apart = key in _PLAIN and not _BEFORE_COMMENT.search(value[:start])
        if found is not None and start > 0 and (may_be_apart or not is_apart):
            return key, found["rest"].strip()
    return None


def _first_key(text: str) -> str:
    return text.partition("=")[0].strip().lower()


def _apart(line: str, role: FileKind) -> Iterator[str]:
    """Yield what a line is made of, each part as a line; a comment behind a header stays with it."""
    found = _in_line(line, role)
    if found is None:
        yield line
        return
    rest = found[1]
    yield line[: line.rindex(rest)].rstrip()
    yield from _apart(rest, role)


def visible(text: str) -> str:
    """Return a text without characters that no editor shows, like byte order marks and zero-width spaces."""
    return "".join(sign for sign in text if sign == "\t" or unicodedata.category(sign) not in ("Cf", "Cc"))


def header_meant(line: str, role: FileKind) -> str | None:
    """Return the header that was meant by a line that is none, or None where none was."""
    plain = visible(line).translate(_OTHER_SIGNS).strip()
    bare = plain.lstrip(_OPEN).rstrip(_CLOSE).strip()
    has_bracket = plain[:1] in _OPEN or plain[-1:] in _CLOSE if plain else False
    is_named = re.fullmatch(rf"{_KIND}(?:{_NAME}|\"[^\"]+\")|default", bare) is not None
    is_meant = is_named or (has_bracket and re.fullmatch(_NAME, bare) is not None)
    if not is_meant or (not has_bracket and (role is FileKind.CREDENTIALS or bare == "default")):
        return None
    return f"[{bare}]"


def setting_meant(line: str) -> str | None:
    """Return the setting that was meant by a line without an equals sign, or None where none was."""
    plain = visible(line).translate(_OTHER_SIGNS).strip()
    key, _, value = plain.partition("=")
    if not value:
        key, _, value = plain.partition(" ")
    is_one_word = len(value.split()) == 1 and "=" not in value.rstrip("=")
    return f"{key.strip()} = {value.strip()}" if key.strip().lower() in SETTINGS and is_one_word else None


def is_setting_line(line: str) -> bool:
    """Whether a line, indented or not, looks like a setting that AWS tools know."""
    return _first_key(line) in SETTINGS


def is_own(line: str) -> bool:
    """Whether a line that has become part of a value was meant as one of its own."""
    return is_setting_line(line) or _HEADER.match(line.strip()) is not None


def own_line(file: ConfigFile, first: int, key: str) -> LineEdit | None:
    """Return what makes a line of its own of a setting in the value that begins in a line, or None."""
    lines = lines_of(file.raw_text or "")
    for number, line in enumerate(lines[first:], start=first + 1):
        if not line[:1].isspace():
            return None
        if _first_key(line) == key:
            return outdented(file, first, number, is_block=False)
    return None


def outdented(file: ConfigFile, first: int, line: int, *, is_block: bool) -> LineEdit:
    """Return what makes a line of its own of one that has become part of a value by its indentation.

    It gets the indentation of the setting above, and so do the settings and headers that follow it. One out
    of a block goes above it: the rest of the block stays together.

    Args:
        file: the file.
        first: the line with the setting above (from 1).
        line: the indented line.
        is_block: whether that setting is a block of indented lines.
    """
    lines = lines_of(file.raw_text or "")
    indent = _indent(lines[first - 1])
    if is_block:
        was = tuple(lines[first - 1 : line])
        return LineEdit(first, was, (indent + was[-1].strip(), *was[:-1]))
    stop = line
    while stop < len(lines) and len(_indent(lines[stop])) > len(indent) and lines[stop].strip():
        stop += 1
    was = tuple(lines[line - 1 : stop])
    return LineEdit(line, was, tuple(_with_indent(was, indent)))


def with_names(file: ConfigFile, names: Mapping[int, str]) -> LineEdit | None:
    """Return what makes settings of other names in some lines, without what a shell or JSON has around them.

    Args:
        file: the file.
        names: line (from 1) → the setting that is meant there.
    """
    lines = lines_of(file.raw_text or "")
    first, last = min(names), max(names)
    now = list(lines[first - 1 : last])
    for number, right in names.items():
        found = _ASSIGNMENT.fullmatch(lines[number - 1]) if number <= len(lines) else None
        if found is None:
            return None
        is_plain = not found["before"] and not found["after"]
        value, delimiter = found["value"], found["delimiter"] if is_plain else " = "
        if not is_plain:
            value = value.rstrip(",;").rstrip()
            value = value[1:-1] if len(value) > 1 and value[0] == value[-1] in ("'", '"') else value
        now[number - first] = f"{found['indent']}{right}{delimiter}{value}"
    return LineEdit(first, tuple(lines[first - 1 : last]), tuple(now))


def merged(file: ConfigFile, source: str, target: str) -> LineEdit | None:
    """Return what puts the settings of one section below another header; None where a value is in doubt.

    What both set to the same value is kept once; comments stay above or below the setting that they are at.

    Args:
        file: the file.
        source: the header that goes, without its brackets.
        target: the header that stays.
    """
    lines, located = lines_of(file.raw_text or ""), file.located
    starts = sorted(
        [each.line for each in located.sections.values()]
        + ([located.defaults_line] if located.defaults_line is not None else [])
    )
    if located.defaults_line is not None or source not in located.sections or target not in located.sections:
        return None
    old, new = located.sections[source], located.sections[target]
    both = old.keys.keys() & new.keys.keys()
    if any(old.keys[key].value != new.keys[key].value or "\n" in old.keys[key].value for key in both):
        return None
    if any(_indent(lines[each.line - 1]) for each in (*old.keys.values(), *new.keys.values())):
        return None  # below a setting without indentation it would be read as a part of that
    last = _last_line(lines, starts, old.line)
    dropped = {old.keys[key].line for key in both}
    moved = [lines[number - 1] for number in range(old.line + 1, last + 1) if number not in dropped]
    behind = _last_line(lines, starts, new.line)
    first, stop = min(old.line, new.line), max(last, behind)
    now: list[str] = []
    for number in range(first, stop + 1):
        now += [lines[number - 1]] if not old.line <= number <= last else []
        now += moved if number == behind else []
    return LineEdit(first, tuple(lines[first - 1 : stop]), tuple(now))


def _last_line(lines: Sequence[str], starts: Sequence[int], header: int) -> int:
    """Return the last line that belongs to a section: what follows introduces the next one."""
    end = next((each - 1 for each in starts if each > header), len(lines))
    for number in range(end, header, -1):
        line = lines[number - 1]
        if line.strip() and not line.lstrip().startswith(("#", ";")):
            return number
    return header


def powershell_names(text: str) -> dict[int, str]:
    """Return the variables that PowerShell's lines in a text set, in lower case, by their line (from 1)."""
    return {
        number: name.strip().lower()
        for number, line in enumerate(lines_of(text), start=1)
        for start, _, rest in (line.partition(":"),)
        for name, is_set, _ in (rest.partition("="),)
        if start.strip().lower() == POWERSHELL and is_set
    }


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _with_indent(lines: Sequence[str], indent: str) -> Iterator[str]:
    """Yield settings and headers with that indentation; what is in a block stays as it is."""
    block: str | None = None
    for line in lines:
        if block is not None and len(_indent(line)) > len(block):
            yield line
            continue
        yield indent + line.strip() if is_own(line) else line
        block = _indent(line) if setting(_first_key(line)).type is Type.BLOCK else None


def with_values(file: ConfigFile, changes: Mapping[int, tuple[str, str]]) -> LineEdit | None:
    """Return what writes other values in some lines; None where a value is not all that ends its line.

    A comment that was part of a value goes on a line of its own, above.

    Args:
        file: the file.
        changes: line (from 1) → the value that is there, and the right one.
    """
    lines = lines_of(file.raw_text or "")
    first, last = min(changes), max(changes)
    now: list[str] = []
    for number in range(first, last + 1):
        line = lines[number - 1] if number <= len(lines) else ""
        value, right = changes.get(number, ("", ""))
        if number in changes:
            if not value or not right or not line.rstrip().endswith(value) or _first_key(line) == "":
                return None
            rest = value.removeprefix(right).strip() if value.startswith(right) else ""
            now += [_indent(line) + rest] if rest[:1] in ("#", ";") and rest else []
            line = line.rstrip().removesuffix(value) + right
        now.append(line)
    return LineEdit(first, tuple(lines[first - 1 : last]), tuple(now))
