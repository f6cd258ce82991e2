"""Which AWS tools are here, and which versions they have."""

import contextlib
import importlib.metadata
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from rolecall.actions import targets
from rolecall.actions.aws_cli import FIRST_WITH_LOGIN
from rolecall.actions.child import environment
from rolecall.actions.dialogue import Cancel
from rolecall.actions.failures import ActionFailed
from rolecall.actions.targets import LoginKind
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from rolecall.steps import Step, Verdict
from rolecall.text import mask

TITLE = "Tools"
LIBRARIES = ("botocore", "boto3")
_VERSION = re.compile(r"\baws-cli/(?P<major>\d+)\.(?P<minor>\d+)\S*")
LONGEST = 300
"""Characters of what a program says of itself that are shown."""


def look(snapshot: Snapshot, profile: str | None, cancel: Cancel, patience: float) -> Step:
    """Run ``aws --version``, and say what it says; the libraries are rolecall's own.

    Args:
        snapshot: the world.
        profile: whom it is about; None for a command that names no profile.
        cancel: ends it.
        patience: seconds for the answer.

    Raises:
        Cancelled: the user changed their mind.
    """
    programs = _programs(snapshot.host)
    own = f"rolecall itself has {_libraries()}"
    if not programs:
        return Step(TITLE, Verdict.NOTE, "there is no `aws` on the PATH", (own,))
    first, *others = programs
    evidence = [f"{first} comes first on the PATH, before {other}" for other in others]
    said = _said(snapshot.host, first, cancel, patience)
    if said is None:
        words = f"{first} does not say its version within {patience:g} s"
        return Step(TITLE, Verdict.SUSPECT, words, (*evidence, own))
    found = _VERSION.search(said)
    if found is None:
        words = f"{first} is not the AWS CLI, or does not start"
        return Step(TITLE, Verdict.SUSPECT, words, (_beginning(said) or "it says nothing", *evidence, own))
    version = (int(found["major"]), int(found["minor"]))
    if profile is not None and version < FIRST_WITH_LOGIN and _logs_in(snapshot, profile):
        first_good = ".".join(map(str, FIRST_WITH_LOGIN))
        words = f"{found[0]} is too old for the login_session of {profile}: that takes {first_good}"
        return Step(TITLE, Verdict.CULPRIT, words, (first, *evidence, own))
    return Step(TITLE, Verdict.FINE, f"{found[0]} ({first})", (_beginning(said), *evidence, own))


def _beginning(said: str) -> str:
    """Return as much of what a program says as is shown; masked first, for half a secret is one too."""
    return mask(said.strip())[:LONGEST]


def _logs_in(snapshot: Snapshot, profile: str) -> bool:
    """Whether a profile takes an ``aws login``."""
    try:
        return targets.target(snapshot, profile).kind is LoginKind.LOGIN_SESSION
    except ActionFailed:
        return False


def _libraries() -> str:
    found = []
    for name in LIBRARIES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found.append(f"{name} {importlib.metadata.version(name)}")
    return " and ".join(found)


def _programs(host: Host) -> list[str]:
    """Return every ``aws`` of the PATH once, the one that a shell takes first."""
    path = environment(host).get("PATH", os.defpath)
    found = (shutil.which("aws", path=directory) for directory in path.split(os.pathsep) if directory)
    by_target: dict[Path, str] = {}
    for program in found:
        if program is not None:
            by_target.setdefault(Path(program).resolve(), program)
    return list(by_target.values())


def _said(host: Host, program: str, cancel: Cancel, patience: float) -> str | None:
    """Return what a program says to ``--version``; None where it took too long.

    Raises:
        Cancelled: the user changed their mind.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell; the user's own aws
            (program, "--version"),
            env=environment(host),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,  # version 1 once said it there
            start_new_session=sys.platform != "win32",
        )
    except OSError as error:
        return f"it cannot be started: {error.strerror}"
    cancel.when_set(lambda: _kill(process))
    try:
        said, _ = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        _kill(process)
        process.communicate()
        return None
    cancel.check()
    return said.decode(errors="replace")


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End it and all that it has started; once it has been waited for, its number may be another's."""
    if process.returncode is not None:
        return
    if sys.platform == "win32":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: only the dead are left
        os.killpg(process.pid, signal.SIGKILL)
