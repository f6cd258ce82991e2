"""A home with one of each, and the program over it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rolecall.aws import cache_files
from rolecall.host import utc_now
from tests.cli.program import Program, role_file
from tests.cli.sts import Sts

CONFIG = """\
[default]
region = eu-west-1

[profile base]
region = eu-west-1

[profile admin]
role_arn = arn:aws:iam::123456789012:role/Admin
source_profile = base
region = eu-central-1

[profile deploy]
role_arn = arn:aws:iam::123456789012:role/Deploy
source_profile = admin

[profile lost]
role_arn = arn:aws:iam::123456789012:role/Lost
source_profile = nobody

[profile helper]
credential_process = /bin/helper --account 1
s3 =
  addressing_style = path
"""
CREDENTIALS = """\
[base]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
region = us-east-1
"""


@pytest.fixture(autouse=True)
def _no_completion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("_ROLECALL_COMPLETE", raising=False)


@pytest.fixture
def bare(tmp_path: Path) -> Program:
    """Return the program over a home with nothing in it."""
    home = tmp_path / "home"
    home.mkdir()
    return Program(home)


@pytest.fixture
def rolecall(bare: Program) -> Program:
    """Return the program over a home with a profile of each of the usual kinds."""
    bare.config(CONFIG)
    bare.credentials(CREDENTIALS)
    stem = cache_files.role({"role_arn": "arn:aws:iam::123456789012:role/Admin"})
    bare.write(f"cli/cache/{stem}.json", role_file("2026-03-01T12:43:10Z"))
    return bare


ROLES = """\
[profile admin]
role_arn = arn:aws:iam::123456789012:role/Admin
source_profile = base

[profile deploy]
role_arn = arn:aws:iam::123456789012:role/Deploy
source_profile = admin

[profile long]
role_arn = arn:aws:iam::123456789012:role/Long
source_profile = admin
duration_seconds = 43200

[profile guarded]
role_arn = arn:aws:iam::123456789012:role/Guarded
source_profile = base
mfa_serial = arn:aws:iam::123456789012:mfa/me

[profile other]
role_arn = arn:aws:iam::123456789012:role/Other
source_profile = base

[profile helped]
role_arn = arn:aws:iam::123456789012:role/Helped
source_profile = helper

[profile helper]
credential_process = "{PYTHON}" "{HELPER}" --password hunter2hunter2
"""
HELPER = """\
import json, pathlib
pathlib.Path(__file__).with_suffix(".ran").touch()
print(json.dumps({"Version": 1, "AccessKeyId": "AKIAHELPERHELPERHELP", "SecretAccessKey": "CANARYhelper"}))
"""


@pytest.fixture
def sts() -> Iterator[Sts]:
    """Run an STS on loopback."""
    with Sts() as running:
        yield running


@pytest.fixture
def calling(bare: Program, sts: Sts) -> Program:
    """Return the program over roles that are assumed at a loopback STS, at the time that it is."""
    helper = bare.home / "helper.py"
    helper.write_text(HELPER)
    bare.config(ROLES.replace("{PYTHON}", sys.executable).replace("{HELPER}", str(helper)))
    bare.credentials(CREDENTIALS)
    bare.environ |= sts.environ
    bare.clock = utc_now
    return bare
