"""Variables of this shell that override or contradict one another, or that no AWS tool reads."""

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from rolecall.aws import identifiers, neighbours, provider_checks, value_shapes
from rolecall.aws.config_file import FileStatus
from rolecall.aws.expiry import After, State
from rolecall.aws.neighbours import MARKS, PROFILE_MARKS
from rolecall.aws.other_homes import OtherHome, closed_home, file_meant, home_of, in_windows
from rolecall.aws.profile_report import OF_CLIENT, ProfileReport
from rolecall.aws.providers import Cause, PredictedError, Provider, Tool
from rolecall.aws.settings import regions
from rolecall.aws.variables import CATALOGUE, Reader, VariableStatus, describe
from rolecall.doctor import fixes
from rolecall.doctor.evidence import said
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.rules.build import (
    KEY_VARIABLES,
    judged,
    names_set,
    set_variable,
    stopped,
    unset_keys,
    variable,
    variable_lines,
    variable_value,
)
from rolecall.shells import is_variable_name
from rolecall.text import inert, mask, mask_name, shown_as

PROFILE, DEFAULT_PROFILE = CHOOSERS = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
_NEAR_PROFILE = 0.6
"""How alike a name must be to be guessed (``difflib``): ``prdo`` is ``prod``, ``dev`` is not ``prod``."""
_NO_OWN_CREDENTIALS = (None, Provider.CONTAINER, Provider.IAM_ROLE, Provider.ENV)
"""The providers that answer where a profile has no credentials of its own."""


def _chosen(context: RuleContext) -> dict[str, str]:
    """Return the profiles that variables choose, by variable; only those that exist."""
    named = {name: variable_value(context, name) for name in CHOOSERS if variable_value(context, name)}
    return {name: profile for name, profile in named.items() if profile in context.snapshot.profiles}


def _is_of_granted(context: RuleContext, profile: str) -> bool:
    """Whether granted exported the keys: it sets AWS_PROFILE to their profile (its ``scripts/assume``).

    GRANTED_COMMAND has what `assume` was called with: nothing where the profile was picked from its list.
    """
    environ = context.snapshot.host.environ
    if "GRANTED_COMMAND" not in environ:
        return False
    words = [word for word in environ["GRANTED_COMMAND"].split() if not word.startswith("-")]
    return not words or profile in words


def _is_same_key(context: RuleContext, report: ProfileReport) -> bool:
    """Whether the environment has the same key as the profile: it was exported."""
    key = variable_value(context, "AWS_ACCESS_KEY_ID")
    if report.effective.access_key == key:
        return True
    return any(
        entry.file.access_key == key for entry in context.snapshot.entries if report.name in entry.profiles
    )


@rule(
    "env-keys-override-profile",
    Severity.WARNING,
    "Keys in the environment override the chosen profile",
    cause="Keys were exported into this shell, by hand or by a tool, and AWS_PROFILE was set as well.",
    consequence="every `aws` command in this shell uses these keys, unless it has --profile",
    cure="Unset the keys in this shell, or name the profile with --profile.",
)
def keys_override_profile(context: RuleContext) -> Iterator[Occurrence]:
    """Only the region and similar settings still come from the profile."""
    for found in judged(context, VariableStatus.SHADOWS, "AWS_ACCESS_KEY_ID"):
        over = {
            name: profile
            for name, profile in _chosen(context).items()
            if not _is_same_key(context, context.snapshot.profiles[profile])
            and not _is_of_granted(context, profile)
        }
        if over:
            named = " and ".join(f"{name}={profile}" for name, profile in over.items())
            yield Occurrence(
                variable(found.name),
                f"{found.name} overrides {named}: its keys{_of_session(context)} are used, not the profile's",
                unset_keys(context, "unset the keys in this shell"),
                evidence=variable_lines(context, *KEY_VARIABLES, *over, *PROFILE_MARKS),
                profiles=tuple(dict.fromkeys(over.values())),
            )


