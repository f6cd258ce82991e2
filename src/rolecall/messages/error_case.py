"""An error of AWS tools and the profile that it happened to, and what an explanation of it says."""

import re
from collections.abc import Mapping
from pathlib import Path

from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Hop, Provider
from rolecall.aws.snapshot import Snapshot
from rolecall.values import dataclass

_TOKENS = ("aws_session_token", "aws_security_token")
_PREFIX = re.compile(
    r"An error occurred \([^)]*\) when calling the (?P<operation>\w+) operation(?: \([^)]*\))?:\s*"
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an error means and how to fix it; the fields of ``ActionFailed``."""

    message: str
    cure: str | None = None
    command: str | None = None
    path: Path | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """An error, and the profile that it happened to.

    Attributes:
        kind: botocore's exception class, AWS's error code, or a word of rolecall's own.
        message: in the words of the tool that raised it.
        snapshot: the Snapshot in which it happened.
        profile: the profile's name; where none is known, words for the caller.
        hops: the chain, where it is not a profile's: that of a command that names none.
    """

    kind: str
    message: str
    snapshot: Snapshot
    profile: str
    hops: tuple[Hop, ...] = ()

    @property
    def words(self) -> str:
        """The message without botocore's preamble, and without a full stop; its kind where that is all."""
        return _PREFIX.sub("", self.message).strip().rstrip(".") or self.kind

    @property
    def operation(self) -> str | None:
        """The operation that AWS refused, if the message names one."""
        found = _PREFIX.match(self.message)
        return found["operation"] if found else None

    @property
    def report(self) -> ProfileReport | None:
        """What is known of the profile."""
        return self.snapshot.profiles.get(self.profile)

    @property
    def root(self) -> Hop | None:
        """Where its credentials start."""
        return self.chain[-1] if self.chain else None

    @property
    def chain(self) -> tuple[Hop, ...]:
        """The hops to where its credentials start."""
        return self.hops or (self.report.chain if self.report is not None else ())

    @property
    def source(self) -> str:
        """The name of what gives the credentials with which the profile's own role is assumed."""
        return _name(self.chain[1]) if len(self.chain) > 1 else self.profile

    @property
    def origin(self) -> str:
        """The name of what gives the chain's first credentials."""
        return _name(self.root) if self.root is not None else self.profile

    @property
    def has_role(self) -> bool:
        """Whether a role is assumed on the way."""
        return any(hop.provider == Provider.ASSUME_ROLE for hop in self.chain)

    @property
    def is_lasting(self) -> bool:
        """Whether the credentials start from long-term keys."""
        if self.root is None:
            return False
        if self.root.provider == Provider.ENV:
            values: Mapping[str, object] = {
                name.lower(): value for name, value in self.snapshot.host.environ.items()
            }
        else:
            values = self.root.settings
        is_long_term = str(values.get("aws_access_key_id")).startswith("AKIA")
        return is_long_term and not any(values.get(name) for name in _TOKENS)

    def has_said(self, *words: str) -> bool:
        """Whether the message has any of these words in it."""
        return any(word in self.message.lower() for word in words)

    def variable(self, *names: str) -> str | None:
        """Return the first of these variables that is set."""
        return next((name for name in names if self.snapshot.host.environ.get(name)), None)


_NAMELESS: Mapping[str | None, str] = {
    Provider.ENV: "the environment's keys",
    Provider.CONTAINER: "the container's credentials",
    Provider.IAM_ROLE: "the instance's credentials",
}


def _name(hop: Hop) -> str:
    return hop.profile or _NAMELESS.get(hop.provider, "its source")
