"""Profiles with incomplete or invalid settings: half a pair of keys, no credentials, values AWS refuses."""

from collections.abc import Iterator

from rolecall.aws.providers import Cause
from rolecall.aws.resolver import PAIR
from rolecall.doctor import fixes
from rolecall.doctor.evidence import Quoted, listed, nearest
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.rules.build import accused, edit, root_cause_occurrence
from rolecall.doctor.sections import meant
from rolecall.text import mask_name

_OPTIONAL = ("external_id", "mfa_serial", "role_session_name", "duration_seconds")
_POINTLESS = {
    "source_profile": "names a source_profile, but no role_arn to assume with it",
    "credential_source": "names a credential_source, but no role_arn to assume with it",
    "sso_session": "names an sso_session, but neither sso_account_id nor sso_role_name",
    "web_identity_token_file": "has an empty web_identity_token_file",
}
"""Settings that look as if they gave credentials, but do not by themselves."""


@rule(
    "nested-value",
    Severity.ERROR,
    "A nested block where AWS tools expect text",
    cause="The value is empty on its own line and an indented line follows, which botocore reads as a block.",
    consequence="every command with these profiles crashes with a Python error that names no file",
    cure="Write the value after the equals sign, and the next setting without indentation.",
    tells=[Cause.NESTED_VALUE],
)
def nested_value(context: RuleContext) -> Iterator[Occurrence]:
    """Find blocks where text is expected."""
    for blamed, quoted in accused(context, Cause.NESTED_VALUE):
        key = blamed.subjects[0]
        place = quoted.place(key)
        words = f"write the {key} on one line"
        fix = fixes.open_at(words, place.path, place.line) if place is not None else edit(quoted, words)
        message = f"{blamed.culprit} has a nested block for {key}: {quoted.shown(key)}"
        yield root_cause_occurrence(blamed, quoted, message, fix, key)


@rule(
    "half-a-pair",
    Severity.ERROR,
    "Half a pair of keys",
    cause="An access key id without its secret, or a secret without its access key id.",
    consequence="every command with these profiles fails: AWS tools sign with both or not at all",
    cure="Add the other half, or remove this one.",
    tells=[Cause.HALF_A_PAIR],
)
def half_a_pair(context: RuleContext) -> Iterator[Occurrence]:
    """Find pairs with one half missing."""
    for blamed, quoted in accused(context, Cause.HALF_A_PAIR):
        there = next((key for key in PAIR if key in quoted.settings), PAIR[0])
        missing = next(key for key in PAIR if key != there)
        shown = f" ({quoted.shown(there)})" if there == PAIR[0] else ""
        message = f"{blamed.culprit} has {there}{shown}, but no {missing}"
        yield root_cause_occurrence(blamed, quoted, message, _other_half(quoted, there, missing), there)


def _other_half(quoted: Quoted, there: str, missing: str) -> Fix:
    """Return a fix that renames the other half, where it has a wrong name, or else adds it."""
    wrong = next((key for key in quoted.settings if meant(key) == missing), None)
    words = f"add the {missing}" if wrong is None else f"rename {mask_name(wrong)} to {missing}"
    return edit(quoted, words, there)


@rule(
    "split-pair",
    Severity.ERROR,
    "A key in one file and its secret in the other",
    cause="botocore merges the two files for every other setting, but reads a pair of keys from one file.",
    consequence="every command with these profiles fails with PartialCredentialsError",
    cure="Put both into the credentials file.",
    tells=[Cause.SPLIT_PAIR],
)
def split_pair(context: RuleContext) -> Iterator[Occurrence]:
    """Find pairs with halves in different files."""
    for blamed, quoted in accused(context, Cause.SPLIT_PAIR):
        halves = [quoted.settings[key] for key in PAIR if key in quoted.settings]
        stray = next((half for half in halves if half.origin.kind == "config"), halves[0])
        words = f"put {stray.name} beside its other half in the credentials file"
        places = " and its ".join(f"{each.name} in {each.origin.kind}" for each in halves)
        yield root_cause_occurrence(
            blamed,
            quoted,
            f"{blamed.culprit} has its {places}: AWS tools need both in one file",
            fixes.open_at(words, stray.origin.path, stray.origin.line),
            stray.name,
            *PAIR,
        )


