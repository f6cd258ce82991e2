"""Known settings: the table is that of the installed botocore and AWS CLI, and tells what was meant."""

import importlib.util
import os
from collections.abc import Iterable
from pathlib import Path

import botocore.session
import pytest
from botocore.exceptions import BotoCoreError

from rolecall.aws.settings import SETTINGS, Type, of_type
from rolecall.doctor.sections import meant_setting
from tests.doctor.aws_tables import Tables, of_botocore, of_cli

V2_KEYS = {"cli_auto_prompt", "cli_binary_format", "cli_error_format", "cli_help_output", "cli_pager"}
"""Settings that only AWS CLI v2 looks up."""
V2_BLOCKS = {"direct_io", "disk_throughput", "io_chunksize", "preferred_transfer_client", "should_stream"}
INDIRECT = {"sso_registration_scopes", "proxies_config"}
"""What the sources name elsewhere than in a table or a look-up."""


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


@pytest.fixture(scope="module")
def tables() -> Tables:
    tables = of_botocore(_package("botocore"))
    tables.add(of_cli(_package("awscli")))
    return tables


def test_every_setting_that_botocore_and_the_aws_cli_know_is_known(tables: Tables) -> None:
    assert len(tables.keys) > 60
    assert tables.keys - SETTINGS.keys() == set()
    assert len(tables.s3) > 10
    assert tables.s3 - SETTINGS["s3"].holds == set()


def test_no_setting_is_known_that_no_tool_knows(tables: Tables) -> None:
    assert SETTINGS.keys() - tables.keys <= V2_KEYS | INDIRECT
    assert SETTINGS["s3"].holds - tables.s3 <= V2_BLOCKS | {"target_bandwidth"}


def test_what_is_a_boolean_and_what_a_number_is_as_in_the_tables(tables: Tables) -> None:
    # botocore makes parameter_validation a boolean elsewhere than in its table
    assert tables.booleans | {"parameter_validation"} == of_type(Type.BOOLEAN).keys()
    assert tables.numbers == of_type(Type.NUMBER).keys()


def test_a_variable_that_is_written_into_a_file_leads_to_its_setting(tables: Tables) -> None:
    renamed = {
        variable: key
        for variable, key in tables.variables.items()
        if variable.startswith("aws_") and variable.removeprefix("aws_") != key
    }
    assert len(renamed) > 1
    assert {variable: meant_setting(variable) for variable in renamed} == renamed


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    path = tmp_path / "config"
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return path


def _fails(config: Path, key: str, value: str) -> bool:
    """Whether botocore refuses to make a client over a value."""
    imds = "ec2_metadata" in key
    keys = "" if imds else "aws_access_key_id = a\naws_secret_access_key = b\n"
    config.write_text(f"[default]\nregion = eu-west-1\n{keys}{key} = {value}\n")
    try:
        botocore.session.Session().create_client("sts")
    except (BotoCoreError, ValueError):
        return True
    return False


_OF_THE_CLI = {"output", "cli_binary_format", "cli_timestamp_format"}


@pytest.mark.parametrize("key", sorted(of_type(Type.WORD).keys() - _OF_THE_CLI))
def test_botocore_takes_the_words_of_a_strict_choice_in_just_this_case(config: Path, key: str) -> None:
    words = SETTINGS[key].words
    assert _failing(config, key, words) == []
    assert _fails(config, key, words[0].upper())
    assert _fails(config, key, "planted")


@pytest.mark.parametrize("key", sorted(of_type(Type.WORD_IN_ANY_CASE)))
def test_botocore_takes_the_words_of_a_loose_choice_in_any_case(config: Path, key: str) -> None:
    words = SETTINGS[key].words
    assert _failing(config, key, (*words, words[0].upper())) == []
    if key != "account_id_endpoint_mode":
        assert _fails(config, key, "planted")


@pytest.mark.parametrize("key", ["max_attempts", "metadata_service_timeout"])
def test_botocore_fails_over_a_number_that_is_none(config: Path, key: str) -> None:
    assert _fails(config, key, "five")
    assert not _fails(config, key, "5")


def _failing(config: Path, key: str, words: Iterable[str]) -> list[str]:
    return [word for word in words if _fails(config, key, word)]


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("regoin", "region"),
        ("role-arn", "role_arn"),
        ("sorce_profile", "source_profile"),
        ("aws_acess_key_id", "aws_access_key_id"),
        ("aws_secret_key", "aws_secret_access_key"),
        ("session_token", "aws_session_token"),
        ("aws_mfa_serial", "mfa_serial"),
        ("aws_default_region", "region"),
        ("mfa_seral", "mfa_serial"),
        ('"region"', "region"),
    ],
)
def test_it_tells_what_was_meant(written: str, right: str) -> None:
    assert meant_setting(written) == right


@pytest.mark.parametrize(
    "written",
    [
        "region",
        "colour",
        "note",
        "x",
        "expiration",
        "parent_profile",
        "granted_sso_start_url",
        "role arn arn",
    ],
)
def test_it_does_not_guess_where_a_name_is_right_or_far_from_all(written: str) -> None:
    assert meant_setting(written) is None
