"""The home directory: none at all, two of them, and profiles in another one."""

import os
from collections.abc import Iterator
from pathlib import Path

from rolecall.aws.other_homes import closed_home, count_elsewhere
from rolecall.doctor import fixes
from rolecall.doctor.finding import Location, Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.rules.build import variable_lines
from rolecall.doctor.rules.permissions import is_directory
from rolecall.text import several


@rule(
    "no-home",
    Severity.WARNING,
    "No home directory",
    cause="HOME is not set and the system does not know this user (a container that runs as any user), or "
    "HOME is a relative path.",
    consequence="AWS CLI v2 fails with 'Could not determine home directory' if HOME is not set; boto3 and "
    "AWS CLI v1 take `~` as the name of a directory: they read no profile, and save roles and logins below "
    "the current directory",
    cure="Set HOME to a directory that you may write to.",
)
def no_home(context: RuleContext) -> Iterator[Occurrence]:
    """Variables alone may be enough for boto3, which then needs no home."""
    why = context.snapshot.host.homeless
    if why is not None:
        yield Occurrence(
            Subject(SubjectKind.VARIABLE, "HOME"),
            f"no home directory is known: {why}",
            fixes.manual("set HOME to a directory that you may write to, as with export HOME=/tmp"),
            evidence=variable_lines(context, "HOME"),
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
    if (
        value
        and os.path.realpath(value) != os.path.realpath(host.home)
        and is_directory(Path(value) / ".aws")
    ):
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


@rule(
    "profiles-elsewhere",
    Severity.INFO,
    "Profiles in another home of yours",
    cause="sudo changed HOME, or the files are in Windows' home and this is WSL.",
    consequence="AWS tools find no profile here",
    cure="Keep HOME (`sudo --preserve-env=HOME`), or name the files in AWS_CONFIG_FILE and "
    "AWS_SHARED_CREDENTIALS_FILE.",
)
def profiles_elsewhere(context: RuleContext) -> Iterator[Occurrence]:
    """Look for another home only where this one has no profile, and no variable says where to look."""
    snapshot = context.snapshot
    is_moved = any(
        name in snapshot.host.environ for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
    )
    is_bare = not snapshot.profiles and not is_moved
    found = count_elsewhere(snapshot.host) if is_bare else None
    closed = closed_home(snapshot.host) if is_bare and found is None else None
    if closed is not None:
        yield Occurrence(
            Subject(SubjectKind.FILE, snapshot.host.display(closed.aws)),
            f"there is no profile here: {closed.why}, and {closed.aws} may not be read from this account",
            fixes.manual(closed.cure),
            place=Location(closed.aws),
            evidence=(f"read: {snapshot.host.home / '.aws'}",),
        )
    if found is not None:
        home, count = found
        yield Occurrence(
            Subject(SubjectKind.FILE, snapshot.host.display(home.aws)),
            f"{several(count, 'profile')} in {home.aws}, but {home.why}",
            fixes.manual(home.cure),
            place=Location(home.aws),
            evidence=(f"read: {snapshot.host.home / '.aws'}",),
        )
