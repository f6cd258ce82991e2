"""Variables with values that no AWS tool can use, or with paths that lead elsewhere than expected."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from rolecall.aws import identifiers, provider_checks
from rolecall.aws.provider_checks import END_VARIABLE, METADATA_VARIABLES
from rolecall.aws.providers import Cause, PredictedError, PredictedErrorRaised, Tool
from rolecall.aws.variables import Reader, Variable, VariableStatus, describe
from rolecall.doctor import fixes
from rolecall.doctor.evidence import said
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, rule
from rolecall.doctor.fixes import Fix
from rolecall.doctor.rules.build import set_variable, stopped, variable, variable_lines, variable_value
from rolecall.doctor.rules.environment_files import endpoint
from rolecall.text import mask

REGION = re.compile(r"(?![0-9]+$)(?!-)[a-zA-Z0-9-]{1,63}(?<!-)")
"""What botocore accepts as a region (``validate_region_name``)."""
_MOST_TO_COMPRESS = 1_048_576


def _one_of(*allowed: str) -> Callable[[str], str | None]:
    return lambda text: None if text in allowed else f"is not one of {', '.join(allowed)}"


def _one_of_any_case(*allowed: str) -> Callable[[str], str | None]:
    return lambda text: _one_of(*allowed)(text.lower())


def _integer(lowest: int, highest: int | None = None) -> Callable[[str], str | None]:
    def complain(text: str) -> str | None:
        try:
            number = int(text)
        except ValueError:
            return "is not a whole number"
        is_within = number >= lowest and (highest is None or number <= highest)
        return (
            None
            if is_within
            else f"is not between {lowest} and {highest}"
            if highest
            else f"is below {lowest}"
        )

    return complain


def _region(text: str) -> str | None:
    if not text:
        return "is set but empty, which counts as set: no region"
    return None if REGION.fullmatch(text) else "is not a region's name"


def _certificates(text: str) -> str | None:
    return None if text.strip() else "is set but empty, which counts as a file without certificates"


def _endpoint(text: str) -> str | None:
    if not text:
        return None
    found = endpoint(text)
    if found is None:
        return "is not a URL that begins with http:// or https:// and names a host"
    return None if found.is_valid else f"has a host that botocore does not accept: {found.host!r}"


_CHECKS: Mapping[str, Callable[[str], str | None]] = {
    "AWS_REGION": _region,
    "AWS_DEFAULT_REGION": _region,
    "AWS_MAX_ATTEMPTS": _integer(1),
    "AWS_RETRY_MODE": _one_of("legacy", "standard", "adaptive"),
    "AWS_DEFAULTS_MODE": _one_of_any_case(
        "legacy", "auto", "standard", "in-region", "cross-region", "mobile"
    ),
    "AWS_STS_REGIONAL_ENDPOINTS": lambda text: _one_of("legacy", "regional")(text) if text else None,
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": _one_of_any_case("preferred", "disabled", "required"),
    "AWS_REQUEST_CHECKSUM_CALCULATION": _one_of_any_case("when_supported", "when_required"),
    "AWS_RESPONSE_CHECKSUM_VALIDATION": _one_of_any_case("when_supported", "when_required"),
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": _integer(1, _MOST_TO_COMPRESS),
    "AWS_CA_BUNDLE": _certificates,
    "REQUESTS_CA_BUNDLE": _certificates,
}
"""What botocore complains about when it makes a client for any service, by variable; None if it does not."""


def complaint(name: str, text: str) -> str | None:
    """Return what is wrong with a variable's value, or None where botocore can make a client with it."""
    if name.startswith("AWS_ENDPOINT_URL"):
        return _endpoint(text)
    check = _CHECKS.get(name)
    return check(text) if check is not None else None


_TOLD = (Cause.METADATA_VARIABLE, Cause.ENVIRONMENT_END_UNREADABLE, Cause.ENVIRONMENT_END_NO_DATE)


