"""Variables with which a pod, a pipeline or a container gets its role, by web identity or an endpoint."""

import re
from collections.abc import Iterable, Iterator

from rolecall.aws import provider_checks
from rolecall.aws.expiry import After, State
from rolecall.aws.other_homes import file_meant, in_windows
from rolecall.aws.profile_report import OF_CLIENT
from rolecall.aws.providers import Cause, PredictedError, Provider, Tool
from rolecall.aws.variables import VariableStatus
from rolecall.doctor import fixes
from rolecall.doctor.evidence import said
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.rules.build import (
    judged,
    names_set,
    set_variable,
    stopped,
    unset_keys,
    variable,
    variable_lines,
    variable_value,
)
from rolecall.doctor.rules.environment import CHOOSERS, chosen_profiles
from rolecall.text import mask, mask_name

_WEB_IDENTITY = {
    "AWS_WEB_IDENTITY_TOKEN_FILE": "web_identity_token_file",
    "AWS_ROLE_ARN": "role_arn",
    "AWS_ROLE_SESSION_NAME": "role_session_name",
}


_MOUNT = (
    "have the token mounted or written where AWS_WEB_IDENTITY_TOKEN_FILE says, and set AWS_ROLE_ARN (in EKS: "
    "annotate the service account with eks.amazonaws.com/role-arn)"
)
_ROLE = (
    "set AWS_ROLE_ARN to the role that takes this token (in EKS: annotate the service account with "
    "eks.amazonaws.com/role-arn, and start the pod again)"
)
_MANAGED = (
    *("KUBERNETES_SERVICE_HOST", "AWS_EXECUTION_ENV", "ECS_CONTAINER_METADATA_URI"),
    *("ECS_CONTAINER_METADATA_URI_V4", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_LAMBDA_FUNCTION_NAME"),
    *("AWS_CONTAINER_CREDENTIALS_FULL_URI", "CODEBUILD_BUILD_ID", "CI", "GITHUB_ACTIONS", "GITLAB_CI"),
)
"""Variables of pods, tasks, functions and pipelines: without the web identity they use another role."""
_OF_PODS = "/var/run/secrets/"


def _without_web_identity(context: RuleContext, names: Iterable[str], instead: str) -> Fix:
    """Return a fix that unsets the variables, except where a platform sets them: next is its own role."""
    return fixes.manual(instead) if _is_managed(context) else fixes.unset(context.snapshot.host, *names)


def _is_managed(context: RuleContext) -> bool:
    """Whether a platform sets the variables: without them, its own role would be used."""
    return bool(names_set(context, _MANAGED)) or _OF_PODS in variable_value(context, _TOKEN_FILE)


@rule(
    "env-web-identity",
    Severity.WARNING,
    "Web identity variables override the chosen profile",
    cause="A cluster or pipeline sets AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN, and AWS_PROFILE is set.",
    consequence="every command without --profile assumes the role in the variables, not the profile's",
    cure="Unset the variables, or name the profile with --profile.",
)
def web_identity_variables(context: RuleContext) -> Iterator[Occurrence]:
    """Only a profile with a role_arn and without its own web identity overrides them."""
    resolution = context.snapshot.default_session[Tool.BOTO3].resolution
    chosen = context.snapshot.default_session[Tool.BOTO3].profile
    if resolution.provider != Provider.WEB_IDENTITY or chosen is None:
        return
    if chosen not in chosen_profiles(context).values():  # no variable chooses it, or it does not exist
        return
    own = context.snapshot.profiles[chosen].values
    over = [
        name
        for name in _WEB_IDENTITY
        if variable_value(context, name) and own.get(_WEB_IDENTITY[name]) != variable_value(context, name)
    ]
    if over:
        role = resolution.chain[0].role_arn
        yield Occurrence(
            variable(over[0]),
            f"{' and '.join(over)} {'overrides' if len(over) == 1 else 'override'} profile {chosen!r}: "
            f"{role} is assumed by web identity",
            _without_web_identity(context, over, f"name the profile: --profile {mask_name(chosen)}"),
            evidence=variable_lines(context, *over, *CHOOSERS),
            profiles=(chosen,),
        )


@rule(
    "env-web-identity-broken",
    Severity.ERROR,
    "Web identity variables that cannot work",
    cause="AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN, or names a file that cannot be read, or "
    "a token that has expired.",
    consequence="every command that names no profile fails",
    cure="Complete the variables: in a pod, annotate its service account. Unset them only where they are not "
    "meant: AWS tools then use the machine's own role, if it has one.",
)
def web_identity_broken(context: RuleContext) -> Iterator[Occurrence]:
    """The variables come before the static keys of any profile that names no role."""
    name = "AWS_WEB_IDENTITY_TOKEN_FILE"
    here = context.snapshot.default_session[Tool.BOTO3]
    resolution, expiry = here.resolution, here.expiry
    is_used = resolution.provider == Provider.WEB_IDENTITY
    fix = _without_web_identity(context, names_set(context, _WEB_IDENTITY), _MOUNT)
    if not variable_value(context, name):
        return
    if resolution.fault is not None and any(judged(context, VariableStatus.HALF_A_PAIR, name)):
        words = f"{name} is set, but AWS_ROLE_ARN is not"
        # without the token, AWS tools would use the role of the machine
        fix = fixes.manual(_ROLE)
    elif resolution.fault is not None and is_used and resolution.fault.cause not in _OF_OTHERS:
        words = (
            f"the web identity of {name} cannot be used: {mask(' '.join(resolution.fault.message.split()))}"
        )
    elif is_used and expiry.state in (State.IDLE, State.EXPIRED) and expiry.after is After.FAILS:
        words = f"the web identity of {name} cannot be used: {expiry.reason}"
        again = f"have a new token written to {mask(variable_value(context, name))}, or unset the variables"
        fix = fixes.manual(again)
    else:
        return
    host, text = context.snapshot.host, variable_value(context, name)
    if resolution.fault is not None and resolution.fault.error == "FileNotFoundError":
        of_windows, meant = in_windows(host, text), file_meant(host, text)
        words += f"; it is {mask(of_windows)}" if of_windows is not None else ""
        if meant is not None:
            fix = set_variable(context, f"write {host.display(meant)}, which exists", name, str(meant))
    yield Occurrence(
        variable(name),
        words,
        fix,
        evidence=(*variable_lines(context, *_WEB_IDENTITY), *said(resolution.fault)),
    )


_OF_OTHERS = OF_CLIENT | {Cause.CACHE_UNWRITABLE, Cause.CACHE_DAMAGED}
"""What stops a web identity as it would stop any other credentials: other rules tell of it."""


@rule(
    "env-web-identity-empty",
    Severity.WARNING,
    "An empty variable turns off a profile's web identity",
    cause="AWS_WEB_IDENTITY_TOKEN_FILE is exported with nothing in it, which boto3 takes for a value: it "
    "hides web_identity_token_file of the profile.",
    consequence="commands that name no profile use other credentials of the profile, or find none",
    cure="Unset the variable.",
)
def web_identity_emptied(context: RuleContext) -> Iterator[Occurrence]:
    """``AssumeRoleWithWebIdentityProvider`` asks whether the environment has the name, not for what."""
    snapshot = context.snapshot
    here = snapshot.default_session[Tool.BOTO3]
    name = here.profile
    if name is None or name not in snapshot.profiles or snapshot.host.environ.get(_TOKEN_FILE, "unset"):
        return
    own = snapshot.profiles[name].values.get(_WEB_IDENTITY[_TOKEN_FILE])
    if own and here.resolution.provider not in (Provider.WEB_IDENTITY, Provider.ENV):
        fails = here.resolution.fault is not None or here.expiry.state is State.BROKEN
        yield Occurrence(
            variable(_TOKEN_FILE),
            f"{_TOKEN_FILE} is empty, which turns off web_identity_token_file of {mask_name(name)}",
            fixes.unset(snapshot.host, _TOKEN_FILE),
            evidence=(f"{_TOKEN_FILE}=", *said(here.resolution.fault)),
            consequence="every command that names no profile fails" if fails else "",
            profiles=(name,) if not fails else (),  # chosen by name it works
            severity=Severity.ERROR if fails else None,
        )


@rule(
    "env-role-without-token",
    Severity.ERROR,
    "AWS_ROLE_ARN without a web identity token",
    cause="AWS_ROLE_ARN is set, and AWS_WEB_IDENTITY_TOKEN_FILE is not: AWS tools read the one only beside "
    "the other. A pod has both if its service account is annotated and the pod was made after that.",
    consequence="nothing else here gives credentials: every command that names no profile fails with "
    "NoCredentialsError, unless the metadata of an EC2 instance answers",
    cure="Have the token mounted and AWS_WEB_IDENTITY_TOKEN_FILE set.",
    explains=[Cause.NO_CREDENTIALS],
)
def role_without_token(context: RuleContext) -> Iterator[Occurrence]:
    """Many pipelines have a variable of this name for a step of their own: told only where nothing works."""
    here = context.snapshot.default_session[Tool.BOTO3]
    resolution = here.resolution
    is_alone = variable_value(context, "AWS_ROLE_ARN") and not variable_value(context, _TOKEN_FILE)
    if is_alone and resolution.error == "NoCredentialsError":
        yield Occurrence(
            variable("AWS_ROLE_ARN"),
            f"AWS_ROLE_ARN is set, but {_TOKEN_FILE} is not: the role is not assumed",
            fixes.manual(_MOUNT),
            evidence=(*variable_lines(context, *_WEB_IDENTITY), *said(resolution.fault)),
            profiles=(here.profile,) if here.profile is not None else (),
        )


_TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE"  # noqa: S105 - a variable's name


@rule(
    "env-keys-override-web-identity",
    Severity.WARNING,
    "Long-term keys in the environment of a pod that has a role",
    cause="Keys were put into the pod's environment, by a secret or a manifest, beside the variables of its "
    "role.",
    consequence="every command that names no profile uses the keys, and not the role",
    cure="Take the keys out of the environment.",
)
def keys_override_web_identity(context: RuleContext) -> Iterator[Occurrence]:
    """Temporary keys are often meant: a step has assumed another role with the first one."""
    resolution = context.snapshot.default_session[Tool.BOTO3].resolution
    names = ("AWS_ACCESS_KEY_ID", _TOKEN_FILE, "AWS_ROLE_ARN")
    is_complete = all(variable_value(context, name) for name in names)
    is_temporary = (
        variable_value(context, "AWS_SESSION_TOKEN") or variable_value(context, names[0])[:4] != "AKIA"
    )
    if resolution.provider == Provider.ENV and is_complete and not is_temporary:
        words = "take the keys out of the environment: then the role is used"
        yield Occurrence(
            variable(names[0]),
            f"AWS_ACCESS_KEY_ID comes before the web identity of {_TOKEN_FILE}: "
            f"{mask(variable_value(context, 'AWS_ROLE_ARN'))} is not assumed",
            fixes.manual(words) if _is_managed(context) else unset_keys(context, words),
            evidence=variable_lines(context, "AWS_ACCESS_KEY_ID", *_WEB_IDENTITY),
        )


@rule(
    "env-container",
    Severity.ERROR,
    "Container credentials that cannot be asked for",
    cause="AWS tools ask a container's endpoint only over https, at a loopback address, or at those of ECS "
    "and EKS; the relative URI begins with a slash; the token is read from its file, and has no line end.",
    consequence="every command that gets its credentials from the container fails before it asks for them",
    cure="Correct the variable, or have the token written. Outside a container, unset the variables.",
    explains=(Cause.CONTAINER_URI, Cause.CONTAINER_TOKEN),
)
def container(context: RuleContext) -> Iterator[Occurrence]:
    """Profiles with credentials of their own do not get as far as this."""
    found = {
        root.culprit: root.fault
        for cause in (Cause.CONTAINER_URI, Cause.CONTAINER_TOKEN)
        for root in context.root_causes.get(cause, ())
    }
    used = context.snapshot.default_session[Tool.BOTO3].resolution.fault
    if used is not None and used.cause in (Cause.CONTAINER_URI, Cause.CONTAINER_TOKEN):
        found.setdefault(used.subject, used)
    for name, fault in found.items():
        if fault is None:
            continue
        is_uri = fault.cause is Cause.CONTAINER_URI
        words, fix = _bad_uri(context, name, fault) if is_uri else _bad_token(context, name, fault)
        yield Occurrence(
            variable(name),
            f"{name} {words}",
            fix,
            evidence=(*variable_lines(context, *_OF_CONTAINERS), *said(fault)),
            profiles=stopped(context, fault.cause, culprit=name),
        )


_OF_CONTAINERS = (
    *("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"),
    *("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN"),
)
_GIT_BASH = re.compile(r"[A-Za-z]:[/\\].*?(/v\d+/.*)", re.DOTALL)
"""What Git Bash makes of a path that begins with a slash."""


def _bad_uri(context: RuleContext, name: str, fault: PredictedError) -> tuple[str, Fix]:
    value = variable_value(context, name)
    if name == provider_checks.RELATIVE_URI:
        turned = _GIT_BASH.fullmatch(value)
        if turned is not None:
            words = "is a path of Windows: Git Bash has turned it into one, unless MSYS_NO_PATHCONV is set"
            return words, set_variable(context, f"write {mask(turned[1])}", name, turned[1])
        right = f"/{value}"
        return "does not begin with a slash", set_variable(context, f"write {mask(right)}", name, right)
    right = f"http://{value}"
    if "://" not in value and provider_checks.container_uri_fault({name: right}) is None:
        return "is no URL: it does not begin with http://", set_variable(
            context, f"write {right}", name, right
        )
    words = "write a URL with https://, or with 127.0.0.1 or localhost as its host; or unset the variable"
    if fault.error == "ValueError" and "'None'" not in fault.message:
        return f"names a host that AWS tools refuse: {mask(value)}", fixes.manual(words)
    return f"is no URL that AWS tools can call: {mask(value)}", fixes.manual(words)


def _bad_token(context: RuleContext, name: str, fault: PredictedError) -> tuple[str, Fix]:
    is_file = name == provider_checks.CONTAINER_TOKEN_FILE
    if fault.error == "ValueError":
        words = "names a file with a line end in it" if is_file else "has a line end in it"
        return f"{words}, which is no part of a token", fixes.manual("write the token without the line end")
    path = mask(variable_value(context, name))
    if names_set(context, _MANAGED[:1]) or _OF_PODS in path:
        cure = "have the token mounted (in EKS: give the service account a Pod Identity association)"
    else:
        cure = "have the token written there; outside a container, unset the variables"
    return f"names a file that cannot be read: {path or 'nothing'} ({fault.error})", fixes.manual(cure)
