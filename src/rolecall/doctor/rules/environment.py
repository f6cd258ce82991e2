"""Variables of this shell that override or contradict one another, or that no AWS tool reads."""

import difflib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from rolecall.aws import identifiers, neighbours, value_shapes
from rolecall.aws.config_file import FileStatus
from rolecall.aws.neighbours import MARKS, PROFILE_MARKS
from rolecall.aws.other_homes import OtherHome, closed_home, home_of
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Provider, Tool
from rolecall.aws.settings import regions
from rolecall.aws.variables import CATALOGUE, Reader, VariableStatus, describe
from rolecall.doctor import fixes
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.rules.build import (
    KEY_VARIABLES,
    judged,
    names_set,
    set_variable,
    unset_keys,
    variable,
    variable_lines,
    variable_value,
)
from rolecall.shells import is_variable_name
from rolecall.text import inert, mask, shown_as

PROFILE, DEFAULT_PROFILE = CHOOSERS = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
_NEAR_PROFILE = 0.6
"""How alike a name must be to be guessed (``difflib``): ``prdo`` is ``prod``, ``dev`` is not ``prod``."""
_NO_OWN_CREDENTIALS = (None, Provider.CONTAINER, Provider.IAM_ROLE, Provider.ENV)
"""The providers that answer where a profile has no credentials of its own."""


def chosen_profiles(context: RuleContext) -> dict[str, str]:
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
            for name, profile in chosen_profiles(context).items()
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
            profiles=tuple(dict.fromkeys(chosen_profiles(context).values())),
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
