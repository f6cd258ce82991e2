"""The names in ``[services]`` sections: what rolecall says of each is what botocore does with it."""

from pathlib import Path

import botocore.session
import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.registry import examine
from rolecall.doctor.rules.services import service_id
from tests.homes import make_home

URL = "https://proxy.example.net"
NAMES = {
    "s3": ("s3", True),
    "s3api": ("s3", False),
    "secretsmanager": ("secretsmanager", False),
    "secrets_manager": ("secretsmanager", True),
    "secrets-manager": ("secretsmanager", False),
    "logs": ("logs", False),
    "cloudwatch_logs": ("logs", True),
    "stepfunctions": ("stepfunctions", False),
    "sfn": ("stepfunctions", True),
    "elbv2": ("elbv2", False),
    "elastic_load_balancing_v2": ("elbv2", True),
    "DynamoDB": ("dynamodb", True),
    "sso-oidc": ("sso-oidc", False),
    "sso_oidc": ("sso-oidc", True),
    "wafv2": ("wafv2", True),
}
"""What is written, the client that is meant, and whether it gets the endpoint."""


@pytest.mark.parametrize(("name", "client", "is_read"), [(name, *rest) for name, rest in NAMES.items()])
def test_a_name_that_botocore_does_not_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, client: str, *, is_read: bool
) -> None:
    # GIVEN
    services = f"[services x]\n{name} =\n  endpoint_url = {URL}\n"
    config = f"{services}[profile a]\nregion = eu-west-1\nservices = x\n"
    host = make_home(tmp_path, config=config)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / ".aws" / "config"))
    # WHEN
    found = [each for each in examine(Snapshot.take(host)).all if each.code == "unknown-service"]
    # THEN
    made = botocore.session.Session(profile="a").create_client(client)
    assert (made.meta.endpoint_url == URL) is is_read
    assert bool(found) is not is_read


@pytest.mark.parametrize("name", ["colour", "x", "", "..", "a/b", "my_service"])
def test_a_name_that_nobody_knows_is_not_doubted(name: str) -> None:
    assert service_id(name) is None
