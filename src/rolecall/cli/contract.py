"""The JSON objects of the machine-readable contract, without the schema that every object carries.

Names of keys are fixed; further keys may come. Free text may quote a file, so it is masked; the names of
profiles are what scripts look for, and go as they are.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from rolecall.aws.cache_owners import CacheEntry
from rolecall.aws.config_file import ConfigFile
from rolecall.aws.expiry import Expiry
from rolecall.aws.profile_report import DefaultSession, ProfileReport
from rolecall.aws.profiles import Setting
from rolecall.aws.providers import Hop, PredictedError, Resolution, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.variables import Variable
from rolecall.cli import shown as may_be_shown
from rolecall.text import mask, mask_access_key, mask_name, utc

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
    return None if text is None else may_be_shown.words(text)


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
        "profile": None if hop.profile is None else may_be_shown.profile(hop.profile, snapshot),
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
        "profile": None if name is None else may_be_shown.profile(name, snapshot),
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
