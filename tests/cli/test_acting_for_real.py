"""The real program where it acts: on a terminal, without one, with streams closed, and under ctrl+c."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.cli.sts import GOOD_CODE, SECRET, Sts
from tests.terminal.pseudo import CTRL_C, Terminal

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal and its signals"),
]

PROGRAM = [sys.executable, "-m", "rolecall"]
PATIENCE = 30


def _environ(calling: Program) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(calling.home), **calling.environ}


def _terminal(calling: Program, *arguments: str) -> Terminal:
    return Terminal([*PROGRAM, *arguments], _environ(calling))


def _files(calling: Program) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in calling.aws.rglob("*") if path.is_file()}


def _children_of(pid: int) -> set[int]:
    """Return the processes that a process has started and that still run (Linux)."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if entry.name.isdigit() and int(fields[1]) == pid and fields[0] != "Z":
            found.add(int(entry.name))
    return found


# a code at a real terminal


def test_a_code_that_is_typed_is_not_seen(calling: Program) -> None:
    with _terminal(calling, "assume", "guarded") as terminal:
        terminal.wait_for("MFA code for arn:aws:iam::123456789012:mfa/me: ")
        terminal.type(f"{GOOD_CODE}\r")
        assert terminal.finish() == 0
    assert "assumed" in terminal.text
    assert GOOD_CODE not in terminal.raw.decode()
    assert SECRET not in terminal.raw.decode()


def _shell(calling: Program, script: str) -> Terminal:
    """Start a shell on a terminal, in which ``rolecall`` is the real program."""
    programs = calling.home / "bin"
    programs.mkdir()
    starter = programs / "rolecall"
    starter.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m rolecall "$@"\n')
    starter.chmod(0o700)
    environ = _environ(calling) | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    return Terminal(["/bin/sh", "-c", script], environ)


def test_ctrl_c_at_the_code_leaves_the_terminal_and_the_cache_as_they_were(
    calling: Program, sts: Sts
) -> None:
    # GIVEN a terminal whose settings are told before and after
    before = _files(calling)
    script = 'trap : INT; stty -g; rolecall assume guarded; echo "code $?"; stty -g'
    with _shell(calling, script) as terminal:
        terminal.wait_for("MFA code for")
        # WHEN ctrl+c is pressed at the question
        terminal.type(CTRL_C)
        terminal.wait_for("code 130")
        assert terminal.finish() == 0
    # THEN they are the same, nobody was called, and nothing was written
    told = [line.strip() for line in terminal.lines if ":" in line and line.strip().count(":") > 10]
    assert len(told) == 2
    assert told[0] == told[1]
    assert "Traceback" not in terminal.text
    assert sts.calls == []
    assert _files(calling) == before


def test_the_shell_gets_the_lines_and_the_person_the_question(calling: Program) -> None:
    script = 'eval "$(rolecall export guarded --shell bash)"; echo "got $AWS_ACCESS_KEY_ID"'
    with _shell(calling, script) as terminal:
        terminal.wait_for("MFA code for")
        terminal.type(f"{GOOD_CODE}\r")
        terminal.wait_for("got ASIAGUARDED")
        assert terminal.finish() == 0
    assert SECRET not in terminal.raw.decode()


def test_an_edit_is_asked_and_no_is_the_answer_of_enter(calling: Program) -> None:
    before = _files(calling)
    with _terminal(calling, "set", "other", "region", "eu-west-1") as terminal:
        terminal.wait_for("Write this? [y/N]")
        terminal.type("\r")
        assert terminal.finish() == 1
    assert "rolecall: cancelled" in terminal.text
    assert _files(calling) == before


def test_ctrl_c_at_a_question_is_130_without_a_word(calling: Program) -> None:
    before = _files(calling)
    with _terminal(calling, "remove", "other") as terminal:
        terminal.wait_for("Write this? [y/N]")
        terminal.type(CTRL_C)
        assert terminal.finish() == 130
    assert "Traceback" not in terminal.text
    assert _files(calling) == before


# ctrl+c while AWS is called


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the children in /proc")
@pytest.mark.parametrize(
    "arguments",
    [
        ["assume", "admin", "--force"],
        ["assume", "admin", "other", "--force"],
        ["whoami", "base"],
        ["export", "other", "--shell", "bash"],
        ["assume", "other", "--into", "legacy"],
    ],
)
def test_ctrl_c_while_aws_is_called_ends_it_with_nothing_half_done(
    calling: Program, sts: Sts, arguments: list[str]
) -> None:
    # GIVEN a good entry in the cache, and an STS that takes calls and does not answer
    assert calling("assume", "admin").code == 0
    before = _files(calling)
    sts.reached.clear()
    sts.silent = True
    with subprocess.Popen(
        [*PROGRAM, *arguments],
        env=_environ(calling),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert sts.reached.wait(PATIENCE)
        children = _children_of(process.pid)
        assert children
        # WHEN ctrl+c is pressed
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    # THEN it goes soon, without a word; the old entry stands, and nobody calls on
    assert (process.returncode, out, err) == (130, "", "")
    assert time.monotonic() - pressed < 60
    assert _files(calling) == before
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


# without a terminal


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", "</dev/null"])
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("assume guarded", 1),
        ("assume other", 0),
        ("set other region eu-west-1", 0),
        ("set base aws_secret_access_key -", 1),
        ("remove other", 2),
        ("cache clear --all", 0),
        ("whoami nobody", 2),
    ],
)
def test_closed_streams_are_no_bug(calling: Program, closed: str, command: str, code: int) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m rolecall {command} {closed}', sys.executable],
        env=_environ(calling),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    says_all = ">&-" in closed.replace("2>&-", "") and code == 0  # there is no stdout to say it on
    assert done.returncode == (1 if says_all else code), done.stderr
    assert "Traceback" not in done.stderr
    assert "bug" not in done.stderr
    assert len(done.stderr.splitlines()) <= 1
