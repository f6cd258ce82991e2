"""What is known of each setting of the two files: what it is for, and what can be typed for it.

The names and their meaning are those of botocore and the AWS CLI; a setting that is not listed here is as
good as any other.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from types import MappingProxyType

OUTPUTS = ("json", "text", "table", "yaml", "yaml-stream")
SOURCES = ("Environment", "Ec2InstanceMetadata", "EcsContainer")
"""What botocore takes for ``credential_source``, in exactly this case."""
_BOOLEANS = ("true", "false")


class Offer(StrEnum):
    """What is offered to complete a value."""

    NOTHING = "nothing"
    REGIONS = "regions"
    PROFILES = "profiles"
    SESSIONS = "sso-sessions"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a setting.

    Attributes:
        help: what it is for, without the full stop.
        offer: what completes it, where that depends on what is there.
        words: what completes it, where that is always the same.
        is_block: whether AWS tools expect indented ``key = value`` lines below it.
    """

    help: str
    offer: Offer = Offer.NOTHING
    words: tuple[str, ...] = ()
    is_block: bool = False


KNOWN: Mapping[str, Known] = MappingProxyType({
    "role_arn": Known("The role to assume: its whole ARN"),
    "source_profile": Known("The profile whose credentials assume the role", Offer.PROFILES),
    "credential_source": Known("What assumes the role where that is no profile", words=SOURCES),
    "mfa_serial": Known("The MFA device whose code AWS asks for: its ARN, or its serial number"),
    "external_id": Known("What the owner of the role wants to hear from outsiders"),
    "role_session_name": Known("How CloudTrail names the session; without it the tools make a name up"),
    "duration_seconds": Known("For how long the role is assumed: 900 to 43200; 3600 without it"),
    "web_identity_token_file": Known("The file with the token that proves who this is; ~ is not expanded"),
    "sso_session": Known("The sso-session that logs in", Offer.SESSIONS),
    "sso_account_id": Known("The account, 12 digits"),
    "sso_role_name": Known("The permission set, as the access portal names it"),
    "sso_start_url": Known("The address of the access portal"),
    "sso_region": Known("The region of IAM Identity Center, often not the one you work in", Offer.REGIONS),
    "sso_registration_scopes": Known("What the login may be used for", words=("sso:account:access",)),
    "aws_access_key_id": Known("The id of the key pair: AKIA… for long-term, ASIA… for temporary keys"),
    "aws_secret_access_key": Known("The secret of the key pair"),
    "aws_session_token": Known("Belongs to temporary keys"),
    "aws_security_token": Known("The old name of aws_session_token, which it beats"),
    "aws_account_id": Known("The account of the keys, 12 digits"),
    "credential_process": Known("The program that prints credentials; each AWS command runs it"),
    "login_session": Known("The session of aws login, as it wrote it"),
    "region": Known("The region for commands that name none", Offer.REGIONS),
    "output": Known("How the AWS CLI prints", words=OUTPUTS),
    "s3": Known("How the AWS CLI copies to and from S3", is_block=True),
    "api_versions": Known("The version of each service's API", is_block=True),
    "services": Known("The [services] section with endpoints of its own"),
    "endpoint_url": Known("Where every service is called"),
    "ignore_configured_endpoint_urls": Known("Whether endpoint_url counts for nothing", words=_BOOLEANS),
    "ca_bundle": Known("The certificates that are trusted"),
    "cli_pager": Known("The program that pages what the AWS CLI prints"),
    "cli_auto_prompt": Known("Whether CLI v2 asks for parameters", words=("on", "on-partial", "off")),
    "cli_binary_format": Known("How CLI v2 takes binary parameters", words=("base64", "raw-in-base64-out")),
    "cli_history": Known("Whether the AWS CLI keeps a history", words=("enabled", "disabled")),
    "cli_timestamp_format": Known("How CLI v2 prints times", words=("iso8601", "wire")),
    "defaults_mode": Known(
        "The set of defaults for time-outs and retries",
        words=("legacy", "standard", "in-region", "cross-region", "mobile", "auto"),
    ),
    "max_attempts": Known("How often a call is tried"),
    "metadata_service_timeout": Known("Seconds to wait for the instance metadata service"),
    "metadata_service_num_attempts": Known("Tries at the instance metadata service"),
    "ec2_metadata_service_endpoint": Known("Where the instance metadata service is asked"),
    "retry_mode": Known("How a call is tried again", words=("legacy", "standard", "adaptive")),
    "sts_regional_endpoints": Known("Which endpoint of STS is called", words=("regional", "legacy")),
    "tcp_keepalive": Known("Whether connections are kept alive", words=_BOOLEANS),
    "use_dualstack_endpoint": Known("Whether endpoints with IPv6 are called", words=_BOOLEANS),
    "use_fips_endpoint": Known("Whether FIPS endpoints are called", words=_BOOLEANS),
    "account_id_endpoint_mode": Known(
        "Whether endpoints carry the account id", words=("preferred", "disabled", "required")
    ),
})  # fmt: skip
UNKNOWN = Known("")


def known(key: str) -> Known:
    """Return what is known of a setting: nothing, where it is none of AWS's."""
    return KNOWN.get(key.lower(), UNKNOWN)


def regions() -> Mapping[str, str]:
    """Return the regions that botocore has, with their names in words; empty where it has no such list.

    Read from the list of partitions, which is small (2 ms); ``get_available_regions`` needs a session and
    all endpoints.
    """
    try:
        text = (resources.files("botocore") / "data" / "partitions.json").read_text("utf-8")
        return {
            name: str(about.get("description", ""))
            for partition in json.loads(text)["partitions"]
            for name, about in partition["regions"].items()
            if not name.endswith("-global")
        }
    except (OSError, ValueError, KeyError, AttributeError):
        return {}  # an older botocore, or one packed otherwise: then nothing is offered
