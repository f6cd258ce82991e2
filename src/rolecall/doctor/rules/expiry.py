"""Credentials that are valid now and expire soon."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath

from rolecall.aws.config_file import FileKind
from rolecall.aws.expiry import RENEWAL_WINDOW, After, Expiry, State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Cause, Hop, Provider, Tool
from rolecall.aws.timestamps import END_KEYS
from rolecall.doctor import fixes
from rolecall.doctor.evidence import Quoted, listed
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.root_cause import is_helpless
from rolecall.doctor.rules.build import (
    edit_fix,
    keys_again,
    new_keys,
    variable,
    variable_lines,
    variable_value,
)
from rolecall.text import ago, duration, utc

_QUOTED = 3
"""Cache files that are quoted as evidence, at most."""


def _left(context: RuleContext, expiry: Expiry) -> str:
    left = expiry.left(context.now)
    return duration(left.total_seconds()) if left is not None else ""


def _cached(context: RuleContext, expiry: Expiry) -> str:
    path = context.snapshot.where.cli_cache / PurePath(expiry.source or "").name
    return f"{context.snapshot.host.display(path)}  expires {utc(expiry.at)}"


@rule(
    "role-ending",
    Severity.WARNING,
    "A role that expires soon and cannot renew itself",
    cause="Less than 15 minutes are left of the cached credentials, and the role asks for an MFA code.",
    consequence="the AWS CLI does not wait until it expires: its next command asks for a code",
    cure="Assume the role again.",
)
def role_ending(context: RuleContext) -> Iterator[Occurrence]:
    """A role that cannot be fetched again at all is reported by the rule about what stops it."""
    for name, report in context.snapshot.profiles.items():
        expiry = report.expiry
        if expiry.state is State.RENEWING and expiry.after is After.MFA and not is_helpless(report):
            yield Occurrence(
                Subject(SubjectKind.PROFILE, name),
                f"{name} expires in {_left(context, expiry)}, and fetching it again takes an MFA code",
                fixes.assume(name),
                evidence=(_cached(context, expiry),),
                profiles=(name,),
            )


@dataclass(slots=True)
class _Dead:
    """A source that has expired or is broken, and the profiles that still have valid credentials from it."""

    hop: Hop
    expiry: Expiry
    profiles: list[str] = field(default_factory=list)

    @property
    def subject(self) -> Subject:
        """The source: an SSO login, keys in this shell, or a profile."""
        if self.hop.provider == Provider.SSO:
            session = self.hop.settings.get("sso_session", self.hop.settings.get("sso_start_url"))
            return Subject(SubjectKind.SESSION, str(session))
        if self.hop.profile is None:
            return Subject(SubjectKind.VARIABLE, "AWS_ACCESS_KEY_ID")
        return Subject(SubjectKind.PROFILE, self.hop.profile)

    def words(self, now: datetime) -> str:
        """Say since when it has expired, or why it is broken."""
        thing = {
            SubjectKind.SESSION: "the login to ",
            SubjectKind.VARIABLE: "the key in ",
            SubjectKind.PROFILE: "its source ",
        }
        name = f"{thing[self.subject.kind]}{self.subject.name}"
        if self.expiry.at is not None:
            return f"{name} expired {ago(now - self.expiry.at)}"
        return f"{name}: {self.expiry.reason or 'is broken'}"

    def fix(self, context: RuleContext) -> Fix:
        """Return what renews the source."""
        match self.subject.kind:
            case SubjectKind.SESSION:
                return fixes.log_in(self.profiles[0], f"log in to {self.subject.name}")
            case SubjectKind.VARIABLE:
                again = keys_again(context)
                return fixes.manual(f"run {again}" if again is not None else "export new keys in this shell")
            case _:
                name = self.subject.name
                words = new_keys(context.snapshot, name)
                return edit_fix(Quoted(context.snapshot, name), words, "aws_access_key_id")


@rule(
    "live-over-dead",
    Severity.WARNING,
    "A valid role with an expired source",
    cause="The role's credentials are cached and outlive the credentials that they were fetched with.",
    consequence="the AWS CLI uses the cached credentials until they expire; boto3 reads no such cache, "
    "and fails now",
    cure="Renew the source: log in, or paste new keys.",
)
def live_over_dead(context: RuleContext) -> Iterator[Occurrence]:
    """Valid now, fails later: one finding for each expired source, with all the profiles that use it."""
    found: dict[Subject, _Dead] = {}
    for name, report in context.snapshot.profiles.items():
        if report.expiry.state is State.VALID and report.expiry.after in (After.FAILS, After.LOGIN):
            dead = _dead_below(report)
            if dead is not None:
                found.setdefault(dead.subject, dead).profiles.append(name)
    for dead in found.values():
        yield _tell(context, dead)


def _dead_below(report: ProfileReport) -> _Dead | None:
    """Find the deepest hop that has expired; a cached role is valid itself, like an SSO role over a token."""
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
        words = f"{dead.profiles[0]} is valid for {_left(context, first)}, and fails afterwards"
    else:
        words = f"{listed(dead.profiles)} are valid, the first for {_left(context, first)}, then fail"
    return Occurrence(
        dead.subject,
        f"{words}: {dead.words(context.now)}",
        dead.fix(context),
        evidence=tuple(_cached(context, expiry) for expiry in expiries[:_QUOTED]),
        profiles=tuple(dead.profiles),
    )


TOKENS = ("aws_security_token", "aws_session_token")
"""In the order in which botocore reads them."""
_ROLES = {Provider.SHARED_CREDENTIALS: FileKind.CREDENTIALS, Provider.CONFIG_FILE: FileKind.CONFIG}
_LONG_TERM = "AKIA"


@dataclass(slots=True)
class Static:
    """Temporary keys in a file, with all profiles that use them.

    Attributes:
        hop: the profile, with the settings of the one file that its provider reads.
        expiry: when the keys expire.
        profiles: the profiles that use them, itself included.
    """

    hop: Hop
    expiry: Expiry
    profiles: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The profile that has them."""
        return str(self.hop.profile)

    @property
    def role(self) -> FileKind:
        """The file that they are in."""
        return _ROLES[Provider(str(self.hop.provider))]

    @property
    def key(self) -> str:
        """The access key id."""
        key = self.hop.settings.get("aws_access_key_id", "")
        return key if isinstance(key, str) else ""

    @property
    def tokens(self) -> dict[str, str]:
        """The session tokens that are not empty; the first is the one that is used."""
        found = {name: self.hop.settings.get(name) for name in TOKENS}
        return {name: token for name, token in found.items() if isinstance(token, str) and token}


