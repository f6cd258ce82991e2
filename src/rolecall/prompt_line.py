"""The line for a shell's prompt, from what was worked out the last time.

A prompt waits for it each time, so this module imports next to nothing, and reads one small file, which is
there for who asks for it (``--remember``): looking alone writes nothing. The file has the answer, the time
until which it holds, and a stamp of each file that it was worked out from. If any of that has changed,
``rolecall.cli.prompt`` works it out again, as everything else in rolecall does, and writes the file anew.
There is no secret in it: names, a state and times.
"""

import os
import sys
import time
import zlib

from rolecall import __version__

NAME = "prompt"
REMEMBER = "--remember"
DEFAULT = "{glyph} {profile} {left} {mark}"
PLACES = ("profile", "state", "glyph", "left", "severity", "mark", "account", "region")
"""What a format may name in braces."""
SHELLS = ("bash", "zsh", "fish", "starship", "powerlevel10k", "tmux")
"""What reads the line, and has characters of its own that mean something in it."""
LARGEST = 1 << 20
"""Bytes of the file that are read at most."""
_HEAD = f"rolecall prompt 1 {__version__}"
_FIRST = ("AWS", "BOTO", "XDG_", "ROLECALL")
_OTHERS = ("HOME", "USERPROFILE", "PATH", "TZ", "LANG", "LC_ALL", "LC_CTYPE", "TERM")
_SECRET = ("SECRET", "TOKEN", "PASSWORD")
_GREEN, _YELLOW, _RED = "green", "yellow", "red"
_COLOURS = {
    "●": _GREEN,
    "∞": _GREEN,
    "↻": _GREEN,
    "◐": _YELLOW,
    "△": _YELLOW,
    "✗": _RED,
    "!": _RED,
    "▲": _RED,
}
_ANSI = {_GREEN: "32", _YELLOW: "33", _RED: "31"}
_AROUND = {"bash": ("\x01", "\x02"), "zsh": ("%{", "%}"), "powerlevel10k": ("%{", "%}")}
"""What tells a shell that no cell is taken by what is between."""
_DOUBLED = {"zsh": "%", "powerlevel10k": "%", "tmux": "#"}
"""The character that means something in the line, and itself where it is doubled."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def quick_line(arguments: list[str]) -> str | None:
    """Return the line for these arguments; None where it has to be worked out, or they are not understood."""
    if REMEMBER not in arguments:
        return None
    wanted = options([each for each in arguments if each != REMEMBER])
    path = memory_path(os.environ, sys.platform)
    if wanted is None or path is None:
        return None
    values = recall(path, time.time())
    return None if values is None else line(values, time.time(), *wanted)


def options(arguments: list[str]) -> tuple[str, str, bool] | None:
    """Return the format, the shell and whether there are colours; None for anything out of the ordinary."""
    form, shell, is_coloured = DEFAULT, "", False
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        name, sign, value = word.partition("=")
        if word == "--color":
            is_coloured = True
        elif name in ("--format", "--shell") and (sign or rest):
            given = value if sign else rest.pop(0)
            form, shell = (given, shell) if name == "--format" else (form, given)
        else:
            return None
    is_known = (not shell or shell in SHELLS) and unknown_place(form) is None
    return (form, shell, is_coloured) if is_known else None


def unknown_place(form: str) -> str | None:
    """Return the first name in braces that a format cannot have; None where there is none."""
    for part in form.split("{")[1:]:
        name, brace, _ = part.partition("}")
        if not brace or name not in PLACES:
            return name
    return None


def memory_path(environ: "os._Environ[str] | dict[str, str]", platform: str) -> str | None:
    """Return the file for this environment; None where nothing is remembered.

    Shells with other variables have other files. Of what may be secret it counts only whether it is set.
    """
    home = environ.get("HOME", "")
    if platform == "win32" or not os.path.isabs(home):  # noqa: PTH117 - pathlib takes longer than all the rest
        return None
    state = environ.get("XDG_STATE_HOME", "").strip() or f"{home}/.local/state"
    if platform == "darwin":
        state = f"{home}/Library/Application Support"
    parts = []
    for name in sorted(environ):
        if name.startswith(_FIRST) or name in _OTHERS:
            is_secret = any(word in name for word in _SECRET)
            parts.append(f"{name}={bool(environ[name]) if is_secret else environ[name]}")
    data = "\0".join(parts).encode("utf-8", "surrogateescape")
    return f"{state}/rolecall/{NAME}/{zlib.crc32(data):08x}{zlib.adler32(data):08x}"


def recall(path: str, now: float) -> dict[str, str] | None:
    """Return what was worked out, where it still holds."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123 - see above
            head, until, count, *rest = file.read(LARGEST).split("\n")
        since, end = until.split()
        stamped = int(count)
        if head != _HEAD or not float(since) <= now < float(end):
            return None
        for each in rest[:stamped]:
            mark, _, name = each.partition(" ")
            if stamp(name) != mark:
                return None
        return dict(each.split(" ", 1) for each in rest[stamped:] if " " in each)
    except (OSError, ValueError):
        return None


