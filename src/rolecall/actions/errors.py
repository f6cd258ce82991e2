"""The exceptions of an action that was not done."""

from pathlib import Path

from rolecall.aws.write_access import Obstacle
from rolecall.host import Host
from rolecall.messages import obstacles


class ActionFailed(Exception):  # noqa: N818 - it says what happened, like Cancelled
    """An action was not done, and not half done either; or it was done, and something else went wrong.

    The message is one sentence for the user. It may quote files and servers: mask it where it is shown.

    Attributes:
        kind: the error's name: botocore's exception class or AWS's error code, if one of them refused,
            else one of rolecall's own names (``Conflict``, ``Timeout``, ``Unwritable``, ``NotApplicable``,
            ``Refused``).
        message: what happened.
        path: the file that it is about, or None.
        line: the line in it (from 1), or None.
        cure: what to do about it, in words, or None.
        command: the app's command that does that (``assume``, ``login``, ``clear``, ``edit``), or None.
        is_done: whether the action was done nevertheless.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        path: Path | None = None,
        line: int | None = None,
        cure: str | None = None,
        command: str | None = None,
        is_done: bool = False,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.path = path
        self.line = line
        self.cure = cure
        self.command = command
        self.is_done = is_done


class Cancelled(Exception):  # noqa: N818 - nothing went wrong
    """The user cancelled; nothing is half done."""


def require_writable(host: Host, obstacle: Obstacle | None) -> None:
    """Check that what is fetched can be saved, before a code is asked for or a browser is opened.

    Raises:
        ActionFailed: something is in the way.
    """
    if obstacle is None:
        return
    found = obstacles.line(host, obstacle)
    cure = f"{found[0]}: {found[1]}" if found is not None else obstacles.advice(host, obstacle)
    raise ActionFailed("Unwritable", obstacles.in_the_way(host, obstacle), path=obstacle.where, cure=cure)


def require_home(host: Host, path: Path | None = None) -> None:
    """Check that the home directory is known before a file in it is written: no directory may be named ``~``.

    Args:
        host: the Host.
        path: the file; None for one somewhere below the home.

    Raises:
        ActionFailed: the file is below an unknown home directory.
    """
    why = host.homeless
    if why is not None and (path is None or host.home in path.parents):
        message = f"no home directory is known, and nothing is written without one: {why}"
        raise ActionFailed("NoHome", message, cure="set HOME, or give --home DIR")
