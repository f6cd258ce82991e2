"""What a directory holds, to the last byte and time, so that two looks at it can be compared."""

import os
from pathlib import Path


def digest(root: Path) -> dict[str, tuple[object, ...]]:
    """Return each name below a directory, and itself, with its mode, owner, times and content.

    The time of the last change of the inode is in it, so that even what was put back as it was is seen; the
    time of the last access is not, for that is what reading changes.
    """
    return {str(path.relative_to(root)): _of(path) for path in (root, *sorted(root.rglob("*")))}


def _of(path: Path) -> tuple[object, ...]:
    status = path.lstat()
    content: object = None
    if path.is_symlink():
        content = os.readlink(path)  # noqa: PTH115 - text, as it stands there
    elif path.is_file():
        content = path.read_bytes()
    return (status.st_mode, status.st_ino, status.st_uid, status.st_mtime_ns, status.st_ctime_ns, content)
