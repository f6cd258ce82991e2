"""Every kind and trouble of the two files is really there, in the real botocore's eyes."""

import re
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import botocore.configloader
import botocore.credentials
import pytest
from botocore import exceptions

from rolecall.demo import callers
from rolecall.demo.home import DemoHome, build
from tests.demo.oracle import Oracles


def config_text(demo: DemoHome) -> str:
    return (demo.home / ".aws" / "config").read_text()


def raw(demo: DemoHome, name: str) -> dict[str, dict[str, Any]]:
    """Return one file's sections as botocore parses them."""
    parsed: dict[str, dict[str, Any]] = botocore.configloader.raw_config_parse(str(demo.home / ".aws" / name))
    return parsed


def merged(oracle: Oracles) -> dict[str, dict[str, Any]]:
    profiles: dict[str, dict[str, Any]] = oracle().session.full_config["profiles"]
    return profiles


def test_there_are_some_25_profiles_with_short_names(oracle: Oracles) -> None:
    names = list(merged(oracle))
    assert 25 <= len(names) <= 30
    assert all(re.fullmatch(r"[a-z-]{2,13}", name) for name in names)


METHODS = {
    "base": "shared-credentials-file",
    "ci": "shared-credentials-file",
    "prod-admin": "assume-role",
    "prod-deploy": "assume-role",
    "prod-read": "assume-role",
    "logs": "assume-role",
    "staging": "assume-role",
    "release": "assume-role",
    "release-ci": "assume-role",
    "dev": "sso",
    "lake": "sso",
    "hr": "sso",
    "partner": "sso",
    "partner-audit": "assume-role",
    "eks": "assume-role-with-web-identity",
    "legacy": "shared-credentials-file",
    "okta": "shared-credentials-file",
    "scratch": "shared-credentials-file",
}


@pytest.mark.parametrize(("profile", "method"), METHODS.items())
def test_this_profile_gets_its_credentials_from(oracle: Oracles, profile: str, method: str) -> None:
    assert oracle(profile).credentials().method == method


ERRORS = {
    "blue": exceptions.InfiniteLoopConfigError,
    "green": exceptions.InfiniteLoopConfigError,
    "ops": exceptions.InfiniteLoopConfigError,
    "intern": exceptions.InvalidConfigError,
    "backup": exceptions.PartialCredentialsError,
    "sandbox": exceptions.ProfileNotFound,
    "data science": exceptions.ProfileNotFound,
}


@pytest.mark.parametrize(("profile", "error"), ERRORS.items())
def test_this_profile_is_broken(oracle: Oracles, profile: str, error: type[exceptions.BotoCoreError]) -> None:
    with pytest.raises(error):
        oracle(profile).credentials()


def test_every_profile_is_in_one_of_the_tests_above_or_below(oracle: Oracles) -> None:
    special = {"default", "bastion", "tools", "vault", "console"}
    asked = set(METHODS) | set(ERRORS) | special
    assert set(merged(oracle)) == asked - {"sandbox", "data science"}


def test_default_has_settings_and_no_credentials(oracle: Oracles) -> None:
    assert oracle("default").credentials() is None
    assert merged(oracle)["default"]["region"] == "eu-west-1"


def test_default_stands_twice_and_the_later_replaces_the_earlier_whole(
    demo: DemoHome, oracle: Oracles
) -> None:
    config = raw(demo, "config")
    assert list(config)[:2] == ["profile default", "default"]
    assert config["profile default"]["output"] == "table"
    assert merged(oracle)["default"] == config["default"]


