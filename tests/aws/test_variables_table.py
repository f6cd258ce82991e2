"""Who reads which variable (aws-facts §1)."""

import pytest
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES

from rolecall.aws.variables import CATALOGUE, Reader, describe

IN_THE_FACTS = """
AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SECURITY_TOKEN AWS_SESSION_TOKEN AWS_ACCOUNT_ID
AWS_CREDENTIAL_EXPIRATION AWS_SESSION_EXPIRATION AWSUME_EXPIRATION AWS_PROFILE AWS_DEFAULT_PROFILE
AWS_DEFAULT_REGION AWS_REGION AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_LOGIN_CACHE_DIRECTORY
AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN AWS_ROLE_SESSION_NAME AWS_CREDENTIAL_FILE BOTO_CONFIG
AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI
AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_EC2_METADATA_DISABLED
AWS_EC2_METADATA_SERVICE_ENDPOINT AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE AWS_EC2_METADATA_V1_DISABLED
AWS_IMDS_USE_IPV6 AWS_METADATA_SERVICE_TIMEOUT AWS_METADATA_SERVICE_NUM_ATTEMPTS AWS_ENDPOINT_URL
AWS_IGNORE_CONFIGURED_ENDPOINT_URLS AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT
AWS_STS_REGIONAL_ENDPOINTS AWS_ACCOUNT_ID_ENDPOINT_MODE AWS_DEFAULTS_MODE AWS_CA_BUNDLE
REQUESTS_CA_BUNDLE HTTPS_PROXY HTTP_PROXY NO_PROXY AWS_MAX_ATTEMPTS AWS_RETRY_MODE AWS_DATA_PATH
AWS_DEFAULT_OUTPUT AWS_PAGER AWS_CLI_AUTO_PROMPT AWS_CLI_ERROR_FORMAT AWS_CLI_FILE_ENCODING
AWS_CLI_OUTPUT_ENCODING AWS_CLI_HISTORY_FILE
"""
CLI_ALONE = """
AWS_DEFAULT_OUTPUT AWS_PAGER AWS_CLI_AUTO_PROMPT AWS_CLI_ERROR_FORMAT AWS_CLI_FILE_ENCODING
AWS_CLI_OUTPUT_ENCODING AWS_CLI_HISTORY_FILE AWS_CLI_S3_MV_VALIDATE_SAME_S3_PATHS
"""


@pytest.mark.parametrize("name", IN_THE_FACTS.split())
def test_it_is_known(name: str) -> None:
    assert name in CATALOGUE


@pytest.mark.parametrize("name", CATALOGUE)
def test_each_has_words_that_begin_a_sentence(name: str) -> None:
    _, effect = describe(name)
    assert effect[0].isupper()
    assert not effect.endswith(".")


@pytest.mark.parametrize("name", CATALOGUE)
def test_who_reads_it(name: str) -> None:
    reader, _ = describe(name)
    assert (reader is Reader.CLI) is (name in CLI_ALONE.split())


@pytest.mark.parametrize(
    "name", ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_BEARER_TOKEN_BEDROCK"]
)
def test_a_service_s_own_is_read_by_all(name: str) -> None:
    assert describe(name)[0] is Reader.ALL


@pytest.mark.parametrize("name", ["AWS_VAULT", "AWS_SSO_PROFILE", "AWS_ENDPOINT", ""])
def test_what_is_not_known_is_read_by_nobody(name: str) -> None:
    assert describe(name)[0] is Reader.NOBODY


def read_by_botocore() -> list[str]:
    """Return every variable for which botocore has a setting of its own."""
    variables = [entry[1] for entry in BOTOCORE_DEFAUT_SESSION_VARIABLES.values()]
    return sorted(
        {name for each in variables if each for name in ([each] if isinstance(each, str) else each)}
    )


@pytest.mark.parametrize("name", read_by_botocore())
def test_whatever_botocore_reads_is_known(name: str) -> None:
    assert describe(name)[0] in (Reader.ALL, Reader.NOT_V2)
