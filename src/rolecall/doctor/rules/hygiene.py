"""Settings that work, but should be changed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from rolecall.aws import identifiers, neighbours
from rolecall.aws.config_file import ConfigFile, Value
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Cause, Tool
from rolecall.aws.settings import Kind, regions
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import evidence, fixes
from rolecall.doctor.evidence import join_words, quote, quote_settings, visible_position
from rolecall.doctor.finding import Location, Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.rules import keys, secrets
from rolecall.text import mask_name, shown_value

_FILLED_IN = (
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "role_arn",
    "mfa_serial",
    "external_id",
    "sso_start_url",
    "sso_account_id",
    "sso_role_name",
    "region",
)
"""Settings that a tutorial leaves for the reader to fill in."""
_WITH_PARTITION = ("role_arn", "mfa_serial", "login_session")
"""Settings with an ARN, which names a partition."""


@rule(
    "placeholder",
    Severity.WARNING,
    "A placeholder from a tutorial",
    cause="A value was copied from a tutorial or from AWS's documentation, and never filled in: "
    "`<access-Key-for-an-IAM-role>`, `AKIAIOSFODNN7EXAMPLE`, the account 123456789012.",
    consequence="nothing of that name exists, and AWS refuses it",
    cure="Fill in your own value.",
)
def placeholder(context: RuleContext) -> Iterator[Occurrence]:
    """Find the profiles and the sso-sessions that contain placeholders."""
    snapshot = context.snapshot
    told = keys.told(context)
    for report in snapshot.profiles.values():
        found = _placeholders(report.values)
        if report.name in snapshot.expiry_calculator.elsewhere:  # MinIO and the like accept even those
            found = {name: why for name, why in found.items() if name not in secrets.KEYS}
        if not found or any(each.name in found for each in keys.doubted(context, report)):
            continue
        if told.isdisjoint((report.name, key) for key in found):
            yield _placeholder(snapshot, report, found)
    file = snapshot.merged.config
    for name, headers in file.headers.sso_sessions.items():
        found = _placeholders(file.sections[headers[-1]])
        if found:
            yield _session_placeholder(snapshot, name, headers[-1], found)


def _placeholders(values: Mapping[str, Value]) -> dict[str, str]:
    """Return for each setting that is a placeholder what kind it is, by key."""
    found: dict[str, str] = {}
    for key in _FILLED_IN:
        value = values.get(key)
        if isinstance(value, str):
            reason = secrets.reason(key, value)
            if reason is not None:
                found[key] = reason
    return found


def _placeholder(snapshot: Snapshot, report: ProfileReport, found: Mapping[str, str]) -> Occurrence:
    settings = report.settings
    key = next(iter(found))
    return Occurrence(
        Subject(SubjectKind.PROFILE, report.name),
        f"the {key} of {report.name} is {found[key]}"
        + (f", and so is its {join_words(list(found)[1:])}" if len(found) > 1 else ""),
        fixes.edit(f"fill in {join_words(found)}", report.name, key),
        place=visible_position(settings[key]),
        evidence=quote_settings(snapshot.host, settings, found),
        profiles=(report.name, *snapshot.dependants.get(report.name, ())),
    )


def _session_placeholder(snapshot: Snapshot, name: str, header: str, found: Mapping[str, str]) -> Occurrence:
    file = snapshot.merged.config
    assert file.path is not None  # noqa: S101 - for the type checker: a file with sections has a path
    key = next(iter(found))
    section = file.located.sections.get(header)
    line = section.keys[key].line if section is not None and key in section.keys else None
    users = (report.name for report in _with(snapshot, "sso_session") if report.values["sso_session"] == name)
    return Occurrence(
        Subject(SubjectKind.SESSION, name),
        f"the {key} of the sso-session {name} is {found[key]}",
        fixes.open_at(f"fill in {join_words(found)}", file.path, line),
        place=Location(file.path, line),
        evidence=(
            quote(snapshot.host, file.path, line, f"{key} = {shown_value(key, file.sections[header][key])}"),
        ),
        profiles=tuple(users),
    )


@rule(
    "unused-section",
    Severity.INFO,
    "An sso-session or services section that no profile uses",
    cause="No profile names it: its profiles were removed or renamed, or their `sso_session` is misspelt.",
    consequence="no profile gets credentials through it, and it misleads people who read the file",
    cure="Remove the section, or name it in a profile.",
)
def unused_section(context: RuleContext) -> Iterator[Occurrence]:
    """Find the sections that no profile names."""
    snapshot = context.snapshot
    file = snapshot.merged.config
    for key, kind, sections in (
        ("sso_session", "sso-session", file.headers.sso_sessions),
        ("services", "services", file.headers.services),
    ):
        if sections and snapshot.profiles:
            used = {report.values.get(key) for report in _with(snapshot, key)}
            for name, headers in sections.items():
                if name not in used:
                    yield _unused_section(snapshot, file, kind, name, headers[-1])


def _with(snapshot: Snapshot, key: str) -> Iterator[ProfileReport]:
    return (report for report in snapshot.profiles.values() if isinstance(report.values.get(key), str))


def _unused_section(snapshot: Snapshot, file: ConfigFile, kind: str, name: str, header: str) -> Occurrence:
    assert file.path is not None  # noqa: S101 - for the type checker: a file with sections has a path
    line = _header_line(file, header)
    subject = (
        Subject(SubjectKind.SESSION, name) if kind == "sso-session" else Subject(SubjectKind.SECTION, header)
    )
    return Occurrence(
        subject,
        f"no profile uses the {kind} section {name}",
        fixes.open_at("remove the section, or name it in a profile", file.path, line),
        place=Location(file.path, line),
        evidence=(quote(snapshot.host, file.path, line, f"[{mask_name(header)}]"),),
    )


@rule(
    "mfa-without-role",
    Severity.INFO,
    "An MFA device that AWS tools never ask for",
    cause="A profile has `mfa_serial` and no `role_arn`: boto3 and the AWS CLI ask for a code only to assume "
    "a role. Other programs (aws-vault, awsume) may read it there.",
    consequence="commands with this profile are sent without MFA, and a policy that requires MFA denies them",
    cure="Set `mfa_serial` on the role's profile, or get a session with `aws sts get-session-token`.",
)
def mfa_without_role(context: RuleContext) -> Iterator[Occurrence]:
    """Find the profiles with an MFA device that AWS tools ignore."""
    for report in () if context.others_read_defaults else _with(context.snapshot, "mfa_serial"):
        if "role_arn" not in report.values:
            settings = report.settings
            yield Occurrence(
                Subject(SubjectKind.PROFILE, report.name),
                f"{report.name} names an MFA device and no role, so AWS tools never ask for its code",
                fixes.edit(
                    "set mfa_serial on the profile of the role that requires it", report.name, "mfa_serial"
                ),
                place=visible_position(settings["mfa_serial"]),
                evidence=quote_settings(context.snapshot.host, settings, ("mfa_serial",)),
                profiles=(report.name,),
            )


@rule(
    "no-region",
    Severity.INFO,
    "A profile without a region",
    cause="Neither the profile nor a variable names a region; that of `[default]` is not inherited.",
    consequence="most services fail with 'You must specify a region'; STS, IAM and S3 do not need one, "
    "unless a URL is configured for them",
    cure="Set `region`.",
)
def no_region(context: RuleContext) -> Iterator[Occurrence]:
    """Find the profiles that work, are no other profile's source, and have a region in no tool."""
    snapshot = context.snapshot
    if any(name in snapshot.host.environ for name in ("AWS_REGION", "AWS_DEFAULT_REGION")):
        return
    usual = _usual_regions(snapshot)
    for report in snapshot.profiles.values():
        if (
            report.regions[Tool.CLI_V2] is None
            and report.name not in snapshot.dependants
            and not neighbours.is_kept_for_another(report.name, snapshot.profiles)
            and report.kind is not Kind.NONE
            and report.resolution.fault is None
            and "region" not in report.values
        ):
            yield _no_region(snapshot, report, usual)


