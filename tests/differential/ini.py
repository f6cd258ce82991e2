"""Random AWS config and credentials text: the same settings, written in every way that people write them.

A file is built in two steps. The structure (headers, keys, values) is drawn first, then a hand that writes it
down: a calm one for most files, an odd one (indentation, comments, delimiters, case, line ends) for the rest,
and seldom one that makes a mistake which no parser forgives.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from hypothesis import strategies as st

Value = str | tuple[str, ...]
"""A key's value: text, or the lines of a nested block."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section as meant: its header between the brackets, and its keys."""

    header: str
    keys: tuple[tuple[str, Value], ...]


class Fault(StrEnum):
    """A mistake for which the whole file is refused, or that changes its bytes for good."""

    BARE_KEY = "a key without a value"
    DUPLICATE_KEY = "a key twice"
    DUPLICATE_IN_OTHER_CASE = "a key twice, in another case"
    DUPLICATE_SECTION = "a section twice"
    HEADLESS_KEY = "a key before any header"
    EMPTY_HEADER = "a header with nothing in it"
    NAMELESS_KEY = "a value without a key"
    BARE_NESTED_KEY = "a nested key without a value"
    BYTE_ORDER_MARK = "a byte order mark"
    LATIN_1 = "bytes that are not UTF-8"


DELIMITERS = (" = ", "=", ": ", ":", "= ", " : ", "\t=\t")
COMMENTS = ("# a comment", "; another", "#", "# key = value", "# [profile x]", "#region = lost")
TRAILERS = ("", "", "", " # c", "junk", " # see [y]", " ; c", "]")
LINE_ENDS = ("\n", "\n", "\n", "\r\n", "\r\n", "mixed", "\r")
MIXED_LINE_ENDS = ("\n", "\r\n", "\n", "\r\n", "\r")


def one_in(draw: st.DrawFn, number: int) -> bool:
    """Draw something that is true once in so many times, and shrinks to false."""
    return draw(st.integers(0, number - 1)) == number // 2


@st.composite
def headers(draw: st.DrawFn, kind: str, name: str, *, odd: bool) -> str:
    """Draw what stands between the brackets for a profile, sso-session or services section of that name."""
    plain = f'{kind} "{name}"' if " " in name else f"{kind} {name}"
    if not odd:
        return "default" if plain == "profile default" and not one_in(draw, 5) else plain
    return draw(
        st.sampled_from(
            (
                plain,
                f'{kind} "{name}"',
                f"{kind} '{name}'",
                f'{kind}\t"{name}"',
                f'{kind}   "{name}"',
                f' {kind} "{name}" ',
                f'{kind.capitalize()} "{name}"',
                name,
                f'{kind}foo "{name}"',
                f"{kind} {name} b",
                f"{kind} {name}'s",
                f'{kind} "{name}',
                kind,
                f'{kind}"{name}"',
                f'{kind} {name[:1]}"{name[1:]}"',
                f'{kind} ""',
            )
        )
    )


@st.composite
def texts(draw: st.DrawFn, sections: Sequence[Section], fault: Fault | None = None) -> str:
    """Draw a way to write sections down."""
    sections = _with_fault(sections, fault)
    lines = draw(_odd_lines(sections)) if one_in(draw, 3) else _calm_lines(sections)
    if fault is Fault.HEADLESS_KEY:
        lines.insert(0, "region = us-east-1")
    return draw(_ended(lines))


def encode(text: str, fault: Fault | None = None) -> bytes:
    """Turn a text into the bytes of a file."""
    if fault is Fault.BYTE_ORDER_MARK:
        return text.encode("utf-8-sig")
    if fault is Fault.LATIN_1:
        return text.encode() + "\n# größe\n".encode("latin-1")
    return text.encode()


