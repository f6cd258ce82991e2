"""What is to blame for a profile that cannot work now: one culprit each, however long the chain.

A profile may stand under a second culprit where the tools differ: a damaged cache file stops the AWS CLI and
not boto3, a missing CRT stops boto3 and not AWS CLI v2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rolecall.aws.cache_files import CacheFile
from rolecall.aws.expiry import After, State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Hop, PredictedError, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.root_cause import FoundCause, RootCauseFinder

_DEAD = frozenset((State.EXPIRED, State.BROKEN, State.IDLE, State.RENEWING))
"""States in which the next use has to fetch something, or cannot."""
_HELPLESS = frozenset((After.MANUAL, After.LOGIN, After.FAILS, After.NEVER))


@dataclass(frozen=True, slots=True)
class RootCause:
    """One culprit and those who suffer from it.

    Attributes:
        code: the rule that tells of it.
        culprit: the name of what is at fault: a profile; for a missing profile or sso-session its name; for a
            login its session or start URL; a variable; a cache file's path.
        profiles: the profiles that cannot work because of it, in the files' order; the culprit only if it
            cannot work itself.
        hop: where in a chain it went wrong, in that of the first of the profiles.
        file: the cache file at fault, where it is one.
        fault: what AWS tools raise, where they raise anything offline.
    """

    code: str
    culprit: str
    profiles: tuple[str, ...]
    hop: Hop | None = field(default=None, repr=False)
    file: CacheFile | None = None
    fault: PredictedError | None = None


def has_ended(report: ProfileReport) -> bool:
    """Whether a profile has no credentials now, or none for long, and no tool gets new ones by itself.

    A role with less than 15 minutes left counts where it cannot be fetched anew: the AWS CLI does not wait.
    """
    expiry = report.expiry
    return expiry.state in _DEAD and (expiry.after in _HELPLESS or expiry.state is State.BROKEN)


def is_helpless(report: ProfileReport) -> bool:
    """Whether a profile cannot work now in one of the tools, as far as that is certain offline."""
    return has_ended(report) or any(report.resolutions[tool].fault is not None for tool in Tool)


def blamed(snapshot: Snapshot) -> Mapping[str, tuple[RootCause, ...]]:
    """Return the culprits by code; each profile that cannot work now stands under one of them at least."""
    inquest = RootCauseFinder(snapshot)
    found: dict[tuple[str, str], tuple[FoundCause, dict[str, None]]] = {}
    for name, report in snapshot.profiles.items():
        causes = inquest.causes(report) if is_helpless(report) else inquest.hidden(report)
        for cause in causes:
            found.setdefault((cause.code, cause.culprit), (cause, {}))[1][name] = None
    by_code: dict[str, list[RootCause]] = {}
    for cause, names in found.values():
        one = RootCause(cause.code, cause.culprit, tuple(names), cause.hop, cause.file, cause.fault)
        by_code.setdefault(cause.code, []).append(one)
    return {code: tuple(culprits) for code, culprits in by_code.items()}
