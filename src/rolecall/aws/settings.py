"""The settings that AWS tools read from the two files: what each is for, and which values it accepts.

The only table of them: completion, the form, the rules, the misspelling check and the masking are made
from it. The names are those of botocore and the AWS CLI; ``tests/doctor/aws_tables.py`` derives them from the
installed libraries, and a test fails where they know one that is missing here. What AWS CLI v2 knows beyond
that is from the source of 2.36.7. Masking is made from this table, so that it can import next to nothing.
"""

import re
from collections.abc import Container, Mapping
from enum import Enum, StrEnum, auto
from functools import lru_cache
from types import MappingProxyType

from rolecall.aws.value_shapes import SHAPES
from rolecall.masking import Show
from rolecall.values import dataclass


class Kind(StrEnum):
    """The kind of a profile, by its settings, whether or not they work."""

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
    """Any text; the setting's words, if it has any, are the usual values."""
    BOOLEAN = auto()
    """True for ``true``, in any case, and false for everything else."""
    NUMBER = auto()
    """A number, which botocore passes to ``int``."""
    WORD = auto()
    """One of the setting's words, in exactly this case: AWS tools fail with any other."""
    WORD_IN_ANY_CASE = auto()
    REGION = auto()
    PROFILE = auto()
    SSO_SESSION = auto()
    SERVICES = auto()
    """The name of a ``[services …]`` section."""
    COMMAND = auto()
    """A command, split into words like a shell does; quotes and a ``#`` may be intended."""
    BLOCK = auto()
    """Indented ``key = value`` lines."""


