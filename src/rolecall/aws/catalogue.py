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
    return Reader.NOBODY, "Not known to botocore or the AWS CLI"