def _of_session(context: RuleContext) -> str:
    """Say of which session the keys are, where the tool that gave it has left a mark."""
    shown = {name: value for name in PROFILE_MARKS if (value := variable_value(context, name))}
    if len(shown) != 1:
        return ""
    [(name, value)] = shown.items()
    return f", of {inert(value)} in {MARKS[name]},"


@rule(
    "env-keys-override-default",
    Severity.INFO,
    "Keys in the environment are used instead of the default profile",
    cause="Keys were exported into this shell, and there is a default profile with its own credentials.",
    consequence="every `aws` command in this shell uses these keys, unless it has --profile",
    cure="Unset the keys in this shell if you mean the default profile.",
)
def keys_override_default(context: RuleContext) -> Iterator[Occurrence]:
    """Often this is intended, so it is no warning."""
    default = context.snapshot.profiles.get("default")
    if default is None or names_set(context, CHOOSERS):
        return
    is_env = context.snapshot.default_session[Tool.BOTO3].resolution.provider == Provider.ENV
    has_own = (
        default.resolution.provider not in _NO_OWN_CREDENTIALS and default.chain[-1].provider != Provider.ENV
    )
    if is_env and has_own and not _is_same_key(context, default):
        yield Occurrence(
            variable("AWS_ACCESS_KEY_ID"),
            "AWS_ACCESS_KEY_ID is used instead of the default profile",
            unset_keys(context, "unset the keys in this shell"),
            evidence=variable_lines(context, *KEY_VARIABLES),
            profiles=("default",),
        )


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
    if chosen not in _chosen(context).values():  # no variable chooses it, or it does not exist
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


@rule(
    "env-profile-conflict",
    Severity.WARNING,
    "AWS_PROFILE and AWS_DEFAULT_PROFILE name different profiles",
    cause="Both variables are set, one of them perhaps by an old line in a shell's start-up file.",
    consequence="boto3 and AWS CLI v1 use AWS_DEFAULT_PROFILE, AWS CLI v2 uses AWS_PROFILE",
    cure="Unset AWS_DEFAULT_PROFILE.",
)
def profile_conflict(context: RuleContext) -> Iterator[Occurrence]:
    """The tools read the two variables in different orders."""
    new, old = variable_value(context, PROFILE), variable_value(context, DEFAULT_PROFILE)
    if new and old and new != old:
        yield Occurrence(
            variable(DEFAULT_PROFILE),
            f"{PROFILE} is {new!r} and {DEFAULT_PROFILE} is {old!r}: not all tools use the same one",
            fixes.unset(context.snapshot.host, DEFAULT_PROFILE),
            evidence=variable_lines(context, *CHOOSERS),
            profiles=tuple(dict.fromkeys(_chosen(context).values())),
        )


def _without_profile(context: RuleContext) -> Iterator[tuple[str, str, str]]:
    """Yield the variables that choose a profile that does not exist: name, value, and which commands fail.

    For AWS tools a file that cannot be read is empty: then the file is the cause.
    """
    if any(file.status is FileStatus.UNREADABLE for file in context.snapshot.files):
        return
    for found in judged(context, VariableStatus.INVALID, *CHOOSERS):
        readers = [tool for tool in Tool if context.snapshot.default_session[tool].variable == found.name]
        whose = "" if len(readers) == len(Tool) else " of " + " and ".join(tool.label for tool in readers)
        yield (
            found.name,
            found.value,
            f"every command{whose} that names no profile fails with ProfileNotFound",
        )


