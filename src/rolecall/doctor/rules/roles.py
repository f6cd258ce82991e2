"""Roles with settings or sources that cannot work: one finding for each cause, for all profiles it stops."""

from collections.abc import Iterator

from rolecall.aws.providers import Cause, Provider
from rolecall.aws.resolver import CREDENTIAL_SOURCES
from rolecall.doctor import fixes
from rolecall.doctor.evidence import Quoted, listed, nearest, said
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.root_cause import RootCause
from rolecall.doctor.rules.build import accused, edit, root_cause_occurrence
from rolecall.text import shown_value

_MANY = 5
"""Profiles that name the same thing and are quoted as evidence, at most."""
_STATIC = frozenset((Provider.SHARED_CREDENTIALS, Provider.CONFIG_FILE))


_GUESSES = 20
"""Missing sources for which a guess is made, at most: each is compared with every name."""


@rule(
    "loop",
    Severity.ERROR,
    "Source profiles in a loop",
    cause="source_profile leads from profile to profile and back to an earlier one, or to the profile "
    "itself, which has no keys of its own.",
    consequence="every command with one of these profiles fails with InfiniteLoopConfigError",
    cure="Set one source_profile to a profile that has its own credentials.",
    tells=[Cause.CHAIN_LOOP],
)
def loop(context: RuleContext) -> Iterator[Occurrence]:
    """Find loops, and name the profiles in order."""
    for blamed in context.blamed.get(Cause.CHAIN_LOOP, ()):
        names = [str(hop.profile) for hop in context.snapshot.profiles[blamed.profiles[0]].chain]
        path = names[names.index(names[-1]) :]
        quotes = [Quoted(context.snapshot, name) for name in dict.fromkeys(path)]
        first = next((each for each in quotes if each.name == blamed.culprit), quotes[0])
        yield Occurrence(
            Subject(SubjectKind.PROFILE, blamed.culprit),
            f"{listed(dict.fromkeys(path))} use each other as source profiles in a loop: {' → '.join(path)}"
            if len(path) > 2  # noqa: PLR2004 - one name and the same again
            else f"{path[0]} names itself as its source_profile, but has no keys of its own",
            edit(first, "set source_profile to a profile with credentials", "source_profile"),
            first.place("source_profile"),
            (*(line for each in quotes for line in each.lines("source_profile")), *said(blamed.fault)),
            profiles=blamed.profiles,
        )


@rule(
    "chain-too-long",
    Severity.ERROR,
    "A chain of source profiles that is too long",
    cause="Hundreds of profiles name one another as source_profile; botocore follows them by recursion.",
    consequence="every command with a profile at the far end fails with RecursionError",
    cure="Set source_profile to a profile nearer to the credentials.",
    tells=[Cause.CHAIN_TOO_LONG],
)
def chain_too_long(context: RuleContext) -> Iterator[Occurrence]:
    """Find chains that exceed Python's recursion limit."""
    for blamed in context.blamed.get(Cause.CHAIN_TOO_LONG, ()):
        quoted = Quoted(context.snapshot, blamed.culprit)
        yield Occurrence(
            Subject(SubjectKind.PROFILE, blamed.culprit),
            f"the chain of source profiles from {blamed.profiles[0]} to {blamed.culprit} is too long "
            "for botocore to follow",
            fixes.edit("set source_profile to a profile nearer to the credentials", blamed.profiles[0]),
            quoted.header,
            (f"{len(blamed.profiles)} profiles are too far from {blamed.culprit}", *said(blamed.fault)),
            profiles=blamed.profiles,
        )


@rule(
    "missing-source",
    Severity.ERROR,
    "A source profile that does not exist",
    cause="source_profile names a profile that is in neither file: a typo, another case, quotes that "
    "belong only in the header, or a profile that was renamed or removed.",
    consequence="every command with one of these profiles fails with InvalidConfigError",
    cure="Correct the name, or write the profile.",
    tells=[Cause.SOURCE_MISSING],
)
def missing_source(context: RuleContext) -> Iterator[Occurrence]:
    """Find source names that no profile has: one finding for each name."""
    for index, blamed in enumerate(context.blamed.get(Cause.SOURCE_MISSING, ())):
        name = blamed.culprit
        namers = [Quoted(context.snapshot, each) for each in _naming(context, blamed, "source_profile", name)]
        others = context.snapshot.profiles if index < _GUESSES else ()
        guess = nearest(name, (each for each in others if each != namers[0].name))
        yield Occurrence(
            Subject(SubjectKind.PROFILE, namers[0].name)
            if len(namers) == 1
            else Subject(SubjectKind.SECTION, name),
            f"{listed(each.name for each in namers)} {'names' if len(namers) == 1 else 'name'} "
            f"source_profile '{name}', but there is no such profile",
            _renaming(namers, "source_profile", guess),
            namers[0].place("source_profile"),
            (*_lines(namers, "source_profile"), *said(blamed.fault)),
            profiles=blamed.profiles,
        )


