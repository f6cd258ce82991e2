"""Roles over a named source: credential_source (aws-facts §3); each row is held to the real botocore."""

import pytest

from tests.aws.cases import Case, environment_keys, role
from tests.aws.real import assert_resolves
from tests.conftest import HomeMaker

ENVIRONMENT = f"[profile x]\n{role()}credential_source = Environment\n"
CONTAINER = f"[profile x]\n{role()}credential_source = EcsContainer\n"
METADATA = f"[profile x]\n{role()}credential_source = Ec2InstanceMetadata\n"
NOT_FOUND = (
    "Error when retrieving credentials from {}: No credentials found in credential_source referenced in "
    "profile x"
)

CASES = {
    "the environment": Case(
        "assume-role", ENVIRONMENT, chain="x assume-role < - env", environ=environment_keys()
    ),
    "the environment without keys": Case(
        "CredentialRetrievalError",
        ENVIRONMENT,
        chain="x assume-role < - ?",
        says=NOT_FOUND.format("Environment"),
    ),
    "the environment with half a pair": Case(
        "PartialCredentialsError",
        ENVIRONMENT,
        chain="x assume-role < - ?",
        environ={"AWS_ACCESS_KEY_ID": "AKIAENVEXAMPLE"},
        says="Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY",
    ),
    "the container": Case(
        "assume-role",
        CONTAINER,
        chain="x assume-role < - container-role",
        environ={"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"},
    ),
    "no container": Case(
        "CredentialRetrievalError",
        CONTAINER,
        chain="x assume-role < - ?",
        says=NOT_FOUND.format("EcsContainer"),
    ),
    "the metadata service": Case("assume-role", METADATA, chain="x assume-role < - iam-role"),
    "the metadata service turned off": Case(
        "CredentialRetrievalError",
        METADATA,
        chain="x assume-role < - ?",
        environ={"AWS_EC2_METADATA_DISABLED": "TRUE"},
        says=NOT_FOUND.format("Ec2InstanceMetadata"),
    ),
    "the wrong case": Case(
        "InvalidConfigError",
        f"[profile x]\n{role()}credential_source = environment\n",
        chain="x assume-role",
        environ=environment_keys(),
        says='The credential source "environment" referenced in profile "x" is not valid.',
    ),
    "an empty name": Case(
        "InvalidConfigError",
        f"[profile x]\n{role()}credential_source =\n",
        chain="x assume-role",
        says='The credential source "" referenced in profile "x" is not valid.',
    ),
    "a source over a named source": Case(
        "assume-role",
        f"[profile x]\n{role('x', 'm')}[profile m]\n{role('m')}credential_source = Environment\n",
        chain="x assume-role < m assume-role < - env",
        environ=environment_keys(),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_named_source_resolves_as_in_botocore(make_home: HomeMaker, name: str) -> None:
    assert_resolves(make_home(**CASES[name].home), CASES[name])
