"""A profile's settings as they stand in the files, for a form to start from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rolecall.actions.editing.transaction import Files, SectionPlace
from rolecall.aws.config_file import FileKind, Value
from rolecall.aws.snapshot import Snapshot
from rolecall.text import mask, shown_inner, shown_value


@dataclass(frozen=True, slots=True)
class EditableValue:
    """One setting in force.

    Attributes:
        text: the value as it stands, a nested block with its lines and comments beginning with a new line;
            None for what must not be shown.
        shown: the value as it may be shown.
        role: the file that it stands in.
        is_secret: whether it can be replaced only, never shown.
    """

    text: str | None = field(repr=False)
    shown: str
    role: FileKind
    is_secret: bool


def raw_values(snapshot: Snapshot, profile: str) -> Mapping[str, EditableValue]:
    """Return the settings in force of a profile by key, in the order of the files; none for an unknown one.

    Raises:
        ActionFailed: a file cannot be read.
    """
    files = Files.now(snapshot)
    values: dict[str, EditableValue] = {}
    for role in FileKind:  # credentials last: they win
        place = files.profile(role, profile)
        if place is not None:
            values |= {key: _editable(files, place, key, value) for key, value in place.values.items()}
    return values


def _editable(files: Files, place: SectionPlace, key: str, value: Value) -> EditableValue:
    role = place.file.role
    shown = shown_value(key, value)
    text = value if isinstance(value, str) else block(files, place, key)
    is_secret = mask(text) != text or (isinstance(value, str) and shown != value)
    if not isinstance(value, str):
        is_secret = is_secret or any(shown_inner(key, inner, said) != said for inner, said in value.items())
        is_secret = is_secret or any(line.lstrip().startswith(("#", ";")) for line in text.split("\n"))
    return EditableValue(None if is_secret else text, shown, role, is_secret)


def block(files: Files, place: SectionPlace, key: str) -> str:
    """Return the lines of a nested block; those that ``[DEFAULT]`` gives are written anew."""
    value = place.values[key]
    assert not isinstance(value, str)  # noqa: S101 - for the type checker: it is a block
    document = files.sheet(place.file.role).document
    found = document.entry(place.header, key)
    if found is None:
        return "".join(f"\n  {inner} = {said}" for inner, said in value.items())
    _, entry = found
    return "".join(f"\n{line.text}" for line in document.lines[entry.start + 1 : entry.stop])
