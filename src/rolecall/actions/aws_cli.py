"""The AWS CLI of version 2, which alone can do an ``aws login``."""

import os
import re
import shutil
import subprocess

from rolecall.actions.child import environment
from rolecall.actions.failures import ActionFailed
from rolecall.actions.targets import LoginTarget
from rolecall.host import Host

FIRST_WITH_LOGIN = (2, 32)
"""The version that brought ``aws login`` (the CLI's changelog, 2.32.0)."""
PATIENCE = 10.0
"""Seconds for ``aws --version``, which starts a large Python program."""
INSTALL = "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"
_WANTED = f"version {FIRST_WITH_LOGIN[0]}.{FIRST_WITH_LOGIN[1]}"
_VERSION = re.compile(r"\baws-cli/(\d+)\.(\d+)(\.\d+)?")


def aws_login(host: Host, target: LoginTarget) -> list[str]:
    """Return the command line that logs in to a login session; it wants the terminal.

    Raises:
        ActionFailed: there is no ``aws`` here, or it is too old; the message says which.
    """
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
        done = subprocess.run(  # noqa: S603 - no shell; the user's own aws
            (program, "--version"),
            env=environment(host),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,  # version 1 once said it there
            timeout=PATIENCE,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise _missing(f"{program} does not say its version within {PATIENCE:g} s") from None
    except OSError as error:
        raise _missing(f"{program} cannot be started: {error.strerror}") from error
    found = _VERSION.search(done.stdout.decode(errors="replace"))
    if found is None:
        raise _missing(f"{program} is not the AWS CLI, or does not start")
    return int(found[1]), int(found[2])


def _missing(what: str) -> ActionFailed:
    return ActionFailed(
        "MissingAwsCli",
        f"`aws login` takes the AWS CLI from {_WANTED} on: {what}.",
        cure=f"install it from {INSTALL}",
    )
