"""The AWS CLI of version 2, which alone can do an ``aws login``."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys

from rolecall.actions import programs, timeouts
from rolecall.actions.errors import ActionFailed, require_home
from rolecall.actions.prompts import Cancel
from rolecall.actions.worker_client import environment
from rolecall.aws.logins import LoginTarget
from rolecall.host import Host

FIRST_WITH_LOGIN = (2, 32)
"""The version that brought ``aws login`` (the CLI's changelog, 2.32.0)."""
INSTALL = "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"
_WANTED = f"version {FIRST_WITH_LOGIN[0]}.{FIRST_WITH_LOGIN[1]}"
VERSION = re.compile(r"\baws-cli/(?P<major>\d{1,9})\.(?P<minor>\d{1,9})\S*")


def aws_login(host: Host, target: LoginTarget) -> list[str]:
    """Return the command line that logs in to a login session; it wants the terminal.

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
    return [program, "login", *profile]


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
        Cancelled: the user changed their mind.
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
    """End it and all that it has started; once it has been waited for, its number may be another's."""
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
