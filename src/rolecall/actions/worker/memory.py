"""The memory that this process may take: a fence behind the bounds on what it reads."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

if sys.platform != "win32":
    import resource

    _BEFORE = resource.getrlimit(resource.RLIMIT_AS)

MOST = 2 << 30
"""Octets of address space on top of what it begins with: botocore with all its threads takes a fifth."""


def limit() -> None:
    """Have Python raise a MemoryError from some point on, where the system can do that."""
    if sys.platform != "win32":
        soft, hard = _BEFORE
        wanted = _used() + MOST
        if soft == resource.RLIM_INFINITY or wanted < soft:
            with contextlib.suppress(ValueError, OSError):  # macOS may refuse
                resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


@contextlib.contextmanager
def no_limit() -> Iterator[None]:
    """Start programs in here: some reserve much more address space than they use."""
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
    """Return the address space that is in use; 0 where the system does not tell."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return 0
