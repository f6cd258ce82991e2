"""Assumes roles: runs the real chain, and caches the result where and as the AWS CLI does."""

import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from rolecall.actions import batch, credentials, timeouts, worker_client
from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Cancel, ProfilePrompts, Prompts, SharedAnswers
from rolecall.aws import timestamps
from rolecall.aws.cache_files import duration_seconds
from rolecall.aws.expiry import LONGEST_CHAINED, RENEWAL_WINDOW, Expiry, State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Hop, Provider
from rolecall.aws.settings import Kind
from rolecall.aws.snapshot import Snapshot
from rolecall.values import dataclass

_CHAINING = (Provider.ASSUME_ROLE, Provider.WEB_IDENTITY, Provider.SSO)
"""Providers that give a role's session: a role that is assumed with it is chained."""
_OBSTACLES = {
    Kind.KEYS: "has keys of its own: there is no role to assume.",
    Kind.LOGIN: "logs in with aws login: there is no role to assume.",
    Kind.PROCESS: "gets its credentials from a process at each use: there is no role to assume.",
    Kind.NONE: "has no role.",
}


@dataclass(frozen=True, slots=True)
class Assumed:
    """A role that was assumed, or whose cached credentials are valid.

    Attributes:
        profile: the profile's name.
        arn: the ARN of the role's session; None where the file does not tell (SSO).
        expires_at: when it expires, aware, in UTC.
        cache_file: where it is cached.
        was_cached: whether it was cached already, and valid.
    """

    profile: str
    arn: str | None
    expires_at: datetime
    cache_file: Path
    was_cached: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended for one profile: with a role, with a failure, or with neither if it was cancelled."""

    profile: str
    assumed: Assumed | None = None
    failure: ActionFailed | None = None

    @property
    def cancelled(self) -> bool:
        """Whether the user cancelled."""
        return self.assumed is None and self.failure is None


def has_role(report: ProfileReport) -> bool:
    """Whether there is a role to assume, even if it cannot be assumed now."""
    return report.kind not in _OBSTACLES


def obstacle(report: ProfileReport, *, anew: bool = False) -> str | None:
    """Return why a profile's role certainly cannot be assumed, in a sentence, or None if it may be."""
    words = _OBSTACLES.get(report.kind)
    return f"{report.name} {words}" if words is not None else credentials.obstacle(report, anew=anew)


def too_long(report: ProfileReport) -> int | None:
    """Return the seconds that the profile, or a role in its chain, asks for beyond STS's maximum of 3600."""
    asked = [duration_seconds(hop.settings) or 0 for hop in _chained(report)]
    longest = max(asked, default=0)
    return longest if longest > LONGEST_CHAINED else None


def is_good(report: ProfileReport, now: datetime) -> bool:
    """Whether the cached credentials are valid for a while, so that AWS is not asked unless it is forced."""
    return report.expiry.as_of(now).state is State.VALID


def assume(
    snapshot: Snapshot,
    name: str,
    prompts: Prompts,
    cancel: Cancel,
    *,
    force: bool = False,
    seconds: int | None = None,
    patience: float = timeouts.AWS_CALL,
) -> Assumed:
    """Assume a profile's role, unless its cached credentials are valid for 15 minutes or more.

    Args:
        snapshot: the files, and what is known of the profile.
        name: the profile.
        prompts: asks for MFA codes, and whether a ``credential_process`` may run.
        cancel: ends it.
        force: assume it whatever is cached; until that is done, the old entry stays as it is.
        seconds: how long to ask for it, instead of what the profile says. The file keeps its name.
        patience: seconds without an answer after which it is given up.

    Raises:
        ActionFailed: it was not done; nothing has changed but roles in the chain that were renewed.
        Cancelled: the user cancelled; the same holds.
    """
    asking = SharedAnswers(prompts).for_profile()
    return _assume(snapshot, name, asking, cancel, force=force, seconds=seconds, patience=patience)


