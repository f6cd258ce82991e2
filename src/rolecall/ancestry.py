"""The processes that started this one, as far as the system shows them: in Linux's ``/proc``."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from rolecall.values import dataclass

_HIGHEST = 32
"""Processes to look at, at most: deeper than any nesting of shells."""
_INIT = 1
_OF_MANY_PARTS = ("python", "busybox")
"""Programs that are a shell or not, depending on what they run."""
_DELETED = " (deleted)"


@dataclass(frozen=True, slots=True)
class Process:
    """A process above this one.

    Attributes:
        names: the program's names: of its file, its own, and of the script or the part that it runs.
        takes_orders: whether it was given no operand: then a shell runs no script and no ``-c``, but what the
            user types.
        reads_output: whether it reads what this process writes to stdout, as a shell does for ``$(…)``.
    """

    names: tuple[str, ...]
    takes_orders: bool
    reads_output: bool


def of_this_process() -> tuple[Process, ...]:
    """Return the processes above this one, the nearest first; none where the system does not show them."""
    return tuple(_above(os.getppid(), _output())) if sys.platform == "linux" else ()


def _above(number: int, output: str | None) -> Iterator[Process]:
    for _ in range(_HIGHEST):
        if number <= _INIT:
            return
        try:
            found = _text(f"/proc/{number}/stat")
        except OSError:
            return
        # the name may contain blanks and parentheses; what follows it does not
        name, _, rest = found.partition("(")[2].rpartition(")")
        yield _process(number, name, output)
        number = int(rest.split()[1])


def _process(number: int, name: str, output: str | None) -> Process:
    arguments = _arguments(number)
    program = PurePosixPath(_link(f"/proc/{number}/exe").removesuffix(_DELETED)).name
    part = PurePosixPath(arguments[1]).name if len(arguments) > 1 else ""
    return Process(
        (program, name, *((part,) if program.startswith(_OF_MANY_PARTS) else ())),
        takes_orders=bool(arguments) and all(word.startswith(("-", "+")) for word in arguments[1:]),
        reads_output=output is not None and _reads(number, output),
    )


def _output() -> str | None:
    """Return the target of stdout, where that can have a reader: a pipe, or the file that ksh93 uses."""
    try:
        mode = os.fstat(1).st_mode
    except OSError:
        return None
    return _link("/proc/self/fd/1") or None if stat.S_ISFIFO(mode) or stat.S_ISREG(mode) else None


def _reads(number: int, output: str) -> bool:
    """Whether a process has the reading end of a pipe; no, where that is unknown."""
    try:
        opened = os.listdir(f"/proc/{number}/fd")  # noqa: PTH208 - names are wanted
    except OSError:
        return False
    return any(_link(f"/proc/{number}/fd/{each}") == output and _is_readable(number, each) for each in opened)


def _is_readable(number: int, opened: str) -> bool:
    try:
        lines = _text(f"/proc/{number}/fdinfo/{opened}").splitlines()
    except OSError:
        return False
    flags = next((line.split()[1] for line in lines if line.startswith("flags:")), "1")
    return int(flags, 8) & os.O_ACCMODE != os.O_WRONLY


def _arguments(number: int) -> list[str]:
    try:
        return _text(f"/proc/{number}/cmdline").split("\0")[:-1]
    except OSError:
        return []


def _link(path: str) -> str:
    try:
        return os.readlink(path)  # noqa: PTH115 - no Path is needed
    except OSError:
        return ""


def _text(path: str) -> str:
    with open(path, encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123 - no Path is needed
        return file.read()
