"""Whose a file is: its owner alone may change its mode, and only in one's own home may one take it."""

import os
import shlex
from pathlib import Path

from rolecall.doctor import fixes
from rolecall.doctor.fixes import Fix
from rolecall.host import Host

_NAMING = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_LOGIN_CACHE_DIRECTORY")
_ROOT = 0


def is_own(host: Host, path: Path) -> bool:
    """Whether what a path leads to is the user's: root may keep the home of another account."""
    if not hasattr(os, "geteuid"):
        return True
    owner = _owner(path)
    return owner is not None and (
        owner == os.geteuid() or (os.geteuid() == _ROOT and owner == _owner(host.home))
    )


def is_in_own_home(host: Host, path: Path) -> bool:
    """Whether what a path leads to lies in a home that is the user's; ``/dev`` and ``/etc`` never do."""
    try:
        lies_there = Path(os.path.realpath(path)).is_relative_to(os.path.realpath(host.home))
    except (OSError, ValueError):
        return False
    return lies_there and (not hasattr(os, "geteuid") or _owner(host.home) == os.geteuid())


def use_another(host: Host, path: Path) -> Fix:
    """Return: leave alone what is not the user's, and have AWS tools read something else."""
    shown = host.display(path)
    names = [name for name in _NAMING if host.expand_user(host.environ.get(name, "")) == str(path)]
    if names:
        return fixes.manual(
            f"leave {shown} to its owner; have {names[0]} name a file of your own if it is not meant"
        )
    return fixes.manual(f"leave {shown} to its owner (ls -ld says who that is), and ask there")


def take_back(host: Host, path: Path) -> Fix:
    """Return: have it given back, which takes another account's rights, where it lies in the user's home."""
    if not is_in_own_home(host, path):
        return use_another(host, path)
    return fixes.manual(
        f'{host.display(path)} is another account\'s: have it given to you, as by sudo chown "$(id -u)" '
        f"{shlex.quote(os.path.realpath(path))}"
    )


def change_mode(host: Host, path: Path, words: str, line: str) -> Fix:
    """Return: a line that changes a mode, where that is the user's to change."""
    return fixes.run(words, line) if is_own(host, path) else take_back(host, path)


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except (OSError, ValueError):
        return None
