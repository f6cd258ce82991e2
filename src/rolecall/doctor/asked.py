"""Whom a question is about: a profile, or a command in this shell that names none."""

from dataclasses import dataclass
from functools import cached_property

from rolecall.aws.cache_files import CacheFile
from rolecall.aws.expiry import After, Expiry, State
from rolecall.aws.expiry_calculator import ExpiryCalculator
from rolecall.aws.profile_report import DefaultSession, ProfileReport
from rolecall.aws.providers import Hop, PredictedError, Provider, Resolution, Tool
from rolecall.aws.snapshot import Snapshot

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
    def expiry_calculator(self) -> ExpiryCalculator:
        """What looks up its cache files."""
        snapshot = self.snapshot
        files = {str(entry.path): entry.file for entry in snapshot.entries}
        return ExpiryCalculator(snapshot.host, snapshot.where, files, snapshot.taken_at)

    @cached_property
    def expiries(self) -> tuple[Expiry, ...]:
        """How each hop stands."""
        return tuple(self.expiry_calculator.of_chain(self.chain))

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
        return self.expiry_calculator.role_file(hop)
