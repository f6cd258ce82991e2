"""The memory that this process may use: a second limit besides those on what it reads."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

if sys.platform != "win32":
    import resource

    _BEFORE = resource.getrlimit(resource.RLIMIT_AS)

MOST = 2 << 30
"""Bytes of address space in addition to those at its start: botocore with all its threads needs a fifth."""


def limit() -> None:
    """Make Python raise a MemoryError above the limit, where the system can do that."""
    if sys.platform != "win32":
        soft, hard = _BEFORE
        wanted = _used() + MOST
        if soft == resource.RLIM_INFINITY or wanted < soft:
            with contextlib.suppress(ValueError, OSError):  # macOS may refuse
                resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


@contextlib.contextmanager
def no_limit() -> Iterator[None]:
    """Lift the limit to start a program: some reserve much more address space than they use."""
    if sys.platform == "win32":
        yield
        return
    now = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, _BEFORE)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, now)


def _used() -> int:
    """Return the address space in use; 0 where the system does not say."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return 0
