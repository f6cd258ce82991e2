"""The settings that AWS tools read from the two files: what each is for, and what it may say.

The one table of them: completion, the form, the rules, the misspelling check and what may be shown are made
from it. The names are those of botocore and the AWS CLI; ``tests/doctor/aws_tables.py`` derives them from the
installed libraries, and a test fails where they know one that is missing here. What AWS CLI v2 knows beyond
that is from the source of 2.36.7. Masking is made from this table, so that it can import next to nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from functools import lru_cache
from types import MappingProxyType

from rolecall.masking import Show


class Kind(StrEnum):
    """What a profile is, by the settings that would decide, whether or not they work."""

    KEYS = "keys"
    ROLE = "role"
    WEB_IDENTITY = "web-identity"
    SSO = "sso"
    LOGIN = "login"
    PROCESS = "process"
    NONE = "none"


class Type(Enum):
    """What a value has to be."""

    TEXT = auto()
    """Anything; the setting's words, if it has any, are what is usual."""
    BOOLEAN = auto()
    """True where it says ``true``, in any case, and false whatever else it says."""
    NUMBER = auto()
    """What botocore makes an int of."""
    WORD = auto()
    """One of the setting's words in just this case: AWS tools fail over any other."""
    WORD_IN_ANY_CASE = auto()
    REGION = auto()
    PROFILE = auto()
    SSO_SESSION = auto()
    SERVICES = auto()
    """The name of a ``[services …]`` section."""
    COMMAND = auto()
    """What is split into words as a shell does, where quotes and a ``#`` may be meant."""
    BLOCK = auto()
    """Indented ``key = value`` lines."""


