"""Without a region a role cannot be assumed where a URL for STS is configured: exactly as botocore has it."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import botocore.session
import pytest

from rolecall.aws.providers import Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.homes import make_home

URL = "http://127.0.0.1:9"
ROLE = "role_arn = arn:aws:iam::123456789012:role/x\nsource_profile = base\n"
BASE = "[profile base]\naws_access_key_id = AKIAQ3EGRIDNEWKEYABC\naws_secret_access_key = CANARY\n"
WEB = ROLE.replace("source_profile = base", "web_identity_token_file = /proc/version")
SERVICES = f"services = s\n[services s]\nsts =\n  endpoint_url = {URL}\n"
EVERYWHERE: Mapping[str, str] = {"AWS_ENDPOINT_URL": URL}
HOMES: dict[str, tuple[str, Mapping[str, str]]] = {
    "nothing": (ROLE, {}),
    "a URL for all": (ROLE, EVERYWHERE),
    "a URL for STS": (ROLE, {"AWS_ENDPOINT_URL_STS": URL}),
    "a URL for another service": (ROLE, {"AWS_ENDPOINT_URL_S3": URL}),
    "a URL in the profile": (f"{ROLE}endpoint_url = {URL}\n", {}),
    "a URL in the source": (f"{ROLE}[profile base]\nendpoint_url = {URL}\n", {}),
    "a URL of services": (ROLE + SERVICES, {}),
    "a URL of services for another": (ROLE + SERVICES.replace("sts =", "s3 ="), {}),
    "an empty URL": (ROLE, {"AWS_ENDPOINT_URL": ""}),
    "an empty URL before another": (ROLE, {"AWS_ENDPOINT_URL_STS": "", **EVERYWHERE}),
    "an empty URL in the profile": (f"{ROLE}endpoint_url =\n", {}),
    "ignored by a variable": (ROLE, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "True", **EVERYWHERE}),
    "ignored by the profile": (f"{ROLE}ignore_configured_endpoint_urls = true\n", EVERYWHERE),
    "ignored by a word that is none": (f"{ROLE}ignore_configured_endpoint_urls = yes\n", EVERYWHERE),
    "not ignored by a variable after all": (
        f"{ROLE}ignore_configured_endpoint_urls = true\n",
        {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false", **EVERYWHERE},
    ),
    "a region": (f"{ROLE}region = eu-west-1\n", EVERYWHERE),
    "an empty region": (f"{ROLE}region =\n", EVERYWHERE),
    "a region in a variable": (ROLE, {"AWS_DEFAULT_REGION": "eu-west-1", **EVERYWHERE}),
    "a region in CLI v2's variable": (ROLE, {"AWS_REGION": "eu-west-1", **EVERYWHERE}),
    "a region of the source": (f"{ROLE}[profile base]\nregion = eu-west-1\n", EVERYWHERE),
    "a region of default": (f"{ROLE}[default]\nregion = eu-west-1\n", EVERYWHERE),
    "STS as it was": (f"{ROLE}sts_regional_endpoints = legacy\n", {}),
    "STS as it was, at a URL": (f"{ROLE}sts_regional_endpoints = legacy\n", EVERYWHERE),
    "STS by regions": (f"{ROLE}sts_regional_endpoints = regional\n", {}),
    "STS by regions, by a variable": (ROLE, {"AWS_STS_REGIONAL_ENDPOINTS": "regional"}),
    "China": (ROLE.replace("arn:aws:", "arn:aws-cn:"), {}),
    "GovCloud at a URL": (ROLE.replace("arn:aws:", "arn:aws-us-gov:"), EVERYWHERE),
    "a web identity at a URL": (WEB, EVERYWHERE),
}


class _Sent(Exception):  # noqa: N818 - no error: the call would go out
    """What the call raises that would leave this process."""


def _stop(**_: Any) -> None:  # noqa: ANN401 - botocore's
    raise _Sent


def botocore_finds_no_region(host: Host) -> bool:
    with mock.patch.dict(os.environ, host.environ, clear=True):
        session = botocore.session.Session(profile="x")
        session.register("before-send", _stop)
        found = session.get_credentials()
        assert found is not None
        try:
            found.get_frozen_credentials()
        except botocore.exceptions.NoRegionError:
            return True
        except _Sent:
            return False
    raise AssertionError("it has credentials without asking anybody")


@pytest.mark.long
@pytest.mark.parametrize("name", HOMES)
def test_what_botocore_raises_is_foretold(tmp_path: Path, name: str) -> None:
    section, environ = HOMES[name]
    base = BASE if "[profile base]" not in section else section.partition("[profile base]\n")[2]
    config = f"[profile x]\n{section.partition('[profile base]')[0]}"
    config += base if base == BASE else BASE + base
    host = make_home(tmp_path, config=config, environ={**environ, "AWS_EC2_METADATA_DISABLED": "true"})
    report = Snapshot.take(host).profiles["x"]

    is_foretold = report.on_fetch is not None and report.on_fetch.error == "NoRegionError"
    assert is_foretold is botocore_finds_no_region(host)
    on_use = {tool: report.resolutions[tool].on_use for tool in (Tool.BOTO3, Tool.CLI_V1)}
    assert set(on_use.values()) == {report.on_fetch}


def test_cli_v2_may_find_a_region_that_boto3_does_not_look_for(tmp_path: Path) -> None:
    def on_use(**environ: str) -> object:
        config = f"[profile x]\n{ROLE}{BASE}"
        host = make_home(tmp_path, config=config, environ={**EVERYWHERE, **environ})
        return Snapshot.take(host).profiles["x"].resolutions[Tool.CLI_V2].on_use

    assert on_use() is None  # instance metadata may tell one
    assert on_use(AWS_EC2_METADATA_DISABLED="true", AWS_REGION="eu-west-1") is None
    assert "NoRegionError" in str(on_use(AWS_EC2_METADATA_DISABLED="true"))
