"""Carries cures out one after the other, and says what each has done that it must not."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from rolecall.actions.editing import edits
from rolecall.actions.plan import Plan
from rolecall.aws import logins
from rolecall.aws.logins import LoginKind
from rolecall.aws.providers import Tool
from rolecall.aws.settings import Kind
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, Severity, SubjectKind
from rolecall.doctor.fixes import Fix, FixAction
from rolecall.doctor.registry import Findings, examine
from rolecall.doctor.root_cause import has_ended, is_over
from rolecall.host import Host
from rolecall.text import is_secret_name
from tests.aws.entries import HOUR, login_token, role_entry, sso_role_entry, sso_token, stamp

IN_MEMORY = frozenset(
    (
        *(FixAction.EDIT, FixAction.REWRITE, FixAction.RENAME, FixAction.REMOVE, FixAction.CLEAR),
        *(FixAction.SHELL, FixAction.LOGIN, FixAction.ASSUME),
    )
)
"""Cures of which the effect is known; of a login and an assumed role it is the file that they leave."""
QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)
_NOT_IN_A_SECRET = re.compile(r"[^A-Za-z0-9+/=]")


@dataclass(frozen=True)
class World:
    """A home at one time, and what is found in it."""

    snapshot: Snapshot
    findings: Findings

    @classmethod
    def of(cls, host: Host, before: "World | None" = None) -> "World":
        snapshot = Snapshot.take(host, before.snapshot if before is not None else None)
        return cls(snapshot, examine(snapshot))

    @property
    def every(self) -> Iterator[Finding]:
        """Every finding, with those that are folded into their causes."""
        for each in self.findings.all:
            yield each
            yield from each.folded


def can_be_carried_out(fix: Fix) -> bool:
    """Whether there is a line that this can carry out without a shell."""
    if fix.doing not in IN_MEMORY or fix.run() is None:
        return False
    if fix.doing is FixAction.SHELL:
        return bool(fix.environ)
    # a secret would be asked for
    return not any(value is not None and is_secret_name(key) for key, value in fix.changes.items())


def carried_out(world: World, fix: Fix) -> World:
    """Return the home after a cure: as the command line plans it, without a lock and a sync."""
    host = world.snapshot.host
    if fix.doing is FixAction.SHELL:
        left = {
            name: value for name, value in host.environ.items() if fix.environ.get(name, value) is not None
        }
        new = {name: value for name, value in fix.environ.items() if value is not None}
        return World.of(replace(host, environ=MappingProxyType(left | new)), world)
    name = str(fix.profile)
    if fix.doing is FixAction.LOGIN:
        _log_in(world.snapshot, name)
    elif fix.doing is FixAction.ASSUME:
        _assume(world.snapshot, name)
    elif fix.doing is FixAction.CLEAR:
        assert fix.path is not None
        fix.path.unlink()
    elif fix.doing is FixAction.RENAME:
        _write(edits.rename_profile(world.snapshot, name, str(fix.name)))
    elif fix.doing is FixAction.REMOVE:
        _write(edits.remove_profile(world.snapshot, name))
    elif fix.doing is FixAction.REWRITE:
        assert fix.edit is not None
        assert fix.role is not None
        _write(edits.rewrite_lines(world.snapshot, fix.role, fix.edit))
    for key, value in fix.changes.items():
        now = Snapshot.take(host, world.snapshot)
        if value is None:
            _write(edits.unset_setting(now, name, key, fix.role))
        else:
            _write(edits.set_setting(now, name, key, value, fix.role))
    return World.of(host, world)


def _log_in(snapshot: Snapshot, asked: str) -> None:
    """Leave the token that a login leaves, in the file in which AWS tools look for it."""
    where, now = logins.target(snapshot, asked), snapshot.host.now()
    if where.kind is LoginKind.LOGIN_SESSION:
        path = snapshot.expiry_calculator.login_path(where.name)
        token = login_token(stamp(now + QUARTER))
    else:
        path = snapshot.where.sso_cache / f"{where.token_stem}.json"
        token = sso_token() | {
            "startUrl": where.start_url,
            "region": where.region,
            "expiresAt": stamp(now + DAY),
        }
        if where.kind is LoginKind.SSO_SESSION:
            client = {
                "clientId": "x",
                "clientSecret": "CANARY",
                "registrationExpiresAt": stamp(now + 90 * DAY),
            }
            token |= {"refreshToken": "CANARY"} | client
    _replace(path, token)


def _assume(snapshot: Snapshot, name: str) -> None:
    """Leave the credentials that assuming a role leaves, those of the roles on the way included."""
    end = stamp(snapshot.host.now() + HOUR)
    for hop in snapshot.profiles[name].chain:
        report = snapshot.profiles.get(hop.profile or "")
        if report is None or report.cache_file is None or report.kind is Kind.LOGIN:
            continue
        entry = sso_role_entry(end) if report.kind is Kind.SSO else role_entry(end)
        _replace(snapshot.where.cli_cache / report.cache_file, entry)


def _replace(path: Path, content: Mapping[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(json.dumps(content))


def _write(plan: Plan) -> None:
    for change in plan.changes:
        assert change.after is not None
        change.path.parent.mkdir(parents=True, exist_ok=True)
        change.path.write_bytes(change.after)


def harm(before: World, after: World, finding: Finding) -> Iterator[str]:
    """Yield what the cure of a finding has done that it must not, a line each."""
    fix = finding.fix
    told = f"{finding.code} of {finding.subject.name}: {fix.run()}"
    was, now = _tally(before), _tally(after)
    if now[finding.code, _where(finding)] >= was[finding.code, _where(finding)]:
        yield f"{told}: it is still found"
    gone = _working(before.snapshot) - _working(after.snapshot)
    # what is misread has a name that nobody meant
    gone = {each for each in gone if each[0] != fix.profile and each[0].isprintable() and "][" not in each[0]}
    if gone:
        yield f"{told}: worked before: {sorted(gone)[:5]}"
    yield from (f"{told}: lost: {what}" for what in _lost(before.snapshot, after.snapshot))
    yield from (f"{told}: new error: {each}" for each in _new_errors(before, after))


def _tally(world: World) -> Counter[tuple[str, str]]:
    return Counter((each.code, _where(each)) for each in world.every)


def _where(finding: Finding) -> str:
    """Return what a finding is about; in a file, of which AWS tools report the first fault, with its line."""
    is_of_file = finding.subject.kind is SubjectKind.FILE
    return f"{finding.subject.name}{finding.place if is_of_file else ''}"


def _working(snapshot: Snapshot) -> set[tuple[str, str]]:
    """Return which profile works in which tool; of no name: a command that names none."""
    found = {
        (name, tool.label)
        for name, report in snapshot.profiles.items()
        for tool in Tool
        if report.resolutions[tool].fault is None and not has_ended(report)
    }
    return found | {
        ("", tool.label)
        for tool, here in snapshot.default_session.items()
        if here.resolution.fault is None and not is_over(here.expiry)
    }


def _lost(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Yield the long-term secrets and comments that are in neither file any more; deleted refresh tokens."""
    for path, cached in before.expiry_calculator.files.items():
        until = cached.renewable_until
        if until is not None and until > before.taken_at and not Path(path).exists():
            yield f"the refresh token in {Path(path).name}"
    text = "\n".join(file.text for file in after.files)
    for file in before.files:
        for header, section in file.sections.items():
            keys = [value for key, value in section.items() if "key_id" in key and isinstance(value, str)]
            is_temporary = any(key.startswith("ASIA") for key in keys) or any(
                "token" in key for key in section
            )
            for key, value in section.items():
                is_secret = (
                    isinstance(value, str) and value.split() and is_secret_name(key) and not is_temporary
                )
                # its first word: what is beside it, and what nobody sees in it, may be what is corrected
                if is_secret and _plain(str(value).split()[0]) not in _plain(text):
                    yield f"{key} of {header}"
        for line in file.text.splitlines():
            if line.lstrip().startswith(("#", ";")) and line.strip() not in text:
                yield line.strip()


def _plain(text: str) -> str:
    """Return a text without all that no secret has in it."""
    return _NOT_IN_A_SECRET.sub("", text)


def _new_errors(before: World, after: World) -> Iterator[str]:
    """Yield the errors that were not there, but for those of what did not work anyway."""
    known = {(each.code, each.subject.name) for each in before.every}
    did = {name for name, _ in _working(before.snapshot)}
    is_readable = before.snapshot.merged.broken_file is None
    for each in after.findings.all:
        if each.severity is not Severity.ERROR or (each.code, each.subject.name) in known or not is_readable:
            continue
        is_of_shell = each.subject.kind in (SubjectKind.VARIABLE, SubjectKind.SHELL) and not each.profiles
        if not did.isdisjoint(each.profiles) or (is_of_shell and "" in did):
            yield f"{each.code} {each.subject.name}: {each.message}"
