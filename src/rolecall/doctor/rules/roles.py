"""Roles and their sources: what ``errors`` reports of them, and sources whose own role is ignored."""

from collections.abc import Iterator
from dataclasses import replace

from rolecall.aws import identifiers
from rolecall.aws.providers import Provider
from rolecall.aws.resolver import CREDENTIAL_SOURCES
from rolecall.aws.settings import regions
from rolecall.doctor import fixes
from rolecall.doctor.evidence import Quoted, listed, nearest
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.root_cause import INCLUDED
from rolecall.doctor.rules.build import QuotedCause, edit_fix
from rolecall.text import mask, shown_value

_STATIC = frozenset((Provider.SHARED_CREDENTIALS, Provider.CONFIG_FILE))
_GUESSES = 20
"""Missing sources for which a guess is made, at most: each is compared with every name."""


def loop(it: QuotedCause) -> Occurrence:
    """Report a loop, with its profiles in order."""
    names = [str(hop.profile) for hop in it.snapshot.profiles[it.profiles[0]].chain]
    path = names[names.index(names[-1]) :]
    quotes = [Quoted(it.snapshot, name) for name in dict.fromkeys(path)]
    is_own = len(quotes) == 1
    return it.occurrence(
        f"{path[0]} names itself as its source_profile, but has no keys of its own"
        if is_own
        else f"{listed(dict.fromkeys(path))} use each other as source profiles in a loop: {' → '.join(path)}",
        it.edit("set source_profile to a profile with credentials", "source_profile"),
        "source_profile",
        more=(line for each in quotes if each.name != it.name for line in each.lines("source_profile")),
    )


def missing_source(it: QuotedCause) -> Occurrence:
    """Report a source profile that does not exist: once, however many profiles name it."""
    namers = _naming(it, "source_profile", it.name)
    others = it.snapshot.profiles if it.number < _GUESSES else ()
    guess = nearest(it.name, (each for each in others if each != namers[0].name))
    is_one = len(namers) == 1
    seen = it.occurrence(
        f"{listed(each.name for each in namers)} {'names' if is_one else 'name'} source_profile '{it.name}', "
        "but there is no such profile",
        _renaming(namers, "source_profile", guess),
        "source_profile",
        subject=Subject(SubjectKind.PROFILE, namers[0].name)
        if is_one
        else Subject(SubjectKind.SECTION, it.name),
        quotes=namers,
    )
    return replace(seen, lacks=f"profile {it.name}")


def _naming(it: QuotedCause, key: str, name: str) -> list[Quoted]:
    """Return the profiles that name something missing: they are in the chains of the profiles it stops."""
    found: dict[str, None] = {}
    for profile in it.profiles:
        for hop in it.snapshot.profiles[profile].chain:
            if hop.profile is not None and hop.settings.get(key) == name:
                found[hop.profile] = None
    return [Quoted(it.snapshot, each) for each in found]


def _renaming(namers: list[Quoted], key: str, guess: str | None) -> Fix:
    first = namers[0]
    if guess is not None and len(namers) == 1:
        return fixes.change(f"write {guess}, which is probably meant", first.name, {key: guess})
    if guess is not None:
        return edit_fix(first, f"correct the name ({guess} is probably meant), or write the profile", key)
    return edit_fix(first, "name a profile that exists, or write this one", key)


def two_sources(it: QuotedCause) -> Occurrence:
    """Report both sources; the one that exists is probably meant."""
    source = it.shown("source_profile")
    kept, dropped = "source_profile", "credential_source"
    if source not in it.snapshot.profiles:
        kept, dropped = dropped, kept
    words = f"remove {dropped}, if you mean {kept} '{it.shown(kept)}'"
    return it.occurrence(
        f"{it.name} has both source_profile '{source}' and credential_source "
        f"'{it.shown('credential_source')}': only one of them is allowed",
        fixes.change(words, it.name, {dropped: None}),
        "credential_source",
        "source_profile",
    )


def no_source(it: QuotedCause) -> Occurrence:
    """Report a role without a source; keys in the same profile could be its source."""
    if it.name == INCLUDED:
        return _only_included(it)
    fix = fixes.edit("name a source_profile", it.name, "source_profile")
    if it.sets("aws_access_key_id"):
        words = "let it assume the role with its own keys"
        fix = fixes.change(words, it.name, {"source_profile": it.name})
    message = f"{it.name} assumes a role, but has neither source_profile nor credential_source"
    return it.occurrence(message, fix, "role_arn")


