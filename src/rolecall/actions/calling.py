"""What the actions that call AWS for a profile have in common."""

from collections.abc import Mapping
from datetime import UTC, datetime

from rolecall.actions import explain, worker_client
from rolecall.actions.dialogue import Cancel, Dialogue
from rolecall.actions.errors import ActionFailed, require_home
from rolecall.aws.profile_report import Kind
from rolecall.aws.snapshot import Snapshot

_KEPT = (Kind.ROLE, Kind.WEB_IDENTITY, Kind.SSO, Kind.LOGIN)
"""Kinds of profiles whose credentials are kept below the home."""
PATIENCE = 9.0
"""Seconds without an answer after which a call is given up, so that with the start it stays below ten."""


def call(
    snapshot: Snapshot,
    profile: str,
    task: str,
    dialogue: Dialogue,
    cancel: Cancel,
    *,
    force: bool = False,
    durations: Mapping[str, int] | None = None,
    patience: float = PATIENCE,
) -> Mapping[str, object]:
    """Have a task done with a profile's credentials; what goes wrong is explained.

    Args:
        snapshot: the world, and what is known of the profile.
        profile: its name.
        task: what to do with them (``rolecall.actions.worker.TASKS``).
        dialogue: answers questions.
        cancel: ends it.
        force: whether the profile's own role is assumed anew, although what is cached is good.
        durations: seconds by role ARN, to ask for instead of what the profiles say.
        patience: as ``child.ask`` has it.

    Raises:
        ActionFailed: it was not done.
        Cancelled: the user changed their mind.
    """
    arguments = {
        "profile": profile,
        "cli_cache": str(snapshot.where.cli_cache),
        "force": force,
        "durations": dict(durations or {}),
    }
    if profile not in snapshot.profiles:
        message = f"there is no profile {profile}"
        raise ActionFailed("ProfileNotFound", message, cure="read the files again", command="reread")
    if snapshot.profiles[profile].kind in _KEPT:
        require_home(snapshot.host)
    try:
        return worker_client.run_task(snapshot.host, task, arguments, dialogue, cancel, patience=patience)
    except ActionFailed as failed:
        if failed.cure is not None:
            raise
        explained = explain.failure(failed.kind, failed.message, snapshot, profile)
        explained.path = explained.path or failed.path
        raise explained from failed


def optional(value: object) -> str | None:
    """Return a text that may be missing."""
    return None if value is None else str(value)


def moment(value: object) -> datetime | None:
    """Return a moment in UTC, as the worker writes it."""
    return None if value is None else datetime.fromisoformat(str(value)).astimezone(UTC)
