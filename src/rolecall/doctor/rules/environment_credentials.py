"""Keys in the environment that are incomplete, do not belong together, have ended or will soon."""

from collections.abc import Iterator
from datetime import datetime

from rolecall.aws import notes, statics
from rolecall.aws.expiry import RENEWAL_WINDOW
from rolecall.aws.notes import END_VARIABLES
from rolecall.aws.variables import Verdict
from rolecall.doctor import fixes
from rolecall.doctor.context import Scene
from rolecall.doctor.finding import Seen, Severity, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.rules.environment_names import misspelt
from rolecall.doctor.rules.environment_words import (
    judged,
    lines,
    names_set,
    stopped,
    unset_keys,
    value,
    variable,
)
from rolecall.text import ago, duration, mask_access_key

KEY, SECRET = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
TOKENS = ("AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN")
"""In the order in which botocore asks them."""
_UNSET = "Take the variables out of the shell, or set the whole set of keys again."


def _has_pair(scene: Scene) -> bool:
    return bool(value(scene, KEY) and value(scene, SECRET))


def _noted_end(scene: Scene) -> tuple[str, datetime] | None:
    """Return the variable that notes the end of the keys, with the end.

    botocore minds the first one whatever the keys are; the others are notes about keys with a token.
    """
    environ = scene.snapshot.host.environ
    if not _has_pair(scene):
        return None
    fault = statics.environment_fault(environ, scene.now)
    if fault is not None and fault.message != statics.STILL_EXPIRED:
        return None
    is_temporary = _token(scene) is not None and not _is_long_term(scene)
    for name in END_VARIABLES if is_temporary else END_VARIABLES[:1]:
        end = notes.of_variable(scene.snapshot.host, name)
        if end is not None:
            return name, end
    return None


def _is_long_term(scene: Scene) -> bool:
    return value(scene, KEY).startswith("AKIA")


def _token(scene: Scene) -> str | None:
    """Return the variable whose token goes with the keys, or None where there is no token."""
    return next((name for name in TOKENS if value(scene, name)), None)


def _completed(scene: Scene, part: str, otherwise: str) -> Fix:
    """Return: give the missing part its right name, where it has a wrong one; else unset the rest."""
    name = misspelt(scene, part)
    if name is None:
        return unset_keys(scene, otherwise)
    words = f"rename {name} to {part}, which is probably meant"
    return fixes.rename_variable(scene.snapshot.host, name, part, words)


@rule(
    "env-half-a-pair",
    Severity.ERROR,
    "An access key without its secret in the environment",
    cause="AWS_ACCESS_KEY_ID is exported, AWS_SECRET_ACCESS_KEY is not or is empty.",
    consequence="every command that names no profile fails with PartialCredentialsError, AWS_PROFILE or not",
    cure=_UNSET,
)
def half_a_pair(scene: Scene) -> Iterator[Seen]:
    """Half a pair stops all that names no profile, and what draws on the environment by name."""
    for found in judged(scene, Verdict.HALF_A_PAIR, KEY):
        yield Seen(
            variable(found.name),
            f"{KEY} is set, and {SECRET} is {'empty' if SECRET in names_set(scene, [SECRET]) else 'not'}",
            _completed(scene, SECRET, "take the half pair out of this shell, or set its secret"),
            evidence=lines(scene, KEY, SECRET, *TOKENS),
            profiles=stopped(scene, "env-half-a-pair"),
        )


@rule(
    "env-token-without-key",
    Severity.WARNING,
    "A secret or token without an access key in the environment",
    cause="AWS_ACCESS_KEY_ID was unset or never exported, and its secret or token was left behind.",
    consequence="AWS tools ignore it until an access key is exported, and then use it with that",
    cure="Take it out of the shell, or export the access key that it belongs to.",
)
def token_without_key(scene: Scene) -> Iterator[Seen]:
    """The leftovers of one set of keys are one finding."""
    left = [found.name for found in judged(scene, Verdict.HALF_A_PAIR, SECRET, *TOKENS)]
    if left:
        verb = "is" if len(left) == 1 else "are"
        yield Seen(
            variable(left[0]),
            f"{' and '.join(left)} {verb} set, and {KEY} is not",
            _completed(scene, KEY, f"unset {' and '.join(left)}"),
            evidence=lines(scene, *left),
        )


@rule(
    "env-two-tokens",
    Severity.WARNING,
    "Two different session tokens in the environment",
    cause="One tool set AWS_SECURITY_TOKEN, which is the old name, another one AWS_SESSION_TOKEN.",
    consequence="AWS_SECURITY_TOKEN wins; if it belongs to older keys, AWS refuses every call",
    cure="Unset AWS_SECURITY_TOKEN.",
)
def two_tokens(scene: Scene) -> Iterator[Seen]:
    """Tools that set both to the same do no harm."""
    old, new = (value(scene, name) for name in TOKENS)
    if value(scene, KEY) and old and new and old != new:
        yield Seen(
            variable(TOKENS[0]),
            f"{TOKENS[0]} and {TOKENS[1]} differ, and {TOKENS[0]} is the one that is used",
            fixes.unset(scene.snapshot.host, TOKENS[0], words=f"unset {TOKENS[0]}, the old name"),
            evidence=lines(scene, KEY, *TOKENS),
        )


