"""Words for what stands in the way of writing, and what to do about it: for findings and for actions."""

import os
import shlex
from pathlib import Path

from rolecall.aws import paths
from rolecall.aws.write_access import Obstacle, ObstacleKind, of_directory
from rolecall.host import Host
from rolecall.surroundings import surroundings
from rolecall.text import inert

_ASIDE = ".aside"
_LOGINS = "AWS_LOGIN_CACHE_DIRECTORY"
_SET_HOME = (
    "set HOME to a directory that you may write to, and have AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE "
    "name the two files"
)


def in_the_way(host: Host, obstacle: Obstacle) -> str:
    """Say what is in the way, in a clause."""
    shown = place(host, obstacle.where)
    match obstacle.kind:
        case ObstacleKind.READ_ONLY:
            return f"AWS tools cannot write to {shown}: its file system is mounted read-only"
        case ObstacleKind.FILE:
            return f"{shown} is a file, where AWS tools need a directory"
        case ObstacleKind.DIRECTORY:
            return f"{shown} is a directory, where AWS tools write a file"
        case ObstacleKind.LINK:
            return f"{shown} is a symlink to {_target(obstacle.where)}, which does not exist"
        case ObstacleKind.FORBIDDEN:
            is_readable = os.access(obstacle.where, os.R_OK)
            verb = "cannot write to" if is_readable else "can neither read nor write"
            return f"AWS tools {verb} {shown}: it {paths.whose(obstacle.where)}"


def place(host: Host, path: Path) -> str:
    """Return a path with ``~`` for the home; the home itself in full, as HOME."""
    return f"{path} (HOME)" if path == host.home else host.display(path)


def listing(path: Path) -> str:
    """Return the owner and the mode of a path, or where a link leads to."""
    return f"-> {_target(path)}" if path.is_symlink() else paths.whose(path)


def _target(link: Path) -> str:
    try:
        return inert(str(link.readlink()))
    except OSError:
        return "another place"  # gone by now


def line(host: Host, obstacle: Obstacle) -> tuple[str, str] | None:
    """Return what clears it, in words and as a line for a POSIX shell; None where only advice can be given.

    Nothing is lost by it: a file that is in the way is moved aside, unless it is empty.
    """
    where = obstacle.where
    quoted = shlex.quote(str(where))
    match obstacle.kind:
        case ObstacleKind.FILE | ObstacleKind.DIRECTORY if where != host.home and host.platform != "win32":
            return _move_aside(host, where)
        case ObstacleKind.LINK:
            target = Path(os.path.realpath(where))
            if _is_own_place(host, target) and of_directory(host, target) is None:
                return f"make {host.display(target)}", f"mkdir -p -- {shlex.quote(str(target))}"
        case ObstacleKind.FORBIDDEN if _owner(where) == _myself():
            mode = "u+rwx" if os.path.isdir(where) else "u+rw"  # noqa: PTH112 - as below
            return "give yourself the permission", f"chmod {mode} -- {quoted}"
    return None


def advice(host: Host, obstacle: Obstacle) -> str:
    """Say what to do about it, where no line of the user's own can do it."""
    where = obstacle.where
    moved = host.environ.get(_LOGINS)
    place_moved = Path(host.expand(moved or ""))
    if moved and host.home not in where.parents and where in (place_moved, *place_moved.parents):
        return f"have {_LOGINS} name a directory of your own, or unset it"
    match obstacle.kind:
        case ObstacleKind.DIRECTORY:
            return f"move {host.display(where)} elsewhere: a file belongs there"
        case ObstacleKind.FILE if where != host.home:
            return f"move {host.display(where)} elsewhere: a directory belongs there"
        case ObstacleKind.LINK:
            return f"mount or restore its target, or remove the link: rm {shlex.quote(str(where))}"
        case ObstacleKind.READ_ONLY:
            return f"{_mount(host)}, or {_SET_HOME}"
        case ObstacleKind.FORBIDDEN if where != host.home and _is_own_place(host, where):
            return take_back(where)
    return f"{_mount(host)}, or {_SET_HOME}" if surroundings(host).is_container else _SET_HOME


def _mount(host: Host) -> str:
    here = surroundings(host)
    shown = host.display(host.home / ".aws" / "cli")
    if here.is_pod:
        return f"mount an emptyDir at {shown} (and at ~/.aws/sso, for logins)"
    if here.is_container:
        return f"have a directory mounted at {shown} that can be written to (docker run -v, or --tmpfs)"
    return "have a place mounted there that can be written to"


def take_back(path: Path) -> str:
    """Say how a file or a directory with all that is in it is given back to the user."""
    whole = "-R " if os.path.isdir(path) else ""  # noqa: PTH112 - Path.is_dir raises what is forbidden
    return f'have it given to you: sudo chown {whole}"$(id -u)" {shlex.quote(os.path.realpath(path))}'


def _move_aside(host: Host, where: Path) -> tuple[str, str] | None:
    quoted = shlex.quote(str(where))
    aside = where.with_name(f"{where.name}{_ASIDE}")
    if of_directory(host, where.parent) is not None or os.path.lexists(aside):
        return None
    try:
        is_directory = where.is_dir()
        is_empty = not any(where.iterdir()) if is_directory else where.stat().st_size == 0
    except OSError:
        return None  # gone by now, or closed
    if is_empty and is_directory:
        return "remove the empty directory", f"rmdir -- {quoted}"
    if is_empty:
        return "delete the empty file", f"rm -- {quoted}"
    what = "directory" if is_directory else "file"
    return f"move the {what} aside", f"mv -- {quoted} {shlex.quote(str(aside))}"


def _is_own_place(host: Host, path: Path) -> bool:
    """Whether a path leads into the user's own home."""
    is_inside = Path(os.path.realpath(path)).is_relative_to(os.path.realpath(host.home))
    return is_inside and _owner(host.home) == _myself()


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except OSError:
        return None


def _myself() -> int | None:
    return os.geteuid() if hasattr(os, "geteuid") else None
