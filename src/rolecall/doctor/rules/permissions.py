"""Where the files are, and who may read and change them."""

import os
import shlex
import stat
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from rolecall.aws import paths
from rolecall.aws.cache_files import CacheFile, CacheKind
from rolecall.aws.config_file import ConfigFile, FileKind, FileStatus
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import fixes
from rolecall.doctor.evidence import join_words
from rolecall.doctor.finding import Location, Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix
from rolecall.host import Host


@rule(
    "outside-home",
    Severity.INFO,
    "A symlink that leads out of the home",
    cause="`~/.aws`, or one of the two files in it, is a symlink to a place outside of the home directory.",
    consequence="anyone who may write there can change these profiles; without the target they are gone",
    cure="Keep the file in the home, or make sure that the target is yours.",
)
def outside_home(context: RuleContext) -> Iterator[Occurrence]:
    """Find the links by which the two files leave the home; a path in a variable is meant to be there."""
    host = context.snapshot.host
    home = _real(host.home)
    for path, leads_to in _links(context.snapshot):
        target = _real(path)
        if home not in target.parents and paths.look(path).presence is not paths.Presence.MISSING:
            yield Occurrence(
                file_subject(host, path),
                f"{host.display(path)} is a symlink that leads to {target}",
                fixes.manual(
                    f"keep it in your home, or check who may write there: ls -l {shlex.quote(str(target))}"
                ),
                place=Location(path),
                evidence=(f"{host.display(path)} -> {leads_to}",),
            )


@rule(
    "dangling-link",
    Severity.WARNING,
    "A broken symlink",
    cause="`~/.aws`, or one of the two files in it, is a symlink to something that does not exist: a disk "
    "that is not mounted, dotfiles that were moved.",
    consequence="AWS tools silently continue without the file: its profiles could not be found",
    cure="Mount or restore the target, or remove the link.",
)
def dangling_link(context: RuleContext) -> Iterator[Occurrence]:
    """Find the broken symlinks."""
    host = context.snapshot.host
    for path, leads_to in _links(context.snapshot):
        if path not in context.obstacles and paths.look(path).presence is paths.Presence.MISSING:
            yield Occurrence(
                file_subject(host, path),
                f"{host.display(path)} is a symlink to {leads_to}, which does not exist",
                fixes.manual("mount or restore its target, or remove the link"),
                place=Location(path),
                evidence=(f"{host.display(path)} -> {leads_to}",),
            )


def _links(snapshot: Snapshot) -> Iterator[tuple[Path, Path]]:
    """Yield the symlinks on the way to the two files, with their targets."""
    aws = snapshot.where.cli_cache.parents[1]
    used = (snapshot.where.config, snapshot.where.credentials)
    for path in (aws, *(each for each in (aws / "config", aws / "credentials") if each in used)):
        try:
            yield path, path.readlink()
        except (OSError, ValueError):
            continue  # it is no link, or no longer one; other rules report what cannot be read


def file_subject(host: Host, path: Path) -> Subject:
    """Return a file by its base name, a directory by its path: several have the name ``cache``."""
    name = host.display(path) if is_directory(path) or path.name == ".aws" else path.name
    return Subject(SubjectKind.FILE, name)


def is_directory(path: Path) -> bool:
    """Whether the path is a directory, or a link to one."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


_NAMING = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_LOGIN_CACHE_DIRECTORY")
_ROOT = 0


def is_own(host: Host, path: Path) -> bool:
    """Whether the user owns what a path leads to; root may look at another account's home."""
    if not hasattr(os, "geteuid"):
        return True
    owner = _owner(path)
    return owner is not None and (
        owner == os.geteuid() or (os.geteuid() == _ROOT and owner == _owner(host.home))
    )


def is_in_own_home(host: Host, path: Path) -> bool:
    """Whether what a path leads to is inside the user's own home; ``/dev`` and ``/etc`` never are."""
    try:
        lies_there = Path(os.path.realpath(path)).is_relative_to(os.path.realpath(host.home))
    except (OSError, ValueError):
        return False
    return lies_there and (not hasattr(os, "geteuid") or _owner(host.home) == os.geteuid())


def use_another(host: Host, path: Path) -> Fix:
    """Return advice to leave alone what is not the user's, and to have AWS tools read another file."""
    shown = host.display(path)
    names = [name for name in _NAMING if host.expand_user(host.environ.get(name, "")) == str(path)]
    if names:
        return fixes.manual(
            f"leave {shown} to its owner; have {names[0]} name your own file if you do not mean this one"
        )
    return fixes.manual(f"leave {shown} to its owner (ls -ld shows the owner), and ask them")


