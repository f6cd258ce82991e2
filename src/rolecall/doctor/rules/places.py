"""Where the files really are: symlinks that leave the home or are broken, and HOME against USERPROFILE."""

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from rolecall.aws import paths
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import fixes
from rolecall.doctor.finding import Location, Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
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
                subject_of(host, path),
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
        if paths.look(path).presence is paths.Presence.MISSING:
            yield Occurrence(
                subject_of(host, path),
                f"{host.display(path)} is a symlink to {leads_to}, which does not exist",
                fixes.manual("mount or restore its target, or remove the link"),
                place=Location(path),
                evidence=(f"{host.display(path)} -> {leads_to}",),
            )


@rule(
    "two-homes",
    Severity.WARNING,
    "HOME and USERPROFILE that differ",
    cause="Both variables are set, to different directories, and each has a `.aws`. AWS tools use "
    "USERPROFILE on Windows and HOME everywhere else, whatever the shell uses.",
    consequence="changes in one of the directories never reach the tools, which read the other",
    cure="Keep one `.aws`, or set both variables to the same directory.",
)
def two_homes(context: RuleContext) -> Iterator[Occurrence]:
    """Report the variable that names another home with AWS files."""
    host = context.snapshot.host
    other = "HOME" if host.platform == "win32" else "USERPROFILE"
    value = host.environ.get(other)
    if value and _real(Path(value)) != _real(host.home) and is_directory(Path(value) / ".aws"):
        fix = (
            fixes.manual(f"keep one .aws directory, and set {other} to {host.home}")
            if host.platform == "win32"
            else fixes.unset(host, other)
        )
        yield Occurrence(
            Subject(SubjectKind.VARIABLE, other),
            f"{other} is {value}, but AWS tools read {host.home}, and both have a .aws directory",
            fix,
            evidence=(f"{other}={value}", f"read: {host.home / '.aws'}"),
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


def subject_of(host: Host, path: Path) -> Subject:
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
