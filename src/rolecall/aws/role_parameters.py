"""What STS and IAM Identity Center refuse of a role's parameters, whatever the credentials are.

botocore checks only types and shortest lengths (``first_call``); the services check the rest.
"""

import re
from collections.abc import Callable, Mapping

from rolecall.aws.providers import Cause, Hop, PredictedError, Provider
from rolecall.aws.value_shapes import SHAPES, Misfit, called, text_misfit

_ARN = re.compile(
    r"arn:(?P<partition>[^:]*):(?P<service>[^:]*):(?P<region>[^:]*):(?P<account>[^:]*):(?P<rest>.*)"
)
_ROLE = re.compile(r"role/(?:[\x21-\x7e]*/)?[\w+=,.@-]{1,64}", re.ASCII)
_ACCOUNT = SHAPES["aws_account_id"].pattern
_LENGTH = 12
_MEMBERS = {"role_session_name": "roleSessionName", "external_id": "externalId", "mfa_serial": "serialNumber"}
_DEVICES = ("mfa/", "sms-mfa/")
_RESERVED = "AWSReservedSSO_"
_OF_HOP: Mapping[str, tuple[str, ...]] = {
    Provider.ASSUME_ROLE: ("role_session_name", "external_id", "mfa_serial", "role_arn"),
    Provider.WEB_IDENTITY: ("role_session_name", "role_arn"),
    Provider.SSO: ("sso_account_id", "sso_role_name"),
}


def misfits(hop: Hop) -> tuple[Misfit, ...]:
    """Return what the service that gives the hop's role refuses of its settings."""
    found = []
    for key in _OF_HOP.get(hop.provider or "", ()):
        value = hop.settings.get(key)
        if value == "" and hop.provider == Provider.SSO:
            found.append(Misfit(key, "is empty"))  # in a role's parameters botocore refuses that itself
        misfit = misfit_of(key, value) if isinstance(value, str) and value else None
        if misfit is not None:
            found.append(misfit)
    return tuple(found)


def misfit_of(key: str, value: str) -> Misfit | None:
    """Return what is wrong with the value of such a setting, where it is not empty; None for others."""
    check = _CHECKS.get(key)
    found = check(value) if check is not None else None
    plainer = text_misfit(key, value) if found is not None else None
    return found if plainer is None or plainer.words.startswith("contains") else plainer


def refusal(hop: Hop) -> PredictedError | None:
    """Return what the service answers to a request for the hop's role, or None where it may give it."""
    found = misfits(hop)
    if not found:
        return None
    names = tuple(each.name for each in found)
    messages = [
        _constraint(name, str(hop.settings[name]))
        for name in names
        if name in _MEMBERS and SHAPES[name].misfit(str(hop.settings[name])) is not None
    ]
    if messages:
        plural = "" if len(messages) == 1 else "s"
        told = f"{len(messages)} validation error{plural} detected: {'; '.join(messages)}"
        return _answer("ValidationError", told, names, hop)
    if names[0] == "role_arn" and _is_a_whole_arn(str(hop.settings["role_arn"])):
        told = f"is not authorized to perform: sts:AssumeRole on resource: {hop.settings['role_arn']}"
        return PredictedError("ClientError", told, Cause.BAD_PARAMETER, names)
    if names[0] == "mfa_serial":
        told = "MultiFactorAuthentication failed, unable to validate MFA code"
        return _answer("AccessDenied", told, names, hop)
    if hop.provider == Provider.SSO:
        return _answer("ForbiddenException", "No access", names, hop)
    return _answer("ValidationError", "Request ARN is invalid", names, hop)


def _answer(code: str, told: str, names: tuple[str, ...], hop: Hop) -> PredictedError:
    operation = {Provider.SSO: "GetRoleCredentials", Provider.WEB_IDENTITY: "AssumeRoleWithWebIdentity"}
    calling = operation.get(Provider(str(hop.provider)), "AssumeRole")
    message = f"An error occurred ({code}) when calling the {calling} operation: {told}"
    return PredictedError("ClientError", message, Cause.BAD_PARAMETER, names)


def _constraint(name: str, value: str) -> str:
    shape = SHAPES[name]
    wants = f"regular expression pattern: {shape.pattern.pattern}"
    if len(value) > shape.longest:
        wants = f"have length less than or equal to {shape.longest}"
        return f"Value '{value}' at '{_MEMBERS[name]}' failed to satisfy constraint: Member must {wants}"
    return f"Value '{value}' at '{_MEMBERS[name]}' failed to satisfy constraint: Member must satisfy {wants}"


def _is_a_whole_arn(value: str) -> bool:
    """Whether it is the ARN of something, in an account: then STS answers that it may not be assumed."""
    found = _ARN.fullmatch(value)
    return found is not None and bool(_ACCOUNT.fullmatch(found["account"])) and "/" in found["rest"]


