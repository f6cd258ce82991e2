"""Error messages are recognised in every form in which AWS tools write them."""

import textwrap
import time

import pytest

from rolecall.doctor.error_text import parse
from rolecall.doctor.error_text.parse import Pasted
from rolecall.text import MASK
from tests.promises.canaries import Canaries

EXPIRED = (
    "An error occurred (ExpiredToken) when calling the ListBuckets operation: The provided token has expired."
)
CALLER = "arn:aws:sts::123456789012:assumed-role/admin/me"
ROLE = "arn:aws:iam::210987654321:role/deploy"
DENIED = (
    f"An error occurred (AccessDenied) when calling the AssumeRole operation: User: {CALLER} is not "
    f"authorized to perform: sts:AssumeRole on resource: {ROLE}"
)
STEM = "77aa" * 10


def read(text: str) -> Pasted:
    found = parse.parse_error_text(text)
    assert found is not None
    return found


FORMS = {
    "AWS CLI v1": f"\n{EXPIRED}\n",
    "AWS CLI v2": f"\naws: [ERROR]: {EXPIRED}\n",
    "AWS CLI v2, with details": f"\naws: [ERROR]: {EXPIRED}\n\nAdditional error details:\nType: Sender\n",
    "AWS CLI, retries used up": EXPIRED.replace("operation:", "operation (reached max retries: 2):"),
    "aws s3": f"fatal error: {EXPIRED}",
    "aws s3 cp": f"upload failed: ./a to s3://b/a {EXPIRED}",
    "below the command": f"$ aws s3 ls\n\n{EXPIRED}\n$ ",
    "in colours": f"\x1b[1;31m{EXPIRED[:20]}\x1b[0m{EXPIRED[20:]}\x1b]0;title\x07",
    "from Windows": EXPIRED.replace(" when", "\r\nwhen"),
    "boto3": (
        'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    s3.list_buckets()\n'
        f"botocore.exceptions.ClientError: {EXPIRED}\n"
    ),
    "boto3, a class of the service's own": f"botocore.errorfactory.ExpiredTokenException: {EXPIRED}",
    "Terraform": (
        "Error: operation error S3: ListBuckets, https response error StatusCode: 400, RequestID: X, "
        "api error ExpiredToken: The provided token has expired."
    ),
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_a_refusal_of_aws_is_recognised(text: str) -> None:
    found = read(text)
    assert (found.code, found.operation) == ("ExpiredToken", "ListBuckets")


WITHOUT_OPERATION = {
    "json": '{\n    "Code": "ExpiredToken",\n    "Message": "The provided token has expired."\n}\n',
    "yaml": "Code: ExpiredToken\nMessage: The provided token\n  has expired.\n",
    "text": "ExpiredToken\tThe provided token has expired.\n",
    "table": (
        "----------\n|  error |\n+--------+\n|  Code   |  ExpiredToken                       |\n"
        "|  Message|  The provided token has expired.    |\n+---------+\n"
    ),
    "an answer of AWS": '{"Error": {"Code": "ExpiredToken", "Message": "The provided token has expired."}}',
    "an answer of AWS in XML": "<Error><Code>ExpiredToken</Code><Message>The token is old</Message></Error>",
    "Java": "The token has expired (Service: S3; Status Code: 400; Error Code: ExpiredToken; Request ID: X)",
    "JavaScript": "ExpiredToken: The provided token has expired.\n    at throwDefaultError",
}


@pytest.mark.parametrize("text", WITHOUT_OPERATION.values(), ids=WITHOUT_OPERATION)
def test_the_code_is_found_where_no_operation_is_named(text: str) -> None:
    found = read(text)
    assert (found.code, found.operation) == ("ExpiredToken", None)
    assert "token" in found.message


WORDED = {
    "The config profile (my prod) could not be found": Pasted("", "ProfileNotFound", profile="my prod"),
    "aws: [ERROR]: The config profile () could not be found": Pasted("", "ProfileNotFound", profile=""),
    "botocore.exceptions.ProfileNotFound: The config profile (x) could not be found": Pasted(
        "", "ProfileNotFound", profile="x"
    ),
    'Unable to locate credentials. You can configure credentials by running "aws configure".': Pasted(
        "", "NoCredentialsError"
    ),
    "aws: [ERROR]: An error occurred (NoCredentials): Unable to locate credentials.": Pasted(
        "", "NoCredentialsError"
    ),
    '{"Code": "NoRegion", "Message": "You must specify a region. You can also…"}': Pasted(
        "", "NoRegionError"
    ),
    'The source_profile "bse" referenced in the profile "deploy" does not exist.': Pasted(
        "", "InvalidConfigError", profile="deploy", source="bse"
    ),
    'The profile "a" contains both source_profile and credential_source.': Pasted(
        "", "InvalidConfigError", profile="a"
    ),
    'The specified sso-session does not exist: "corp"': Pasted("", "InvalidConfigError", session="corp"),
    "Partial credentials found in shared-credentials-file, missing: aws_secret_access_key": Pasted(
        "", "PartialCredentialsError"
    ),
    "Infinite loop in credential configuration detected. Attempting to load from profile b which has already "
    "been visited. Visited profiles: ['a', 'b']": Pasted(
        "", "InfiniteLoopConfigError", profile="a", source="b"
    ),
    "Error loading SSO Token: Token for https://corp.awsapps.com/start does not exist": Pasted(
        "", "SSOTokenLoadError", session="https://corp.awsapps.com/start"
    ),
    "Error when retrieving token from sso: Token has expired and refresh failed": Pasted(
        "", "TokenRetrievalError"
    ),
    "Error when retrieving credentials from custom-process: no vault": Pasted("", "CredentialRetrievalError"),
    "Unable to parse config file: /home/me/my files/config": Pasted(
        "", "ConfigParseError", path="/home/me/my files/config"
    ),
    "Your session has expired. Please reauthenticate using 'aws login'.": Pasted("", "LoginRefreshRequired"),
    "Credentials were refreshed, but the refreshed credentials are still expired.": Pasted(
        "", "RuntimeError"
    ),
    "Cannot refresh credentials: MFA token required.": Pasted("", "RefreshWithMFAUnsupportedError"),
    'Could not connect to the endpoint URL: "https://sts.eu-west-9.amazonaws.com/"': Pasted(
        "", "EndpointConnectionError"
    ),
    f"\n'{STEM}'\n": Pasted("", "KeyError", stem=STEM),
    f"aws: [ERROR]: '{STEM}'": Pasted("", "KeyError", stem=STEM),
    f"KeyError: '{STEM}'": Pasted("", "KeyError", stem=STEM),
    "'Credentials'": Pasted("", "KeyError"),
    "'NoneType' object is not subscriptable": Pasted("", "TypeError"),
    "[Errno 2] No such file or directory: '/run/token'": Pasted("", "FileNotFoundError", path="/run/token"),
    "Parameter validation failed:\nInvalid length for parameter RoleArn, value: 0": Pasted(
        "", "ParamValidationError"
    ),
}


@pytest.mark.parametrize(("text", "wanted"), WORDED.items(), ids=[text.strip()[:40] for text in WORDED])
def test_an_error_that_has_only_words_is_recognised(text: str, wanted: Pasted) -> None:
    found = read(text)
    keys = ("code", "profile", "source", "session", "path", "stem")
    assert {key: getattr(found, key) for key in keys} == {key: getattr(wanted, key) for key in keys}


def test_who_asked_and_for_what_is_told_apart() -> None:
    found = read(DENIED)
    assert (found.caller, found.arn, found.account) == (CALLER, ROLE, "123456789012")


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("$ aws s3 ls --profile prod", "prod"),
        ("$ aws --profile=prod s3 ls", "prod"),
        ("$ aws s3 ls --profile 'my prod'", "my prod"),
        ("> AWS_PROFILE=prod aws s3 ls", "prod"),
        ("$ aws s3 ls", None),
    ],
)
def test_the_profile_is_taken_from_the_command_above(command: str, name: str | None) -> None:
    assert read(f"{command}\n\n{EXPIRED}").profile == name


