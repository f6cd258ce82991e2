"""What can go wrong for the person at the command line."""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from rolecall.actions.errors import ActionFailed
from rolecall.host import Host
from rolecall.text import mask


class ExitCode(IntEnum):
    """What a script sees."""

    FINE = 0
    FAILED = 1
    USAGE = 2
    INTERRUPTED = 130


class Failure(Exception):  # noqa: N818 - it ends a command, it need not be an error of ours
    """Ends a command with one line on stderr, and with an error object where JSON was asked for.

    Attributes:
        kind: the error's type in the JSON: botocore's class name where it has one.
        message: one sentence that a person can act on.
        code: the exit code.
        details: what more the JSON has on it.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        code: ExitCode = ExitCode.FAILED,
        details: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.code = code
        self.details = details

    @property
    def error(self) -> dict[str, object]:
        """The error as the JSON has it: type and message, and for an action path, line and cure."""
        return {"type": self.kind, "message": mask(self.message), **self.details}


def of_action(failed: ActionFailed, host: Host) -> Failure:
    """Return an action's failure as it is told: where it happened, what happened, what to do about it."""
    message = _placed(failed, host)
    if failed.cure is not None:
        joint = ". " if failed.cure[:1].isupper() else "; "
        message = f"{message.removesuffix('.')}{joint}{failed.cure}"
    return Failure(failed.kind, message, details=of_parts(failed))


def _placed(failed: ActionFailed, host: Host) -> str:
    """Return what happened with the file and the line that it happened to, wherever the message has them."""
    if failed.path is None:
        return failed.message
    shown = host.display(failed.path)
    place = shown if failed.line is None else f"{shown}:{failed.line}"
    if place in failed.message:
        return failed.message
    for name in (str(failed.path), shown):
        if name in failed.message:
            return failed.message.replace(name, place, 1)
    return f"{place}: {failed.message}"


def of_parts(failed: ActionFailed) -> Mapping[str, object]:
    """Return what the JSON has on an action's failure: what happened apart from what to do about it."""
    return {
        "message": mask(failed.message),
        "path": None if failed.path is None else str(failed.path),
        "line": failed.line,
        "cure": None if failed.cure is None else mask(failed.cure),
    }


def of_cancelled() -> Failure:
    """Return how the answer "no" ends a command."""
    return Failure("Cancelled", "cancelled")
