"""How a variable is unset in each shell, and which shell this is likely to be.

What is printed here is meant for ``eval``, so a name that a shell could take for more than a name is refused.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath, PureWindowsPath

_UNSET = {
    "bash": "unset {name}",
    "zsh": "unset {name}",
    "fish": "set -e {name}",
    "powershell": "Remove-Item Env:{name}",
    "cmd": "set {name}=",
}
SHELLS = tuple(_UNSET)
"""The shells that can be spoken to."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PROGRAMS = {
    "bash": "bash",
    "sh": "bash",
    "dash": "bash",
    "ksh": "bash",
    "zsh": "zsh",
    "fish": "fish",
    "pwsh": "powershell",
}
_MODULES_OF_A_RUNNING_POWERSHELL = 3
"""Windows itself puts two directories into PSModulePath; PowerShell adds the user's own as it starts."""


def is_variable_name(name: str) -> bool:
    """Whether every shell takes this for a variable's name and for nothing else."""
    return _NAME.fullmatch(name) is not None


def unset_line(name: str, shell: str) -> str:
    """Return the line that removes a variable from a shell's environment.

    Raises:
        ValueError: the shell is not one of ``SHELLS``, or the name is not ``is_variable_name``.
    """
    if shell not in _UNSET:
        raise ValueError(f"unknown shell; known are {', '.join(SHELLS)}")
    if not is_variable_name(name):
        raise ValueError("not a name that a shell can unset")
    return _UNSET[shell].format(name=name)


def guess_shell(environ: Mapping[str, str], platform: str) -> str:
    """Return the shell that this environment most likely belongs to, one of ``SHELLS``.

    ``SHELL`` tells, where there is one (Git Bash sets it on Windows too). It names the login shell, so that
    another one started from it is not seen. ``platform`` is as ``sys.platform`` has it.
    """
    program = environ.get("SHELL", "")
    name = (PureWindowsPath if platform == "win32" else PurePosixPath)(program).name
    known = _PROGRAMS.get(name.removesuffix(".exe"))
    if known is not None:
        return known
    if platform != "win32":
        return "bash"
    directories = environ.get("PSModulePath", "").split(";")
    return "powershell" if len(directories) >= _MODULES_OF_A_RUNNING_POWERSHELL else "cmd"
