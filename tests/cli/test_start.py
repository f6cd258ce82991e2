"""Starting: the app where there is a terminal for it, and nothing that is not needed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rolecall.actions import editor
from rolecall.app_options import Ending, Options
from tests.cli.program import Program

LOADED = "import sys; print(*sorted(sys.modules))"


def test_another_home_without_a_command_is_the_app_over_it(bare: Program, tmp_path: Path) -> None:
    assert bare.on_screen("--home", str(tmp_path)).code == 0
    assert [host.home for host in bare.started] == [tmp_path]


def test_the_exit_code_of_the_app_is_the_programs(bare: Program) -> None:
    bare.ending = Ending(3)
    assert bare.on_screen("--home", str(bare.home)).code == 3


def test_what_the_app_leaves_behind_is_printed_for_the_shell(bare: Program) -> None:
    # GIVEN an app that is left with lines, and a shell that reads its stdout
    bare.ending = Ending(0, ("export AWS_PROFILE=dev", "unset AWS_REGION"))
    # WHEN it was open
    outcome = bare.asked("--emit", "zsh")
    # THEN the lines are all that stdout has, and the app was told for whom they are
    assert (outcome.code, outcome.out) == (0, "export AWS_PROFILE=dev\nunset AWS_REGION\n")
    assert bare.options == [Options(emits="zsh")]


def test_the_app_can_be_left_for_the_one_over_a_made_up_home(bare: Program) -> None:
    # GIVEN an app that is left for the demo
    bare.ending = Ending(goes_to_demo=True)
    assert bare.on_screen("--home", str(bare.home)).code == 0
    # THEN that comes next, once
    assert [host.is_demo for host in bare.started] == [False, True]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has the screen on stdout")
def test_stdout_may_be_a_pipe_only_where_a_shell_reads_it(bare: Program) -> None:
    assert bare.asked("--emit", "bash").code == 0
    assert bare.asked("--read-only").code == 2
    assert len(bare.started) == 1


def test_without_a_keyboard_nothing_is_emitted_either(bare: Program) -> None:
    outcome = bare("--emit", "bash")
    assert (outcome.code, outcome.out) == (2, "")
    assert not bare.started


@pytest.mark.parametrize(
    ("arguments", "variable", "is_read_only"),
    [
        (("--home", "."), None, False),
        (("--read-only",), None, True),
        (("--read-only",), "0", True),
        (("--home", "."), "1", True),
        (("--home", "."), "yes", True),
        (("--home", "."), "anything", True),
        (("--home", "."), "", False),
        (("--home", "."), " No ", False),
        (("--home", "."), "false", False),
        (("demo",), "1", True),
        (("--read-only", "demo"), None, True),
    ],
)
def test_the_app_is_read_only_by_an_option_or_a_variable(
    bare: Program,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    variable: str | None,
    *,
    is_read_only: bool,
) -> None:
    monkeypatch.chdir(bare.home)
    if variable is not None:
        bare.environ["ROLECALL_READ_ONLY"] = variable
    assert bare.on_screen(*arguments).code == 0
    assert [options.read_only for options in bare.options] == [is_read_only]


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
    assert host.is_demo
    assert "canary" not in str(dict(host.environ)).lower()


def test_the_demo_is_edited_with_the_users_own_editor(bare: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "my-editor --wait")
    bare.on_screen("demo")
    (host,) = bare.started
    config = host.home / ".aws" / "config"
    assert editor.command(host, config, 3) == ["my-editor", "--wait", str(config)]


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
    assert done.stderr == (
        "rolecall: the app needs a terminal, and stdin is not one; `rolecall list` prints the same as text\n"
    )


def _loaded(rolecall: Program, *arguments: str) -> set[str]:
    """Return what a command has loaded by its end."""
    code = f"""
import atexit
atexit.register(lambda: exec({LOADED!r}))
from rolecall.__main__ import main
main()
"""
    done = _python(code, rolecall.home, *arguments)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


HEAVY = {"textual", "rich", "boto3", "botocore.session", "botocore.credentials", "rolecall.demo.home"}


OF_LIST = {
    f"rolecall.cli.{name}"
    for name in ("common", "completion", "json_output", "launch", "main", "output", "profiles", "text_output")
}


def test_a_command_that_looks_loads_no_screen_no_aws_client_and_nothing_that_acts(rolecall: Program) -> None:
    loaded = _loaded(rolecall, "list")
    assert {"click", "rolecall.aws.snapshot"} <= loaded
    assert not loaded & (HEAVY | {"difflib", "subprocess", "rolecall.cli.prompts"})
    assert {name for name in loaded if name.startswith("rolecall.cli.")} <= OF_LIST
    assert {name for name in loaded if name.startswith("rolecall.actions.")} == {"rolecall.actions.errors"}


def test_an_edit_loads_nothing_that_calls_aws(rolecall: Program) -> None:
    loaded = _loaded(rolecall, "set", "admin", "region", "x", "--dry-run")
    assert "rolecall.actions.editing.edits" in loaded
    assert not loaded & (HEAVY | {"subprocess", "rolecall.actions.worker_client"})


ON_A_TERMINAL = f"""
import sys, types
def run(host, options):
    from rolecall.app_options import Ending
    exec({LOADED!r})
    print("read-only" if options.read_only else "may-act")
    return Ending(3, ("last",))
class Terminal:
    def __init__(self, stream): self._stream = stream
    def __getattr__(self, name): return getattr(self._stream, name)
    def isatty(self): return True
sys.stdin, sys.stdout, sys.stderr = map(Terminal, (sys.stdin, sys.stdout, sys.stderr))
sys.modules["rolecall.tui.launch"] = types.SimpleNamespace(run=run)
sys.argv = ["rolecall"]
from rolecall.__main__ import main
main()
"""


def test_the_app_starts_without_click(bare: Program) -> None:
    # GIVEN an app that prints what was loaded before it, WHEN the program is started without arguments
    done = _python(ON_A_TERMINAL, bare.home, TERM="xterm")
    # THEN the app runs, and click was not needed for it
    assert done.returncode == 3, done.stderr
    loaded = set(done.stdout.split())
    assert {"may-act", "last"} <= loaded
    assert "rolecall.host" in loaded
    assert not loaded & {"click", "boto3", "botocore.session", "difflib", "rolecall.cli.main"}


def test_the_variable_counts_without_arguments_too(bare: Program) -> None:
    done = _python(ON_A_TERMINAL, bare.home, TERM="xterm", ROLECALL_READ_ONLY="1")
    assert "read-only" in done.stdout.split()
