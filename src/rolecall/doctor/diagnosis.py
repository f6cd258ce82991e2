"""What a question is about, and the finding that answers it."""

from collections.abc import Iterator
from functools import cached_property

from rolecall.aws.cache_files import CacheFile
from rolecall.aws.config_file import ConfigFile, FileStatus
from rolecall.aws.expiry import After, Expiry, State
from rolecall.aws.line_edits import visible
from rolecall.aws.profile_report import DefaultSession, ProfileReport, certain_faults
from rolecall.aws.providers import Cause, Hop, PredictedError, Provider, Resolution, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import root_cause
from rolecall.doctor.finding import Finding, Severity, SubjectKind
from rolecall.doctor.registry import CHAPTERS, Findings
from rolecall.doctor.root_cause import RootCause
from rolecall.values import dataclass

SHELL = "this shell"
_REFUSED = (FileStatus.UNPARSEABLE, FileStatus.UNREADABLE)
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
"""Variables that choose credentials: botocore's ``env`` provider ignores them where a profile is named."""
_DEAD = (State.EXPIRED, State.IDLE, State.RENEWING)
_HELPLESS = (After.MANUAL, After.LOGIN, After.FAILS, After.NEVER)


@dataclass(frozen=True)
class QuestionSubject:
    """What a question is about: a profile, or this shell.

    Attributes:
        snapshot: the Snapshot to look in.
        profile: the profile's name, even if it does not exist; None for a command that names none.
    """

    snapshot: Snapshot
    profile: str | None

    @property
    def label(self) -> str:
        """The subject in words."""
        return self.profile if self.profile is not None else SHELL

    @property
    def default_session(self) -> DefaultSession:
        """The profile that boto3 and AWS CLI v1 would use for a command without ``--profile``."""
        return self.snapshot.default_session[Tool.BOTO3]

    @property
    def here_by_keys(self) -> bool:
        """Whether a command without ``--profile`` uses the keys in the environment."""
        chain = self.default_session.resolution.chain
        return bool(chain) and chain[0].provider == Provider.ENV

    @property
    def uses(self) -> str | None:
        """The profile that is used: the one asked for, or the one that this shell chooses."""
        return self.profile if self.profile is not None else self.default_session.profile

    @property
    def report(self) -> ProfileReport | None:
        """The report on that profile."""
        return self.snapshot.profiles.get(self.uses) if self.uses is not None else None

    @property
    def resolution(self) -> Resolution | None:
        """How its credentials resolve; None where there is no such profile."""
        if self.profile is None:
            return self.default_session.resolution
        return self.report.effective if self.report is not None else None

    @property
    def chain(self) -> tuple[Hop, ...]:
        """The hops to where the credentials start."""
        return self.resolution.chain if self.resolution is not None else ()

    @property
    def expiry(self) -> Expiry | None:
        """The expiry of its credentials."""
        if self.profile is None:
            return self.default_session.expiry
        return self.report.expiry if self.report is not None else None

    @cached_property
    def expiries(self) -> tuple[Expiry, ...]:
        """The expiry of each hop."""
        return tuple(self.snapshot.expiry_calculator.of_chain(self.chain))

    @cached_property
    def faults(self) -> tuple[tuple[Tool, PredictedError], ...]:
        """The error that each tool raises offline, for the tools that raise one."""
        if self.profile is None:
            resolutions = {tool: here.resolution for tool, here in self.snapshot.default_session.items()}
        else:
            resolutions = dict(self.report.resolutions) if self.report is not None else {}
        return tuple(certain_faults(resolutions).items())

    @property
    def fails(self) -> bool:
        """Whether a command fails for certain now, in one of the tools at least."""
        expiry = self.expiry
        if self.faults or expiry is None or expiry.state is State.BROKEN:
            return True
        return expiry.state in _DEAD and expiry.after in _HELPLESS

    def role_file(self, index: int) -> CacheFile | None:
        """Return the file in the CLI's cache for a hop, by its number.

        A role's source has a file there only if it is a role itself.
        """
        hop = self.chain[index]
        if index and hop.provider != Provider.ASSUME_ROLE:
            return None
        return self.snapshot.expiry_calculator.role_file(hop)


def unread_file(snapshot: Snapshot) -> ConfigFile | None:
    """Return the file for which no profile is known, as it cannot be read; None where profiles are."""
    if snapshot.profiles:
        return None
    return next((file for file in snapshot.files if file.status in _REFUSED), None)