def _with_fault(sections: Sequence[Section], fault: Fault | None) -> tuple[Section, ...]:
    sections = tuple(sections) or (Section("profile dev", (("region", "us-east-1"),)),)
    last = sections[-1]
    first = last.keys[:1] or (("output", "json"),)
    match fault:
        case Fault.BARE_KEY:
            last = replace(last, keys=(*last.keys, ("bare\0", "")))
        case Fault.DUPLICATE_KEY:
            last = replace(last, keys=(*first, *last.keys[1:], *first))
        case Fault.DUPLICATE_IN_OTHER_CASE:
            last = replace(last, keys=(*first, *last.keys[1:], (first[0][0].title(), "x")))
        case Fault.DUPLICATE_SECTION:
            return (*sections, last)
        case Fault.EMPTY_HEADER:
            return (*sections, Section("", first))
        case Fault.NAMELESS_KEY:
            last = replace(last, keys=(*last.keys, ("", "value")))
        case Fault.BARE_NESTED_KEY:
            last = replace(last, keys=(*last.keys, ("s3", ("max_queue_size = 5", "max"))))
        case _:
            pass
    return (*sections[:-1], last)


def _calm_lines(sections: Sequence[Section]) -> list[str]:
    lines: list[str] = []
    for section in sections:
        lines.append(f"[{section.header}]")
        for key, value in section.keys:
            lines.extend(_entry(key, value, " = ", ""))
        lines.append("")
    return lines


def _entry(key: str, value: Value, delimiter: str, indent: str) -> list[str]:
    if key.endswith("\0"):
        return [indent + key[:-1]]
    if isinstance(value, str):
        return [f"{indent}{key}{delimiter}{value}"]
    return [f"{indent}{key}{delimiter}".rstrip(), *(f"{indent}  {line}" for line in value)]


@st.composite
def _odd_lines(draw: st.DrawFn, sections: Sequence[Section]) -> list[str]:
    lines = draw(st.sampled_from(([], [], ["# on top", ""], ["   # indented, on top"], ["", ""])))[:]
    delimiters = st.sampled_from(DELIMITERS)
    clutter = st.sampled_from(("", "", "", "", "comment", "indented", "blank", "case", "indent"))
    for section in sections:
        indent = draw(st.sampled_from(("", "", "", "  ", "\t", "second")))
        header_indent = "  " if one_in(draw, 16) else ""
        lines.append(f"{header_indent}[{section.header}]{draw(st.sampled_from(TRAILERS))}")
        for index, (key, value) in enumerate(section.keys):
            oddity = draw(clutter)
            depth = indent if indent != "second" else "    " * (index > 0 and one_in(draw, 4))
            if oddity == "case":
                key = draw(st.sampled_from((key.upper(), key.title(), key.capitalize())))  # noqa: PLW2901
            entry = _entry(key, value, draw(delimiters), depth)
            if oddity == "comment":
                entry.insert(0, draw(st.sampled_from(COMMENTS)))
            elif oddity == "indented":
                entry.insert(draw(st.integers(0, len(entry))), "      " + draw(st.sampled_from(COMMENTS)))
            elif oddity == "blank":
                entry.insert(draw(st.integers(0, len(entry))), draw(st.sampled_from(("", "   "))))
            elif oddity == "indent" and len(entry) == 1 and one_in(draw, 4):
                entry[0] = "  " + entry[0] + draw(st.sampled_from((" # c", " ; c", " ", "\t")))
            lines.extend(entry)
        if not one_in(draw, 3):
            lines.append("")
    return lines


@st.composite
def _ended(draw: st.DrawFn, lines: Sequence[str]) -> str:
    """Draw the line ends, and whether the last line has one."""
    end = draw(st.sampled_from(LINE_ENDS)) if one_in(draw, 3) else "\n"
    if end == "mixed":
        ends = draw(st.lists(st.sampled_from(MIXED_LINE_ENDS), min_size=len(lines), max_size=len(lines)))
    else:
        ends = [end] * len(lines)
    text = "".join(line + stop for line, stop in zip(lines, ends, strict=True))
    return text.rstrip("\r\n") if one_in(draw, 8) else text
