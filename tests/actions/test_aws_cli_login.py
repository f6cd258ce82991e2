"""``aws login`` is offered where the AWS CLI can do it; else it is said what is missing."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rolecall.actions import timeouts
from rolecall.actions.aws_cli import aws_login
from rolecall.actions.errors import ActionFailed
from rolecall.aws.logins import LoginKind, LoginTarget
from rolecall.host import Host
from tests.homes import make_home, soon

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the made-up aws is a shell script")


def host(place: Path, script: str | None) -> Host:
    """Return a world whose PATH has an ``aws`` that runs a script, or none."""
    (place / "bin").mkdir()
    if script is not None:
        program = place / "bin" / "aws"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    return make_home(place, environ={"PATH": str(place / "bin")})


def console(holder: str = "console") -> LoginTarget:
    return LoginTarget(LoginKind.LOGIN_SESSION, "arn:aws:iam::111122223333:user/me", "top", holder)


def refused(world: Host) -> ActionFailed:
    with pytest.raises(ActionFailed) as caught:
        aws_login(world, console())
    assert caught.value.kind == "MissingAwsCli"
    assert caught.value.cure is not None
    assert "https://docs.aws.amazon.com/cli/" in caught.value.cure
    return caught.value


@pytest.mark.parametrize("version", ["2.32.0", "2.36.7", "3.0.0"])
def test_a_cli_that_can_do_it_is_run_for_the_root_of_the_chain(tmp_path: Path, version: str) -> None:
    world = host(tmp_path, f"echo aws-cli/{version} Python/3.13.1 Linux/6.1 exe/x86_64")

    assert aws_login(world, console()) == [str(tmp_path / "bin" / "aws"), "login", "--profile", "console"]


@pytest.mark.parametrize("name", ["SSH_CONNECTION", "CODESPACES"])
def test_where_the_browser_is_on_another_machine_the_code_is_asked_for(tmp_path: Path, name: str) -> None:
    world = host(tmp_path, "echo aws-cli/2.36.7 Python/3.13.1")
    remote = replace(world, environ={**world.environ, name: "x"})

    assert aws_login(remote, console())[1:] == ["login", "--remote", "--profile", "console"]


def test_a_profile_that_looks_like_an_option_is_still_a_profile(tmp_path: Path) -> None:
    world = host(tmp_path, "echo aws-cli/2.36.7 Python/3.13.1")

    assert aws_login(world, console("--remote"))[2:] == ["--profile=--remote"]


def test_no_aws_at_all_is_said(tmp_path: Path) -> None:
    assert "there is no `aws` on the PATH" in refused(host(tmp_path, None)).message


@pytest.mark.parametrize("version", ["1.46.2", "2.31.9", "2.9.19"])
def test_an_older_aws_is_said_with_its_version(tmp_path: Path, version: str) -> None:
    words = refused(host(tmp_path, f"echo aws-cli/{version} Python/3.11.2")).message

    assert f"is version {version.rpartition('.')[0]}." in words
    assert "from version 2.32 on" in words


def test_a_version_on_stderr_is_read_too(tmp_path: Path) -> None:
    assert "is version 1.11" in refused(host(tmp_path, "echo aws-cli/1.11.0 Python/2.7 >&2")).message


def test_another_program_of_that_name_is_said(tmp_path: Path) -> None:
    assert "is not the AWS CLI" in refused(host(tmp_path, "echo hello")).message


def test_one_that_cannot_be_started_is_said(tmp_path: Path) -> None:
    world = host(tmp_path, "true")
    (tmp_path / "bin" / "aws").write_text("#!/nowhere/at/all\n")

    assert "cannot be started" in refused(world).message


def test_one_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeouts, "AWS_VERSION", 0.2)

    with soon():
        words = refused(host(tmp_path, "exec /bin/sleep 60")).message

    assert "does not say its version within 0.2 s" in words
