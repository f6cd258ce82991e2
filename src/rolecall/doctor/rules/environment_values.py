"""Variables with values that no AWS tool can use, or that lead to other files and endpoints."""

import re
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address

from rolecall.aws import client_checks, identifiers, paths, provider_checks
from rolecall.aws.config_file import ConfigFile, FileKind, FileStatus
from rolecall.aws.other_homes import file_meant, in_windows
from rolecall.aws.profile_report import certain_faults
from rolecall.aws.provider_checks import END_VARIABLE, METADATA_VARIABLES
from rolecall.aws.providers import Cause, PredictedError, PredictedErrorRaised, Provider, Tool
from rolecall.aws.settings import SETTINGS, UNKNOWN, Type, of_type, regions
from rolecall.aws.value_shapes import is_nothing
from rolecall.aws.variables import Variable, VariableStatus
from rolecall.doctor import fixes
from rolecall.doctor.evidence import join_words, one_of, said
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.rules.build import (
    guess_of,
    set_variable,
    stopped,
    variable,
    variable_lines,
    variable_value,
)
from rolecall.text import inert, mask
from rolecall.values import dataclass

_URL = re.compile(
    r"(?P<scheme>https?)://(?:[^/?#\[\]]*@)?"
    r"(?P<host>[^/?#\[\]@:]*|\[[^/?#\[\]@]*\])(?::[^/?#\[\]@]*)?(?=[/?#]|$)",
    re.IGNORECASE,
)
_LABELS = re.compile(r"((?!-)[A-Z\d-]{1,63}(?<!-)\.)*((?!-)[A-Z\d-]{1,63}(?<!-))\.?", re.IGNORECASE)
_LONGEST = 255
_LOCAL = re.compile(r"(.+\.)?localhost(\.localstack\.cloud)?")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a URL sends calls.

    Attributes:
        scheme: ``http`` or ``https``.
        host: a name or an address, in small letters, without the brackets of IPv6.
    """

    scheme: str
    host: str

    @property
    def is_valid(self) -> bool:
        """Whether botocore accepts the host (``is_valid_uri``)."""
        if ":" in self.host:
            return _is_address(self.host)
        return len(self.host) <= _LONGEST and _LABELS.fullmatch(self.host) is not None

    @property
    def is_here(self) -> bool:
        """Whether the host is this machine."""
        if _LOCAL.fullmatch(self.host):
            return True
        return _is_address(self.host) and ip_address(self.host).is_loopback


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def endpoint(url: str) -> Endpoint | None:
    """Parse a URL; None where it is not an http or https URL."""
    found = _URL.match(url) if not set(url) & set("\t\r\n") else None
    if found is None:
        return None
    host = found["host"].strip("[]").lower()
    if found["host"].startswith("[") and (":" not in host or not _is_address(host)):
        return None  # Python's own urlsplit, which botocore calls, wants IPv6 between brackets
    return Endpoint(found["scheme"].lower(), host)


FILES = {FileKind.CONFIG: "AWS_CONFIG_FILE", FileKind.CREDENTIALS: "AWS_SHARED_CREDENTIALS_FILE"}


def _moved(context: RuleContext) -> Iterator[tuple[str, ConfigFile]]:
    for file in context.snapshot.files:
        if FILES[file.role] in context.snapshot.host.environ:
            yield FILES[file.role], file


@rule(
    "env-file-missing",
    Severity.WARNING,
    "A variable names a file that does not exist",
    cause="The file was moved or never made, or the variable was set for another machine or container.",
    consequence="AWS tools treat the file as empty, and do not read the usual one instead",
    cure="Unset the variable, or correct it.",
)
def file_missing(context: RuleContext) -> Iterator[Occurrence]:
    """A missing file is no error for AWS tools: its profiles just do not exist."""
    for name, file in _moved(context):
        if file.path is not None and file.status is FileStatus.MISSING and not paths.is_nowhere(file.path):
            host = context.snapshot.host
            meant = file_meant(host, variable_value(context, name))
            of_windows = in_windows(host, variable_value(context, name))
            where = "" if file.path.is_absolute() else " below the current directory"
            if of_windows is not None:
                where = f": it is {mask(of_windows)}"
            shown = (
                host.display(file.path)
                if variable_value(context, name).strip()
                else "a file called by blanks"
            )
            yield Occurrence(
                variable(name),
                f"{name} names {shown}, which does not exist{where}",
                set_variable(context, f"write {host.display(meant)}, which exists", name, str(meant))
                if meant is not None
                else (fixes.unset(host, name) if of_windows is None else fixes.manual(_AS_WSL.format(name))),
                evidence=variable_lines(context, name),
            )


_AS_WSL = "set {} to the path that the file has here, or unset it"
_EMPTY = {
    "AWS_LOGIN_CACHE_DIRECTORY": "the logins of `aws login` are read from the current directory",
    "AWS_CONFIG_FILE": "no config file is read",
    "AWS_SHARED_CREDENTIALS_FILE": "no credentials file is read",
}
_CONTAINER = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
_WEB_IDENTITY = ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME")


@rule(
    "empty-variable",
    Severity.WARNING,
    "A variable that is set but empty, which counts as set",
    cause="It was emptied (`export AWS_CONFIG_FILE=`) where it should have been unset.",
    consequence="AWS tools take the empty text as the value, and do not fall back to the usual one",
    cure="Unset it.",
)
def empty_variable(context: RuleContext) -> Iterator[Occurrence]:
    """AWS tools treat most empty variables as unset, but not these."""
    for found in context.snapshot.variables:
        words = None if found.value else _effect_of_nothing(context, found.name)
        if words is not None:
            yield Occurrence(
                variable(found.name),
                f"{found.name} is set but empty, which counts as set: {words}",
                fixes.unset(context.snapshot.host, found.name),
                evidence=variable_lines(context, found.name),
            )


def _effect_of_nothing(context: RuleContext, name: str) -> str | None:
    default_session = context.snapshot.default_session[Tool.BOTO3]
    if name in _CONTAINER and default_session.resolution.provider == Provider.CONTAINER:
        return "credentials are requested from a container's endpoint"
    if name in _WEB_IDENTITY:
        report = context.snapshot.profiles.get(default_session.profile or "")
        if report is not None and report.values.get(name.removeprefix("AWS_").lower()):
            return f"the setting of profile {report.name!r} is turned off"
    return _EMPTY.get(name)


@rule(
    "env-old-file",
    Severity.ERROR,
    "An old file of keys that cannot be used",
    cause="AWS_CREDENTIAL_FILE, BOTO_CONFIG or ~/.boto is left over: the file is gone, or incomplete.",
    consequence="every command that finds no credentials before it reads this file fails",
    cure="Unset the variable; if none is set, repair or remove the file.",
    explains=[Cause.OLD_FILE],
)
def old_file(context: RuleContext) -> Iterator[Occurrence]:
    """They are read after the profile, so they stop only profiles that have no other credentials."""
    found = {root.culprit: root.fault for root in context.root_causes.get(Cause.OLD_FILE, ())}
    for name, fault in (found or _stops_the_shell(context)).items():
        is_set = name in context.snapshot.host.environ
        message = inert(fault.message) if fault is not None else ""
        yield Occurrence(
            variable(name) if is_set else Subject(SubjectKind.FILE, ".boto"),
            f"{name if is_set else '~/.boto or /etc/boto.cfg'} cannot be used: {message}",
            fixes.unset(context.snapshot.host, name)
            if is_set
            else fixes.manual("repair the file, or remove it: only botocore still reads it"),
            evidence=variable_lines(context, name),
            profiles=stopped(context, Cause.OLD_FILE, culprit=name),
        )


def _stops_the_shell(context: RuleContext) -> dict[str, PredictedError | None]:
    """Return the old file that makes commands without a profile fail, though no profile gets as far as it."""
    raised = context.snapshot.default_session[Tool.BOTO3].resolution.raised
    return {raised.subject: raised} if raised is not None and raised.cause is Cause.OLD_FILE else {}


def _endpoints(context: RuleContext) -> Iterator[tuple[str, Endpoint]]:
    """Yield the variables that name an endpoint which is used."""
    for found in context.snapshot.variables:
        if found.name.startswith("AWS_ENDPOINT_URL") and found.verdict is VariableStatus.USED:
            parts = endpoint(found.value)
            if parts is not None and parts.is_valid:
                yield found.name, parts


@rule(
    "env-local-endpoint",
    Severity.INFO,
    "Calls go to this machine instead of AWS",
    cause="A variable for an emulator such as LocalStack or moto is set in this shell.",
    consequence="no call reaches AWS: commands read and change data of the program on this machine",
    cure="Unset the variable if you mean AWS.",
)
def local_endpoint(context: RuleContext) -> Iterator[Occurrence]:
    """Intended in tests, and puzzling once it is forgotten."""
    for name, found in _endpoints(context):
        if found.is_here:
            yield Occurrence(
                variable(name),
                f"{name} sends {_calls(name)} to {found.host}, which is this machine",
                fixes.unset(context.snapshot.host, name),
                evidence=variable_lines(context, name),
            )


@rule(
    "env-plain-endpoint",
    Severity.INFO,
    "Calls leave this machine without encryption",
    cause="A variable names an endpoint that begins with http://.",
    consequence="anyone who can see the traffic can read every request and answer, session tokens included",
    cure="Use https://, or unset the variable.",
)
def plain_endpoint(context: RuleContext) -> Iterator[Occurrence]:
    """Secret keys are never sent, but session tokens and all data are."""
    for name, found in _endpoints(context):
        if found.scheme == "http" and not found.is_here:
            yield Occurrence(
                variable(name),
                f"{name} sends {_calls(name)} to {found.host} by plain HTTP",
                fixes.unset(context.snapshot.host, name),
                evidence=variable_lines(context, name),
            )


def _calls(name: str) -> str:
    service = name.removeprefix("AWS_ENDPOINT_URL").removeprefix("_")
    return f"the calls of {service}" if service else "all calls"


def _region(text: str) -> str:
    return "is not a region's name" if text else "is set but empty, which counts as set: no region"


def _certificates(text: str) -> str | None:
    return None if text.strip() else "is set but empty, which counts as a file without certificates"


def _endpoint(text: str) -> str | None:
    if not text:
        return None
    found = endpoint(text)
    if found is None:
        return "is not a URL that begins with http:// or https:// and names a host"
    return None if found.is_valid else f"has a host that botocore does not accept: {found.host!r}"


def _of_port(found: Variable) -> str | None:
    """Return what is wrong with the port of an endpoint; AWS tools look at it as they send a call."""
    is_endpoint = found.name.startswith("AWS_ENDPOINT_URL") and found.value
    fault = client_checks.port_fault(found.value) if is_endpoint else None
    return None if fault is None else f"has a port that AWS tools cannot use: {mask(fault)}"


_BUNDLES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")


def complaint(name: str, text: str) -> str | None:
    """Return what is wrong with a variable's value, or None where botocore can make a client with it."""
    if name.startswith("AWS_ENDPOINT_URL"):
        return _endpoint(text)
    if name in _BUNDLES:
        return _certificates(text)
    if name.endswith("REGION") and client_checks.makes_no_host(text):
        return _region(text)
    refusing = client_checks.variable_refused_by(name, text)
    return _refused(client_checks.OF_VARIABLES[name], text, next(iter(refusing))) if refusing else None


