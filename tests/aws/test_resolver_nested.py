"""A nested block where text is meant: botocore stumbles over it, each time in its own way."""

import pytest

from tests.aws.cases import LEGACY_SSO, SSO_ROLE, Case, keys, role
from tests.aws.real import assert_resolves
from tests.conftest import HomeMaker

NESTED = "=\n  a = 1\n"
UNHASHABLE = "unhashable type: 'dict'"
BASE = f"[base]\n{keys('BASE')}"
NO_LOWER = "'dict' object has no attribute 'lower'"

CASES = {
    "data_path": Case(
        "AttributeError",
        f"[profile x]\n{keys('X')}data_path {NESTED}",
        says="'dict' object has no attribute 'split'",
    ),
    "source_profile": Case(
        "TypeError", f"[profile x]\n{role()}source_profile {NESTED}", chain="x assume-role", says=UNHASHABLE
    ),
    "credential_source": Case(
        "InvalidConfigError",
        f"[profile x]\n{role()}credential_source {NESTED}",
        chain="x assume-role",
        says="The credential source \"{'a': '1'}\" referenced in profile \"x\" is not valid.",
    ),
    "duration_seconds": Case(
        "TypeError",
        f"[profile x]\n{role('x', 'base')}duration_seconds {NESTED}",
        BASE,
        chain="x assume-role",
        says="int() argument must be a string, a bytes-like object or a real number, not 'dict'",
    ),
    "role_arn": Case(
        "assume-role",
        f"[profile x]\nrole_arn {NESTED}source_profile = base\n",
        BASE,
        chain="x assume-role < base shared-credentials-file",
    ),
    "web_identity_token_file": Case(
        "assume-role-with-web-identity", f"[profile x]\n{role()}web_identity_token_file {NESTED}"
    ),
    "sso_session": Case("TypeError", f"[profile x]\n{SSO_ROLE}sso_session {NESTED}", says=UNHASHABLE),
    "sso_start_url": Case("sso", f"[profile x]\n{SSO_ROLE}sso_region = a\nsso_start_url {NESTED}"),
    "login_session": Case(
        "AttributeError",
        f"[profile x]\nlogin_session {NESTED}",
        has_crt=True,
        says="'dict' object has no attribute 'encode'",
    ),
    "credential_process": Case("custom-process", f"[profile x]\ncredential_process {NESTED}"),
    "metadata_service_timeout": Case(
        "TypeError",
        f"[profile x]\nmetadata_service_timeout {NESTED}",
        says="int() argument must be a string, a bytes-like object or a real number, not 'dict'",
    ),
    "ec2_metadata_service_endpoint_mode": Case(
        "AttributeError", f"[profile x]\nec2_metadata_service_endpoint_mode {NESTED}", says=NO_LOWER
    ),
    "ec2_metadata_service_endpoint": Case(
        "TypeError", f"[profile x]\nec2_metadata_service_endpoint {NESTED}", says=UNHASHABLE
    ),
    "imds_use_ipv6": Case("sso", f"[profile x]\n{LEGACY_SSO}imds_use_ipv6 {NESTED}"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_nested_block_does_what_it_does_in_botocore(make_home: HomeMaker, name: str) -> None:
    assert_resolves(make_home(**CASES[name].home), CASES[name])
