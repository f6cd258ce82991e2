"""How a variable is set and unset in each shell, and which shell it is that asks.

What is printed here is meant for ``eval``, so a name that a shell could take for more than a name is refused,
and a value is quoted such that it stays a value, whatever is in it. Where a shell has no way to say it, it is
refused too. Lines are printable text: a control character that is pasted into a terminal is a key press.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

from rolecall.host import Host

_UNSET = {
    "bash": "unset {name}",
    "zsh": "unset {name}",
    "sh": "unset {name}",
    "fish": "set --erase {name}",
    "powershell": "Remove-Item Env:{name}",
    "cmd": "set {name}=",
}
SHELLS = tuple(_UNSET)
"""The shells that can be spoken to; ``sh`` is any that POSIX describes, such as dash, ksh and busybox."""
INTEGRATED = ("bash", "zsh", "fish", "powershell")
"""The shells that can take over what the app leaves behind."""

_UNSET_HERE = _UNSET | {
    # a universal variable belongs to all sessions: that is not for one of them to erase. The `if` leaves the
    # status at 0, and to a shell that is not fish the line is a syntax error, so that it runs nothing of it
    "fish": (
        "set -eg {name}; if set -qU {name}; "
        "echo '{name} is a universal variable, and stays: set -eU {name} erases it' >&2; end"
    ),
    "powershell": "Remove-Item Env:{name} -ErrorAction Ignore",
    "setx": r"reg delete HKCU\Environment /v {name} /f >nul 2>&1",
}

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PROGRAMS = {
    "bash": "bash",
    "rbash": "bash",
    "zsh": "zsh",
    "fish": "fish",
    "pwsh": "powershell",
    "powershell": "powershell",
    "cmd": "cmd",
    **dict.fromkeys(
        ("sh", "ash", "brush", "dash", "hush", "ksh", "lksh", "mksh", "oksh", "osh", "posh", "yash"),
        "sh",
    ),
}
"""The shell whose lines each program takes."""
_BY_HAND = {
    "tcsh": "unsetenv NAME and setenv NAME VALUE",
    "csh": "unsetenv NAME and setenv NAME VALUE",
    "nu": "hide-env NAME and $env.NAME = VALUE",
    "xonsh": "del $NAME and $NAME = VALUE",
    "elvish": "unset-env NAME and set-env NAME VALUE",
    **dict.fromkeys(("ion", "murex", "ysh"), "its own words"),
}
"""Programs that none of the lines here is for, and how a variable is unset and set in each."""
_ALSO = {"nushell": "nu", "bsd-csh": "csh"}
_POSIX_SHELLS = ("bash", "zsh", "sh")
"""Shells for which the lines are the same, but for a control character in a value."""
_MODULES_OF_A_RUNNING_POWERSHELL = 3
"""Windows itself puts two directories into PSModulePath; PowerShell adds the user's own as it starts."""
_LONGEST_FOR_SETX = 1024
"""Characters after which ``setx`` cuts a value off, with a warning only."""
_PLAIN_IN_DOTENV = re.compile(r"[\w./+=:@%,-]*", re.ASCII)


class UnspeakableError(ValueError):
    """A shell has no way to say this value such that it is nothing but a value. Names no part of it."""


def is_variable_name(name: str) -> bool:
    """Whether every shell takes this for a variable's name and for nothing else."""
    return _NAME.fullmatch(name) is not None


def unset_line(name: str, shell: str) -> str:
    """Return the line that removes a variable from a shell's environment.

    Raises:
        ValueError: the shell is not one of ``SHELLS``, or the name is not ``is_variable_name``.
    """
    return _unset(_UNSET, name, shell)


def unset_line_of_all(names: Iterable[str], shell: str) -> str:
    """Return the one line that removes several variables from a shell's environment.

    Raises:
        ValueError: as ``unset_line``.
    """
    # in cmd a blank before the & would be the variable's new value
    return ("&" if shell == "cmd" else "; ").join(unset_line(name, shell) for name in names)


def unset_line_for_eval(name: str, shell: str) -> str:
    """Return the line that removes a variable from this session only, and fails over none that is not set.

    ``setx`` stands for the variables of the user's registry, which it can set but not remove.

    Raises:
        ValueError: as ``unset_line``.
    """
    return _unset(_UNSET_HERE, name, shell)


def _unset(lines: Mapping[str, str], name: str, shell: str) -> str:
    if shell not in lines:
        raise ValueError(f"unknown shell; known are {', '.join(lines)}")
    if not is_variable_name(name):
        raise ValueError("not a name that a shell can unset")
    return lines[shell].format(name=name)


