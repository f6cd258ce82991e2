"""Other places where the user's files may be: only what exists and is not read here is named."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from rolecall.aws import cache_files
from rolecall.aws.other_homes import count_elsewhere, file_meant, home_of, token_elsewhere
from rolecall.host import Host
from tests.homes import Content, make_home

DEV = "[profile dev]\nregion = eu-west-1\n"
WINDOWS = "mnt/c/Users/Me/.aws/config"
WSL = {"WSL_DISTRO_NAME": "Ubuntu"}
SUDO = {"SUDO_USER": "me"}
ELSEWHERE = {"AWS_CONFIG_FILE": "{HOME}/else/.aws/config"}


def there(tmp_path: Path, environ: Mapping[str, str], files: Mapping[str, Content]) -> Host:
    return make_home(tmp_path / "root", environ=environ, files=files)


@pytest.mark.parametrize(
    ("environ", "file", "why"),
    [
        (SUDO, "home/me/.aws/config", "sudo changed HOME"),
        (SUDO, "../me/.aws/config", "sudo changed HOME"),
        (SUDO | {"SUDO_HOME": "{HOME}/far"}, "far/.aws/config", "sudo changed HOME"),
        (WSL, WINDOWS, "Windows has a home of its own"),
        (ELSEWHERE, ".aws/config", "AWS_CONFIG_FILE names another file"),
        ({"AWS_CONFIG_FILE": "/dev/null"}, ".aws/config", "AWS_CONFIG_FILE names another file"),
    ],
)
def test_a_profile_in_another_home_is_found(
    tmp_path: Path, environ: Mapping[str, str], file: str, why: str
) -> None:
    host = there(tmp_path, environ, {file: DEV})
    found = home_of(host, "dev")
    assert found is not None
    home, path = found
    assert path.resolve() == (host.home / file).resolve()
    assert why in home.why
    assert home_of(host, "prod") is None


@pytest.mark.parametrize(
    ("environ", "files"),
    [
        ({}, {"home/me/.aws/config": DEV, WINDOWS: DEV}),
        (SUDO, {"home/you/.aws/config": DEV, WINDOWS: DEV}),
        ({"SUDO_USER": "../home/me"}, {"home/me/.aws/config": DEV}),
        (SUDO, {"home/me/.aws/config": "[profile dev"}),
        (SUDO, {"home/me/.aws/config/": ""}),
        (WSL, {"mnt/c/Users/Me/config": DEV}),
        (ELSEWHERE, {"else/.aws/config": DEV}),  # that is the file which is read
    ],
)
def test_nothing_is_found_where_nothing_is(
    tmp_path: Path, environ: Mapping[str, str], files: Mapping[str, Content]
) -> None:
    assert home_of(there(tmp_path, environ, files), "dev") is None


def test_profiles_are_counted_in_homes_and_not_in_files_that_a_variable_replaces(tmp_path: Path) -> None:
    files = {".aws/config": DEV, "home/me/.aws/config": DEV, "home/me/.aws/credentials": "[a]\n[dev]\n"}
    found = count_elsewhere(there(tmp_path, SUDO | {"AWS_CONFIG_FILE": "/dev/null"}, files))
    assert found is not None
    assert (found[0].aws, found[1]) == (tmp_path / "root/home/me/.aws", 2)
    assert count_elsewhere(there(tmp_path, {"AWS_CONFIG_FILE": "/dev/null"}, {})) is None


def test_a_token_beside_a_file_that_a_variable_names_is_found(tmp_path: Path) -> None:
    stem = cache_files.sso_token("corp")
    name = f"sso/cache/{stem}.json"
    host = there(tmp_path, ELSEWHERE, {f"else/.aws/{name}": "{}"})
    found = token_elsewhere(host, stem)
    assert found is not None
    assert found[1] == host.home / "else" / ".aws" / name
    assert token_elsewhere(host, cache_files.sso_token("other")) is None
    # one that AWS tools read is not elsewhere
    assert token_elsewhere(there(tmp_path / "b", ELSEWHERE, {f".aws/{name}": "{}"}), stem) is None


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ('"{HOME}/work/config"', "work/config"),
        ("'~/work/config'", "work/config"),
        (" {HOME}/work/config\r", "work/config"),
        ("C:\\Users\\Me\\.aws\\config", WINDOWS),
        ("c:/Users/Me/.aws/config", WINDOWS),
        ("{HOME}/gone/config", None),
        ('"work/config"', None),  # below the current directory, whatever that is
        ("D:\\Users\\Me\\.aws\\config", None),
    ],
)
def test_the_file_that_a_variable_means_is_found(tmp_path: Path, text: str, file: str | None) -> None:
    host = there(tmp_path, WSL, {"work/config": DEV, WINDOWS: DEV})
    found = file_meant(host, text.replace("{HOME}", str(host.home)))
    assert found == (host.home / file if file else None)
