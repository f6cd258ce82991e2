"""What can go wrong for the person at the command line."""

from enum import IntEnum


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
    """

    def __init__(self, kind: str, message: str, code: ExitCode = ExitCode.FAILED) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.code = code
