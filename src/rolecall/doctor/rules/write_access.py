"""Places where AWS tools have to write and cannot: what is in the way, and how it is cleared."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Cause, Provider, Tool
from rolecall.aws.settings import Kind
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.write_access import Obstacle
from rolecall.doctor.evidence import listed, said
from rolecall.doctor.finding import Location, Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.rules.build import QuotedCause, obstacle_fix
from rolecall.host import Host
from rolecall.messages import obstacles
from rolecall.text import inert

_ROLES = (Kind.ROLE, Kind.WEB_IDENTITY, Kind.SSO)


def cache_unwritable(it: QuotedCause) -> Occurrence:
    """Report what keeps commands from working, because AWS tools have to write and cannot."""
    where = Path(it.name)
    obstacle = next(each for each in _all(it.snapshot) if each.where == where)
    return _occurrence(it.snapshot, obstacle, it.profiles, _consequence(it.snapshot, it.profiles))


def _all(snapshot: Snapshot) -> Iterator[Obstacle]:
    """Yield the obstacles: those of cache directories, then those of single files."""
    calculator = snapshot.expiry_calculator
    yield from calculator.obstacles.values()
    for file in calculator.files.values():
        if file.obstacle is not None:
            yield file.obstacle


def _occurrence(
    snapshot: Snapshot, obstacle: Obstacle, profiles: tuple[str, ...], consequence: str
) -> Occurrence:
    host, where = snapshot.host, obstacle.where
    return Occurrence(
        Subject(SubjectKind.FILE, host.display(where)),
        obstacles.in_the_way(host, obstacle),
        obstacle_fix(host, obstacle),
        Location(where),
        (f"{host.display(where)}  {obstacles.listing(where)}",),
        consequence=consequence,
        profiles=profiles,
    )


def _consequence(snapshot: Snapshot, profiles: tuple[str, ...]) -> str:
    """Say which commands fail: boto3 keeps roles in memory, and needs the place only for logins."""
    reports = [snapshot.profiles[name] for name in profiles]
    roles = [each for each in reports if each.resolution.fault is None]
    logins = [each.name for each in reports if each.resolution.fault is not None]
    parts = [_of_roles(roles)] if roles else []
    if logins:
        parts.append(f"every command with {listed(logins)} fails, and no login there can be saved")
    return "; ".join(parts)


def _of_roles(reports: list[ProfileReport]) -> str:
    faults = {
        tool: fault
        for tool in (Tool.CLI_V1, Tool.CLI_V2)
        for each in reports
        if (fault := each.resolutions[tool].fault) is not None
    }
    which = "the AWS CLI" if len(faults) > 1 else next(iter(faults)).label
    fault = next(iter(faults.values()))
    keeps = any(each.kind in _ROLES for each in reports)
    why = "cache the role" if keeps else "keep the history that cli_history turns on"
    return (
        f"every command of {which} with {listed([each.name for each in reports])} fails, because it cannot "
        f"{why} ({inert(fault.message)}); boto3 works"
    )


@rule(
    "env-cache-unwritable",
    Severity.ERROR,
    "The AWS CLI cannot cache the role of this shell",
    cause="This shell's web identity gives it a role (in a pod, for example), and the AWS CLI caches each "
    "role in `~/.aws/cli/cache` before it uses it. That cannot be written to.",
    consequence="every AWS CLI command that names no profile fails with an error of the file system; boto3 "
    "works",
    cure="Have a directory mounted there that can be written to, or set HOME to one.",
)
def unwritable_for_the_shell(context: RuleContext) -> Iterator[Occurrence]:
    """A profile's role is reported by the rule about logins; without an AWS CLI here, nothing fails."""
    snapshot = context.snapshot
    used = (snapshot.default_session[tool].resolution for tool in (Tool.CLI_V1, Tool.CLI_V2))
    fault = next(
        (
            each.on_use
            for each in used
            if each.on_use is not None
            and each.on_use.cause is Cause.CACHE_UNWRITABLE
            and each.provider == Provider.WEB_IDENTITY
        ),
        None,
    )
    told = {root.culprit for root in context.root_causes.get(Cause.CACHE_UNWRITABLE, ())}
    if fault is None or fault.subject in told or not _has_cli(snapshot.host):
        return
    for obstacle in _all(snapshot):
        if str(obstacle.where) == fault.subject:
            yield replace(
                _occurrence(snapshot, obstacle, (), ""),
                evidence=(
                    f"{snapshot.host.display(obstacle.where)}  {obstacles.listing(obstacle.where)}",
                    *said(fault),
                ),
            )
            return


def _has_cli(host: Host) -> bool:
    path = host.environ.get("PATH")
    return path is not None and shutil.which("aws", path=path) is not None


@rule(
    "cache-unwritable-later",
    Severity.WARNING,
    "A place where AWS tools will have to write, and cannot",
    cause="`~/.aws` or a directory in it belongs to another user, may not be written to, or is a file, a "
    "broken symlink or on a read-only file system. What is cached there is still valid.",
    consequence="once it expires, every command that has to fetch it anew fails",
    cure="Take the directory back with `chown`, or remove what is in its place.",
)
def cache_unwritable_later(context: RuleContext) -> Iterator[Occurrence]:
    """Find the obstacles that stop nothing now, though some profile will have to write there."""
    stops = {root.culprit for root in context.root_causes.get(Cause.CACHE_UNWRITABLE, ())}
    for obstacle, names in context.obstacles.values():
        if names and str(obstacle.where) not in stops:
            yield _occurrence(context.snapshot, obstacle, names, "")
