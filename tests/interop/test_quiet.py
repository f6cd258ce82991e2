"""Looking calls nobody: the same home makes the real ``aws`` call, and rolecall not."""

import json
import shlex
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.interop.real_aws import TIMEOUT
from tests.interop.stub import Stub
from tests.interop.texts import (
    DEPLOY_FILE,
    ENVIRONMENT_KEYS,
    LEGACY_SSO,
    OVER_BASE,
    ROLE,
    SSO,
    SSO_SESSION,
    cached_role,
    sso_token,
    sso_token_file,
)
from tests.interop.world import World

COMMANDS = ("list", "env", "cache list", "show x")
"""Every command that looks."""


@pytest.fixture
def eager(stubbed: World) -> World:
    """Return a home whose profiles, at their next use, go out to STS, SSO and the like."""
    token = stubbed.write("token", "CANARY.web.identity")
    helper = stubbed.write("helper.py", "import pathlib; pathlib.Path('helper-has-run').touch()\n")
    command = shlex.join([sys.executable, str(helper)])
    stubbed.write(
        "config",
        f"{SSO_SESSION}{OVER_BASE}"
        f"[profile sso]\n{SSO}"
        f"[profile legacy]\n{LEGACY_SSO}"
        f"[profile web]\n{ROLE}web_identity_token_file = {token}\n"
        f"[profile container]\n{ROLE}credential_source = EcsContainer\n"
        f"[profile helper]\ncredential_process = {command}\n",
    )
    soon = datetime.now(UTC) + timedelta(minutes=5)
    stubbed.write(DEPLOY_FILE, cached_role(Expiration=soon.isoformat()))
    stubbed.write(sso_token_file("corp"), sso_token("2999-01-01T00:00:00Z"))
    endpoint = stubbed.environ["AWS_ENDPOINT_URL"]
    return stubbed.having({"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{endpoint}/container"})


def test_the_real_aws_does_call_on_this_home(eager: World, stub: Stub) -> None:
    for profile in ("x", "sso", "web", "container", "helper"):
        eager.aws(profile)

    assert set(stub.calls) == {
        "AssumeRole",
        "AssumeRoleWithWebIdentity",
        "GET /container",
        "GET /federation/credentials",
        "GetCallerIdentity",
    }
    assert (eager.home / "helper-has-run").exists()


def test_a_snapshot_calls_nobody_and_writes_nothing(eager: World, stub: Stub) -> None:
    before = eager.contents()

    snapshot = eager.look()

    assert len(snapshot.profiles) == 7
    assert stub.calls == []
    assert eager.contents() == before


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_looks_calls_nobody_and_writes_nothing(eager: World, stub: Stub, command: str) -> None:
    before = eager.contents()
    environ = {**eager.environ, **ENVIRONMENT_KEYS, "AWS_PROFILE": "x"}

    done = subprocess.run(
        [sys.executable, "-m", "rolecall", *command.split(), "--json"],
        env=environ,
        cwd=eager.home,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["schema"] == "rolecall/1"
    assert stub.calls == []
    assert eager.contents() == before