def _statics(context: RuleContext) -> Iterator[Static]:
    """Yield the keys in files that a profile uses and that have a token; long-term keys have none."""
    found: dict[str, Static] = {}
    if all(settings.keys().isdisjoint(TOKENS) for settings in context.snapshot.merged.by_name.values()):
        return iter(())
    for name, report in context.snapshot.profiles.items():
        hop = report.chain[-1]
        if hop.provider in _ROLES and not hop.settings.keys().isdisjoint(TOKENS):
            static = found.setdefault(str(hop.profile), Static(hop, report.hop_expiries[-1]))
            static.profiles.append(name)
    return iter(found.values())


@rule(
    "stale-token-beside-keys",
    Severity.ERROR,
    "A long-term key beside a session token in a file",
    cause="New long-term keys were written over temporary ones, and the old aws_session_token was left.",
    consequence="AWS refuses every call with these keys (InvalidClientTokenId): the token is not theirs",
    cure="Remove the token.",
    explains=[Cause.STALE_TOKEN],
)
def stale_token(context: RuleContext) -> Iterator[Occurrence]:
    """AKIA… is a long-term key, and AWS accepts no token with it."""
    stale = {root.culprit: root.profiles for root in context.root_causes.get(Cause.STALE_TOKEN, ())}
    for static in _statics(context) if stale else ():
        if static.tokens and static.name in stale:
            quoted = Quoted(context.snapshot, static.name)
            token = next(iter(static.tokens))
            yield Occurrence(
                Subject(SubjectKind.PROFILE, static.name),
                f"{static.name} has a long-term key ({quoted.shown('aws_access_key_id')}, {_LONG_TERM}) "
                f"and an {token} beside it",
                fixes.change(
                    "remove the token", static.name, dict.fromkeys(static.tokens, None), static.role
                ),
                quoted.place(token),
                quoted.lines("aws_access_key_id", *static.tokens),
                profiles=stale[static.name],
            )