def _of_shape(name: str) -> Callable[[str], Misfit | None]:
    shape = SHAPES[name]

    def check(value: str) -> Misfit | None:
        words = shape.misfit(value) if len(value) >= shape.shortest else None  # botocore refuses that itself
        right = re.sub(r"[^\w+=,.@-]+", "-", value, flags=re.ASCII)[: shape.longest]
        return Misfit(name, words, right if name == "role_session_name" else None) if words else None

    return check


def _account(name: str, value: str, whole: Callable[[str], str] = str) -> Misfit | None:
    """Return what is wrong with an account id.

    Args:
        name: the setting.
        value: the account id.
        whole: makes the setting's right value of the right account id.
    """
    if _ACCOUNT.fullmatch(value):
        return None
    digits = re.sub(r"[\s'\"-]", "", value)
    where = "has an account id that" if name != "sso_account_id" else ""
    if _ACCOUNT.fullmatch(digits):
        odd = next(sign for sign in value if not sign.isdigit())
        return Misfit(
            name, f"{where} contains {called(odd)}: it is 12 digits and nothing else".strip(), whole(digits)
        )
    if value.isascii() and value.isdigit():
        right = whole(f"0{value}") if len(value) == _LENGTH - 1 else None
        lost = ": a leading zero is lost" if right is not None else ""
        return Misfit(name, f"{where} has {len(value)} digits, not 12{lost}".strip(), right)
    return Misfit(name, f"{where} is not 12 digits".strip())


def _role_arn(value: str) -> Misfit | None:
    name = "role_arn"
    if len(value) < SHAPES[name].shortest:
        return None  # botocore refuses that itself
    found = _ARN.fullmatch(value)
    if found is None or not found["partition"].startswith("aws"):
        return Misfit(name, "is not an ARN: one begins with arn:aws:iam:: and the account id")
    rest, start = found["rest"], f"arn:{found['partition']}:iam::"
    if found["service"] not in ("iam", "sts") or found["region"]:
        return Misfit(
            name, f"is an ARN of {found['service'] or 'no service'}, not of a role: it has iam:: in it"
        )
    of_account = _account(name, found["account"], lambda right: f"{start}{right}:{rest}")
    if of_account is not None:
        return of_account
    start += f"{found['account']}:"
    if found["service"] == "sts":
        role = rest.removeprefix("assumed-role/").partition("/")[0]
        return Misfit(
            name,
            "is the ARN of a session of a role (sts, assumed-role), not of the role",
            f"{start}role/{role}",
        )
    if _ROLE.fullmatch(rest):
        return None
    kind, slash, _ = rest.partition("/")
    if slash and kind != "role":
        return Misfit(name, f"has {kind}/ where role/ belongs: it is not the ARN of a role")
    if not slash and re.fullmatch(r"[\w+=,.@-]+", rest) and rest != "role":
        return Misfit(name, "lacks role/ before the role's name", f"{start}role/{rest}")
    return Misfit(
        name,
        "has no role's name after role/" if rest in ("", "role", "role/") else "has no valid role's name",
    )


def _serial(value: str) -> Misfit | None:
    name = "mfa_serial"
    found = _of_shape(name)(value)
    if found is not None or not value.startswith("arn:"):
        return found
    parts = _ARN.fullmatch(value)
    if parts is None or parts["service"] != "iam":
        return Misfit(
            name, "is not the ARN of an MFA device: arn:aws:iam:: and the account id, :mfa/ and its name"
        )
    start, rest = f"arn:{parts['partition']}:iam::", parts["rest"]
    of_account = _account(name, parts["account"], lambda right: f"{start}{right}:{rest}")
    if of_account is not None:
        return of_account
    if rest.startswith(_DEVICES) and not rest.endswith("/"):
        return None
    if rest.startswith("user/"):
        right = f"{start}{parts['account']}:mfa/{rest.rpartition('/')[2]}"
        return Misfit(name, "is the ARN of a user, not of an MFA device (mfa/ and its name)", right)
    if rest.startswith("u2f/"):
        return Misfit(
            name, "is a security key, which gives no codes: the AWS CLI and boto3 need a virtual device"
        )
    return Misfit(name, "lacks mfa/ and the name of the device")


def _permission_set(value: str) -> Misfit | None:
    name = "sso_role_name"
    bare = value.rpartition("/")[2]
    if bare.startswith(_RESERVED):
        right = re.sub(r"_[0-9a-f]{16}$", "", bare.removeprefix(_RESERVED))
        return Misfit(
            name, "is the role that IAM has of a permission set, not the permission set's own name", right
        )
    if value.startswith("arn:"):
        return Misfit(name, "is an ARN, not the name of a permission set")
    return None


_CHECKS: Mapping[str, Callable[[str], Misfit | None]] = {
    "role_arn": _role_arn,
    "mfa_serial": _serial,
    "role_session_name": _of_shape("role_session_name"),
    "external_id": _of_shape("external_id"),
    "sso_account_id": lambda value: _account("sso_account_id", value),
    "sso_role_name": _permission_set,
}
