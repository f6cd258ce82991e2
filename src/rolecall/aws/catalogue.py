"""The variables that botocore and the AWS CLI read, in the order in which they matter to a person."""

from enum import StrEnum


class Reader(StrEnum):
    """Who reads a variable."""

    ALL = "all"
    CLI = "cli"
    NOT_V2 = "not v2"
    NOBODY = "nobody"


_ALL, _CLI, _NOT_V2, _NOBODY = Reader.ALL, Reader.CLI, Reader.NOT_V2, Reader.NOBODY

CATALOGUE: dict[str, tuple[Reader, str]] = {
    "AWS_PROFILE": (_ALL, "The profile for every command that names none"),
    "AWS_DEFAULT_PROFILE": (_ALL, "The profile for every command that names none"),
    "AWS_ACCESS_KEY_ID": (_ALL, "The keys for every command that names no profile"),
    "AWS_SECRET_ACCESS_KEY": (_ALL, "Signs with AWS_ACCESS_KEY_ID"),
    "AWS_SESSION_TOKEN": (_ALL, "Goes with AWS_ACCESS_KEY_ID"),
    "AWS_SECURITY_TOKEN": (_ALL, "Goes with AWS_ACCESS_KEY_ID"),
    "AWS_CREDENTIAL_EXPIRATION": (_ALL, "When the keys end"),
    "AWS_SESSION_EXPIRATION": (_NOBODY, "When the keys end; botocore ignores it"),
    "AWSUME_EXPIRATION": (_NOBODY, "When the keys end; botocore ignores it"),
    "AWS_ACCOUNT_ID": (_ALL, "The account of the keys in the environment"),
    "AWS_REGION": (_ALL, "The region, for CLI v2"),
    "AWS_DEFAULT_REGION": (_ALL, "The region"),
    "AWS_CONFIG_FILE": (_ALL, "Read in place of ~/.aws/config"),
    "AWS_SHARED_CREDENTIALS_FILE": (_ALL, "Read in place of ~/.aws/credentials"),
    "AWS_LOGIN_CACHE_DIRECTORY": (_ALL, "Where aws login keeps its credentials"),
    "AWS_WEB_IDENTITY_TOKEN_FILE": (_ALL, "A role by web identity"),
    "AWS_ROLE_ARN": (_ALL, "The role for the web identity"),
    "AWS_ROLE_SESSION_NAME": (_ALL, "The session's name for the web identity"),
    "AWS_CREDENTIAL_FILE": (_ALL, "A file of keys in the form of the old EC2 tools, asked after the profile"),
    "BOTO_CONFIG": (_ALL, "A file in boto 2's form, asked after the profile"),
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": (_ALL, "Credentials from the container's endpoint"),
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": (_ALL, "Credentials from the container's endpoint"),
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": (_ALL, "Authorises at the container's endpoint"),
    "AWS_CONTAINER_AUTHORIZATION_TOKEN": (_ALL, "Authorises at the container's endpoint"),
    "AWS_EC2_METADATA_DISABLED": (_ALL, "Turns the instance metadata service off when true"),
    "AWS_EC2_METADATA_SERVICE_ENDPOINT": (_ALL, "Where the instance metadata service is asked"),
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": (_ALL, "IPv4 or IPv6 for the instance metadata service"),
    "AWS_EC2_METADATA_V1_DISABLED": (_ALL, "Refuses version 1 of the instance metadata service"),
    "AWS_IMDS_USE_IPV6": (_ALL, "IPv6 for the instance metadata service"),
    "AWS_METADATA_SERVICE_TIMEOUT": (_ALL, "Seconds to wait for the instance metadata service"),
    "AWS_METADATA_SERVICE_NUM_ATTEMPTS": (_ALL, "Tries at the instance metadata service"),
    "AWS_ENDPOINT_URL": (_ALL, "Every service is called here, STS too"),
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": (
        _ALL,
        "Turns off the endpoint URLs of variables and files when true",
    ),
    "AWS_USE_FIPS_ENDPOINT": (_ALL, "FIPS endpoints when true"),
    "AWS_USE_DUALSTACK_ENDPOINT": (_ALL, "IPv6 endpoints when true"),
    "AWS_STS_REGIONAL_ENDPOINTS": (_NOT_V2, "Regional or legacy endpoint of STS"),
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": (_ALL, "Whether endpoints carry the account id"),
    "AWS_DEFAULTS_MODE": (_NOT_V2, "The set of defaults for time-outs and retries"),
    "AWS_CA_BUNDLE": (_ALL, "The certificates that are trusted"),
    "REQUESTS_CA_BUNDLE": (_ALL, "The certificates that are trusted, after AWS_CA_BUNDLE"),
    "HTTPS_PROXY": (_ALL, "Calls to AWS go through it"),
    "https_proxy": (_ALL, "Calls to AWS go through it"),
    "HTTP_PROXY": (_ALL, "Calls by plain HTTP, as to metadata services, go through it"),
    "http_proxy": (_ALL, "Calls by plain HTTP, as to metadata services, go through it"),
    "NO_PROXY": (_ALL, "Hosts that are called without the proxy"),
    "no_proxy": (_ALL, "Hosts that are called without the proxy"),
    "AWS_MAX_ATTEMPTS": (_ALL, "Tries at each call"),
    "AWS_RETRY_MODE": (_ALL, "How calls are tried again"),
    "AWS_EXECUTION_ENV": (_ALL, "Named in the user agent"),
    "AWS_SDK_UA_APP_ID": (_ALL, "Named in the user agent"),
    "AWS_AUTH_SCHEME_PREFERENCE": (_ALL, "Which way of signing is preferred"),
    "AWS_SIGV4A_SIGNING_REGION_SET": (_ALL, "The regions for which SigV4a signs"),
    "AWS_ENDPOINT_DISCOVERY_ENABLED": (_ALL, "Whether endpoints are asked for"),
    "AWS_DISABLE_HOST_PREFIX_INJECTION": (_ALL, "Leaves host names as they are when true"),
    "AWS_DISABLE_REQUEST_COMPRESSION": (_ALL, "Sends requests uncompressed when true"),
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": (_ALL, "From which size on requests are compressed"),
    "AWS_REQUEST_CHECKSUM_CALCULATION": (_ALL, "When checksums of requests are made"),
    "AWS_RESPONSE_CHECKSUM_VALIDATION": (_ALL, "When checksums of responses are checked"),
    "AWS_S3_DISABLE_EXPRESS_SESSION_AUTH": (_ALL, "Turns session tokens of S3 Express off when true"),
    "AWS_CSM_ENABLED": (_ALL, "Client-side monitoring when true"),
    "AWS_CSM_HOST": (_ALL, "Where client-side monitoring is sent"),
    "AWS_CSM_PORT": (_ALL, "Where client-side monitoring is sent"),
    "AWS_CSM_CLIENT_ID": (_ALL, "Named in client-side monitoring"),
    "BOTOCORE_TCP_KEEPALIVE": (_ALL, "Keeps connections alive when true"),
    "AWS_DATA_PATH": (_ALL, "Where service models are looked for as well"),
    "AWS_SDK_LOAD_CONFIG": (
        _NOBODY,
        "For the SDKs of Go and JavaScript; boto3 and the CLI always read config",
    ),
    "AWS_DEFAULT_OUTPUT": (_CLI, "The form of the output"),
    "AWS_PAGER": (_CLI, "The pager for the output"),
    "AWS_CLI_AUTO_PROMPT": (_CLI, "Prompts for arguments"),
    "AWS_CLI_ERROR_FORMAT": (_CLI, "The form of error messages"),
    "AWS_CLI_FILE_ENCODING": (_CLI, "How text files are decoded"),
    "AWS_CLI_OUTPUT_ENCODING": (_CLI, "How the output is encoded"),
    "AWS_CLI_HISTORY_FILE": (_CLI, "Where the history of commands is kept"),
}