@rule(
    "env-bad-setting",
    Severity.ERROR,
    "A variable whose value no AWS tool can use",
    cause="The value is misspelt, of the wrong kind, or empty where that counts as a value.",
    consequence="every command fails before it calls AWS",
    cure="Unset the variable, or correct it.",
    tells=_TOLD,
)
def bad_setting(context: RuleContext) -> Iterator[Occurrence]:
    """Botocore checks these for every client, even if the call does not use the setting."""
    for found in context.snapshot.variables:
        if found.verdict in (VariableStatus.SHADOWED, VariableStatus.IGNORED) and not found.name.endswith(
            "REGION"
        ):
            continue
        fault = _fault(context, found.name)
        words = (
            f"makes every command fail: {mask(fault.message)}"
            if fault
            else complaint(found.name, found.value)
        )
        if words is not None:
            yield Occurrence(
                variable(found.name),
                f"{found.name} {words}",
                _corrected(context, found),
                evidence=(*variable_lines(context, found.name), *said(fault)),
                consequence=f"{_whose(context, found.name)} fails before it calls AWS",
                profiles=stopped(context, *_TOLD, culprit=found.name),
            )


def _corrected(context: RuleContext, found: Variable) -> Fix:
    """Return a fix that writes the region that was probably meant, or else unsets the variable."""
    plain = found.value.strip(" \t\"',;")
    right = plain if identifiers.is_region(plain) else identifiers.meant(plain)
    if right is None or not found.name.endswith("REGION"):
        return fixes.unset(context.snapshot.host, found.name)
    return set_variable(context, f"write {right}, which is probably meant", found.name, right)


def _fault(context: RuleContext, name: str) -> PredictedError | None:
    """Return what botocore raises over a variable while it looks for credentials."""
    text = variable_value(context, name)
    try:
        if name in METADATA_VARIABLES:
            provider_checks.check({name: text}, dict)
        elif name == END_VARIABLE and text and variable_value(context, "AWS_ACCESS_KEY_ID"):
            fault = provider_checks.environment_fault(context.snapshot.host, context.now)
            if fault is not None and fault.cause is Cause.ENVIRONMENT_END_NO_DATE:
                return replace(fault, message=f"{text} is not a date of expiry ({fault.message})")
            return fault if fault is not None and fault.cause is not Cause.ENVIRONMENT_EXPIRED else None
    except PredictedErrorRaised as raised:
        return raised.fault
    return None


def _whose(context: RuleContext, name: str) -> str:
    if name == "AWS_CREDENTIAL_EXPIRATION":
        return "every command that names no profile"
    if name.startswith("AWS_ENDPOINT_URL_"):
        return f"every command of the service {name.removeprefix('AWS_ENDPOINT_URL_')}"
    if name == "AWS_REGION":
        return f"every command of {Tool.CLI_V2.label} without --region"
    if name == "AWS_DEFAULT_REGION":
        is_alone = "AWS_REGION" not in context.snapshot.host.environ
        return f"every command{'' if is_alone else ' of boto3 and AWS CLI v1'} without a region of its own"
    is_old = describe(name)[0] is Reader.NOT_V2
    return "every command of boto3 and AWS CLI v1" if is_old else "every command"


@rule(
    "env-ca-bundle",
    Severity.ERROR,
    "A file of certificates that does not exist",
    cause="The variable names a file that was moved or is on another machine, or has a $VARIABLE in it.",
    consequence="every call over HTTPS fails with SSLError: No such file or directory",
    cure="Correct the path, or unset the variable.",
)
def ca_bundle(context: RuleContext) -> Iterator[Occurrence]:
    """Botocore expands ``~`` in the path, but no variables."""
    host = context.snapshot.host
    name = next((each for each in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE") if each in host.environ), None)
    text = variable_value(context, name) if name else ""
    if not name or not text.strip() or variable_value(context, "AWS_ENDPOINT_URL").startswith("http://"):
        return
    path = Path(host.expand_user(text))
    if not _exists(path):
        yield Occurrence(
            variable(name),
            f"{name} names {host.display(path)}, which does not exist",
            fixes.unset(host, name),
            evidence=variable_lines(context, name),
        )


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
