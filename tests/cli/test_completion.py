"""Completion on the tab key, asked as the shells ask it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import Program


def _ask(
    rolecall: Program, monkeypatch: pytest.MonkeyPatch, words: str, at: int | str, shell: str = "bash"
) -> list[str]:
    monkeypatch.setenv("_ROLECALL_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(at))
    outcome = rolecall()
    assert (outcome.code, outcome.err) == (0, "")
    return [line.removeprefix("plain,") for line in outcome.lines]


def test_show_completes_the_names_of_profiles(rolecall: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _ask(rolecall, monkeypatch, "rolecall show ", 2) == [
        "default",
        "base",
        "admin",
        "deploy",
        "lost",
        "helper",
    ]
    assert _ask(rolecall, monkeypatch, "rolecall show de", 2) == ["default", "deploy"]


def test_another_home_has_other_names(rolecall: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = rolecall.home.parent / "elsewhere"
    (elsewhere / ".aws").mkdir(parents=True)
    (elsewhere / ".aws" / "credentials").write_text("[there]\n")
    assert _ask(rolecall, monkeypatch, f"rolecall --home {elsewhere} show ", 4) == ["there"]
    assert _ask(rolecall, monkeypatch, f"rolecall show --home {elsewhere} ", 4) == ["there"]


def test_env_completes_the_names_of_aws_variables(rolecall: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    rolecall.environ |= {"AWS_PROFILE": "p", "AWS_PAGER": "", "AWS_$(x)": "", "PATH": "/bin"}
    assert _ask(rolecall, monkeypatch, "rolecall env --unset ", 3) == ["AWS_PAGER", "AWS_PROFILE"]


def test_commands_and_shells_are_completed(rolecall: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _ask(rolecall, monkeypatch, "rolecall c", 1) == ["cache", "completion", "console"]
    assert _ask(rolecall, monkeypatch, "rolecall lo", 1) == ["login", "logout"]
    assert _ask(rolecall, monkeypatch, "rolecall cache ", 2) == ["clear", "list"]
    assert _ask(rolecall, monkeypatch, "rolecall completion ", 2) == ["bash", "zsh", "fish", "powershell"]
    assert _ask(rolecall, monkeypatch, "rolecall init ", 2) == ["bash", "zsh", "fish", "powershell"]
    assert _ask(rolecall, monkeypatch, "rolecall export base --shell d", 4) == ["dotenv"]


@pytest.mark.parametrize(
    "words",
    [
        "assume ",
        "assume base ",
        "assume base --into ",
        "whoami ",
        "login ",
        "logout ",
        "export ",
        "set ",
        "unset ",
        "rename ",
        "remove ",
        "duplicate ",
        "cache clear ",
        "cache clear base ",
    ],
)
def test_a_profile_is_completed_wherever_one_is_named(
    rolecall: Program, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    at = words.count(" ") + 1
    assert _ask(rolecall, monkeypatch, f"rolecall {words}de", at) == ["default", "deploy"]


def test_the_keys_of_a_setting_are_completed(rolecall: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _ask(rolecall, monkeypatch, "rolecall set admin sso_r", 3) == [
        "sso_role_name",
        "sso_region",
        "sso_registration_scopes",
    ]
    assert _ask(rolecall, monkeypatch, "rolecall add new role_a", 3) == ["role_arn="]
    assert _ask(rolecall, monkeypatch, "rolecall set admin region x --file ", 6) == ["config", "credentials"]


def test_only_keys_that_are_there_can_be_unset(rolecall: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _ask(rolecall, monkeypatch, "rolecall unset admin ", 3) == ["role_arn", "source_profile", "region"]
    assert _ask(rolecall, monkeypatch, "rolecall unset nobody ", 3) == []


def test_the_kinds_of_cache_entries_are_completed(rolecall: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _ask(rolecall, monkeypatch, "rolecall cache clear --kind sso", 4) == [
        "sso-role",
        "sso-token",
        "sso-registration",
    ]


def test_a_code_that_is_half_typed_is_not_read_by_the_tab_key(
    rolecall: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "rolecall assume --mfa-code - ad"
    assert _ask(rolecall, monkeypatch, words, 4) == ["admin"]


def test_a_name_that_no_command_line_can_hold_is_not_offered(
    rolecall: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    rolecall.credentials("[a\x1b[31mred]\n[a\u202eb]\n[a-fine-one]\n")
    assert _ask(rolecall, monkeypatch, "rolecall show a", 2) == ["admin", "a-fine-one"]


def test_a_file_that_does_not_parse_offers_nothing(
    rolecall: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    rolecall.config("region\n")
    assert _ask(rolecall, monkeypatch, "rolecall show ", 2) == []


@pytest.mark.parametrize("instruction", ["bash_complete", "tcsh_complete", "bash_dance", "bash"])
def test_what_no_script_of_ours_asks_is_a_failure_without_a_word(
    rolecall: Program, monkeypatch: pytest.MonkeyPatch, instruction: str
) -> None:
    monkeypatch.setenv("_ROLECALL_COMPLETE", instruction)
    monkeypatch.delenv("COMP_WORDS", raising=False)
    outcome = rolecall()
    assert (outcome.code, outcome.out, outcome.err) == (1, "", "")


@pytest.mark.parametrize(
    ("words", "incomplete", "wanted"),
    [
        (["rolecall", "show"], "", ["default", "base", "admin", "deploy", "lost", "helper"]),
        (["rolecall", "show", "de"], "de", ["default", "deploy"]),
        (["rolecall", "show", "two wo"], "two wo", ["two words"]),
        (["rolecall", "show", "sch"], "sch", ["schön, 'x'"]),
        (["rolecall"], "", None),
        ([], "", None),
    ],
)
def test_powershell_asks_and_is_answered_in_json(
    rolecall: Program,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    incomplete: str,
    wanted: list[str] | None,
) -> None:
    if "wo" in incomplete or "sch" in incomplete:
        rolecall.credentials("[two words]\n[schön, 'x']\n")
    asked = _ask(rolecall, monkeypatch, json.dumps(words), incomplete, "powershell")
    found = [json.loads(line) for line in asked]
    assert all(line.isascii() for line in asked)
    assert all(each.keys() == {"value", "help"} for each in found)
    assert wanted is None or [each["value"] for each in found] == wanted


@pytest.mark.parametrize("words", ["", "x", "{}", "3"])
def test_what_powershell_cannot_have_asked_is_a_failure_without_a_word(
    rolecall: Program, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setenv("_ROLECALL_COMPLETE", "powershell_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    outcome = rolecall()
    assert (outcome.code, outcome.out, outcome.err) == (1, "", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_script_is_printed_without_starting_a_shell(
    rolecall: Program, monkeypatch: pytest.MonkeyPatch, shell: str
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a process was started"))
    outcome = rolecall("completion", shell)
    assert outcome.code == 0
    assert f"{shell}_complete" in outcome.out
    assert "%(" not in outcome.out


HOSTILE = """\
[two words]
[it's]
[$(touch pwned)]
[`touch pwned`]
[a;touch pwned]
[star*]
[comma,inside]
[back\\slash]
"""


@pytest.fixture
def shell_home(rolecall: Program) -> dict[str, str]:
    """Return an environment for a real shell, with the real program in reach."""
    rolecall.config("")
    rolecall.credentials(HOSTILE)
    programs = rolecall.home / "bin"
    programs.mkdir()
    starter = programs / "rolecall"
    starter.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m rolecall "$@"\n')
    starter.chmod(0o755)
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    return {"HOME": str(rolecall.home), "PATH": path, "LANG": "C.UTF-8"}


def _shell(command: list[str], environ: dict[str, str], directory: Path) -> str:
    return subprocess.run(
        command, env=environ, cwd=directory, capture_output=True, text=True, check=True, timeout=60
    ).stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_real_bash_gets_names_that_mean_themselves(shell_home: dict[str, str], tmp_path: Path) -> None:
    # GIVEN bash with our script, in an empty directory
    directory = tmp_path / "empty"
    directory.mkdir()
    code = """
eval "$(rolecall completion bash)"
COMP_WORDS=(rolecall show ""); COMP_CWORD=2
_rolecall_completion rolecall
for word in "${COMPREPLY[@]}"; do eval "printf '%s\\n' $word"; done
"""
    # WHEN each completion is put into a command line, and that is run
    out = _shell(["bash", "--norc", "-c", code], shell_home, directory)
    # THEN each is the name itself, and nothing was run
    assert out.splitlines() == [line[1:-1] for line in HOSTILE.splitlines()]
    assert not list(directory.iterdir())


@pytest.mark.shells
@pytest.mark.skipif(shutil.which("fish") is None, reason="needs fish")
def test_real_fish_gets_the_names(shell_home: dict[str, str], tmp_path: Path) -> None:
    code = 'rolecall completion fish | source; complete -C "rolecall show "'
    out = _shell(["fish", "--no-config", "-c", code], shell_home, tmp_path)
    assert "comma,inside" in out
    assert "two" in out


def test_a_login_is_completed_by_the_name_of_its_session_too(
    rolecall: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    rolecall.config("[sso-session corp]\nsso_region = eu-west-1\n[profile copy]\nregion = eu-west-1\n")
    for command in ("login", "logout"):
        assert _ask(rolecall, monkeypatch, f"rolecall {command} co", 2) == ["copy", "corp"]
