"""The parts of a resolution: tools, providers, hops, errors.

Provider names are botocore's ``METHOD`` names, error names its exception class names, and messages its own
wording, so that what is on the screen can be found in a terminal's scroll-back.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from enum import StrEnum

from rolecall.aws.config_file import Value
from rolecall.values import dataclass


class Tool(StrEnum):
    """The three tools that read the files. CLI v1 behaves like boto3, except for its cache."""

    BOTO3 = "boto3"
    CLI_V1 = "cli_v1"
    CLI_V2 = "cli_v2"

    @property
    def label(self) -> str:
        """The tool's name in words."""
        return {"boto3": "boto3", "cli_v1": "AWS CLI v1", "cli_v2": "AWS CLI v2"}[self.value]


class Provider(StrEnum):
    """botocore's credential providers, in the order in which they are asked."""

    ENV = "env"
    ASSUME_ROLE = "assume-role"
    WEB_IDENTITY = "assume-role-with-web-identity"
    SSO = "sso"
    SHARED_CREDENTIALS = "shared-credentials-file"
    LOGIN = "login"
    PROCESS = "custom-process"
    CONFIG_FILE = "config-file"
    EC2_FILE = "ec2-credentials-file"
    BOTO = "boto-config"
    CONTAINER = "container-role"
    IAM_ROLE = "iam-role"


class Cause(StrEnum):
    """Why a profile, or a command that names none, cannot work; what each is about is its ``subject``."""

    UNKNOWN = "unknown"
    # the choice of the profile
    PROFILE_MISSING = "profile missing"
    FILE_UNPARSEABLE = "file unparseable"
    # roles, and where their first credentials come from
    NO_SOURCE = "no source"
    TWO_SOURCES = "two sources"
    SOURCE_MISSING = "source missing"
    CHAIN_LOOP = "chain loop"
    CHAIN_TOO_LONG = "chain too long"
    BAD_CREDENTIAL_SOURCE = "bad credential_source"
    ENVIRONMENT_EMPTY = "environment empty"
    CONTAINER_MISSING = "container missing"
    CONTAINER_URI = "container uri"
    CONTAINER_TOKEN = "container token"  # noqa: S105 - causes, no secrets
    METADATA_DISABLED = "metadata disabled"
    # the settings of one profile
    NESTED_VALUE = "nested value"
    NO_CREDENTIALS = "no credentials"
    HALF_A_PAIR = "half a pair"
    SPLIT_PAIR = "split pair"
    TOKEN_MISSING = "token missing"  # noqa: S105 - causes, no secrets
    KEYS_EXPIRED = "keys expired"
    BAD_KEYS = "bad keys"
    STALE_TOKEN = "stale token"  # noqa: S105
    BAD_PARAMETER = "bad parameter"
    BAD_PROCESS = "bad process"
    PROCESS_PROGRAM = "process program"
    PROCESS_LOOP = "process loop"
    PROCESS_PROFILE_MISSING = "process profile missing"
    PROCESS_NO_CREDENTIALS = "process no credentials"
    REGION_MISSING = "region missing"
    OTHER_PARTITION = "other partition"
    METADATA_SETTING = "metadata setting"
    CLIENT_SETTING = "client setting"
    CERTIFICATES = "certificates"
    CERTIFICATES_VARIABLE = "certificates variable"
    SERVICES_MISSING = "services missing"
    WEB_IDENTITY_NO_ROLE = "web identity without role"
    WEB_IDENTITY_UNREADABLE = "web identity token unreadable"
    WEB_IDENTITY_EXPIRED = "web identity token expired"
    # logins
    SSO_INCOMPLETE = "sso incomplete"
    SSO_CONFLICT = "sso conflict"
    SSO_SESSION_MISSING = "sso-session missing"
    SSO_SESSION_INCOMPLETE = "sso-session incomplete"
    SSO_REGION = "sso region"
    SSO_TOKEN_MISSING = "sso token missing"  # noqa: S105
    SSO_TOKEN_DAMAGED = "sso token damaged"  # noqa: S105
    SSO_TOKEN_EXPIRED = "sso token expired"  # noqa: S105
    LOGIN_MISSING = "login missing"
    LOGIN_DAMAGED = "login damaged"
    CRT_MISSING = "crt missing"
    # the cache, the environment and old files
    CACHE_DAMAGED = "cache damaged"
    CACHE_UNWRITABLE = "cache unwritable"
    ENVIRONMENT_HALF_A_PAIR = "environment half a pair"
    ENVIRONMENT_BAD_KEYS = "environment bad keys"
    ENVIRONMENT_STALE_TOKEN = "environment stale token"  # noqa: S105
    ENVIRONMENT_TOKEN_MISSING = "environment token missing"  # noqa: S105
    ENVIRONMENT_EXPIRED = "environment expired"
    ENVIRONMENT_END_UNREADABLE = "environment end unreadable"
    ENVIRONMENT_END_NO_DATE = "environment end no date"
    METADATA_VARIABLE = "metadata variable"
    CLIENT_VARIABLE = "client variable"
    OLD_FILE = "old file"
    # what is wrong with a text that is read as a time, or with the content of a file
    NO_TIME = "no time"
    TIME_WITHOUT_ZONE = "time without zone"
    BAD_OFFSET = "bad offset"
    KEY_MISSING = "key missing"
    WRONG_SHAPE = "wrong shape"
    KEYS_NO_TEXT = "keys that are no text"
    HOLDS_NULL = "holds null"