def rename_line(old: str, new: str, shell: str) -> str | None:
    """Return the line that gives a variable another name, without its value; None where a shell has no way.

    Raises:
        ValueError: as ``unset_line``.
    """
    set_new = _RENAME.get(shell)
    unset = unset_line(old, shell)
    if not is_variable_name(new):
        raise ValueError("not a name that a shell can set")
    return f"{set_new.format(old=old, new=new)}; {unset}" if set_new is not None else None


_RENAME = {
    "bash": 'export {new}="${old}"',
    "zsh": 'export {new}="${old}"',
    "fish": 'set -gx {new} "${old}"',
    "powershell": "$env:{new} = $env:{old}",
}
"""What takes a value over; cmd would read it anew, and take its characters for commands."""


def set_line(name: str, value: str, shell: str) -> str:
    """Return the line that sets a variable, and hands it on to the programs that are started from there.

    Args:
        name: the variable's name.
        value: what it will hold, to the character.
        shell: one of ``SHELLS``, or ``setx`` (the variables of the user's registry, said to cmd) or
            ``dotenv`` (a file that python-dotenv, node, docker compose and a POSIX shell read alike).

    Raises:
        UnspeakableError: there is no way to say the value there.
        ValueError: the shell is not known, or the name is not ``is_variable_name``.
    """
    if shell not in _SET:
        raise ValueError(f"unknown shell; known are {', '.join(_SET)}")
    if not is_variable_name(name):
        raise ValueError("not a name that a shell can set")
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise UnspeakableError("it is not text: no variable can hold it")
    return _SET[shell](name, value)


def _posix(name: str, value: str) -> str:
    """Every POSIX shell."""
    if not value.isprintable():
        raise UnspeakableError("it has a control character, which not every POSIX shell can quote")
    return f"export {name}='" + value.replace("'", r"'\''") + "'"


def _bash(name: str, value: str) -> str:
    """POSIX shells that know ``$'…'``."""
    if value.isprintable():
        return _posix(name, value)
    return f"export {name}=$'" + "".join(map(_ansi_c, value)) + "'"


def _ansi_c(character: str) -> str:
    r"""A character within ``$'…'``: as octal bytes (always three digits) where it could mean anything.

    A quote goes as octal too, so that a shell which does not know ``$'…'`` still sees one quoted string.
    """
    if character.isprintable() and character not in "'\\!":
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode())


def _fish(name: str, value: str) -> str:
    r"""Within single quotes only ``\`` and ``'`` mean anything; without ``-g`` it ends with a function."""
    quoted = "".join(map(_fish_character, value))
    return f"set -gx {name} '{quoted}'"


def _fish_character(character: str) -> str:
    if character in "'\\":
        return "\\" + character
    if character.isprintable():
        return character
    # an escape stands outside the quotes
    return "'" + "".join(f"\\X{byte:02x}" for byte in character.encode()) + "'"


def _powershell(name: str, value: str) -> str:
    """Printable ASCII alone, all else as UTF-16 units.

    PowerShell takes four curly quotes for straight ones, and decodes a program's output by a code page.
    Before 7.5 an empty string removes the variable.
    """
    if not value:
        raise UnspeakableError("it is empty: PowerShell removes a variable that it is told to set to nothing")
    quoted = "".join(map(_powershell_character, value))
    return f"$env:{name} = '{quoted}'"


def _powershell_character(character: str) -> str:
    if character == "'":
        return "''"
    if character.isascii() and character.isprintable():
        return character
    data = character.encode("utf-16-be")
    units = (data[index : index + 2].hex().upper() for index in range(0, len(data), 2))
    return "'" + "".join(f" + [char]0x{unit}" for unit in units) + " + '"


def _cmd(name: str, value: str) -> str:
    return f'set "{name}={_within_cmd(value)}"'


def _within_cmd(value: str) -> str:
    """Return what cmd leaves alone between quotes, at the prompt and in a batch file.

    ``%`` and, if delayed expansion is on, ``!`` are expanded there; a ``"`` ends the quotes; a line end ends
    the command. Outside ASCII only letters and digits pass: a code page may turn other things into quotes.
    """
    if not value:
        raise UnspeakableError("it is empty: cmd removes a variable that it is told to set to nothing")
    for character in value:
        is_plain = character.isalnum() or (character.isascii() and character.isprintable())
        if not is_plain or character in '%!"':
            raise UnspeakableError('it has a character that cmd cannot quote: one of % ! ", or no plain one')
    return value


def _setx(name: str, value: str) -> str:
    """The C runtime of ``setx`` takes a backslash before a quote for an escape, and ``/`` for an option."""
    quoted = _within_cmd(value)
    if len(value) > _LONGEST_FOR_SETX:
        raise UnspeakableError(f"it is longer than {_LONGEST_FOR_SETX} characters: setx would cut it off")
    if value.startswith(("/", "-")):
        raise UnspeakableError("it begins as an option does: setx would take it for one")
    tail = "\\" * (len(value) - len(value.rstrip("\\")))
    return f'setx {name} "{quoted}{tail}" >nul'


