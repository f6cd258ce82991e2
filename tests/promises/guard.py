"""Forbids a process the network, other processes and writing, and takes down every try.

It is an audit hook, which no code can get round or take away again: it belongs into a child process.
"""

import os
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_FAMILIES = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
    "os.kill",
    "pty.",
    "urllib.",
    "http.client.",
    "ftplib.",
    "smtplib.",
    "webbrowser.",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "os.chflags",
    "os.utime",
    "os.setxattr",
    "os.removexattr",
    "shutil.",
    "tempfile.",
    "sqlite3.",
    "syslog.",
)


class ForbiddenError(RuntimeError):
    """Something was tried that looking must not do."""


@dataclass
class Guard:
    """Refuses what is forbidden, from its installation to the end of the process.

    Attributes:
        spared: the directory of the one file that rolecall writes when it is left; None where it writes none.
        tries: what was tried, in order, also where the refusal was swallowed.
    """

    spared: str | None = None
    tries: list[str] = field(default_factory=list)

    def install(self) -> None:
        """Begin; there is no end."""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if _is_forbidden(event, arguments) and not self._is_spared(arguments):
            tried = f"{event} {arguments[:3]!r}"
            self.tries.append(tried)
            raise ForbiddenError(tried)

    def _is_spared(self, arguments: tuple[object, ...]) -> bool:
        paths = [Path(each) for each in arguments if isinstance(each, (str, os.PathLike))]
        places = [str(path) for path in paths if path.is_absolute()]
        return (
            self.spared is not None and bool(places) and all(path.startswith(self.spared) for path in places)
        )


def _is_forbidden(event: str, arguments: tuple[object, ...]) -> bool:
    if event == "open":
        flags = arguments[2]
        return isinstance(flags, int) and bool(flags & _WRITING)
    if event == "socket.__new__":
        # asyncio wakes its own loop through a pair of these, which lead nowhere else
        return arguments[1] != socket.AF_UNIX
    return event.startswith(_FAMILIES)
