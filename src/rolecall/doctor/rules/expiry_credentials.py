"""Temporary keys in a file: their end, and tokens that do not belong to them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rolecall.aws.config_file import FileKind
from rolecall.aws.expiry import RENEWAL_WINDOW, After, Expiry, State
from rolecall.aws.notes import END_KEYS
from rolecall.aws.providers import Hop, Provider, Tool
from rolecall.doctor import fixes
from rolecall.doctor.context import RuleContext
from rolecall.doctor.evidence import Quoted
from rolecall.doctor.finding import Occurrence, Severity, Subject, SubjectKind, rule
from rolecall.doctor.rules.environment_words import lines, value, variable
from rolecall.doctor.rules.telling import edit
from rolecall.text import duration

TOKENS = ("aws_security_token", "aws_session_token")
"""In the order in which botocore asks them."""
_ROLES = {Provider.SHARED_CREDENTIALS: FileKind.CREDENTIALS, Provider.CONFIG_FILE: FileKind.CONFIG}
_LONG_TERM = "AKIA"


@dataclass(slots=True)
class Static:
    """Keys that stand in a file, with all who draw on them.

    Attributes:
        hop: the profile, with the settings of the one file that its provider reads.
        expiry: how the keys stand.
        profiles: the profiles that draw on them, itself included.
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
        """The file that they stand in."""
        return _ROLES[Provider(str(self.hop.provider))]

    @property
    def key(self) -> str:
        """The access key id."""
        key = self.hop.settings.get("aws_access_key_id", "")
        return key if isinstance(key, str) else ""

    @property
    def tokens(self) -> dict[str, str]:
        """The session tokens that hold something, the one that is used first."""
        found = {name: self.hop.settings.get(name) for name in TOKENS}
        return {name: token for name, token in found.items() if isinstance(token, str) and token}


def _statics(context: RuleContext) -> Iterator[Static]:
    """Yield the keys in files that somebody uses and that have a token; long-term keys have none."""
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
    Severity.WARNING,
    "A long-term key beside a session token in a file",
    cause="`aws configure` or a person put new keys over temporary ones, and left their aws_session_token.",
    consequence="AWS refuses every call with these keys (InvalidClientTokenId): the token is not theirs",
    cure="Take the token out.",
)
def stale_token(context: RuleContext) -> Iterator[Occurrence]:
    """AKIA… is a long-term key, and AWS takes no token with one."""
    for static in _statics(context):
        if static.tokens and static.key.startswith(_LONG_TERM):
            quoted = Quoted(context.snapshot, static.name)
            token = next(iter(static.tokens))
            yield Occurrence(
                Subject(SubjectKind.PROFILE, static.name),
                f"{static.name} has a long-term key ({quoted.shown('aws_access_key_id')}, {_LONG_TERM}) "
                f"and an {token} beside it",
                fixes.change(
                    "take the token out", static.name, dict.fromkeys(static.tokens, None), static.role
                ),
                quoted.place(token),
                quoted.lines("aws_access_key_id", *static.tokens),
                profiles=tuple(static.profiles),
            )


@rule(
    "two-tokens",
    Severity.WARNING,
    "Two different session tokens beside one key",
    cause="One tool wrote aws_security_token, which is the old name, another one aws_session_token.",
    consequence="aws_security_token wins; if it belongs to older keys, AWS refuses every call",
    cure="Take aws_security_token out.",
)
def two_tokens(context: RuleContext) -> Iterator[Occurrence]:
    """Tools that write both the same do no harm."""
    old, new = TOKENS
    for static in _statics(context):
        if len(set(static.tokens.values())) == len(TOKENS):
            quoted = Quoted(context.snapshot, static.name)
            yield Occurrence(
                Subject(SubjectKind.PROFILE, static.name),
                f"{static.name} has {old} and {new}, they differ, and {old} is the one that is used",
                fixes.change(f"take {old} out, the old name", static.name, {old: None}, static.role),
                quoted.place(old),
                quoted.lines("aws_access_key_id", *TOKENS),
                profiles=tuple(static.profiles),
            )


@rule(
    "keys-ending",
    Severity.WARNING,
    "Temporary keys in a file that end soon",
    cause="The tool that wrote them noted their end, and less than 15 minutes are left.",
    consequence="from then on AWS refuses every call with these keys (ExpiredToken); nothing renews them",
    cure="Run the tool that wrote them again, or paste new keys.",
)
def keys_ending(context: RuleContext) -> Iterator[Occurrence]:
    """Botocore does not look at the noted end, and AWS tools go on using the keys past it."""
    for static in _statics(context):
        end = static.expiry.at
        if end is not None and context.now < end < context.now + RENEWAL_WINDOW:
            quoted = Quoted(context.snapshot, static.name)
            left = duration((end - context.now).total_seconds())
            yield Occurrence(
                Subject(SubjectKind.PROFILE, static.name),
                f"the keys of {static.name} ({quoted.shown('aws_access_key_id')}) end in {left}",
                edit(quoted, "paste new keys, or run the tool that wrote them", "aws_access_key_id"),
                quoted.place(*END_KEYS),
                quoted.lines(*END_KEYS, "aws_access_key_id"),
                profiles=tuple(static.profiles),
            )


@rule(
    "no-recorded-end",
    Severity.INFO,
    "Temporary keys of which nobody knows when they end",
    cause="They were pasted, or the tool that wrote them does not note their end.",
    consequence="they fail one day with ExpiredToken, and nothing here can say when",
    cure="Note their end: x_security_token_expires in the file, AWS_CREDENTIAL_EXPIRATION in a shell.",
)
def no_recorded_end(context: RuleContext) -> Iterator[Occurrence]:
    """A long-term key with a token is another matter: that does not work at all."""
    for static in _statics(context):
        is_unknown = static.expiry.state is State.UNKNOWN and static.expiry.after is After.MANUAL
        if is_unknown and static.tokens and not static.key.startswith(_LONG_TERM):
            quoted = Quoted(context.snapshot, static.name)
            yield Occurrence(
                Subject(SubjectKind.PROFILE, static.name),
                f"the keys of {static.name} ({quoted.shown('aws_access_key_id')}) are temporary, and "
                f"{_why_unknown(static)}",
                edit(
                    quoted,
                    "note their end, as in x_security_token_expires = 2030-01-01T12:00:00Z",
                    "aws_access_key_id",
                ),
                quoted.place("aws_access_key_id"),
                quoted.lines("aws_access_key_id", *static.tokens, *END_KEYS),
                profiles=tuple(static.profiles),
            )
    yield from _of_the_shell(context)


def _why_unknown(static: Static) -> str:
    noted = [key for key in END_KEYS if static.hop.settings.get(key)]
    return f"the end that {noted[0]} notes is no date" if noted else "nothing says when they end"


def _of_the_shell(context: RuleContext) -> Iterator[Occurrence]:
    default_session = context.snapshot.default_session[Tool.BOTO3]
    is_unknown = (
        default_session.resolution.provider == Provider.ENV and default_session.expiry.state is State.UNKNOWN
    )
    if is_unknown and not value(context, "AWS_ACCESS_KEY_ID").startswith(_LONG_TERM):
        yield Occurrence(
            variable("AWS_ACCESS_KEY_ID"),
            "the keys in AWS_ACCESS_KEY_ID are temporary, and nothing says when they end",
            fixes.manual("export AWS_CREDENTIAL_EXPIRATION with them"),
            evidence=lines(context, "AWS_ACCESS_KEY_ID", "AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"),
        )
