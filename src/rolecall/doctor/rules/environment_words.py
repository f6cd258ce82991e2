"""What the rules about variables say alike: their subjects, their evidence, the lines that set them."""

from collections.abc import Iterable, Iterator

from rolecall.aws.catalogue import MARKS
from rolecall.aws.variables import Variable, VariableStatus
from rolecall.doctor import fixes
from rolecall.doctor.context import RuleContext
from rolecall.doctor.finding import Subject, SubjectKind
from rolecall.doctor.fixes import Fix
from rolecall.shells import UnspeakableError, asker, set_line
from rolecall.text import mask

KEY_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_SESSION_EXPIRATION",
    "AWSUME_EXPIRATION",
    "AWS_SSO_SESSION_EXPIRATION",
    "AWS_ACCOUNT_ID",
)
"""All that belongs to one set of keys: what is left of it when the keys go would be wrong for the next."""


def variable(name: str) -> Subject:
    """Return a variable as a subject."""
    return Subject(SubjectKind.VARIABLE, name)


def value(context: RuleContext, name: str) -> str:
    """Return what a variable holds; nothing where it is not set."""
    return context.snapshot.host.environ.get(name, "")


def names_set(context: RuleContext, names: Iterable[str]) -> tuple[str, ...]:
    """Return those of the variables that hold something, be it an empty string."""
    return tuple(name for name in names if name in context.snapshot.host.environ)


def lines(context: RuleContext, *names: str) -> tuple[str, ...]:
    """Return the variables that are set as evidence: ``AWS_PROFILE=prod``, secrets masked."""
    shown = {each.name: each.shown for each in context.snapshot.variables}
    return tuple(f"{name}={shown[name]}" for name in names if name in shown)


def judged(context: RuleContext, verdict: VariableStatus, *names: str) -> Iterator[Variable]:
    """Yield those of the variables on which the verdict is this one; all of them where none is named."""
    for each in context.snapshot.variables:
        if each.verdict is verdict and (not names or each.name in names):
            yield each


def unset_keys(context: RuleContext, words: str) -> Fix:
    """Return: take the keys out of this shell, with all that belongs to them, also what prompts show."""
    return fixes.unset(context.snapshot.host, *names_set(context, (*KEY_VARIABLES, *MARKS)), words=words)


def export(context: RuleContext, words: str, name: str, text: str) -> Fix:
    """Return: set a variable in this shell; in words alone, where a line cannot say the value or must not."""
    shell = asker(context.snapshot.host).shell
    if shell is None or mask(text) != text:  # what looks like a secret stands on no line
        return fixes.manual(words)
    try:
        return fixes.run(words, set_line(name, text, shell), {name: text})
    except UnspeakableError:
        return fixes.manual(words)


def stopped(context: RuleContext, code: str, culprit: str | None = None) -> tuple[str, ...]:
    """Return the profiles that cannot work now because of the environment.

    Keys stop those of ``credential_source = Environment`` alone: a profile chosen by name passes them over.

    Args:
        context: what is looked at.
        code: the rule that tells of it.
        culprit: the variable; None where the rule has but one finding.
    """
    names = (
        name
        for blamed in context.blamed.get(code, ())
        if culprit in (None, blamed.culprit)
        for name in blamed.profiles
    )
    return tuple(dict.fromkeys(names))
