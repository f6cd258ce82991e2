"""The online checks: all at once, without a question to the user, each with its time limit."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

from rolecall.actions import aws_cli, credentials, timeouts, worker_client
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.online import clock, endpoint
from rolecall.actions.online.endpoint import EndpointTarget
from rolecall.actions.prompts import NOT_ASKED, Cancel, UnattendedPrompts
from rolecall.aws.providers import Hop, Provider, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.steps import Step, StepStatus
from rolecall.text import mask

IDENTITY = "Identity"
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
"""Errors that say nothing of the credentials: the call did not reach AWS."""
_OF_TIME = ("RequestExpired", "RequestTimeTooSkewed", "InvalidSignatureException", "SignatureDoesNotMatch")
_ABOUT_TIME = ("expired", "not yet current", "clock")
_UNASKED = (NOT_ASKED, "Refused")
"""Failures because the user would have to be asked."""


def check_identity(
    snapshot: Snapshot, profile: str | None, prompts: UnattendedPrompts, cancel: Cancel, patience: float
) -> Step:
    """Call GetCallerIdentity, and say what came of it.

    Raises:
        Cancelled: the user cancelled.
    """
    try:
        arn, remark = _ask_aws(snapshot, profile, prompts, cancel, patience)
    except ActionFailed as failed:
        return _identity_failed(failed)
    if remark is not None:
        return Step(IDENTITY, StepStatus.SUSPECT, f"AWS says that this is {arn}", (remark,))
    return Step(IDENTITY, StepStatus.FINE, f"AWS says that this is {arn}")


def too_late(step: str, seconds: float) -> Step:
    """Say that it took too long, and what it was doing."""
    at = f" ({step})" if step else ""
    return Step(IDENTITY, StepStatus.UNKNOWN, f"it has not ended after {seconds:g} s{at}")


def _ask_aws(
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
    differences = credentials.compare(report, str(found["account"]), arn) if report is not None else None
    return arn, " ".join(differences) if differences else None


def _identity_failed(failed: ActionFailed) -> Step:
    message = mask(failed.message).rstrip(".")
    cure = (f"cure: {mask(failed.cure)}",) if failed.cure is not None else ()
    if failed.kind in _UNASKED:
        return Step(IDENTITY, StepStatus.UNKNOWN, f"{message}: you were not asked", cure)
    if failed.kind in _UNREACHED:
        return Step(IDENTITY, StepStatus.UNKNOWN, f"AWS could not be asked: {message}", (failed.kind,))
    is_of_time = failed.kind in _OF_TIME and any(word in message.lower() for word in _ABOUT_TIME)
    verdict = StepStatus.SUSPECT if is_of_time else StepStatus.CULPRIT
    return Step(IDENTITY, verdict, message, (failed.kind, *cure))


Result = TypeVar("Result")
_Look = Callable[[Cancel], tuple[Step, ...]]


def run_checks(
    snapshot: Snapshot,
    profile: str | None,
    may_run: Callable[[str], bool],
    cancel: Cancel,
    when_done: Callable[[Step], None],
    *,
    patience: float = timeouts.ONLINE_ANSWER,
    longest: float = timeouts.ONLINE_CHECK,
) -> tuple[Step, ...]:
    """Check whether AWS can be reached, what its clock says, which identity this is, which tools are here.

    A role that is not cached is assumed and cached, as any command would. An MFA code is never asked for.

    Args:
        snapshot: the Snapshot.
        profile: the profile; None for a command that names none.
        may_run: says whether the command line of a ``credential_process`` may be run; called from several
            threads, at the same time.
        cancel: ends it.
        when_done: told each step as it comes, on the thread that called this.
        patience: seconds for each answer.
        longest: seconds for each look, however many answers it takes.

    Returns:
        The steps, versions, STS endpoint, clock, SSO endpoint (if the profile uses SSO), identity.

    Raises:
        ActionFailed: there is no such profile.
        Cancelled: the user cancelled; nothing that was started is left.
    """
    if profile is not None and profile not in snapshot.profiles:
        raise ActionFailed("ProfileNotFound", f"there is no profile {profile}", cure="read the files again")
    cancel.check()
    looks = _looks(snapshot, profile, may_run, patience, longest)
    done: list[tuple[Step, ...]] = [()] * len(looks)
    end = Cancel()
    cancel.when_set(end.set)
    with ThreadPoolExecutor(len(looks), thread_name_prefix="online") as pool:
        numbers = {pool.submit(each, end): number for number, each in enumerate(looks)}
        try:
            for future in as_completed(numbers):
                done[numbers[future]] = steps = future.result()
                for step in steps:
                    when_done(step)
        finally:
            end.set()  # where one has failed, the others are not waited for
    return tuple(step for steps in done for step in steps)


def titles(snapshot: Snapshot, profile: str | None) -> tuple[str, ...]:
    """Return the titles of the steps that ``run_checks`` comes to, in its order."""
    sso = (endpoint.TITLES["sso"],) if _sso_region(snapshot, profile) else ()
    return (aws_cli.TOOLS, endpoint.TITLES["sts"], clock.TITLE, *sso, IDENTITY)


def _looks(
    snapshot: Snapshot,
    profile: str | None,
    may_run: Callable[[str], bool],
    patience: float,
    longest: float,
) -> Sequence[_Look]:
    def tools(cancel: Cancel) -> tuple[Step, ...]:
        return (aws_cli.check_tools(snapshot, profile, cancel, patience),)

    def sts(cancel: Cancel) -> tuple[Step, ...]:
        aim = EndpointTarget(snapshot, profile, "sts")
        found = endpoint.reach(aim, UnattendedPrompts(may_run), cancel, patience)
        said = found.url is not None and found.error is None
        time = (
            clock.clock_step(found.headers, found.sent, found.received, found.url or "")
            if said
            else clock.clock_unknown()
        )
        return endpoint.endpoint_step(aim, found, patience), time

    def sso(region: str) -> _Look:
        aim = EndpointTarget(snapshot, profile, "sso", region)

        def ask(cancel: Cancel) -> tuple[Step, ...]:
            found = endpoint.reach(aim, UnattendedPrompts(may_run), cancel, patience)
            return (endpoint.endpoint_step(aim, found, patience),)

        return ask

    def who(cancel: Cancel) -> tuple[Step, ...]:
        person = UnattendedPrompts(may_run)
        step = within(longest, cancel, lambda own: check_identity(snapshot, profile, person, own, patience))
        return (step if step is not None else too_late(person.step, longest),)

    region = _sso_region(snapshot, profile)
    return (tools, sts, *([sso(region)] if region else []), who)


def within(seconds: float, cancel: Cancel, job: Callable[[Cancel], Result]) -> Result | None:
    """Return the result of a job, or None if it took longer, and was ended.

    Raises:
        Cancelled: the user cancelled.
    """
    own = Cancel()
    cancel.when_set(own.set)
    timer = threading.Timer(seconds, own.set)
    timer.daemon = True
    timer.start()
    try:
        return job(own)
    except Cancelled:
        if cancel.is_set:
            raise
        return None
    finally:
        timer.cancel()


def _sso_region(snapshot: Snapshot, profile: str | None) -> str | None:
    """Return the region of the SSO session that a profile uses, or None."""
    region = next((hop.settings.get("sso_region") for hop in _chain(snapshot, profile) if _is_sso(hop)), None)
    return region if isinstance(region, str) and region else None


def _chain(snapshot: Snapshot, profile: str | None) -> Sequence[Hop]:
    if profile is not None:
        return snapshot.profiles[profile].chain
    return snapshot.default_session[Tool.BOTO3].resolution.chain


def _is_sso(hop: Hop) -> bool:
    return hop.provider == Provider.SSO
