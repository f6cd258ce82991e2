"""Silences findings in rolecall's own settings; the user's comments stay.

The result is a Plan like that of any edit: shown as a diff, saved by ``writing``, reverted by undo.
"""

from collections.abc import Callable, Collection, MutableMapping, MutableSequence
from functools import partial
from pathlib import Path
from typing import Any

from rolecall import user_settings
from rolecall.actions.editing.diff import diff
from rolecall.actions.errors import ActionFailed, require_home
from rolecall.actions.plan import FileChange, Plan
from rolecall.host import Host, read_limited
from rolecall.text import mask, mask_header
from rolecall.user_settings import Silence

SECTION, KEY = "findings", "silence"


def silence(host: Host, code: str, subject: str | None = None) -> Plan:
    """Plan to silence a rule, everywhere or (with a subject) for one subject; writes nothing.

    Args:
        host: the Host with the settings.
        code: the rule's code; the caller checks that there is such a rule.
        subject: the subject's name; None for every subject.

    Raises:
        ActionFailed: the settings cannot be read or cannot be added to, or the subject's name looks like a
            secret.
    """
    if subject is not None and mask(mask_header(subject)) != subject:
        message = "the name of its subject looks like a secret, which must not be written to another file"
        raise ActionFailed("Refused", message, cure=f"fix it, or silence {code} for every subject")
    wanted = Silence(code, subject)
    path = host.settings_file
    require_home(host, path)
    before = _read(path)
    title = f"Silence {code}" if subject is None else f"Silence {code} for {subject}"
    if any(each in (Silence(code), wanted) for each in user_settings.read_settings(host).silences):
        return Plan(title, (), ("It is silenced already.",))
    after = _changed(before or b"", path, partial(_with, wanted=wanted, path=path), _by_hand(wanted))
    return Plan(title, (FileChange(path, None, before, after, diff(before, after)),), (_remark(wanted),))


def unsilence(host: Host, code: str, subject: str) -> Plan:
    """Plan to have a finding reported again: what silences it, for its subject or for all, is removed.

    Args:
        host: the Host with the settings.
        code: the rule's code.
        subject: the subject's name.

    Raises:
        ActionFailed: the settings cannot be read, or it cannot be removed from them.
    """
    path = host.settings_file
    require_home(host, path)
    before = _read(path)
    title = f"Unsilence {code} for {subject}"
    covering = Silence.covering(code, subject)
    silences = user_settings.read_settings(host).silences
    unwanted = [each.written for each in covering if each in silences]
    if before is None or not unwanted:
        return Plan(title, (), ("It is not silenced.",))
    cure = f"remove {' and '.join(map(repr, unwanted))} from the list {KEY!r} in your editor"
    after = _changed(before, path, partial(_without, unwanted=unwanted), cure)
    remarks = () if covering[0].written not in unwanted else (f"{code} will be reported for every subject.",)
    return Plan(title, (FileChange(path, None, before, after, diff(before, after)),), remarks)


def _remark(wanted: Silence) -> str:
    whose = "" if wanted.subject is None else " for this subject"
    return f"This will no longer be reported{whose}; remove {wanted.written!r} from the file to undo that."


def _read(path: Path) -> bytes | None:
    try:
        return read_limited(path, user_settings.LARGEST)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        message = f"the settings cannot be read: {error.strerror}"
        raise ActionFailed("Unwritable", message, path=path, cure="check its owner and mode") from error


def _changed(
    before: bytes, path: Path, change: Callable[[MutableMapping[str, Any]], None], cure: str
) -> bytes:
    """Return the file's bytes after a change, as tomlkit writes them: what it does not touch stays.

    Args:
        before: the bytes.
        path: the file.
        change: makes the change, both in tomlkit's document and in what any parser reads.
        cure: what to do where the change cannot be made.

    Raises:
        ActionFailed: they are not TOML, or the change would change something else as well.
    """
    try:
        text = before.decode("utf-8")
        expected = user_settings.loads(text)
    except (ValueError, RecursionError) as error:
        message = f"the settings are not TOML: {error}"
        raise ActionFailed("Unparseable", message, path=path, cure="correct it in your editor") from error
    import tomlkit  # noqa: PLC0415 - only who silences something waits for it

    document = tomlkit.parse(text)
    change(document)
    after = _with_its_line_ends(tomlkit.dumps(document), text)
    change(expected)
    if user_settings.loads(after) != expected:
        message = "the settings are written in a way that cannot be changed"
        raise ActionFailed("Refused", message, path=path, cure=cure)
    return after.encode("utf-8")


def _with(settings: MutableMapping[str, Any], wanted: Silence, path: Path) -> None:
    """Add a silence.

    Raises:
        ActionFailed: there is something else in place of the list.
    """
    section = settings.setdefault(SECTION, {})
    if not isinstance(section, MutableMapping):
        raise _misplaced(f"{SECTION!r} is not a section", wanted, path)
    silenced = section.setdefault(KEY, [])
    if not isinstance(silenced, MutableSequence):
        raise _misplaced(f"{KEY!r} is not a list", wanted, path)
    silenced.append(wanted.written)


def _without(settings: MutableMapping[str, Any], unwanted: Collection[str]) -> None:
    """Remove silences, which are there."""
    silenced = settings[SECTION][KEY]
    for index in reversed(range(len(silenced))):
        if silenced[index] in unwanted:
            del silenced[index]


def _misplaced(words: str, wanted: Silence, path: Path) -> ActionFailed:
    return ActionFailed("Refused", f"in the settings {words}", path=path, cure=_by_hand(wanted))


def _by_hand(wanted: Silence) -> str:
    return f"write {wanted.written!r} into the list {KEY!r} below [{SECTION}] in your editor"


def _with_its_line_ends(after: str, before: str) -> str:
    """Return the text with the line ends of the old text."""
    has_crlf = "\r\n" in before and "\n" not in before.replace("\r\n", "")
    return after.replace("\r\n", "\n").replace("\n", "\r\n") if has_crlf else after