def _refused(key: str, text: str, tool: Tool) -> str:
    """Say what is wrong with a value that a tool refuses."""
    if key == "region":
        return _region(text)
    known = SETTINGS.get(key, UNKNOWN)
    if text in known.words:
        return f"is {text}, which {tool.label} refuses: it knows {join_words(client_checks.words(key, tool))}"
    if known.words:
        return f"is not one of {', '.join(known.words)}"
    if known.limits is None:
        return "is not a name that Python knows"
    least, most = known.limits
    try:
        int(text)
    except ValueError:
        return "is not a whole number"
    return f"is not between {least} and {most}" if most is not None else f"is below {least}"


_EXPLAINED = (
    Cause.CLIENT_VARIABLE,
    Cause.METADATA_VARIABLE,
    Cause.ENVIRONMENT_END_UNREADABLE,
    Cause.ENVIRONMENT_END_NO_DATE,
)


@rule(
    "env-bad-setting",
    Severity.ERROR,
    "A variable with a value that no AWS tool can use",
    cause="The value is misspelt, of the wrong kind, or empty where that counts as a value.",
    consequence="every command fails before it calls AWS",
    cure="Unset the variable, or correct it.",
    explains=_EXPLAINED,
)
def bad_setting(context: RuleContext) -> Iterator[Occurrence]:
    """Botocore checks these for every client, even if the call does not use the setting."""
    of_client = {root.culprit: root.fault for root in context.root_causes.get(Cause.CLIENT_VARIABLE, ())}
    for found in context.snapshot.variables:
        if found.verdict in (VariableStatus.SHADOWED, VariableStatus.IGNORED) and not found.name.endswith(
            "REGION"
        ):
            continue
        fault = _fault(context, found.name)
        if fault is None and found.name == _LOGIN_DIRECTORY:
            fault = of_client.get(found.name)
        words = (
            f"makes every command{_with_login(found.name)} fail: {mask(fault.message)}"
            if fault
            else complaint(found.name, found.value) or _of_port(found)
        )
        if words is not None:
            is_spared = fault is None and _is_of_absent_tool(context, found)
            yield Occurrence(
                variable(found.name),
                f"{found.name} {words}",
                _corrected(context, found),
                evidence=(*variable_lines(context, found.name), *said(fault)),
                consequence=f"{_whose(context, found.name)} fails before it calls AWS",
                profiles=() if is_spared else stopped(context, *_EXPLAINED, culprit=found.name),
                severity=Severity.WARNING if is_spared else None,
            )


