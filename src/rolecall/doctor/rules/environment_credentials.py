"""Keys in the environment that are incomplete, do not belong together, have expired or expire soon."""

from collections.abc import Iterator
from datetime import datetime

from rolecall.aws import provider_checks, timestamps
from rolecall.aws.expiry import RENEWAL_WINDOW
from rolecall.aws.providers import Cause, Tool
from rolecall.aws.timestamps import END_VARIABLES
from rolecall.aws.variables import VariableStatus
from rolecall.doctor import fixes
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.rules.build import (
    judged,
    keys_again,
    names_set,
    stopped,
    unset_keys,
    variable,
    variable_lines,
    variable_value,
)
from rolecall.doctor.rules.environment import misspelt
from rolecall.text import ago, duration, mask_access_key

KEY, SECRET = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
TOKENS = ("AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN")
"""In the order in which botocore reads them."""
_UNSET = "Unset the variables in this shell, or set the whole set of keys again."


def _has_pair(context: RuleContext) -> bool:
    return bool(variable_value(context, KEY) and variable_value(context, SECRET))


def _is_judged(context: RuleContext) -> bool:
    """Whether the kind of the keys counts: they are for AWS, and nothing else is wrong with them."""
    expiry_calculator = context.snapshot.expiry_calculator
    is_for_aws = None not in expiry_calculator.elsewhere
    return _has_pair(context) and is_for_aws and not expiry_calculator.bad_variables()


def _noted_end(context: RuleContext) -> tuple[str, datetime] | None:
    """Return the variable that notes when the keys expire, with that time.

    botocore obeys the first one whatever the keys are; the others are notes about keys with a token.
    """
    if not _has_pair(context):
        return None
    fault = provider_checks.environment_fault(context.snapshot.host, context.now)
    if fault is not None and fault.cause is Cause.ENVIRONMENT_END_UNREADABLE:
        return None
    is_temporary = _token(context) is not None and not _is_long_term(context)
    for name in END_VARIABLES if is_temporary else END_VARIABLES[:1]:
        end = timestamps.variable_expiry(context.snapshot.host, name)
        if end is not None:
            return name, end
    return None


def _is_long_term(context: RuleContext) -> bool:
    return variable_value(context, KEY).startswith("AKIA")


def _token(context: RuleContext) -> str | None:
    """Return the variable with the keys' session token, or None where there is no token."""
    return next((name for name in TOKENS if variable_value(context, name)), None)


def _completed(context: RuleContext, part: str, otherwise: str) -> Fix:
    """Return a fix that renames the missing part if it has a wrong name, and else unsets the rest."""
    name = misspelt(context, part)
    if name is None:
        return unset_keys(context, otherwise)
    words = f"rename {name} to {part}, which is probably meant"
    return fixes.rename_variable(context.snapshot.host, name, part, words)


@rule(
    "env-half-a-pair",
    Severity.ERROR,
    "An access key without its secret in the environment",
    cause="AWS_ACCESS_KEY_ID is exported, AWS_SECRET_ACCESS_KEY is not or is empty.",
    consequence="every command that names no profile fails with PartialCredentialsError, AWS_PROFILE or not",
    cure=_UNSET,
    explains=[Cause.ENVIRONMENT_HALF_A_PAIR],
)
def half_a_pair_of_variables(context: RuleContext) -> Iterator[Occurrence]:
    """Half a pair stops every command without a profile, and roles with credential_source = Environment."""
    for found in judged(context, VariableStatus.HALF_A_PAIR, KEY):
        yield Occurrence(
            variable(found.name),
            f"{KEY} is set, and {SECRET} is {'empty' if SECRET in names_set(context, [SECRET]) else 'not'}",
            _completed(context, SECRET, "unset the key in this shell, or set its secret"),
            evidence=variable_lines(context, KEY, SECRET, *TOKENS),
            profiles=stopped(context, Cause.ENVIRONMENT_HALF_A_PAIR),
        )