@dataclass(frozen=True, slots=True)
class PredictedError:
    """An exception that botocore or the AWS CLI raises. Two are equal if they read the same.

    Attributes:
        error: the name of the exception's class.
        message: its message, word for word; not in the repr, for it may quote a value.
        cause: why it is raised.
        subjects: what it is about: the settings of a profile, or else a profile, a session, a variable or a
            file that is missing or wrong.
        profile: the profile with the settings that cause it, or None.
    """

    error: str
    message: str = field(repr=False)
    cause: Cause = field(default=Cause.UNKNOWN, compare=False)
    subjects: tuple[str, ...] = field(default=(), compare=False)
    profile: str | None = field(default=None, compare=False)

    @property
    def subject(self) -> str:
        """The first of the subjects; empty where there is none."""
        return self.subjects[0] if self.subjects else ""

    def because(self, cause: Cause, *subjects: str) -> "PredictedError":
        """Return the same error with its cause and subjects."""
        return replace(self, cause=cause, subjects=subjects)


class PredictedErrorRaised(Exception):  # noqa: N818 - it carries what botocore raises, it is not our error
    """Carries a PredictedError up to the code that returns the resolution."""

    def __init__(self, error: str, message: str, cause: Cause, *subjects: str) -> None:
        super().__init__(message)
        self.fault = PredictedError(error, message, cause, subjects)

    @classmethod
    def of(cls, fault: PredictedError) -> "PredictedErrorRaised":
        """Carry an error that is known already."""
        return cls(fault.error, fault.message, fault.cause, *fault.subjects)


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a chain.

    Attributes:
        profile: the profile with the settings, or None for a source without a profile (environment,
            container, metadata).
        provider: the provider that answers here, or None where it ends in an error.
        role_arn: the role that is assumed here, if one is.
        settings: the settings at this hop (the profile's, with those that variables override).
        fault: what the provider raises as soon as it is asked, where that is certain without asking it.
    """

    profile: str | None
    provider: str | None
    role_arn: str | None = None
    settings: Mapping[str, Value] = field(default_factory=dict, repr=False)
    fault: PredictedError | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which provider answers, or which error is raised.

    Attributes:
        provider: botocore's METHOD name, or None.
        raised: the error that the resolution ends in, or None. Both are set in the one case where a provider
            answers with credentials that it cannot return: AWS_CREDENTIAL_EXPIRATION in the past.
        access_key: the access key id, where it is known offline.
        chain: the hops, the profile itself first, last where its credentials start.
        on_use: what the first call raises although a provider answered, where that is certain offline; also
            where nothing answers, or ``raised`` comes later, and the call fails over something else before.
        is_spared: whether nobody meets its error: the tool is certain not to be used here, or not for this.
    """

    provider: str | None
    raised: PredictedError | None = None
    access_key: str | None = field(default=None, repr=False)
    chain: tuple[Hop, ...] = ()
    on_use: PredictedError | None = None
    is_spared: bool = field(default=False, compare=False)

    @property
    def error(self) -> str | None:
        """botocore's exception class name, or None."""  # noqa: D403 - a name
        return self.raised.error if self.raised is not None else None

    @property
    def message(self) -> str | None:
        """The error's message in botocore's words, or None."""
        return self.raised.message if self.raised is not None else None

    @property
    def cause(self) -> Cause | None:
        """Why it ends in an error, or None."""
        return self.raised.cause if self.raised is not None else None

    @property
    def fault(self) -> PredictedError | None:
        """The error in which the first call ends: its own, which comes first, or else the resolution's."""
        return self.on_use or self.raised