def _dotenv(name: str, value: str) -> str:
    """Bare where all readers agree on it, ``docker run --env-file`` (which keeps quotes) among them.

    In single quotes a backslash, a quote or a ``$`` means something to one reader or another.
    """
    if _PLAIN_IN_DOTENV.fullmatch(value):
        return f"{name}={value}"
    if not value.isprintable() or any(character in "'\\$`" for character in value):
        raise UnspeakableError(
            r"the readers of such files do not agree on it: it has one of ' \ $ ` or a control character"
        )
    return f"{name}='{value}'"


_SET: Mapping[str, Callable[[str, str], str]] = {
    "bash": _bash,
    "zsh": _bash,
    "sh": _posix,
    "fish": _fish,
    "powershell": _powershell,
    "cmd": _cmd,
    "setx": _setx,
    "dotenv": _dotenv,
}


@dataclass(frozen=True, slots=True)
class Asker:
    """The shell that lines are for.

    Attributes:
        shell: one of ``SHELLS``, the likeliest; None where it is one that no line here is for.
        doubt: why nothing should be printed for it to evaluate, in a clause; None where it is plain.
    """

    shell: str | None
    doubt: str | None = None


def named(word: str) -> Asker:
    """Return the shell that somebody calls by this name, be it by that of its program.

    Raises:
        ValueError: there is no such shell.
    """
    program = _program(word)
    if program is None:
        raise ValueError("no shell that is known")
    return _spoken_to(program)


def asker(host: Host) -> Asker:
    """Return the shell that asks for lines, or in which they will be pasted.

    Where the system tells which processes are above this one (Linux), it is the one that reads stdout, as
    ``eval "$(…)"`` and ``… | source`` have it. Else it is the nearest shell. But where that runs a script or
    ``-c``, it may only hand on what is for another: then all shells up to one at which a person types, or
    ``SHELL``, must take the same lines. Where nothing is told of processes, ``SHELL`` is gone by; it names
    the login shell, so that another one that was started from it is not seen.
    """
    above = [(process, _first_known(process.names)) for process in host.ancestry()]
    shells = [(process, program) for process, program in above if program is not None]
    for process, program in shells:
        if process.reads_output:
            return _spoken_to(program)
    found: list[tuple[str, str]] = []  # a program, and what shows that it could be the one
    for process, program in shells:
        found.append((program, f"{program} started that"))
        if process.takes_orders or _PROGRAMS.get(program) not in _POSIX_SHELLS:
            break
    else:
        login = _of_environment(host)
        if login is not None:
            found.append((login, f"SHELL is {login}"))
    return _agreed(found)


def _agreed(found: list[tuple[str, str]]) -> Asker:
    if not found:
        return Asker("bash")
    nearest, _ = found[0]
    for program, others in found[1:]:
        if _language(program) != _language(nearest):
            return Asker(_PROGRAMS.get(nearest), f"{nearest} started this, but {others}")
    return _spoken_to(nearest)


def _language(program: str) -> str:
    shell = _PROGRAMS.get(program, program)
    return "sh" if shell in _POSIX_SHELLS else shell


def _spoken_to(program: str) -> Asker:
    shell = _PROGRAMS.get(program)
    if shell is not None:
        return Asker(shell)
    return Asker(None, f"there are no lines for {program}, where {_BY_HAND[program]} do it")


def _first_known(names: Iterable[str]) -> str | None:
    return next((program for name in names if (program := _program(name)) is not None), None)


def _program(name: str) -> str | None:
    """Return the shell that a program is, by its name without what packagers add: ``ksh93``, ``zsh-5.9``."""
    bare = name.lower().removesuffix(".exe").lstrip("-.").removesuffix("-wrapped").removesuffix("-static")
    bare = _ALSO.get(bare, bare).rstrip("0123456789.-")
    return bare if bare in _PROGRAMS or bare in _BY_HAND else None


def _of_environment(host: Host) -> str | None:
    """Return the shell that ``SHELL`` names (Git Bash sets it on Windows too), or that Windows shows."""
    is_windows = host.platform == "win32"
    path = (PureWindowsPath if is_windows else PurePosixPath)(host.environ.get("SHELL", ""))
    known = _program(path.name)
    if known is not None or not is_windows:
        return known
    directories = host.environ.get("PSModulePath", "").split(";")
    return "powershell" if len(directories) >= _MODULES_OF_A_RUNNING_POWERSHELL else "cmd"
