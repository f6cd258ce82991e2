"""What an edit has to come to, worked out from botocore's reading of the files alone.

Two questions are answered for each file: what it must mean afterwards, and which of its old lines may go.
"""

import configparser
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from tests.actions.editing.edits_asked import Asked
from tests.actions.editing.edits_reading import Read, Section, lines_of, meant

SWITCHED_OFF = re.compile(r"\s*[#;]+\s*(?:[\w.-]+\s*[=:]|\[)")


def assert_means(before: Read, after: Read, asked: Asked) -> None:
    """Check that a file means what was asked: every section, in its order, and the profiles made of them."""
    defaults = _changed(before.defaults, asked.changed.get("DEFAULT", {}), {})
    wanted: list[tuple[str | None, Section]] = []
    for header, section in before.sections.items():
        if header in asked.gone:
            continue
        own = {key: value for key, value in section.items() if key in before.own(header)}
        values = _changed(defaults | own, asked.changed.get(header, {}), defaults)
        wanted.append((asked.renamed.get(header), values))
        if header in asked.copied:
            wanted.append((asked.copied[header], values))
    for name, settings in asked.added.items():
        added = {key: meant(value) for key, value in settings.items()}
        wanted.append((name, defaults | added))
    kept = [header for header in before.sections if header not in asked.gone]
    assert [section for _, section in wanted] == list(after.sections.values())
    for (new, _), header in zip(wanted, after.sections, strict=True):
        if new is None:
            assert header in kept
        else:
            assert after.name_of(header, asked.kind) == new
    assert after.defaults == defaults


def _changed(section: Section, changes: dict[str, str | None], defaults: Section) -> Section:
    section = dict(section)
    for key, value in changes.items():
        section.pop(key, None)
        if value is not None:
            section[key] = meant(value)
        elif key in defaults:
            section[key] = defaults[key]
    return section


def assert_untouched(before: Read, after: bytes, asked: Asked) -> None:
    """Check that all lines but those asked for stand there still, to the byte and in their order."""
    old, new = lines_of(before.data), lines_of(after)
    may_go = _may_go(before, asked)
    kept = [line for index, line in enumerate(old) if index not in may_go]
    if (
        old and kept and old[-1] == old[-1].rstrip("\r\n")
    ):  # a file without a final newline has none afterwards
        kept[-1] = kept[-1].rstrip("\r\n")
    extra = _not_among(kept, new)
    if extra is None:
        # what may go may also stay: then it has to be found again
        raise AssertionError(f"a line is lost or changed: {kept!r} is not in {new!r}")
    ends = {line[len(line.rstrip("\r\n")) :] for line in old} - {""} or {"\n"}
    words = [text.strip() for text in _written(asked)]
    survivors = Counter(old[index].strip() for index in may_go)
    for index, line in enumerate(extra):
        text = line.strip()
        end = line[len(line.rstrip("\r\n")) :]
        assert end in ends or (index == len(extra) - 1 and not end), (line, ends)
        if survivors[text]:
            survivors[text] -= 1
            continue
        is_comment = any(text and text[0] in "#;" and old[gone].rstrip().endswith(text) for gone in may_go)
        copied = any(text == line.strip() for line in old) and asked.copied
        assert (
            not text or is_comment or copied or any(word.lower() in text.lower() for word in words if word)
        ), f"{line!r} was not asked for"


def _not_among(kept: list[str], new: list[str]) -> list[str] | None:
    """Return the lines of one list that another does not need as a subsequence; None if it is none."""
    extra, at = [], 0
    for line in new:
        if at < len(kept) and kept[at] in (line, line.rstrip("\r\n")):
            at += 1
        elif "".join(kept[at : at + 2]) == line:  # a CR and an LF that come to stand together: the same bytes
            at += 2
        else:
            extra.append(line)
    return extra if at == len(kept) else None


def _written(asked: Asked) -> Iterator[str]:
    """Yield what new lines may be recognised by."""
    for name in (*asked.added, *asked.renamed.values(), *asked.copied.values()):
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        yield from (name, escaped)
    wanted: list[Mapping[str, str | None]] = [*asked.changed.values(), *asked.added.values()]
    for changes in wanted:
        for key, value in changes.items():
            yield key
            if value is not None and value.startswith("\n"):
                yield from value.split("\n")


