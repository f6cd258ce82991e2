"""The value that a message quotes leads to where it is set; AWS's own words lead to no profile."""

from pathlib import Path

import pytest

from tests.doctor.test_error_text_mentions import read

PAIR = "aws_access_key_id = AKIAQZ7K2WFM4TXC5HLA\naws_secret_access_key = CANARY\n"
QUOTING = {
    "region": (
        ("AWS_DEFAULT_REGION", "AWS_REGION"),
        ("US_EAST_1", "us east 1", "eu_west_1", '"eu-west-1"', "us-west-2a_", "123456", "EU (Ireland)"),
        "Provided region_name '{}' doesn't match a supported format.",
    ),
    "retry_mode": (
        ("AWS_RETRY_MODE",),
        ("fast", "Standard"),
        'Invalid value provided to "mode": "{}" must be one of: "standard" or "adaptive"',
    ),
    "max_attempts": (
        ("AWS_MAX_ATTEMPTS",),
        ("0", "-3"),
        'Value provided to "max_attempts": {} must be an integer greater than or equal to 1.',
    ),
    "output": (("AWS_DEFAULT_OUTPUT",), ("xml", "JSON"), "aws: [ERROR]: Unknown output type: {}"),
    "defaults_mode": (
        ("AWS_DEFAULTS_MODE",),
        ("fast",),
        "Client configured with invalid defaults mode: {}. Valid defaults modes include: legacy, auto.",
    ),
    "sts_regional_endpoints": (
        ("AWS_STS_REGIONAL_ENDPOINTS",),
        ("global",),
        'STS regional endpoints option {} is invalid. Valid options are: "legacy", "regional"',
    ),
    "request_checksum_calculation": (
        ("AWS_REQUEST_CHECKSUM_CALCULATION",),
        ("never",),
        (
            "Unsupported configuration value for request_checksum_calculation. Expected one of "
            "('when_supported', 'when_required') but got {}."
        ),
    ),
    "account_id_endpoint_mode": (
        ("AWS_ACCOUNT_ID_ENDPOINT_MODE",),
        ("off",),
        "The configured value '{}' for 'account_id_endpoint_mode' is invalid. Valid values are: ('x').",
    ),
    "request_min_compression_size_bytes": (
        ("AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES",),
        ("-1",),
        'Invalid value "{}" for request_min_compression_size_bytes. Value must be between 0 and 1048576.',
    ),
}
"""Settings, their variables, values that are refused, and how that is said."""
CASES = [(key, value) for key, (_, values, _) in QUOTING.items() for value in values]
OTHERS = f"[default]\n{PAIR}[web]\n{PAIR}[hub]\n{PAIR}"


def _config(key: str, value: str | None) -> str:
    hub = "" if value is None else f"{key} = {value}\n"
    return (
        f"[default]\nregion = eu-west-1\n[profile web]\nregion = us-east-2\n[profile hub]\ncli_pager =\n{hub}"
    )


@pytest.mark.parametrize(("key", "value"), CASES)
def test_it_is_about_the_profile_that_sets_the_very_value(tmp_path: Path, key: str, value: str) -> None:
    message = QUOTING[key][2].format(value)
    found, words = read(tmp_path, message, config=_config(key, value), credentials=OTHERS)
    assert found.profile == "hub", found.sentence
    assert words.startswith(("hub sets", "hub has", f"{key} of hub")), words


@pytest.mark.parametrize(("key", "value"), CASES)
def test_it_is_about_the_variable_that_has_the_very_value(tmp_path: Path, key: str, value: str) -> None:
    variables, _, message = QUOTING[key]
    for number, variable in enumerate(variables):
        home = {"config": _config(key, None), "credentials": OTHERS, "environ": {variable: value}}
        _, words = read(tmp_path / str(number), message.format(value), **home)
        assert words.startswith(f"{variable} "), words


@pytest.mark.parametrize(("key", "value"), CASES)
@pytest.mark.parametrize("is_variable", [True, False])
def test_another_value_of_the_same_setting_is_not_what_it_is_about(
    tmp_path: Path, key: str, value: str, *, is_variable: bool
) -> None:
    variables, _, message = QUOTING[key]
    other = value[:-1] if value[1:] else "-7"
    environ = {variables[-1]: value} if is_variable else {}
    home = {"config": _config(key, None if is_variable else value), "environ": environ}
    found, words = read(tmp_path, message.format(other), credentials=OTHERS, **home)
    assert found.profile is None, found.sentence
    assert words == f"no file that was read sets {key} to '{other}', and no variable here does"


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("$ aws s3 ls --region US_EAST_1\n", "--region"),
        ("$ aws --region='US_EAST_1' s3 ls\n", "--region"),
        ('    client = boto3.client("s3", region_name="US_EAST_1")\n', "region_name"),
        ("    boto3.Session(region_name = 'US_EAST_1')\n", "region_name"),
    ],
)
def test_a_command_or_code_that_was_pasted_too_gives_the_value_itself(
    tmp_path: Path, said: str, option: str
) -> None:
    message = f"{said}Provided region_name 'US_EAST_1' doesn't match a supported format."
    found, words = read(tmp_path, message, config=_config("region", "US_EAST_1"), credentials=OTHERS)
    assert found.profile is None
    assert words == f"the command itself gives this value, with {option}"


