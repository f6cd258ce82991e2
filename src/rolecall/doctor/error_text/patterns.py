"""Patterns for the errors that AWS tools print: those with an error code, and those with only words.

The words are those of botocore's exceptions (``fmt`` in ``botocore.exceptions``) and of the code that raises
them. A space in a pattern matches any white space, because terminals break lines; the text has at most one
white space character in a row (``parse.collapsed``). What may be between the words is bounded: the same words
many times over must not take quadratic time.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from rolecall.values import dataclass

_NAME = r"[A-Za-z][\w.]{0,80}"


@dataclass(frozen=True)
class MessagePattern:
    """One form of an error message.

    Attributes:
        pattern: the regular expression; its groups ``code``, ``operation``, ``profile``, ``session``,
            ``path``, ``stem``, ``value`` and ``words`` are the parts of the error.
        code: the error, where the pattern itself says which.
        is_last: whether AWS's words are before it on the line, and not after it.
    """

    pattern: str
    code: str | None = None
    is_last: bool = False

    @cached_property
    def _loose(self) -> re.Pattern[str]:
        return re.compile(self.pattern.replace(" ", r"\s"), re.DOTALL)

    @cached_property
    def _tight(self) -> re.Pattern[str]:
        return re.compile(self.pattern.replace(" ", ""), re.DOTALL)

    def found(self, text: str, *, is_squeezed: bool = False) -> Iterator[re.Match[str]]:
        """Yield the matches in a collapsed text; a squeezed text has no white space at all."""
        return (self._tight if is_squeezed else self._loose).finditer(text)


_ANY_PATH = r"b?(?:'(?P<path>[^']*)'|\"?(?P<bare>[^\s'\"]{1,4000}))"
"""A path in quotes, or without where somebody took them away."""
_OF_AWS = r"(?P<path>[^\s:'\"()]{0,300}[/\\]\.aws\b[^\s:'\"()]{0,300})"
"""A path of a file of AWS's: what other programs say of any other file is none of ours."""

_VALUE = r"(?P<value>.{0,300}?)"
"""A value that a tool refuses."""

CODED = (
    MessagePattern(
        r"An error occurred \((?P<code>[\w.:-]{1,80})\) when calling the (?P<operation>\w{1,80}) operation"
        r"(?: \([^)]*\))?:"
    ),
    MessagePattern(rf"An error occurred \((?P<code>{_NAME})\):"),  # AWS CLI v2, where no operation was called
    MessagePattern(
        r"operation error [\w ]{1,80}?: (?P<operation>\w{1,80}),.{0,400}?api error (?P<code>\w{1,80}):"
    ),  # Go
    MessagePattern(r"api error (?P<code>\w{1,80}):"),
    MessagePattern(r"Error Code: (?P<code>\w{1,80})[;)]", is_last=True),  # Java
)
"""Patterns with an error code."""