def assume_all(
    snapshot: Snapshot,
    names: Sequence[str],
    prompts: Prompts,
    cancel: Cancel,
    when_done: Callable[[Outcome], None],
    *,
    force: bool = False,
    seconds: Mapping[str, int] = MappingProxyType({}),
    patience: float = timeouts.AWS_CALL,
) -> tuple[Outcome, ...]:
    """Assume the roles of several profiles: sources first, the others side by side.

    A code for an MFA device serves all of them, as long as STS takes it. If a source fails, the roles that
    use it are not tried.

    Args:
        snapshot: the files.
        names: the profiles.
        prompts: as for one; called on this thread.
        cancel: ends all of them.
        when_done: called for each as it ends, on this thread.
        force: as for one, for each of them.
        seconds: as for one, by the names of those for which it is not what their profile says.
        patience: as for one.

    Returns:
        How it ended for each, in the order of the names.
    """
    asking: dict[str, ProfilePrompts] = {}
    answers = SharedAnswers(prompts)

    def prompts_for(name: str) -> Prompts:
        asking[name] = answers.for_profile()
        return asking[name]

    def work(name: str, relay: Prompts, cancel: Cancel) -> Assumed:
        return _assume(
            snapshot, name, relay, cancel, force=force, seconds=seconds.get(name), patience=patience
        )

    def when_ended(ended: batch.Ended[Assumed]) -> None:
        if ended.is_done:
            asking[ended.name].succeeded()
        when_done(_outcome(ended))

    wanted = tuple(dict.fromkeys(names))
    jobs = [job_of(snapshot, name, wanted) for name in wanted]
    ends = batch.Batch(work, prompts_for, when_ended).run(jobs, cancel)
    return tuple(_outcome(ends[name]) for name in wanted)


def _assume(
    snapshot: Snapshot,
    name: str,
    prompts: Prompts,
    cancel: Cancel,
    *,
    force: bool,
    seconds: int | None,
    patience: float,
) -> Assumed:
    report = snapshot.profiles.get(name)
    if report is not None and report.kind in _OBSTACLES:
        message = f"{name} {_OBSTACLES[report.kind]}".rstrip(".")
        raise ActionFailed("NotApplicable", message, cure="choose a profile with a role")
    durations = {} if report is None or seconds is None else _durations(report, seconds)
    found = worker_client.call(
        snapshot, name, "assume", prompts, cancel, force=force, durations=durations, patience=patience
    )
    return Assumed(
        profile=name,
        arn=worker_client.optional(found["arn"]),
        expires_at=timestamps.instant(found["expires_at"]),
        cache_file=snapshot.where.cli_cache / f"{found['stem']}.json",
        was_cached=found["was_cached"] is True,
    )


def _outcome(ended: batch.Ended[Assumed]) -> Outcome:
    return Outcome(ended.name, ended.result, ended.failure)


def _durations(report: ProfileReport, seconds: int) -> dict[str, int]:
    """Return the seconds to ask for, by role ARN: as wanted for the own one, others within the limit."""
    chained = [(hop.role_arn, duration_seconds(hop.settings) or 0) for hop in _chained(report)]
    durations = {
        arn: LONGEST_CHAINED for arn, asked in chained if arn is not None and asked > LONGEST_CHAINED
    }
    own = report.own_hop.role_arn
    return durations if own is None else durations | {own: seconds}


def _chained(report: ProfileReport) -> Iterator[Hop]:
    """Yield the roles in the chain that are assumed with the session of another role."""
    for hop, source in itertools.pairwise(report.chain):
        if hop.provider == Provider.ASSUME_ROLE and source.provider in _CHAINING:
            yield hop


def job_of(snapshot: Snapshot, name: str, wanted: Collection[str]) -> batch.Job:
    """Return the job of a profile: after which others it comes, and which files it may write."""
    report = snapshot.profiles.get(name)
    if report is None or report.effective.error is not None:
        return batch.Job(name)  # it will fail by itself; a loop in its chain would wait for itself
    sources = report.chain[1:]
    after = {hop.profile for hop in sources if hop.provider in _CHAINING and hop.profile in wanted}
    return batch.Job(
        name,
        after=frozenset(source for source in after if source is not None and source != name),
        claims=frozenset(_claims(snapshot, report)),
    )


def _claims(snapshot: Snapshot, report: ProfileReport) -> Iterator[str]:
    """Yield what is written for a role: its cache file, and what must be renewed in its chain."""
    if report.cache_file is not None:
        yield report.cache_file
    for hop, expiry in zip(report.chain, report.hop_expiries, strict=True):
        source = snapshot.profiles.get(hop.profile or "")
        if source is None:
            continue
        if hop.provider == Provider.ASSUME_ROLE and expiry.state is not State.VALID and source.cache_file:
            yield source.cache_file
        if hop.provider == Provider.SSO and not _lasts(snapshot, source.token):
            # a refresh token serves once
            yield f"token of {hop.settings.get('sso_session', hop.settings.get('sso_start_url'))}"


def _lasts(snapshot: Snapshot, token: Expiry | None) -> bool:
    left = token.left(snapshot.host.now()) if token is not None else None
    return left is not None and left > RENEWAL_WINDOW
