"""How an STS answers: rules for the stub, each for one action."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from xml.sax.saxutils import escape

from rolecall.aws.identifiers import account_of_arn
from tests.interop.stub import NAMESPACE, Rule

SECRET = "CANARYsecretCANARYsecretCANARYsecret0123"
TOKEN = "FwoGZXIvYXdzECANARY/0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP" * 2
"""What the stub hands out, to be looked for where it must not be."""
INVALID_CODE = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
CHAINED = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"


def gives(lasts: timedelta = timedelta(hours=1)) -> Rule:
    """Give the role that is asked for, with an access key that tells which call it came of."""
    number = count(1)

    def rule(parameters: Mapping[str, str]) -> tuple[int, str]:
        action, arn = parameters["Action"], parameters["RoleArn"]
        name, session = arn.rpartition("/")[2], parameters["RoleSessionName"]
        end = datetime.now(UTC) + timedelta(
            seconds=float(parameters.get("DurationSeconds", lasts.total_seconds()))
        )
        return 200, (
            f'<{action}Response xmlns="{NAMESPACE}"><{action}Result>'
            f"<AssumedRoleUser><AssumedRoleId>AROASTUB:{escape(session)}</AssumedRoleId>"
            f"<Arn>arn:aws:sts::{account_of_arn(arn)}:assumed-role/{escape(name)}/{escape(session)}</Arn>"
            f"</AssumedRoleUser><Credentials><AccessKeyId>ASIASTUB{next(number):012}</AccessKeyId>"
            f"<SecretAccessKey>{SECRET}</SecretAccessKey><SessionToken>{TOKEN}</SessionToken>"
            f"<Expiration>{end:%Y-%m-%dT%H:%M:%SZ}</Expiration></Credentials>"
            f"</{action}Result><ResponseMetadata><RequestId>STUB</RequestId></ResponseMetadata></{action}Response>"
        )

    return rule


def refuses(code: str, message: str, status: int = 403) -> Rule:
    """Refuse every call, in so many words."""

    def rule(_parameters: Mapping[str, str]) -> tuple[int, str]:
        error = f"<Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message>"
        return status, f'<ErrorResponse xmlns="{NAMESPACE}"><Error>{error}</Error></ErrorResponse>'

    return rule


def gives_for_code(*codes: str, serve_once: bool = False) -> Rule:
    """Give the role where the code is one of these, or where no device is named; each may serve only once."""
    grant, refuse = gives(), refuses("AccessDenied", INVALID_CODE)
    left = list(codes)

    def rule(parameters: Mapping[str, str]) -> tuple[int, str]:
        if "SerialNumber" not in parameters:
            return grant(parameters)
        if parameters.get("TokenCode") not in left:
            return refuse(parameters)
        if serve_once:
            left.remove(parameters["TokenCode"])
        return grant(parameters)

    return rule


def gives_all_but(name: str, otherwise: Rule) -> Rule:
    """Give every role but one, which gets another answer."""
    grant = gives()

    def rule(parameters: Mapping[str, str]) -> tuple[int, str]:
        return (otherwise if parameters["RoleArn"].endswith(f"/{name}") else grant)(parameters)

    return rule


def says_who(account: str, arn: str) -> Rule:
    """Answer GetCallerIdentity."""

    def rule(_parameters: Mapping[str, str]) -> tuple[int, str]:
        return 200, (
            f'<GetCallerIdentityResponse xmlns="{NAMESPACE}"><GetCallerIdentityResult>'
            f"<UserId>STUB</UserId><Account>{account}</Account><Arn>{escape(arn)}</Arn>"
            "</GetCallerIdentityResult></GetCallerIdentityResponse>"
        )

    return rule
