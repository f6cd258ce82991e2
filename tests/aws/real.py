"""The real boto3, asked about a made-up home: no network, no other process."""

import os
from datetime import datetime
from pathlib import Path
from unittest import mock

import boto3
from botocore import credentials
from botocore.utils import JSONFileCache

from rolecall.aws.providers import PredictedError
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.aws.cases import Case, drawn, outcome
from tests.differential.oracle import Oracle
from tests.homes import NOW


def botocore_says(
    host: Host, profile: str | None = None, tool: str = "boto3"
) -> tuple[str | None, str | None, str | None]:
    """Return provider, error and access key id that botocore has for a profile (None: for the environment).

    It looks at the real clock; NoCredentialsError stands for no answer.
    """
    answer = Oracle(host.home, host.environ, host.has_crt).ask(tool, profile)
    return answer.provider, answer.error, answer.access_key


def botocore_raises(host: Host, profile: str | None = None) -> str:
    """Return what the exception says that botocore raises for a profile.

    For homes that end in an exception before anything would be asked over a network.
    """
    with (
        mock.patch.dict(os.environ, host.environ, clear=True),
        mock.patch.object(credentials, "EC", object() if host.has_crt else None),
        mock.patch.dict(os.environ, {"AWS_EC2_METADATA_DISABLED": "true"}),
    ):
        try:
            found = boto3.Session(profile_name=profile).get_credentials()
        except Exception as error:  # noqa: BLE001 - whatever it is, its words are wanted
            return str(error)
    assert found is None, f"it raises nothing, but answers by {found.method}"
    return "Unable to locate credentials"


class _Fetched(Exception):  # noqa: N818 - no error: it would go on to ask STS
    """What the source raises where a role is to be fetched anew."""


def botocore_dies_of(file: Path, now: datetime = NOW) -> PredictedError | None:
    """Return what botocore raises over an assumed role's file, or None where it uses or replaces it."""
    source = mock.Mock()
    source.get_frozen_credentials.side_effect = _Fetched
    cache = JSONFileCache(str(file.parent))
    fetcher = credentials.AssumeRoleCredentialFetcher(None, source, "arn", cache=cache)
    fetcher._cache_key = file.stem
    with mock.patch.object(credentials, "_local_now", return_value=now):
        try:
            fetcher.fetch_credentials()
        except _Fetched:
            return None
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
            return PredictedError(type(error).__name__, str(error))
    return None


def assert_resolves(host: Host, case: Case) -> None:
    """Assert that an explicit choice of the profile ``x`` gives what a row says, here and in botocore."""
    resolution = Snapshot.take(host).profiles["x"].resolution
    assert outcome(resolution) == case.outcome()
    assert drawn(resolution.chain) == (case.chain or f"x {'?' if case.is_error else case.gives}")
    assert botocore_says(host, "x") == case.outcome()
    if case.is_error:
        assert resolution.message == botocore_raises(host, "x")
    if case.says is not None:
        assert resolution.message == case.says