@dataclass(frozen=True, slots=True)
class Form:
    """The form that a value must have for AWS, where AWS documents one.

    Attributes:
        pattern: the pattern that the whole value must match.
        words: the form in words, for the end of a sentence: "which does not …".
    """

    pattern: re.Pattern[str]
    words: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a setting.

    Attributes:
        help: what it is for, without the full stop.
        type: the type of its value.
        words: the values that it accepts, or that are usual.
        also: other names that people write for it: that of its variable, if it differs, or a short form.
        kinds: the kinds of profiles that have a field for it in the form even where it is not set.
        show: what may be shown of its value; a setting with a secret must say so.
        form: the form of its value, if it has one.
        limits: the least and the greatest whole number; commands fail with others. None for no limit.
        holds: the keys that a block may have; empty where any key is allowed.
        is_needed_block: whether commands fail where text is set instead of the block.
    """

    help: str
    type: Type = Type.TEXT
    words: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    show: Show = Show.PLAIN
    form: Form | None = None
    limits: tuple[int, int | None] | None = None
    holds: frozenset[str] = frozenset()
    is_needed_block: bool = False

    @property
    def is_limited(self) -> bool:
        """Whether AWS tools, or AWS, refuse some values."""
        has_range = self.form is not None or self.limits is not None or self.is_needed_block
        return has_range or self.type in _LIMITED


_LIMITED = (Type.BOOLEAN, Type.NUMBER, Type.WORD, Type.WORD_IN_ANY_CASE, Type.REGION)
_EVERY = tuple(Kind)
_ROLES = (Kind.ROLE, Kind.WEB_IDENTITY)
_ROLE_ARN = Form(
    re.compile(r"arn:[\w-]+:iam::\d{12}:role/\S+"), "have the form arn:aws:iam::123456789012:role/NAME"
)
_ACCOUNT = Form(SHAPES["aws_account_id"].pattern, "have 12 digits")
_SESSION_NAME = Form(
    re.compile(r"[\w+=,.@-]{2,64}", re.ASCII), "have 2 to 64 letters, digits and +=,.@-_, and nothing else"
)
_EXTERNAL_ID = Form(
    re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII),
    "have 2 letters, digits or +=,.@:/-_ at least, and nothing else",
)
_SERIAL = Form(
    re.compile(r"arn:aws[\w-]*:iam::\d{12}:(?:sms-)?mfa/[\w+=,.@/-]+|(?!arn:)[\w+=/:,.@-]{9,256}", re.ASCII),
    "have the form arn:aws:iam::123456789012:mfa/NAME, or that of a device's serial number",
)
_ADDRESS = Form(re.compile(r"https://.*"), "begin with https://")
_YES_OR_NO = ("true", "false")


def _boolean(about: str) -> Known:
    return Known(about, Type.BOOLEAN, _YES_OR_NO)


_OFTEN = ("legacy", "standard", "in-region", "cross-region", "mobile", "auto")
_CHECKSUMS = ("when_supported", "when_required")
CREDENTIAL_SETTINGS: Mapping[str, Known] = MappingProxyType({
    "aws_access_key_id": Known("The id of the key pair: AKIA… for long-term, ASIA… for temporary keys",
                               also=("access_key",), kinds=(Kind.KEYS,), show=Show.KEY_ID),
    "aws_secret_access_key": Known("The secret of the key pair", also=("aws_secret_key", "secret_key"),
                                   kinds=(Kind.KEYS,), show=Show.SECRET),
    "aws_session_token": Known("Belongs to temporary keys", kinds=(Kind.KEYS,), show=Show.SECRET),
    "aws_security_token": Known("The old name of aws_session_token, which it overrides", show=Show.SECRET),
    "aws_account_id": Known("The account of the keys, 12 digits", form=_ACCOUNT),
    "role_arn": Known("The role to assume: its whole ARN", kinds=_ROLES, form=_ROLE_ARN),
    "source_profile": Known("The profile with the credentials that assume the role", Type.PROFILE,
                            kinds=(Kind.ROLE,)),
    "credential_source": Known("Where the first credentials come from, if not a profile", kinds=(Kind.ROLE,),
                               words=("Environment", "Ec2InstanceMetadata", "EcsContainer")),
    "web_identity_token_file": Known("The file with the web identity token; ~ is not expanded",
                                     kinds=(Kind.WEB_IDENTITY,)),
    "mfa_serial": Known("The MFA device that gives the code: its ARN, or its serial number",
                        kinds=(Kind.ROLE,), form=_SERIAL),
    "external_id": Known("The identifier that the role's trust policy requires", kinds=(Kind.ROLE,),
                         form=_EXTERNAL_ID),
    "role_session_name": Known("The session's name in CloudTrail; by default the tools make one up",
                               kinds=_ROLES, form=_SESSION_NAME),
    "duration_seconds": Known("How long the role is valid for: 900 to 43200 seconds; 3600 by default",
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
"""The settings of an sso-session."""
SETTINGS: Mapping[str, Known] = MappingProxyType({
    **CREDENTIAL_SETTINGS,
    **SESSION_SETTINGS,
    "region": Known("The region for commands that name none", Type.REGION,
                    also=("aws_default_region",), kinds=_EVERY),
    "output": Known("How the AWS CLI prints", Type.WORD,
                      ("json", "text", "table", "yaml", "yaml-stream", "off"), also=("aws_default_output",),
                      kinds=_EVERY),
    "endpoint_url": Known("The endpoint of every service", show=Show.ADDRESS),
    "services": Known("The [services] section with endpoints for single services", Type.SERVICES),
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
    "auth_scheme_preference": Known("Which signing methods are preferred, separated by commas"),
    "ca_bundle": Known("The file with trusted certificates"),
    "cli_auto_prompt": Known("Whether CLI v2 asks for parameters", words=("on", "on-partial", "off")),
    "cli_binary_format": Known("How CLI v2 reads binary parameters", Type.WORD,
                                 ("base64", "raw-in-base64-out")),
    "cli_error_format": Known("How CLI v2 prints errors"),
    "cli_follow_urlparam": Known("Whether CLI v1 fetches a parameter that is a URL", words=_YES_OR_NO),
    "cli_help_output": Known("How CLI v2 shows its help", words=("terminal", "browser", "url")),
    "cli_history": Known("Whether the AWS CLI keeps a history", words=("enabled", "disabled")),
    "cli_pager": Known("The pager for the AWS CLI's output", Type.COMMAND, also=("aws_pager",),
                       show=Show.COMMAND),
    "cli_timestamp_format": Known("How the AWS CLI prints times", Type.WORD, ("iso8601", "wire", "none")),
    "csm_client_id": Known("The client's name in client-side monitoring"),
    "csm_enabled": _boolean("Whether calls are reported to client-side monitoring"),
    "csm_host": Known("Where client-side monitoring listens"),
    "csm_port": Known("The port on which client-side monitoring listens", Type.NUMBER),
    "data_path": Known("More directories in which botocore looks for its models"),
    "defaults_mode": Known("The set of defaults for time-outs and retries", Type.WORD_IN_ANY_CASE, _OFTEN),
    "disable_host_prefix_injection": _boolean("Whether endpoints get no host prefix"),
    "disable_request_compression": _boolean("Whether requests are sent uncompressed"),
    "ec2_metadata_service_endpoint": Known("Where the instance metadata service is asked", show=Show.ADDRESS),
    "ec2_metadata_service_endpoint_mode": Known("IPv4 or IPv6 for the instance metadata service",
                                                  Type.WORD_IN_ANY_CASE, ("ipv4", "ipv6")),
    "ec2_metadata_v1_disabled": _boolean("Whether version 1 of the instance metadata service is not used"),
    "emr": Known("How the AWS CLI creates EMR clusters", Type.BLOCK),
    "endpoint_discovery_enabled": Known("Whether a service is asked for its endpoints",
                                          words=("auto", "true", "false")),
    "ignore_configured_endpoint_urls": _boolean("Whether endpoint_url is ignored"),
    "imds_use_ipv6": _boolean("Whether the instance metadata service is called by IPv6"),
    "max_attempts": Known("How often a call is tried", Type.NUMBER, limits=(1, None)),
    "metadata_service_num_attempts": Known("Tries at the instance metadata service", Type.NUMBER),
    "metadata_service_timeout": Known("Seconds to wait for the instance metadata service", Type.NUMBER),
    "parameter_validation": _boolean("Whether parameters are checked before a call"),
    "proxies_config": Known("How proxies are used", Type.BLOCK, holds=frozenset(
        ("proxy_ca_bundle", "proxy_client_cert", "proxy_use_forwarding_for_https"))),
    "proxy_ca_bundle": Known("The file with certificates that are trusted for a proxy"),
    "proxy_client_cert": Known("The client certificate for a proxy"),
    "proxy_use_forwarding_for_https": _boolean("Whether a proxy forwards HTTPS calls, and so can read them"),
    "request_checksum_calculation": Known("When a request has a checksum", Type.WORD_IN_ANY_CASE,
                                            _CHECKSUMS),
    "request_min_compression_size_bytes": Known("From how many bytes on a request is compressed",
                                                limits=(1, 1_048_576)),
    "response_checksum_validation": Known("When the checksum of a response is checked",
                                            Type.WORD_IN_ANY_CASE, _CHECKSUMS),
    "retry_mode": Known("How calls are retried", Type.WORD, ("legacy", "standard", "adaptive")),
    "s3_disable_express_session_auth": Known("Whether S3 Express is called without sessions",
                                               words=_YES_OR_NO),
    "s3_us_east_1_regional_endpoint": Known("Which endpoint of S3 is called in us-east-1", Type.WORD,
                                              ("regional", "legacy")),
    "s3_use_arn_region": _boolean("Whether the region in a bucket's ARN is used"),
    "sdk_ua_app_id": Known("The application's name in the user agent"),
    "sigv4a_signing_region_set": Known("The regions for which requests are signed, separated by commas"),
    "sts_regional_endpoints": Known("Which endpoint of STS is called", Type.WORD, ("regional", "legacy")),
    "tcp_keepalive": _boolean("Whether connections are kept alive"),
    "use_dualstack_endpoint": _boolean("Whether dual-stack (IPv6) endpoints are called"),
    "use_fips_endpoint": _boolean("Whether FIPS endpoints are called"),
})  # fmt: skip
"""The settings of a profile: first the sources of credentials, then all others that AWS tools read."""
UNKNOWN = Known("")
"""What is known about a setting that is not one of AWS's."""


