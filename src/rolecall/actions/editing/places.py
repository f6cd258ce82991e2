"""Where in a file things go: what a comment belongs to, where a new key is put, how much a section is.

A parser does not say what a comment is about; people do, by where they put it:

- comment lines directly above a header introduce that section, unless they open the file, are indented deeper
  than it, or are settings or a section that someone has switched off;
- comment lines directly below a key, or a header, belong to that section;
- what stands alone between blank lines belongs to nobody, and stays where it is.
"""

import re

from rolecall.actions.editing.document import Document, Part

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
    """Return the index after the last line that belongs to a section: there a new key goes."""
    at = part.entries[-1].stop if part.entries else part.start + 1
    below = document.below(part)
    limit = part.stop if below is None else introduction(document, below)
    while at < limit and document.lines[at].is_comment:
        at += 1
    return at


def extent(document: Document, part: Part) -> tuple[int, int]:
    """Return the lines that go when a section goes: its introduction, itself, one stretch of blank lines."""
    start, stop = introduction(document, part), tail(document, part)
    at = stop
    while at < part.stop and document.lines[at].is_blank:
        at += 1
    if at == len(document.lines):  # the last one: the blank lines above are those that set it apart
        while start > 0 and document.lines[start - 1].is_blank:
            start -= 1
    return start, at
