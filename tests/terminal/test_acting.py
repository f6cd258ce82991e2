"""The commands that change something, as a person gives them on a terminal: they work, and end clean."""

import os
import re
import shlex
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rolecall.actions import worker_client
from tests.terminal.pseudo import CLEAR_ESCAPE, CTRL_C, ESCAPE, PATIENCE, Terminal, rolecall

CODE = "123456"
"""What the demo's AWS takes for an MFA code."""
SIZES = ((40, 12), (1, 1), (200, 60), (80, 24), (120, 40))
LEFT = re.compile(r"prod-admin +[━─]+ ● +59m \d\ds")
"""The line of a role that has just been assumed, among those that end."""
TITLES = {
    "e": "Edit profile prod-admin",
    "A": "MFA code of rowan",
    "c": "Clear caches",
    "x": "Export credentials",
}
"""Of the dialogs, by the key that opens them."""
SOON = 30.0
"""Seconds within which a window that has changed is drawn."""
_CLEANING_UP, _BACK = b"\x1b[?2004l", b"\x1b[?2004h"
"""What the app writes first when it leaves the screen, and last when it takes it: how pastes are marked."""
needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")


def line_of(name: str, screen: str) -> str:
    """Return what the tree says of a profile."""
    lines = [line.split("│")[1] for line in screen.splitlines() if line.startswith("│")]
    return next((line for line in lines if f" {name} " in line), "")


def test_a_role_with_mfa_is_assumed_and_counts_down() -> None:
    with rolecall("demo", environ={}) as terminal:
        terminal.wait_for("5 Cache")
        terminal.type("j")
        terminal.wait_for("3 Chain: prod-admin")
        # GIVEN a role that is about to end
        assert "◐" in line_of("prod-admin", terminal.text)
        # WHEN it is assumed anew, with the code that the device shows
        terminal.type("A")
        terminal.wait_for("mfa/rowan")
        terminal.type(CODE, "\r")
        # THEN it is live for an hour, and that goes by
        terminal.wait_for(lambda screen: LEFT.search(screen) is not None)
        before = LEFT.findall(terminal.text)
        terminal.wait_for(lambda screen: (now := LEFT.findall(screen)) != before and now != [])
        terminal.type("q")
        assert terminal.finish() == 0
    assert terminal.is_restored


@pytest.mark.parametrize("key", TITLES)
def test_a_dialog_lives_through_every_size_of_the_window(key: str) -> None:
    with rolecall("demo", environ={}) as terminal:
        terminal.wait_for("5 Cache")
        terminal.type("j")
        terminal.wait_for("3 Chain: prod-admin")
        terminal.type(key)
        terminal.wait_for(TITLES[key])
        for columns, rows in SIZES:
            terminal.resize(columns, rows)
        terminal.wait_for(TITLES[key])
        terminal.type(ESCAPE)
        terminal.wait_until_gone(TITLES[key])
        terminal.type("q")
        assert terminal.finish() == 0
    assert terminal.is_restored


def test_what_the_editor_changes_shows_up(small: dict[str, str], tmp_path: Path) -> None:
    # GIVEN an editor that adds a profile, and says so on the terminal
    editor = script(
        tmp_path / "editor", 'echo "editing $1"; printf "[profile fresh]\\nregion = x\\n" >> "$1"'
    )
    with rolecall(environ={**small, "EDITOR": str(editor)}) as terminal:
        terminal.wait_for("5 Cache")
        # WHEN it is opened
        terminal.type("E")
        # THEN it has had the terminal, and rolecall has it again, and has read the file
        terminal.wait_for(lambda screen: bool(line_of("fresh", screen)))
        assert f"editing {small['HOME']}/.aws/c" in terminal.raw.decode()
        terminal.type("q")
        assert terminal.finish() == 0
    assert terminal.is_restored


def test_ctrl_c_is_meant_for_the_program_that_has_the_terminal_alone(
    small: dict[str, str], tmp_path: Path
) -> None:
    editor = script(tmp_path / "editor", "kill -INT $PPID")
    with rolecall(environ={**small, "EDITOR": str(editor)}) as terminal:
        terminal.wait_for("5 Cache")
        terminal.type("E")
        # a key that comes while the terminal changes hands is dropped with what was typed for the editor
        terminal.wait_for_bytes(_CLEANING_UP)
        terminal.wait_for_bytes(_BACK, after=_CLEANING_UP)
        terminal.type("?")
        terminal.wait_for("─ Help ─")
        terminal.type(CLEAR_ESCAPE, "q")
        assert terminal.finish() == 0


@pytest.mark.parametrize("editor", ["false", "/nowhere/editor"])
def test_after_an_editor_that_fails_the_screen_is_there_and_says_so(
    small: dict[str, str], editor: str
) -> None:
    with rolecall(environ={**small, "EDITOR": editor}) as terminal:
        terminal.wait_for("5 Cache")
        terminal.type("E")
        terminal.wait_for("Could not open the editor")
        terminal.type(CLEAR_ESCAPE)
        terminal.wait_until_gone("Could not open the editor")
        terminal.type("q")
        assert terminal.finish() == 0
    assert terminal.is_restored


