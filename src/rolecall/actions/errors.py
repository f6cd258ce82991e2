"""How an action ends that was not done."""

from pathlib import Path

from rolecall.host import Host


class ActionFailed(Exception):  # noqa: N818 - it says what happened, as Cancelled does
    """An action was not done, and nothing of it is half done; or it was, and something beside it went wrong.

    The message is one sentence for a person. It may quote files and servers: mask it where it is shown.

    Attributes:
        kind: the error's name: botocore's exception class or AWS's error code where one of them said no,
            else a word of rolecall's own (``Conflict``, ``Timeout``, ``Unwritable``, ``NotApplicable``,
            ``Refused``).
        message: what happened.
        path: the file that it happened to, if it was one.
        line: the line in it (from 1), if it is one line's fault.
        cure: what to do about it, in words, or None.
        command: the command of the app that does that (``assume``, ``login``, ``clear``, ``edit``), or None.
        is_done: whether the action was done all the same.
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
    """The user changed their mind; nothing is half done."""


def require_home(host: Host, path: Path | None = None) -> None:
    """See that what is to be written has a home; ``~`` is not to become the name of a directory.

    Args:
        host: the world.
        path: the file; None for one somewhere below the home.

    Raises:
        ActionFailed: the file is below a home directory that nobody knows.
    """
    why = host.homeless
    if why is not None and (path is None or host.home in path.parents):
        message = f"no home directory is known, and nothing is written without one: {why}"
        raise ActionFailed("NoHome", message, cure="set HOME, or give --home DIR")