@rule(
    "two-tokens",
    Severity.WARNING,
    "Two different session tokens beside one key",
    cause="One tool wrote aws_security_token, which is the old name, another tool aws_session_token.",
    consequence="if it belongs to older keys, AWS refuses every call",
    cure="Remove aws_security_token.",
)
def two_tokens(context: RuleContext) -> Iterator[Occurrence]:
    """Tools that write the same value to both do no harm."""
    old, new = TOKENS
    for static in _statics(context):
        if len(set(static.tokens.values())) == len(TOKENS):
            quoted = Quoted(context.snapshot, static.name)
            yield Occurrence(
                Subject(SubjectKind.PROFILE, static.name),
                f"{static.name} has {old} and {new}, they differ, and {old} is used",
                fixes.change(f"remove {old}, the old name", static.name, {old: None}, static.role),
                quoted.place(old),
                quoted.lines("aws_access_key_id", *TOKENS),
                profiles=tuple(static.profiles),
            )


@rule(
    "keys-ending",
    Severity.WARNING,
    "Temporary keys in a file that expire soon",
    cause="The tool that wrote them noted when they expire, and less than 15 minutes are left.",
    consequence="from then on AWS refuses every call with these keys (ExpiredToken); nothing renews them",
    cure="Run the tool that wrote them again, or paste new keys.",
)
def keys_ending(context: RuleContext) -> Iterator[Occurrence]:
    """Botocore does not read the noted expiry, and AWS tools use the keys even after it."""
    for static in _statics(context):
        end = static.expiry.at
        if end is not None and context.now < end < context.now + RENEWAL_WINDOW:
            quoted = Quoted(context.snapshot, static.name)
            left = duration((end - context.now).total_seconds())
            yield Occurrence(
                Subject(SubjectKind.PROFILE, static.name),
                f"the keys of {static.name} ({quoted.shown('aws_access_key_id')}) expire in {left}",
                edit_fix(quoted, new_keys(context.snapshot, static.name), "aws_access_key_id"),
                quoted.place(*END_KEYS),
                quoted.lines(*END_KEYS, "aws_access_key_id"),
                profiles=tuple(static.profiles),
            )


@rule(
    "no-recorded-end",
    Severity.INFO,
    "Temporary keys with an unknown expiry",
    cause="They were pasted, or the tool that wrote them does not note when they expire.",
    consequence="they will fail with ExpiredToken, and no setting or file says when",
    cure="Note their expiry: x_security_token_expires in the file, AWS_CREDENTIAL_EXPIRATION in a shell.",
)
def no_recorded_end(context: RuleContext) -> Iterator[Occurrence]:
    """A long-term key with a token does not work at all: that is another rule's."""
    for static in _statics(context):
        is_unknown = static.expiry.state is State.UNKNOWN and static.expiry.after is After.MANUAL
        if is_unknown and static.tokens and not static.key.startswith(_LONG_TERM):
            quoted = Quoted(context.snapshot, static.name)
            yield Occurrence(
                Subject(SubjectKind.PROFILE, static.name),
                f"the keys of {static.name} ({quoted.shown('aws_access_key_id')}) are temporary, and "
                f"{_why_unknown(static)}",
                edit_fix(
                    quoted,
                    "note their expiry, as in x_security_token_expires = 2030-01-01T12:00:00Z",
                    "aws_access_key_id",
                ),
                quoted.place("aws_access_key_id"),
                quoted.lines("aws_access_key_id", *static.tokens, *END_KEYS),
                profiles=tuple(static.profiles),
            )
    yield from _of_the_shell(context)


def _why_unknown(static: Static) -> str:
    noted = [key for key in END_KEYS if static.hop.settings.get(key)]
    return f"the expiry in {noted[0]} is not a date" if noted else "nothing says when they expire"


def _of_the_shell(context: RuleContext) -> Iterator[Occurrence]:
    default_session = context.snapshot.default_session[Tool.BOTO3]
    is_unknown = (
        default_session.resolution.provider == Provider.ENV and default_session.expiry.state is State.UNKNOWN
    )
    if is_unknown and not variable_value(context, "AWS_ACCESS_KEY_ID").startswith(_LONG_TERM):
        yield Occurrence(
            variable("AWS_ACCESS_KEY_ID"),
            "the keys in AWS_ACCESS_KEY_ID are temporary, and nothing says when they expire",
            fixes.manual("export AWS_CREDENTIAL_EXPIRATION with them"),
            evidence=variable_lines(context, "AWS_ACCESS_KEY_ID", "AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"),
        )