def _lines(namers: list[Quoted], key: str) -> Iterator[str]:
    return (line for each in namers[:_MANY] for line in each.lines(key))


def _naming(context: RuleContext, blamed: RootCause, key: str, name: str) -> list[str]:
    """Return the profiles that name something missing: they are in the chains of the profiles it stops."""
    found: dict[str, None] = {}
    for profile in blamed.profiles:
        for hop in context.snapshot.profiles[profile].chain:
            if hop.profile is not None and hop.settings.get(key) == name:
                found[hop.profile] = None
    return list(found)


def _renaming(namers: list[Quoted], key: str, guess: str | None) -> Fix:
    first = namers[0]
    if guess is not None and len(namers) == 1:
        return fixes.change(f"write {guess}, which is probably meant", first.name, {key: guess})
    if guess is not None:
        return edit(first, f"correct the name ({guess} is probably meant), or write the profile", key)
    return edit(first, "name a profile that exists, or write this one", key)


@rule(
    "source-and-credential-source",
    Severity.ERROR,
    "Both source_profile and credential_source",
    cause="A role names two sources for its first credentials.",
    consequence="every command with these profiles fails with InvalidConfigError",
    cure="Remove one of the two.",
    tells=[Cause.TWO_SOURCES],
)
def both_sources(context: RuleContext) -> Iterator[Occurrence]:
    """Find roles with two sources."""
    for blamed, quoted in accused(context, Cause.TWO_SOURCES):
        source = quoted.shown("source_profile")
        kept, dropped = "source_profile", "credential_source"
        if source not in context.snapshot.profiles:
            kept, dropped = dropped, kept
        yield root_cause_occurrence(
            blamed,
            quoted,
            f"{blamed.culprit} has both source_profile '{source}' and credential_source "
            f"'{quoted.shown('credential_source')}': only one of them is allowed",
            fixes.change(
                f"remove {dropped}, if you mean {kept} '{quoted.shown(kept)}'",
                blamed.culprit,
                {dropped: None},
            ),
            "credential_source",
            "source_profile",
        )


@rule(
    "no-source",
    Severity.ERROR,
    "A role without a source",
    cause="role_arn is set, but neither source_profile nor credential_source says which credentials "
    "assume the role. Keys in the same profile are not used without a source_profile.",
    consequence="every command with these profiles fails with PartialCredentialsError",
    cure="Add a source_profile; for keys in the same profile, its own name.",
    tells=[Cause.NO_SOURCE],
)
def no_source(context: RuleContext) -> Iterator[Occurrence]:
    """Find roles that name no source."""
    for blamed, quoted in accused(context, Cause.NO_SOURCE):
        fix = fixes.edit("name a source_profile", blamed.culprit)
        if "include_profile" in quoted.settings:
            words = "use it with aws-vault, which alone reads include_profile, or name a source_profile"
            fix = fixes.edit(words, blamed.culprit)
        if "aws_access_key_id" in quoted.settings:
            words = "let it assume the role with its own keys"
            fix = fixes.change(words, blamed.culprit, {"source_profile": blamed.culprit})
        yield root_cause_occurrence(
            blamed,
            quoted,
            f"{blamed.culprit} assumes a role, but has neither source_profile nor credential_source",
            fix,
            "role_arn",
        )


@rule(
    "bad-credential-source",
    Severity.ERROR,
    "A credential_source that AWS tools do not know",
    cause="Only Environment, Ec2InstanceMetadata and EcsContainer are known, in exactly this case.",
    consequence="every command with these profiles fails with InvalidConfigError",
    cure="Write one of the three, or a source_profile.",
    tells=[Cause.BAD_CREDENTIAL_SOURCE],
)
def bad_credential_source(context: RuleContext) -> Iterator[Occurrence]:
    """Find credential sources of the wrong name or case."""
    for blamed, quoted in accused(context, Cause.BAD_CREDENTIAL_SOURCE):
        given = quoted.shown("credential_source")
        guess = nearest(given, CREDENTIAL_SOURCES)
        fix = fixes.edit(f"write one of {listed(CREDENTIAL_SOURCES)}", blamed.culprit)
        if guess is not None:
            words = f"write {guess}" + ("" if guess.lower() == given.lower() else ", which is probably meant")
            fix = fixes.change(words, blamed.culprit, {"credential_source": guess})
        yield root_cause_occurrence(
            blamed,
            quoted,
            f"{blamed.culprit} has credential_source '{given}', which is not one of "
            f"{', '.join(CREDENTIAL_SOURCES)}",
            fix,
            "credential_source",
        )