def _is_of_absent_tool(context: RuleContext, found: Variable) -> bool:
    """Whether only tools that are not used here refuse a value."""
    refusing = frozenset(client_checks.variable_refused_by(found.name, found.value))
    if found.name in _REGIONS and client_checks.makes_no_host(found.value):
        refusing = client_checks.readers(found.name)
    here = context.snapshot.default_session
    return bool(refusing) and all(here[tool].resolution.is_spared for tool in refusing)


@rule(
    "env-odd-region",
    Severity.WARNING,
    "A variable with a region that does not exist",
    cause="It is a zone (`us-east-2b`) instead of its region, or the name is misspelt.",
    consequence="no endpoint is found: Could not connect to the endpoint URL",
    cure="Set the region's own name.",
    explains=[Cause.CLIENT_VARIABLE],
)
def odd_region(context: RuleContext) -> Iterator[Occurrence]:
    """Find zones and misspelt regions, where no other service than AWS is called."""
    known = regions()
    key = variable_value(context, "AWS_ACCESS_KEY_ID")
    is_elsewhere = None in context.snapshot.expiry_calculator.elsewhere
    if is_elsewhere or client_checks.is_foreign_key(key) or not known:
        return
    for found in context.snapshot.variables:
        text = found.value
        if found.name not in _REGIONS or text in known or complaint(found.name, text) is not None:
            continue
        has_form, is_new = identifiers.is_region(text), False
        meant = identifiers.likely_regions(text, known)
        if has_form:
            is_new = identifiers.may_be_new(text, known)
            near = None if is_new else identifiers.nearest_region(text, known, _LIKENESS)
            meant = (near,) if near is not None else ()
        if not meant and not has_form and not is_nothing(text):
            continue  # it may be a private one
        what = "a zone" if identifiers.is_zone(text) else "no region that botocore knows"
        fix = fixes.manual(f"set {found.name} to {one_of(meant) if meant else 'a region'}, or unset it")
        if len(meant) == 1:
            fix = set_variable(context, f"write {meant[0]}, which is probably meant", found.name, meant[0])
        elif is_nothing(text):
            fix = fixes.unset(context.snapshot.host, found.name)
        stops = _stopped_by(context, found.name)
        is_certain = bool(stops) or _stops_the_shell_over(context, found.name)
        yield Occurrence(
            variable(found.name),
            f"{found.name} is '{mask(text)}', which is {what}{guess_of(meant)}",
            fix,
            evidence=variable_lines(context, found.name),
            profiles=stops,
            severity=Severity.INFO if is_new else Severity.ERROR if is_certain else None,
        )


