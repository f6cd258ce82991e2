"""Who AWS says that one is, where it can be asked without asking a person."""

from rolecall.actions import caller_identity, worker_client
from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import NOT_ASKED, Cancel, UnattendedPrompts
from rolecall.aws.providers import Provider, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.steps import Step, StepStatus
from rolecall.text import mask

TITLE = "Identity"
SHELL = "this shell"
"""What the credentials of this shell are called, where they are no profile's."""
_UNREACHED = frozenset(
    (
        "ConnectTimeoutError",
        "ConnectionClosedError",
        "EndpointConnectionError",
        "HTTPClientError",
        "ProxyConnectionError",
        "ReadTimeoutError",
        "SSLError",
        "Timeout",
        "ValueError",
    )
)
"""What tells nothing of the credentials: the call has not come through."""
_OF_TIME = ("RequestExpired", "RequestTimeTooSkewed", "InvalidSignatureException", "SignatureDoesNotMatch")
_ABOUT_TIME = ("expired", "not yet current", "clock")
_UNASKED = (NOT_ASKED, "Refused")
"""What ends it because a person would have been needed."""


def look(
    snapshot: Snapshot, profile: str | None, prompts: UnattendedPrompts, cancel: Cancel, patience: float
) -> Step:
    """Call GetCallerIdentity, and say what came of it.

    Raises:
        Cancelled: the user changed their mind.
    """
    try:
        arn, remark = _ask(snapshot, profile, prompts, cancel, patience)
    except ActionFailed as failed:
        return _failed(failed)
    if remark is not None:
        return Step(TITLE, StepStatus.SUSPECT, f"AWS says that this is {arn}", (remark,))
    return Step(TITLE, StepStatus.FINE, f"AWS says that this is {arn}")


def too_late(step: str, seconds: float) -> Step:
    """Say that it took too long, and what it was at."""
    at = f" ({step})" if step else ""
    return Step(TITLE, StepStatus.UNKNOWN, f"there is no end of it after {seconds:g} s{at}")


def _ask(
    snapshot: Snapshot, profile: str | None, prompts: UnattendedPrompts, cancel: Cancel, patience: float
) -> tuple[str, str | None]:
    """Return the ARN, and what differs from the settings."""
    default_session = snapshot.default_session[Tool.BOTO3]
    is_of_profile = default_session.resolution.provider != Provider.ENV
    name = profile if profile is not None else (default_session.profile if is_of_profile else None)
    arguments: dict[str, object] = {
        "profile": profile,
        "cli_cache": str(snapshot.where.cli_cache),
        "force": False,
        "durations": {},
    }
    try:
        found = worker_client.run_task(
            snapshot.host, "identity", arguments, prompts, cancel, patience=patience
        )
    except ActionFailed as failed:
        if failed.cure is not None or failed.kind in _UNASKED:
            raise
        raise worker_client.failure(failed.kind, failed.message, snapshot, name or SHELL) from failed
    arn, report = str(found["arn"]), snapshot.profiles.get(name) if name is not None else None
    differences = caller_identity.compare(report, str(found["account"]), arn) if report is not None else None
    return arn, " ".join(differences) if differences else None


def _failed(failed: ActionFailed) -> Step:
    message = mask(failed.message).rstrip(".")
    cure = (f"cure: {mask(failed.cure)}",) if failed.cure is not None else ()
    if failed.kind in _UNASKED:
        return Step(TITLE, StepStatus.UNKNOWN, f"{message}: nobody was asked", cure)
    if failed.kind in _UNREACHED:
        return Step(TITLE, StepStatus.UNKNOWN, f"AWS could not be asked: {message}", (failed.kind,))
    is_of_time = failed.kind in _OF_TIME and any(word in message.lower() for word in _ABOUT_TIME)
    verdict = StepStatus.SUSPECT if is_of_time else StepStatus.CULPRIT
    return Step(TITLE, verdict, message, (failed.kind, *cure))
