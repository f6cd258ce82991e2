"""Credentials that are good now and will not be for long: what happens then, said before it happens."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath

from rolecall.aws.expiry import After, Expiry, State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Hop, Provider
from rolecall.doctor import fixes
from rolecall.doctor.blame import is_helpless
from rolecall.doctor.context import RuleContext
from rolecall.doctor.evidence import Quoted, listed
from rolecall.doctor.finding import Occurrence, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.rules.telling import edit
from rolecall.text import ago, duration, utc

_QUOTED = 3
"""Cache files that are quoted one by one."""


def _left(context: RuleContext, expiry: Expiry) -> str:
    left = expiry.left(context.now)
    return duration(left.total_seconds()) if left is not None else ""


def _cached(context: RuleContext, expiry: Expiry) -> str:
    path = context.snapshot.where.cli_cache / PurePath(expiry.source or "").name
    return f"{context.snapshot.host.display(path)}  ends {utc(expiry.at)}"


@rule(
    "role-ending",
    Severity.WARNING,
    "A role that ends soon and cannot renew itself",
    cause="Less than 15 minutes are left of the cached credentials, and the role asks for an MFA code.",
    consequence="the AWS CLI does not wait for the end: its next command asks for a code",
    cure="Assume the role anew.",
)
def role_ending(context: RuleContext) -> Iterator[Occurrence]:
    """Those that cannot be had again at all are a matter of what stops them."""
    for name, report in context.snapshot.profiles.items():
        expiry = report.expiry
        if expiry.state is State.RENEWING and expiry.after is After.MFA and not is_helpless(report):
            yield Occurrence(
                Subject(SubjectKind.PROFILE, name),
                f"{name} ends in {_left(context, expiry)}, and to fetch it anew takes an MFA code",
                fixes.assume(name),
                evidence=(_cached(context, expiry),),
                profiles=(name,),
            )


@dataclass(slots=True)
class _Dead:
    """What is dead under credentials that still live, and who lives on without it for a while."""

    hop: Hop
    expiry: Expiry
    profiles: list[str] = field(default_factory=list)

    @property
    def subject(self) -> Subject:
        """What it is: an SSO login, keys in this shell, or a profile."""
        if self.hop.provider == Provider.SSO:
            session = self.hop.settings.get("sso_session", self.hop.settings.get("sso_start_url"))
            return Subject(SubjectKind.SESSION, str(session))
        if self.hop.profile is None:
            return Subject(SubjectKind.VARIABLE, "AWS_ACCESS_KEY_ID")
        return Subject(SubjectKind.PROFILE, self.hop.profile)

    def words(self, now: datetime) -> str:
        """Say how it is dead."""
        thing = {
            SubjectKind.SESSION: "the login to ",
            SubjectKind.VARIABLE: "the key in ",
            SubjectKind.PROFILE: "its source ",
        }
        name = f"{thing[self.subject.kind]}{self.subject.name}"
        if self.expiry.at is not None:
            return f"{name} ended {ago(now - self.expiry.at)}"
        return f"{name}: {self.expiry.reason or 'is broken'}"

    def fix(self, context: RuleContext) -> Fix:
        """Return what brings it to life."""
        match self.subject.kind:
            case SubjectKind.SESSION:
                return fixes.log_in(self.profiles[0], f"log in to {self.subject.name}")
            case SubjectKind.VARIABLE:
                return fixes.manual("export new keys in this shell")
            case _:
                words = "paste new keys, or run the tool that wrote them"
                return edit(Quoted(context.snapshot, self.subject.name), words, "aws_access_key_id")


@rule(
    "live-over-dead",
    Severity.WARNING,
    "A live role over a dead source",
    cause="The role's credentials are cached and outlive those that they were fetched with.",
    consequence="the AWS CLI works on with what it has cached until that ends; boto3 reads no such cache, "
    "and fails now",
    cure="Bring the source to life: log in, or paste new keys.",
)
def live_over_dead(context: RuleContext) -> Iterator[Occurrence]:
    """Valid now, fails then: one finding for each dead source, however many live on it."""
    found: dict[Subject, _Dead] = {}
    for name, report in context.snapshot.profiles.items():
        if report.expiry.state is State.VALID and report.expiry.after in (After.FAILS, After.LOGIN):
            dead = _dead_below(report)
            if dead is not None:
                found.setdefault(dead.subject, dead).profiles.append(name)
    for dead in found.values():
        yield _tell(context, dead)


def _dead_below(report: ProfileReport) -> _Dead | None:
    """Find the deepest hop that is dead; a cached role is itself alive, and an SSO role over its token."""
    own = report.chain[0]
    if own.provider == Provider.SSO and report.token is not None:
        return _Dead(own, report.token) if _is_dead(report.token) else None
    below = list(zip(report.chain, report.hop_expiries, strict=True))[1:]
    return next((_Dead(hop, expiry) for hop, expiry in reversed(below) if _is_dead(expiry)), None)


def _is_dead(expiry: Expiry) -> bool:
    is_gone = expiry.state is State.IDLE and expiry.after in (After.LOGIN, After.MANUAL, After.FAILS)
    return is_gone or expiry.state in (State.EXPIRED, State.BROKEN)


def _tell(context: RuleContext, dead: _Dead) -> Occurrence:
    expiries = [context.snapshot.profiles[name].expiry for name in dead.profiles]
    first = min(expiries, key=lambda expiry: expiry.at or context.now)
    if len(expiries) == 1:
        words = f"{dead.profiles[0]} is valid for {_left(context, first)}, and fails then"
    else:
        words = f"{listed(dead.profiles)} are valid, the first for {_left(context, first)}, and fail then"
    return Occurrence(
        dead.subject,
        f"{words}: {dead.words(context.now)}",
        dead.fix(context),
        evidence=tuple(_cached(context, expiry) for expiry in expiries[:_QUOTED]),
        profiles=tuple(dead.profiles),
    )