@rule(
    "no-credentials",
    Severity.ERROR,
    "A profile without credentials",
    cause="It has no keys, role, SSO, login or process: only a region or similar, or settings that give "
    "no credentials by themselves, or misspelt settings.",
    consequence="commands with it fail with NoCredentialsError, unless the metadata of an EC2 instance "
    "answers; roles that use it as their source fail everywhere",
    cure="Give it credentials, or remove it.",
    tells=[Cause.NO_CREDENTIALS],
)
def no_credentials(context: RuleContext) -> Iterator[Occurrence]:
    """Find profiles that no provider answers for, alone or as a source."""
    for blamed, quoted in accused(context, Cause.NO_CREDENTIALS):
        name = blamed.culprit
        victims = [each for each in blamed.profiles if each != name]
        over = f", and {listed(victims)} {'uses' if len(victims) == 1 else 'use'} it" if victims else ""
        pointless = next((key for key in _POINTLESS if key in quoted.settings), None)
        if pointless is not None:
            message = f"{name} {_POINTLESS[pointless]}{over}"
        elif quoted.settings:
            message = f"{name} has no credentials: all it sets is {listed(quoted.settings)}{over}"
        else:
            message = f"{name} has no credentials: it is empty{over}"
        keys = (pointless,) if pointless is not None else tuple(quoted.settings)[:3]
        yield root_cause_occurrence(
            blamed, quoted, message, edit(quoted, "give it credentials", *keys), *keys
        )


@rule(
    "bad-process",
    Severity.ERROR,
    "A credential_process that is not a command",
    cause="It is empty, or its quotes are not closed.",
    consequence="every command with these profiles crashes with a Python error (IndexError, ValueError)",
    cure="Write the command, with its quotes in pairs.",
    tells=[Cause.BAD_PROCESS],
)
def bad_process(context: RuleContext) -> Iterator[Occurrence]:
    """Find commands that AWS tools cannot split into words."""
    for blamed, quoted in accused(context, Cause.BAD_PROCESS):
        command = quoted.shown("credential_process")
        what = f"that cannot be split into words: {command}" if command.strip() else "that is empty"
        message = f"{blamed.culprit} has a credential_process {what}"
        fix = edit(quoted, "write a command that prints the credentials", "credential_process")
        yield root_cause_occurrence(blamed, quoted, message, fix, "credential_process")


@rule(
    "bad-parameter",
    Severity.ERROR,
    "A setting that AWS tools refuse to send",
    cause="A role's ARN, external id, device, session name or duration is empty, too short or too small; "
    "AWS tools send even an empty setting.",
    consequence="every command that has to fetch these roles fails with ParamValidationError",
    cure="Correct the setting, or remove it.",
    tells=[Cause.BAD_PARAMETER],
)
def bad_parameter(context: RuleContext) -> Iterator[Occurrence]:
    """Find values that botocore's model of STS refuses."""
    for blamed, quoted in accused(context, Cause.BAD_PARAMETER):
        keys = blamed.subjects
        values = blamed.hop.settings if blamed.hop is not None else {}
        if all(key in _OPTIONAL and not values.get(key) for key in keys):
            fix = fixes.change(f"remove {listed(keys)}", blamed.culprit, dict.fromkeys(keys))
        else:
            fix = edit(quoted, f"correct {listed(keys)}", *keys)
        said_of = listed(f"{key} '{quoted.shown(key)}'" for key in keys)
        yield root_cause_occurrence(
            blamed, quoted, f"{blamed.culprit} has {said_of}, which AWS does not accept", fix, *keys
        )


