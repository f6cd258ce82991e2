"""The real shells: what they make of lines that rolecall printed."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

PROGRAMS = {"bash": "bash", "zsh": "zsh", "fish": "fish", "dash": "dash", "powershell": "pwsh"} | {
    name: name for name in ("ksh", "mksh", "yash", "busybox", "tcsh")
}
TIMEOUT = 60.0
"""Seconds after which a shell counts as hung."""

_EVAL = {
    "bash": 'eval "$(cat "$LINES_FILE")"',
    "dash": 'eval "$(cat "$LINES_FILE")"',
    "zsh": 'eval "$(cat "$LINES_FILE")"',
    "fish": 'cat "$LINES_FILE" | source',
    "powershell": "Invoke-Expression (Get-Content -Raw -Encoding UTF8 $env:LINES_FILE)",
}
_NO_STARTUP = {
    "bash": ["--norc", "--noprofile"],
    "zsh": ["-f"],
    "fish": ["--no-config"],
    "busybox": ["sh"],
    "tcsh": ["-f"],
    "powershell": ["-NoProfile", "-NonInteractive"],
}
_COMMAND = {"powershell": "-Command"}


def at_hand(*shells: str) -> list[ParameterSet]:
    """Return parameters of a test, one for each shell; those that are not at hand are skipped, and named.

    A plain run has bash alone.
    """
    return [pytest.param(shell, marks=_marks(shell)) for shell in shells]


def _marks(shell: str) -> list[pytest.MarkDecorator]:
    is_missing = shutil.which(PROGRAMS[shell]) is None
    missing = pytest.mark.skipif(is_missing, reason=f"{PROGRAMS[shell]} is not at hand")
    return [missing] if shell == "bash" else [missing, pytest.mark.shells]


def program_of(shell: str) -> str:
    """Return the shell's program; skip the test, and say so, where it is not at hand."""
    found = shutil.which(PROGRAMS[shell])
    if found is None:
        pytest.skip(f"{PROGRAMS[shell]} is not at hand")
    return found


def run(
    shell: str,
    code: str,
    place: Path,
    environ: Mapping[str, str] | None = None,
    options: Sequence[str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run code in a shell, in ``place/here`` with ``place`` for a home and an environment made from scratch.

    Without ``options`` the shell reads no startup files.
    """
    here = place / "here"
    here.mkdir(exist_ok=True)
    chosen = _NO_STARTUP.get(shell, []) if options is None else options
    return subprocess.run(
        [program_of(shell), *chosen, _COMMAND.get(shell, "-c"), code],
        env={"PATH": "/usr/bin:/bin", "HOME": str(place), "LC_ALL": "C.UTF-8"} | dict(environ or {}),
        cwd=here,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    )


def environment_after(
    shell: str,
    lines: Sequence[str],
    place: Path,
    environ: Mapping[str, str] | None = None,
    options: Sequence[str] | None = None,
) -> dict[str, str]:
    """Return the environment of a program started by a shell that has evaluated the lines.

    The evaluation may print nothing and leave nothing where it runs: a value that ran would have.
    """
    file = place / "lines"
    file.write_bytes("".join(f"{line}\n" for line in lines).encode())
    code = f"{_EVAL[shell]}\nenv -0"
    done = run(shell, code, place, {"LINES_FILE": str(file)} | dict(environ or {}), options)
    assert (done.returncode, done.stderr) == (0, b""), done.stderr
    assert not list((place / "here").iterdir())
    return environment(done.stdout)


def environment(output: bytes) -> dict[str, str]:
    """Return what ``env -0`` printed."""
    pairs = (entry.decode(errors="surrogateescape").partition("=") for entry in output.split(b"\0") if entry)
    return {name: value for name, _, value in pairs}
