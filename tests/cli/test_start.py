"""Starting: the app where there is a terminal for it, and nothing that is not needed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import Program

LOADED = "import sys; print(*sorted(sys.modules))"


def test_another_home_without_a_command_is_the_app_over_it(bare: Program, tmp_path: Path) -> None:
    assert bare.on_screen("--home", str(tmp_path)).code == 0
    assert [host.home for host in bare.started] == [tmp_path]


def test_the_exit_code_of_the_app_is_the_programs(bare: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Program, "_start", lambda *_: 3)
    assert bare.on_screen("--home", str(bare.home)).code == 3


def test_the_demo_has_a_home_of_its_own_that_is_gone_afterwards(
    bare: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIACANARYCANARYCANA")
    bare.environ["AWS_ENDPOINT_URL"] = "http://canary.example"
    assert bare.on_screen("demo").code == 0
    (host,) = bare.started
    assert host.home != bare.home
    assert not host.home.exists()
    assert host.environ["HOME"] == str(host.home)
    assert "canary" not in str(dict(host.environ)).lower()


@pytest.mark.parametrize("arguments", [("demo",), ("--home", "/")])
def test_without_a_terminal_there_is_one_line_that_names_the_list(
    bare: Program, arguments: tuple[str, ...]
) -> None:
    outcome = bare(*arguments)
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert "`rolecall list`" in outcome.err
    assert not bare.started


@pytest.mark.parametrize("arguments", [("demo",), ("--home", "/")])
def test_a_dumb_terminal_is_told_so(
    bare: Program, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    bare.environ["TERM"] = "dumb"
    monkeypatch.setenv("TERM", "dumb")
    outcome = bare.on_screen(*arguments)
    assert outcome.code == 2
    assert outcome.err.endswith("TERM is dumb; `rolecall list` prints the same as text\n")
    assert not bare.started


def _python(code: str, home: Path, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "HOME": str(home), **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_real_program_without_a_terminal_is_wrong_usage(tmp_path: Path) -> None:
    done = _python("from rolecall.__main__ import main; main()", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr
        == "rolecall: the app needs a terminal, and stdin is none; `rolecall list` prints the same as text\n"
    )


def test_a_command_loads_no_screen_and_no_aws_client(rolecall: Program) -> None:
    code = f"""
import atexit
atexit.register(lambda: exec({LOADED!r}))
from rolecall.__main__ import main
main()
"""
    done = _python(code, rolecall.home, "list")
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.splitlines()[-1].split())
    assert {"click", "rolecall.aws.snapshot"} <= loaded
    unwanted = {
        "textual",
        "rich",
        "boto3",
        "botocore.session",
        "botocore.credentials",
        "rolecall.demo.home",
        "difflib",
    }
    assert not loaded & unwanted


ON_A_TERMINAL = f"""
import sys, types
class Terminal:
    def __init__(self, stream): self._stream = stream
    def __getattr__(self, name): return getattr(self._stream, name)
    def isatty(self): return True
sys.stdin, sys.stdout, sys.stderr = map(Terminal, (sys.stdin, sys.stdout, sys.stderr))
sys.modules["rolecall.tui.launch"] = types.SimpleNamespace(run=lambda host: exec({LOADED!r}) or 0)
sys.argv = ["rolecall"]
from rolecall.__main__ import main
main()
"""


def test_the_app_starts_without_click(bare: Program) -> None:
    # GIVEN an app that prints what was loaded before it, WHEN the program is started without arguments
    done = _python(ON_A_TERMINAL, bare.home, TERM="xterm")
    # THEN the app runs, and click was not needed for it
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "rolecall.host" in loaded
    assert not loaded & {"click", "boto3", "botocore.session", "difflib", "rolecall.cli.commands"}
