"""Whose a file is: only its owner may change its mode, so that no other is told to."""

import os
import shlex
from pathlib import Path

from rolecall.findings import fixes
from rolecall.findings.fixes import Fix
from rolecall.host import Host


def is_own(path: Path) -> bool:
    """Whether what a path leads to belongs to the account that runs this."""
    try:
        return not hasattr(os, "geteuid") or path.stat().st_uid == os.geteuid()
    except (OSError, ValueError):
        return False


def take_back(host: Host, path: Path) -> Fix:
    """Return: have it given back, which takes another account's rights."""
    return fixes.by_hand(
        f'{host.display(path)} is another account\'s: have it given to you, as by sudo chown "$(id -u)" '
        f"{shlex.quote(os.path.realpath(path))}"
    )


def change_mode(host: Host, path: Path, words: str, line: str) -> Fix:
    """Return: a line that changes a mode, where that is the user's to change."""
    return fixes.run(words, line) if is_own(path) else take_back(host, path)