def memory(values: dict[str, str], since: float, until: float, stamps: list[tuple[str, str]]) -> str | None:
    """Return the content of the file; None where the name of a file keeps it from being written.

    Args:
        values: what was worked out, by the names in ``PLACES``; and ``end``, in seconds since the epoch.
        since: when it was.
        until: up to when it holds if no file changes.
        stamps: the files that it was worked out from, each with its stamp before that.
    """
    lines = [
        *(f"{mark} {path}" for mark, path in stamps),
        *(f"{name} {text}" for name, text in values.items()),
    ]
    if any("\n" in each for each in lines):
        return None
    return "\n".join((_HEAD, f"{since} {until}", str(len(stamps)), *lines))


def stamp(path: str) -> str:
    """Return what changes if a file is written: its time, size and number; ``-`` where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - see above
    except (OSError, ValueError):
        return "-"
    return f"{found.st_mtime_ns}:{found.st_size}:{found.st_ino}"


def line(values: dict[str, str], now: float, form: str, shell: str, is_coloured: bool) -> str:  # noqa: FBT001
    """Return the line; empty where there is no profile.

    A blank before an empty value is left out.
    """
    if not values.get("profile"):
        return ""
    end = values.get("end", "")
    shown = {**values, "left": time_left(float(end) - now) if end else ""}
    head, *parts = form.split("{")
    text = _escaped(head, shell)
    for part in parts:
        name, _, after = part.partition("}")
        value = _escaped(shown.get(name, ""), shell)
        if not value:
            text = text.removesuffix(" ")
        elif is_coloured and value in _COLOURS:
            value = _coloured(value, shell)
        text += value + _escaped(after, shell)
    return text.strip()


def _escaped(text: str, shell: str) -> str:
    sign = _DOUBLED.get(shell)
    return text.replace(sign, sign * 2) if sign is not None else text


def _coloured(sign: str, shell: str) -> str:
    colour = _COLOURS[sign]
    if shell == "tmux":
        return f"#[fg={colour}]{sign}#[default]"
    before, after = _AROUND.get(shell, ("", ""))
    return f"{before}\x1b[{_ANSI[colour]}m{after}{sign}{before}\x1b[0m{after}"


def time_left(seconds: float) -> str:
    """Return a time in one unit, or two from an hour on: it changes once a minute. The past is ``ago``."""
    whole = int(abs(seconds))
    if whole < _MINUTE:
        text = f"{whole}s"
    elif whole < _HOUR:
        text = f"{whole // _MINUTE}m"
    elif seconds < 0:
        text = f"{whole // _DAY}d" if whole >= _DAY else f"{whole // _HOUR}h"
    elif whole < _DAY:
        text = f"{whole // _HOUR}h {whole % _HOUR // _MINUTE:02d}m"
    else:
        text = f"{whole // _DAY}d {whole % _DAY // _HOUR}h"
    return text if seconds > 0 else f"{text} ago"
