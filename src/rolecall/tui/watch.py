"""Which directories to watch for a change in what AWS tools read."""

from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import Change, awatch

from rolecall.aws.paths import Paths

DEBOUNCE, STEP = 400, 150
"""Milliseconds: a burst of changes is one change, and none waits longer than this."""


def directories(where: Paths) -> set[Path]:
    """Return the directories in which a change matters: those there are, else the nearest above them.

    A symlinked file changes where it points to, so its target's directory is watched as well.
    """
    wanted = set(where.caches)
    for file in (where.config, where.credentials):
        if file is not None:
            wanted |= {file.parent, _target(file).parent}
    return {found for each in wanted if (found := _nearest(each)) is not None}


def _target(file: Path) -> Path:
    try:
        return file.resolve()
    except (OSError, RuntimeError):
        return file


def _nearest(path: Path) -> Path | None:
    for candidate in (path, *path.parents):
        try:
            if candidate.is_dir():
                return candidate
        except OSError:
            continue
    return None


def matters(where: Paths, changed: Path) -> bool:
    """Whether a changed path is one that AWS tools read, or a directory on the way to one."""
    files = [file for file in (where.config, where.credentials) if file is not None]
    targets = {*files, *(_target(file) for file in files)}
    if changed in targets or changed.parent in where.caches:
        return True
    return any(changed in each.parents or changed == each for each in (*where.caches, *files))


async def changes(where: Paths) -> AsyncIterator[None]:
    """Yield once for each burst of changes; ends when other directories have to be watched from now on.

    Raises:
        OSError: watching is not possible here.
    """
    watched = directories(where)

    def is_wanted(_: Change, path: str) -> bool:
        return matters(where, Path(path))

    async for _ in awatch(*watched, watch_filter=is_wanted, debounce=DEBOUNCE, step=STEP, recursive=False):
        yield
        if directories(where) != watched:
            return