@dataclass(frozen=True, slots=True)
class Form:
    """The form that AWS gives a value, where it says so.

    Attributes:
        pattern: what a value matches from end to end.
        words: what a value of another form does not, to end a sentence: "which does not …".
    """

    pattern: re.Pattern[str]
    words: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a setting.

    Attributes:
        help: what it is for, without the full stop.
        type: what its value has to be.
        words: the values that it takes, or that are usual.
        kinds: the kinds of profiles that have a field for it in the form even where it is not set.
        show: what may be shown of its value. What holds a secret has to say so.
        form: the form of its value, if it has one.
        limits: the least and the greatest whole number, over which commands fail; None for no limit.
        holds: what a block may hold; empty where any name will do.
        is_needed_block: whether commands fail where the block is a text.
    """

    help: str
    type: Type = Type.TEXT
    words: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    show: Show = Show.PLAIN
    form: Form | None = None
    limits: tuple[int, int | None] | None = None
    holds: frozenset[str] = frozenset()
    is_needed_block: bool = False

    @property
    def is_limited(self) -> bool:
        """Whether AWS tools, or AWS, do not take every value."""
        has_range = self.form is not None or self.limits is not None or self.is_needed_block
        return has_range or self.type in _LIMITED


_LIMITED = (Type.BOOLEAN, Type.NUMBER, Type.WORD, Type.WORD_IN_ANY_CASE, Type.REGION)
_EVERY = tuple(Kind)
_ROLES = (Kind.ROLE, Kind.WEB_IDENTITY)
_ROLE_ARN = Form(
    re.compile(r"arn:[\w-]+:iam::\d{12}:role/\S+"), "have the form arn:aws:iam::123456789012:role/NAME"
)
_ACCOUNT = Form(re.compile(r"\d{12}"), "have 12 digits")
_ADDRESS = Form(re.compile(r"https://.*"), "begin with https://")
_YES_OR_NO = ("true", "false")


def _boolean(about: str) -> Known:
    return Known(about, Type.BOOLEAN, _YES_OR_NO)


_OFTEN = ("legacy", "standard", "in-region", "cross-region", "mobile", "auto")
_CHECKSUMS = ("when_supported", "when_required")
CREDENTIAL_SETTINGS: Mapping[str, Known] = MappingProxyType({
    "aws_access_key_id": Known("The id of the key pair: AKIA… for long-term, ASIA… for temporary keys",
                               kinds=(Kind.KEYS,), show=Show.KEY_ID),
    "aws_secret_access_key": Known("The secret of the key pair", kinds=(Kind.KEYS,), show=Show.SECRET),
    "aws_session_token": Known("Belongs to temporary keys", kinds=(Kind.KEYS,), show=Show.SECRET),
    "aws_security_token": Known("The old name of aws_session_token, which it beats", show=Show.SECRET),
    "aws_account_id": Known("The account of the keys, 12 digits", form=_ACCOUNT),
    "role_arn": Known("The role to assume: its whole ARN", kinds=_ROLES, form=_ROLE_ARN),
    "source_profile": Known("The profile whose credentials assume the role", Type.PROFILE,
                            kinds=(Kind.ROLE,)),
    "credential_source": Known("What assumes the role where that is no profile", kinds=(Kind.ROLE,),
                               words=("Environment", "Ec2InstanceMetadata", "EcsContainer")),
    "web_identity_token_file": Known("The file with the token that proves who this is; ~ is not expanded",
                                     kinds=(Kind.WEB_IDENTITY,)),
    "mfa_serial": Known("The MFA device whose code AWS asks for: its ARN, or its serial number",
                        kinds=(Kind.ROLE,)),
    "external_id": Known("What the owner of the role wants to hear from outsiders", kinds=(Kind.ROLE,)),
    "role_session_name": Known("How CloudTrail names the session; without it the tools make a name up",
                               kinds=_ROLES),
    "duration_seconds": Known("For how long the role is assumed: 900 to 43200; 3600 without it",
                              kinds=(Kind.ROLE,)),
    "sso_session": Known("The sso-session that logs in", Type.SSO_SESSION, kinds=(Kind.SSO,)),
    "sso_account_id": Known("The account, 12 digits", kinds=(Kind.SSO,), form=_ACCOUNT),
    "sso_role_name": Known("The permission set, as the access portal names it", kinds=(Kind.SSO,)),
    "sso_start_url": Known("The address of the access portal", show=Show.ADDRESS, form=_ADDRESS),
    "sso_region": Known("The region of IAM Identity Center, often not the one you work in", Type.REGION),
    "credential_process": Known("The program that prints credentials; each AWS command runs it", Type.COMMAND,
                                kinds=(Kind.PROCESS,), show=Show.COMMAND),
    "login_session": Known("The session of aws login, as it wrote it", kinds=(Kind.LOGIN,)),
})  # fmt: skip
"""Where credentials come from."""
SESSION_SETTINGS: Mapping[str, Known] = MappingProxyType({
    "sso_start_url": CREDENTIAL_SETTINGS["sso_start_url"],
    "sso_region": CREDENTIAL_SETTINGS["sso_region"],
    "sso_registration_scopes": Known("What the login may be used for", words=("sso:account:access",)),
})  # fmt: skip
"""What an sso-session may hold."""
SETTINGS: Mapping[str, Known] = MappingProxyType({
    **CREDENTIAL_SETTINGS,
    **SESSION_SETTINGS,
    "region": Known("The region for commands that name none", Type.REGION, kinds=_EVERY),
    "output": Known("How the AWS CLI prints", Type.WORD,
                      ("json", "text", "table", "yaml", "yaml-stream", "off"), kinds=_EVERY),
    "endpoint_url": Known("Where every service is called", show=Show.ADDRESS),
    "services": Known("The [services] section with endpoints of its own", Type.SERVICES),
    "s3": Known("How the AWS CLI copies to and from S3", Type.BLOCK, is_needed_block=True, holds=frozenset((
        "addressing_style", "direct_io", "disk_throughput", "io_chunksize", "max_bandwidth",
        "max_concurrent_requests", "max_queue_size", "multipart_chunksize", "multipart_threshold",
        "payload_signing_enabled", "preferred_transfer_client", "s3_disable_multiregion_access_points",
        "should_stream", "target_bandwidth", "us_east_1_regional_endpoint", "use_accelerate_endpoint",
        "use_arn_region", "use_dualstack_endpoint",
    ))),
    "account_id_endpoint_mode": Known("Whether endpoints carry the account id", Type.WORD_IN_ANY_CASE,
                                        ("preferred", "disabled", "required")),
    "api_versions": Known("The version of each service's API", Type.BLOCK, is_needed_block=True),
    "auth_scheme_preference": Known("Which ways of signing are tried first, separated by commas"),
    "ca_bundle": Known("The certificates that are trusted"),
    "cli_auto_prompt": Known("Whether CLI v2 asks for parameters", words=("on", "on-partial", "off")),
    "cli_binary_format": Known("How CLI v2 takes binary parameters", words=("base64", "raw-in-base64-out")),
    "cli_error_format": Known("How CLI v2 prints errors"),
    "cli_follow_urlparam": Known("Whether CLI v1 fetches a parameter that is a URL", words=_YES_OR_NO),
    "cli_help_output": Known("How CLI v2 shows its help", words=("terminal", "browser", "url")),
    "cli_history": Known("Whether the AWS CLI keeps a history", words=("enabled", "disabled")),
    "cli_pager": Known("The program that pages what the AWS CLI prints", Type.COMMAND, show=Show.COMMAND),
    "cli_timestamp_format": Known("How the AWS CLI prints times", Type.WORD, ("iso8601", "wire", "none")),
    "csm_client_id": Known("The client's name in client-side monitoring"),
    "csm_enabled": _boolean("Whether calls are reported to client-side monitoring"),
    "csm_host": Known("Where client-side monitoring listens"),
    "csm_port": Known("The port on which client-side monitoring listens", Type.NUMBER),
    "data_path": Known("More directories in which botocore looks for its models"),
    "defaults_mode": Known("The set of defaults for time-outs and retries", Type.WORD_IN_ANY_CASE, _OFTEN),
    "disable_host_prefix_injection": _boolean("Whether no prefix is put before the names of endpoints"),
    "disable_request_compression": _boolean("Whether no request is compressed"),
    "ec2_metadata_service_endpoint": Known("Where the instance metadata service is asked", show=Show.ADDRESS),
    "ec2_metadata_service_endpoint_mode": Known("By which protocol the instance metadata service is asked",
                                                  Type.WORD_IN_ANY_CASE, ("ipv4", "ipv6")),
    "ec2_metadata_v1_disabled": _boolean("Whether version 1 of the instance metadata service is left alone"),
    "emr": Known("How the AWS CLI creates EMR clusters", Type.BLOCK),
    "endpoint_discovery_enabled": Known("Whether a service is asked for its endpoints",
                                          words=("auto", "true", "false")),
    "ignore_configured_endpoint_urls": _boolean("Whether endpoint_url counts for nothing"),
    "imds_use_ipv6": _boolean("Whether the instance metadata service is asked by IPv6"),
    "max_attempts": Known("How often a call is tried", Type.NUMBER, limits=(1, None)),
    "metadata_service_num_attempts": Known("Tries at the instance metadata service", Type.NUMBER),
    "metadata_service_timeout": Known("Seconds to wait for the instance metadata service", Type.NUMBER),
    "parameter_validation": _boolean("Whether parameters are checked before a call"),
    "proxies_config": Known("How proxies are talked to", Type.BLOCK, holds=frozenset(
        ("proxy_ca_bundle", "proxy_client_cert", "proxy_use_forwarding_for_https"))),
    "proxy_ca_bundle": Known("The certificates that are trusted of a proxy"),
    "proxy_client_cert": Known("The certificate that is shown to a proxy"),
    "proxy_use_forwarding_for_https": _boolean("Whether a proxy sees what is sent by HTTPS"),
    "request_checksum_calculation": Known("When a request carries a checksum", Type.WORD_IN_ANY_CASE,
                                            _CHECKSUMS),
    "request_min_compression_size_bytes": Known("From how many bytes on a request is compressed",
                                                limits=(1, 1_048_576)),
    "response_checksum_validation": Known("When the checksum of an answer is looked at",
                                            Type.WORD_IN_ANY_CASE, _CHECKSUMS),
    "retry_mode": Known("How a call is tried again", Type.WORD, ("legacy", "standard", "adaptive")),
    "s3_disable_express_session_auth": Known("Whether S3 Express is called without sessions",
                                               words=_YES_OR_NO),
    "s3_us_east_1_regional_endpoint": Known("Which endpoint of S3 is called in us-east-1",
                                              words=("regional", "legacy")),
    "s3_use_arn_region": _boolean("Whether the region of a bucket's ARN counts"),
    "sdk_ua_app_id": Known("The application's name in the user agent"),
    "sigv4a_signing_region_set": Known("The regions for which requests are signed, separated by commas"),
    "sts_regional_endpoints": Known("Which endpoint of STS is called", Type.WORD, ("regional", "legacy")),
    "tcp_keepalive": _boolean("Whether connections are kept alive"),
    "use_dualstack_endpoint": _boolean("Whether endpoints with IPv6 are called"),
    "use_fips_endpoint": _boolean("Whether FIPS endpoints are called"),
})  # fmt: skip
"""What a profile may hold: first where credentials come from, then all else that is read."""
UNKNOWN = Known("")
"""What is known of a setting that is none of AWS's."""


