"""Which shell calls rolecall, by the processes above this one and by the environment."""

from collections.abc import Iterable
from pathlib import PurePosixPath, PureWindowsPath

from rolecall.host import Host
from rolecall.shells import FORMS
from rolecall.values import dataclass

_PROGRAMS = {program: name for name, form in FORMS.items() for program in form.programs}
"""The shell form for each program."""
_BY_HAND = {
    "tcsh": "unsetenv NAME and setenv NAME VALUE",
    "csh": "unsetenv NAME and setenv NAME VALUE",
    "nu": "hide-env NAME and $env.NAME = VALUE",
    "xonsh": "del $NAME and $NAME = VALUE",
    "elvish": "unset-env NAME and set-env NAME VALUE",
    **dict.fromkeys(("ion", "murex", "ysh"), "its own words"),
}
"""Shells that are not supported, and how to unset and set a variable in each."""
_ALSO = {"nushell": "nu", "bsd-csh": "csh"}
_POSIX_SHELLS = ("bash", "zsh", "sh")
"""Shells with the same lines, except for control characters in values."""
_MODULES_OF_A_RUNNING_POWERSHELL = 3
"""Windows itself puts two directories into PSModulePath; PowerShell adds the user's own at its start."""


@dataclass(frozen=True, slots=True)
class Asker:
    """The shell that calls rolecall.

    Attributes:
        shell: one of ``SHELLS``, the likeliest; None where it is not a supported one.
        doubt: why nothing should be printed for it to evaluate, in a clause; None where it is certain.
    """

    shell: str | None
    doubt: str | None = None


def shell_named(word: str) -> Asker:
    """Return the shell of this name; it may be the name of its program.

    Raises:
        ValueError: there is no such shell.
    """
    program = _program(word)
    if program is None:
        raise ValueError("no shell that is known")
    return _spoken_to(program)


def asker(host: Host) -> Asker:
    """Return the shell that calls rolecall, or in which the lines will be pasted.

    Where the system shows the processes above this one (Linux), it is the one that reads stdout, as in
    ``eval "$(…)"`` and ``… | source``. Else it is the nearest shell. But if that runs a script or ``-c``, the
    lines may be for another shell: then all shells up to an interactive one, or ``SHELL``, must accept the
    same lines. Where no processes are known, it is ``SHELL``, which names the login shell, and not another
    one that was started from it.
    """
    above = [(process, _first_known(process.names)) for process in host.ancestry()]
    shells = [(process, program) for process, program in above if program is not None]
    for process, program in shells:
        if process.reads_output:
            return _spoken_to(program)
    found: list[tuple[str, str]] = []  # a program, and why it could be the one
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
    return Asker(None, f"rolecall writes no lines for {program}; there, use {_BY_HAND[program]}")


def _first_known(names: Iterable[str]) -> str | None:
    return next((program for name in names if (program := _program(name)) is not None), None)


def _program(name: str) -> str | None:
    """Return the shell of a program, by its name without what packagers add: ``ksh93``, ``zsh-5.9``."""
    bare = name.lower().removesuffix(".exe").lstrip("-.").removesuffix("-wrapped").removesuffix("-static")
    bare = _ALSO.get(bare, bare).rstrip("0123456789.-")
    return bare if bare in _PROGRAMS or bare in _BY_HAND else None


def _of_environment(host: Host) -> str | None:
    """Return the shell in ``SHELL`` (Git Bash sets it on Windows too), or the one that Windows shows."""
    is_windows = host.platform == "win32"
    path = (PureWindowsPath if is_windows else PurePosixPath)(host.environ.get("SHELL", ""))
    known = _program(path.name)
    if known is not None or not is_windows:
        return known
    directories = host.environ.get("PSModulePath", "").split(";")
    return "powershell" if len(directories) >= _MODULES_OF_A_RUNNING_POWERSHELL else "cmd"
