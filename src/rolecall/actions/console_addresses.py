"""The addresses of the AWS console: its sign-in, a service's page, and the link of the SSO access portal."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote, urlencode, urlsplit

from rolecall.aws import identifiers
from rolecall.values import dataclass

STUB = "ROLECALL_SIGNIN_URL"
"""A variable of the demo and the tests: what is on loopback instead of AWS's sign-in and portal."""
_LOOPBACK = re.compile(r"http://127\.0\.0\.1:\d{1,5}", re.ASCII)
_SERVICE = re.compile(r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9-]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Hosts:
    """The hosts of a partition's sign-in and console."""

    sign_in: str
    console: str


_PARTITIONS: Mapping[str, _Hosts] = MappingProxyType(
    {
        "aws": _Hosts("signin.aws.amazon.com", "console.aws.amazon.com"),
        "aws-cn": _Hosts("signin.amazonaws.cn", "console.amazonaws.cn"),
        "aws-us-gov": _Hosts("signin.amazonaws-us-gov.com", "console.amazonaws-us-gov.com"),
    }
)
"""From "Enable custom identity broker access to the AWS console" in the IAM User Guide."""
_PATHS: Mapping[str, str] = MappingProxyType(
    {
        "dynamodb": "dynamodbv2",
        "ecs": "ecs/v2",
        "elb": "ec2",
        "elbv2": "ec2",
        "logs": "cloudwatch",
        "organizations": "organizations/v2",
        "sfn": "states",
        "sns": "sns/v3",
        "sqs": "sqs/v3",
        "ssm": "systems-manager",
        "sso": "singlesignon",
        "sso-admin": "singlesignon",
        "stepfunctions": "states",
        "vpc": "vpcconsole",
    }
)
"""The path of a service in the console, where it is not the name that the AWS CLI has for it."""


def is_known(partition: str) -> bool:
    """Whether the addresses of a partition are known."""
    return partition in _PARTITIONS


def is_service(name: str) -> bool:
    """Whether a text can be a service's place in the console: ``s3``, ``systems-manager/parameters``."""
    return _SERVICE.fullmatch(name) is not None


def federation(partition: str, environ: Mapping[str, str]) -> str:
    """Return the address of a partition's federation endpoint."""
    stub = _stub(environ)
    return f"{stub or f'https://{_PARTITIONS[partition].sign_in}'}/federation"


def sign_in(endpoint: str, token: str, destination: str) -> str:
    """Return the address that opens the console with a sign-in token: valid for 15 minutes, and secret."""
    query = urlencode({"Action": "login", "Destination": destination, "SigninToken": token})
    return f"{endpoint}?{query}"


def destination(partition: str, service: str | None, region: str | None) -> str:
    """Return the address of a service's page; of the console's home where no service is named."""
    path = "console" if service is None else _PATHS.get(service, service)
    where = f"?region={region}" if region is not None and identifiers.is_region(region) else ""
    return f"https://{_PARTITIONS[partition].console}/{path}/home{where}"


def portal_link(
    start_url: str, account: str, role: str, target: str, environ: Mapping[str, str]
) -> str | None:
    """Return the access portal's own link to the console as a permission set; it has no secret in it.

    As "Creating shortcut links to AWS Management Console destinations" in the IAM Identity Center User Guide
    has it. None where the start URL is none.
    """
    try:
        parts = urlsplit(start_url)
        is_url = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return None
    if not is_url or not parts.netloc.isascii():
        return None
    path = parts.path.rstrip("/")
    path = f"{path}/" if path in ("", "/start") else path
    base = _stub(environ) or f"https://{parts.netloc}"
    fields = {"account_id": account, "role_name": role, "destination": target}
    return f"{base}{path}#/console?{urlencode(fields, quote_via=quote)}"


def is_stubbed(environ: Mapping[str, str]) -> bool:
    """Whether there is a made-up sign-in, as in the demo."""
    return _stub(environ) is not None


def _stub(environ: Mapping[str, str]) -> str | None:
    """Return what is on loopback instead of AWS: credentials go nowhere else, whatever the variable says."""
    found = environ.get(STUB, "")
    return found if _LOOPBACK.fullmatch(found) else None