def _stopped_by(context: RuleContext, name: str) -> tuple[str, ...]:
    """Return the profiles with which a tool fails over a variable, even where boto3 fails over another."""
    return tuple(
        profile
        for profile, report in context.snapshot.profiles.items()
        if any(_is_over(fault, name) for fault in certain_faults(report.resolutions).values())
    )


def _is_over(fault: PredictedError, name: str) -> bool:
    return fault.cause is Cause.CLIENT_VARIABLE and fault.subject == name


def _stops_the_shell_over(context: RuleContext, name: str) -> bool:
    """Whether a command that names no profile fails over a variable, though no profile is there to fail."""
    found = certain_faults({tool: each.resolution for tool, each in context.snapshot.default_session.items()})
    return any(_is_over(fault, name) for fault in found.values())


@rule(
    "env-not-true",
    Severity.WARNING,
    "A variable that means yes and is read as no",
    cause="AWS tools read `true`, in any case, as true, and all else as false: even `yes`, `on` and `1`.",
    consequence="what it says is not done, although it looks so",
    cure="Set it to `true`.",
)
def not_true(context: RuleContext) -> Iterator[Occurrence]:
    """Find booleans that say yes in another word than true."""
    for found in context.snapshot.variables:
        if found.name in _BOOLEANS and found.value.strip("\"' \r\n").lower() in _YES:
            yield Occurrence(
                variable(found.name),
                f"{found.name} is '{mask(found.value)}', which AWS tools read as false",
                set_variable(context, "set it to true", found.name, "true"),
                evidence=variable_lines(context, found.name),
            )


