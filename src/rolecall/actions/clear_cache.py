"""Deletes cache files, after saying what each deletion costs.

A deleted file is in one of the four cache directories, and is the very one that was shown. A directory may be
a symlink, because the AWS tools follow it: then it is said where the files are. Of an entry that is a symlink
only the link is deleted, and it is said that its target stays.
"""

import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Self

from rolecall.actions.clear_cost import Cost, Estimate
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.prompts import Cancel
from rolecall.aws import paths
from rolecall.aws.cache_files import CacheKind
from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.expiry import State
from rolecall.aws.paths import Stamp
from rolecall.aws.snapshot import Snapshot
from rolecall.values import dataclass

PROGRESS_EVERY = 100
"""Files after which the progress is said."""
_ENDED = "it changed since it was shown"


class EntryFilter(StrEnum):
    """Which entries: ``corrupt`` ones make commands fail; ``all`` are all that AWS tools have cached."""

    EXPIRED = "expired"
    ORPHANED = "orphaned"
    CORRUPT = "corrupt"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Deletion:
    """One file that is to be deleted.

    Attributes:
        path: the file.
        entry: what it is.
        cost: what its deletion costs at worst, if all of the plan is deleted.
        words: the same in a sentence, naming the profiles where it is not all that the entry serves.
        stamp: tells whether it is still the file that was shown.
    """

    path: Path
    entry: CacheEntry
    cost: Cost
    words: str
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Cleared:
    """The result.

    Attributes:
        deleted: the files that are gone, even if another program deleted them.
        left: the files that are still there, each with the reason.
    """

    deleted: tuple[Path, ...]
    left: tuple[tuple[Path, str], ...]


def obstacle(entry: CacheEntry) -> str | None:
    """Return why an entry is never deleted, in a sentence, or None if it can be."""
    name, file = entry.path.name, entry.file
    if name.startswith("session.db"):
        return "It is AWS CLI v2's usage data, and holds no credentials."
    if file.stamp is None:
        return f"It is no file that can be deleted: {file.problem or 'it cannot be looked at'}."
    if paths.OF_AWS_TOOLS.fullmatch(name):
        return None
    if file.kind is CacheKind.UNKNOWN and file.fault is None:
        return "It is not one of the AWS tools' files."
    return None


def select(
    snapshot: Snapshot,
    *,
    names: Collection[str] = (),
    which: Collection[EntryFilter] = (),
    kinds: Collection[CacheKind] = (),
    paths: Collection[Path] = (),
) -> tuple[CacheEntry, ...]:
    """Return the entries that meet every given condition; none if no condition is given.

    Entries with an ``obstacle`` are left out. Files whose names no AWS tool gives are selected only by their
    paths, and so are files that may be in the middle of being written.

    Args:
        snapshot: where they are.
        names: of profiles; the entry serves one of them.
        which: one of these applies to the entry.
        kinds: the entry is of one of these kinds.
        paths: the entry is at one of these paths.
    """
    if not (names or which or kinds or paths):
        return ()
    now = snapshot.host.now()
    wanted_names, wanted_paths = frozenset(names), frozenset(paths)
    return tuple(
        entry
        for entry in snapshot.entries
        if (not wanted_paths or entry.path in wanted_paths)
        and (not wanted_names or not wanted_names.isdisjoint(entry.profiles))
        and (not kinds or entry.kind in kinds)
        and (not which or any(_applies(each, entry, now) for each in which))
        and (wanted_paths or _is_aws_tools(entry, now))
        and obstacle(entry) is None
    )


def _applies(which: EntryFilter, entry: CacheEntry, now: datetime) -> bool:
    match which:
        case EntryFilter.EXPIRED:
            return entry.expiry.as_of(now).state is State.EXPIRED
        case EntryFilter.ORPHANED:
            return entry.is_orphan
        case EntryFilter.CORRUPT:
            return entry.file.fault_at(now) is not None
        case EntryFilter.ALL:
            return True


def _is_aws_tools(entry: CacheEntry, now: datetime) -> bool:
    """Whether an AWS tool has written it; a half-written file that is fresh is left to its writer."""
    if entry.file.is_foreign:
        return False
    written = entry.file.written
    is_settled = written is not None and now - written >= paths.IN_THE_MAKING
    return is_settled or entry.path.suffix != ".tmp"


def unseen(snapshot: Snapshot) -> tuple[tuple[Path, str], ...]:
    """Return what a selection may have meant but cannot be deleted, each with the reason.

    These are directories that cannot be listed, and entries with names of AWS tools that cannot be looked at
    or are no files.
    """
    return tuple(
        (entry.path, entry.file.problem or "it cannot be looked at")
        for entry in snapshot.entries
        if entry.file.stamp is None and not entry.file.is_foreign
    )


