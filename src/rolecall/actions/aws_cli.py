"""The installed AWS CLI: its version, and the command line for ``aws login``."""

import contextlib
import importlib.metadata
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from rolecall.actions import programs, timeouts
from rolecall.actions.errors import ActionFailed, require_home
from rolecall.actions.prompts import Cancel
from rolecall.actions.worker_client import environment
from rolecall.aws import logins
from rolecall.aws.logins import LoginTarget
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from rolecall.steps import Step, StepStatus
from rolecall.surroundings import surroundings
from rolecall.text import mask

FIRST_WITH_LOGIN = (2, 32)
"""The version that brought ``aws login`` (the CLI's changelog, 2.32.0)."""
INSTALL = "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"
_WANTED = f"version {FIRST_WITH_LOGIN[0]}.{FIRST_WITH_LOGIN[1]}"
VERSION = re.compile(r"\baws-cli/(?P<major>\d{1,9})\.(?P<minor>\d{1,9})\S*")


def aws_login(host: Host, target: LoginTarget) -> list[str]:
    """Return the command line that logs in to a login session; it wants the terminal.

    Over ssh the browser is on another machine, and its answer would go there: ``--remote`` asks for a code.

    Raises:
        ActionFailed: there is no ``aws`` here, or it is too old; the message says which.
    """
    require_home(host)
    program = shutil.which("aws", path=environment(host).get("PATH", os.defpath))
    if program is None:
        raise _missing("there is no `aws` on the PATH")
    found = _version(host, program)
    if found < FIRST_WITH_LOGIN:
        raise _missing(f"{program} is version {found[0]}.{found[1]}")
    # a name that begins with a dash would be taken for an option
    profile = (
        [f"--profile={target.holder}"] if target.holder.startswith("-") else ["--profile", target.holder]
    )
    remote = ["--remote"] if surroundings(host).is_remote else []
    return [program, "login", *remote, *profile]


def _version(host: Host, program: str) -> tuple[int, int]:
    try:
        said = said_of_version(host, program, Cancel(), timeouts.AWS_VERSION)
    except OSError as error:
        raise _missing(f"{program} cannot be started: {error.strerror}") from error
    if said is None:
        raise _missing(f"{program} does not say its version within {timeouts.AWS_VERSION:g} s")
    found = VERSION.search(said)
    if found is None:
        raise _missing(f"{program} is not the AWS CLI, or does not start")
    return int(found["major"]), int(found["minor"])


def said_of_version(host: Host, program: str, cancel: Cancel, patience: float) -> str | None:
    """Return what a program says to ``--version``; None where it took too long.

    Raises:
        OSError: it cannot be started.
        Cancelled: the user cancelled.
    """
    process = programs.Program(
        (program, "--version"),
        env=environment(host),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,  # version 1 once said it there
        start_new_session=sys.platform != "win32",
    )
    cancel.when_set(lambda: _kill(process))
    try:
        said, _ = process.communicate(timeout=patience)
    except (subprocess.TimeoutExpired, programs.TooMuch) as error:
        _kill(process)
        process.wait()
        return programs.TOO_MUCH if isinstance(error, programs.TooMuch) else None
    cancel.check()
    return said.decode(errors="replace")


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill it and all that it started; once it has been waited for, its process id may be reused."""
    if process.returncode is not None:
        return
    if sys.platform == "win32":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: only the dead are left
        os.killpg(process.pid, signal.SIGKILL)


def _missing(what: str) -> ActionFailed:
    return ActionFailed(
        "MissingAwsCli",
        f"`aws login` takes the AWS CLI from {_WANTED} on: {what}.",
        cure=f"install it from {INSTALL}",
    )


TOOLS = "Tools"
LIBRARIES = ("botocore", "boto3")
LONGEST_SAID = 300
"""Characters of what a program says of itself that are shown."""


def check_tools(snapshot: Snapshot, profile: str | None, cancel: Cancel, patience: float) -> Step:
    """Run ``aws --version``, and say what it says; the libraries are rolecall's own.

    Args:
        snapshot: the Snapshot.
        profile: the profile; None for a command that names none.
        cancel: ends it.
        patience: seconds for the answer.

    Raises:
        Cancelled: the user cancelled.
    """
    programs = _found_on_path(snapshot.host)
    own = f"rolecall itself has {_libraries()}"
    if not programs:
        return Step(TOOLS, StepStatus.NOTE, "there is no `aws` on the PATH", (own,))
    first, *others = programs
    evidence = [f"{first} comes first on the PATH, before {other}" for other in others]
    said = _said_or_error(snapshot.host, first, cancel, patience)
    if said is None:
        words = f"{first} does not say its version within {patience:g} s"
        return Step(TOOLS, StepStatus.SUSPECT, words, (*evidence, own))
    found = VERSION.search(said)
    if found is None:
        words = f"{first} is not the AWS CLI, or does not start"
        return Step(TOOLS, StepStatus.SUSPECT, words, (_beginning(said) or "it says nothing", *evidence, own))
    version = (int(found["major"]), int(found["minor"]))
    if profile is not None and version < FIRST_WITH_LOGIN and _logs_in(snapshot, profile):
        first_good = ".".join(map(str, FIRST_WITH_LOGIN))
        words = f"{found[0]} is too old for the login_session of {profile}: that takes {first_good}"
        return Step(TOOLS, StepStatus.CULPRIT, words, (first, *evidence, own))
    return Step(TOOLS, StepStatus.FINE, f"{found[0]} ({first})", (_beginning(said), *evidence, own))


def _beginning(said: str) -> str:
    """Return as much of what a program says as is shown; masked first, for half a secret is one too."""
    return mask(said.strip())[:LONGEST_SAID]


def _logs_in(snapshot: Snapshot, profile: str) -> bool:
    """Whether a profile takes an ``aws login``."""
    report = snapshot.profiles.get(profile)
    place = logins.login_of(report, snapshot) if report is not None else None
    return place is not None and place[0] is logins.LoginKind.LOGIN_SESSION


def _libraries() -> str:
    found = []
    for name in LIBRARIES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found.append(f"{name} {importlib.metadata.version(name)}")
    return " and ".join(found)


def _found_on_path(host: Host) -> list[str]:
    """Return every ``aws`` of the PATH once, the one that a shell takes first."""
    path = environment(host).get("PATH", os.defpath)
    found = (shutil.which("aws", path=directory) for directory in path.split(os.pathsep) if directory)
    by_target: dict[Path, str] = {}
    for program in found:
        if program is not None:
            by_target.setdefault(Path(program).resolve(), program)
    return list(by_target.values())


def _said_or_error(host: Host, program: str, cancel: Cancel, patience: float) -> str | None:
    try:
        return said_of_version(host, program, cancel, patience)
    except OSError as error:
        return f"it cannot be started: {error.strerror}"
