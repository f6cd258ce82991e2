"""Silences findings in rolecall's own settings; the user's comments stay.

The result is a Plan like that of any edit: shown as a diff, saved by ``writing``, reverted by undo.
"""

import copy
from collections.abc import MutableMapping, MutableSequence
from pathlib import Path

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
    after = _added(before or b"", wanted, path)
    return Plan(title, (FileChange(path, None, before, after, diff(before, after)),), (_remark(wanted),))


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


def _added(before: bytes, wanted: Silence, path: Path) -> bytes:
    """Return the file's bytes with one more silence.

    Raises:
        ActionFailed: they are not TOML, or have something else where the list should be.
    """
    try:
        text = before.decode("utf-8")
        old = user_settings.loads(text)
    except (ValueError, RecursionError) as error:
        message = f"the settings are not TOML: {error}"
        raise ActionFailed("Unparseable", message, path=path, cure="correct it in your editor") from error
    after = _with_its_line_ends(_written(text, wanted, path), text)
    expected = copy.deepcopy(old)
    expected.setdefault(SECTION, {}).setdefault(KEY, []).append(wanted.written)
    if user_settings.loads(after) != expected:
        message = "the settings are written in a way that cannot be added to"
        raise ActionFailed("Refused", message, path=path, cure=_by_hand(wanted))
    return after.encode("utf-8")


def _written(text: str, wanted: Silence, path: Path) -> str:
    """Return the text with one more silence, as tomlkit writes it.

    Raises:
        ActionFailed: there is something else in place of the list.
    """
    import tomlkit  # noqa: PLC0415 - only who silences something waits for it

    document = tomlkit.parse(text)
    section = document.setdefault(SECTION, tomlkit.table())
    if not isinstance(section, MutableMapping):
        raise _misplaced(f"{SECTION!r} is not a section", wanted, path)
    silenced = section.setdefault(KEY, tomlkit.array())
    if not isinstance(silenced, MutableSequence):
        raise _misplaced(f"{KEY!r} is not a list", wanted, path)
    silenced.append(wanted.written)
    return tomlkit.dumps(document)


def _misplaced(words: str, wanted: Silence, path: Path) -> ActionFailed:
    return ActionFailed("Refused", f"in the settings {words}", path=path, cure=_by_hand(wanted))


def _by_hand(wanted: Silence) -> str:
    return f"write {wanted.written!r} into the list {KEY!r} below [{SECTION}] in your editor"


def _with_its_line_ends(after: str, before: str) -> str:
    """Return the text with the line ends of the old text."""
    has_crlf = "\r\n" in before and "\n" not in before.replace("\r\n", "")
    return after.replace("\r\n", "\n").replace("\n", "\r\n") if has_crlf else after
