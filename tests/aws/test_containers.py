"""Container credentials: what AWS tools raise over the variables, before anything is sent."""

import os
from collections.abc import Mapping
from pathlib import Path
from unittest import mock

import boto3
import pytest
from botocore.utils import ContainerMetadataFetcher

from rolecall.aws.expiry import State
from rolecall.aws.providers import Cause, PredictedError, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.homes import make_home

RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
HERE = {FULL: "http://127.0.0.1:9/role"}
PODS = {FULL: "http://169.254.170.23/v1/credentials"}
ARN = "arn:aws:iam::210987654321:role/Deploy"
CONFIG = f"[default]\nregion = eu-west-1\n[profile r]\nrole_arn = {ARN}\ncredential_source = EcsContainer\n"
FILES: Mapping[str, str | bytes] = {
    "token": "a.b.c",
    "empty": "",
    "lines": "a.b.c\n",
    "windows": "a.b.c\r\n",
    "binary": b"\xff\xfe",
    "folder/": "",
}


class Sent(Exception):  # noqa: N818 - no error: the request would be sent now
    """What the fetcher raises where it would call the container."""


def boto3_raises(host: Host, profile: str | None) -> PredictedError | None:
    """Return what boto3 raises before it sends anything; None where it would send its request."""
    get = ContainerMetadataFetcher._get_response

    def sends(self: ContainerMetadataFetcher, url: str, headers: Mapping[str, str], timeout: float) -> object:
        if (
            url.startswith(("http://", "https://"))
            and not url.startswith("https:///")
            and len(url) > len("https://")
        ):
            raise Sent
        return get(self, url, headers, timeout)

    with (
        mock.patch.dict(os.environ, host.environ, clear=True),
        mock.patch.object(ContainerMetadataFetcher, "_get_response", sends),
    ):
        try:
            boto3.Session(profile_name=profile).get_credentials()
        except Sent:
            return None
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
            return PredictedError(type(error).__name__, str(error))
    raise AssertionError("it has not asked the container")


REFUSED: list[tuple[dict[str, str], Cause]] = [
    ({RELATIVE: "C:/Program Files/Git/v2/credentials/1"}, Cause.CONTAINER_URI),
    ({RELATIVE: "v2/credentials/1"}, Cause.CONTAINER_URI),
    ({FULL: ""}, Cause.CONTAINER_URI),
    ({FULL: "169.254.170.23/v1/credentials"}, Cause.CONTAINER_URI),
    ({FULL: "http://host.docker.internal:51679/role"}, Cause.CONTAINER_URI),
    ({FULL: "http://169.254.169.254/role"}, Cause.CONTAINER_URI),
    ({FULL: '"http://127.0.0.1:9/role"'}, Cause.CONTAINER_URI),
    ({FULL: "http://[::1/role"}, Cause.CONTAINER_URI),
    ({FULL: "https://"}, Cause.CONTAINER_URI),
    ({FULL: "ftp://localhost/role"}, Cause.CONTAINER_URI),
    (HERE | {TOKEN: "a\nb"}, Cause.CONTAINER_TOKEN),
    (HERE | {TOKEN: "a\r"}, Cause.CONTAINER_TOKEN),
    (HERE | {TOKEN_FILE: "{HOME}/lines"}, Cause.CONTAINER_TOKEN),
    (HERE | {TOKEN_FILE: "{HOME}/windows"}, Cause.CONTAINER_TOKEN),
    (HERE | {TOKEN_FILE: "{HOME}/binary"}, Cause.CONTAINER_TOKEN),
    (HERE | {TOKEN_FILE: "{HOME}/folder"}, Cause.CONTAINER_TOKEN),
    (HERE | {TOKEN_FILE: "{HOME}/gone", TOKEN: "good"}, Cause.CONTAINER_TOKEN),
    (HERE | {TOKEN_FILE: ""}, Cause.CONTAINER_TOKEN),
    (
        PODS | {TOKEN_FILE: "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/token"},
        Cause.CONTAINER_TOKEN,
    ),
    ({FULL: "http://example.com", TOKEN: "a\n"}, Cause.CONTAINER_TOKEN),
]
ASKED: list[dict[str, str]] = [
    {RELATIVE: "/v2/credentials/1"},
    {RELATIVE: ""},
    {RELATIVE: "/v2/credentials/1", FULL: "http://example.com/"},
    HERE,
    PODS,
    {FULL: "http://localhost:9/role"},
    {FULL: "http://LOCALHOST:9/role"},
    {FULL: "http://[fd00:ec2::23]/v1/credentials"},
    {FULL: "https://example.com/role"},
    HERE | {TOKEN: ""},
    HERE | {TOKEN: "Bearer a b"},
    HERE | {TOKEN_FILE: "{HOME}/token", TOKEN: "a\n"},
    HERE | {TOKEN_FILE: "{HOME}/empty"},
]


@pytest.mark.parametrize(("environ", "cause"), REFUSED)
def test_what_is_refused_raises_what_is_predicted(
    tmp_path: Path, environ: dict[str, str], cause: Cause
) -> None:
    # GIVEN
    host = make_home(tmp_path, config=CONFIG, files=FILES, environ=environ)
    # WHEN
    snapshot = Snapshot.take(host)
    # THEN
    for name, report in snapshot.profiles.items():
        fault = report.resolution.on_use
        assert fault is not None
        assert fault == boto3_raises(host, name)
        assert fault.cause is cause
        assert report.expiry.state is State.BROKEN
    for tool in Tool:
        assert snapshot.default_session[tool].resolution.on_use == boto3_raises(host, None)


@pytest.mark.parametrize("environ", ASKED)
def test_what_is_asked_over_the_network_is_not_judged(tmp_path: Path, environ: dict[str, str]) -> None:
    host = make_home(tmp_path, config=CONFIG, files=FILES, environ=environ)
    for name, report in Snapshot.take(host).profiles.items():
        assert report.resolution.on_use is None
        assert boto3_raises(host, name) is None