WORDED = (
    MessagePattern(r"The config profile \((?P<profile>.{0,300}?)\) could not be found", "ProfileNotFound"),
    MessagePattern(r"Unable to locate credentials", "NoCredentialsError"),
    MessagePattern(r"You must specify a region", "NoRegionError"),
    MessagePattern(r"Unable to parse config file: (?P<path>[^\n]+)", "ConfigParseError"),
    MessagePattern(
        r"Partial credentials found in (?P<provider>[\w-]{1,80}), missing: (?P<words>\w{1,80})",
        "PartialCredentialsError",
    ),
    MessagePattern(
        r'The source_profile "(?P<source>.{0,300}?)" referenced in the profile "(?P<profile>.{0,300}?)"'
        r" does not exist",
        "InvalidConfigError",
    ),
    MessagePattern(r'The source profile "(?P<source>.{0,300}?)" must have credentials', "InvalidConfigError"),
    MessagePattern(
        r'The profile "(?P<profile>.{0,300}?)" contains both source_profile and credential_source',
        "InvalidConfigError",
    ),
    MessagePattern(
        r'The credential source ".{0,300}?" referenced in profile "(?P<profile>.{0,300}?)" is not valid',
        "InvalidConfigError",
    ),
    MessagePattern(
        r'The profile "(?P<profile>.{0,300}?)" is configured to use SSO but is missing required'
        r" configuration",
        "InvalidConfigError",
    ),
    MessagePattern(
        r'The specified sso-session does not exist: "(?P<session>.{0,300}?)"(?=\s|$)', "InvalidConfigError"
    ),
    MessagePattern(
        r"The value for \w{1,80} is inconsistent between profile \(.{0,300}?\) and sso-session",
        "InvalidConfigError",
    ),
    MessagePattern(
        r"configured to assume role with web identity but has no role ARN configured", "InvalidConfigError"
    ),
    MessagePattern(
        r"Infinite loop in credential configuration detected\. Attempting to load from profile "
        r"(?P<source>.{1,300}?) which has already been visited\. Visited profiles: \['(?P<profile>[^']*)'",
        "InfiniteLoopConfigError",
    ),
    MessagePattern(
        r"No credentials found in credential_source referenced in profile (?P<profile>\S+)",
        "CredentialRetrievalError",
    ),
    MessagePattern(
        r"Error when retrieving credentials from (?P<provider>[\w-]{1,80}): (?P<words>.*)",
        "CredentialRetrievalError",
    ),
    MessagePattern(
        r"Error loading SSO Token: Token for (?P<session>.{1,300}?) (?:does not exist|is invalid)",
        "SSOTokenLoadError",
    ),
    MessagePattern(r"Error loading SSO Token: (?P<words>.*)", "SSOTokenLoadError"),
    MessagePattern(r"Token has expired and refresh failed", "TokenRetrievalError"),
    MessagePattern(
        r"Error when retrieving token from (?P<provider>[\w-]{1,80}): (?P<words>.*)", "TokenRetrievalError"
    ),
    MessagePattern(
        r"The SSO session associated with this profile has expired or is otherwise invalid",
        "UnauthorizedSSOTokenError",
    ),
    MessagePattern(
        r"Unable to load a existing login session for session (?P<session>\S{1,400}?)[.,] Please",
        "LoginTokenLoadError",
    ),
    MessagePattern(r"Error loading login session token: (?P<words>.*)", "LoginTokenLoadError"),
    MessagePattern(r"Your session has expired or credentials have changed", "LoginRefreshRequired"),
    MessagePattern(
        r"Your session has expired\. Please reauthenticate using 'aws login'", "LoginRefreshRequired"
    ),
    MessagePattern(
        r"Unable to create or refresh login credentials due to insufficient permissions",
        "LoginInsufficientPermissions",
    ),
    MessagePattern(
        r"Unable to refresh login credentials because of a change in your password", "LoginRefreshRequired"
    ),
    MessagePattern(r"7172 \(AWS_ERROR_CAL_MALFORMED_ASN1_ENCOUNTERED\)", "LoginTokenLoadError"),
    MessagePattern(
        r"The pending authorization to retrieve an SSO token has expired", "PendingAuthorizationExpiredError"
    ),
    MessagePattern(r"An unspecified error happened when resolving AWS credentials", "SSOError"),
    MessagePattern(
        r'The profile "(?P<profile>.{0,300}?)" is configured to use the SSO token provider but',
        "InvalidConfigError",
    ),
    MessagePattern(r"Unable to retrieve credentials: no credentials found", "NoCredentialsError"),
    MessagePattern(r"Missing the following required SSO configuration values", "InvalidConfigError"),
    MessagePattern(r"Maximum recursive credential process resolution reached", "InvalidConfigError"),
    MessagePattern(
        r"Credential process resolution detected an infinite loop, profile cycle: (?P<profile>\S{1,300}) ->",
        "InvalidConfigError",
    ),
    MessagePattern(
        rf'Invalid value provided to "mode": (?:"{_VALUE}" must be one of)?', "InvalidRetryModeError"
    ),
    MessagePattern(
        rf'Value provided to "max_attempts": (?:{_VALUE} must be an integer)?', "InvalidMaxRetryAttemptsError"
    ),
    MessagePattern(
        rf'configured to use the services section but the (?:"{_VALUE}" services configuration)?',
        "InvalidServicesError",
    ),
    MessagePattern(r"Unknown output type: (?P<value>\S{0,300})", "InvalidOutputError"),
    MessagePattern(
        rf"Unknown cli_timestamp_format value: (?:{_VALUE}, valid values)?", "InvalidTimestampFormatError"
    ),
    MessagePattern(rf"Unknown codec `{_VALUE}` specified for AWS_\w{{1,40}}", "InvalidCodecError"),
    MessagePattern(
        rf"Client configured with invalid defaults mode: {_VALUE}\. Valid defaults modes",
        "InvalidDefaultsMode",
    ),
    MessagePattern(
        rf"STS regional endpoints option {_VALUE} is invalid", "InvalidSTSRegionalEndpointsConfigError"
    ),
    MessagePattern(
        rf"S3 us-east-1 regional endpoint option {_VALUE} is invalid",
        "InvalidS3UsEast1RegionalEndpointConfigError",
    ),
    MessagePattern(
        r"Unsupported configuration value for \w{1,80}\. Expected one of \([^)]{0,300}\) but got "
        rf"{_VALUE}\.",
        "InvalidChecksumConfigError",
    ),
    MessagePattern(
        rf"The configured value '{_VALUE}' for 'account_id_endpoint_mode' is invalid", "InvalidConfigError"
    ),
    MessagePattern(
        rf'Invalid value "{_VALUE}" for (?:request_min_compression_size_bytes'
        r"|s3_disable_express_session_auth)\.",
        "InvalidConfigError",
    ),
    MessagePattern(r"Missing Dependency: (?P<words>.*)", "MissingDependencyException"),
    MessagePattern(r"Cannot refresh credentials: MFA token required", "RefreshWithMFAUnsupportedError"),
    MessagePattern(
        r"Invalid EC2 Instance Metadata endpoint mode: (?P<words>.{0,300}?) Valid",
        "InvalidIMDSEndpointModeError",
    ),
    MessagePattern(r"Invalid endpoint EC2 Instance Metadata endpoint: ", "InvalidIMDSEndpointError"),
    MessagePattern(r"the refreshed credentials are still expired", "RuntimeError"),
    MessagePattern(r"Error retrieving metadata: (?P<words>.*)", "MetadataRetrievalError"),
    MessagePattern(r"Parameter validation failed: (?P<words>.*)", "ParamValidationError"),
    MessagePattern(r'Could not connect to the endpoint URL: "(?P<url>[^"]*)"', "EndpointConnectionError"),
    MessagePattern(r'Connect timeout on endpoint URL: "(?P<url>[^"]*)"', "ConnectTimeoutError"),
    MessagePattern(r'Read timeout on endpoint URL: "(?P<url>[^"]*)"', "ReadTimeoutError"),
    MessagePattern(r"Connection was closed before we received a valid response", "ConnectionClosedError"),
    MessagePattern(r'Failed to connect to proxy URL: "(?P<url>[^"]*)"', "ProxyConnectionError"),
    MessagePattern(r"SSL validation failed for (?P<url>\S+)", "SSLError"),
    MessagePattern(
        rf"Provided region_name '{_VALUE}' doesn't match a supported format", "InvalidRegionError"
    ),
    MessagePattern(r"The specified config file \((?P<path>.{0,300}?)\) could not be found", "ConfigNotFound"),
    *(
        MessagePattern(rf"\[Errno {number}\] {words}: {_ANY_PATH}", code)
        for number, words, code in (
            ("2", "No such file or directory", "FileNotFoundError"),
            ("13", "Permission denied", "PermissionError"),
            ("(?:17|28|30)", r"[\w -]{1,40}", "UnwritableError"),
            ("20", "Not a directory", "NotADirectoryError"),
            ("21", "Is a directory", "IsADirectoryError"),
        )
    ),
)
"""Patterns with only words; the more specific ones first."""


