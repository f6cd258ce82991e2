"""The made-up STS, and who may assume which role at Meadow."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from types import MappingProxyType

from rolecall.aws.expiry import LONGEST_DURATION, SHORTEST_DURATION
from rolecall.demo import callers
from rolecall.demo.callers import CI, ROWAN, Caller, Callers, Denied, assumed, is_temporary
from rolecall.values import dataclass

DEVICE = "arn:aws:iam::123456789012:mfa/rowan"
CODE = "123456"
"""The code that this device always shows."""
POD = "system:serviceaccount:default:rowan-pod"

_ADMIN = "arn:aws:sts::111122223333:assumed-role/Admin/*"
_DEPLOY = "arn:aws:sts::111122223333:assumed-role/Deploy/*"
_CONTRACTOR = "arn:aws:sts::210987654321:assumed-role/AWSReservedSSO_Contractor_*"


@dataclass(frozen=True, slots=True)
class Trust:
    """A role's trust policy.

    Attributes:
        principals: the ARNs that may assume it, with ``*``; or the subject of a web identity.
        wants_mfa: whether an MFA code is required.
        external_id: the external id that is required, if any.
    """

    principals: tuple[str, ...]
    wants_mfa: bool = False
    external_id: str | None = None

    def admits(self, who: str) -> bool:
        """Whether it names this principal."""
        return any(fnmatchcase(who, principal) for principal in self.principals)


ROLES: Mapping[str, Trust] = MappingProxyType(
    {
        "arn:aws:iam::111122223333:role/Admin": Trust((ROWAN,), wants_mfa=True),
        "arn:aws:iam::111122223333:role/Deploy": Trust((_ADMIN,)),
        "arn:aws:iam::111122223333:role/ReadOnly": Trust((_ADMIN,)),
        "arn:aws:iam::111122223333:role/LogArchive": Trust((_DEPLOY,)),
        "arn:aws:iam::111122223333:role/Operator": Trust((ROWAN, _ADMIN)),
        "arn:aws:iam::111122223333:role/Bastion": Trust(("ec2.amazonaws.com",)),
        "arn:aws:iam::444455556666:role/Developer": Trust((ROWAN,)),
        # the build box alone: that `release` works at times is the doing of the cache file it shares
        "arn:aws:iam::444455556666:role/Release": Trust((CI,)),
        "arn:aws:iam::444455556666:role/LoadTest": Trust((ROWAN,)),
        "arn:aws:iam::444455556666:role/Blue": Trust((ROWAN,)),
        "arn:aws:iam::444455556666:role/Green": Trust((ROWAN,)),
        "arn:aws:iam::777788889999:role/PodReader": Trust((POD,)),
        "arn:aws:iam::777788889999:role/Intern": Trust((ROWAN,)),
        "arn:aws:iam::777788889999:role/Sandbox": Trust((ROWAN,)),
        "arn:aws:iam::210987654321:role/Audit": Trust((_CONTRACTOR,), external_id="meadow-2214"),
    }
)
"""Each role's trust policy by its ARN; a role that does not exist trusts nobody."""

NOBODY = Trust(())


def may_assume(role: str, caller: Caller, external_id: str | None, *, has_mfa: bool) -> bool:
    """Whether a caller may assume a role; the MFA code may come with this call or with an earlier one."""
    policy = ROLES.get(role, NOBODY)
    is_known = policy.external_id is None or policy.external_id == external_id
    return policy.admits(caller.arn) and is_known and (has_mfa or caller.has_mfa or not policy.wants_mfa)


_Form = Mapping[str, str]
_Headers = Mapping[str, str]
_Fields = Mapping[str, object]

_ROLE = re.compile(r"arn:aws:iam::(?P<account>\d{12}):role/(?:.*/)?(?P<name>[\w+=,.@-]+)", re.ASCII)
_CREDENTIAL = re.compile(r"Credential=(?P<access_key>\w+)/")
_HOUR, _LONGEST_SESSION = 3600, 129_600
_NO_LONGER = (
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
)
_WRONG_CODE = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
_WRONG_DEVICE = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  "
    "Please verify your MFA serial number is valid and associated with this user."
)