def setting(name: str) -> Known:
    """Return what is known about a setting, by its name in any case."""
    return SETTINGS.get(name.lower(), UNKNOWN)


def of_type(*types: Type) -> Mapping[str, Known]:
    """Return the settings of the given types, by name."""
    return {name: about for name, about in SETTINGS.items() if about.type in types}


def fields_of(kind: Kind | None) -> tuple[str, ...]:
    """Return the settings that a profile of a kind is asked for; those of an sso-session for None."""
    if kind is None:
        return tuple(SESSION_SETTINGS)
    return tuple(name for name, about in SETTINGS.items() if kind in about.kinds)


_REQUIRED: Mapping[Kind | None, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        None: (("sso_start_url",), ("sso_region",)),
        Kind.ROLE: (("role_arn",), ("source_profile", "credential_source")),
        Kind.WEB_IDENTITY: (("role_arn",), ("web_identity_token_file",)),
        Kind.SSO: (
            *(("sso_session", "sso_start_url"), ("sso_session", "sso_region")),
            *(("sso_account_id",), ("sso_role_name",)),
        ),
        Kind.KEYS: (("aws_access_key_id",), ("aws_secret_access_key",)),
        Kind.PROCESS: (("credential_process",),),
        Kind.LOGIN: (("login_session",),),
    }
)
"""What each provider of botocore raises without (``credentials.py``): one setting of each group."""