def test_the_last_of_several_errors_counts() -> None:
    assert read(f"{DENIED}\n\n{EXPIRED}").code == "ExpiredToken"


@pytest.mark.parametrize("width", range(15, 121, 7))
@pytest.mark.parametrize("breaks_words", [True, False])
def test_it_is_recognised_however_a_terminal_has_broken_it(width: int, *, breaks_words: bool) -> None:
    # GIVEN
    if breaks_words:
        text = "\n".join(DENIED[at : at + width] for at in range(0, len(DENIED), width))
    else:
        text = textwrap.fill(DENIED, width, break_long_words=False, break_on_hyphens=False)
    # THEN
    found = read(text)
    assert (found.code, found.operation, found.caller, found.arn) == (
        "AccessDenied",
        "AssumeRole",
        CALLER,
        ROLE,
    )


@pytest.mark.parametrize("width", range(30, 121, 9))
def test_no_part_of_a_secret_is_shown_wherever_a_terminal_has_broken_it(width: int) -> None:
    # GIVEN a message that quotes a token and a key
    canaries = Canaries()
    said = f"{EXPIRED}: {canaries.token('token')} with {canaries.key('key')} is no token"
    text = "\n".join(said[at : at + width] for at in range(0, len(said), width))
    # THEN what is shown of it has neither
    shown = read(text).message
    assert canaries.leaks(shown.replace(" ", "")) == set()
    assert shown.endswith(f"{MASK} with {MASK} is no token")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "hello",
        "the profile is broken",
        "{",
        "{}",
        '{"Code": 3}',
        "Segmentation fault",
        "KeyError",
        "deadbeef",
        f"commit {STEM}",
        "Code: fine\n",
    ],
)
def test_what_is_no_error_of_aws_is_not(text: str) -> None:
    assert parse.parse_error_text(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "{" * 100_000,
        "[" * 100_000,
        "An error occurred (" * 10_000,
        "operation error S3: " * 10_000,
        "Code: A\n" * 10_000,
        " " * 200_000,
        "The config profile (" * 10_000,
        "User: arn:aws" + " " * 100_000,
        "Unable to parse config file: " + "a b " * 30_000,
        "a.b." * 50_000,
        "AWS_PROFILE='" * 10_000,
    ],
    ids=lambda text: text[:20].strip(),
)
def test_nonsense_takes_no_time(text: str) -> None:
    began = time.process_time()
    parse.parse_error_text(text)
    assert time.process_time() - began < 1


def test_secrets_in_a_message_are_masked() -> None:
    found = read(
        "An error occurred (ExpiredToken) when calling the X operation: "
        "aws_secret_access_key = CANARYCANARY1 AKIAIOSFODNN7EXAMPLE"
    )
    assert "CANARY" not in found.message
    assert "AKIA" not in found.message
    assert "CANARY" not in repr(found)
