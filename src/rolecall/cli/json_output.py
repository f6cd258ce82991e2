"""What several commands print as JSON (schema ``rolecall/1``); the rest of each object is beside its command.

Names of keys are fixed; further keys may come; secrets are masked.
"""

from typing import TYPE_CHECKING

from rolecall.aws.expiry import Expiry
from rolecall.aws.profile_report import asks_metadata
from rolecall.aws.providers import PredictedError, Resolution, Tool
from rolecall.cli.common import masked
from rolecall.host import Host
from rolecall.text import utc

if TYPE_CHECKING:
    from rolecall.cli.json_types import AnswerJson, ExpiryJson, FaultJson, RegionJson


def masked_or_none(text: str | None) -> str | None:
    """Return a text with what may be secret masked; None for none."""
    return None if text is None else masked(text)


def expiry(expires: Expiry) -> "ExpiryJson":
    """Return {state, at, after, source, reason}; ``at`` in UTC, null where no time is known."""
    return {
        "state": expires.state.value,
        "at": utc(expires.at),
        "after": expires.after.value,
        "source": expires.source,
        "reason": masked_or_none(expires.reason),
    }


def answer(resolution: Resolution) -> "AnswerJson":
    """Return {provider, error, message, on_use {error, message} or null}."""
    return {
        "provider": resolution.provider,
        "error": resolution.error,
        "message": masked_or_none(resolution.message),
        "on_use": _error(resolution.on_use),
    }


def region(host: Host, tool: Tool, name: str | None) -> "RegionJson":
    """Return {region, region_asked}; the latter says whether the tool asks instance metadata for one."""
    return {"region": masked_or_none(name), "region_asked": asks_metadata(host.environ, tool, name)}


def _error(fault: PredictedError | None) -> "FaultJson | None":
    return None if fault is None else {"error": fault.error, "message": masked_or_none(fault.message)}
