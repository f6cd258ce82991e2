"""The one root cause of each profile that cannot work."""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from pathlib import Path

from rolecall.aws.cache_files import CacheFile
from rolecall.aws.config_file import ConfigFile, FileStatus
from rolecall.aws.expiry import After, Expiry, State
from rolecall.aws.profile_report import OF_CLIENT, ProfileReport, certain_faults
from rolecall.aws.providers import Cause, Hop, PredictedError, Provider, Tool
from rolecall.aws.settings import Kind
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.write_access import Obstacle
from rolecall.values import dataclass

_DEAD = frozenset((State.EXPIRED, State.BROKEN, State.IDLE, State.RENEWING))
"""States in which the next use has to fetch credentials, or cannot."""
_CACHED = frozenset((Kind.ROLE, Kind.WEB_IDENTITY))
"""Kinds with credentials that both CLIs cache."""
_HELPLESS = frozenset((After.MANUAL, After.LOGIN, After.FAILS, After.NEVER))


@dataclass(frozen=True, slots=True)
class RootCause:
    """One culprit and the profiles that it stops.

    Attributes:
        cause: what is wrong.
        culprit: its name: a profile; a missing profile or sso-session; the session or start URL of a login; a
            variable; a cache file's path.
        profiles: the profiles that cannot work because of it, in the files' order; the culprit only if it
            cannot work itself.
        hop: the hop with the problem, in the chain of the first of the profiles.
        file: the cache file that is the culprit, or None.
        fault: the error that AWS tools raise offline, or None.
    """

    cause: Cause
    culprit: str
    profiles: tuple[str, ...]
    hop: Hop | None = field(default=None, repr=False)
    file: CacheFile | None = None
    fault: PredictedError | None = None


def has_ended(report: ProfileReport) -> bool:
    """Whether a profile has no credentials now, or none for long, and no tool gets new ones by itself.

    A role with less than 15 minutes left counts too if it cannot be fetched again: the AWS CLI does not wait.
    """
    return is_over(report.expiry)


def is_over(expiry: Expiry) -> bool:
    """Whether credentials have ended, and no tool gets new ones by itself."""
    return expiry.state in _DEAD and (expiry.after in _HELPLESS or expiry.state is State.BROKEN)


def is_helpless(report: ProfileReport) -> bool:
    """Whether a profile cannot work now in one of the tools, as far as that is certain offline."""
    return has_ended(report) or bool(certain_faults(report.resolutions))


def root_causes(snapshot: Snapshot) -> Mapping[Cause, tuple[RootCause, ...]]:
    """Return the root causes by cause; each profile that cannot work now is in at least one of them."""
    found: dict[tuple[Cause, str], list[RootCause]] = {}
    for report in snapshot.profiles.values():
        for each in profile_causes(snapshot, report):
            found.setdefault((each.cause, each.culprit), []).append(each)
    by_cause: dict[Cause, list[RootCause]] = {}
    for (cause, _), same in found.items():
        names = dict.fromkeys(name for each in same for name in each.profiles)
        by_cause.setdefault(cause, []).append(replace(same[0], profiles=tuple(names)))
    return {cause: tuple(culprits) for cause, culprits in by_cause.items()}


def profile_causes(snapshot: Snapshot, report: ProfileReport) -> Iterator[RootCause]:
    """Yield the cause that counts most for one profile, then those that stop only some of the tools."""
    if is_helpless(report):
        effective = report.effective.fault
        of_clis = (report.resolutions[tool].on_use for tool in (Tool.CLI_V1, Tool.CLI_V2))
        cached = [fault for fault in of_clis if fault is not None and _is_of_cache(fault)]
        of_v2 = report.resolutions[Tool.CLI_V2].fault
        of_client = of_v2 if of_v2 is not None and of_v2.cause in OF_CLIENT else None
        if effective is not None and effective.cause is not Cause.CACHE_DAMAGED:
            yield _of_error(snapshot, report, effective)
        if cached:
            yield _of_error(snapshot, report, cached[0])
        if of_client is not None and of_client != effective:
            yield _of_error(snapshot, report, of_client)
        is_of_state = has_ended(report) or of_client is None
        if effective is None and report.resolution.fault is None and is_of_state and not cached:
            yield _of_state(snapshot, report)
    raised = report.resolution.raised
    if raised is not None and raised.cause is Cause.CRT_MISSING and raised is not report.effective.fault:
        yield _of_error(snapshot, report, raised)


def obstacles(snapshot: Snapshot) -> Mapping[Path, tuple[Obstacle, tuple[str, ...]]]:
    """Return what stands in the way of writing, by its path, with the profiles that need to write there.

    What only hides the two files is among them, with no profile.
    """
    found: dict[Path, tuple[Obstacle, dict[str, None]]] = {}
    for directory, obstacle in snapshot.expiry_calculator.obstacles.items():
        users = dict.fromkeys(
            name for name, report in snapshot.profiles.items() if _writes(snapshot, report, directory)
        )
        if users or hidden_files(snapshot, obstacle):
            found.setdefault(obstacle.where, (obstacle, {}))[1].update(users)
    return {where: (obstacle, tuple(names)) for where, (obstacle, names) in found.items()}


def hidden_files(snapshot: Snapshot, obstacle: Obstacle) -> tuple[ConfigFile, ...]:
    """Return those of the two files that cannot be reached, because the obstacle is above them."""
    return tuple(
        file
        for file in snapshot.files
        if file.status is FileStatus.UNREADABLE
        and file.path is not None
        and obstacle.where in file.path.parents
    )


