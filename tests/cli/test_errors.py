"""What goes wrong: the exit code, one line on stderr, an object where JSON was asked for."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rolecall import __version__
from rolecall.cli import profiles
from tests.cli.program import Program

WRONG_USAGE = [
    ("lst",),
    ("show",),
    ("show", "base", "admin"),
    ("list", "--jsn"),
    ("cache",),
    ("cache", "clear-it"),
    ("cache", "clear"),
    ("assume",),
    ("--emit", "tcsh"),
    ("completion", "tcsh"),
    ("--home", "/nowhere/at/all", "list"),
    ("list", "--home", "/nowhere/at/all"),
    ("--home", "", "list"),
    ("show", "nobody"),
]


@pytest.mark.parametrize("arguments", WRONG_USAGE)
def test_wrong_usage_is_two_with_one_line_on_stderr(rolecall: Program, arguments: tuple[str, ...]) -> None:
    outcome = rolecall(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("rolecall: ")
    assert len(outcome.err.splitlines()) == 1


@pytest.mark.parametrize("arguments", [("list", "--json", "extra"), ("show", "nobody", "--json")])
def test_with_json_the_error_is_an_object_on_stdout_too(
    rolecall: Program, arguments: tuple[str, ...]
) -> None:
    outcome = rolecall(*arguments)
    assert outcome.code == 2
    assert set(outcome.json) == {"schema", "error"}
    assert outcome.json["schema"] == "rolecall/1"
    assert outcome.err == f"rolecall: {outcome.json['error']['message']}\n"


def test_an_unknown_profile_has_botocores_name_for_it_and_the_nearest_one(rolecall: Program) -> None:
    assert rolecall("show", "amdin", "--json").json["error"] == {
        "type": "ProfileNotFound",
        "message": "there is no profile 'amdin'; did you mean 'admin'?",
    }


def test_where_no_name_is_near_the_list_is_named(rolecall: Program) -> None:
    assert rolecall("show", "zzz").err.endswith("`rolecall list` lists the profiles\n")


def test_a_section_that_is_no_profile_is_pointed_out_with_its_line(bare: Program) -> None:
    bare.config("[dev]\nregion = x\n[profile data science]\nregion = x\n")
    assert "[dev] in ~/.aws/config:1 exists, but AWS tools only read [profile dev]" in bare("show", "dev").err
    assert "[profile data science] in ~/.aws/config:3 exists, but AWS tools ignore it: quote the name" in (
        bare("show", "data science").err
    )


def test_a_profile_behind_a_file_that_does_not_parse_is_no_wrong_usage(rolecall: Program) -> None:
    rolecall.config("region\n")
    outcome = rolecall("show", "base", "--json")
    assert outcome.code == 1
    assert outcome.json["error"]["type"] == "ConfigParseError"
    assert "~/.aws/config:1: a line before the first [section]" in outcome.err


def test_a_home_that_is_a_file_is_wrong_usage(rolecall: Program) -> None:
    assert rolecall("--home", str(rolecall.aws / "config"), "list").code == 2


def test_a_bug_shows_where_it_is_and_nothing_of_what_was_there(
    rolecall: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> list[str]:
        raise ValueError("CANARY-in-an-exception")

    monkeypatch.setattr(profiles, "_list_lines", fails)
    outcome = rolecall("list")
    assert outcome.code == 1
    assert outcome.err.startswith("rolecall: this is a bug in rolecall: ValueError at test_errors.py:")
    assert "CANARY" not in outcome.out + outcome.err
    assert len(outcome.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "/a/file"), "/a/file: Permission denied"),
        (OSError(errno.ENOSPC, "No space left on device", "/a/file"), "/a/file: No space left on device"),
        # it is not stdout whose reader is gone
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "a system call at test_errors.py:"),
        (OSError(errno.EIO, "Input/output error"), "a system call at test_errors.py:"),
    ],
)
def test_what_the_system_refuses_is_told_with_what_it_is_about(
    rolecall: Program, monkeypatch: pytest.MonkeyPatch, error: OSError, told: str
) -> None:
    def fails(*_: object) -> list[str]:
        raise error

    monkeypatch.setattr(profiles, "_list_lines", fails)
    outcome = rolecall("list")
    assert outcome.code == 1
    assert outcome.err.startswith(f"rolecall: {told}")
    assert outcome.err.endswith(f"{error.strerror}\n")
    assert "output" not in outcome.err.removesuffix(f"{error.strerror}\n")


@pytest.mark.terminal
@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no directory that is in use")
@pytest.mark.parametrize("arguments", ["--home . list", "cache clear --file nothing --yes"])
def test_a_directory_that_is_gone_is_told_of(rolecall: Program, tmp_path: Path, arguments: str) -> None:
    (tmp_path / "gone").mkdir()
    done = subprocess.run(
        ["/bin/sh", "-c", f'rmdir "$PWD" && "$0" -m rolecall {arguments}', sys.executable],
        env={"HOME": str(rolecall.home), "PATH": os.environ["PATH"]},
        cwd=tmp_path / "gone",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == ("rolecall: the current directory no longer exists: change to another one\n")


def test_version(rolecall: Program) -> None:
    outcome = rolecall("--version")
    assert (outcome.code, outcome.out) == (0, f"rolecall {__version__}\n")


@pytest.mark.parametrize("command", [(), ("list",), ("show",), ("env",), ("cache", "list"), ("demo",)])
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_has_examples(rolecall: Program, command: tuple[str, ...], option: str) -> None:
    outcome = rolecall(*command, option)
    assert outcome.code == 0
    assert "\n  Examples:\n    rolecall" in outcome.out


@pytest.mark.terminal
def test_the_real_program_says_it_the_same_way(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rolecall", "show", "nobody", "--json"],
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["type"] == "ProfileNotFound"
    assert done.stderr == "rolecall: there is no profile 'nobody'; `rolecall list` lists the profiles\n"
