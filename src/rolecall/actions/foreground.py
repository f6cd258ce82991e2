"""Runs another program in the foreground of this terminal."""

import subprocess
from collections.abc import Mapping, Sequence

from rolecall.actions.errors import ActionFailed
from rolecall.actions.worker_client import environment
from rolecall.host import Host


def run(host: Host, command: Sequence[str], environ: Mapping[str, str] | None = None) -> None:
    """Run a program, and wait for its end; it has the terminal meanwhile.

    Args:
        host: the world in which it runs.
        command: the program and its arguments.
        environ: its environment, where that is not the Host's.

    Raises:
        ActionFailed: it cannot be started, or it ended with an error (which it has told itself).
    """
    inherited = environment(host) if environ is None else environ
    try:
        code = subprocess.run(command, env=inherited, check=False).returncode  # noqa: S603 - no shell; the user's own program
    except OSError as error:
        raise ActionFailed(
            "NotStarted",
            f"{command[0]} cannot be started: {error.strerror}",
            cure="see whether it is installed",
        ) from error
    if code != 0:
        raise ActionFailed("ProgramFailed", f"{command[0]} ended with exit code {code}")