class TokenService:
    """STS over the callers of the demo."""

    def __init__(self, callers: Callers, clock: Callable[[], datetime]) -> None:
        self._callers = callers
        self._clock = clock
        self._actions: Mapping[str, Callable[[_Form, _Headers], _Fields]] = {
            "AssumeRole": self._assume_role,
            "AssumeRoleWithWebIdentity": self._assume_role_with_web_identity,
            "GetCallerIdentity": self._get_caller_identity,
            "GetFederationToken": self._get_federation_token,
            "GetSessionToken": self._get_session_token,
        }

    def call(self, action: str, form: _Form, headers: _Headers) -> _Fields:
        """Return the result of an action.

        Raises:
            Denied: the action is refused, or unknown.
        """
        return self._action(action)(form, headers)

    def _action(self, name: str) -> Callable[[_Form, _Headers], _Fields]:
        if name not in self._actions:
            raise Denied("InvalidAction", f"Could not find operation {name} for version 2011-06-15")
        return self._actions[name]

    def _get_caller_identity(self, _form: _Form, headers: _Headers) -> _Fields:
        caller, _ = self._caller(headers)
        return {"UserId": caller.user_id, "Account": caller.account, "Arn": caller.arn}

    def _assume_role(self, form: _Form, headers: _Headers) -> _Fields:
        caller, access_key = self._caller(headers)
        role, session = _required(form, "RoleArn"), _required(form, "RoleSessionName")
        seconds = _seconds(form, _HOUR, LONGEST_DURATION)
        if is_temporary(access_key) and seconds > _HOUR:
            raise Denied("ValidationError", _NO_LONGER)
        has_mfa = _has_mfa(form)
        if not may_assume(role, caller, form.get("ExternalId"), has_mfa=has_mfa):
            message = f"User: {caller.arn} is not authorized to perform: sts:AssumeRole on resource: {role}"
            raise Denied("AccessDenied", message, 403)
        return self._in_role(role, session, seconds, has_mfa=has_mfa)

    def _assume_role_with_web_identity(self, form: _Form, _headers: _Headers) -> _Fields:
        role, session = _required(form, "RoleArn"), _required(form, "RoleSessionName")
        seconds = _seconds(form, _HOUR, LONGEST_DURATION)
        subject, issuer, ends = _identity(_required(form, "WebIdentityToken"))
        if ends <= self._clock():
            raise Denied("ExpiredTokenException", f"Token expired: it was good until {_iso(ends)}")
        if not ROLES.get(role, NOBODY).admits(subject):
            message = "Not authorized to perform sts:AssumeRoleWithWebIdentity"
            raise Denied("AccessDenied", message, 403)
        whose = {"SubjectFromWebIdentityToken": subject, "Provider": issuer}
        return {**self._in_role(role, session, seconds, has_mfa=False), **whose}

    def _get_session_token(self, form: _Form, headers: _Headers) -> _Fields:
        caller, access_key = self._caller(headers)
        if is_temporary(access_key):
            raise Denied("AccessDenied", "Cannot call GetSessionToken with session credentials", 403)
        seconds = _seconds(form, LONGEST_DURATION, _LONGEST_SESSION)
        has_mfa = _has_mfa(form)
        ends = self._clock() + timedelta(seconds=seconds)
        return {"Credentials": self._credentials(Caller(caller.arn, caller.user_id, ends, has_mfa), ends)}

    def _get_federation_token(self, form: _Form, headers: _Headers) -> _Fields:
        caller, access_key = self._caller(headers)
        if is_temporary(access_key):
            raise Denied("AccessDenied", "Cannot call GetFederationToken with session credentials", 403)
        name = _required(form, "Name")
        ends = self._clock() + timedelta(seconds=_seconds(form, LONGEST_DURATION, _LONGEST_SESSION))
        arn, user_id = f"arn:aws:sts::{caller.account}:federated-user/{name}", f"{caller.account}:{name}"
        return {
            "FederatedUser": {"FederatedUserId": user_id, "Arn": arn},
            "Credentials": self._credentials(Caller(arn, user_id, ends, has_mfa=False), ends),
        }

    def _caller(self, headers: _Headers) -> tuple[Caller, str]:
        """Return who signed a request, and with which access key."""
        found = _CREDENTIAL.search(headers.get("authorization", ""))
        if found is None:
            raise Denied("MissingAuthenticationToken", "Request is missing Authentication Token", 403)
        access_key = found["access_key"]
        return self._callers.identify(access_key, headers.get("x-amz-security-token")), access_key

    def _in_role(self, role: str, session: str, seconds: int, *, has_mfa: bool) -> _Fields:
        """Return a role's credentials, and the caller they stand for."""
        parts = _ROLE.fullmatch(role)
        if parts is None:
            raise Denied("ValidationError", f"{role} is invalid")
        ends = self._clock() + timedelta(seconds=seconds)
        caller = assumed(parts["account"], parts["name"], session, ends, has_mfa=has_mfa)
        return {
            "AssumedRoleUser": {"AssumedRoleId": caller.user_id, "Arn": caller.arn},
            "Credentials": self._credentials(caller, ends),
        }

    def _credentials(self, caller: Caller, ends: datetime) -> _Fields:
        return {
            "AccessKeyId": self._callers.issue(caller),
            "SecretAccessKey": callers.SECRET_KEY,
            "SessionToken": callers.SESSION_TOKEN,
            "Expiration": _iso(ends),
        }


def _required(form: _Form, name: str) -> str:
    value = form.get(name, "")
    if not value:
        member = name[0].lower() + name[1:]
        raise Denied(
            "ValidationError",
            f"1 validation error detected: Value null at '{member}' failed to satisfy constraint: "
            "Member must not be null",
        )
    return value


def _seconds(form: _Form, default: int, longest: int) -> int:
    text = form.get("DurationSeconds", str(default))
    seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - as many digits as an int of theirs
    if SHORTEST_DURATION <= seconds <= longest:
        return seconds
    bound = (
        f"less than or equal to {longest}"
        if seconds > longest
        else f"greater than or equal to {SHORTEST_DURATION}"
    )
    raise Denied(
        "ValidationError",
        f"1 validation error detected: Value '{text}' at 'durationSeconds' failed to satisfy constraint: "
        f"Member must have value {bound}",
    )


def _has_mfa(form: _Form) -> bool:
    """Whether the call has a code of rowan's device; a wrong code is refused even if none is required."""
    serial, code = form.get("SerialNumber"), form.get("TokenCode")
    if serial is None and code is None:
        return False
    if serial != DEVICE:
        raise Denied("AccessDenied", _WRONG_DEVICE, 403)
    if code != CODE:
        raise Denied("AccessDenied", _WRONG_CODE, 403)
    return True


def _identity(token: str) -> tuple[str, str, datetime]:
    """Return the subject, the issuer and the end of a web identity token; its signature is not looked at."""
    try:
        part = token.split(".")[1]
        claims = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return str(claims["sub"]), str(claims["iss"]), datetime.fromtimestamp(claims["exp"], UTC)
    except (IndexError, ValueError, KeyError, TypeError, OverflowError, OSError):
        message = (
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
        )
        raise Denied("InvalidIdentityToken", message) from None


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
