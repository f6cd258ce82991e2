"""Unsetting variables, in the words of each shell."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.ancestry import Process
from rolecall.host import Host
from rolecall.shells import (
    SHELLS,
    Asker,
    asker,
    is_variable_name,
    named,
    unset_line,
    unset_line_for_eval,
    unset_line_of_all,
)
from tests.real_shells import at_hand, environment, run


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("bash", "unset AWS_PROFILE"),
        ("zsh", "unset AWS_PROFILE"),
        ("sh", "unset AWS_PROFILE"),
        ("fish", "set --erase AWS_PROFILE"),
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


@pytest.mark.parametrize("shell", at_hand("bash", "zsh", "fish"))
def test_the_line_does_it_in_the_real_shell(shell: str, tmp_path: Path) -> None:
    code = f"{unset_line('AWS_PROFILE', shell)}\nenv -0"
    done = run(shell, code, tmp_path, {"AWS_PROFILE": "prod", "AWS_REGION": "eu-west-1"})
    left = environment(done.stdout)
    assert "AWS_PROFILE" not in left
    assert left["AWS_REGION"] == "eu-west-1"


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


@pytest.mark.parametrize("shell", at_hand("bash", "zsh", "dash", "ksh", "mksh", "yash", "busybox"))
@pytest.mark.parametrize(
    "form", [unset_line_for_eval("AWS_PROFILE", "fish"), unset_line("AWS_PROFILE", "fish")]
)
def test_a_line_for_fish_changes_nothing_in_another_shell(shell: str, form: str, tmp_path: Path) -> None:
    # GIVEN a shell that evaluates the lines of fish, WHEN it goes on
    code = 'before=$-; eval "$FORM" >log 2>&1; echo "[$AWS_PROFILE] $([ "$before" = "$-" ] && echo same)"'
    done = run(shell, code, tmp_path, {"FORM": form, "AWS_PROFILE": "prod"})
    # THEN it is as it was (errexit is not on), or it has ended over the error
    assert done.stdout in (b"[prod] same\n", b"")


WINDOWS_ALONE = (
    r"C:\Program Files\WindowsPowerShell\Modules;C:\WINDOWS\system32\WindowsPowerShell\v1.0\Modules"
)


def above(*processes: str) -> tuple[Process, ...]:
    """Return processes, the nearest first: with ``-`` one that runs a script, with ``>`` one that reads."""
    return tuple(
        Process((each.lstrip("->"),), takes_orders="-" not in each, reads_output=">" in each)
        for each in processes
    )


def asking(home: Path, login: str, *processes: str, platform: str = "linux", **environ: str) -> Asker:
    """Return who asks in a world with these processes and this ``SHELL``."""
    host = Host.of(home, {**environ, **({"SHELL": login} if login else {})}, platform=platform)
    return asker(replace(host, ancestry=lambda: above(*processes)))


@pytest.mark.parametrize(
    ("login", "processes", "shell"),
    [
        # who reads what is printed counts, whatever stands between
        ("/usr/bin/fish", (">-bash",), "bash"),
        ("/usr/bin/fish", ("env", "timeout", ">-zsh"), "zsh"),
        ("/bin/bash", ("-dash", ">fish"), "fish"),
        ("/bin/bash", ("-bash", "python3", ">-fish"), "fish"),
        ("/usr/bin/fish", (">-ksh93",), "sh"),
        # one at which a person types is meant, whatever the login shell is
        ("/usr/bin/fish", ("bash", "tmux", "fish"), "bash"),
        ("/bin/bash", ("fish", "bash"), "fish"),
        ("/bin/bash", ("sudo", "zsh-5.9"), "zsh"),
        ("/bin/zsh", ("pwsh", "zsh"), "powershell"),
        # a script may print for another, but all take the same lines
        ("/usr/bin/fish", ("-bash", "bash"), "bash"),
        ("/bin/zsh", ("-bash", "sshd"), "bash"),
        ("", ("-dash", "cron"), "sh"),
        # nobody else is there
        ("/usr/bin/fish", ("sshd",), "fish"),
        ("/bin/dash", (), "sh"),
        ("/bin/false", ("cron",), "bash"),
        ("", (), "bash"),
    ],
)
def test_the_shell_that_asks_is_known(
    login: str, processes: tuple[str, ...], shell: str, tmp_path: Path
) -> None:
    assert asking(tmp_path, login, *processes) == Asker(shell)


@pytest.mark.parametrize(
    ("login", "processes", "words"),
    [
        ("/usr/bin/fish", ("-bash", "cron"), "bash started this, but SHELL is fish"),
        ("/bin/bash", ("-dash", "fish", "bash"), "dash started this, but fish started that"),
        ("/bin/bash", (">tcsh",), "no lines for tcsh"),
        ("/bin/bash", ("nu", "bash"), "no lines for nu"),
        ("/usr/bin/elvish", (), "no lines for elvish"),
    ],
)
def test_two_that_disagree_and_one_without_lines_are_told(
    login: str, processes: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    assert words in (asking(tmp_path, login, *processes).doubt or "")


@pytest.mark.parametrize(
    ("environ", "platform", "shell"),
    [
        ({"SHELL": "/bin/bash"}, "linux", "bash"),
        ({"SHELL": "/usr/local/bin/zsh"}, "darwin", "zsh"),
        ({"SHELL": "/usr/bin/fish"}, "linux", "fish"),
        ({"SHELL": "/usr/bin/pwsh"}, "linux", "powershell"),
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
def test_where_no_process_is_known_the_environment_tells(
    environ: dict[str, str], platform: str, shell: str, tmp_path: Path
) -> None:
    assert asker(Host.of(tmp_path, environ, platform=platform)) == Asker(shell)


@pytest.mark.parametrize(
    ("word", "shell"),
    [
        ("dash", "sh"),
        ("ksh", "sh"),
        ("pwsh", "powershell"),
        ("fish", "fish"),
        ("nushell", None),
        ("csh", None),
    ],
)
def test_a_shell_may_be_called_by_its_program(word: str, shell: str | None) -> None:
    assert named(word).shell == shell


def test_what_is_no_shell_has_no_name() -> None:
    with pytest.raises(ValueError, match="no shell"):
        named("python")