def _only_included(it: QuotedCause) -> Occurrence:
    """Report all roles at once that name their source in a way that aws-vault alone reads."""
    merged = it.snapshot.merged.by_name
    namers = [Quoted(it.snapshot, name) for name in it.profiles if INCLUDED in merged[name]]
    has = "has" if len(namers) == 1 else "have"
    return it.occurrence(
        f"{listed(each.name for each in namers)} {has} a role_arn and include_profile, which only aws-vault "
        "reads: for AWS tools there is no source_profile",
        fixes.manual("use them with aws-vault (`aws-vault exec NAME`), or name a source_profile in each"),
        INCLUDED,
        "role_arn",
        subject=Subject(SubjectKind.PROFILE, namers[0].name if namers else it.profiles[0]),
        quotes=namers,
    )


def bad_credential_source(it: QuotedCause) -> Occurrence:
    """Report a credential_source of the wrong name or case, with the one that is probably meant."""
    given = it.shown("credential_source")
    guess = nearest(given, CREDENTIAL_SOURCES)
    fix = fixes.edit(f"write one of {listed(CREDENTIAL_SOURCES)}", it.name, "credential_source")
    if guess is not None:
        words = f"write {guess}" + ("" if guess.lower() == given.lower() else ", which is probably meant")
        fix = fixes.change(words, it.name, {"credential_source": guess})
    known = ", ".join(CREDENTIAL_SOURCES)
    message = f"{it.name} has credential_source '{given}', which is not one of {known}"
    return it.occurrence(message, fix, "credential_source")


_WEB_IDENTITY = ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN")


def environment_empty(it: QuotedCause) -> Occurrence:
    """Report roles that use keys in the environment which are not set."""
    state = "empty" if it.name in it.snapshot.host.environ else "not set"
    words = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in this shell, or name a source"
    token, arn = (it.snapshot.host.environ.get(each) for each in _WEB_IDENTITY)
    if token and arn:  # Environment means keys, and no web identity
        words = (
            f"write a profile with web_identity_token_file = {mask(token)} and role_arn = {mask(arn)}, and "
            "name it as the source_profile in the place of credential_source"
        )
    return source_gives_nothing(it, f"{it.name} is {state} in this shell", fixes.manual(words))


def source_gives_nothing(it: QuotedCause, why: str, fix: Fix) -> Occurrence:
    """Report a credential_source that gives nothing; the variable is the cause, whichever profile uses it."""
    source = str(it.values["credential_source"])
    namers = _naming(it, "credential_source", source)
    value = it.snapshot.host.environ.get(it.name)
    return it.occurrence(
        f"{listed(each.name for each in namers)} {'gets' if len(namers) == 1 else 'get'} the first "
        f"credentials from {source}, but {why}",
        fix,
        "credential_source",
        subject=Subject(SubjectKind.VARIABLE, it.name),
        quotes=namers,
        more=() if value is None else (f"{it.name}={shown_value(it.name, value)}",),
    )


def other_partition(it: QuotedCause) -> Occurrence:
    """Report a role and a region of two partitions, with the regions of the role's own."""
    wanted = str(identifiers.partition_of_arn(it.values.get("role_arn")))
    region = it.snapshot.profiles[it.name].region
    environ = it.snapshot.host.environ
    set_here = [name for name in ("AWS_DEFAULT_REGION", "AWS_REGION") if environ.get(name)]
    own = [name for name in regions() if identifiers.partition_of(name) == wanted]
    some = listed(own[:_FEW_REGIONS]) if own else f"a region of {wanted}"
    fix = it.edit(f"set a region of {wanted}, such as {some}, or correct the ARN", "region", "role_arn")
    source = it.snapshot.profiles.get(it.snapshot.profiles[it.name].source or "")
    there = identifiers.partition_of(source.region) if source is not None and source.region else None
    if region is not None and there == identifiers.partition_of(region):
        right = str(it.values["role_arn"]).replace(f"arn:{wanted}:", f"arn:{there}:", 1)
        fix = it.edit(f"write {right}, as its source is in {there}, or set a region of {wanted}", "role_arn")
    words = "it has no region: STS is then called in the partition aws"
    if region is not None:
        by = f" ({set_here[0]})" if set_here else ""
        words = f"its region {shown_value('region', region)}{by} is in {identifiers.partition_of(region)}"
    if set_here:
        value = it.values.get("region")
        is_right = isinstance(value, str) and identifiers.partition_of(value) == wanted
        fix = (
            fixes.unset(it.snapshot.host, *set_here) if is_right else fixes.manual(f"set a region as {some}")
        )
    message = f"the role of {it.name} is in the partition {wanted} ({it.shown('role_arn')}), and {words}"
    return it.occurrence(message, fix, "role_arn", "region")


_FEW_REGIONS = 3


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
            edit_fix(quoted, "move the keys to their own profile", "aws_access_key_id"),
            quoted.place("role_arn"),
            quoted.lines("role_arn", "aws_access_key_id", "aws_secret_access_key"),
            profiles=(name, *users),
        )
