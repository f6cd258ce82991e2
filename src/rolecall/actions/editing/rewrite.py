"""Changes turned into lines: what is written keeps the style of the file.

Indentation, delimiter, spaces around it and line end are taken from the line itself, or for a new key from
its neighbours; lines that need not change are not touched.
"""

import difflib
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import field

from rolecall.actions.editing.document import DEFAULT, Document, Entry, Line, Part, Splice, extent, tail
from rolecall.actions.editing.verify import Changes, Sections, meaning
from rolecall.text import is_secret_name, mask_name
from rolecall.values import dataclass

_INLINE = re.compile(r"(?:\S+\s+(?=[#;])|[^\"'#;]*\s(?=[#;]\s))(?P<comment>.*)")
"""What people mean as a comment: after a single word, or after several without quotes."""
_INNER_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The lines that make the changes, and what is worth knowing about them.

    Attributes:
        splices: the lines that change; none where everything is as wanted already.
        remarks: sentences.
    """

    splices: tuple[Splice, ...] = field(repr=False)
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _KeyLine:
    """The first line of a key, taken apart: ``indent key gap delimiter gap value blanks``."""

    head: str = field(repr=False)
    value: str = field(repr=False)
    blanks: str

    @classmethod
    def of(cls, line: Line) -> "_KeyLine":
        at = next(index for index, character in enumerate(line.text) if character in "=:") + 1
        at += len(line.text[at:]) - len(line.text[at:].lstrip())
        value = line.text[at:].rstrip()
        return cls(line.text[:at], value, line.text[at + len(value) :])

    @property
    def bare_head(self) -> str:
        """The line up to its delimiter."""
        return self.head.rstrip()

    @property
    def roomy_head(self) -> str:
        """The line up to its value; if it has none, with the same blanks before and after the delimiter."""
        if self.value or self.head != self.bare_head:
            return self.head
        return self.head + (" " if self.head[:-1] != self.head[:-1].rstrip() else "")


def rewrite(document: Document, sections: Sections, wanted: Changes) -> Rewrite:
    """Return the lines that make some changes.

    Args:
        document: the file.
        sections: what it says, which tells where nothing is to be done.
        wanted: what is asked of it.
    """
    remarks: list[str] = []
    splices = [
        *_removals(document, wanted, remarks),
        *(
            splice
            for header in wanted.renamed
            for splice in _renaming(document, header, wanted.renamed[header])
        ),
        *(_copy(document, header, wanted.copied[header]) for header in wanted.copied),
    ]
    for header in wanted.changes:
        splices += _changes(document, header, sections, wanted.changes[header], remarks)
    splices += _additions(document, wanted)
    return Rewrite(tuple(splices), tuple(remarks))


def _changes(
    document: Document,
    header: str,
    sections: Sections,
    changes: Mapping[str, str | None],
    remarks: list[str],
) -> Iterator[Splice]:
    new: list[tuple[str, str]] = []
    for key, value in changes.items():
        found = document.entry(header, key)
        if value is None:
            if found is not None:
                yield from _unset(document, *found, remarks)
        elif found is not None:
            is_text_kept = not value.startswith("\n") and sections.get(header, {}).get(key) == value
            if header == DEFAULT or not is_text_kept:
                yield from _set(document, found[1], value, remarks)
        elif sections.get(header, {}).get(key) != meaning(value):
            new.append((key, value))
    if new:
        part = document.by_header[header][-1]
        at = tail(document, part)
        yield Splice(at, at, tuple(_new_entries(document, part, new, document.end_at(at - 1))))


def _unset(document: Document, part: Part, entry: Entry, remarks: list[str]) -> Iterator[Splice]:
    """Yield the lines of a key; the comments among them and around them stay."""
    lines, name = document.lines, mask_name(entry.name)
    depth = len(lines[entry.start].indent)
    stop = entry.stop
    while stop < part.stop and lines[stop].is_comment and len(lines[stop].indent) > depth:
        stop += 1
    below = [index for index in range(entry.start + 1, stop) if lines[index].is_comment]
    if entry.start - 1 > part.start and lines[entry.start - 1].is_comment:
        remarks.append(f"The comment above {name} (line {entry.start}) stays: it may be about more.")
    _tell_what_is_removed(document, entry, remarks)
    if below:
        what = f"comment below {name} (line" if len(below) == 1 else f"comments below {name} (lines"
        verb = "stays: it" if len(below) == 1 else "stay: they"
        remarks.append(f"The {what} {_numbered(below)}) {verb} may be about more.")
    for index in range(entry.start, entry.stop):
        if not lines[index].is_comment:
            yield Splice(index, index + 1)


def _tell_what_is_removed(document: Document, entry: Entry, remarks: list[str]) -> None:
    """Say that text which people do not take for a value is removed, because it is part of one."""
    parts = _KeyLine.of(document.lines[entry.start])
    if _meant_as_comment(entry, parts) is not None:
        name = mask_name(entry.name)
        remarks.append(f"The text after the value of {name} is removed too: it was part of the value.")
    rest = [index for index in range(entry.start + 1, entry.stop) if _is_text(document.lines[index])]
    if rest and parts.value:
        remarks.append(_about_lines(mask_name(entry.name), rest))


def _is_text(line: Line) -> bool:
    return not line.is_comment and not line.is_blank


def _numbered(indices: list[int]) -> str:
    """Return lines by their numbers: ``3``, ``3 and 5``, ``3 to 5 and 9``."""
    runs: list[list[int]] = []
    for index in indices:
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    words = [f"{run[0] + 1}" if len(run) == 1 else f"{run[0] + 1} to {run[-1] + 1}" for run in runs]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _set(document: Document, entry: Entry, value: str, remarks: list[str]) -> Iterator[Splice]:
    """Yield the lines of a key with another value; comments inside it stay where they are."""
    line = document.lines[entry.start]
    parts = _KeyLine.of(line)
    above = _kept_comment(document, entry, parts, value, remarks)
    if value.startswith("\n"):
        first = line if not parts.value else Line(parts.bare_head, line.end)
    else:
        first = Line((parts.roomy_head + value).rstrip() + (parts.blanks if value else ""), line.end)
    if above or first != line:
        yield Splice(entry.start, entry.start + 1, (*above, first))
    if value.startswith("\n"):
        yield from _block(document, entry, value)
        return
    gone = [index for index in range(entry.start + 1, entry.stop) if not document.lines[index].is_comment]
    if gone:
        swallowed = [index for index in gone if not document.lines[index].is_blank]
        remarks.append(_about_lines(mask_name(entry.name), swallowed))
    for index in gone:
        yield Splice(index, index + 1)


def _about_lines(name: str, indices: list[int]) -> str:
    if len(indices) == 1:
        return (
            f"Line {indices[0] + 1} is removed too: it is indented, and so was part of the value of {name}."
        )
    places = f"Lines {indices[0] + 1} to {indices[-1] + 1}"
    return f"{places} go too: they are indented, and so were a part of the value of {name}."


def _kept_comment(
    document: Document, entry: Entry, parts: _KeyLine, value: str, remarks: list[str]
) -> tuple[Line, ...]:
    """Return the line for what was meant as a comment after the old value, but was part of it."""
    comment = _meant_as_comment(entry, parts)
    if comment is None or value.endswith(comment):
        return ()
    if is_secret_name(entry.name):  # it may be another secret, and comments can be read
        remarks.append(
            f"The text after the value of {mask_name(entry.name)} is removed too: it was part of the value."
        )
        return ()
    line = document.lines[entry.start]
    remarks.append(
        f"To AWS tools, the text after it was part of the value of {mask_name(entry.name)}; "
        "it is now a comment above."
    )
    return (Line(line.indent + comment, line.end or document.end_at(entry.start)),)


def _meant_as_comment(entry: Entry, parts: _KeyLine) -> str | None:
    """Return what was meant as a comment after a value; None if nothing is, or it is a command's own."""
    found = _INLINE.fullmatch(parts.value) if entry.name != "credential_process" else None
    return None if found is None else found["comment"]


