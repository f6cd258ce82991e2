"""Pipes that close, disks that are full, streams that are not there, ctrl+c: never a traceback."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rolecall.cli import profiles
from rolecall.cli.output import guard
from tests.cli.program import Program, no_streams

PROGRAM = [sys.executable, "-m", "rolecall"]
MANY = 3000
"""Profiles whose table is larger than a pipe holds."""


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Return an environment with a home whose table does not fit into a pipe."""
    (tmp_path / ".aws").mkdir()
    config = "".join(f"[profile p{number}]\nregion = eu-west-1\n" for number in range(MANY))
    (tmp_path / ".aws" / "config").write_text(config)
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return {**buffered, "HOME": str(tmp_path)}


@pytest.mark.terminal
@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"], ["show", "p1"], ["--help"]])
def test_a_closed_pipe_is_no_error(home: dict[str, str], arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*PROGRAM, *arguments], env=home, stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.terminal
def test_a_pipe_that_closes_half_way_is_no_error(home: dict[str, str]) -> None:
    with subprocess.Popen(
        [*PROGRAM, "list"], env=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("STATE")
        process.stdout.close()
        assert not process.stderr.read()
    assert process.returncode == 0


@pytest.mark.terminal
def test_what_never_ends_is_not_waited_for(home: dict[str, str]) -> None:
    saying_yes = [sys.executable, "-c", "while True: print('y' * 10_000)"]
    with subprocess.Popen(saying_yes, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as endless:
        done = subprocess.run(
            [*PROGRAM, "doctor", "--error", "-"],
            env=home,
            stdin=endless.stdout,
            capture_output=True,
            text=True,
            check=False,
        )
        endless.kill()
    assert "this error message is not known" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.terminal
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux alone has /dev/full")
@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"], ["env", "--unset"], ["--help"]])
def test_a_full_disk_is_one_line_and_one(home: dict[str, str], arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PROGRAM, *arguments],
            env={**home, "AWS_PROFILE": "p1"},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "rolecall: cannot write the output: No space left on device\n"


@pytest.mark.terminal
def test_a_stderr_that_nobody_reads_changes_nothing(home: dict[str, str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*PROGRAM, "show", "nobody"], env=home, stdout=subprocess.PIPE, stderr=writing, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stdout) == (2, b"")


def test_without_any_streams_the_exit_code_still_tells(rolecall: Program) -> None:
    from rolecall.cli.main import run  # noqa: PLC0415 - as the program does

    with no_streams():
        assert guard(lambda: run(["list"], rolecall.wiring), as_json=False) == 1
        assert guard(lambda: run(["show", "nobody"], rolecall.wiring), as_json=True) == 2


def test_ctrl_c_says_nothing(rolecall: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(profiles, "_list_lines", interrupted)
    outcome = rolecall("list")
    assert (outcome.code, outcome.out, outcome.err) == (130, "", "")


@pytest.mark.terminal
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
def test_ctrl_c_at_the_real_program_says_nothing(home: dict[str, str]) -> None:
    # GIVEN a program that is stuck, because nobody reads the rest of what it writes
    with subprocess.Popen(
        [*PROGRAM, "list", "--json"], env=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1) == "{"
        # WHEN ctrl+c is pressed
        process.send_signal(signal.SIGINT)
        process.stdout.close()
        # THEN it goes without a word
        assert not process.stderr.read()
    assert process.returncode in {0, 130}  # 0 where the closed pipe came first
