"""Assumes a profile's role, through the CLI's cache."""

from collections.abc import Mapping
from typing import Any

from rolecall.actions.errors import ActionFailed
from rolecall.actions.worker.protocol import Wire
from rolecall.actions.worker.session import CACHED, open_session


def run(arguments: Mapping[str, Any], wire: Wire) -> Mapping[str, object]:
    """Do it; return the entry's ``stem``, its ``arn``, ``expires_at``, and ``was_cached``."""
    opened = open_session(arguments, wire)
    entry = opened.cache.read() if opened.method in CACHED else None
    if entry is None:
        message = f"its credentials come from {opened.method}, which keeps them in no file"
        raise ActionFailed("NotApplicable", message)
    return {
        "stem": opened.cache.own[0],
        "arn": entry.get("AssumedRoleUser", {}).get("Arn"),
        "expires_at": entry["Credentials"]["Expiration"],
        "was_cached": not opened.cache.is_fresh,
    }