def missing_of(kind: Kind | None, given: Container[str]) -> frozenset[str]:
    """Return the settings of which a profile of a kind, or an sso-session, needs one that it lacks.

    Args:
        kind: the kind; None for an sso-session.
        given: the settings that it has.
    """
    groups = (group for group in _REQUIRED.get(kind, ()) if not any(key in given for key in group))
    return frozenset(key for group in groups for key in group)


def instead_of(kind: Kind | None, key: str) -> tuple[str, ...]:
    """Return the settings that may be given instead of a required one; empty where there are none.

    botocore refuses a role with both of its two; an sso-session has the start URL and its region.
    """
    groups = [group for group in _REQUIRED.get(kind, ()) if key in group]
    others = (other for group in groups for other in group if other != key)
    return tuple(dict.fromkeys(others)) if all(len(group) > 1 for group in groups) else ()


@lru_cache(maxsize=1)
def regions() -> Mapping[str, str]:
    """Return the regions that botocore knows, with their names in words; empty where it has no such list.

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
        return {}  # an older botocore, or another package of it: then there are no suggestions


_PREFIXES = frozenset(
    (
        *("access-analyzer", "airflow", "aoss", "aps", "cassandra", "cloudcontrolapi", "elasticfilesystem"),
        *("elasticloadbalancing", "elasticmapreduce", "email", "execute-api", "geo", "monitoring", "oidc"),
        *("portal.sso", "s3-control", "s3-outposts", "servicequotas", "signin", "states", "tagging"),
    )
)
"""Services by the names in their endpoints and signatures, where botocore calls them otherwise."""


@lru_cache(maxsize=1)
def services() -> frozenset[str]:
    """Return the names of AWS's services: those of botocore's own data, and those in endpoints."""
    import os  # noqa: PLC0415 - needed only where a word may be one
    from importlib.util import find_spec  # noqa: PLC0415 - as above

    spec = find_spec("botocore")
    try:
        where = spec.submodule_search_locations if spec is not None else None
        return _PREFIXES.union(*(os.listdir(os.path.join(each, "data")) for each in where or ()))  # noqa: PTH118, PTH208
    except OSError:
        return _PREFIXES
