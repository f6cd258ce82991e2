"""``rolecall export`` and ``init``: what a shell is given, and what is said beside it."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.cli.sts import GOOD_CODE, SECRET, TOKEN, Sts, key_of

SHELL_FORMATS = ["bash", "zsh", "fish", "powershell", "cmd", "setx", "dotenv"]
BASH = shutil.which("bash")


@pytest.mark.long
@pytest.mark.parametrize("form", SHELL_FORMATS)
def test_the_credentials_are_printed_for_each_shell(calling: Program, form: str) -> None:
    outcome = calling("export", "admin", "--shell", form)
    assert (outcome.code, outcome.err) == (0, "")
    for value in (key_of("Admin"), SECRET, TOKEN):
        assert value in outcome.out


def test_json_is_what_a_credential_process_prints(calling: Program) -> None:
    found = json.loads(calling("export", "admin", "--shell", "json").out)
    assert (found["Version"], found["AccessKeyId"], found["SecretAccessKey"]) == (1, key_of("Admin"), SECRET)


@pytest.mark.long
def test_what_is_fetched_is_cached_as_the_cli_would(calling: Program, sts: Sts) -> None:
    for _ in range(2):
        assert calling("export", "deploy", "--shell", "bash").code == 0
    assert sts.calls == ["Admin", "Deploy"]


def test_what_would_shadow_the_credentials_is_unset(calling: Program) -> None:
    calling.environ |= {"AWS_PROFILE": "other", "AWS_SECURITY_TOKEN": "stale"}
    out = calling("export", "admin", "--shell", "bash").out
    assert {"unset AWS_PROFILE", "unset AWS_SECURITY_TOKEN"} <= set(out.splitlines())


def test_the_region_is_the_profiles_own_and_not_this_shells(calling: Program) -> None:
    calling.environ["AWS_DEFAULT_REGION"] = "eu-west-1"
    assert "AWS_DEFAULT_REGION" not in calling("export", "admin", "--shell", "bash").out
    assert "export AWS_DEFAULT_REGION='us-east-1'" in calling("export", "base", "--shell", "bash").lines


def test_the_shell_is_guessed(calling: Program) -> None:
    calling.environ["SHELL"] = "/usr/bin/fish"
    assert any(line.startswith("set -gx ") for line in calling("export", "base").lines)


@pytest.mark.long
def test_only_a_screen_is_warned_of_what_stands_on_it(calling: Program) -> None:
    assert calling.asked("export", "base", "--shell", "bash").err == ""
    outcome = calling.on_screen("export", "base", "--shell", "bash")
    assert "on your screen" in outcome.err
    assert "AWS_SECRET_ACCESS_KEY" in outcome.out
    assert calling.on_screen("export", "base", "--profile-only").err == ""


def test_the_choice_of_a_profile_has_no_secrets_and_fetches_nothing(calling: Program, sts: Sts) -> None:
    outcome = calling("export", "admin", "--profile-only", "--shell", "bash")
    assert (outcome.code, outcome.err) == (0, "")
    assert "export AWS_PROFILE='admin'" in outcome.lines
    assert "unset AWS_ACCESS_KEY_ID" in outcome.lines
    assert sts.calls == []


@pytest.mark.long
def test_an_export_asks_for_what_it_takes(calling: Program) -> None:
    refused = calling("export", "guarded", "--shell", "bash")
    assert (refused.code, refused.out) == (1, "")
    outcome = calling.asked("export", "guarded", "--shell", "bash", secret=GOOD_CODE)
    assert outcome.code == 0
    # AND stdout has nothing but the lines for the shell
    assert all(line.startswith(("export ", "unset ")) for line in outcome.lines)
    assert calling("export", "helper", "--shell", "bash").out == ""
    assert calling("export", "helper", "--shell", "bash", "--yes").code == 0


@pytest.mark.parametrize(
    "arguments",
    [("nobody",), (), ("admin", "--shell", "tcsh"), ("admin", "--shell", "json", "--profile-only")],
)
def test_wrong_usage_prints_nothing(calling: Program, sts: Sts, arguments: tuple[str, ...]) -> None:
    outcome = calling("export", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert sts.calls == []


def test_a_failed_export_gives_the_shell_nothing_to_run(calling: Program, sts: Sts) -> None:
    sts.refused = {"Admin"}
    outcome = calling("export", "admin", "--shell", "bash")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("rolecall: ")


HOSTILE = ["$(touch pwned)", "`touch pwned`", "it's", 'a"b', "a;touch pwned", "a\\b", "開発 環境"]


@pytest.mark.skipif(BASH is None, reason="needs bash")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_but_a_name_to_a_real_shell(rolecall: Program, tmp_path: Path, name: str) -> None:
    rolecall.credentials(f"[{name}]\nregion = eu-west-1\n")
    outcome = rolecall("export", name, "--profile-only", "--shell", "bash")
    assert outcome.code == 0, outcome.err
    directory = tmp_path / "empty"
    directory.mkdir()
    assert BASH is not None
    done = subprocess.run(
        [BASH, "--norc", "-c", f'{outcome.out}\nprintf %s "$AWS_PROFILE"'],
        cwd=directory,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == name
    assert not list(directory.iterdir())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_init_prints_the_function_of_each_shell(bare: Program, shell: str) -> None:
    outcome = bare("init", shell)
    assert (outcome.code, outcome.err) == (0, "")
    assert f"--emit {shell}" in outcome.out
    assert outcome.out.endswith("\n")


def test_init_knows_no_other_shell(bare: Program) -> None:
    for arguments in (("init",), ("init", "cmd"), ("init", "tcsh")):
        assert bare(*arguments).code == 2
