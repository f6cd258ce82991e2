"""Cache files that are damaged, unused, left behind, or shared by mistake."""

import os
import re
import shlex
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from rolecall.aws import paths, timestamps
from rolecall.aws.cache_files import CacheKind
from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Cause, Tool
from rolecall.aws.settings import Kind
from rolecall.doctor import fixes
from rolecall.doctor.evidence import listed, said
from rolecall.doctor.finding import Location, Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix
from rolecall.text import mask, shown_value, utc

_WORDS = {
    CacheKind.ROLE: "the cached credentials",
    CacheKind.SSO_ROLE: "the cached credentials",
    CacheKind.SSO_TOKEN: "the SSO token",
    CacheKind.SSO_REGISTRATION: "the SSO registration",
    CacheKind.LOGIN: "the login",
    CacheKind.UNKNOWN: "the file",
}
_NOT_IN_A_SESSION_NAME = re.compile(r"[^A-Za-z0-9_+=,.@-]")
_LONGEST_SESSION_NAME = 64


def _seen(context: RuleContext, entry: CacheEntry, message: str, fix: Fix, *evidence: str) -> Occurrence:
    return Occurrence(
        Subject(SubjectKind.CACHE, entry.path.name),
        message,
        fix,
        Location(entry.path),
        (f"{context.snapshot.host.display(entry.path)}  {_told(entry)}", *evidence),
        profiles=entry.profiles,
        path=entry.path,
    )


def _told(entry: CacheEntry) -> str:
    """Return which role or session a file is for and when it expires."""
    identity = mask(entry.identity) if entry.identity else None
    end = f"expires {utc(entry.file.expires_at)}" if entry.file.expires_at is not None else None
    return ", ".join(words for words in (entry.file.problem, identity, end) if words)


@rule(
    "env-damaged-cache",
    Severity.ERROR,
    "A damaged cache file that stops the commands of this shell",
    cause="The web identity of this shell has a cache file that is half-written, empty or incomplete.",
    consequence="every AWS CLI command that names no profile crashes with just the file's name in quotes",
    cure="Delete the file: the next command fetches the role again.",
)
def damaged_for_the_shell(context: RuleContext) -> Iterator[Occurrence]:
    """A damaged file that a profile uses is reported by the rule about logins."""
    used = (context.snapshot.default_session[tool].resolution.on_use for tool in (Tool.CLI_V1, Tool.CLI_V2))
    damage = {fault.subject: fault for fault in used if fault and fault.cause is Cause.CACHE_DAMAGED}
    for entry in context.snapshot.entries if damage else ():
        fault = damage.get(str(entry.path))
        if fault is not None and not entry.profiles:
            message = f"the cache file of this shell's web identity {entry.file.problem}"
            yield _seen(context, entry, message, fixes.clear(entry.path), *said(fault))


@rule(
    "damaged-leftover",
    Severity.INFO,
    "A damaged cache file that nothing reads now",
    cause="Two commands wrote at once, or one was interrupted, and no working profile uses the file.",
    consequence="nothing fails now; a command that reads the file will",
    cure="Delete the file.",
)
def damaged_leftover(context: RuleContext) -> Iterator[Occurrence]:
    """A damaged file that AWS tools read makes them fail; other rules report those."""
    damaged = [entry for entry in context.snapshot.entries if entry.file.is_damaged]
    if not damaged:
        return
    told = {
        root.file.path for group in context.root_causes.values() for root in group if root.file is not None
    }
    told.update(seen.path for seen in damaged_for_the_shell.look(context) if seen.path is not None)
    for entry in damaged:
        if entry.path not in told:
            whose = f"{listed(entry.profiles)} would read it" if entry.profiles else "nothing here reads it"
            message = f"{entry.path.name} {entry.file.problem}; {whose}"
            yield _seen(context, entry, message, fixes.clear(entry.path))


@rule(
    "orphan",
    Severity.INFO,
    "A cache file that no profile uses",
    cause="The profile was renamed, removed or changed: the file's name is made from its settings.",
    consequence="the credentials in it stay valid until they expire, and no AWS command removes the file",
    cure="Delete the file.",
)
def orphan(context: RuleContext) -> Iterator[Occurrence]:
    """A damaged file is reported by another rule."""
    for entry in context.snapshot.entries:
        if entry.is_orphan and entry.file.fault is None and not entry.file.is_foreign:
            words = _WORDS[entry.kind]
            whose = f" of {mask(entry.identity)}" if entry.identity else ""
            message = f"no profile uses {words}{whose} in {entry.path.name}"
            until = entry.file.renewable_until
            is_good = until is not None and until > context.snapshot.taken_at
            # only a person gets a login again: who has another tool for it may still use it
            fix = fixes.manual("delete the file, if no other tool uses this login") if is_good else None
            yield _seen(context, entry, message, fix or fixes.clear(entry.path))


