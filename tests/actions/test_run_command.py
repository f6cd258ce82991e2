"""Programs are found on the PATH that they are given, and the user's own shell is what is talked to."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rolecall.actions import watch_command
from rolecall.actions.run_command import NotRun, Program, find, shell
from tests.homes import make_home

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no bits that make a file executable")


def _file(path: Path, mode: int = 0o700) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(mode)
    return path


def test_a_program_is_looked_up_on_the_path_that_it_is_given(tmp_path: Path) -> None:
    there = _file(tmp_path / "b" / "tool")
    (tmp_path / "a").mkdir()
    path = os.pathsep.join((str(tmp_path / "a"), str(tmp_path / "b")))
    assert find(["tool", "-x"], {"PATH": path}) == Program(str(there), ("tool", "-x"))
    with pytest.raises(NotRun) as failed:
        find(["tool"], {"PATH": str(tmp_path / "a")})
    assert failed.value.code == 127


@pytest.mark.parametrize("name", ["data", "./data", "folder"])
def test_what_is_there_and_no_program_is_126(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _file(tmp_path / "data", 0o600)
    (tmp_path / "folder").mkdir()
    with pytest.raises(NotRun) as failed:
        find([name], {"PATH": str(tmp_path)})
    assert failed.value.code == (127 if name == "folder" else 126)


def test_the_shell_is_the_users_own(tmp_path: Path) -> None:
    host, zsh = make_home(tmp_path / "home"), str(_file(tmp_path / "zsh"))
    assert shell(host, {"SHELL": zsh}).words == (zsh,)
    assert shell(host, {}).words == ("/bin/sh",)
    # AND zsh does not ask about settings that the demo's home has not
    assert shell(replace(host, is_demo=True), {"SHELL": zsh}).words == (zsh, "-f")


INTERACTIVE = [
    "bash",
    "/bin/zsh -l",
    "fish --private",
    "bash -ic x",
    "env A=1 B=2 bash --norc",
    "nice -n vim",
    "vim file",
    "sudo -s",
    "more x",
    "sh -c seq|more",
]
OTHERS = [
    "bash -c x",
    "sh script.sh -i",
    "bash -eu -o pipefail -c x",
    "aws ssm start-session --target i-1",
    "env",
    "env A=1 aws s3 ls",
    "terraform plan",
    "python bash.py",
    "aws s3 ls s3://more-data",
]


@pytest.mark.parametrize(
    ("words", "wanted"), [*((x, True) for x in INTERACTIVE), *((x, False) for x in OTHERS)]
)
def test_what_talks_to_a_person_is_left_alone(words: str, *, wanted: bool) -> None:
    assert watch_command.is_interactive(Program("/x", tuple(words.split())), {}) is wanted


def test_more_as_the_pager_reads_the_real_terminal() -> None:
    aws = Program("/x", ("aws", "s3", "ls"))
    assert watch_command.is_interactive(aws, {"AWS_PAGER": "/usr/bin/more -e"})
    assert not watch_command.is_interactive(aws, {"AWS_PAGER": "less"})
