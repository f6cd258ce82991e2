"""Variables that no AWS tool reads."""

import difflib
from collections.abc import Iterator

from rolecall.aws.providers import Tool
from rolecall.aws.variables import CATALOGUE, PROFILE_MARKS, Reader, VariableStatus, describe
from rolecall.doctor import fixes
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, rule
from rolecall.doctor.rules.build import judged, variable, variable_lines
from rolecall.shells import is_variable_name
from rolecall.text import inert, shown_as

_NEAR_VARIABLE = 0.87
"""How alike names must be: AWS_REGOIN is AWS_REGION, AWS_ROLE is not AWS_ROLE_ARN."""
_SLIPS = {
    "AWS_SECRET_KEY": "AWS_SECRET_ACCESS_KEY",
    "AWS_CREDENTIALS_FILE": "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_DEFAULT_CREDENTIALS_FILE": "AWS_SHARED_CREDENTIALS_FILE",
}
"""Names by which people mean another variable than the nearest one."""
_PARTS = {
    "AWS_ACCESS_KEY_ID": frozenset(("AWS_ACCESSKEY", "AWS_KEY", "AWS_KEY_ID", "ACCESS_KEY_ID")),
    "AWS_SECRET_ACCESS_KEY": frozenset(
        (
            *("AWS_SECRET", "AWS_SECRETKEY", "AWS_ACCESS_SECRET", "SECRET_ACCESS_KEY"),
            *("AWS_ACCESS_SECRET_KEY", "AWS_ACCESS_KEY_SECRET"),
        )
    ),
    "AWS_SESSION_TOKEN": frozenset(("AWS_TOKEN", "AWS_SESSIONTOKEN", "AWS_STS_TOKEN", "SESSION_TOKEN")),
}
"""Names that mean a part of the keys only where the other parts are set too: scripts also use these names."""
_OWN = frozenset(("AWS_ACCOUNT", "AWS_PROFILES", "AWS_REGIONS"))
"""Names near to known ones that scripts use for themselves."""
_KNOWN = tuple(name for name in CATALOGUE if name.startswith("AWS_"))


@rule(
    "env-unknown-variable",
    Severity.INFO,
    "A variable that looks like one of AWS's, but is not",
    cause="Its name is misspelt, or in lower case like a setting in a file.",
    consequence="boto3 and the AWS CLI ignore it",
    cure="Correct the name.",
)
def unknown_variable(context: RuleContext) -> Iterator[Occurrence]:
    """Only where a near known name is not set itself: other programs have their own names."""
    environ = context.snapshot.host.environ
    for name, text in environ.items():
        near = meant(name) if is_variable_name(name) and text else None
        if near is not None and near not in environ:
            yield Occurrence(
                variable(name),
                f"{name} is not a variable that AWS tools read; the nearest is {near}",
                fixes.rename_variable(
                    context.snapshot.host, name, near, f"rename it to {near}, if that is what you mean"
                ),
                evidence=(f"{inert(name)}={inert(shown_as(near, name, text))}",),
            )


def misspelt(context: RuleContext, right: str) -> str | None:
    """Return the variable that misspells this name, or None."""
    set_here = [
        name for name, text in context.snapshot.host.environ.items() if is_variable_name(name) and text
    ]
    near = (name for name in set_here if meant(name) == right)
    return next(near, None) or next((name for name in set_here if name in _PARTS.get(right, ())), None)


def meant(name: str) -> str | None:
    """Return the known name that this one misspells; None where it is known itself, or too different."""
    if not name[:4].upper().startswith("AWS_"):
        return None
    if name != name.upper():
        return name.upper() if name.upper() in CATALOGUE else None
    if describe(name)[0] is not Reader.NOBODY or name in CATALOGUE or name in _OWN:
        return None
    if any(name.startswith(f"{known}_") for known in _KNOWN):
        return None  # one of several that a user keeps: AWS_ACCESS_KEY_ID_PROD
    return _SLIPS.get(name) or next(iter(difflib.get_close_matches(name, _KNOWN, 1, _NEAR_VARIABLE)), None)


@rule(
    "env-stale-mark",
    Severity.WARNING,
    "A prompt that shows another profile than the one in use",
    cause="aws-vault, awsume, aws-sso or aws-okta gave this shell a session and left a variable (AWS_VAULT, "
    "AWSUME_PROFILE, AWS_SSO_PROFILE, AWS_OKTA_PROFILE). Its keys are gone, and AWS_PROFILE chooses another.",
    consequence="prompts show the profile in the variable, and commands use another one",
    cure="Unset the variable.",
)
def stale_mark(context: RuleContext) -> Iterator[Occurrence]:
    """Find such variables that name another profile than the one that is used here."""
    here = context.snapshot.default_session[Tool.BOTO3]
    for found in judged(context, VariableStatus.STALE, *PROFILE_MARKS):
        yield Occurrence(
            variable(found.name),
            f"{found.name} shows {inert(found.value)!r}, but commands use profile {here.profile!r}",
            fixes.unset(context.snapshot.host, found.name),
            evidence=variable_lines(context, found.name, "AWS_PROFILE", "AWS_DEFAULT_PROFILE"),
        )
