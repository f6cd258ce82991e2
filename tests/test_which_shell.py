"""Which shell it is that asks, by the processes above and by the environment."""

from dataclasses import replace
from pathlib import Path

import pytest

from rolecall.ancestry import Process
from rolecall.host import Host
from rolecall.which_shell import Asker, asker, shell_named

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
    assert shell_named(word).shell == shell


def test_what_is_no_shell_has_no_name() -> None:
    with pytest.raises(ValueError, match="no shell"):
        shell_named("python")
