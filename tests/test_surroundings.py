"""Where this shell runs, as the environment says, and what it has fitted to the place."""

import base64
import json
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from rolecall.host import Host
from rolecall.surroundings import Direnv, direnv, get_credentials, instead_of_login, set_clock, surroundings
from tests.homes import Content, make_home

WSL_KERNEL = "Linux version 5.15.90.1-microsoft-standard-WSL2 (gcc)"


def there(tmp_path: Path, environ: Mapping[str, str], files: Mapping[str, Content] | None = None) -> Host:
    return make_home(tmp_path / "home", environ=environ, files=files)


@pytest.mark.parametrize(
    ("attribute", "environ", "files"),
    [
        ("is_wsl", {"WSL_DISTRO_NAME": "Ubuntu"}, {}),
        ("is_wsl", {}, {"proc/version": WSL_KERNEL}),
        ("is_wsl", {}, {"proc/version": "Linux version 4.4.0-19041-Microsoft"}),
        ("is_container", {}, {".dockerenv": ""}),
        ("is_container", {}, {"run/.containerenv": ""}),
        ("is_container", {"container": "podman"}, {}),
        ("is_container", {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, {}),
        ("is_container", {"REMOTE_CONTAINERS": "true"}, {}),
        ("is_pod", {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, {}),
        ("is_lambda", {"AWS_LAMBDA_FUNCTION_NAME": "f"}, {}),
        ("is_remote", {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, {}),
        ("is_remote", {"CODESPACES": "true"}, {}),
        ("ci", {"CI": "true"}, {}),
        ("ci", {"GITLAB_CI": "true", "CI": "true"}, {}),
        ("ci", {"JENKINS_URL": "https://ci"}, {}),
        ("sudo_user", {"SUDO_USER": "me", "USER": "root"}, {}),
    ],
)
def test_each_place_is_known_by_its_marks(
    tmp_path: Path, attribute: str, environ: Mapping[str, str], files: Mapping[str, Content]
) -> None:
    assert getattr(surroundings(there(tmp_path, environ, files)), attribute)


@pytest.mark.parametrize(
    ("environ", "files"),
    [
        ({}, {}),
        ({}, {"proc/version": "Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org)"}),
        ({"CI": "false", "GITHUB_ACTIONS": "", "TERM_PROGRAM": "iTerm.app"}, {}),
        ({"SUDO_USER": "me", "USER": "me"}, {}),
        ({"AWS_EXECUTION_ENV": "AWS_ECS_FARGATE"}, {}),
    ],
)
def test_an_ordinary_shell_is_no_such_place(
    tmp_path: Path, environ: Mapping[str, str], files: Mapping[str, Content]
) -> None:
    found = surroundings(there(tmp_path, environ, files))
    assert not any(getattr(found, name) for name in found.__slots__)


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"WSL_DISTRO_NAME": "Ubuntu"}, "sudo hwclock -s"),
        ({"container": "docker"}, "the machine that runs this container"),
        ({"GITLAB_CI": "true"}, "the runner"),
        ({}, "(NTP)"),
    ],
)
def test_the_clock_is_set_where_it_is(tmp_path: Path, environ: Mapping[str, str], words: str) -> None:
    assert words in set_clock(there(tmp_path, environ))


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"GITHUB_ACTIONS": "true"}, "aws-actions/configure-aws-credentials"),
        ({"CI": "true"}, "web identity (OIDC)"),
        ({"AWS_LAMBDA_FUNCTION_NAME": "f"}, "the function's own role"),
        ({"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, "annotate its service account"),
        ({"SSH_CONNECTION": "x"}, None),
        ({"WSL_DISTRO_NAME": "Ubuntu"}, None),
        ({"CODESPACES": "true"}, None),
        ({}, None),
    ],
)
def test_nobody_is_told_to_log_in_where_nobody_can(
    tmp_path: Path, environ: Mapping[str, str], words: str | None
) -> None:
    found = instead_of_login(there(tmp_path, environ))
    assert found is None if words is None else words in (found or "")


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"SUDO_USER": "me"}, "--preserve-env="),
        ({"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, "eks.amazonaws.com/role-arn"),
        ({"GITHUB_ACTIONS": "true"}, "the job's secrets"),
        ({"CIRCLECI": "true"}, "CircleCI"),
        ({"container": "docker"}, "docker run -e"),
        ({}, None),
    ],
)
def test_where_credentials_come_from_is_said_by_the_place(
    tmp_path: Path, environ: Mapping[str, str], words: str | None
) -> None:
    found = get_credentials(there(tmp_path, environ))
    assert found is None if words is None else words in (found or "")


def noted(after: object) -> str:
    """Return what direnv notes of the variables that it has set."""
    return base64.urlsafe_b64encode(zlib.compress(json.dumps({"p": {}, "n": after}).encode())).decode()


def test_what_direnv_has_set_is_known(tmp_path: Path) -> None:
    environ = {"DIRENV_DIR": "-/work/app", "DIRENV_DIFF": noted({"AWS_PROFILE": "dev"})}
    assert direnv(there(tmp_path, environ)) == Direnv("/work/app/.envrc", frozenset(("AWS_PROFILE",)))


@pytest.mark.parametrize("text", ["", "no base64!", "eJw", noted(3), base64.b64encode(b"[]").decode()])
def test_what_direnv_cannot_have_written_says_nothing(tmp_path: Path, text: str) -> None:
    assert direnv(there(tmp_path, {"DIRENV_DIR": "-/work/app", "DIRENV_DIFF": text})) is None