def _may_go(before: Read, asked: Asked) -> set[int]:
    """Return the old lines that may go or change (indices)."""
    old = lines_of(before.data)
    taken: set[int] = set()
    located = before.located
    for header, changes in asked.changed.items():
        keys = located.defaults if header == "DEFAULT" else located.sections[header].keys
        for key in changes:
            if key in keys:
                value = keys[key].value
                taken |= set(_lines_of_value(old, keys[key].line - 1, value, changes[key]))
    for header in asked.renamed:
        taken.add(located.sections[header].line - 1)
    for header in asked.gone:
        taken |= _lines_of_section(before, old, header)
    return taken


def _lines_of_value(old: list[str], start: int, value: str, new: str | None) -> Iterator[int]:
    """Yield the lines of one value; comments inside one stay, unless a block takes its place."""
    yield start
    rest = [line for line in value.split("\n")[1:] if line]
    at = start
    while rest:
        at += 1
        text = old[at].strip()
        is_comment = text.startswith(("#", ";"))
        if text and not is_comment:
            assert text == rest.pop(0)
        if not is_comment or (new is not None and new.startswith("\n")):
            yield at


def _lines_of_section(before: Read, old: list[str], header: str) -> set[int]:
    """Return the lines of a section, what introduces it, the blank lines around it, and the next header."""
    starts = _header_lines(old)
    start = before.located.sections[header].line - 1
    stop = next((other for other in starts if other > start), len(old))
    taken = set(range(start, stop)) - _alone(old, start, stop)
    if stop < len(old) and old[stop].lstrip() != old[stop]:
        taken.add(stop)
    at = start - 1
    while at >= 0 and _is_comment(old[at]):
        at -= 1
    if at >= 0:  # what opens the file is about the file
        taken |= set(range(at + 1, start))
    else:
        at = start - 1
    while at >= 0 and not old[at].strip():
        taken.add(at)
        at -= 1
    return taken


class _Headers:
    """Stands in for configparser's SECTCRE, which sees each header, and notes the lines."""

    def __init__(self, lines: list[str]) -> None:
        self.found: list[int] = []
        self._at = -1
        self._lines = lines

    def __iter__(self) -> Iterator[str]:
        for index, line in enumerate(self._lines):
            self._at = index
            yield line.rstrip("\r\n") + "\n"

    def match(self, value: str) -> re.Match[str] | None:
        header = configparser.RawConfigParser.SECTCRE.match(value)
        self.found += [self._at] if header else []
        return header


def _header_lines(old: list[str]) -> list[int]:
    """Return the lines that are headers (indices); an indented one may be a part of the value above it."""
    headers = _Headers(old)
    parser = configparser.RawConfigParser()
    parser.SECTCRE = headers  # type: ignore[assignment]
    parser.read_file(headers)
    return headers.found


def _alone(old: list[str], start: int, stop: int) -> set[int]:
    """Return the comments at the end of a section that a blank line sets apart from it: they stay."""
    last = max(index for index in range(start, stop) if old[index].strip() and not _is_comment(old[index]))
    blank = next((index for index in range(last, stop) if not old[index].strip()), stop)
    return {index for index in range(blank, stop) if _is_comment(old[index])}


def _is_comment(line: str) -> bool:
    return line.strip().startswith(("#", ";"))


def assert_new_keys_stand_with_the_others(before: Read, after: Read, asked: Asked) -> None:
    """Check that a key that is new in a section stands below its last, not below what sets the next apart."""
    lines = lines_of(after.data)
    for header, changes in asked.changed.items():
        section = after.located.sections.get(asked.renamed.get(header, header))
        if section is None or None in changes.values():  # what was last, by itself, may have gone
            continue
        # a comment inside a block that was asked for is no comment of a section
        asked_for = {line.strip() for value in changes.values() for line in str(value or "").splitlines()}
        for key in changes:
            if key in section.keys and key not in before.own(header):
                above = lines[section.keys[key].line - 2]
                if above.strip() in asked_for:
                    continue
                below = lines[section.keys[key].line : section.keys[key].line + 1]
                assert above.strip(), f"{key} stands below a blank line"
                introduces = above[0] in "#;" and not SWITCHED_OFF.match(above)
                assert not introduces or not below or not below[0].startswith("["), above