def test_bastion_takes_the_role_from_the_instance(oracle: Oracles, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN metadata that answers
    answer = {
        "role_name": "jump",
        "access_key": callers.access_key("IMD"),
        "secret_key": callers.SECRET_KEY,
        "token": callers.SESSION_TOKEN,
        "expiry_time": "2099-01-01T00:00:00Z",
    }
    monkeypatch.setattr(
        "botocore.utils.InstanceMetadataFetcher.retrieve_iam_role_credentials",
        lambda _self: answer,
    )
    # THEN that is where the role's source is
    assert oracle("bastion").credentials().method == "assume-role"


class NoProcess:
    """Stands in for Popen: answers as a credential process does, and keeps the command."""

    returncode = 0

    def __init__(self, command: list[str], **_options: object) -> None:
        self.command = command

    def communicate(self) -> tuple[bytes, bytes]:
        answer = f'{{"Version": 1, "AccessKeyId": "{self.command[-1]}", "SecretAccessKey": "-"}}'
        return answer.encode(), b""


def test_tools_asks_a_process(oracle: Oracles) -> None:
    config = oracle().session.full_config
    provider = botocore.credentials.ProcessProvider("tools", lambda: config, popen=NoProcess)
    assert provider.load().access_key == "tools"
    assert oracle("vault").session.get_scoped_config()["credential_process"].endswith("vault")


def test_old_keys_shadow_the_process_of_vault(oracle: Oracles) -> None:
    credentials = oracle("vault").credentials()
    assert (credentials.method, credentials.access_key) == (
        "shared-credentials-file",
        "AKIAMEADOWVLTEXAMPLE",
    )


def test_console_logs_in_where_the_crt_is(oracle: Oracles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(botocore.credentials, "EC", object())
    credentials = oracle("console").credentials()
    assert (credentials.method, credentials._access_key) == ("login", callers.access_key("LOG"))
    monkeypatch.setattr(botocore.credentials, "EC", None)
    with pytest.raises(exceptions.MissingDependencyException):
        oracle("console").credentials()


def test_the_region_of_ci_stands_in_both_files_and_credentials_win(demo: DemoHome, oracle: Oracles) -> None:
    assert raw(demo, "config")["profile ci"]["region"] == "eu-west-1"
    assert raw(demo, "credentials")["ci"]["region"] == "us-east-1"
    assert merged(oracle)["ci"]["region"] == "us-east-1"


def test_the_two_sections_that_botocore_does_not_take_for_profiles_are_there(
    demo: DemoHome,
) -> None:
    config = raw(demo, "config")
    assert {"sandbox", "profile data science"} <= set(config)
    assert "sandbox" not in raw(demo, "credentials")


def test_the_long_chain_has_four_hops_and_wants_more_than_an_hour(oracle: Oracles) -> None:
    profiles, chain = merged(oracle), ["logs"]
    while "source_profile" in profiles[chain[-1]]:
        chain.append(profiles[chain[-1]]["source_profile"])
    assert chain == ["logs", "prod-deploy", "prod-admin", "base"]
    assert int(profiles["logs"]["duration_seconds"]) > 3600
    assert "mfa_serial" in profiles["prod-admin"]


def test_loops_are_one_of_two_and_one_of_one(oracle: Oracles) -> None:
    sources = {name: profile.get("source_profile") for name, profile in merged(oracle).items()}
    assert (sources["blue"], sources["green"], sources["ops"]) == ("green", "blue", "ops")


def test_the_temporary_keys_pasted_in_say_when_they_end(oracle: Oracles, now: datetime) -> None:
    ends = {
        name: datetime.fromisoformat(profile["x_security_token_expires"])
        for name, profile in merged(oracle).items()
        if "x_security_token_expires" in profile
    }
    assert set(ends) == {"legacy", "okta"}
    assert ends["legacy"] < now < ends["okta"]


def test_scratch_is_a_temporary_key_without_its_token(oracle: Oracles) -> None:
    credentials = oracle("scratch").credentials()
    assert credentials.access_key.startswith("ASIA")
    assert credentials.token is None


def test_a_nested_block_and_comments_are_there(demo: DemoHome) -> None:
    assert isinstance(raw(demo, "config")["profile prod-deploy"]["s3"], dict)
    assert config_text(demo).count("\n#") > 10


def test_nothing_in_the_home_could_be_real(demo: DemoHome) -> None:
    texts = [path.read_text() for path in demo.home.rglob("*") if path.is_file()]
    keys = {key for text in texts for key in re.findall(r"\bA[KS]IA\w+", text)}
    secrets = {
        secret
        for text in texts
        for secret in re.findall(
            r"(?i)(?:secret_?access_?key|session_?token)\"?\s*[=:]\s*\"?([^\"\s]+)", text
        )
    }
    assert len(keys) > 15
    assert all(len(key) == 20 and key.endswith("EXAMPLE") for key in keys)
    assert secrets
    assert all(any(fake.startswith(secret) for fake in callers.SECRETS) for secret in secrets)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_files_are_for_the_owner_alone(demo: DemoHome) -> None:
    below = list(demo.home.rglob("*"))
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in below}
    assert set(modes.values()) == {0o600, 0o700}
    assert all((mode == 0o700) == path.is_dir() for path, mode in modes.items())


def test_the_same_moment_makes_the_same_home(tmp_path: Path) -> None:
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    first, second = (build(tmp_path / name, moment) for name in _made(tmp_path, "one", "two"))
    assert _contents(first) == _contents(second)


def _made(directory: Path, *names: str) -> tuple[str, ...]:
    for name in names:
        (directory / name).mkdir()
    return names


def _contents(demo: DemoHome) -> dict[str, tuple[str, float]]:
    """Return every file's text, with the home's own path taken out, and its time."""
    return {
        str(path.relative_to(demo.home)): (
            path.read_text().replace(str(demo.home), "~"),
            path.stat().st_mtime,
        )
        for path in demo.home.rglob("*")
        if path.is_file()
    }