def setting(name: str) -> Known:
    """Return what is known of a setting, by its name in any case."""
    return SETTINGS.get(name.lower(), UNKNOWN)


def of_type(*types: Type) -> Mapping[str, Known]:
    """Return the settings whose values are of some types, by name."""
    return {name: about for name, about in SETTINGS.items() if about.type in types}


def fields_of(kind: Kind | None) -> tuple[str, ...]:
    """Return the settings that a profile of a kind is asked for; those of an sso-session for None."""
    if kind is None:
        return tuple(SESSION_SETTINGS)
    return tuple(name for name, about in SETTINGS.items() if kind in about.kinds)


@lru_cache(maxsize=1)
def regions() -> Mapping[str, str]:
    """Return the regions that botocore has, with their names in words; empty where it has no such list.

    Read from the list of partitions, which is small (2 ms); ``get_available_regions`` needs a session and
    all endpoints.
    """
    import json  # noqa: PLC0415 - masking is made from this table, and few who mask ask for a region
    import pkgutil  # noqa: PLC0415 - as above

    try:
        data = pkgutil.get_data("botocore", "data/partitions.json") or b""
        return MappingProxyType(
            {
                name: str(about.get("description", ""))
                for partition in json.loads(data)["partitions"]
                for name, about in partition["regions"].items()
                if not name.endswith("-global")
            }
        )
    except (OSError, ValueError, KeyError, AttributeError):
        return {}  # an older botocore, or one packed otherwise: then nothing is offered