MARKS: dict[str, str] = {
    "AWS_VAULT": "aws-vault",
    "AWSUME_PROFILE": "awsume",
    "AWSUME_COMMAND": "awsume",
    "AWS_SSO": "aws-sso",
    "AWS_SSO_PROFILE": "aws-sso",
    "AWS_SSO_ACCOUNT_ID": "aws-sso",
    "AWS_SSO_ROLE_NAME": "aws-sso",
    "AWS_SSO_ROLE_ARN": "aws-sso",
    "AWS_SSO_SESSION_EXPIRATION": "aws-sso",
    "AWS_SSO_DEFAULT_REGION": "aws-sso",
    "AWS_OKTA_PROFILE": "aws-okta",
    "AWS_OKTA_ASSUMED_ROLE": "aws-okta",
    "AWS_OKTA_ASSUMED_ROLE_ARN": "aws-okta",
    "AWS_OKTA_ASSUMED_ROLE_NAME": "aws-okta",
    "AWS_OKTA_BASE_ROLE_ARN": "aws-okta",
    "AWS_OKTA_BASE_ROLE_NAME": "aws-okta",
    "AWS_OKTA_SESSION_EXPIRATION": "aws-okta",
    "GRANTED_SSO": "granted",
    "GRANTED_SSO_START_URL": "granted",
    "GRANTED_SSO_ROLE_NAME": "granted",
    "GRANTED_SSO_REGION": "granted",
    "GRANTED_SSO_ACCOUNT_ID": "granted",
    "ASSUMED_ROLE": "assume-role",
    "AWS_EB_PROFILE": "the EB CLI",
}
"""What other tools leave in a shell about the session that they gave it, and which tool that is."""
PROFILE_MARKS = ("AWS_VAULT", "AWSUME_PROFILE", "AWS_SSO_PROFILE", "AWS_OKTA_PROFILE")
"""Marks that name a profile, which prompts show before AWS_PROFILE."""
_TOOLS_OWN = ("AWS_VAULT_", "AWS_SSO_", "AWS_OKTA_", "AWS_RUNAS_", "AWSUME_", "GRANTED_", "SAML2AWS_")
"""How the variables of other tools begin, marks and settings."""
_TTLS = frozenset(
    (
        "AWS_ASSUME_ROLE_TTL",
        "AWS_CHAINED_SESSION_TOKEN_TTL",
        "AWS_FEDERATION_TOKEN_TTL",
        "AWS_MFA_SERIAL",
        "AWS_MIN_TTL",
        "AWS_SESSION_TOKEN_TTL",
        "AWS_SESSION_TTL",
    )
)
"""Settings of aws-vault that do not begin as its others do."""

