"""Where the files really are: links that leave the home or lead nowhere, and a home that has two names."""

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
    consequence="who may write there decides what these profiles are; without the place they are gone",
    cure="Keep the file in the home, or make sure that the place is yours.",
)
def outside_home(context: RuleContext) -> Iterator[Occurrence]:
    """Yield the links by which the two files leave the home; what a variable names is meant to be there."""
    host = context.snapshot.host
    home = _real(host.home)
    for path, leads_to in _links(context.snapshot):
        target = _real(path)
        if home not in target.parents and paths.look(path).presence is not paths.Presence.MISSING:
            yield Occurrence(
                subject_of(host, path),
                f"{host.display(path)} is a symlink that leads to {target}",
                fixes.manual(
                    f"keep it in your home, or see who may write there: ls -l {shlex.quote(str(target))}"
                ),
                place=Location(path),
                evidence=(f"{host.display(path)} -> {leads_to}",),
            )


@rule(
    "dangling-link",
    Severity.WARNING,
    "A symlink that leads nowhere",
    cause="`~/.aws`, or one of the two files in it, is a symlink to something that is not there: a disk that "
    "is not mounted, dotfiles that were moved.",
    consequence="AWS tools say nothing of it and go on without the file: its profiles could not be found",
    cure="Mount or restore what it leads to, or remove the link.",
)
def dangling_link(context: RuleContext) -> Iterator[Occurrence]:
    """Yield the links that lead to nothing."""
    host = context.snapshot.host
    for path, leads_to in _links(context.snapshot):
        if paths.look(path).presence is paths.Presence.MISSING:
            yield Occurrence(
                subject_of(host, path),
                f"{host.display(path)} is a symlink to {leads_to}, and nothing is there",
                fixes.manual("mount or restore what it leads to, or remove the link"),
                place=Location(path),
                evidence=(f"{host.display(path)} -> {leads_to}",),
            )


@rule(
    "two-homes",
    Severity.WARNING,
    "HOME and USERPROFILE that differ",
    cause="Both variables are set, to different directories, and each has a `.aws`. AWS tools go by "
    "USERPROFILE on Windows and by HOME everywhere else, whatever the shell takes for the home.",
    consequence="profiles that are edited in the one directory never reach the tools, which read the other",
    cure="Keep one `.aws`, or set both variables alike.",
)
def two_homes(context: RuleContext) -> Iterator[Occurrence]:
    """Yield the variable by which another home with files of AWS is named."""
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
    """Yield the symlinks by which AWS tools reach the two files, with what they say."""
    aws = snapshot.where.cli_cache.parents[1]
    used = (snapshot.where.config, snapshot.where.credentials)
    for path in (aws, *(each for each in (aws / "config", aws / "credentials") if each in used)):
        try:
            yield path, path.readlink()
        except (OSError, ValueError):
            continue  # it is no link, or not any more; what cannot be looked at is told of elsewhere


def subject_of(host: Host, path: Path) -> Subject:
    """Return a file by its base name, and a directory, of which there are several ``cache``, by its path."""
    name = host.display(path) if is_directory(path) or path.name == ".aws" else path.name
    return Subject(SubjectKind.FILE, name)


def is_directory(path: Path) -> bool:
    """Whether a directory stands there, or is linked to there."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