@rule(
    "collision",
    Severity.WARNING,
    "Profiles with different sources share one cache file",
    cause="The file's name is made from the role, its session name, external id, device and duration: "
    "neither the source nor the profile's name is part of it.",
    consequence="the profile that is used first fetches the credentials, and the AWS CLI uses them for all",
    cure="Give one of them its own role_session_name.",
)
def collision(context: RuleContext) -> Iterator[Occurrence]:
    """Report them even if the file does not exist yet: the next use creates it."""
    for name, reports in _sharing(context).items():
        sources = dict.fromkeys(_source(report) for report in reports)
        if len(sources) > 1:
            counted = Counter(_source(report) for report in reports)
            other = min(reversed(reports), key=lambda report: counted[_source(report)])
            path = context.snapshot.where.cli_cache / name
            names = [report.name for report in reports]
            yield Occurrence(
                Subject(SubjectKind.CACHE, name),
                f"{listed(names)} share one cache file, but have different sources",
                fixes.change(
                    f"give {other.name} its own session name",
                    other.name,
                    {"role_session_name": _session_name(other)},
                )
                if counted[_source(other)] == 1 and len(sources) == 2  # noqa: PLR2004 - one against the rest
                else fixes.edit(
                    "give each source's profiles their own role_session_name", other.name, "role_session_name"
                ),
                Location(path),
                (
                    f"{context.snapshot.host.display(path)}  {_arn(reports[0])}",
                    f"their sources are {listed(sources)}",
                ),
                profiles=tuple(names),
                path=path,
            )


def _sharing(context: RuleContext) -> dict[str, list[ProfileReport]]:
    """Return the profiles that share a file with another one, by its name. A broken profile reads no file."""
    first: dict[str, ProfileReport] = {}
    sharing: dict[str, list[ProfileReport]] = {}
    for report in context.snapshot.profiles.values():
        name = report.cache_file
        if name is None or report.kind is not Kind.ROLE or report.resolution.provider is None:
            continue
        other = first.setdefault(name, report)
        if other is not report:
            sharing.setdefault(name, [other]).append(report)
    return sharing


def _arn(report: ProfileReport) -> str:
    return shown_value("role_arn", report.values["role_arn"])


def _source(report: ProfileReport) -> str:
    return str(report.values.get("source_profile") or report.values.get("credential_source"))


def _session_name(report: ProfileReport) -> str:
    """Return a session name that AWS accepts (2 to 64 plain characters), other than the present one."""
    name = _NOT_IN_A_SESSION_NAME.sub("-", report.name)[: _LONGEST_SESSION_NAME - len("-own")]
    return name if len(name) > 1 and name != report.values.get("role_session_name") else f"{name}-own"


@rule(
    "interrupted-write",
    Severity.INFO,
    "A file that an interrupted write left behind",
    cause="A program was killed while writing: a .tmp file in a cache, or rolecall's own copy beside a file.",
    consequence="it may contain credentials, and no tool reads or removes it",
    cure="Delete it.",
)
def interrupted_write(context: RuleContext) -> Iterator[Occurrence]:
    """A file that is less than a minute old may still be being written."""
    for entry in context.snapshot.entries:
        written = entry.file.written
        is_settled = written is not None and context.now - written > paths.IN_THE_MAKING
        if is_settled and paths.OF_AWS_TOOLS.fullmatch(entry.path.name):
            message = f"{entry.path.name} was left behind by an interrupted write"
            yield _seen(context, entry, message, fixes.clear(entry.path), f"written {utc(written)}")
    for path in _spares(context):
        where = context.snapshot.host.display(path)
        yield Occurrence(
            Subject(SubjectKind.FILE, path.name),
            f"{path.name} was left behind when rolecall was killed while saving",
            _remove(context, path),
            Location(path),
            (where,),
            path=path,
        )


def _spares(context: RuleContext) -> Iterator[Path]:
    """Yield rolecall's own leftovers beside the two files."""
    directories = dict.fromkeys(file.path.parent for file in context.snapshot.files if file.path is not None)
    for directory in directories:
        try:
            found = sorted(name for name in os.listdir(directory) if paths.OF_ROLECALL.fullmatch(name))  # noqa: PTH208 - names
        except (OSError, ValueError):
            continue  # a file that cannot be read is reported elsewhere
        for name in found:
            if _is_settled(directory / name, context.now):
                yield directory / name


def _is_settled(path: Path, now: datetime) -> bool:
    try:
        written = timestamps.from_timestamp(path.lstat().st_mtime)
    except OSError:
        return False  # gone by now: it was being written
    return written is not None and now - written > paths.IN_THE_MAKING


def _remove(context: RuleContext, path: Path) -> Fix:
    if context.snapshot.host.platform == "win32" or not str(path).isprintable():
        return fixes.manual("delete the file")
    return fixes.run("delete the file", f"rm -- {shlex.quote(str(path))}")


@rule(
    "cache-unlistable",
    Severity.WARNING,
    "A cache directory that cannot be read",
    cause="The directory belongs to another user, or is a broken symlink.",
    consequence="its contents are unknown, and AWS tools may fail to read or write there",
    cure="Make the directory yours, or remove the link.",
)
def cache_unlistable(context: RuleContext) -> Iterator[Occurrence]:
    """Report the directory itself, not its files."""
    for entry in context.snapshot.entries:
        is_cache = entry.path in context.snapshot.where.caches
        is_told = any(where in (entry.path, *entry.path.parents) for where in context.obstacles)
        if entry.file.problem is not None and is_cache and not is_told:
            where = context.snapshot.host.display(entry.path)
            message = f"{where}: {entry.file.problem}"
            fix = fixes.manual("make the directory yours, or remove the link in its place")
            yield _seen(context, entry, message, fix)