_HERE = (SubjectKind.VARIABLE, SubjectKind.SHELL)
HEADERS = frozenset(
    (
        *("not-a-profile", "dropped-header", "odd-header", "config-header-in-credentials", "odd-name"),
        *("glued-line", "swallowed-header", "unseen-in-header"),
    )
)
"""Findings about a header that keep the intended profile from existing."""
_TIDINESS = frozenset(rule.code for rule in CHAPTERS["Permissions"])
"""Findings that keep nothing from working."""


def about(asked: QuestionSubject, findings: Findings) -> tuple[Finding, ...]:
    """Return the findings about the subject, the worst first; silenced ones too, since the user asks."""
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
    """Whether a finding about this shell affects the subject.

    A named profile is not affected by the variables that choose credentials, nor by a finding that lists only
    other profiles.
    """
    if asked.profile is None and (
        finding.subject.kind is SubjectKind.VARIABLE or asked.uses in finding.profiles
    ):
        return True
    return not finding.profiles and finding.subject.name not in CHOOSERS


def matters(finding: Finding) -> bool:
    """Whether a finding may explain why something does not work, or works differently from how it looks."""
    return finding.severity is not Severity.INFO and finding.code not in _TIDINESS


def culprit(asked: QuestionSubject, findings: Findings) -> Finding | None:
    """Return the finding that explains a certain failure: the first in the order in which AWS tools look."""
    return next(iter(culprits(asked, findings)), None)


def culprits(asked: QuestionSubject, findings: Findings) -> tuple[Finding, ...]:
    """Return the errors that stop it, each once, in the order in which they stop it."""
    return tuple({id(each): each for each in _in_order(asked, findings)}.values())


def _in_order(asked: QuestionSubject, findings: Findings) -> Iterator[Finding]:
    header = _of_missing(asked, findings)
    if header is not None:
        yield header
    errors = [each for each in about(asked, findings) if _stops(asked, each)]
    found = [each for cause in causes(asked) for each in errors if cause.cause in each.explains]
    # what one tool alone cannot use comes after what stops every one
    yield from sorted((*found, *errors), key=lambda each: each.severity is not Severity.ERROR)


def causes(asked: QuestionSubject) -> tuple[RootCause, ...]:
    """Return what stops the profile that is used, with the errors that AWS tools raise."""
    if asked.report is None or (asked.profile is None and asked.here_by_keys):
        return ()
    return tuple(root_cause.profile_causes(asked.snapshot, asked.report))


def _stops(asked: QuestionSubject, finding: Finding) -> bool:
    """Whether an error stops this subject, and not only other profiles.

    What is no error while nothing uses a profile is one to the question about that profile.
    """
    is_cause = asked.fails and bool(finding.explains) and asked.uses in finding.profiles
    if finding.severity is not Severity.ERROR and not is_cause:
        return False
    by_keys = asked.profile is None and asked.here_by_keys
    if asked.uses is not None and asked.uses in finding.profiles and not by_keys:
        return True
    if finding.subject.kind is SubjectKind.FILE:
        return asked.snapshot.merged.broken_file is not None or (asked.report is None and asked.fails)
    return asked.profile is None and finding.subject.kind in _HERE


def _of_missing(asked: QuestionSubject, findings: Findings) -> Finding | None:
    """Return why a profile that is asked for does not exist, where a header in the files explains it."""
    is_missing = any(fault.cause is Cause.PROFILE_MISSING for _, fault in asked.faults)
    if asked.uses is not None and asked.report is None and (is_missing or asked.profile is not None):
        return of_header(findings, asked.uses)
    return None


def of_header(findings: Findings, name: str) -> Finding | None:
    """Return the finding about a header that looks like this profile's, but is not."""
    wanted = squeezed(name)
    for each in (*findings.all, *findings.silenced):
        named = squeezed(visible(each.subject.name)).strip("[]").removeprefix("profile")
        if each.code in HEADERS and named.strip("\"'") == wanted:
            return each
    return None


def squeezed(text: str) -> str:
    """Return a text without white space: a terminal breaks lines even in the middle of words."""
    return "".join(text.split())


def faults(asked: QuestionSubject) -> Iterator[PredictedError]:
    """Yield the errors that AWS tools raise, as far as that is known offline."""
    yield from (fault for _, fault in asked.faults)
    yield from (cause.fault for cause in causes(asked) if cause.fault is not None)
