"""What a resolution is made of: tools, providers, hops, errors.

Provider names are botocore's ``METHOD`` names, error names its exception class names, and messages its own
wording, so that what is on the screen can be found in a terminal's scroll-back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rolecall.aws.config_file import Value


class Tool(StrEnum):
    """The three readers of the files. CLI v1 has the behaviour of boto3 but for its cache."""

    BOTO3 = "boto3"
    CLI_V1 = "cli_v1"
    CLI_V2 = "cli_v2"

    @property
    def label(self) -> str:
        """The tool's name as people say it."""
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


@dataclass(frozen=True, slots=True)
class PredictedError:
    """An exception that botocore or the AWS CLI raises: its class name and its message."""

    error: str
    message: str


class PredictedErrorRaised(Exception):  # noqa: N818 - it carries what botocore raises, it is no error of ours
    """Carries a Fault up to where the resolution is put together."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.fault = PredictedError(error, message)


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a chain.

    Attributes:
        profile: whose settings are used here, or None for a source that no profile describes (environment,
            container, metadata).
        provider: the provider that answers here, or None where it ends in an error.
        role_arn: the role that is assumed here, if one is.
        settings: the settings in force at this hop (the profile's, after variables had their say).
    """

    profile: str | None
    provider: str | None
    role_arn: str | None = None
    settings: Mapping[str, Value] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which provider answers, or which error comes.

    Attributes:
        provider: botocore's METHOD name, or None.
        error: botocore's exception class name, or None. Both are set in the one case where a provider answers
            with credentials that it cannot hand out: AWS_CREDENTIAL_EXPIRATION in the past.
        message: the error's message in botocore's words, or None.
        access_key: the access key id, where the answer holds one without asking anybody.
        chain: the hops, the profile itself first, last where its credentials start.
        on_use: what the first call raises although a provider answered, where that is certain offline.
    """

    provider: str | None
    error: str | None = None
    message: str | None = None
    access_key: str | None = field(default=None, repr=False)
    chain: tuple[Hop, ...] = ()
    on_use: PredictedError | None = None

    @property
    def fault(self) -> PredictedError | None:
        """The error of the resolution, else the one that the first use brings."""
        if self.error is not None:
            return PredictedError(self.error, self.message or "")
        return self.on_use