@rule(
    "env-token-without-key",
    Severity.WARNING,
    "A secret or token without an access key in the environment",
    cause="AWS_ACCESS_KEY_ID was unset or never exported, and its secret or token was left behind.",
    consequence="AWS tools ignore it until an access key is exported, and then use it with that key",
    cure="Unset it in this shell, or export the access key that it belongs to.",
)
def token_without_key(context: RuleContext) -> Iterator[Occurrence]:
    """What is left of one set of keys is one finding."""
    left = [found.name for found in judged(context, VariableStatus.HALF_A_PAIR, SECRET, *TOKENS)]
    if left:
        verb = "is" if len(left) == 1 else "are"
        yield Occurrence(
            variable(left[0]),
            f"{' and '.join(left)} {verb} set, and {KEY} is not",
            _completed(context, KEY, f"unset {' and '.join(left)}"),
            evidence=variable_lines(context, *left),
        )


@rule(
    "env-empty-keys",
    Severity.WARNING,
    "Empty keys in the environment, and no other credentials",
    cause="The variables are exported with nothing in them: a secret that a CI job does not get (GitHub "
    "gives none to a pull request from a fork), or a command that printed nothing.",
    consequence="AWS tools take them for unset and find no other credentials: NoCredentialsError",
    cure="Export them with their values.",
)
def empty_keys(context: RuleContext) -> Iterator[Occurrence]:
    """Told only where this shell has no credentials: to empty the variables is a way to hide them."""
    empty = [found.name for found in judged(context, VariableStatus.EMPTY, KEY, SECRET)]
    if empty and context.snapshot.default_session[Tool.BOTO3].resolution.cause is Cause.NO_CREDENTIALS:
        verb = "is" if len(empty) == 1 else "are"
        yield Occurrence(
            variable(empty[0]),
            f"{' and '.join(empty)} {verb} set to nothing",
            fixes.manual("export the key and its secret; in CI, see whether this job gets the secrets"),
        )


@rule(
    "env-two-tokens",
    Severity.WARNING,
    "Two different session tokens in the environment",
    cause="One tool set AWS_SECURITY_TOKEN, which is the old name, another tool AWS_SESSION_TOKEN.",
    consequence="if it belongs to older keys, AWS refuses every call",
    cure="Unset AWS_SECURITY_TOKEN.",
)
def two_token_variables(context: RuleContext) -> Iterator[Occurrence]:
    """Tools that set both to the same value do no harm."""
    old, new = (variable_value(context, name) for name in TOKENS)
    if variable_value(context, KEY) and old and new and old != new:
        yield Occurrence(
            variable(TOKENS[0]),
            f"{TOKENS[0]} and {TOKENS[1]} differ, and {TOKENS[0]} is used",
            fixes.unset(context.snapshot.host, TOKENS[0], words=f"unset {TOKENS[0]}, the old name"),
            evidence=variable_lines(context, KEY, *TOKENS),
        )


@rule(
    "env-stale-token",
    Severity.ERROR,
    "A long-term key beside a session token in the environment",
    cause="A new pair of keys was exported over temporary ones, and their token was left behind.",
    consequence="AWS refuses every command that names no profile: InvalidClientTokenId",
    cure="Unset the token.",
    explains=[Cause.ENVIRONMENT_STALE_TOKEN],
)
def stale_token_variable(context: RuleContext) -> Iterator[Occurrence]:
    """AKIA… is a long-term key, and AWS accepts no token with it."""
    if _token(context) is None or not _is_judged(context) or not _is_long_term(context):
        return
    tokens = [name for name in TOKENS if variable_value(context, name)]
    yield Occurrence(
        variable(tokens[0]),
        f"{tokens[0]} goes with {KEY}, a long-term key "
        f"({mask_access_key(variable_value(context, KEY))}, AKIA)",
        fixes.unset(context.snapshot.host, *tokens),
        evidence=variable_lines(context, KEY, *tokens),
        profiles=stopped(context, Cause.ENVIRONMENT_STALE_TOKEN),
    )