SPOKEN = {
    "a service in quotes": "Credential should be scoped to correct service: 's3'.",
    "a service in brackets": "Credential should be scoped to correct service: [dynamodb]",
    "a service's other name": "Credential should be scoped to correct service: 'execute-api'",
    "a service of a call": "operation error DynamoDB: ListTables, api error InvalidToken: dynamodb no",
    "a region": "Credential should be scoped to a valid region, not 'us-east-1'.",
    "a scope": "SignatureDoesNotMatch: Credential=…/20300101/us-east-1/s3/aws4_request is no good",
    "two services": 'The authorization header is malformed; incorrect service "email", not "ses".',
    "an operation": "An error occurred (SignatureDoesNotMatch) when calling the ListBuckets operation: "
    "Credential should be scoped to a valid region.",
    "an operation of Go": "operation error S3: ListBuckets, https response error StatusCode: 403, "
    "api error SignatureDoesNotMatch: no",
    "what is not allowed": "User: someone is not authorized to perform: s3:ListBuckets (ListBuckets)",
    "an operation of a command": "$ aws s3api list-buckets\nInvalidClientTokenId: [list-buckets] failed",
    "the code": "An error occurred (InvalidClientTokenId) when calling the X operation: InvalidClientTokenId",
}
NAMED_SO = (
    *("s3", "sts", "dynamodb", "execute-api", "email", "ses", "us-east-1", "ListBuckets", "list-buckets"),
    *("aws4_request", "InvalidClientTokenId", "scoped"),
)


@pytest.mark.parametrize("name", SPOKEN)
def test_a_service_a_region_or_an_operation_names_no_profile(tmp_path: Path, name: str) -> None:
    every = "".join(f"[{each}]\n{PAIR}" for each in NAMED_SO)
    found, _ = read(tmp_path, SPOKEN[name], credentials=f"[default]\n{PAIR}{every}")
    assert found.profile in (None, "default"), found.sentence


@pytest.mark.parametrize("name", NAMED_SO)
def test_the_word_profile_names_even_those(tmp_path: Path, name: str) -> None:
    found, _ = read(
        tmp_path, f"cannot load profile '{name}'", credentials=f"[default]\n{PAIR}[{name}]\n{PAIR}"
    )
    assert found.profile == name


@pytest.mark.parametrize("name", ["a service in quotes", "a region", "two services", "an operation"])
def test_a_signature_for_another_region_or_service_is_not_blamed_on_the_keys(
    tmp_path: Path, name: str
) -> None:
    _, words = read(tmp_path, SPOKEN[name], credentials=f"[default]\n{PAIR}")
    assert words.startswith("the call was signed for another ")


@pytest.mark.parametrize("zone", ["us-east-2a", "us-west-2-lax-1a", "cn-north-1b", "us-east-1-wl1-bos-wlz-1"])
def test_a_zone_that_is_set_nowhere_here_is_said_to_be_one(tmp_path: Path, zone: str) -> None:
    text = f'Could not connect to the endpoint URL: "https://ec2.{zone}.amazonaws.com/"'
    _, words = read(tmp_path, text, config=_config("region", None), credentials=OTHERS)
    assert words.startswith(f"{zone} is a zone, and no zone has an endpoint"), words


@pytest.mark.parametrize("region", ["us_east_1", "useast1", "us-east1", "eu-west"])
def test_what_is_like_a_region_is_said_to_be_none(tmp_path: Path, region: str) -> None:
    text = f'Could not connect to the endpoint URL: "https://sts.{region}.amazonaws.com/"'
    _, words = read(tmp_path, text, config=_config("region", None), credentials=OTHERS)
    assert words.startswith(f"{region} is no region"), words


@pytest.mark.parametrize("host", ["sts", "bucket.s3", "s3.us-east-1", "x.execute-api.eu-west-9", "iam"])
def test_an_address_of_aws_is_not_doubted(tmp_path: Path, host: str) -> None:
    text = f'Could not connect to the endpoint URL: "https://{host}.amazonaws.com/"'
    _, words = read(tmp_path, text, config=_config("region", None), credentials=OTHERS)
    assert words.startswith("AWS does not answer"), words


def test_a_variable_that_no_file_sets_is_spoken_of_alone(tmp_path: Path) -> None:
    text = "Unknown codec `utf9` specified for AWS_CLI_OUTPUT_ENCODING."
    _, words = read(tmp_path, text, credentials=OTHERS)
    assert words == "AWS_CLI_OUTPUT_ENCODING is not 'utf9' here"


def test_a_code_that_is_not_known_hides_no_words_that_are(tmp_path: Path) -> None:
    text = "An error occurred (Odd): Provided region_name 'US_EAST_1' doesn't match a supported format."
    found, _ = read(tmp_path, text, config=_config("region", "US_EAST_1"), credentials=OTHERS)
    assert found.profile == "hub"
