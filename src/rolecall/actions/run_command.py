"""Runs a command of the user's: finds its program, and lets it take the place of this process."""

import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from rolecall.actions.errors import ActionFailed
from rolecall.host import Host
from rolecall.text import inert
from rolecall.values import dataclass

NOT_FOUND, NOT_EXECUTABLE = 127, 126
"""What a shell returns for a program that is not there, and for one that cannot be run."""
_SHELL = "/bin/sh"
_REFUSALS = (errno.EACCES, errno.ENOEXEC, errno.EISDIR, errno.EPERM)


class NotRun(ActionFailed):
    """A program was not run.

    Attributes:
        code: the exit code, as a shell has it.
    """

    def __init__(self, message: str, code: int, *, cure: str | None = None) -> None:
        super().__init__("NotStarted", message, cure=cure)
        self.code = code


@dataclass(frozen=True, slots=True)
class Program:
    """A program that was found, with its arguments.

    Attributes:
        path: its file.
        words: the command as it was typed; the first word is the name by which the program is called.
    """

    path: str
    words: tuple[str, ...] = field(repr=False)


def find(words: Sequence[str], environ: Mapping[str, str]) -> Program:
    """Return the program of a command, looked up on the PATH of its environment.

    Raises:
        NotRun: there is none (127), or it cannot be executed (126).
    """
    name = words[0]
    found = shutil.which(name, path=environ.get("PATH", os.defpath))
    if found is not None:
        return Program(found, tuple(words))
    if os.path.dirname(name) and os.path.exists(name):  # noqa: PTH110, PTH120 - a name as it was typed
        raise NotRun(f"{name} cannot be executed", NOT_EXECUTABLE)
    there = _there(name, environ) if not os.path.dirname(name) else None  # noqa: PTH120 - see above
    if there is not None:
        raise NotRun(f"{there} cannot be executed", NOT_EXECUTABLE)
    cure = "a function or an alias of a shell is none: run the shell (`bash -ic …`)"
    raise NotRun(f"there is no program {name}", NOT_FOUND, cure=cure)


def _there(name: str, environ: Mapping[str, str]) -> str | None:
    """Return a file of that name on the PATH, which cannot be executed."""
    for directory in environ.get("PATH", os.defpath).split(os.pathsep):
        path = Path(directory, name)
        with contextlib.suppress(OSError, ValueError):
            if path.is_file():
                return str(path)
    return None


def can_replace(host: Host) -> bool:
    """Whether a program can take the place of this process: Windows starts another one instead."""
    return host.platform != "win32" and sys.platform != "win32"


def replace_process(program: Program, environ: Mapping[str, str]) -> None:
    """Let a program take the place of this process: terminal, signals and exit code are its own.

    Raises:
        NotRun: the system refuses to execute it.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
    for name in ("SIGPIPE", "SIGXFZ", "SIGXFSZ"):  # which Python ignores, and programs would go on to
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    try:
        os.execve(program.path, program.words, environ)  # noqa: S606 - no shell; the user's own command
    except (OSError, ValueError) as error:
        if not isinstance(error, OSError) or error.errno != errno.ENOEXEC:
            raise refused(program, error) from error
    script = by_shell(program)
    os.execve(script.path, script.words, environ)  # noqa: S606 - as a shell does


def by_shell(program: Program) -> Program:
    """Return how a script runs whose first line names no interpreter: execvp(3) gives it to the shell."""
    return Program(_SHELL, (_SHELL, program.path, *program.words[1:]))


def run(program: Program, environ: Mapping[str, str]) -> int:
    """Run a program in the foreground, and return its exit code: for a system without ``execve``.

    Raises:
        NotRun: the system refuses to execute it.
    """
    try:
        return subprocess.run(  # noqa: S603 - no shell; the user's own command
            program.words, executable=program.path, env=dict(environ), close_fds=False, check=False
        ).returncode
    except (OSError, ValueError) as error:
        raise refused(program, error) from error


def shell(host: Host, environ: Mapping[str, str]) -> Program:
    """Return the user's own shell, to be talked to.

    In the demo's home zsh would find no settings, and begin to ask about them: it is told to read none.

    Raises:
        NotRun: there is none.
    """
    if host.platform == "win32":
        return find([environ.get("COMSPEC", "cmd.exe")], environ)
    wanted = environ.get("SHELL") or _SHELL
    asks_first = host.is_demo and Path(wanted).name == "zsh"
    return find([wanted, "-f"] if asks_first else [wanted], environ)


def run_shell(program: Program, environ: Mapping[str, str], welcome: str) -> None:
    """Run a shell in the foreground until the user leaves it; its exit code says nothing of it.

    Args:
        program: the shell.
        environ: its environment.
        welcome: what is said first, a line without secrets.

    Raises:
        NotRun: the system refuses to execute it.
    """
    if sys.stderr is not None:
        sys.stderr.write(f"{inert(welcome)}\n")
        sys.stderr.flush()
    run(program, environ)


def refused(program: Program, error: OSError | ValueError) -> NotRun:
    """Return what a shell says of a program that the system refuses to execute."""
    if isinstance(error, ValueError):  # a NUL
        message = f"{program.path} cannot be run: a value has a NUL in it"
        return NotRun(message, NOT_EXECUTABLE)
    code = NOT_EXECUTABLE if error.errno in _REFUSALS else NOT_FOUND
    return NotRun(f"{program.path} cannot be run: {error.strerror}", code)
