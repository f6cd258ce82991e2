"""Which directories to watch for a change in what AWS tools read."""

import os
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

from watchfiles import Change, awatch

from rolecall.aws.paths import Paths

DEBOUNCE, STEP = 400, 150
"""Milliseconds: a burst of changes is one change, and none waits longer than this."""


def directories(where: Paths, tokens: Iterable[str] = ()) -> set[Path]:
    """Return the directories in which a change matters: those there are, else the nearest above them.

    A symlinked file changes where it points to, so its target's directory is watched as well.

    Args:
        where: the two files, and the caches.
        tokens: the files of web identities. A directory of theirs that cannot be read is left out: they may
            be anywhere, and the rest is watched all the same.
    """
    wanted = set(where.caches)
    for file in (where.config, where.credentials):
        if file is not None:
            wanted |= {file.parent, _target(file).parent}
    beside = _nearest_all(each.parent for each in _on_the_way(tokens))
    return _nearest_all(wanted) | {each for each in beside if os.access(each, os.R_OK)}


def _nearest_all(wanted: Iterable[Path]) -> set[Path]:
    return {found for each in wanted if (found := _nearest(each)) is not None}


def _on_the_way(tokens: Iterable[str]) -> set[Path]:
    """Return the files of tokens, and what their links lead to: Kubernetes puts another link in its place."""
    files = {Path(token).absolute() for token in tokens}
    return files | {_link(file) for file in files} | {_target(file) for file in files}


def _link(file: Path) -> Path:
    try:
        return file.parent / file.readlink()
    except OSError:
        return file


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


def is_watched(where: Paths, changed: Path, tokens: Iterable[str] = ()) -> bool:
    """Whether a changed path is one that AWS tools read, or a directory on the way to one."""
    files = [file for file in (where.config, where.credentials) if file is not None]
    targets = {*files, *(_target(file) for file in files)}
    if changed in targets or changed.parent in where.caches:
        return True
    waited_for = (*where.caches, *files, *_on_the_way(tokens))
    return any(changed in each.parents or changed == each for each in waited_for)


async def changes(where: Paths, tokens: Callable[[], Iterable[str]] = tuple) -> AsyncIterator[None]:
    """Yield once for each burst of changes; return when other directories have to be watched.

    Raises:
        OSError: watching is not possible here.
    """
    watched = directories(where, tokens())

    def is_wanted(_: Change, path: str) -> bool:
        return is_watched(where, Path(path), tokens())

    async for _ in awatch(*watched, watch_filter=is_wanted, debounce=DEBOUNCE, step=STEP, recursive=False):
        yield
        if directories(where, tokens()) != watched:
            return