def _bare(words: str, code: str) -> MessagePattern:
    """Return the pattern of a Python error that fills a line: nothing in it is specific to AWS."""
    return MessagePattern(
        rf"(?:^|\n)(?:aws: \[ERROR\]: |aws(?:\.exe)? : |Login failed: |ERROR: |[\w.]{{0,60}}{code}: )?{words}"
        r"\.? ?(?=\n|$)",
        code,
    )


_PARTS = (
    "Credentials|Expiration|AccessKeyId|SecretAccessKey|SessionToken|AWSSecretKey"
    "|aws_access_key_id|accessToken|expiresAt|Version|accountId|accessKeyId|secretAccessKey|sessionToken"
)
BARE = (
    *(
        MessagePattern(form.replace("PATH", _OF_AWS).replace("WORDS", words), code)
        for words, code in (
            ("[Pp]ermission denied", "PermissionError"),
            ("[Nn]o such file or directory", "FileNotFoundError"),
            ("[Nn]ot a directory", "NotADirectoryError"),
            ("(?:[Ff]ile exists|[Rr]ead-only file system|[Nn]o space left on device)", "UnwritableError"),
        )
        for form in (
            r"(?:open|mkdir|stat|lstat|rename|unlink|remove|chmod|scandir|readdirent) PATH: WORDS",  # Go
            r"E[A-Z]{4,8}: WORDS, \w{3,10} 'PATH'",  # Node
            r"(?<![^\s:'\"()])PATH[:\"']{0,2} ?\(?WORDS",  # shells, Java, C
            r"WORDS \(os error \d{1,3}\)[^\n]{0,40}?[\"'(]PATH",  # Rust
        )
    ),
    _bare(
        r"(?:Expecting (?:value|property name enclosed in double quotes|',' delimiter|':' delimiter)"
        r"|Extra data|Unterminated string starting at|Invalid control character at|Invalid \\escape)"
        r": line \d{1,9} column \d{1,9} \(char \d{1,9}(?: - \d{1,9})?\)",
        "JSONDecodeError",
    ),
    _bare(r"No module named '[\w.]{1,100}'", "ModuleNotFoundError"),
    _bare(rf"'(?:{_PARTS})'", "KeyError"),
    _bare(r"(?:list|string|tuple) indices must be integers(?: or slices)?,? ?(?:not '?\w+'?)?", "TypeError"),
    _bare(r"'\w+' object is not subscriptable", "TypeError"),
    _bare(r"'\w+' object has no attribute '\w+'", "AttributeError"),
    _bare(r"expected str, bytes or os.PathLike object, not \w+", "TypeError"),
    _bare(r"argument of type '\w+' is not iterable", "TypeError"),
    _bare(r"Parser must be a string or character stream, not \w+", "TypeError"),
    _bare(r"unhashable type: '\w+'", "TypeError"),
    _bare(r"can't (?:subtract|compare) offset-naive and offset-aware datetimes", "TypeError"),
    _bare(r"(?:int|float)\(\) argument must be a string.{0,300}?not '\w+'", "TypeError"),
    _bare(r"expected string or bytes-like object(?:, got '\w+')?", "TypeError"),
    _bare(r"can only concatenate str \(not \"\w+\"\) to str", "TypeError"),
    _bare(r"a bytes-like object is required, not '\w+'", "TypeError"),
    _bare(r"sequence item \d{1,9}: expected (?:str|bytes-like) instance, \w+ found", "TypeError"),
    _bare(r"Unknown string format: [^\n]*", "ParserError"),
    _bare(r"String does not contain a date[^\n]*", "ParserError"),
    _bare(
        r"(?:year|month|day|hour|minute|second) [^\n]*\b(?:out of range|must be in)\b[^\n]*", "ParserError"
    ),
    _bare(r"invalid literal for int\(\) with base 10: [^\n]*", "ValueError"),
    _bare(r"could not convert string to float: [^\n]*", "ValueError"),
    _bare(r"'[\w-]+' codec can't decode bytes? [^\n]*", "UnicodeDecodeError"),
    _bare(r"No (?:closing quotation|escaped character)", "ValueError"),
    _bare(r"Invalid IPv6 URL", "ValueError"),
    _bare(r"list index out of range", "IndexError"),
    _bare(r"maximum recursion depth exceeded[^\n]*", "RecursionError"),
)
"""What says nothing of AWS in itself: errors of the system over a file of AWS's, in the words of Go, Node,
shells and Rust; and Python's where botocore or the AWS CLI does not expect what a file or a variable has."""

STEM = re.compile(r"(?:(?<!\w)'|\A)(?P<stem>[0-9a-f]{40}(?:[0-9a-f]{24})?)(?:'|\Z)")
"""The AWS CLI's error for a damaged cache file: its name, in quotes unless those were not pasted."""
RAISED = re.compile(
    r"^(?P<module>(?:\w+\.)*)"
    r"(?P<code>[A-Z]\w*(?:Error|Exception|NotFound|Required|Expired|Permissions|Dependency)): ",
    re.MULTILINE,
)
"""The last line of a traceback."""
