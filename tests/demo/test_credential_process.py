"""The program that the demo's ``credential_process`` names."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import botocore.credentials
import pytest
from botocore.compat import compat_shell_split
from botocore.exceptions import CredentialRetrievalError

from rolecall.demo import callers
from rolecall.demo import credential_process as helper


@pytest.fixture(params=["home", 'a home\'s "own" $HOME', "héim #1; %TMP%"])
def home(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    if sys.platform == "win32" and '"' in request.param:
        pytest.skip("no file name there")
    home: Path = tmp_path / request.param
    (home / helper.PATH).parent.mkdir(parents=True)
    (home / helper.PATH).write_bytes(helper.script())
    return home


def provider(home: Path, account: str) -> botocore.credentials.ProcessProvider:
    profile = {"credential_process": f"{helper.command(home)} --account {account}"}
    return botocore.credentials.ProcessProvider("p", lambda: {"profiles": {"p": profile}})


@pytest.mark.parametrize(("account", "tag"), [("tools", "TLS"), ("vault", "VAU")])
def test_botocore_can_run_it_wherever_the_home_is(home: Path, account: str, tag: str) -> None:
    credentials = provider(home, account).load()
    assert credentials.access_key == callers.access_key(tag)
    assert credentials.token == callers.SESSION_TOKEN


def test_it_fails_for_any_other_account(home: Path) -> None:
    with pytest.raises(CredentialRetrievalError, match="there is no account nobody"):
        provider(home, "nobody").load()


def test_its_keys_are_good_for_an_hour(home: Path) -> None:
    command = [*compat_shell_split(helper.command(home)), "--account", "tools"]
    done = subprocess.run(command, capture_output=True, check=True)
    answer = json.loads(done.stdout)
    left = datetime.fromisoformat(answer["Expiration"]) - datetime.now(UTC)
    assert answer["Version"] == 1
    assert timedelta(minutes=59) < left <= timedelta(hours=1)