def _block(document: Document, entry: Entry, value: str) -> Iterator[Splice]:
    """Yield what differs between the lines of a nested block and its new text.

    A line that says the same stays as it is, whatever indentation it was typed with; so do blank lines
    between lines that stay.
    """
    old = document.lines[entry.start + 1 : entry.stop]
    key_indent = document.lines[entry.start].indent
    own = [line.indent for line in old if not line.is_blank and not line.is_comment]
    new = _inner_lines(value, min(own, key=len, default=key_indent + _INNER_INDENT))
    end = document.end_at(entry.start)
    matcher = difflib.SequenceMatcher(
        None, [line.text.strip() for line in old], [line.strip() for line in new], autojunk=False
    )
    for tag, old_start, old_stop, new_start, new_stop in matcher.get_opcodes():
        is_blank = tag == "delete" and all(line.is_blank for line in old[old_start:old_stop])
        if tag != "equal" and not is_blank:
            at = entry.start + 1
            lines = tuple(Line(text, end) for text in new[new_start:new_stop])
            yield Splice(at + old_start, at + old_stop, lines)


def _inner_lines(value: str, indent: str) -> list[str]:
    """Return the lines of a block, indented deeper than its key, which is what makes it a block.

    What is indented deeper still keeps the difference.
    """
    lines = value.rstrip().split("\n")[1:]
    depths = [
        len(line) - len(line.lstrip())
        for line in lines
        if line.strip() and not line.lstrip().startswith(("#", ";"))
    ]
    least = min(depths, default=0)
    return [_indented(line, least, indent) for line in lines]


def _indented(line: str, least: int, indent: str) -> str:
    depth = len(line) - len(line.lstrip())
    return indent + line[min(depth, least) :].rstrip() if line.strip() else ""


