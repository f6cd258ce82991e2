"""The guard around every edit: what AWS reads afterwards is exactly what was asked for, or there is no edit.

It does not know how the lines were written. It parses the new text as ``botocore.configloader`` does, works
out from the old meaning and from what is asked what the new meaning has to be, and compares.
"""

import configparser
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from rolecall.actions.editing.document import DEFAULT, Line, Splice
from rolecall.actions.errors import ActionFailed
from rolecall.aws.config_file import Value, nested
from rolecall.text import mask_name
from rolecall.values import dataclass

Sections = Mapping[str, Mapping[str, Value]]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file says.

    Attributes:
        sections: header → key → value, with what ``[DEFAULT]`` leaks into each.
        defaults: the keys of ``[DEFAULT]``.
    """

    sections: Sections = field(repr=False)
    defaults: Mapping[str, Value] = field(repr=False)


@dataclass(slots=True)
class Changes:
    """What is asked of one file; headers are those of the file before it.

    Attributes:
        changes: header → key → the new value, or None where the key is to go. ``DEFAULT`` may be among them.
        added: new sections by header, in order; they go to the end.
        renamed: header → new header.
        removed: headers of the sections that go.
        copied: header → header of the copy, which is put right below the original.
    """

    changes: dict[str, dict[str, str | None]] = field(default_factory=dict, repr=False)
    added: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    renamed: dict[str, str] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    copied: dict[str, str] = field(default_factory=dict)

    def of(self, header: str) -> dict[str, str | None]:
        """Return the changes asked of a section, to add to them."""
        return self.changes.setdefault(header, {})


def parse(text: str) -> Parsed:
    """Read a text as ``botocore.configloader.raw_config_parse`` reads a file, step by step.

    That function takes a path only, and no secret is to be written to a file for its sake.

    Raises:
        configparser.Error, ValueError: where botocore raises ConfigParseError.
    """
    parser = configparser.RawConfigParser()
    parser.read_file(io.StringIO(text, newline=None))  # as a file opened in text mode
    return Parsed(
        sections={
            section: {option: _value(parser.get(section, option)) for option in parser.options(section)}
            for section in parser.sections()
        },
        defaults={option: _default(value) for option, value in parser.defaults().items()},
    )


def _default(text: str) -> Value:
    """Read a value of ``[DEFAULT]``: botocore looks at its blocks only where a section gets them."""
    try:
        return _value(text)
    except ValueError:
        return text


def _value(text: str) -> Value:
    return nested(text) if text.startswith("\n") else text


def meaning(text: str) -> Value:
    """Return what a value that was typed is to mean: text, or a block where it begins with a new line."""
    if not text.startswith("\n"):
        return text
    lines = (line.strip() for line in text.split("\n"))
    return nested("\n".join(line for line in lines if not line.startswith(("#", ";"))))


def expected(before: Parsed, wanted: Changes, own: Mapping[str, frozenset[str]]) -> Parsed:
    """Return what the file has to say afterwards.

    Args:
        before: what it says now.
        wanted: what is asked.
        own: the keys that each section has itself, which ``[DEFAULT]`` does not reach.
    """
    defaults = dict(before.defaults)
    _change(defaults, wanted.changes.get(DEFAULT, {}), {})
    sections: dict[str, Mapping[str, Value]] = {}
    for header, values in before.sections.items():
        if header in wanted.removed:
            continue
        kept = {key: value for key, value in values.items() if key in own.get(header, ())}
        section = defaults | kept
        _change(section, wanted.changes.get(header, {}), defaults)
        sections[wanted.renamed.get(header, header)] = section
        if header in wanted.copied:
            sections[wanted.copied[header]] = dict(section)
    for header, settings in wanted.added.items():
        sections[header] = defaults | {key: meaning(value) for key, value in settings.items()}
    return Parsed(sections, defaults)


def _change(
    section: dict[str, Value], changes: Mapping[str, str | None], defaults: Mapping[str, Value]
) -> None:
    for key, value in changes.items():
        if value is not None:
            section[key] = meaning(value)
        elif key in defaults:
            section[key] = defaults[key]
        else:
            section.pop(key, None)


def verify_text(after: str, wanted: Parsed) -> None:
    """Refuse a text that does not say exactly what it has to.

    Raises:
        ActionFailed: naming the first section and key that would differ, never a value.
    """
    try:
        found = parse(after)
    except (configparser.Error, ValueError):
        raise _refused("AWS tools could not read the file afterwards.") from None
    if list(found.sections) != list(wanted.sections):
        raise _refused("The file's sections would not be those that were asked for.")
    for header, section in wanted.sections.items():
        if found.sections[header] != section:
            keys = ", ".join(map(mask_name, _differing(found.sections[header], section)))
            raise _refused(f"In [{header}] it would also change {keys}, or not change it as asked.")
    if found.defaults != wanted.defaults:
        raise _refused("It would change what [DEFAULT] gives to every section.")


def _differing(one: Mapping[str, Value], other: Mapping[str, Value]) -> list[str]:
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


def _refused(reason: str) -> ActionFailed:
    return ActionFailed(
        "Refused",
        f"This edit cannot be made without changing more than you asked for. {reason} Nothing is written.",
        cure="Edit the file by hand.",
        command="edit",
    )


def check_untouched(before: Sequence[Line], after: str, splices: Iterable[Splice]) -> None:
    """Refuse a text in which anything differs that no splice is about.

    Raises:
        ActionFailed: something was lost or changed.
    """
    at = place = 0
    is_ended = not before or bool(before[-1].end)
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.stop)):
        place = _past(before[at : splice.start], after, place, is_ended=is_ended)
        place += sum(len(line.text) + len(line.end) for line in splice.lines)
        at = splice.stop
    rest = before[at:]
    if rest and _past(rest, after, place, is_ended=is_ended) != len(after):
        raise _refused("Something would be at the end of the file that was not asked for.")


def _past(lines: Sequence[Line], after: str, place: int, *, is_ended: bool) -> int:
    """Return where in a text some lines end that have to begin at a place.

    Where the last line of a file has no end (``is_ended``), that may be another line afterwards.
    """
    if not lines:
        return place  # the end of the line before may be gone with the end of the file
    text = "".join(line.text + line.end for line in lines)
    if not is_ended and after[place:] == text.removesuffix(lines[-1].end):
        return len(after)
    if not after.startswith(text, place):
        raise _refused("A line that has nothing to do with it would be lost.")
    return place + len(text)