@rule(
    "bad-metadata-setting",
    Severity.ERROR,
    "A setting of the metadata service that AWS tools refuse",
    cause="A timeout or number of attempts that is not a number, a mode that is neither ipv4 nor ipv6, or an "
    "endpoint that is not a URL. AWS tools check it for every profile, whatever its credentials.",
    consequence="every command with these profiles fails before it looks for credentials",
    cure="Remove the setting, or correct it.",
    tells=[Cause.METADATA_SETTING],
)
def bad_metadata_setting(context: RuleContext) -> Iterator[Occurrence]:
    """Find settings of the metadata service that make every command fail."""
    for blamed, quoted in accused(context, Cause.METADATA_SETTING):
        key = blamed.subjects[0]
        message = f"{blamed.culprit} has {key} '{quoted.shown(key)}', which AWS tools refuse"
        fix = fixes.change(f"remove {key}", blamed.culprit, {key: None})
        yield root_cause_occurrence(blamed, quoted, message, fix, key)


@rule(
    "web-identity-no-role",
    Severity.ERROR,
    "A web identity without a role",
    cause="web_identity_token_file is set, but role_arn is missing or empty.",
    consequence="every command with these profiles fails with InvalidConfigError",
    cure="Add the role_arn.",
    tells=[Cause.WEB_IDENTITY_NO_ROLE],
)
def web_identity_no_role(context: RuleContext) -> Iterator[Occurrence]:
    """Find web identities that name no role."""
    for blamed, quoted in accused(context, Cause.WEB_IDENTITY_NO_ROLE):
        state = "an empty" if "role_arn" in quoted.settings else "no"
        message = f"{blamed.culprit} has a web_identity_token_file, but {state} role_arn"
        fix = edit(quoted, "add the role_arn", "web_identity_token_file")
        yield root_cause_occurrence(blamed, quoted, message, fix, "web_identity_token_file", "role_arn")


@rule(
    "unknown-services",
    Severity.ERROR,
    "A services section that does not exist",
    cause="services names a section that no [services …] header in config has, or one that is empty.",
    consequence="every command with this profile fails with InvalidConfigError, unless a variable or an "
    "option gives its endpoint",
    cure="Correct the name, write the section, or remove the setting.",
)
def unknown_services(context: RuleContext) -> Iterator[Occurrence]:
    """Find services sections that do not exist; where a variable gives an endpoint, AWS tools do not look."""
    environ = context.snapshot.host.environ
    if environ.get("AWS_ENDPOINT_URL") or _is_true(environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")):
        return
    config = context.snapshot.merged.config
    for name, values in context.snapshot.merged.by_name.items():
        services = values.get("services")
        if services is None or _is_true(values.get("ignore_configured_endpoint_urls")):
            continue
        headers = config.headers.services.get(services) if isinstance(services, str) else None
        if headers and config.sections[headers[-1]]:
            continue
        quoted = Quoted(context.snapshot, name)
        guess = nearest(str(services), (each for each in config.headers.services if each != services))
        fix = edit(quoted, "write the section, or remove the setting", "services")
        if guess is not None:
            fix = fixes.change(f"write {guess}, which is probably meant", name, {"services": guess})
        yield Occurrence(
            Subject(SubjectKind.PROFILE, name),
            f"{name} names services '{quoted.shown('services')}', but config has no such section"
            + (" with anything in it" if headers else ""),
            fix,
            quoted.place("services"),
            quoted.lines("services"),
            profiles=(name,),
        )


def _is_true(value: object) -> bool:
    return isinstance(value, str) and value.lower() == "true"


@rule(
    "unexplained",
    Severity.ERROR,
    "A profile that fails for a reason without a rule",
    cause="AWS tools refuse it, and no other rule knows why.",
    consequence="every command with these profiles fails",
    cure="Check what AWS tools say, and the profile's settings.",
    tells=[Cause.UNKNOWN],
)
def unexplained(context: RuleContext) -> Iterator[Occurrence]:
    """Report what no other rule explains."""
    for blamed, quoted in accused(context, Cause.UNKNOWN):
        error = blamed.fault.error if blamed.fault is not None else "no credentials"
        message = f"{blamed.culprit} cannot work: {error}"
        yield root_cause_occurrence(
            blamed, quoted, message, edit(quoted, "check its settings"), *tuple(quoted.settings)[:3]
        )