def leads_to(snapshot: Snapshot, deletions: Iterable[Deletion]) -> dict[Path, Path]:
    """Return the real paths of the directories of some deletions, for those that are reached by a link."""
    home = snapshot.host.home
    really_home = Path(os.path.realpath(home))
    found: dict[Path, Path] = {}
    for directory in dict.fromkeys(deletion.path.parent for deletion in deletions):
        inside = directory.is_relative_to(home)
        plain = really_home / directory.relative_to(home) if inside else Path(os.path.abspath(directory))  # noqa: PTH100 - links are not followed
        real = Path(os.path.realpath(directory))
        if real != plain:
            found[directory] = real
    return found


def plan(snapshot: Snapshot, entries: Sequence[CacheEntry]) -> tuple[Deletion, ...]:
    """Say what deleting these entries together costs; nothing is deleted.

    Raises:
        ActionFailed: one of them is never deleted.
    """
    estimate = Estimate(snapshot, entries)
    return tuple(_deletion(snapshot, entry, estimate) for entry in entries)


def _deletion(snapshot: Snapshot, entry: CacheEntry, estimate: Estimate) -> Deletion:
    stamp, reason = entry.file.stamp, obstacle(entry)
    if stamp is None or reason is not None:
        raise ActionFailed("Refused", f"{entry.path.name} is not deleted: {reason}", path=entry.path)
    cost, words = estimate.of(entry)
    if entry.file.is_link:
        target = snapshot.host.display(os.path.realpath(entry.path))
        words = f"{words} It is a link, and goes alone: {target} stays."
    if entry.file.is_foreign:
        words = f"{words} No AWS tool gives a file such a name: it may be another program's."
    return Deletion(entry.path, entry, cost, words, stamp)


def clear(
    snapshot: Snapshot,
    deletions: Sequence[Deletion],
    cancel: Cancel,
    when_done: Callable[[int], None],
) -> Cleared:
    """Delete files; those that changed since they were shown, or cannot be deleted, are left and named.

    Args:
        snapshot: where the cache directories are.
        deletions: what ``plan`` said.
        cancel: ends it between two files.
        when_done: called with the number of files done, now and then and at the end.

    Raises:
        Cancelled: before anything was deleted; after that, the rest is ``left``.
    """
    cancel.check()
    deleted: list[Path] = []
    left: list[tuple[Path, str]] = []
    ordered = sorted(deletions, key=lambda deletion: deletion.path.parent)
    for directory, group in groupby(ordered, key=lambda deletion: deletion.path.parent):
        for deletion, reason in _delete_in(directory, list(group), snapshot, cancel):
            if reason is None:
                deleted.append(deletion.path)
            else:
                left.append((deletion.path, reason))
            through = len(deleted) + len(left)
            if through % PROGRESS_EVERY == 0:
                when_done(through)
    if cancel.is_set and not deleted:
        raise Cancelled
    when_done(len(deleted) + len(left))
    return Cleared(tuple(deleted), tuple(left))


def _delete_in(
    directory: Path, deletions: Sequence[Deletion], snapshot: Snapshot, cancel: Cancel
) -> Iterator[tuple[Deletion, str | None]]:
    """Delete files of one directory; yield each with the reason why it is left, None where it is gone."""
    if directory not in snapshot.where.caches:
        yield from ((deletion, "it is not in a cache directory") for deletion in deletions)
        return
    try:
        opened = _Directory(directory)
    except FileNotFoundError:
        yield from ((deletion, None) for deletion in deletions)
        return
    except OSError as error:
        reason = f"the directory cannot be opened: {error.strerror}"
        yield from ((deletion, reason) for deletion in deletions)
        return
    with opened:
        for deletion in deletions:
            yield deletion, "you cancelled" if cancel.is_set else opened.delete(deletion)


class _Directory:
    """An open directory: files are deleted in it even if another is put in its place meanwhile."""

    def __init__(self, path: Path) -> None:
        self._path = path
        by_descriptor = os.unlink in os.supports_dir_fd and os.stat in os.supports_dir_fd
        self._descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY) if by_descriptor else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)

    def delete(self, deletion: Deletion) -> str | None:
        """Delete a file if it is the one that was shown; return the reason why it is left, or None."""
        reason = obstacle(deletion.entry)
        if reason is not None:
            return reason
        name = deletion.path.name
        where: str | Path = name if self._descriptor is not None else self._path / name
        try:
            status = os.stat(where, dir_fd=self._descriptor, follow_symlinks=False)
            is_link = stat.S_ISLNK(status.st_mode)
            if is_link != deletion.entry.file.is_link:
                return _ENDED
            if (self._target(where) if is_link else Stamp.of(status)) != deletion.stamp:
                return _ENDED
            os.unlink(where, dir_fd=self._descriptor)
        except FileNotFoundError:
            return None
        except OSError as error:
            return f"it cannot be deleted: {error.strerror}"
        return None

    def _target(self, where: str | Path) -> Stamp | None:
        try:
            return Stamp.of(os.stat(where, dir_fd=self._descriptor))
        except FileNotFoundError:
            return None
