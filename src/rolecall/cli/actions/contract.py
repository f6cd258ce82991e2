"""The JSON objects of the commands that act, without the schema that every object carries.

As in ``rolecall.cli.contract``: names of keys are fixed, further keys may come, nothing secret is in them. An
error is always ``{type, message, path, line, cure}``, the last three null where there is nothing to say.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import FileChange, Plan
from rolecall.cli import shown
from rolecall.cli.contract import Json
from rolecall.cli.failures import of_parts
from rolecall.text import mask, mask_name, utc

if TYPE_CHECKING:  # a command loads its own action only
    from rolecall.actions.assume import Assumed, Outcome
    from rolecall.actions.caller_identity import Identity
    from rolecall.actions.clear_cache import Cleared, Deletion
    from rolecall.actions.login import LoggedIn, LoggedOut
    from rolecall.aws.logins import LoginTarget


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
    return None if text is None else shown.words(text)
