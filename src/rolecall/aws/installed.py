"""Which AWS CLI is here: an error of CLI v2 alone does not matter where nobody can run it."""

import os
import re
import shutil
import sys
from pathlib import Path

from rolecall.host import Host

_OF_V2 = "session.db"
"""What CLI v2 keeps in ``cli/cache`` from its first run on (``awscli.telemetry``); it has no credentials."""
_PACKAGE = re.compile(r"awscli-(?P<major>\d+)\.")


def lacks_v2(host: Host, cli_cache: Path) -> bool:
    """Whether it is certain that AWS CLI v2 is not used here: there is no ``aws``, or it is version 1.

    Nothing is certain of a home that was copied here, or that CLI v2 has left its traces in. The version is
    that of the package beside the program; an ``aws`` without one is v2's own build, or a wrapper.
    """
    path = host.environ.get("PATH")
    if path is None or host.own_environ is not None or host.is_demo or host.platform != sys.platform:
        return False
    if _exists(cli_cache / _OF_V2):
        return False
    program = shutil.which("aws", path=path)
    return program is None or _major(Path(os.path.realpath(program))) == 1


def _major(program: Path) -> int | None:
    """Return the version of the Python package that a program belongs to; None where it is of none."""
    try:
        packages = [
            found
            for library in program.parent.parent.glob("lib/python*/*-packages")
            for found in map(_PACKAGE.match, os.listdir(library))  # noqa: PTH208 - names are enough
            if found is not None
        ]
    except OSError:
        return None
    return max((int(found["major"]) for found in packages), default=None)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False