@rule(
    "no-region-for-sts",
    Severity.ERROR,
    "A role that cannot be assumed without a region",
    cause="The profile has no region, and a URL for STS is configured (`AWS_ENDPOINT_URL`, `endpoint_url`): "
    "AWS tools know no region to sign the call for. The region of the source profile, or of `[default]`, "
    "does not count.",
    consequence="commands with this profile fail with NoRegionError, after they have asked for an MFA code",
    cure="Set `region`.",
    explains=[Cause.REGION_MISSING],
)
def no_region_for_sts(context: RuleContext) -> Iterator[Occurrence]:
    """Find the profiles with a role that cannot be requested without a region."""
    usual = _usual_regions(context.snapshot)
    for root in context.root_causes.get(Cause.REGION_MISSING, ()):
        seen = _no_region(context.snapshot, context.snapshot.profiles[root.culprit], usual)
        words = f"{root.culprit} has no region, and a URL for STS is configured"
        if context.snapshot.host.environ.get("AWS_DEFAULT_REGION") == "":  # which counts as set
            words = f"{words}; AWS_DEFAULT_REGION is empty, and comes before any profile's region"
            seen = replace(seen, fix=fixes.manual("unset AWS_DEFAULT_REGION, or set it to a region"))
        proof = (*seen.evidence, *evidence.said(root.fault))
        yield replace(seen, message=words, evidence=proof, profiles=root.profiles)