def _writes(snapshot: Snapshot, report: ProfileReport, directory: Path) -> bool:
    """Whether AWS tools write into a cache directory for a profile."""
    root, where = report.chain[-1].provider, snapshot.where
    if directory == where.cli_history:
        return report.values.get("cli_history") == "enabled"
    if directory == where.cli_cache:
        return report.kind in _CACHED or root == Provider.SSO
    return root == (Provider.SSO if directory == where.sso_cache else Provider.LOGIN)


def _is_of_cache(fault: PredictedError) -> bool:
    return fault.cause in (Cause.CACHE_DAMAGED, Cause.CACHE_UNWRITABLE)


INCLUDED = "include_profile"
"""The setting of aws-vault that takes the place of a source, in all profiles for one and the same reason."""
_OF_SETTINGS = frozenset(
    (
        *(Cause.UNKNOWN, Cause.NESTED_VALUE, Cause.NO_CREDENTIALS, Cause.HALF_A_PAIR, Cause.SPLIT_PAIR),
        *(Cause.NO_SOURCE, Cause.TWO_SOURCES, Cause.BAD_CREDENTIAL_SOURCE, Cause.BAD_PARAMETER),
        *(
            Cause.SSO_INCOMPLETE,
            Cause.SSO_CONFLICT,
            Cause.WEB_IDENTITY_NO_ROLE,
            Cause.WEB_IDENTITY_UNREADABLE,
        ),
        *(Cause.METADATA_SETTING, Cause.BAD_PROCESS),
        *(
            Cause.PROCESS_PROFILE_MISSING,
            Cause.PROCESS_NO_CREDENTIALS,
            Cause.BAD_KEYS,
            Cause.CLIENT_SETTING,
            Cause.SERVICES_MISSING,
        ),
    )
)
"""Causes of which a profile is the culprit: their subjects are its settings."""


_OF_REGION = frozenset((Cause.OTHER_PARTITION, Cause.REGION_MISSING))
"""Causes for which the region of the profile that is chosen counts, and not that of a source."""


def _of_error(snapshot: Snapshot, report: ProfileReport, fault: PredictedError) -> RootCause:
    """Return the culprit of a predicted error."""
    culprit = fault.subject
    if fault.cause is Cause.CHAIN_LOOP:
        culprit = _first_of_loop(snapshot, report.chain)
    elif fault.cause in _OF_REGION:
        return RootCause(fault.cause, report.name, (report.name,), report.chain[0], fault=fault)
    elif fault.cause in _OF_SETTINGS:
        culprit = report.name if fault.profile is None else fault.profile
        if fault.cause is Cause.NO_SOURCE and INCLUDED in snapshot.merged.by_name.get(culprit, {}):
            culprit = INCLUDED
    hop = next((hop for hop in reversed(report.chain) if hop.profile == fault.profile), report.chain[0])
    return RootCause(fault.cause, culprit, (report.name,), hop, _file(snapshot, hop, fault), fault)


def _file(snapshot: Snapshot, hop: Hop, fault: PredictedError) -> CacheFile | None:
    """Return the cache file that an error is about, or None."""
    match fault.cause:
        case Cause.CACHE_DAMAGED:
            return snapshot.expiry_calculator.files.get(fault.subject)
        case Cause.SSO_TOKEN_DAMAGED | Cause.SSO_TOKEN_EXPIRED:
            return snapshot.expiry_calculator.token_file(hop.settings)
        case Cause.LOGIN_DAMAGED:
            return snapshot.expiry_calculator.login_file(fault.subject)
        case _:
            return None


def _first_of_loop(snapshot: Snapshot, chain: tuple[Hop, ...]) -> str:
    """Return the culprit of a loop: the first in the files of the profiles that it stops."""
    names = [hop.profile for hop in chain]
    members = set(names[names.index(names[-1]) :])
    for name, report in snapshot.profiles.items():
        if name in members and report.effective.cause is Cause.CHAIN_LOOP:
            return name
    return str(names[0])


def _of_state(snapshot: Snapshot, report: ProfileReport) -> RootCause:
    """Go down the chain to the hop with expired credentials, where nothing is raised offline."""
    names = (report.name,)
    for hop, expiry in zip(report.chain, report.hop_expiries, strict=True):
        is_broken = expiry.state is State.BROKEN
        match hop.provider:
            case Provider.SHARED_CREDENTIALS | Provider.CONFIG_FILE:
                cause = _of_keys(snapshot, hop) if is_broken else Cause.KEYS_EXPIRED
                return RootCause(cause, str(hop.profile), names, hop)
            case Provider.ENV if is_broken:
                return RootCause(_of_variables(snapshot), "AWS_ACCESS_KEY_ID", names, hop)
            case Provider.ENV:
                return RootCause(Cause.ENVIRONMENT_EXPIRED, str(expiry.source), names, hop)
            case Provider.WEB_IDENTITY:
                return RootCause(Cause.WEB_IDENTITY_EXPIRED, str(hop.profile), names, hop)
    return RootCause(Cause.UNKNOWN, report.name, names, report.chain[0])


def _of_keys(snapshot: Snapshot, hop: Hop) -> Cause:
    """Return why AWS refuses static keys."""
    if snapshot.expiry_calculator.bad_keys(hop):
        return Cause.BAD_KEYS
    is_long_term = str(hop.settings.get("aws_access_key_id")).startswith("AKIA")
    return Cause.STALE_TOKEN if is_long_term else Cause.TOKEN_MISSING


def _of_variables(snapshot: Snapshot) -> Cause:
    """Return why AWS refuses the keys in the environment."""
    if snapshot.expiry_calculator.bad_variables():
        return Cause.ENVIRONMENT_BAD_KEYS
    is_long_term = snapshot.host.environ["AWS_ACCESS_KEY_ID"].startswith("AKIA")
    return Cause.ENVIRONMENT_STALE_TOKEN if is_long_term else Cause.ENVIRONMENT_TOKEN_MISSING
