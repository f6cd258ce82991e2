"""What an edit asks of each file, or that it has to be refused: worked out from the files alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from rolecall.aws.config_file import FileKind
from tests.actions.editing.edits_reading import Read
from tests.actions.editing.files_at_random import Edit

CREDENTIALS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token")
ENDS = ("x_security_token_expires", "expiration", "aws_expiration", "aws_session_token_expiration")


@dataclass
class Asked:
    """What one file has to be afterwards.

    Attributes:
        changed: header → key → new value, or None.
        added: name → settings of a new section.
        gone, renamed, copied: headers.
    """

    changed: dict[str, dict[str, str | None]] = field(default_factory=dict)
    added: dict[str, dict[str, str]] = field(default_factory=dict)
    kind: str = "profile"
    gone: set[str] = field(default_factory=set)
    renamed: dict[str, str] = field(default_factory=dict)
    copied: dict[str, str] = field(default_factory=dict)


Files = dict[FileKind, Read]


def home_of(files: Files, name: str, key: str) -> FileKind:
    """Say where a key takes effect: where it is in force, else with its group, else as with the CLI."""
    for keys in ((key,), CREDENTIALS[:2] if key in (*CREDENTIALS, *ENDS, "aws_account_id") else ()):
        for role in (FileKind.CREDENTIALS, FileKind.CONFIG):
            if any(one in files[role].values(name) for one in keys):
                return role
    return FileKind.CREDENTIALS if key in (*CREDENTIALS, *ENDS) else FileKind.CONFIG


def has_bad_name(name: str) -> bool:
    return not name or name != name.strip() or bool(re.search(r"[\[\]\x00-\x1f\x7f]", name))


def has_bad_key(key: str) -> bool:
    return not key or key != key.strip() or bool(re.search(r"[=:\[\]\n\x00]|^[#;]", key))


def has_bad_value(value: str) -> bool:
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", value):
        return True
    if not value.startswith("\n"):
        return value != value.strip() or bool(re.search(r"[\r\n]", value))
    lines = [line.strip() for line in value.split("\n")]
    lines = [line for line in lines if line and not line.startswith(("#", ";"))]
    return not lines or any("=" not in line for line in lines)


class Impossible(Exception):  # noqa: N818 - it is an answer
    """The edit has to be refused."""


def ask(files: Files, edit: Edit) -> dict[FileKind, Asked]:
    """Return what an edit asks of each file; raises Impossible where it must be refused."""
    asked = {role: Asked() for role in FileKind}
    _ASKED[edit.what](files, edit, asked)
    for role in FileKind:
        spoilt = any(str(value).startswith("\n") for value in files[role].defaults.values())
        if spoilt and asked[role].added:  # a section would leak what botocore cannot parse
            raise Impossible
    return asked


def _exists(files: Files, name: str) -> bool:
    return any(files[role].headers(name) for role in FileKind)


def _require(files: Files, name: str, *, there: bool) -> None:
    if _exists(files, name) is not there or (not there and has_bad_name(name)):
        raise Impossible


def _put(  # noqa: PLR0917
    files: Files, asked: dict[FileKind, Asked], edit: Edit, final: str, key: str, value: str
) -> None:
    if has_bad_key(key) or has_bad_value(value):
        raise Impossible
    role = edit.file or home_of(files, edit.name, key.lower())
    header = files[role].in_force(edit.name)
    if header is None:
        if role is FileKind.CREDENTIALS and final in ("", "DEFAULT"):  # [] is no header, [DEFAULT] no profile
            raise Impossible
        asked[role].added.setdefault(final, {})[key.lower()] = value
    else:
        asked[role].changed.setdefault(header, {})[key.lower()] = value


def _take(files: Files, asked: dict[FileKind, Asked], edit: Edit, key: str) -> bool:
    found = False
    for role in FileKind if edit.file is None else (edit.file,):
        header = files[role].in_force(edit.name)
        if header is not None and key.lower() in files[role].own(header):
            asked[role].changed.setdefault(header, {})[key.lower()] = None
            found = True
    return found


def _set(files: Files, edit: Edit, asked: dict[FileKind, Asked]) -> None:
    if not _exists(files, edit.name) and has_bad_name(edit.name):
        raise Impossible
    ((key, value),) = edit.changes
    assert value is not None
    _put(files, asked, edit, edit.name, key, value)


def _unset(files: Files, edit: Edit, asked: dict[FileKind, Asked]) -> None:
    _require(files, edit.name, there=True)
    if not _take(files, asked, edit, edit.changes[0][0]):
        raise Impossible


def _change(files: Files, edit: Edit, asked: dict[FileKind, Asked]) -> None:
    _require(files, edit.name, there=True)
    final = edit.name if edit.new is None else edit.new
    if final != edit.name:
        _rename(files, edit, asked)
    for key, value in edit.changes:
        if value is None:
            _take(files, asked, edit, key)
        else:
            _put(files, asked, edit, final, key, value)


def _add(files: Files, edit: Edit, asked: dict[FileKind, Asked]) -> None:
    _require(files, edit.name, there=False)
    for key, value in edit.changes:
        assert value is not None
        _put(files, asked, edit, edit.name, key, value)
    if not edit.changes:
        asked[FileKind.CONFIG].added[edit.name] = {}


def _duplicate(files: Files, edit: Edit, asked: dict[FileKind, Asked]) -> None:
    assert edit.new is not None
    _require(files, edit.name, there=True)
    _require(files, edit.new, there=False)
    for role in FileKind:
        header = files[role].in_force(edit.name)
        if header is not None:
            asked[role].copied[header] = edit.new


def _rename(files: Files, edit: Edit, asked: dict[FileKind, Asked]) -> None:
    assert edit.new is not None
    _require(files, edit.name, there=True)
    if edit.new == edit.name:
        return
    _require(files, edit.new, there=False)
    for role in FileKind:
        asked[role].renamed |= dict.fromkeys(files[role].headers(edit.name), edit.new)
        located = files[role].located
        owners = {"DEFAULT": located.defaults} | {header: at.keys for header, at in located.sections.items()}
        for header, keys in owners.items():
            if "source_profile" in keys and keys["source_profile"].value == edit.name:
                asked[role].changed.setdefault(header, {})["source_profile"] = edit.new


def _remove(files: Files, edit: Edit, asked: dict[FileKind, Asked]) -> None:
    _require(files, edit.name, there=True)
    for role in FileKind:
        asked[role].gone = set(files[role].headers(edit.name))


def _change_session(files: Files, edit: Edit, asked: dict[FileKind, Asked]) -> None:
    asked[FileKind.CONFIG].kind = "sso-session"
    if any(has_bad_key(key) or (value is not None and has_bad_value(value)) for key, value in edit.changes):
        raise Impossible
    header = files[FileKind.CONFIG].in_force(edit.name, "sso-session")
    if header is None:
        settings = {key: value for key, value in edit.changes if value is not None}
        asked[FileKind.CONFIG].added[edit.name] = settings
        return
    own = files[FileKind.CONFIG].own(header)
    asked[FileKind.CONFIG].changed[header] = {
        key: value for key, value in edit.changes if value is not None or key in own
    }


def _put_credentials(files: Files, edit: Edit, asked: dict[FileKind, Asked]) -> None:
    wanted = dict(edit.changes)
    header = files[FileKind.CREDENTIALS].in_force(edit.name)
    if header is None:
        if edit.name in ("", "DEFAULT"):
            raise Impossible
        asked[FileKind.CREDENTIALS].added[edit.name] = {k: v for k, v in wanted.items() if v is not None}
        return
    own = files[FileKind.CREDENTIALS].own(header)
    gone = dict.fromkeys(key for key in (*CREDENTIALS, *ENDS, "aws_account_id") if key in own)
    asked[FileKind.CREDENTIALS].changed[header] = gone | wanted


_ASKED: dict[str, Callable[[Files, Edit, dict[FileKind, Asked]], None]] = {
    "set_setting": _set,
    "unset_setting": _unset,
    "change_profile": _change,
    "add_profile": _add,
    "duplicate_profile": _duplicate,
    "rename_profile": _rename,
    "remove_profile": _remove,
    "change_session": _change_session,
    "put_credentials": _put_credentials,
}
