"""What a question is about, and the finding that answers it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rolecall.aws.cache_files import CacheFile
from rolecall.aws.expiry import After, Expiry, State
from rolecall.aws.profile_report import DefaultSession, ProfileReport
from rolecall.aws.providers import Cause, Hop, PredictedError, Provider, Resolution, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import root_cause
from rolecall.doctor.finding import Finding, Severity, SubjectKind
from rolecall.doctor.registry import CHAPTERS, Findings
from rolecall.doctor.root_cause import RootCause

SHELL = "this shell"
CHOOSERS = frozenset(
    (
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_CREDENTIAL_EXPIRATION",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_ROLE_ARN",
        "AWS_ROLE_SESSION_NAME",
    )
)
"""Variables that choose credentials: they count for nothing where a profile is named (botocore's ``env``)."""
_DEAD = (State.EXPIRED, State.IDLE, State.RENEWING)
_HELPLESS = (After.MANUAL, After.LOGIN, After.FAILS, After.NEVER)


@dataclass(frozen=True)
class QuestionSubject:
    """Whom it is about.

    Attributes:
        snapshot: the world.
        profile: the profile's name, be there one or not; None for a command in this shell that names none.
    """

    snapshot: Snapshot
    profile: str | None

    @property
    def label(self) -> str:
        """Whom, in words."""
        return self.profile if self.profile is not None else SHELL

    @property
    def default_session(self) -> DefaultSession:
        """What a command without ``--profile`` would use, in boto3 and AWS CLI v1."""
        return self.snapshot.default_session[Tool.BOTO3]

    @property
    def here_by_keys(self) -> bool:
        """Whether a command without ``--profile`` takes its keys straight from the environment."""
        chain = self.default_session.resolution.chain
        return bool(chain) and chain[0].provider == Provider.ENV

    @property
    def uses(self) -> str | None:
        """The profile whose settings count: the one asked for, or the one that this shell chooses."""
        return self.profile if self.profile is not None else self.default_session.profile

    @property
    def report(self) -> ProfileReport | None:
        """What is known of that profile."""
        return self.snapshot.profiles.get(self.uses) if self.uses is not None else None

    @property
    def resolution(self) -> Resolution | None:
        """What comes of it; None where there is no such profile."""
        if self.profile is None:
            return self.default_session.resolution
        return self.report.effective if self.report is not None else None

    @property
    def chain(self) -> tuple[Hop, ...]:
        """The hops to where the credentials start."""
        return self.resolution.chain if self.resolution is not None else ()

    @property
    def expiry(self) -> Expiry | None:
        """How it stands."""
        if self.profile is None:
            return self.default_session.expiry
        return self.report.expiry if self.report is not None else None

    @cached_property
    def expiries(self) -> tuple[Expiry, ...]:
        """How each hop stands."""
        return tuple(self.snapshot.expiry_calculator.of_chain(self.chain))

    @cached_property
    def faults(self) -> tuple[tuple[Tool, PredictedError], ...]:
        """What each tool raises offline, where it raises anything."""
        if self.profile is None:
            resolutions = {tool: here.resolution for tool, here in self.snapshot.default_session.items()}
        else:
            resolutions = dict(self.report.resolutions) if self.report is not None else {}
        return tuple((tool, fault) for tool, each in resolutions.items() if (fault := each.fault) is not None)

    @property
    def fails(self) -> bool:
        """Whether a command fails for certain now, in one of the tools at least."""
        expiry = self.expiry
        if self.faults or expiry is None or expiry.state is State.BROKEN:
            return True
        return expiry.state in _DEAD and expiry.after in _HELPLESS

    def role_file(self, index: int) -> CacheFile | None:
        """Return the file in the CLI's cache that serves a hop, by its number.

        What a role draws on is kept there only if it is a role.
        """
        hop = self.chain[index]
        if index and hop.provider != Provider.ASSUME_ROLE:
            return None
        return self.snapshot.expiry_calculator.role_file(hop)


_HERE = (SubjectKind.VARIABLE, SubjectKind.SHELL)
HEADERS = frozenset(
    ("not-a-profile", "dropped-header", "odd-header", "config-header-in-credentials", "odd-name")
)
"""What is wrong with a header, so that the profile that is meant is none."""
_TIDINESS = frozenset(rule.code for name in ("Permissions", "Hygiene") for rule in CHAPTERS[name])
"""What is wrong, and does not keep anything from working."""


def about(asked: QuestionSubject, findings: Findings) -> tuple[Finding, ...]:
    """Return what is found that bears on it, the worst first. What is silenced is to be told if asked for."""
    every = sorted((*findings.all, *findings.silenced), key=lambda each: each.severity.rank)
    names = {asked.uses, *(hop.profile for hop in asked.chain)} - {None}
    files = {file.path for index in range(len(asked.chain)) if (file := asked.role_file(index)) is not None}
    return tuple(
        each
        for each in every
        if (asked.uses is not None and asked.uses in each.profiles)
        or (each.subject.kind is SubjectKind.PROFILE and each.subject.name in names)
        or (each.subject.kind is SubjectKind.CACHE and each.seen.path in files)
        or (each.subject.kind in _HERE and _reaches(asked, each))
        or each.subject.kind is SubjectKind.FILE
    )


def _reaches(asked: QuestionSubject, finding: Finding) -> bool:
    """Whether what is wrong in this shell bears on the one who is asked about.

    Who names a profile goes past the variables that choose credentials; what has its victims has no others.
    """
    if asked.profile is None and (
        finding.subject.kind is SubjectKind.VARIABLE or asked.uses in finding.profiles
    ):
        return True
    return not finding.profiles and finding.subject.name not in CHOOSERS


def matters(finding: Finding) -> bool:
    """Whether a finding may be why something does not work, or not as it looks."""
    return finding.severity is not Severity.INFO and finding.code not in _TIDINESS


def culprit(asked: QuestionSubject, findings: Findings) -> Finding | None:
    """Return what is to blame where it fails for certain: the first thing in AWS's own order."""
    return next(iter(culprits(asked, findings)), None)


def culprits(asked: QuestionSubject, findings: Findings) -> tuple[Finding, ...]:
    """Return the errors that stop it, each once, that first which stops it first."""
    return tuple({id(each): each for each in _in_order(asked, findings)}.values())


def _in_order(asked: QuestionSubject, findings: Findings) -> Iterator[Finding]:
    header = _of_missing(asked, findings)
    if header is not None:
        yield header
    errors = [each for each in about(asked, findings) if _stops(asked, each)]
    for cause in causes(asked):
        yield from (each for each in errors if cause.cause in each.rule.tells)
    yield from errors


def causes(asked: QuestionSubject) -> tuple[RootCause, ...]:
    """Return what stops the profile whose settings count, with what AWS tools say of it."""
    if asked.report is None or (asked.profile is None and asked.here_by_keys):
        return ()
    return tuple(root_cause.causes(asked.snapshot, asked.report))


def _stops(asked: QuestionSubject, finding: Finding) -> bool:
    """Whether an error stops this one, and not only somebody else."""
    if finding.severity is not Severity.ERROR:
        return False
    by_keys = asked.profile is None and asked.here_by_keys
    if asked.uses is not None and asked.uses in finding.profiles and not by_keys:
        return True
    if finding.subject.kind is SubjectKind.FILE:
        return asked.snapshot.merged.broken_file is not None or (asked.report is None and asked.fails)
    return asked.profile is None and finding.subject.kind in _HERE


def _of_missing(asked: QuestionSubject, findings: Findings) -> Finding | None:
    """Return why a profile that is asked for is none, where a header in the files tells it."""
    is_missing = any(fault.cause is Cause.PROFILE_MISSING for _, fault in asked.faults)
    if asked.uses is not None and asked.report is None and (is_missing or asked.profile is not None):
        return of_header(findings, asked.uses)
    return None


def of_header(findings: Findings, name: str) -> Finding | None:
    """Return what is found about a header that looks like a profile's and is none."""
    wanted = squeezed(name)
    for each in (*findings.all, *findings.silenced):
        if each.code in HEADERS and squeezed(each.subject.name).strip("[]").removeprefix("profile") == wanted:
            return each
    return None


def squeezed(text: str) -> str:
    """Return a text without its white space: a terminal breaks lines in the middle of words too."""
    return "".join(text.split())


def faults(asked: QuestionSubject) -> Iterator[PredictedError]:
    """Yield what AWS tools raise, as far as that is known offline."""
    yield from (fault for _, fault in asked.faults)
    yield from (cause.fault for cause in causes(asked) if cause.fault is not None)
