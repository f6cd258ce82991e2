"""What rolecall says of boto3, asked of the boto3 that is installed."""

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from unittest import mock

import boto3
import botocore.session
import pytest

from rolecall.aws.providers import Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.variables import CATALOGUE, Reader
from tests.interop import sts
from tests.interop.broken_homes import METADATA
from tests.interop.stub import Stub
from tests.interop.texts import BASE, DEPLOY_FILE, KEYS, OVER_BASE, cached_role
from tests.interop.world import World

PROFILES = f"[default]\nregion = eu-west-1\n{BASE}region = eu-west-2\n[profile other]\n{KEYS}"
ENV_KEYS = {"AWS_ACCESS_KEY_ID": "AKIAENVEXAMPLE", "AWS_SECRET_ACCESS_KEY": "CANARY"}


@pytest.fixture
def inside(stubbed: World) -> Iterator[World]:
    """Return a world that this process is in."""
    with mock.patch.dict(os.environ, stubbed.environ, clear=True):
        yield stubbed


def look(world: World) -> Snapshot:
    """Look at the world as this process has it."""
    return World(world.home, dict(os.environ)).look()


def test_it_keeps_a_role_in_memory_alone(inside: World, stub: Stub) -> None:
    # GIVEN a role that the CLI has cached
    inside.write("config", OVER_BASE)
    inside.write(DEPLOY_FILE, cached_role())
    before = inside.contents()
    stub.rules["AssumeRole"] = sts.gives()
    # WHEN boto3 calls twice
    session = boto3.Session(profile_name="x")
    for _ in range(2):
        session.client("sts").get_caller_identity()
    # THEN it has assumed the role by itself, and neither took nor left anything
    assert stub.calls == ["AssumeRole", "GetCallerIdentity", "GetCallerIdentity"]
    assert inside.contents() == before


def test_a_damaged_entry_stops_the_clis_and_not_boto3(inside: World, stub: Stub) -> None:
    inside.write("config", OVER_BASE)
    inside.write(DEPLOY_FILE, "{")
    stub.rules["AssumeRole"] = sts.gives()
    # WHEN
    resolutions = look(inside).profiles["x"].resolutions
    boto3.Session(profile_name="x").client("sts").get_caller_identity()
    # THEN
    assert [resolutions[tool].fault is None for tool in Tool] == [True, False, False]


def test_an_mfa_device_without_a_role_is_asked_for_nothing(inside: World, stub: Stub) -> None:
    inside.write("config", f"{BASE}mfa_serial = arn:aws:iam::123456789012:mfa/me\n")
    with mock.patch("getpass.getpass", side_effect=AssertionError):
        boto3.Session(profile_name="base").client("sts").get_caller_identity()
    assert stub.calls == ["GetCallerIdentity"]


CHOICES: Mapping[str, Mapping[str, str]] = {
    "nothing": {},
    "AWS_PROFILE": {"AWS_PROFILE": "base"},
    "both": {"AWS_PROFILE": "base", "AWS_DEFAULT_PROFILE": "other"},
    "both, one of them empty": {"AWS_PROFILE": "base", "AWS_DEFAULT_PROFILE": ""},
    "one that is missing, with keys": {"AWS_PROFILE": "gone", **ENV_KEYS},
    "one that is missing, with all else answered": {"AWS_PROFILE": "gone", **ENV_KEYS, **METADATA},
    "one that nobody looks for": {"AWS_PROFILE": "gone", "AWS_DATA_PATH": "", **ENV_KEYS, **METADATA},
    "AWS_REGION": {"AWS_REGION": "eu-north-1"},
    "both regions": {"AWS_REGION": "eu-north-1", "AWS_DEFAULT_REGION": "eu-south-1"},
    "an empty region": {"AWS_DEFAULT_REGION": "", "AWS_PROFILE": "base"},
    "misspelt": {"AWS_PROFLE": "base", "aws_profile": "other", "AWS_DEFAULT_REGOIN": "eu-north-1"},
}  # fmt: skip


@pytest.mark.parametrize("variables", CHOICES.values(), ids=CHOICES)
def test_profile_region_and_keys_are_those_that_boto3_takes(
    inside: World, variables: Mapping[str, str]
) -> None:
    inside.write("config", PROFILES)
    del os.environ["AWS_DEFAULT_REGION"]
    os.environ.update(variables)
    # WHEN
    ambient = look(inside).default_session[Tool.BOTO3]
    # THEN
    assert (
        ambient.profile,
        ambient.resolution.provider or ambient.resolution.error,
        ambient.region,
    ) == taken()


def taken() -> tuple[str | None, str | None, str | None]:
    """Return what boto3 takes where it is told nothing: profile, provider or error, region."""
    chosen = botocore.session.Session().profile
    try:
        session = boto3.Session()
    except botocore.exceptions.ProfileNotFound as error:
        return chosen, type(error).__name__, None
    found = session.get_credentials()
    region = session.region_name if session.profile_name in session.available_profiles else None
    return session.profile_name, found.method if found is not None else "NoCredentialsError", region


@cache
def words() -> frozenset[str]:
    """Return the words in capitals that stand in the source of boto3 and botocore."""
    packages = [Path(package.__file__).parent for package in (boto3, botocore)]
    found = (
        re.findall(r"\b[A-Z][A-Z0-9_]+\b", path.read_text())
        for each in packages
        for path in each.rglob("*.py")
    )
    return frozenset(word for each in found for word in each)


PROXIES = {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"}
"""Python itself reads these. (AWS_REGION has a test above: boto3 looks at it, but not for the region.)"""


@pytest.mark.parametrize("name", sorted(CATALOGUE.keys() - PROXIES - {"AWS_REGION"}))
def test_a_variable_that_boto3_is_said_to_read_stands_in_its_source(name: str) -> None:
    reader, _ = CATALOGUE[name]
    assert (name in words()) is (reader in (Reader.ALL, Reader.NOT_V2))