_MOVING = ("HOME", "SUDO_USER", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")


def _meant(wanted: str, profiles: Collection[str]) -> Sequence[str]:
    """Return the profile that is named in quotes, between blanks or in other case; else the nearest one."""
    bare = wanted.partition(" #")[0].strip().strip("\"'")  # docker's --env-file keeps comments
    alike = [each for each in profiles if each.casefold() == bare.casefold()]
    if bare in profiles or alike:
        return [bare] if bare in profiles else alike[:1]
    return difflib.get_close_matches(wanted, profiles, 1, _NEAR_PROFILE)


@rule(
    "env-profile-missing",
    Severity.ERROR,
    "A variable names a profile that does not exist",
    cause="The name is misspelt, the profile was renamed or removed, or its header lacks the word `profile`.",
    consequence="every command that names no profile fails with ProfileNotFound, even with exported keys",
    cure="Set the variable to an existing profile, or unset it.",
)
def profile_missing(context: RuleContext) -> Iterator[Occurrence]:
    """The nearest name is a guess, and the fix says so."""
    for name, wanted, consequence in _without_profile(context):
        if not wanted:
            continue
        elsewhere = home_of(context.snapshot.host, wanted)
        if elsewhere is not None:
            yield _elsewhere(context, name, wanted, *elsewhere)
            continue
        closed = closed_home(context.snapshot.host)
        if closed is not None:
            yield _closed(context, name, wanted, closed)
            continue
        tool = neighbours.maker(wanted)
        near = () if tool else _meant(wanted, context.snapshot.profiles)
        fix = (
            set_variable(context, f"set it to {near[0]!r}, if that is what was meant", name, near[0])
            if near
            else _without_session(context, name, tool)
        )
        yield Occurrence(
            variable(name),
            f"{name} names {mask(wanted)!r}, but there is no such profile{_why_none(wanted, near)}",
            fix,
            evidence=(*variable_lines(context, name), *(f"the nearest name is {each!r}" for each in near)),
            consequence=consequence,
            lacks=f"profile {wanted}",
        )


def _why_none(wanted: str, near: Sequence[str]) -> str:
    """Say what is in a name that does not belong to it, where the nearest one has it not."""
    words = value_shapes.surplus(wanted) if near else None
    return f": it {words}" if words is not None else ""


def _elsewhere(context: RuleContext, name: str, wanted: str, home: OtherHome, path: Path) -> Occurrence:
    """Report a profile that is in another home, which AWS tools do not read here."""
    host = context.snapshot.host
    return Occurrence(
        variable(name),
        f"{name} names {wanted!r}, which is in {host.display(path)}, but {home.why}: AWS tools read "
        f"{host.display(context.snapshot.where.config or path)}",
        fixes.manual(home.cure),
        evidence=(*variable_lines(context, name), *variable_lines(context, *_MOVING)),
    )


def _closed(context: RuleContext, name: str, wanted: str, home: OtherHome) -> Occurrence:
    """Report a profile that may be in another home, into which this account may not look."""
    return Occurrence(
        variable(name),
        f"{name} names {mask(wanted)!r}, but there is no such profile here: {home.why}, and {home.aws} "
        "may not be read from this account",
        fixes.manual(home.cure),
        evidence=(*variable_lines(context, name), *variable_lines(context, *_MOVING)),
        lacks=f"profile {wanted}",
    )


def _without_session(context: RuleContext, name: str, tool: str | None) -> Fix:
    """Return a fix that unsets the variable, with what the tool that made the profile has left beside it."""
    host = context.snapshot.host
    if tool is None:
        return fixes.unset(host, name)
    names = names_set(context, (*CHOOSERS, *(mark for mark, owner in MARKS.items() if owner == tool)))
    return fixes.unset(host, *names, words=f"unset what {tool} has left in this shell, or run it again")


@rule(
    "env-profile-empty",
    Severity.ERROR,
    "A profile variable that is set but empty",
    cause="The variable was emptied (`export AWS_PROFILE=`) where it should have been unset.",
    consequence="every command that names no profile fails with ProfileNotFound: an empty name is a name",
    cure="Unset it.",
)
def profile_empty(context: RuleContext) -> Iterator[Occurrence]:
    """AWS tools take an empty string as a name."""
    for name, wanted, consequence in _without_profile(context):
        if not wanted:
            yield Occurrence(
                variable(name),
                f"{name} is set to an empty value, which is not a profile",
                fixes.unset(context.snapshot.host, name),
                evidence=variable_lines(context, name),
                consequence=consequence,
            )


@rule(
    "region-ignored-by-boto3",
    Severity.WARNING,
    "A region that boto3 ignores",
    cause="AWS_REGION is for AWS CLI v2 and most other SDKs; boto3 and AWS CLI v1 read AWS_DEFAULT_REGION.",
    consequence="the same command goes to different regions, depending on the tool",
    cure="Set AWS_DEFAULT_REGION to the same region.",
)
def region_ignored(context: RuleContext) -> Iterator[Occurrence]:
    """Nothing to report where boto3 gets the same region in another way, or where it is told to be none."""
    name, region = "AWS_REGION", variable_value(context, "AWS_REGION")
    boto3 = context.snapshot.default_session[Tool.BOTO3].region
    is_told = bool(identifiers.likely_regions(region, regions()))
    if region and region != boto3 and not is_told:
        yield Occurrence(
            variable(name),
            f"{name} is {mask(region)!r}, which boto3 and AWS CLI v1 ignore: they use {boto3 or 'none'}",
            _same_region(context, region, boto3),
            evidence=variable_lines(context, name, "AWS_DEFAULT_REGION", *CHOOSERS),
        )


def _same_region(context: RuleContext, region: str, boto3: str | None) -> Fix:
    """Return a fix that sets the other variable to the same value, which must be a region."""
    if not identifiers.is_region(region):
        return fixes.manual(
            f"correct AWS_REGION, because {mask(region)!r} is not a region, and set AWS_DEFAULT_REGION to it"
        )
    if boto3 is not None and identifiers.partition_of(boto3) != identifiers.partition_of(region):
        return fixes.manual(
            f"keep one of them: no keys are valid for both {region} and {boto3}, which are in two partitions"
        )
    return set_variable(
        context, f"set AWS_DEFAULT_REGION to {region!r} as well", "AWS_DEFAULT_REGION", region
    )


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
_OWN_VARIABLE = frozenset(("AWS_ACCOUNT", "AWS_PROFILES", "AWS_REGIONS"))
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
        near = meant_variable(name) if is_variable_name(name) and text else None
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
    near = (name for name in set_here if meant_variable(name) == right)
    return next(near, None) or next((name for name in set_here if name in _PARTS.get(right, ())), None)


def meant_variable(name: str) -> str | None:
    """Return the known name that this one misspells; None where it is known itself, or too different."""
    if not name[:4].upper().startswith("AWS_"):
        return None
    if name != name.upper():
        return name.upper() if name.upper() in CATALOGUE else None
    if describe(name)[0] is not Reader.NOBODY or name in CATALOGUE or name in _OWN_VARIABLE:
        return None
    if name in MARKS or neighbours.owner_of_variable(name) is not None:
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
    used = here.profile or "default"
    for found in judged(context, VariableStatus.STALE, *PROFILE_MARKS):
        yield Occurrence(
            variable(found.name),
            f"{found.name} shows {inert(found.value)!r}, but commands use profile {used!r}",
            fixes.unset(context.snapshot.host, found.name),
            evidence=variable_lines(context, found.name, "AWS_PROFILE", "AWS_DEFAULT_PROFILE"),
        )
    yield from _two_marks(context)


def _two_marks(context: RuleContext) -> Iterator[Occurrence]:
    """The keys here are those of one session; a prompt may show the other."""
    shown = {name: value for name in PROFILE_MARKS if (value := variable_value(context, name))}
    if len(set(shown.values())) > 1 and variable_value(context, "AWS_ACCESS_KEY_ID"):
        told = " and ".join(f"{name} shows {inert(value)!r}" for name, value in shown.items())
        yield Occurrence(
            variable(next(iter(shown))),
            f"{told}, but the keys in this shell are of one of them",
            unset_keys(context, "unset the keys and these variables, and start one session"),
            evidence=variable_lines(context, "AWS_ACCESS_KEY_ID", *shown),
            consequence="prompts show the one, and commands may use the other",
        )
