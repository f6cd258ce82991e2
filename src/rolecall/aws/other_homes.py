"""Other places where the user's AWS files may be: the home before sudo, Windows' home, another name."""

import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

from rolecall.aws import config_file, paths
from rolecall.aws.config_file import ConfigFile, FileKind, FileStatus
from rolecall.aws.settings import SETTINGS
from rolecall.host import Host
from rolecall.surroundings import surroundings
from rolecall.values import dataclass

_MANY = 64
"""Homes of Windows that are looked at, at most."""


@dataclass(frozen=True, slots=True)
class OtherHome:
    """A directory as ``~/.aws`` that AWS tools do not read here.

    Attributes:
        aws: the directory.
        why: why it is not read, in a clause.
        cure: how it would be, in the imperative.
        is_home: whether another home is meant, and not a file that a variable replaces on purpose.
    """

    aws: Path
    why: str
    cure: str
    is_home: bool = True


def other_homes(host: Host) -> Iterator[OtherHome]:
    """Yield the places that exist. They are looked at only once something is missing here."""
    seen: set[str] = set()
    for home in _candidates(host):
        real = _real(home.aws)
        if real not in seen and os.path.isdir(home.aws):  # noqa: PTH112 - Path.is_dir raises what is forbidden
            seen.add(real)
            yield home


def _candidates(host: Host) -> Iterator[OtherHome]:
    here = surroundings(host)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        if name in host.environ:
            why = f"{name} names another file"
            yield OtherHome(host.home / ".aws", why, f"unset {name}", is_home=False)
    if here.sudo_user is not None:
        for home in _homes_of(host, here.sudo_user):
            yield OtherHome(
                home / ".aws",
                f"sudo changed HOME to {host.home}",
                "run it without sudo, or have sudo keep the home: sudo --preserve-env=HOME,AWS_PROFILE …",
            )
    config = host.environ.get("AWS_CONFIG_FILE")
    if config:
        beside = Path(host.expand(config)).parent
        yield OtherHome(
            beside,
            "AWS_CONFIG_FILE moves the config file only",
            "set AWS_SHARED_CREDENTIALS_FILE as well",
            is_home=False,
        )
    if here.is_wsl:
        for home in _of_windows(host):
            files = f"AWS_CONFIG_FILE={home}/.aws/config AWS_SHARED_CREDENTIALS_FILE={home}/.aws/credentials"
            yield OtherHome(home / ".aws", "Windows has a home of its own", f"export {files}")


def _homes_of(host: Host, user: str) -> Iterator[Path]:
    """Yield where another user's home may be; the first that exists is meant."""
    if "/" in user or user in (".", ".."):
        return
    noted = host.environ.get("SUDO_HOME")
    if noted:
        yield Path(noted)
    known = host.expand_user(f"~{user}")
    if not known.startswith("~"):
        yield Path(known)
    yield host.root / "home" / user
    yield host.home.parent / user


def _of_windows(host: Host) -> Iterator[Path]:
    users = host.root / "mnt" / "c" / "Users"
    try:
        with os.scandir(users) as listing:
            names = [each.name for each, _ in zip(listing, range(_MANY), strict=False)]
    except OSError:
        return
    yield from (users / name for name in sorted(names))


def _real(path: Path) -> str:
    return os.path.realpath(path)


def home_of(host: Host, profile: str) -> tuple[OtherHome, Path] | None:
    """Return the other place in which a profile is, with the file that has it; None where there is none."""
    for home in other_homes(host):
        for file in _files(host, home):
            if profile in file.headers.profiles and file.path is not None:
                return home, file.path
    return None


def count_elsewhere(host: Host) -> tuple[OtherHome, int] | None:
    """Return the first other place that has profiles, and how many; None where there is none."""
    here = _real(host.home / ".aws")
    for home in other_homes(host):
        if not home.is_home or _real(home.aws) == here:
            continue
        names = {name for file in _files(host, home) for name in file.headers.profiles}
        if names:
            return home, len(names)
    return None


def closed_home(host: Host) -> OtherHome | None:
    """Return the home that this account may not look into, where sudo changed HOME; None where it may."""
    for home in _candidates(host):
        if home.is_home and _is_closed(home.aws):
            return home
    return None


def _is_closed(directory: Path) -> bool:
    """Whether a directory, or a file of AWS's in it, is there and may not be read."""
    for path in (directory, directory / "config", directory / "credentials"):
        try:
            path.stat()
        except OSError as error:
            if error.errno == errno.EACCES:
                return True
        else:
            if not os.access(path, os.R_OK):
                return True
    return False


