"""Quotes, line ends and unseen characters in any AWS variable are told by name, and exported away."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from rolecall.aws.variables import CATALOGUE
from rolecall.doctor.finding import Finding, Severity
from tests.doctor.harm import World, carried_out, harm
from tests.homes import make_home

KEYS = "aws_access_key_id = AKIAQQQQQQQQQQQQ3KEY\naws_secret_access_key = CANARY\n"
DEFAULT = "[default]\nregion = eu-west-1\n"
ARN = "arn:aws:iam::210987654321:role/Pod"
TOKEN = {"token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln"}
POD = {"AWS_ROLE_ARN": ARN, "AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token"}
VALUES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "AWS_REGION": ("eu-west-1", {"AWS_DEFAULT_REGION": "eu-west-1"}),
    "AWS_DEFAULT_REGION": ("eu-west-1", {}),
    "AWS_SHARED_CREDENTIALS_FILE": ("{HOME}/.aws/credentials", {}),
    "AWS_CONFIG_FILE": ("{HOME}/.aws/config", {}),
    "AWS_ROLE_ARN": (ARN, POD),
    "AWS_WEB_IDENTITY_TOKEN_FILE": ("{HOME}/token", POD),
    "AWS_ROLE_SESSION_NAME": ("me", POD),
    "AWS_ENDPOINT_URL": ("http://localhost:4566", {}),
    "AWS_ENDPOINT_URL_DYNAMODB": ("http://localhost:8000", {}),
    "AWS_RETRY_MODE": ("standard", {}),
    "AWS_STS_REGIONAL_ENDPOINTS": ("regional", {}),
    "AWS_DEFAULT_OUTPUT": ("json", {}),
    "AWS_USE_FIPS_ENDPOINT": ("true", {}),
    "AWS_EC2_METADATA_DISABLED": ("true", {}),
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": ("http://127.0.0.1:1338/creds", {}),
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": ("/v2/credentials/x", {}),
    "AWS_LOGIN_CACHE_DIRECTORY": ("{HOME}/logins", {}),
    "HTTPS_PROXY": ("http://proxy.example.com:3128", {}),
}
"""A value that works, by the variable, with what else is set."""
AROUND = {
    '"{}"': "quotes",
    "'{}'": "quotes",
    "\u201c{}\u201d": "quotes",
    "{}\r": "a carriage return (U+000D)",
    "{}\n": "a line break (U+000A)",
    "{} ": "a blank",
    "\ufeff{}": "a byte order mark (U+FEFF)",
    "{}\u200b": "a zero-width space (U+200B)",
    "{}\u00a0": "a non-breaking space (U+00A0)",
    "{};": "';'",
}


def world(place: Path, environ: Mapping[str, str]) -> World:
    # with keys a container is not asked
    name = "other" if any(each.startswith("AWS_CONTAINER") for each in environ) else "default"
    credentials = f"[{name}]\n{KEYS}"
    return World.of(make_home(place, config=DEFAULT, credentials=credentials, files=TOKEN, environ=environ))


def found(world: World, name: str) -> list[Finding]:
    return [each for each in world.findings.all if (each.code, each.subject.name) == ("env-surplus", name)]


@pytest.mark.parametrize("around", AROUND, ids=ascii)
@pytest.mark.parametrize("name", VALUES)
def test_it_is_named_and_exported_away(tmp_path: Path, name: str, around: str) -> None:
    # GIVEN
    right, others = VALUES[name]
    before = world(tmp_path, {**others, name: around.format(right)})
    (finding,) = found(before, name)
    assert AROUND[around] in finding.message
    # WHEN
    after = carried_out(before, finding.fix)
    # THEN the variable has the value that is meant, and nothing else is told of it any more
    assert after.snapshot.host.environ[name] == right.replace("{HOME}", str(before.snapshot.host.home))
    assert list(harm(before, after, finding)) == []
    # and what fails because of it is told with it
    of_it = [each.code for each in before.findings.all if each.subject.name == name]
    assert [code for code in of_it if code not in ("env-surplus", "env-local-endpoint")] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("AWS_RETRY_MODE", '"standard"'),
        ("AWS_DEFAULT_REGION", "eu-west-1\r"),
        ("AWS_ENDPOINT_URL", "http://localhost:4566 "),
        ("AWS_ENDPOINT_URL", "http://localhost:4566;"),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", '"http://127.0.0.1:1338/creds"'),
    ],
)
def test_what_stops_every_command_is_an_error(tmp_path: Path, name: str, text: str) -> None:
    (finding,) = found(world(tmp_path, {name: text}), name)
    assert finding.severity is Severity.ERROR
    assert finding.folded


@pytest.mark.parametrize(
    "environ",
    [
        *({name: right, **others} for name, (right, others) in VALUES.items()),
        {"AWS_MAX_ATTEMPTS": " 3 "},  # int() takes it
        {"AWS_METADATA_SERVICE_TIMEOUT": "1\r"},
        {"AWS_USE_FIPS_ENDPOINT": '"false"'},  # not true, and meant so
        {"AWS_ENDPOINT_URL": "http://localhost:4566/ "},
        {"AWS_PAGER": '"less" -R'},
        {"AWS_EXECUTION_ENV": "a b "},
        {"AWS_SHARED_CREDENTIALS_FILE": "{HOME}/.aws/credentials /../credentials"},
        {"NO_PROXY": "localhost, 127.0.0.1 "},
    ],
    ids=str,
)
def test_what_works_is_left_alone(tmp_path: Path, environ: Mapping[str, str]) -> None:
    (tmp_path / ".aws" / "credentials ").mkdir(parents=True)
    assert [
        each.message for each in world(tmp_path, environ).findings.all if each.code == "env-surplus"
    ] == []


def test_no_secret_is_on_the_line(tmp_path: Path) -> None:
    before = world(tmp_path, {"HTTPS_PROXY": '"http://me:CANARY@proxy.example.com:3128"'})
    (finding,) = found(before, "HTTPS_PROXY")
    assert finding.fix.run() is None
    assert "CANARY" not in f"{finding.message}{finding.fix.words}{finding.evidence}"


def test_the_variables_are_those_that_aws_tools_read() -> None:
    unknown = [name for name in VALUES if name not in CATALOGUE and not name.startswith("AWS_ENDPOINT_URL_")]
    assert unknown == []
