"""The user's own keys: ``[keys]`` of settings.toml, by the names of the commands."""

from collections.abc import Iterator, Mapping

from textual.binding import Binding
from textual.keys import Keys, _character_to_key

from rolecall.tui.commands import COMMANDS, key_name
from rolecall.tui.panes.tree import ProfileTree
from rolecall.tui.widgets.list_view import Rows
from rolecall.values import dataclass

_NAMES = {
    "esc": "escape", "del": "delete", "ins": "insert", "return": "enter",
    "pgup": "pageup", "pgdn": "pagedown",
}  # fmt: skip
"""Short names of keys, as they are on keyboards and in rolecall's own help."""
_KNOWN = frozenset(
    [
        *(key.value for key in Keys if "+" not in key.value and "<" not in key.value),
        *(_character_to_key(chr(code)) for code in range(0x20, 0x7F)),
    ]
)
_MODIFIERS = ("alt", "ctrl", "hyper", "meta", "shift", "super")


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys that the user has changed.

    Attributes:
        keys: by the command's id, comma-separated, as Textual takes them.
        problem: what is wrong with them, a sentence without its full stop; None where nothing is.
    """

    keys: Mapping[str, str]
    problem: str | None = None


def default_keys() -> dict[str, str]:
    """Return the keys of everything that has a name in the settings, comma-separated."""
    movements = [each for each in (*Rows.BINDINGS, *ProfileTree.BINDINGS) if isinstance(each, Binding)]
    return {
        **{command.id: command.key for command in COMMANDS},
        **{each.id: each.key for each in movements if each.id is not None},
    }


def keymap(written: Mapping[str, tuple[str, ...]]) -> Keymap:
    """Return the keymap for what is in the settings.

    Args:
        written: the keys by the command's id, as the user has written them.
    """
    defaults = default_keys()
    keys: dict[str, str] = {}
    problems: list[str] = []
    for name, given in written.items():
        found = [textual_key(each) for each in given]
        unknown = next((each for each, key in zip(given, found, strict=True) if key is None), None)
        if name not in defaults:
            problems.append(f"[keys] {name}: there is no command of this name{_meant(name, defaults)}")
        elif unknown is not None:
            problems.append(f"[keys] {name}: there is no key {unknown!r}")
        else:
            keys[name] = ",".join(key for key in found if key is not None)
    problems += _clashes(keys, defaults)
    return Keymap(keys, "; ".join(problems) or None)


def _meant(name: str, known: Mapping[str, str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - few misspell a name

    close = get_close_matches(name, known, 1)
    return f"; {close[0]}?" if close else ""


def _clashes(keys: Mapping[str, str], defaults: Mapping[str, str]) -> Iterator[str]:
    """Yield what a changed key no longer does, or cannot do because two have it."""
    taken: dict[str, str] = {}
    for name, given in keys.items():
        for key in given.split(","):
            other = taken.setdefault(key, name)
            if other != name:
                yield f"[keys] {key_name(key)} is the key of {other} and of {name}"
    for name, given in defaults.items():
        for key in given.split(",") if name not in keys else ():
            if key in taken:
                yield f"[keys] {key_name(key)} is now {taken[key]}, and no longer {name}"


def textual_key(written: str) -> str | None:
    """Return Textual's name for a key as a person writes it ("?", "ctrl+k", "^k", "F5"); None for none."""
    text = written.strip() or written
    if text.startswith("^") and len(text) > 1:
        text = f"ctrl+{text[1:]}"
    text = text.replace("shift ", "shift+")  # as the help shows it
    before, plus, name = text[:-1].rpartition("+")
    name += text[-1:]
    modifiers = sorted({each.lower() for each in before.split("+")}) if plus else []
    if len(name) == 1 and name.isprintable():
        name = _character_to_key(name.lower() if {"ctrl", "alt"} & {*modifiers} else name)
        if modifiers == ["shift"] and len(name) == 1:
            return name.upper()
    else:
        name = name.lower().replace(" ", "")
        name = _NAMES.get(name, name)
    is_known = name in _KNOWN or (len(name) == 1 and name.isprintable())
    return "+".join((*modifiers, name)) if is_known and {*modifiers} <= {*_MODIFIERS} else None