def _usual_regions(snapshot: Snapshot) -> dict[str, tuple[str, list[str]]]:
    """Return for each partition the region that most profiles there have, with their names."""
    found: dict[str, list[str]] = {}
    known = regions()
    for report in snapshot.profiles.values():
        # a region that is doubted itself is not passed on
        if report.region is not None and (
            report.region in known or (not known and identifiers.is_region(report.region))
        ):
            found.setdefault(report.region, []).append(report.name)
    usual: dict[str, tuple[str, list[str]]] = {}
    for region, names in sorted(found.items(), key=lambda each: -len(each[1])):
        usual.setdefault(identifiers.partition_of(region), (region, names))
    return usual


def _no_region(
    snapshot: Snapshot, report: ProfileReport, usual: Mapping[str, tuple[str, list[str]]]
) -> Occurrence:
    where = _header_of(snapshot, report.name)
    partition = _partition(report) or (next(iter(usual)) if len(usual) == 1 else None)
    fix = fixes.edit("set region", report.name, "region")
    if partition is not None and partition in usual:
        region, names = usual[partition]
        has = "has" if len(names) == 1 else "have"
        words = f"set region, to {region} as {evidence.listed(names)} {has} it, if you use it there"
        fix = fixes.propose(words, report.name, "region", region)
    elif partition is not None and partition != "aws":
        own = [name for name in regions() if identifiers.partition_of(name) == partition]
        some = f", such as {evidence.listed(own[:3])}" if own else ""
        words = f"set region, to one of the partition {partition}{some}"
        fix = fixes.edit(words, report.name, "region")
    return Occurrence(
        Subject(SubjectKind.PROFILE, report.name),
        f"{report.name} has no region",
        fix,
        place=where,
        evidence=(quote(snapshot.host, where.path, where.line, "no region below it"),) if where else (),
        profiles=(report.name,),
    )


def _partition(report: ProfileReport) -> str | None:
    """Return the partition in the ARNs or the login of a profile, or of its sources."""
    for hop in report.chain:
        for key in _WITH_PARTITION:
            partition = identifiers.partition_of_arn(hop.settings.get(key))
            if partition is not None:
                return partition
        sso = hop.settings.get("sso_region")
        if isinstance(sso, str) and identifiers.is_region(sso):
            return identifiers.partition_of(sso)
    return None


def _header_of(snapshot: Snapshot, name: str) -> Location | None:
    """Return where a profile's section begins, in config if it has one there."""
    for file in snapshot.files:
        headers = file.headers.profiles.get(name)
        if headers and file.path is not None:
            return Location(file.path, _header_line(file, headers[-1]))
    return None


def _header_line(file: ConfigFile, header: str) -> int | None:
    section = file.located.sections.get(header)
    return section.line if section is not None else None