def take_back(host: Host, path: Path) -> Fix:
    """Return advice to have it given back, which the user cannot do, if it is in the user's home."""
    if not is_in_own_home(host, path):
        return use_another(host, path)
    return fixes.manual(
        f'{host.display(path)} is another account\'s: have it given to you, as with sudo chown "$(id -u)" '
        f"{shlex.quote(os.path.realpath(path))}"
    )


def change_mode(host: Host, path: Path, words: str, line: str) -> Fix:
    """Return a fix that changes a mode, where the user may change it."""
    return fixes.run(words, line) if is_own(host, path) else take_back(host, path)


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except (OSError, ValueError):
        return None


_SECRETS = ("aws_secret_access_key", "aws_session_token", "aws_security_token")
_READ_BY_OTHERS = stat.S_IRGRP | stat.S_IROTH
_WRITTEN_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_ENTERED_BY_OTHERS = stat.S_IXGRP | stat.S_IXOTH
_ENOUGH = 3
"""Files that the evidence names, at most."""


@rule(
    "readable-secrets",
    Severity.WARNING,
    "Secrets that others on this machine may read",
    cause="The credentials file, or a config file with secret keys in it, has a mode wider than 0600: an "
    "editor or a script created it with an ordinary umask.",
    consequence="any other account on this machine that reaches the file can copy the keys",
    cure="Give it mode 0600.",
)
def readable_secrets(context: RuleContext) -> Iterator[Occurrence]:
    """Find the files that contain secrets and that others may read."""
    for file in _files(context.snapshot):
        if file.mode & _READ_BY_OTHERS and (file.role is FileKind.CREDENTIALS or _has_secrets(file)):
            yield _too_open(context.snapshot.host, file, f"{_who(file.mode >> 2)} may read it")


@rule(
    "readable-config",
    Severity.INFO,
    "A config file that others on this machine may read",
    cause="The config file has a mode wider than 0600, the mode with which the AWS CLI creates it.",
    consequence="nothing secret is in it, but others learn the accounts and roles that are used here",
    cure="Give it mode 0600.",
)
def readable_config(context: RuleContext) -> Iterator[Occurrence]:
    """Report the config file if others may read it and it contains no secret."""
    for file in _files(context.snapshot):
        if file.mode & _READ_BY_OTHERS and file.role is FileKind.CONFIG and not _has_secrets(file):
            yield _too_open(context.snapshot.host, file, f"{_who(file.mode >> 2)} may read it")


@rule(
    "writable-file",
    Severity.WARNING,
    "A file that others on this machine may change",
    cause="The group or everybody may write to the config or credentials file.",
    consequence="anyone who may write to it can add a credential_process, which then runs as you",
    cure="Give it mode 0600.",
)
def writable_file(context: RuleContext) -> Iterator[Occurrence]:
    """Find the files that others may write to."""
    for file in _files(context.snapshot):
        if file.mode & _WRITTEN_BY_OTHERS:
            yield _too_open(context.snapshot.host, file, f"{_who(file.mode >> 1)} may change it")


@rule(
    "writable-directory",
    Severity.WARNING,
    "A directory in which others may replace the files",
    cause="`~/.aws` or one of the cache directories has a mode wider than 0755.",
    consequence="anyone who may write to it can replace any file in it, whatever the file's own mode",
    cure="Remove the others' permission to write.",
)
def writable_directory(context: RuleContext) -> Iterator[Occurrence]:
    """Find the directories that others may write to."""
    host = context.snapshot.host
    for path, status in _directories(context.snapshot):
        if status.st_mode & _WRITTEN_BY_OTHERS and not status.st_mode & stat.S_ISVTX:
            yield Occurrence(
                Subject(SubjectKind.FILE, host.display(path)),
                f"{host.display(path)} has mode {_octal(status.st_mode)}: {_who(status.st_mode >> 1)} may "
                "replace the files in it",
                change_mode(host, path, "remove that permission", f"chmod go-w {shlex.quote(str(path))}"),
                place=Location(path),
                evidence=(_listing(host, path, status.st_mode),),
            )


@rule(
    "readable-cache",
    Severity.WARNING,
    "Cached credentials that others on this machine may read",
    cause="Files in a cache directory have a mode wider than 0600: they were copied or unpacked there, or "
    "another tool wrote them.",
    consequence="any other account on this machine that reaches them can use them until they expire",
    cure="Remove the others' permissions for the files.",
)
def readable_cache(context: RuleContext) -> Iterator[Occurrence]:
    """Find the cache directories with files that others may read."""
    snapshot = context.snapshot
    found: defaultdict[Path, list[CacheFile]] = defaultdict(list)
    for entry in snapshot.entries:
        if entry.file.mode & _READ_BY_OTHERS and entry.file.kind is not CacheKind.UNKNOWN:
            found[entry.path.parent].append(entry.file)
    for path, status in _directories(snapshot):
        if path in found and status.st_mode & _ENTERED_BY_OTHERS:
            yield _readable_cache(snapshot.host, path, found[path])


