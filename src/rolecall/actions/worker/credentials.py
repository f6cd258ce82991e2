"""Hands over a profile's credentials, as the CLI would use them."""

from collections.abc import Mapping
from typing import Any

from rolecall.actions.worker.protocol import Wire
from rolecall.actions.worker.session import open_session
from rolecall.aws import timestamps


def run(arguments: Mapping[str, Any], wire: Wire) -> Mapping[str, object]:
    """Do it; return ``access_key``, ``secret_key``, ``token``, ``account`` and ``expires_at`` (or nulls)."""
    opened = open_session(arguments, wire)
    end = opened.expires_at
    return {
        "access_key": opened.access_key,
        "secret_key": opened.secret_key,
        "token": opened.token,
        "account": opened.account,
        "expires_at": None if end is None else timestamps.instant(end.isoformat()).isoformat(),
    }
