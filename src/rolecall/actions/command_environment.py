"""The environment of a command that runs with a profile's credentials, and what is said before it starts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from itertools import dropwhile, takewhile
from pathlib import PurePath

from rolecall.actions import credentials, export
from rolecall.actions.credentials import Credentials
from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Cancel, Prompts
from rolecall.aws.cache_files import duration_seconds
from rolecall.aws.expiry import RENEWAL_WINDOW, State
from rolecall.aws.neighbours import MARKS
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Cause, Provider, Tool
from rolecall.aws.settings import Kind
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from rolecall.text import duration, mask
from rolecall.values import dataclass

RENEWED = (Kind.ROLE, Kind.WEB_IDENTITY, Kind.SSO)
"""Kinds of profiles whose credentials are fetched again although the cached ones are still valid."""
_PROFILE = "--profile"
_TAKE_PROFILE = frozenset(("aws", "awslocal", "cdk", "copilot", "eb", "eksctl", "s5cmd", "sam"))
"""Programs of which ``--profile`` is a profile of AWS: to cargo or docker compose it is something else."""
_CHOOSING = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID")


@dataclass(frozen=True, slots=True)
class CommandEnvironment:
    """What a command is given.

    Attributes:
        profile: the profile's name.
        variables: what is set and unset (None), as ``rolecall export`` has it.
        environ: the whole environment.
        expires_at: when the credentials expire, aware, in UTC; None where they do not, or it is not known.
        shortfall: why they expire before they should, a sentence without a full stop, or None.
        unknown: the variables whose values are not known yet.
    """

    profile: str
    variables: Mapping[str, str | None] = field(repr=False)
    environ: Mapping[str, str] = field(repr=False)
    expires_at: datetime | None
    shortfall: str | None = None
    unknown: frozenset[str] = frozenset()


def own_environ(host: Host) -> Mapping[str, str]:
    """Return the environment that is changed for a command: the user's own, whichever home is read.

    A command that is run in the demo lives in its made-up home, and is given none of the user's own AWS
    variables: it reaches nothing but the made-up AWS.
    """
    own = host.environ if host.own_environ is None else host.own_environ
    if not host.is_demo:
        return own
    kept = {name: value for name, value in own.items() if not (name.startswith("AWS_") or name in MARKS)}
    return {**kept, **host.environ}


def prepare(
    snapshot: Snapshot,
    name: str,
    prompts: Prompts,
    cancel: Cancel,
    *,
    at_least: timedelta = RENEWAL_WINDOW,
    renews: bool = True,
) -> CommandEnvironment:
    """Fetch a profile's credentials, and return the environment of a command that runs with them.

    Args:
        snapshot: the files, and what is known of the profile.
        name: the profile.
        prompts: asks for MFA codes, and whether a ``credential_process`` may run.
        cancel: ends it.
        at_least: how long they are to be valid: if they expire before that, they are renewed.
        renews: whether anything may be fetched that is not in a file already; else rolecall is read-only.

    Raises:
        ActionFailed: the profile gives no credentials.
        Cancelled: the user cancelled.
    """
    report = snapshot.profiles[name]
    if not renews and needs_call(report, snapshot.host.now()):
        message = f"{name} has no valid credentials in a file, and rolecall is read-only"
        raise ActionFailed("ReadOnly", message, cure="leave out --read-only (or ROLECALL_READ_ONLY)")
    found = credentials.fetch(snapshot, name, prompts, cancel)
    shortfall = None
    if _ends_within(found, at_least, snapshot):
        found, shortfall = _renewed(
            snapshot, report, found, prompts, cancel, at_least=at_least, renews=renews
        )
    return _environment(snapshot, report, found, shortfall)


def needs_call(report: ProfileReport, now: datetime) -> bool:
    """Whether credentials have to be fetched from AWS, from a program or from this machine's metadata."""
    if report.kind is Kind.KEYS:
        return False
    is_kept = report.kind in (*RENEWED, Kind.LOGIN)
    return not is_kept or report.expiry.as_of(now).state is not State.VALID


def _ends_within(found: Credentials, at_least: timedelta, snapshot: Snapshot) -> bool:
    return found.expires_at is not None and found.expires_at - snapshot.host.now() < at_least


def _renewed(
    snapshot: Snapshot,
    report: ProfileReport,
    found: Credentials,
    prompts: Prompts,
    cancel: Cancel,
    *,
    at_least: timedelta,
    renews: bool,
) -> tuple[Credentials, str | None]:
    """Return the credentials, renewed if they can be, and why they still expire too early, or None."""
    obstacle = _obstacle(report, found, renews=renews)
    if obstacle is None:
        try:
            found = credentials.fetch(snapshot, report.name, prompts, cancel, force=True)
        except ActionFailed as failed:
            obstacle = f"they could not be renewed: {mask(failed.message)}"
        if not _ends_within(found, at_least, snapshot):
            return found, None
    why = obstacle or _too_short(report)
    assert found.expires_at is not None  # noqa: S101 - for the type checker: that is why it was asked
    left = duration((found.expires_at - snapshot.host.now()).total_seconds())
    return found, f"the credentials of {report.name} expire in {left}; {why}"