def _readable_cache(host: Host, directory: Path, files: list[CacheFile]) -> Occurrence:
    count = "1 file" if len(files) == 1 else f"{len(files)} files"
    return Occurrence(
        Subject(SubjectKind.CACHE, host.display(directory)),
        f"{count} in {host.display(directory)} may be read by others on this machine",
        change_mode(
            host,
            next((file.path for file in files if not is_own(host, file.path)), directory),
            "remove the others' permissions",
            f"find -H {shlex.quote(str(directory))} -type f -exec chmod go= {{}} +",
        ),
        place=Location(directory),
        evidence=tuple(_listing(host, file.path, file.mode) for file in files[:_ENOUGH]),
        path=directory,
    )


@rule(
    "foreign-owner",
    Severity.WARNING,
    "A file that belongs to another account",
    cause="A file or directory below `~/.aws` belongs to another user: an AWS command ran with `sudo`, or "
    "in a container with this home mounted.",
    consequence="AWS tools cannot renew what they may not write to, and its owner can change it at any time",
    cure="Take the file back with `chown`.",
)
def foreign_owner(context: RuleContext) -> Iterator[Occurrence]:
    """Find files that belong neither to the home's owner nor to the user who runs rolecall."""
    snapshot = context.snapshot
    if snapshot.host.platform == "win32":
        return
    ours = _ours(snapshot.host)
    files = [file.path for file in snapshot.files if file.path is not None]
    for path in (*files, *(directory for directory, _ in _directories(snapshot))):
        status = None if path in context.obstacles else _lstat(path)
        if status is not None and ours and status.st_uid not in ours and not paths.is_nowhere(path):
            yield _foreign(snapshot.host, path, status.st_uid)


def _foreign(host: Host, path: Path, owner: int) -> Occurrence:
    shown = host.display(path)
    return Occurrence(
        file_subject(host, path),
        f"{shown} belongs to the account {owner}, not to you",
        fixes.manual(f'take it back: sudo chown -h "$(id -u)" {shlex.quote(str(path))}')
        if is_in_own_home(host, path)
        else use_another(host, path),
        place=Location(path),
        evidence=(f"{shown}  owner {owner}",),
    )


def _files(snapshot: Snapshot) -> Iterator[ConfigFile]:
    """Yield the files that exist, on platforms that have file modes."""
    if snapshot.host.platform != "win32":
        for file in snapshot.files:
            if file.path is not None and file.status in (FileStatus.OK, FileStatus.UNPARSEABLE):
                yield file


def _has_secrets(file: ConfigFile) -> bool:
    return any(key in section for section in file.sections.values() for key in _SECRETS)


def _too_open(host: Host, file: ConfigFile, words: str) -> Occurrence:
    assert file.path is not None  # noqa: S101 - for the type checker: _files yields none without
    return Occurrence(
        Subject(SubjectKind.FILE, file.path.name),
        f"{host.display(file.path)} has mode {_octal(file.mode)}: {words}",
        change_mode(host, file.path, "give it mode 0600", f"chmod 600 {shlex.quote(str(file.path))}"),
        place=Location(file.path),
        evidence=(_listing(host, file.path, file.mode),),
    )


def _directories(snapshot: Snapshot) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield ``~/.aws`` and the cache directories that exist, each with its status."""
    if snapshot.host.platform == "win32":
        return
    where = snapshot.where
    aws = where.cli_cache.parents[1]
    for path in dict.fromkeys((aws, *(each for cache in where.caches for each in (cache.parent, cache)))):
        is_of_aws = path == aws or aws in path.parents or path == where.login_cache
        status = _stat(path) if is_of_aws else None
        if status is not None and stat.S_ISDIR(status.st_mode):
            yield path, status


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (OSError, ValueError):
        return None


def _lstat(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except (OSError, ValueError):
        return None


def _ours(host: Host) -> frozenset[int]:
    """Return the user's accounts: the home's owner, and the account that runs rolecall."""
    home = _stat(host.home)
    return (
        frozenset({home.st_uid, os.geteuid()}) if home is not None and hasattr(os, "geteuid") else frozenset()
    )


def _octal(mode: int) -> str:
    return f"{stat.S_IMODE(mode):04o}"


def _who(bits: int) -> str:
    """Say who has a permission, by its bits for the group (8) and for all others (1)."""
    return join_words(who for bit, who in ((8, "its group"), (1, "everybody else")) if bits & bit)


def _listing(host: Host, path: Path, mode: int) -> str:
    return f"{host.display(path)}  {stat.filemode(mode)}"
