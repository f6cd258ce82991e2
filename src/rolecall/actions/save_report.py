"""Keeps a report in a file of the user's choice, readable by its owner alone."""

import os.path
from pathlib import Path

from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import FileChange, Plan
from rolecall.actions.writing import saving
from rolecall.aws.paths import LARGEST
from rolecall.host import read_limited


def keep(path: Path, text: str, *, replaces: bool = False) -> None:
    """Write a text to a file, at one stroke.

    Args:
        path: where; its directory is there.
        text: what.
        replaces: whether a file that is there already is to be replaced; it keeps its mode. A new one may be
            read and written by its owner alone.

    Raises:
        Conflict: a file is there, and is not to be replaced.
        ActionFailed: it cannot be written; nothing has changed.
    """
    if not os.path.isdir(path.parent):  # noqa: PTH112 - with a NUL in it, Path.is_dir may raise
        message = f"there is no directory {path.parent}"
        raise ActionFailed("Unwritable", message, path=path, cure="make it first, or choose another one")
    before = _read(path) if replaces else None
    saving.save(Plan("Save the report", (FileChange(path, None, before, text.encode()),)))


def _read(path: Path) -> bytes | None:
    try:
        return read_limited(path, LARGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        message = f"what is there is no file that could be replaced: {error.strerror}"
        raise ActionFailed("Unwritable", message, path=path) from error
