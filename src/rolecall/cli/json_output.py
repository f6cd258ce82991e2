"""The JSON objects of the command line: schema ``rolecall/1``."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import FileChange, Plan
from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.config_file import ConfigFile
from rolecall.aws.expiry import Expiry
from rolecall.aws.profile_report import DefaultSession, ProfileReport
from rolecall.aws.profiles import Setting
from rolecall.aws.providers import Hop, PredictedError, Resolution, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.variables import Variable
from rolecall.cli.errors import of_parts
from rolecall.text import mask, mask_access_key, mask_name, utc

if TYPE_CHECKING:  # a command loads its own action only
    from rolecall.actions.assume import Assumed, Outcome
    from rolecall.actions.caller_identity import Identity
    from rolecall.actions.clear_cache import Cleared, Deletion
    from rolecall.actions.login import LoggedIn, LoggedOut
    from rolecall.aws.logins import LoginTarget


_ARN = re.compile(r"arn:[\w-]+:[\w-]*:[\w-]*:\d*:[\w+=,.@/:-]+", re.ASCII)


def words(text: str) -> str:
    """Return a text as it may be shown: an ARN whole, all else masked."""
    return text if _ARN.fullmatch(text) else mask(text)


def profile(name: str, snapshot: Snapshot) -> str:
    """Return a profile's name as it may be shown: whole where there is such a profile.

    A reference to one that is not there is a value like any other, and may hold a secret by mistake.
    """
    return name if name in snapshot.profiles else mask(name)


Json: TypeAlias = dict[str, object]


def listed(snapshot: Snapshot) -> Json:
    """``rolecall list``: the files and the profiles."""
    return {
        "files": [_file(file) for file in snapshot.files],
        "profiles": [_profile(report, snapshot) for report in snapshot.profiles.values()],
    }


def shown(snapshot: Snapshot, report: ProfileReport) -> Json:
    """``rolecall show``: a profile with its settings, and what each tool makes of it."""
    return {
        **_profile(report, snapshot),
        "settings": [
            {**_setting(setting), "shadowed": [_setting(loser) for loser in setting.shadowed]}
            for setting in report.settings.values()
        ],
        "lost": [_setting(setting) for setting in report.lost],
        "tools": {
            tool.value: {
                **_answer(report.resolutions[tool]),
                "region": _free(report.regions[tool]),
            }
            for tool in Tool
        },
    }


def environment(snapshot: Snapshot, variables: Iterable[Variable]) -> Json:
    """``rolecall env``: the variables, and what a command without ``--profile`` would use."""
    return {
        "variables": [
            {
                "name": variable.name,
                "value": variable.shown,
                "verdict": variable.verdict.value,
                "effect": mask(variable.effect),
            }
            for variable in variables
        ],
        "ambient": {tool.value: _ambient(snapshot.default_session[tool], snapshot) for tool in Tool},
    }


def cached(snapshot: Snapshot) -> Json:
    """``rolecall cache list``: the cache files."""
    return {"entries": [_entry(entry) for entry in snapshot.entries]}


def _free(text: str | None) -> str | None:
    return None if text is None else words(text)


def _path(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _file(file: ConfigFile) -> Json:
    return {
        "path": _path(file.path),
        "role": file.role.value,
        "status": file.status.value,
        "error": _free(file.error),
        "line": file.line,
    }


def _profile(report: ProfileReport, snapshot: Snapshot) -> Json:
    resolution = report.resolution
    return {
        "name": report.name,
        "kind": report.kind.value,
        "resolution": {
            "provider": resolution.provider,
            "error": resolution.error,
            "message": _free(resolution.message),
        },
        "chain": [_hop(hop, snapshot) for hop in report.chain],
        "cache_file": report.cache_file,
        "region": _free(report.region),
        "expiry": _expiry(report.expiry),
        "access_key": mask_access_key(resolution.access_key),
        "account": _free(report.account),
    }


def _hop(hop: Hop, snapshot: Snapshot) -> Json:
    return {
        "profile": None if hop.profile is None else profile(hop.profile, snapshot),
        "provider": hop.provider,
        "role_arn": _free(hop.role_arn),
    }


def _expiry(expiry: Expiry) -> Json:
    return {
        "state": expiry.state.value,
        "at": utc(expiry.at),
        "after": expiry.after.value,
        "source": expiry.source,
        "reason": _free(expiry.reason),
    }


def _setting(setting: Setting) -> Json:
    origin = setting.origin
    return {
        "name": mask_name(setting.name),
        "value": setting.shown,
        "origin": {
            "kind": origin.kind.value,
            "path": str(origin.path),
            "section": origin.section,
            "line": origin.line,
        },
    }


def _answer(resolution: Resolution) -> Json:
    return {
        "provider": resolution.provider,
        "error": resolution.error,
        "message": _free(resolution.message),
        "on_use": _fault(resolution.on_use),
    }


def _fault(fault: PredictedError | None) -> Json | None:
    return None if fault is None else {"error": fault.error, "message": _free(fault.message)}


def _ambient(default_session: DefaultSession, snapshot: Snapshot) -> Json:
    name = default_session.profile
    return {
        "profile": None if name is None else profile(name, snapshot),
        "variable": default_session.variable,
        **_answer(default_session.resolution),
        "region": _free(default_session.region),
        "expiry": _expiry(default_session.expiry),
    }


def _entry(entry: CacheEntry) -> Json:
    return {
        "path": str(entry.path),
        "kind": entry.kind.value,
        "state": entry.expiry.state.value,
        "expires_at": utc(entry.expiry.at),
        "after": entry.expiry.after.value,
        "identity": _free(entry.identity),
        "profiles": list(entry.profiles),
        "problem": _free(entry.problem),
        "orphan": entry.is_orphan,
        "collision": entry.is_collision,
    }


def assumed(outcomes: "Iterable[Outcome]") -> Json:
    """``rolecall assume``: what came of each profile.

    ``assumed[]`` {profile, arn, expires_at, cache_file (a path), was_cached}, ``failed[]`` {profile, error}.
    """
    done = list(outcomes)
    return {
        "assumed": [_assumed(outcome.assumed) for outcome in done if outcome.assumed is not None],
        "failed": [
            {"profile": outcome.profile, "error": _error(outcome.failure)}
            for outcome in done
            if outcome.assumed is None
        ],
    }


def identity(found: "Identity") -> Json:
    """``rolecall whoami``: {profile, account, arn, user_id, as_promised (null: nothing was), remark}."""
    return {
        "profile": found.profile,
        "account": _free_words(found.account),
        "arn": _free_words(found.arn),
        "user_id": _free_words(found.user_id),
        "as_promised": found.is_as_promised,
        "remark": _free_words(found.remark),
    }


def logged_in(target: "LoginTarget", done: "LoggedIn") -> Json:
    """``rolecall login``: {profile, kind, name, expires_at, token_file, renewable, remarks[]}.

    ``aws login`` tells nothing of what it has done: for a ``login-session`` these are null and empty.
    """
    return {
        **_target(target),
        "expires_at": utc(done.expires_at),
        "token_file": str(done.token_file),
        "renewable": done.renewable,
        "remarks": [mask(remark) for remark in done.remarks],
    }


def logged_in_elsewhere(target: "LoginTarget") -> Json:
    """``rolecall login`` where ``aws login`` did it."""
    return {**_target(target), "expires_at": None, "token_file": None, "renewable": None, "remarks": []}


def logged_out(target: "LoginTarget", done: "LoggedOut") -> Json:
    """``rolecall logout``: {profile, kind, name, deleted[] (paths), profiles[], remarks[]}.

    ``profiles`` are those that need a login now.
    """
    return {
        **_target(target),
        "deleted": [str(path) for path in done.deleted],
        "profiles": list(done.profiles),
        "remarks": [mask(remark) for remark in done.remarks],
    }


def cleared(
    deletions: "Sequence[Deletion]",
    done: "Cleared | None",
    unseen: Sequence[tuple[Path, str]],
    judged_by: Iterable[Path | None],
) -> Json:
    """``rolecall cache clear``: what was to be deleted, and what came of it.

    ``planned[]`` {path, real_path, kind, profiles[], cost, words}, ``deleted[]`` (paths), ``left[]`` {path,
    reason}, ``judged_by[]`` (the files that tell whose an entry is), ``dry_run``. The real path is where the
    file lies whose directory is reached by a link.
    """
    left = (*unseen, *(done.left if done is not None else ()))
    return {
        "planned": [
            {
                "path": str(deletion.path),
                "real_path": str(deletion.path.parent.resolve() / deletion.path.name),
                "kind": deletion.entry.kind.value,
                "profiles": list(deletion.entry.profiles),
                "cost": deletion.cost.value,
                "words": mask(deletion.words),
            }
            for deletion in deletions
        ],
        "deleted": [str(path) for path in done.deleted] if done is not None else [],
        "left": [{"path": str(path), "reason": mask(reason)} for path, reason in left],
        "judged_by": [str(path) for path in judged_by if path is not None],
        "dry_run": done is None,
    }


def planned(plan: Plan, *, written: bool) -> Json:
    """``rolecall set`` and all that edits: {title, changes[] {path, role, diff[]}, remarks[], written}.

    The lines of a diff begin with ``+``, ``-``, a blank, or ``@@``; secrets in them are masked.
    """
    return {
        "title": mask_name(plan.title),
        "changes": [_change(change) for change in plan.changes],
        "remarks": [mask(remark) for remark in plan.remarks],
        "written": written,
    }


def put(profile: str, plan: Plan, *, written: bool) -> Json:
    """``rolecall assume --into``: as for an edit, and ``profile``, whose credentials these are."""
    return {"profile": profile, **planned(plan, written=written)}


def _assumed(done: "Assumed") -> Json:
    return {
        "profile": done.profile,
        "arn": _free_words(done.arn),
        "expires_at": utc(done.expires_at),
        "cache_file": str(done.cache_file),
        "was_cached": done.was_cached,
    }


def _error(failure: ActionFailed | None) -> Json:
    if failure is None:
        return {"type": "Cancelled", "message": "cancelled", "path": None, "line": None, "cure": None}
    return {"type": failure.kind, **of_parts(failure)}


def _target(target: "LoginTarget") -> Json:
    return {"profile": target.profile or None, "kind": target.kind.value, "name": _free_words(target.name)}


def _change(change: FileChange) -> Json:
    return {
        "path": str(change.path),
        "role": change.role.value if change.role is not None else "settings",
        "diff": [f"{line.mark}{line.text}" for line in change.diff],
    }


def _free_words(text: str | None) -> str | None:
    return None if text is None else words(text)
