"""What can be written into an AWS file at all: headers, keys and values that come back as they went in."""

import configparser
import re
import shlex
from collections.abc import Collection, Iterable

from rolecall.actions.editing.document import DEFAULT
from rolecall.actions.editing.verify import meaning
from rolecall.actions.errors import ActionFailed
from rolecall.aws.config_file import FileKind
from rolecall.text import mask_name

PROFILE, SSO_SESSION = "profile", "sso-session"

_HEADER = configparser.RawConfigParser.SECTCRE
_NOT_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NOT_IN_A_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_NOT_IN_A_BLOCK = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SPLITS_A_BLOCK = re.compile(r"[\x85\u2028\u2029]")
_CALLED = {"\x00": "a NUL", "\t": "a tab", "\n": "a line end", "\r": "a line end"}
_STYLED = re.compile(r"(?P<word>\S+\s+)(?P<quote>['\"]?)")


def _check_characters(what: str, text: str, unwanted: re.Pattern[str]) -> None:
    """Refuse a text with a character that no line of the files can hold, or that cannot be seen.

    Args:
        what: it is, for the sentence, which quotes nothing of it.
        text: what is to be written.
        unwanted: the characters.

    Raises:
        ActionFailed: naming the first of them.
    """
    found = unwanted.search(text)
    if found is not None:
        raise _refused(f"{what} cannot contain {_called(found[0])}.")


def _called(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # how Python hands over an argument that does not decode
        return "bytes that are no text"
    code = f"U+{ord(character):04X}"
    half = "\ud800" <= character <= "\udfff"
    return _CALLED.get(character, f"half a character ({code})" if half else f"a control character ({code})")


def check_new_name(name: str) -> None:
    """Refuse a name that cannot be typed, seen, or written into either file.

    Raises:
        ActionFailed: saying what is wrong with it.
    """
    if not name:
        raise _refused("A name cannot be empty.")
    if name != name.strip():
        raise _refused("A name cannot begin or end with a blank.")
    _check_characters("A name", name, _NOT_IN_A_NAME)
    if "[" in name or "]" in name:
        raise _refused("A name cannot contain brackets: they end the header.")


def header_of(name: str, role: FileKind, kind: str = PROFILE) -> str:
    """Return the header for a name: raw in credentials, quoted where it must be in config.

    Raises:
        ActionFailed: no header gives the name back.
    """
    return _first(_candidates(name, role, kind), name, role, kind, ())


def header_in_style(
    header: str, name: str, role: FileKind, kind: str = PROFILE, taken: Collection[str] = ()
) -> str:
    """Return the header for a new name in the manner of an old one: its spaces and quotes.

    Args:
        header: the old one.
        name: the new name.
        role: which file it is.
        kind: the word that it begins with in config.
        taken: headers that the file has already: a name may have several.

    Raises:
        ActionFailed: no header gives the name back.
    """
    styled = _STYLED.match(header)
    plain = _candidates(name, role, kind)
    if role is FileKind.CREDENTIALS or styled is None or header == "default" or plain[0] == "default":
        return _first(plain, name, role, kind, taken)
    own = f"{styled['word']}{styled['quote']}{name}{styled['quote']}"
    return _first((own, *plain), name, role, kind, taken)


def _candidates(name: str, role: FileKind, kind: str) -> tuple[str, ...]:
    if role is FileKind.CREDENTIALS:
        return (name,)
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    forms = (f"{kind} {name}", f"{kind} {quoted}", f"{kind} '{name}'", f"{kind}  {quoted}", f"{kind}  {name}")
    return ("default", *forms) if (kind, name) == (PROFILE, "default") else forms


def _first(candidates: Iterable[str], name: str, role: FileKind, kind: str, taken: Collection[str]) -> str:
    for header in candidates:
        if header not in taken and _gives_back(header, name, role, kind):
            return header
    raise _refused(f"No header in the {role} file can hold this name.")


def _gives_back(header: str, name: str, role: FileKind, kind: str) -> bool:
    """Whether botocore takes a header for that name (``configloader.build_profile_map``)."""
    found = _HEADER.match(f"[{header}]")
    if found is None or found["header"] != header or header == DEFAULT:
        return False
    if role is FileKind.CREDENTIALS:
        return header == name
    if kind == PROFILE and header == "default":
        return name == header
    try:
        parts = shlex.split(header)
    except ValueError:
        return False
    return header.startswith(kind) and len(parts) == 2 and parts[1] == name  # noqa: PLR2004


def check_key(key: str) -> str:
    """Return a key as botocore has it, in lower case.

    Raises:
        ActionFailed: no line can hold it.
    """
    name = key.lower()
    if not name or name != name.strip():
        raise _refused("A key cannot be empty, or begin or end with a blank.")
    _check_characters("A key", name, _NOT_IN_A_NAME)
    if re.search(r"[=:\[\]]", name):
        raise _refused("A key cannot contain '=', ':' or brackets.")
    if name.startswith(("#", ";")):
        raise _refused("A key cannot begin with '#' or ';': that is a comment.")
    return name


def check_value(key: str, value: str) -> None:
    """Refuse a value that would be read otherwise than it was typed.

    Raises:
        ActionFailed: naming the key, never the value.
    """
    shown = mask_name(key)
    is_block = value.startswith("\n")
    if not is_block and ("\n" in value or "\r" in value):
        raise _refused(f"The value of {shown} has several lines: only a nested block can.")
    _check_characters(f"The value of {shown}", value, _NOT_IN_A_BLOCK if is_block else _NOT_IN_A_VALUE)
    if is_block:
        _check_block(shown, value)
    elif value != value.strip():
        raise _refused(f"The value of {shown} cannot begin or end with a blank: AWS tools drop it.")


def _check_block(key: str, value: str) -> None:
    if _SPLITS_A_BLOCK.search(value):
        raise _refused(f"The block of {key} contains characters that break its lines.")
    try:
        pairs = meaning(value)
    except ValueError:
        raise _refused(f"Every line in the block of {key} must read 'key = value'.") from None
    if not pairs:
        raise _refused(f"The block of {key} is empty: unset the key instead.")


def _refused(message: str) -> ActionFailed:
    return ActionFailed("Refused", message)
