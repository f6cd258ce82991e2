"""A temporary directory that goes away however the program ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rolecall.signals import ending_by_exception, undisturbed


@contextmanager
def temporary_directory(prefix: str) -> Iterator[Path]:
    """Yield a fresh directory, readable by this user alone, and remove it with all that is in it.

    It is removed at the end of the block, at an exception and at ctrl+c; at SIGTERM and SIGHUP,
    which raise ``SystemExit`` inside the block; and at the interpreter's exit if the block was
    never left. Handlers are put back afterwards; a signal that was ignored (nohup) stays ignored.
    """
    with ending_by_exception():
        directory = TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
        try:
            yield Path(directory.name)
        finally:
            with undisturbed():
                directory.cleanup()
