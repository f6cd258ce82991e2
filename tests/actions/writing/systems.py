"""The systems on which a save has to hold, from one that offers everything to one that offers least."""

import errno
import fcntl
import os
from collections.abc import Callable

import pytest

from rolecall.actions.writing import atomic

SYSTEMS = ("all", "no nameless files", "no exchange", "no links")


def pretend(system: str, patch: pytest.MonkeyPatch) -> None:
    """Have the machine offer no more than a lesser system does (no exchange and no leases: macOS)."""
    if system != "all":
        patch.setattr(atomic, "_DESCRIPTORS", "/nowhere")
    if system in ("no exchange", "no links"):
        patch.setattr(atomic, "_RENAME", None)
        patch.setattr(atomic, "_lease", lambda _descriptor: atomic._Lease.IMPOSSIBLE)
    if system == "no links":
        patch.setattr(atomic, "link", lambda _path, _name: False)


CALLS = (
    *("open", "write", "fsync", "fstat", "link", "unlink", "rename", "replace", "mkdir", "rmdir", "fchmod"),
    *(
        "fchown",
        "listxattr",
        "getxattr",
        "setxattr",
        "stat",
        "lstat",
        "access",
        "statvfs",
        "listdir",
        "readlink",
    ),
)
"""What a save asks of the system (beside locks, leases and the exchange)."""


class Failing:
    """A system whose n-th answer is an error, and all others are what they are."""

    def __init__(self, patch: pytest.MonkeyPatch, nth: int, code: int = errno.EIO) -> None:
        self.asked = 0
        self.failed: str | None = None
        self._nth = nth
        self._code = code
        for name in CALLS:
            patch.setattr(os, name, self._failing(name, getattr(os, name)))
        for name in ("fcntl", "flock"):
            patch.setattr(fcntl, name, self._failing(name, getattr(fcntl, name)))
        patch.setattr(atomic, "exchange", self._failing("exchange", atomic.exchange))
        patch.setattr(os, "supports_effective_ids", {os.access})

    def _failing(self, name: str, function: Callable[..., object]) -> Callable[..., object]:
        def failing(*args: object, **options: object) -> object:
            self.asked += 1
            if self.asked == self._nth:
                self.failed = name
                raise OSError(self._code, os.strerror(self._code))
            return function(*args, **options)

        return failing