def script(path: Path, body: str) -> Path:
    """Write a shell script that can be run."""
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o700)
    return path


# How an action ends with the app


@pytest.fixture
def silent(small: dict[str, str]) -> Iterator[dict[str, str]]:
    """Return the environment of a home whose AWS takes every call and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        yield {**small, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "NO_PROXY": "127.0.0.1"}


def workers(parent: int) -> list[int]:
    """Return the processes that a rolecall has started to call AWS."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            number = int(status.read_text().rpartition(")")[2].split()[1])
            words = status.with_name("cmdline").read_text().split("\0")
        except OSError:
            continue  # it has ended meanwhile
        if number == parent and words[:-1] == list(worker_client.COMMAND):
            found.append(int(status.parent.name))
    return found


def until(condition: Callable[[], bool]) -> None:
    """Wait for something outside of the terminal."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        os.sched_yield()


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def leave(terminal: Terminal) -> None:
    """Press q while something is under way, and answer the question."""
    terminal.type("q")
    terminal.wait_for("Quit rolecall?")
    terminal.type("\x1b[D", "\r")


def cancel_and_leave(terminal: Terminal) -> None:
    """Cancel it by esc, and press q."""
    terminal.type(CLEAR_ESCAPE)
    terminal.wait_for("cancelled")
    terminal.type("q")


def interrupt_and_leave(terminal: Terminal) -> None:
    """Press ctrl+c, which is a key like others here, and leave."""
    terminal.type(CTRL_C)
    leave(terminal)


ENDS: dict[str, Callable[[Terminal], None]] = {
    "q": leave,
    "ctrl+c, then q": interrupt_and_leave,
    "esc, then q": cancel_and_leave,
    "SIGINT": lambda terminal: terminal.signal(signal.SIGINT),
    "SIGTERM": lambda terminal: terminal.signal(signal.SIGTERM),
    "SIGKILL": lambda terminal: terminal.signal(signal.SIGKILL),
}


@needs_proc
@pytest.mark.parametrize("end", ENDS)
def test_an_action_that_is_under_way_ends_with_the_app(silent: dict[str, str], end: str) -> None:
    with rolecall(environ=silent) as terminal:
        terminal.wait_for("5 Cache")
        # GIVEN a call that is not answered
        terminal.type("i")
        terminal.wait_for("asking AWS")
        [worker] = workers(terminal.pid)
        # WHEN the app is left
        ENDS[end](terminal)
        terminal.finish()
    # THEN nothing of it is left
    until(lambda: is_gone(worker))
    assert terminal.is_restored or end.startswith("SIG")
    home = Path(silent["HOME"])
    assert {path.name for path in home.rglob("*") if path.is_file()} == {"config", "credentials"}


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_leaves_the_terminal_as_it_was_and_is_told_by_the_exit_code(
    small: dict[str, str], number: int, code: int
) -> None:
    with rolecall(environ=small) as terminal:
        terminal.wait_for("5 Cache")
        terminal.signal(number)
        assert terminal.finish() == code
    assert terminal.is_restored
    assert "Traceback" not in terminal.text


def test_a_signal_ends_it_while_it_starts(small: dict[str, str]) -> None:
    with rolecall(environ=small) as terminal:
        terminal.wait_for_bytes(b"\x1b[?1049h")
        terminal.signal(signal.SIGTERM)
        assert terminal.finish() == 128 + signal.SIGTERM
    assert terminal.is_restored


def test_impatient_signals_do_not_end_the_clean_up_half_way(small: dict[str, str]) -> None:
    with rolecall(environ=small) as terminal:
        terminal.wait_for("5 Cache")
        terminal.signal(signal.SIGTERM)
        terminal.wait_for_bytes(_CLEANING_UP)
        terminal.signal(signal.SIGTERM)
        terminal.signal(signal.SIGHUP)
        assert terminal.finish() == 128 + signal.SIGTERM
    assert terminal.is_restored


@pytest.mark.parametrize("is_told_before", [False, True])
def test_it_ends_with_a_window_that_is_closed(small: dict[str, str], *, is_told_before: bool) -> None:
    with rolecall(environ=small) as terminal:
        terminal.wait_for("5 Cache")
        # GIVEN a terminal that sends a signal before it goes; the system sends one when it has gone
        if is_told_before:
            terminal.signal(signal.SIGHUP)
            terminal.wait_for_bytes(_CLEANING_UP)
        # THEN no thread goes on looking for keys
        terminal.vanish()
        assert not terminal.is_running


def test_it_ends_with_its_window_where_it_is_told_nothing(small: dict[str, str]) -> None:
    # GIVEN what nohup does, and a shell that lets its programs go on
    script = 'trap "" HUP; exec "$0" -m rolecall'
    with Terminal(["/bin/sh", "-c", script, sys.executable], small) as terminal:
        terminal.wait_for("5 Cache")
        terminal.signal(signal.SIGHUP)
        terminal.type("?")
        terminal.wait_for("Help")
        # THEN a signal alone does not end it, and the end of the window does
        terminal.vanish()
        assert not terminal.is_running


# What is left for the shell


def test_the_screen_fills_the_terminal_where_stdout_is_a_file(small: dict[str, str], tmp_path: Path) -> None:
    run = shlex.join([sys.executable, "-m", "rolecall", "--emit", "bash"])
    with Terminal(["/bin/sh", "-c", f"{run} > {shlex.quote(str(tmp_path / 'lines'))}"], small) as terminal:
        terminal.wait_for("5 Cache")
        # WHEN the window gets another size, THEN so does what is drawn: the keys stand in its last line
        terminal.resize(150, 45)
        terminal.wait_for(lambda _screen: "? Help" in terminal.lines[44], SOON)
        terminal.type("q")
        terminal.finish()


def test_what_is_chosen_goes_to_stdout_and_the_screen_to_the_terminal(
    small: dict[str, str], tmp_path: Path
) -> None:
    lines = tmp_path / "lines"
    run = shlex.join([sys.executable, "-m", "rolecall", "--emit", "bash"])
    with Terminal(["/bin/sh", "-c", f"{run} > {shlex.quote(str(lines))}; echo status $?"], small) as terminal:
        terminal.wait_for("5 Cache")
        assert lines.read_text() == ""
        terminal.type("j", "U")
        terminal.finish()
    assert terminal.last_line.endswith("status 0")
    assert terminal.is_restored
    assert re.search("^export AWS_PROFILE='?deploy'?$", lines.read_text(), re.MULTILINE)
    assert "\x1b" not in lines.read_text()
    assert "export AWS_PROFILE" not in terminal.raw.decode()


def is_left(terminal: Terminal, times: int) -> Callable[[str], bool]:
    """Return what tells that the shell has the terminal again, for so many times.

    What is typed between the app's last word and the shell's prompt is thrown away by either.
    """
    left = b"\x1b[?1049l"
    return lambda _screen: (
        terminal.raw.count(left) >= times and b"ready>" in terminal.raw[terminal.raw.rfind(left) :]
    )


def is_open(terminal: Terminal, times: int) -> Callable[[str], bool]:
    """Return what tells that the app is on the screen, for so many times."""
    opened = b"\x1b[?1049h"
    return lambda _screen: (
        terminal.raw.count(opened) >= times and b"5 Cache" in terminal.raw[terminal.raw.rfind(opened) :]
    )


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not at hand")
def test_the_function_for_bash_chooses_the_profile_of_the_calling_shell(
    small: dict[str, str], tmp_path: Path
) -> None:
    # GIVEN a bash in which another profile is chosen, and the function is defined
    commands = tmp_path / "commands"
    commands.mkdir()
    script(commands / "rolecall", f'exec {shlex.quote(sys.executable)} -m rolecall "$@"')
    environ = {**small, "PATH": f"{commands}:{os.environ['PATH']}", "AWS_PROFILE": "base", "PS1": "ready> "}
    with Terminal(["bash", "--norc", "--noprofile", "-i"], environ) as terminal:
        terminal.wait_for("ready>")
        terminal.type('eval "$(rolecall init bash)"; echo defi""ned\r')
        terminal.wait_for("defined")
        # WHEN a profile is used in the app
        terminal.type("rc\r")
        terminal.wait_for(is_open(terminal, 1))
        terminal.type("j", "U")
        terminal.wait_for(is_left(terminal, 1))
        # THEN it is the one of that shell
        terminal.type('echo "status $? chosen <$AWS_PROFILE>"\r')
        terminal.wait_for("status 0 chosen <deploy>")
        # AND where nothing is chosen, it stays
        terminal.type("rc\r")
        terminal.wait_for(is_open(terminal, 2))
        terminal.type("q")
        terminal.wait_for(is_left(terminal, 2))
        terminal.type('echo "then <$AWS_PROFILE>"\r', "exit\r")
        terminal.finish()
    assert "then <deploy>" in terminal.raw.decode()


# Textual's own log


def test_what_is_typed_is_in_no_log(tmp_path: Path) -> None:
    # GIVEN the variable by which Textual logs every message, keys included
    log = tmp_path / "log"
    with rolecall("demo", environ={"TEXTUAL_LOG": str(log)}) as terminal:
        terminal.wait_for("5 Cache")
        terminal.type("j")
        terminal.wait_for("3 Chain: prod-admin")
        terminal.type("A")
        terminal.wait_for("mfa/rowan")
        terminal.type("987654")
        terminal.wait_for("987654")
        terminal.type(ESCAPE)
        terminal.wait_until_gone("mfa/rowan")
        terminal.type("q")
        terminal.finish()
    logged = log.read_text() if log.exists() else ""
    assert [typed for typed in ("987654", "key='9'", "value='98") if typed in logged] == []
