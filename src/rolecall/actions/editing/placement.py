"""In which file and at which line a setting is written."""

import re
from collections.abc import Mapping
from dataclasses import field

from rolecall.actions.editing.transaction import Files, SectionPlace
from rolecall.actions.editing.validation import check_key, check_value
from rolecall.actions.errors import ActionFailed
from rolecall.aws.config_file import FileKind, Value
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.timestamps import END_KEYS
from rolecall.text import first_of, mask, mask_name, shown_inner, shown_value
from rolecall.values import dataclass

KEYS = ("aws_access_key_id", "aws_secret_access_key")
TOKENS = ("aws_session_token", "aws_security_token")
"""Both are the session token for botocore, the second one first."""
_GROUP = frozenset((*KEYS, *TOKENS, *END_KEYS, "aws_account_id"))
MOST_NAMED = 6
"""Profiles that a remark names; more are counted."""
_CREDENTIALS = _GROUP - {"aws_account_id"}


def home_of(files: Files, profile: str, key: str) -> FileKind:
    """Return the file in which a key of a profile takes effect.

    A key that is set is changed where it is in force; credentials win. A part of static keys is written
    with the others, because botocore's providers look for all of them in one file. Any other is written where
    the AWS CLI puts it.
    """
    for wanted in ((key,), KEYS if key in _GROUP else ()):
        for role in (FileKind.CREDENTIALS, FileKind.CONFIG):
            place = files.profile(role, profile)
            if place is not None and any(name in place.values for name in wanted):
                return role
    return FileKind.CREDENTIALS if key in _CREDENTIALS else FileKind.CONFIG


def about_shadows(files: Files, role: FileKind, profile: str, key: str) -> list[str]:
    """Say what the other file makes of a key that is written (or taken from) here."""
    other = FileKind.CONFIG if role is FileKind.CREDENTIALS else FileKind.CREDENTIALS
    place = files.profile(other, profile)
    if place is None or key not in place.values:
        return []
    said = f"The {other} file has {mask_name(key)} = {shown_value(key, place.values[key])} for {profile}"
    if other is FileKind.CREDENTIALS:
        return [f"{said}, which wins over the config file."]
    return [f"{said}, which counts only without one in credentials."]


def about_losers(files: Files, role: FileKind, profile: str) -> list[str]:
    """Say that a profile has several sections, of which the last alone is in force."""
    headers = files.of(role).headers.profiles.get(profile, ())
    if len(headers) < 2:  # noqa: PLR2004
        return []
    *losers, winner = headers
    names = ", ".join(f"[{header}]" for header in losers)
    return [f"[{winner}] is changed: it comes after {names} and replaces it."]


def about_dependants(snapshot: Snapshot, name: str) -> list[str]:
    """Say which profiles use one, directly or through others, and so fail without it."""
    names = [other for other in snapshot.dependants.get(name, ()) if other != name]
    if not names:
        return []
    through: dict[str, None] = {}
    ahead = [*names]
    while ahead:
        for other in snapshot.dependants.get(ahead.pop(), ()):
            if other != name and other not in names and other not in through:
                through[other] = None
                ahead.append(other)
    verb = "uses" if len(names) == 1 else "use"
    said = [f"{first_of(names, MOST_NAMED)} {verb} {name} and will fail without it."]
    if through:
        verb = "does" if len(through) == 1 else "do"
        said.append(
            f"So {verb} {first_of(list(through), MOST_NAMED)}, through {first_of(names, MOST_NAMED)}."
        )
    return said


def about_commands(files: Files, name: str, so: str = "and is not changed") -> list[str]:
    """Say which profiles run a command that may mean a profile by its name; no one but its author knows."""
    word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])")
    users = dict.fromkeys(profile for profile, command in files.commands if word.search(command))
    if not users:
        return []
    return [f"The credential_process of {', '.join(users)} contains the word {name}, {so}."]


@dataclass(frozen=True, slots=True)
class EditableValue:
    """One setting in force.

    Attributes:
        text: the value as it is in the file, a nested block with its lines and comments beginning with a new
            line; None for what must not be shown.
        shown: the value as it may be shown.
        role: the file that it is in.
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
    document = files.editable(place.file.role).document
    found = document.entry(place.header, key)
    if found is None:
        return "".join(f"\n  {inner} = {said}" for inner, said in value.items())
    _, entry = found
    return "".join(f"\n{line.text}" for line in document.lines[entry.start + 1 : entry.stop])


_INNER = re.compile(r"(?P<head>\s*+(?P<key>[^#;=\s](?:[^=]*[^=\s])?)\s*+=\s*+).*")


def unfolded(
    files: Files, profile: str, key: str, value: str | None, file: FileKind | None
) -> tuple[str, str | None]:
    """Return the key and value to set (None: to unset) where a key with a dot may mean one inside a block.

    Args:
        files: the two files.
        profile: the profile.
        key: the key as typed; one that the profile has in just this spelling is that key.
        value: its new value, or None.
        file: the file that was asked for, or None.

    Raises:
        ActionFailed: the outer key has a text for a value, or no line can hold the inner one.
    """
    outer, dot, inner = key.partition(".")
    outer = outer.lower()
    role = home_of(files, profile, outer) if file is None else file
    place = files.profile(role, profile)
    found = {} if place is None else place.values
    if not dot or key.lower() in found:
        return key, value
    check_key(outer)
    check_key(inner)
    current = found.get(outer, "")
    if isinstance(current, str) and current:
        raise ActionFailed(
            "NotApplicable", f"{mask_name(outer)} of {profile} is a text, which has nothing inside."
        )
    is_block = place is not None and not isinstance(current, str)
    lines = block(files, place, outer).split("\n")[1:] if is_block and place is not None else []
    return outer, _changed(lines, inner, value)


def _changed(lines: list[str], inner: str, value: str | None) -> str | None:
    """Return a block with one key changed; None where nothing is left of it."""
    at = [index for index, line in enumerate(lines) if _key(line) == inner]
    if value is None:
        if not at:
            raise ActionFailed("NotApplicable", f"There is no {mask_name(inner)} in the block.")
        lines = [line for index, line in enumerate(lines) if index not in at]
        return "\n" + "\n".join(lines) if any(map(_key, lines)) else None
    check_value(inner, value)
    if value.startswith("\n"):
        raise ActionFailed("Refused", "There is one level of blocks only.")
    if at:  # of several the last counts
        lines[at[-1]] = _INNER.sub(lambda line: line["head"] + value, lines[at[-1]], count=1)
    else:
        model = next((line for line in lines if _key(line)), "")
        lines.append(f"{model[: len(model) - len(model.lstrip())]}{inner} = {value}")
    return "\n" + "\n".join(lines)


def _key(line: str) -> str:
    found = _INNER.fullmatch(line)
    return found["key"] if found else ""