@rule(
    "env-stale-token",
    Severity.ERROR,
    "A long-term key beside a session token in the environment",
    cause="A new pair of keys was exported over temporary ones, and their token was left behind.",
    consequence="AWS refuses every command that names no profile: InvalidClientTokenId",
    cure="Unset the token.",
)
def stale_token(scene: Scene) -> Iterator[Seen]:
    """AKIA… is a long-term key, and AWS takes no token with one."""
    if _token(scene) is None or not _has_pair(scene) or not _is_long_term(scene):
        return
    tokens = [name for name in TOKENS if value(scene, name)]
    yield Seen(
        variable(tokens[0]),
        f"{tokens[0]} goes with {KEY}, which is a long-term key ({mask_access_key(value(scene, KEY))}, AKIA)",
        fixes.unset(scene.snapshot.host, *tokens),
        evidence=lines(scene, KEY, *tokens),
        profiles=stopped(scene, "env-expired"),
    )


@rule(
    "env-token-missing",
    Severity.ERROR,
    "A temporary key without its session token in the environment",
    cause="Two of the three variables were exported, or the token was unset.",
    consequence="AWS refuses every command that names no profile: InvalidClientTokenId",
    cure=_UNSET,
)
def token_missing(scene: Scene) -> Iterator[Seen]:
    """ASIA… is a temporary key, which is nothing without its token."""
    if _token(scene) is None and _has_pair(scene) and value(scene, KEY).startswith("ASIA"):
        shown = mask_access_key(value(scene, KEY))
        yield Seen(
            variable(KEY),
            f"{KEY} is a temporary key ({shown}, ASIA), and there is no AWS_SESSION_TOKEN",
            _completed(scene, TOKENS[1], "take the keys out of this shell, or set their token"),
            evidence=lines(scene, KEY, SECRET, *TOKENS),
            profiles=stopped(scene, "env-token-missing"),
        )


@rule(
    "env-expired",
    Severity.ERROR,
    "Keys in the environment that have ended",
    cause="Temporary keys were exported into this shell, and their time is over.",
    consequence="every command that names no profile fails: these keys are asked before any profile",
    cure="Take the keys out of the shell, or export new ones.",
)
def expired(scene: Scene) -> Iterator[Seen]:
    """The end is what the tool that exported them noted; botocore itself minds the first variable only."""
    noted = _noted_end(scene)
    if noted is None or noted[1] > scene.now:
        return
    name, end = noted
    refuses = name == END_VARIABLES[0]
    yield Seen(
        variable(name),
        f"the keys in {KEY} ended {ago(scene.now - end)}"
        if not _is_long_term(scene)
        else f"{name} says that the keys in {KEY} ended {ago(scene.now - end)}, and they are long-term ones",
        _without_end(scene, name, "take the ended keys out of this shell"),
        evidence=lines(scene, KEY, name),
        consequence=(
            "every command that names no profile fails: botocore refuses the keys (RuntimeError: … the "
            "refreshed credentials are still expired)"
            if refuses
            else "every command that names no profile fails: AWS refuses the keys (ExpiredToken)"
        ),
        profiles=stopped(scene, "env-expired"),
    )


def _without_end(scene: Scene, name: str, words: str) -> Fix:
    """Return: take the keys out; of long-term ones, which have no end, what says that they have one."""
    if _is_long_term(scene) and _token(scene) is None:
        return fixes.unset(scene.snapshot.host, name, words=f"unset {name}: long-term keys have no end")
    return unset_keys(scene, words)


def _renewed(scene: Scene, name: str) -> Fix:
    """Return the same for keys that still work: only new ones can take their place."""
    fix = _without_end(scene, name, "")
    return fix if name in fix.words else fixes.by_hand("export new keys in time")


@rule(
    "env-ending",
    Severity.WARNING,
    "Keys in the environment that end soon",
    cause="Temporary keys were exported into this shell, and have less than 15 minutes left.",
    consequence="from then on every command that names no profile fails; nothing renews them here",
    cure="Export new keys in time.",
)
def ending(scene: Scene) -> Iterator[Seen]:
    """Nothing renews what was exported."""
    noted = _noted_end(scene)
    if noted is None or not scene.now < noted[1] < scene.now + RENEWAL_WINDOW:
        return
    name, end = noted
    yield Seen(
        variable(name),
        f"the keys in {KEY} end in {duration((end - scene.now).total_seconds())}",
        _renewed(scene, name),
        evidence=lines(scene, KEY, name),
    )
