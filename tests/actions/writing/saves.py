"""What the tests of saving share: small plans, and a look at all that stands in a directory."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import FileChange, Plan
from rolecall.actions.writing import saving
from rolecall.aws.config_file import FileKind

NOBODY = 65534
"""A user who owns nothing."""
OLD = b"[default]\nregion = eu-west-1\n"
NEW = b"[default]\nregion = us-east-1\n"
OTHER = b"[default]\nregion = eu-west-1\n[profile theirs]\n"

needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may do that"
)


def change(path: Path, before: bytes | None = OLD, after: bytes | None = NEW) -> FileChange:
    """Return a change of a file."""
    return FileChange(path, FileKind.CONFIG, before, after)


def plan(*changes: FileChange) -> Plan:
    """Return a plan of changes."""
    return Plan("Set region of default", changes)


def save(path: Path, before: bytes | None = OLD, after: bytes | None = NEW) -> None:
    """Save a change of one file."""
    saving.save(plan(change(path, before, after)))


def failure(action: Callable[[], object]) -> ActionFailed:
    """Return how an action fails, which it has to."""
    with pytest.raises(ActionFailed) as caught:
        action()
    return caught.value


def tree(directory: Path) -> dict[str, bytes | str | None]:
    """Return all that stands below a directory: files' bytes, where symlinks lead, None for the rest."""
    found: dict[str, bytes | str | None] = {}
    for path in sorted(directory.rglob("*")):
        name = str(path.relative_to(directory))
        if path.is_symlink():
            found[name] = str(path.readlink())
        else:
            found[name] = path.read_bytes() if path.is_file() else None
    return found


@contextmanager
def no_privileges() -> Iterator[None]:
    """Be a user to whom permissions apply: whoever runs the tests, or nobody in place of root."""
    if os.geteuid() != 0:
        yield
        return
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)
