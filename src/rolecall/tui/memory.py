"""What the app remembers from one time to the next: its theme, and how the tree was left.

It is written once, when the app is left, to one file of its own, where the platform keeps a program's state.
A damaged file, or one that cannot be written, is no reason not to start or to end.
"""

import contextlib
import errno
import json
import os
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from rolecall.host import Host, read_limited
from rolecall.values import dataclass

LARGEST = 1 << 18
"""Bytes up to which the file is read; more is never written."""
Values = Mapping[str, object]
"""What is remembered, by name; what is as it is at first is not among it."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What was remembered.

    Attributes:
        values: whatever the file has; nobody has checked it.
        problem: why the file is not used, a sentence without its full stop.
    """

    values: Values = field(default_factory=dict)
    problem: str | None = None


def recall(host: Host) -> Memory:
    """Return what was remembered, nothing where there is no file; never an exception."""
    path = host.state_file
    if path is None:
        return Memory()
    try:
        values = json.loads(read_limited(path, LARGEST))
    except (FileNotFoundError, NotADirectoryError):
        return Memory()
    except OSError as error:
        return _unusable(host, path, f"it cannot be read: {error.strerror}")
    except (ValueError, RecursionError):
        return _unusable(host, path, "it is not JSON")
    return Memory(values) if isinstance(values, dict) else _unusable(host, path, "it is no JSON object")


def _unusable(host: Host, path: Path, why: str) -> Memory:
    return Memory(problem=f"{host.display(path)} is ignored, and nothing is remembered from last time: {why}")


def remember(host: Host, before: Memory, values: Values) -> None:
    """Write what is to be remembered, if it is something else than before and can be written."""
    path = host.state_file
    data = json.dumps(values, indent=1).encode()
    if path is None or (values == before.values and before.problem is None) or len(data) > LARGEST:
        return
    with contextlib.suppress(OSError, ValueError):  # a full disk, one that is read-only, a path with a NUL
        _write(path, data)


def _write(path: Path, data: bytes) -> None:
    if not _is_own(path.parent):
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    try:
        _write_whole(beside, data)
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def _write_whole(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        written = os.write(descriptor, data)
    finally:
        os.close(descriptor)
    if written < len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def _is_own(directory: Path) -> bool:
    """Whether a directory, or the nearest above it that exists, is this user's: root writes in no other."""
    if not hasattr(os, "geteuid"):
        return True
    there = next((each for each in (directory, *directory.parents) if each.exists()), directory)
    return there.stat().st_uid == os.geteuid()
