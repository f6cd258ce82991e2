"""Runs another program in the foreground of this terminal."""

import subprocess
from collections.abc import Sequence

from rolecall.actions.child import environment
from rolecall.actions.failures import ActionFailed
from rolecall.host import Host


def run(host: Host, command: Sequence[str]) -> None:
    """Run a program with the Host's environment, and wait for its end; it has the terminal meanwhile.

    Raises:
        ActionFailed: it cannot be started, or it ended with an error (which it has told itself).
    """
    try:
        code = subprocess.run(command, env=environment(host), check=False).returncode  # noqa: S603 - no shell; the user's own program
    except OSError as error:
        raise ActionFailed(
            "NotStarted",
            f"{command[0]} cannot be started: {error.strerror}",
            cure="see whether it is installed",
        ) from error
    if code != 0:
        raise ActionFailed("ProgramFailed", f"{command[0]} ended with exit code {code}")