_BOOLEANS = {f"AWS_{name.upper()}" for name in of_type(Type.BOOLEAN)} | {"AWS_EC2_METADATA_DISABLED"}
_YES = ("yes", "y", "on", "1", "t", "enabled", "enable")
_REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
_LIKENESS = 0.8


_LOGIN_DIRECTORY = "AWS_LOGIN_CACHE_DIRECTORY"


def _with_login(name: str) -> str:
    return " that has to renew its login" if name == _LOGIN_DIRECTORY else ""


def _corrected(context: RuleContext, found: Variable) -> Fix:
    """Return a fix that writes the region that was probably meant, or else unsets the variable."""
    plain = found.value.partition(" #")[0].strip(" \t\"',;")  # docker's --env-file keeps comments
    if found.name.startswith("AWS_ENDPOINT_URL"):
        return _right_endpoint(context, found.name, found.value.strip(" \t\r\n\"',;"))
    is_of_region = found.name.endswith("REGION")
    meant = identifiers.likely_regions(plain, regions()) if is_of_region else ()
    if len(meant) > 1:
        return fixes.manual(f"set {found.name} to {one_of(meant)}, or unset it")
    right = plain if identifiers.is_region(plain) else next(iter(meant), None)
    if right is None or not is_of_region:
        return fixes.unset(context.snapshot.host, found.name)
    return set_variable(context, f"write {right}, which is probably meant", found.name, right)


def _right_endpoint(context: RuleContext, name: str, plain: str) -> Fix:
    """Return a fix that sets the URL that was meant; none that unsets it: calls would go to AWS itself."""
    for right in (plain, f"http://{plain}"):
        parts = endpoint(right)
        if parts is not None and parts.is_valid and (parts.is_here or right == plain):
            return set_variable(context, f"write {right}, which is probably meant", name, right)
    return fixes.manual(f"correct {name}; if it is unset, calls go to AWS itself")


def _fault(context: RuleContext, name: str) -> PredictedError | None:
    """Return what botocore raises over a variable while it looks for credentials."""
    text = variable_value(context, name)
    try:
        if name in METADATA_VARIABLES:
            provider_checks.check_metadata_settings({name: text}, dict)
        elif name == END_VARIABLE and text and variable_value(context, "AWS_ACCESS_KEY_ID"):
            fault = provider_checks.environment_fault(context.snapshot.host, context.now)
            if fault is not None and fault.cause is Cause.ENVIRONMENT_END_NO_DATE:
                return replace(fault, message=f"{text} is not a date of expiry ({fault.message})")
            return fault if fault is not None and fault.cause is not Cause.ENVIRONMENT_EXPIRED else None
    except PredictedErrorRaised as raised:
        return raised.fault
    return None


def _whose(context: RuleContext, name: str) -> str:
    if name == _LOGIN_DIRECTORY:
        return f"every command{_with_login(name)}"
    if name == "AWS_CREDENTIAL_EXPIRATION":
        return "every command that names no profile"
    if name.startswith("AWS_ENDPOINT_URL_"):
        return f"every command of the service {name.removeprefix('AWS_ENDPOINT_URL_')}"
    if name == "AWS_REGION":
        return f"every command of {Tool.CLI_V2.label} without --region"
    if name == "AWS_DEFAULT_REGION":
        is_alone = "AWS_REGION" not in context.snapshot.host.environ
        return f"every command{'' if is_alone else ' of boto3 and AWS CLI v1'} without a region of its own"
    refusing = client_checks.variable_refused_by(name, variable_value(context, name))
    of = "" if len(refusing) in (0, len(Tool)) else f" of {join_words(tool.label for tool in refusing)}"
    return f"every command{of}"