def _obstacle(report: ProfileReport, found: Credentials, *, renews: bool) -> str | None:
    """Return why it is of no use to fetch credentials anew, or None."""
    if not renews:
        return "rolecall is read-only, and does not renew them"
    if report.kind is Kind.KEYS:
        return "they are in a file, and only new ones can be put in their place"
    if report.kind is Kind.LOGIN:
        return "AWS tools renew this login by themselves, in its last five minutes"
    if report.kind not in RENEWED:
        return "they come from a source that decides itself how long they last"
    kept = report.expiry.at
    if kept is None or found.expires_at is None or abs(kept - found.expires_at) > timedelta(seconds=1):
        return _too_short(report)  # they have just been fetched
    return None


def _too_short(report: ProfileReport) -> str:
    if report.maximum_duration is not None:
        return "a role that is assumed with another role's credentials lasts one hour at most"
    if report.kind is Kind.SSO:
        return "how long they last is a setting of the permission set"
    asked = duration(duration_seconds(report.values) or 3600)
    return f"new ones are requested for {asked}: `duration_seconds` of {report.name} says for how long"


def _environment(
    snapshot: Snapshot, report: ProfileReport, found: Credentials, shortfall: str | None
) -> CommandEnvironment:
    own = own_environ(snapshot.host)
    variables = export.of_credentials(found, export.own_region(report), own)
    environ = export.applied(variables, own)
    return CommandEnvironment(report.name, variables, environ, found.expires_at, shortfall)


_LIKE_A_KEY, _LIKE_A_SECRET = "ASIA" + 16 * "X", 40 * "0"
"""What is put where nothing has been fetched yet; it has the form of what belongs there."""


def planned(snapshot: Snapshot, name: str) -> CommandEnvironment:
    """Return what a command would be given, with other keys and secrets: nothing is fetched."""
    report = snapshot.profiles[name]
    expiry = report.expiry.as_of(snapshot.host.now())
    is_cached = expiry.state in (State.VALID, State.RENEWING)
    key = report.effective.access_key
    found = Credentials(
        access_key=key or _LIKE_A_KEY,
        secret_key=_LIKE_A_SECRET,
        token=None if expiry.state is State.PERMANENT else _LIKE_A_SECRET,
        expires_at=expiry.at if is_cached else None,
        account=report.account,
    )
    given = _environment(snapshot, report, found, None)
    return given if key else replace(given, unknown=frozenset(("AWS_ACCESS_KEY_ID",)))


def overriding(snapshot: Snapshot, given: CommandEnvironment, command: Sequence[str]) -> Iterator[str]:
    """Yield what comes before the credentials that a command is given, a sentence each.

    Keys in the environment come before everything but a profile that the command itself names. And there
    are settings that stop AWS tools whatever credentials they have: those of [default], which they read
    when no profile is chosen.
    """
    yield from _in_words(snapshot, given.profile, command)
    yield from _left_behind(snapshot, given)
    there = snapshot.in_environment(given.environ).default_session
    for tool in (Tool.BOTO3, Tool.CLI_V2):
        resolution = there[tool].resolution
        fault = resolution.fault
        if fault is not None and fault.cause is not Cause.REGION_MISSING and not resolution.is_spared:
            words = " ".join(mask(fault.message).split())
            yield f"{tool} fails with {fault.error} whatever credentials it has: {words}"
            return
        if fault is None and resolution.provider != Provider.ENV:
            yield f"{tool} takes other credentials ({resolution.provider}) than those of {given.profile}"
            return


_OF_PROFILE = {
    "endpoint_url": ("AWS_ENDPOINT_URL",),
    "services": ("AWS_ENDPOINT_URL",),
    "ca_bundle": ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"),
}
"""Settings that decide where calls go, and the variables that say the same."""


def _left_behind(snapshot: Snapshot, given: CommandEnvironment) -> Iterator[str]:
    """Yield what the profile sets and its credentials do not bring along: calls go elsewhere without it."""
    values = snapshot.profiles[given.profile].values
    for key, variables in _OF_PROFILE.items():
        is_said = any(name.startswith(variables) and text for name, text in given.environ.items())
        if values.get(key) and not is_said:
            yield (
                f"{given.profile} sets {key}, which does not come with its credentials: "
                f"set {variables[0]}, or name the profile in the command (--profile {given.profile})"
            )


def _in_words(snapshot: Snapshot, name: str, command: Sequence[str]) -> Iterator[str]:
    """Yield what the command's own words choose: another profile, or other keys."""
    words = list(command)
    if PurePath(words[0]).name == "env":
        for word in takewhile(lambda word: "=" in word or word.startswith("-"), words[1:]):
            variable, _, value = word.partition("=")
            if variable in _CHOOSING and value != name:
                yield f"the command sets {variable}, which comes before the credentials of {name}"
        words = list(dropwhile(lambda word: "=" in word or word.startswith("-"), words[1:])) or words
    if PurePath(words[0]).stem not in _TAKE_PROFILE:
        return
    for at, word in enumerate(words):
        option, sign, value = word.partition("=")
        if option != _PROFILE:
            continue
        chosen = value if sign else "".join(words[at + 1 : at + 2])
        if chosen != name:
            shown = chosen if chosen in snapshot.profiles else mask(chosen)
            yield f"the command names {_PROFILE} {shown}, which comes before the credentials of {name}"