_PREFIXES = (
    ("AWS_ENDPOINT_URL_", "The endpoint of one service, over AWS_ENDPOINT_URL and the files"),
    ("AWS_BEARER_TOKEN_", "A bearer token for one service, over the credentials"),
)


def describe(name: str) -> tuple[Reader, str]:
    """Return who reads a variable and what it does."""
    if name in CATALOGUE:
        return CATALOGUE[name]
    for prefix, effect in _PREFIXES:
        if name.startswith(prefix):
            return Reader.ALL, effect
    if name in MARKS:
        return Reader.NOBODY, f"What {MARKS[name]} leaves for prompts and itself; botocore ignores it"
    return Reader.NOBODY, "Not known to botocore or the AWS CLI"


def is_about_aws(name: str) -> bool:
    """Whether a variable of this name is one of AWS's, of botocore's, or of a tool beside them."""
    return name in CATALOGUE or name in MARKS or name.upper().startswith(("AWS_", *_TOOLS_OWN))


def belongs_to_session(name: str) -> bool:
    """Whether a shell is rid of a variable as soon as it is to have nothing of AWS any more.

    A proxy serves other programs too, and another tool's settings (AWS_VAULT_BACKEND) hold for good.
    """
    if name in CATALOGUE:
        return name.startswith("AWS")
    is_setting = name.startswith(_TOOLS_OWN) or name in _TTLS
    return name in MARKS or (name.startswith("AWS_") and not is_setting)