@rule(
    "environment-source-empty",
    Severity.ERROR,
    "A role that uses the environment's keys, which are not set",
    cause="credential_source = Environment, and AWS_ACCESS_KEY_ID is not set (or empty) in this shell.",
    consequence="every command with these profiles fails with CredentialRetrievalError in this shell",
    cure="Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in this shell, or name another source.",
    tells=[Cause.ENVIRONMENT_EMPTY],
)
def environment_source_empty(context: RuleContext) -> Iterator[Occurrence]:
    """Find roles that use keys in the environment which are not set."""
    state = "empty" if "AWS_ACCESS_KEY_ID" in context.snapshot.host.environ else "not set"
    return _named_source(
        context,
        Cause.ENVIRONMENT_EMPTY,
        f"AWS_ACCESS_KEY_ID is {state} in this shell",
        fixes.manual("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in this shell, or name a source"),
    )


@rule(
    "container-source-missing",
    Severity.ERROR,
    "A role that uses a container's credentials, outside a container",
    cause="credential_source = EcsContainer, and neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor "
    "AWS_CONTAINER_CREDENTIALS_FULL_URI is set.",
    consequence="every command with these profiles fails with CredentialRetrievalError here",
    cure="Use the profile inside the container only, or name another source.",
    tells=[Cause.CONTAINER_MISSING],
)
def container_source_missing(context: RuleContext) -> Iterator[Occurrence]:
    """Find roles that use a container's credentials outside a container."""
    return _named_source(
        context,
        Cause.CONTAINER_MISSING,
        "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set here",
        fixes.manual("use it inside the container, or name another source"),
    )


@rule(
    "metadata-disabled",
    Severity.ERROR,
    "A role that uses instance metadata, which is switched off",
    cause="credential_source = Ec2InstanceMetadata, and AWS_EC2_METADATA_DISABLED is true in this shell.",
    consequence="every command with these profiles fails with CredentialRetrievalError in this shell",
    cure="Unset AWS_EC2_METADATA_DISABLED.",
    tells=[Cause.METADATA_DISABLED],
)
def metadata_disabled(context: RuleContext) -> Iterator[Occurrence]:
    """Find roles that use instance metadata, which a variable switches off."""
    return _named_source(
        context,
        Cause.METADATA_DISABLED,
        "AWS_EC2_METADATA_DISABLED switches it off",
        fixes.unset(context.snapshot.host, "AWS_EC2_METADATA_DISABLED"),
    )


def _named_source(context: RuleContext, cause: Cause, why: str, fix: Fix) -> Iterator[Occurrence]:
    """Report a credential_source that gives nothing; the variable is the cause, whichever profile uses it."""
    for blamed in context.blamed.get(cause, ()):
        source = str(blamed.hop.settings["credential_source"]) if blamed.hop is not None else ""
        namers = _naming(context, blamed, "credential_source", source)
        quoted = [Quoted(context.snapshot, each) for each in namers]
        value = context.snapshot.host.environ.get(blamed.culprit)
        shown = () if value is None else (f"{blamed.culprit}={shown_value(blamed.culprit, value)}",)
        yield Occurrence(
            Subject(SubjectKind.VARIABLE, blamed.culprit),
            f"{listed(namers)} {'gets' if len(namers) == 1 else 'get'} the first credentials from "
            f"{source}, but {why}",
            fix,
            quoted[0].place("credential_source"),
            (*_lines(quoted, "credential_source"), *shown, *said(blamed.fault)),
            profiles=blamed.profiles,
        )


@rule(
    "source-ignores-role",
    Severity.WARNING,
    "A source profile with a role that is ignored",
    cause="The source has static keys beside its role_arn. Commands with this profile assume the role; as "
    "the source of another profile, only its keys are used.",
    consequence="the roles that use it are assumed with the keys, not with its role",
    cure="Move the keys to their own profile, and name that as the role's source_profile.",
)
def source_ignores_role(context: RuleContext) -> Iterator[Occurrence]:
    """Find sources with a role and keys: the profiles that name them get the keys."""
    for name, users in context.snapshot.dependants.items():
        report = context.snapshot.profiles.get(name)
        if report is None or "role_arn" not in report.values or "web_identity_token_file" in report.values:
            continue
        hops = (context.snapshot.profiles[user].chain[1] for user in users)
        if not any(hop.provider in _STATIC for hop in hops):
            continue
        quoted = Quoted(context.snapshot, name)
        yield Occurrence(
            Subject(SubjectKind.PROFILE, name),
            f"{listed(users)} {'uses' if len(users) == 1 else 'use'} {name}'s keys, not its role "
            f"{quoted.shown('role_arn')}",
            edit(quoted, "move the keys to their own profile", "aws_access_key_id"),
            quoted.place("role_arn"),
            quoted.lines("role_arn", "aws_access_key_id", "aws_secret_access_key"),
            profiles=(name, *users),
        )