@rule(
    "env-token-missing",
    Severity.ERROR,
    "A temporary key without its session token in the environment",
    cause="Two of the three variables were exported, or the token was unset.",
    consequence="AWS refuses every command that names no profile: InvalidClientTokenId",
    cure=_UNSET,
    explains=[Cause.ENVIRONMENT_TOKEN_MISSING],
)
def token_missing(context: RuleContext) -> Iterator[Occurrence]:
    """ASIA… is a temporary key, which does not work without its token."""
    if _token(context) is None and _is_judged(context) and variable_value(context, KEY).startswith("ASIA"):
        shown = mask_access_key(variable_value(context, KEY))
        yield Occurrence(
            variable(KEY),
            f"{KEY} is a temporary key ({shown}, ASIA), and AWS_SESSION_TOKEN is not set",
            _completed(context, TOKENS[1], "unset the keys in this shell, or set their token"),
            evidence=variable_lines(context, KEY, SECRET, *TOKENS),
            profiles=stopped(context, Cause.ENVIRONMENT_TOKEN_MISSING),
        )


@rule(
    "env-expired",
    Severity.ERROR,
    "Keys in the environment that have expired",
    cause="Temporary keys were exported into this shell, and have expired.",
    consequence="every command that names no profile fails: these keys come before any profile",
    cure="Unset the keys in this shell, or export new ones.",
    explains=[Cause.ENVIRONMENT_EXPIRED],
)
def expired_variables(context: RuleContext) -> Iterator[Occurrence]:
    """The tool that exported the keys noted their expiry; botocore itself reads the first variable only."""
    noted = _noted_end(context)
    if noted is None or noted[1] > context.now:
        return
    name, end = noted
    refuses = name == END_VARIABLES[0]
    yield Occurrence(
        variable(name),
        f"the keys in {KEY} expired {ago(context.now - end)}"
        if not _is_long_term(context)
        else f"{name} says that the keys in {KEY} expired {ago(context.now - end)}, but these are long-term",
        _without_end(context, name, f"unset the expired keys in this shell{_and_again(context)}"),
        evidence=variable_lines(context, KEY, name),
        consequence=(
            "every command that names no profile fails: botocore refuses the keys (RuntimeError: … the "
            "refreshed credentials are still expired)"
            if refuses
            else "every command that names no profile fails: AWS refuses the keys (ExpiredToken)"
        ),
        profiles=stopped(context, Cause.ENVIRONMENT_EXPIRED),
    )


def _and_again(context: RuleContext) -> str:
    """Say what gives new keys, where a tool gave this shell the ones that it has."""
    again = keys_again(context)
    return f", and run {again} for new ones" if again is not None else ""


def _without_end(context: RuleContext, name: str, words: str) -> Fix:
    """Return a fix that unsets the keys; with long-term keys, which do not expire, only the noted expiry."""
    if _is_without_token(context):
        return fixes.unset(context.snapshot.host, name, words=f"unset {name}: long-term keys do not expire")
    return unset_keys(context, words)


def _is_without_token(context: RuleContext) -> bool:
    return _is_long_term(context) and _token(context) is None


def _renewed(context: RuleContext, name: str) -> Fix:
    """Return the fix for keys that are still valid: only new keys can replace them."""
    if _is_without_token(context):
        return _without_end(context, name, "")
    again = keys_again(context)
    return fixes.manual(f"run {again} in time" if again is not None else "export new keys in time")


@rule(
    "env-ending",
    Severity.WARNING,
    "Keys in the environment that expire soon",
    cause="Temporary keys were exported into this shell, and have less than 15 minutes left.",
    consequence="from then on every command that names no profile fails; nothing renews them here",
    cure="Export new keys in time.",
)
def ending_variables(context: RuleContext) -> Iterator[Occurrence]:
    """Nothing renews exported keys."""
    noted = _noted_end(context)
    if noted is None or not context.now < noted[1] < context.now + RENEWAL_WINDOW:
        return
    name, end = noted
    yield Occurrence(
        variable(name),
        f"the keys in {KEY} expire in {duration((end - context.now).total_seconds())}",
        _renewed(context, name),
        evidence=variable_lines(context, KEY, name),
    )