@dataclass(frozen=True, slots=True)
class Misnamed:
    """A file that was meant to be one of the two, and has another name.

    Attributes:
        path: the file.
        read: the file that AWS tools read, which does not exist.
        why: what is wrong with its name, in a clause.
        profiles: the profiles in it.
    """

    path: Path
    read: Path
    why: str
    profiles: frozenset[str]


_NAMES = {
    kind: re.compile(
        rf"(?P<start>[\s._]*){words}(?P<copy>\s?\(\d\))?(?P<end>(?:\.(?:{ends}))*)\s*", re.IGNORECASE
    )
    for ends in ("txt|text|ini|cfg|conf|config|json|toml|ya?ml|csv|rtf|docx?|properties|file",)
    for kind, words in (
        (FileKind.CREDENTIALS, "(?:aws[._-]?)?(?:credentials?|creds?)"),
        (FileKind.CONFIG, "(?:aws[._-]?)?(?:config(?:uration|s)?)"),
    )
}
"""Names that editors, file managers and people give the two files; no copy that was kept (`.bak`)."""


def misnamed(host: Host, file: ConfigFile) -> Misnamed | None:
    """Return the file with profiles that was meant to be one that does not exist: it is in the same place."""
    if file.path is None or file.status is not FileStatus.MISSING or paths.is_nowhere(file.path):
        return None
    try:
        with os.scandir(file.path.parent) as listing:
            names = sorted(each.name for each, _ in zip(listing, range(_MOST_FILES), strict=False))
    except (OSError, ValueError):
        return None
    for name in names:
        found = _NAMES[file.role].fullmatch(name)
        if found is None or name == file.path.name:
            continue
        read = config_file.read_file(file.path.with_name(name), file.role, host.encoding)
        if read.path is not None and any(
            not SETTINGS.keys().isdisjoint(each) for each in read.sections.values()
        ):
            why = (
                "has an ending"
                if found["end"]
                else "is in other letters"
                if name.lower() == file.path.name
                else "has a blank in it"
                if name.strip() == file.path.name
                else f"is not {file.path.name}"
            )
            return Misnamed(read.path, file.path, f"its name {why}", frozenset(read.headers.profiles))
    return None


_MOST_FILES = 256
"""Names in ``~/.aws`` that are looked at."""


def token_elsewhere(host: Host, stem: str) -> tuple[OtherHome, Path] | None:
    """Return the other place in which an SSO token is, by its file's name; None where there is none."""
    read = _real(paths.find(host).sso_cache)
    for home in other_homes(host):
        path = home.aws / "sso" / "cache" / f"{stem}.json"
        if paths.look(path).presence is paths.Presence.FILE and _real(path.parent) != read:
            return home, path
    return None


_OF_WINDOWS = re.compile(r"(?P<drive>[A-Za-z]):[\\/](?P<rest>.*)", re.DOTALL)


def in_windows(host: Host, text: str) -> str | None:
    """Say what a path of Windows is here, where this is not Windows; None for any other path."""
    path = _under_wsl(host, text.strip().strip("\"'").strip())
    if path is None or host.platform == "win32":
        return None
    if not surroundings(host).is_wsl:
        return "a path of Windows, which means nothing here"
    is_there = paths.look(path).presence is not paths.Presence.MISSING
    gone = "" if is_there else ", which does not exist either"
    return f"a path of Windows, and under WSL that is {path}{gone}"


def _under_wsl(host: Host, plain: str) -> Path | None:
    """Return where WSL has a path of Windows; None for any other path."""
    found = _OF_WINDOWS.fullmatch(plain)
    if found is None:
        return None
    return host.root / "mnt" / found["drive"].lower() / found["rest"].replace("\\", "/")


def file_meant(host: Host, text: str) -> Path | None:
    """Return the file that a variable or setting probably means, where it names one that does not exist.

    Quotes and blanks are part of a value that docker reads from a file, or systemd; Windows' own paths mean
    nothing under WSL.
    """
    plain = text.strip().strip("\"'").strip()
    in_wsl = _under_wsl(host, plain) if surroundings(host).is_wsl else None
    for path in (Path(host.expand(plain)), in_wsl):
        if path is not None and path.is_absolute() and paths.look(path).presence is paths.Presence.FILE:
            return path
    return None


def _files(host: Host, home: OtherHome) -> Iterator[ConfigFile]:
    """Yield the two files that are not read here already."""
    read = paths.find(host)
    for name, kind in (("config", FileKind.CONFIG), ("credentials", FileKind.CREDENTIALS)):
        path = home.aws / name
        if path not in (read.config, read.credentials):
            yield config_file.read_file(path, kind, host.encoding)