def _new_entries(document: Document, part: Part, settings: list[tuple[str, str]], end: str) -> Iterator[Line]:
    indent = _indent_for(document, part)
    for key, value in settings:
        for text in _entry_lines(key, value, indent, _style(document, part)):
            yield Line(text, end)


def _indent_for(document: Document, part: Part) -> str:
    """Return the indentation of a new last key, deep enough not to swallow the next header."""
    if part.entries:
        return document.lines[part.entries[-1].start].indent
    below = document.below(part)
    return document.lines[below.start].indent if below is not None else ""


def _style(document: Document, part: Part) -> tuple[int, str]:
    """Return how keys are written: the column of aligned delimiters (else 0), a delimiter with its gaps."""
    for candidate in (*reversed(part.entries), *_all_entries(document)):
        line = document.lines[candidate.start]
        found = _KeyLine.of(line)
        if found.value:
            bare = found.bare_head[:-1]
            key = bare.rstrip()
            gap = len(bare) - len(key)
            column = len(bare) - len(line.indent) if gap > 1 else 0
            return column, bare[len(key) :][:1] + found.head[len(bare) :]
    return 0, " = "


def _all_entries(document: Document) -> Iterator[Entry]:
    for part in document.parts:
        yield from part.entries


def _entry_lines(key: str, value: str, indent: str, style: tuple[int, str]) -> list[str]:
    column, delimiter = style
    gap = delimiter[: len(delimiter) - len(delimiter.lstrip())]
    head = indent + (key + gap).ljust(column) + delimiter.lstrip()
    if not value.startswith("\n"):
        return [(head + value).rstrip()]
    return [head.rstrip(), *_inner_lines(value, indent + _INNER_INDENT)]


def _additions(document: Document, wanted: Changes) -> Iterator[Splice]:
    """Yield the new sections: they go to the end, set apart by a blank line."""
    at = len(document.lines)
    end = document.end_at(at - 1)  # another one could join the last line's into CRLF
    lines: list[Line] = []
    for header, settings in wanted.added.items():
        is_first = not lines and (at == 0 or document.lines[-1].is_blank)
        lines += [] if is_first else [Line("", end)]
        lines.append(Line(f"[{header}]", end))
        style = _style(document, document.parts[-1]) if document.parts else (0, " = ")
        lines += [
            Line(text, end) for key, value in settings.items() for text in _entry_lines(key, value, "", style)
        ]
    if lines:
        yield Splice(at, at, tuple(lines))


def _renaming(document: Document, header: str, new: str) -> Iterator[Splice]:
    for part in document.by_header[header]:
        yield Splice(part.start, part.start + 1, (_renamed(document, part, new),))


def _renamed(document: Document, part: Part, new: str) -> Line:
    line = document.lines[part.start]
    start, stop = line.text.index("[") + 1, line.text.rindex("]")
    return Line(line.text[:start] + new + line.text[stop:], line.end)


def _copy(document: Document, header: str, new: str) -> Splice:
    (part,) = document.by_header[header]
    at = tail(document, part)
    end = document.end_at(at - 1)
    first = _renamed(document, part, new)
    if part.entries and len(first.indent) > len(document.lines[part.entries[-1].start].indent):
        first = Line(first.text.lstrip(), first.end)  # else the key above would swallow it
    body = [Line(line.text, line.end or end) for line in document.lines[part.start + 1 : at]]
    lines = [Line("", end), Line(first.text, first.end or end), *body]
    if at < len(document.lines) and not document.lines[at].is_blank:
        lines.append(Line("", end))
    return Splice(at, at, tuple(lines))


def _removals(document: Document, wanted: Changes, remarks: list[str]) -> Iterator[Splice]:
    """Yield the stretches of lines that go, each once."""
    spans = sorted(extent(document, part) for part in document.parts if part.header in wanted.removed)
    merged: list[tuple[int, int]] = []
    for start, stop in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    gone = [
        index for start, stop in merged for index in range(start, stop) if document.lines[index].is_comment
    ]
    if gone:
        what = "The comment in line" if len(gone) == 1 else "The comments in lines"
        remarks.append(f"{what} {_numbered(gone)} {'is' if len(gone) == 1 else 'are'} removed with it.")
    for start, stop in merged:
        yield Splice(start, stop)
    if merged:
        yield from _rescued_headers(document, wanted)


def _rescued_headers(document: Document, wanted: Changes) -> Iterator[Splice]:
    """Yield the headers that lose indentation, lest the key that is above them now swallows them."""
    kept = [part for part in document.parts if part.header not in wanted.removed]
    for above, below in itertools.pairwise(kept):
        line = document.lines[below.start]
        if above.stop == below.start or not above.entries or not line.indent:
            continue
        depth = len(document.lines[above.entries[-1].start].indent)
        if len(line.indent) > depth:
            rescued = Line(line.indent[:depth] + line.text.lstrip(), line.end)
            yield Splice(below.start, below.start + 1, (rescued,))
