"""Opens a file in the user's own editor, at the line."""

import re
import shlex
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from rolecall.actions import programs
from rolecall.actions.errors import ActionFailed
from rolecall.host import Host

_VS_CODE = r"code(-insiders|-oss)?|v?s?codium|cursor|windsurf"
_PLUS = re.compile(
    r"[ng]?vim?|mvim|view|ex|vis|r?nano|pico|emacs(client)?|jmacs|zile|mg|jed|joe|ne|micro|kak|mcedit|gedit"
)
"""Editors that take ``+LINE`` before the file."""
_COLON = re.compile(r"hx|helix|subl|sublime_text|zed|zeditor")
"""Editors that take ``FILE:LINE``."""
_GOTO = re.compile(_VS_CODE)
"""Editors that take ``--goto FILE:LINE``."""
_OPTION = re.compile(r"kate|mate")
"""Editors that take ``--line LINE``."""
_WAITING = (
    (re.compile(rf"{_VS_CODE}|subl|zed|zeditor|mate|gedit"), ("--wait", "-w")),
    (re.compile(r"kate"), ("--block", "-b")),
    (re.compile(r"gvim|mvim"), ("--nofork", "-f")),
)
"""The option, long and short, with which an editor with windows of its own ends once the file is closed."""
_FALLBACKS = ("nano", "vim", "vi", "nvim", "micro", "emacs")
_VARIABLES = ("VISUAL", "EDITOR")


def command(host: Host, path: Path, line: int | None) -> list[str]:
    """Return the command that opens a file (at a line, from 1) in the editor that the user wants.

    Raises:
        ActionFailed: there is none.
    """
    words = _wanted(host) or _fallback(host)
    name = _name(words[0], host)
    file = str(path.absolute())
    return [*words, *_waiting(name, words), *([file] if line is None else _placed(name, file, line))]


def _waiting(name: str, words: Sequence[str]) -> list[str]:
    """Return the option that makes an editor wait, where it needs one and the user has not given it."""
    for names, options in _WAITING:
        if names.fullmatch(name) and not set(options) & set(words):
            return [options[0]]
    return []


def _placed(name: str, file: str, line: int) -> list[str]:
    """Return the file and the line as an editor takes them; an unknown one is given the file only."""
    if _PLUS.fullmatch(name):
        return [f"+{line}", file]
    if _COLON.fullmatch(name):
        return [f"{file}:{line}"]
    if _GOTO.fullmatch(name):
        return ["--goto", f"{file}:{line}"]
    if _OPTION.fullmatch(name):
        return ["--line", str(line), file]
    return [file]


def edit(host: Host, path: Path, line: int | None) -> None:
    """Open a file in the user's editor, in the foreground of this terminal, and wait until it is closed.

    The editor works on the file itself, and no copy is made. It is set and configured in the user's own
    environment, whichever home is looked at.

    Raises:
        ActionFailed: there is no editor, it cannot be started, or it ended with an error.
    """
    programs.run(host, command(host, path, line), host.own_environ)


def _environ(host: Host) -> Mapping[str, str]:
    return host.environ if host.own_environ is None else host.own_environ


def _wanted(host: Host) -> list[str]:
    """Return the words of $VISUAL or $EDITOR, or none."""
    for variable in _VARIABLES:
        text = _environ(host).get(variable, "")
        try:
            words = _split(text, host.platform)
        except ValueError as error:
            raise ActionFailed(
                "NotStarted",
                f"${variable} cannot be understood: {str(error).lower()}",
                cure=f"correct ${variable}",
            ) from error
        if words:
            return words
    return []


def _split(text: str, platform: str) -> list[str]:
    """Split a command line; on Windows, where a backslash is a part of a path, quotes only group."""
    if platform != "win32":
        return shlex.split(text)
    return [word.strip('"') for word in shlex.split(text, posix=False)]


def _fallback(host: Host) -> list[str]:
    if host.platform == "win32":
        return ["notepad"]
    for name in _FALLBACKS:
        if _find(name, host) is not None:
            return [name]
    raise ActionFailed(
        "NotStarted",
        "there is no editor: neither $VISUAL nor $EDITOR is set",
        cure="set $EDITOR to your editor",
    )


def _find(name: str, host: Host) -> str | None:
    return shutil.which(name, path=_environ(host).get("PATH"))


def _name(program: str, host: Host) -> str:
    """Return the name by which an editor is known: of ``/usr/bin/vim.tiny`` or ``emacs-29`` the first part.

    A name that says nothing (``editor``) may be a link to one that does.
    """
    found = _find(program, host)
    for each in (program, str(Path(found).resolve()) if found else program):
        last = re.split(r"[/\\]", each)[-1].lower()
        whole = re.sub(r"\.(exe|cmd|bat)$", "", last)
        for name in (whole, re.split(r"[-.\d]", last)[0]):
            if any(known.fullmatch(name) for known in (_PLUS, _COLON, _GOTO, _OPTION)):
                return name
    return ""
