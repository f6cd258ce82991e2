"""Unsetting variables, in the words of each shell."""

import os
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.shells import SHELLS, guess_shell, is_variable_name, unset_line, unset_line_of_all


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("bash", "unset AWS_PROFILE"),
        ("zsh", "unset AWS_PROFILE"),
        ("fish", "set -e AWS_PROFILE"),
        ("powershell", "Remove-Item Env:AWS_PROFILE"),
        ("cmd", "set AWS_PROFILE="),
    ],
)
def test_each_shell_has_its_line(shell: str, line: str) -> None:
    assert unset_line("AWS_PROFILE", shell) == line


@pytest.mark.parametrize(("shell", "line"), [("bash", "unset A; unset B"), ("cmd", "set A=&set B=")])
def test_several_variables_are_removed_by_one_line(shell: str, line: str) -> None:
    # in cmd `set A= & …` would set A to a blank, and `;` would be a part of the value
    assert unset_line_of_all(["A", "B"], shell) == line


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_line_does_it_in_the_real_shell(shell: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"needs {shell}")
    code = f"{unset_line('AWS_PROFILE', shell)}\nenv"
    environ = {"PATH": os.environ["PATH"], "HOME": "/", "AWS_PROFILE": "prod", "AWS_REGION": "eu-west-1"}
    done = subprocess.run([program, "-c", code], env=environ, capture_output=True, text=True, check=True)
    assert "AWS_PROFILE" not in done.stdout
    assert "AWS_REGION=eu-west-1" in done.stdout


@pytest.mark.parametrize(
    "name", ["", "1A", "A B", "A;rm", "$(rm)", "A\n", "A\nrm", "É", "A-B", "`x`", "A=B", "²"]
)
@pytest.mark.parametrize("shell", SHELLS)
def test_what_is_more_than_a_name_is_refused(name: str, shell: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        unset_line(name, shell)


@given(st.text())
def test_a_line_is_made_of_nothing_but_plain_characters(name: str) -> None:
    if is_variable_name(name):
        assert name.isascii()
        assert name.isidentifier()
    else:
        with pytest.raises(ValueError, match="not a name"):
            unset_line(name, "bash")


def test_an_unknown_shell_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown shell"):
        unset_line("AWS_PROFILE", "tcsh")


WINDOWS_ALONE = (
    r"C:\Program Files\WindowsPowerShell\Modules;C:\WINDOWS\system32\WindowsPowerShell\v1.0\Modules"
)


@pytest.mark.parametrize(
    ("environ", "platform", "shell"),
    [
        ({"SHELL": "/bin/bash"}, "linux", "bash"),
        ({"SHELL": "/usr/local/bin/zsh"}, "darwin", "zsh"),
        ({"SHELL": "/usr/bin/fish"}, "linux", "fish"),
        ({"SHELL": "/usr/bin/pwsh"}, "linux", "powershell"),
        ({"SHELL": "/bin/dash"}, "linux", "bash"),
        ({"SHELL": "/bin/tcsh"}, "linux", "bash"),
        ({}, "linux", "bash"),
        ({"SHELL": r"C:\Program Files\Git\usr\bin\bash.exe"}, "win32", "bash"),
        ({"SHELL": "/usr/bin/bash"}, "win32", "bash"),
        ({"PSModulePath": WINDOWS_ALONE}, "win32", "cmd"),
        (
            {"PSModulePath": rf"C:\Users\me\Documents\PowerShell\Modules;{WINDOWS_ALONE}"},
            "win32",
            "powershell",
        ),
        ({}, "win32", "cmd"),
    ],
)
def test_the_shell_is_guessed_from_the_environment(
    environ: dict[str, str], platform: str, shell: str
) -> None:
    assert guess_shell(environ, platform) == shell
