"""Printing decides nothing: what was asked for is done, or it fails aloud, whatever becomes of stdout."""

import errno
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import Program, role_file
from tests.cli.sts import Sts
from tests.terminal.pseudo import Terminal

PROGRAM = [sys.executable, "-m", "rolecall"]
STALE = "cli/cache/0123456789012345678901234567890123456789.json"
ACTS = {
    "set": ("set", "other", "region", "eu-west-1"),
    "unset": ("unset", "long", "duration_seconds"),
    "add": ("add", "new", "region=eu-west-1"),
    "duplicate": ("duplicate", "other", "copy"),
    "rename": ("rename", "other", "renamed", "--yes"),
    "remove": ("remove", "other", "--yes"),
    "clear": ("cache", "clear", "--expired", "--yes"),
    "assume": ("assume", "other"),
    "put": ("assume", "other", "--into", "legacy"),
    "silence": ("doctor", "--silence", "misspelt-key"),
}
"""A call of each command that leaves something done; ``login`` and ``logout`` are tested with their SSO."""
EXPIRES = re.compile(rb"(?m)^x_security_token_expires = .*$")
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux alone has /dev/full")


def files(program: Program) -> dict[str, bytes]:
    """Return the home's files without what each call makes anew: cache entries, and when keys expire."""
    return {
        str(path.relative_to(program.home)): b""
        if "cache" in path.parts
        else EXPIRES.sub(b"", path.read_bytes())
        for path in program.home.rglob("*")
        if path.is_file()
    }


def prepare(program: Program) -> None:
    """Put back what an act may have changed beside the two files."""
    for path in program.aws.glob("*/cache/*"):
        path.unlink()
    (program.home / ".config" / "rolecall" / "settings.toml").unlink(missing_ok=True)
    program.write(STALE, role_file("2020-01-01T00:00:00Z"))


@pytest.fixture
def ready(calling: Program) -> Program:
    """Return the program over roles, with an entry in the cache that has ended."""
    prepare(calling)
    return calling


@pytest.fixture
def heard(ready: Program, act: str) -> dict[str, bytes]:
    """Return the files as the command leaves them where it is heard; the home is as before again."""
    before = {path: path.read_bytes() for path in (ready.aws / "config", ready.aws / "credentials")}
    unchanged = files(ready)
    assert ready(*ACTS[act]).code == 0
    found = files(ready)
    assert found != unchanged
    for path, text in before.items():
        path.write_bytes(text)
    prepare(ready)
    assert files(ready) == unchanged
    return found


@pytest.mark.long
@pytest.mark.parametrize("options", [(), ("--json",)])
@pytest.mark.parametrize("act", ACTS)
def test_what_is_asked_is_done_into_a_closed_pipe_too(
    ready: Program, heard: dict[str, bytes], act: str, options: tuple[str, ...]
) -> None:
    outcome = ready.unheard(errno.EPIPE, *ACTS[act], *options, at_once=bool(options))
    assert outcome.code == 0
    assert "output" not in outcome.err
    assert files(ready) == heard


@pytest.mark.long
@pytest.mark.parametrize("options", [(), ("--json",)])
@pytest.mark.parametrize("act", ACTS)
def test_what_was_done_is_told_where_the_output_has_no_room(
    ready: Program, heard: dict[str, bytes], act: str, options: tuple[str, ...]
) -> None:
    outcome = ready.unheard(errno.ENOSPC, *ACTS[act], *options, at_once=bool(options))
    assert outcome.code == 1
    assert outcome.err.startswith("rolecall: ")
    assert outcome.err.endswith(", but the output cannot be written: No space left on device\n")
    assert files(ready) == heard


@pytest.mark.parametrize("number", [errno.EPIPE, errno.ENOSPC])
@pytest.mark.parametrize(
    "arguments",
    [("assume", "other"), ("set", "nobody", "region", "x"), ("rename", "other", "admin", "--yes")],
)
def test_what_is_not_done_fails_aloud_whatever_becomes_of_the_output(
    ready: Program, sts: Sts, number: int, arguments: tuple[str, ...]
) -> None:
    sts.refused = {"Other"}
    before = files(ready)
    outcome = ready.unheard(number, *arguments)
    assert outcome.code in (1, 2)
    assert "output" not in outcome.err.partition("\n")[0]
    assert outcome.err.startswith("rolecall: ")
    assert files(ready) == before


@pytest.mark.parametrize("options", [("--dry-run",), ("--dry-run", "--json")])
def test_what_is_only_shown_is_not_said_to_be_done(ready: Program, options: tuple[str, ...]) -> None:
    outcome = ready.unheard(errno.ENOSPC, *ACTS["remove"], *options)
    assert outcome.code == 1
    assert outcome.err.splitlines()[-1] == "rolecall: cannot write the output: No space left on device"


def test_a_closed_pipe_changes_no_exit_code(ready: Program) -> None:
    ready.environ["AWS_PROFILE"] = "gone"
    assert ready("doctor").code == 1
    assert ready.unheard(errno.EPIPE, "doctor").code == 1
    assert ready.unheard(errno.EPIPE, "list").code == 0


@pytest.mark.parametrize("form", ["bash", "json"])
def test_credentials_that_reach_nobody_are_told_of(ready: Program, form: str) -> None:
    outcome = ready.unheard(errno.ENOSPC, "export", "base", "--shell", form)
    assert outcome.code == 1
    assert outcome.err == "rolecall: cannot write the output: No space left on device\n"


# The real program


def environ(ready: Program) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(ready.home), **ready.environ}


def in_shell(ready: Program, line: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run a line in which ``$0`` is the interpreter that runs the program."""
    return subprocess.run(
        ["/bin/sh", "-c", line, sys.executable],
        env={**environ(ready), **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.terminal
@needs_posix
@pytest.mark.parametrize(
    ("streams", "code", "says"),
    [
        ("| true", 0, ""),
        pytest.param(">/dev/full", 1, "the output cannot be written: No space left", marks=needs_full),
        (">&-", 1, "the output cannot be written: stdout is closed"),
        ("2>&-", 0, ""),
        pytest.param("2>/dev/full", 0, "", marks=needs_full),
        ("<&-", 0, ""),
        (">&- 2>&- <&-", 1, ""),
    ],
)
@pytest.mark.parametrize("act", ["remove", "clear"])
def test_the_real_program_does_it_on_whatever_streams(
    ready: Program, act: str, streams: str, code: int, says: str
) -> None:
    line = f'{{ "$0" -m rolecall {" ".join(ACTS[act])}; echo $? >"$CODE"; }} {streams}'
    shown = in_shell(ready, line, CODE=str(ready.home / "code"))
    assert int((ready.home / "code").read_text()) == code
    assert says in shown.stderr
    is_removed = "[profile other]" not in (ready.aws / "config").read_text()
    is_cleared = not (ready.aws / STALE).exists()
    assert (is_removed, is_cleared) == (act == "remove", act == "clear")


@pytest.mark.terminal
@needs_posix
@pytest.mark.parametrize("arguments", ["--help", "--version", "set --help", "list", "init bash"])
@pytest.mark.parametrize(
    ("stream", "why"),
    [(">&-", "stdout is closed"), pytest.param(">/dev/full", "No space left", marks=needs_full)],
)
def test_what_cannot_be_shown_is_told(ready: Program, arguments: str, stream: str, why: str) -> None:
    shown = in_shell(ready, f'"$0" -m rolecall {arguments} {stream}')
    assert shown.returncode == 1
    assert shown.stderr.startswith(f"rolecall: cannot write the output: {why}")


@pytest.mark.terminal
@needs_posix
@pytest.mark.parametrize("act", ["remove", "clear"])
def test_who_is_asked_sees_the_change_where_stdout_is_closed(ready: Program, act: str) -> None:
    words = " ".join(word for word in ACTS[act] if word != "--yes")
    line = f'{{ sleep 0; "$0" -m rolecall {words}; }} | true'
    with Terminal(["/bin/sh", "-c", line, sys.executable], environ(ready)) as terminal:
        terminal.wait_for("[y/N]")
        assert ("role/Other" if act == "remove" else STALE) in terminal.text
        terminal.type("y\r")
        terminal.finish()
    assert "[profile other]" not in (ready.aws / "config").read_text() or act == "clear"
    assert not (ready.aws / STALE).exists() or act == "remove"


@pytest.mark.terminal
@pytest.mark.skipif(sys.platform != "linux", reason="looks for the program in /proc")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_at_a_hidden_prompt_gives_the_terminal_back(ready: Program, number: int, code: int) -> None:
    # GIVEN a shell that outlives the signal, and tells how its terminal is set before and after
    script = 'trap : INT TERM HUP; stty -g; "$0" -m rolecall assume guarded; echo "code $?"; stty -g'
    with Terminal(["/bin/sh", "-c", script, sys.executable], environ(ready)) as terminal:
        # WHEN the program is told to end at a prompt at which nothing is seen of what is typed
        terminal.wait_for("MFA code for")
        os.kill(_child_of(terminal.pid), number)
        terminal.wait_for(f"code {code}")
        assert terminal.finish() == 0
    told = [line.strip() for line in terminal.lines if line.count(":") > 10]
    # THEN it says nothing, and the terminal is as it was
    assert len(told) == 2
    assert told[0] == told[1]
    assert "Traceback" not in terminal.text


def _child_of(number: int) -> int:
    children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
    assert len(children) == 1
    return int(children[0])


@pytest.mark.terminal
@needs_posix
@pytest.mark.parametrize("late", [False, True])
def test_ctrl_c_before_or_after_the_work_says_nothing_either(ready: Program, *, late: bool) -> None:
    code = """
import sys
import rolecall.__main__ as program
def interrupted(*_, **__): raise KeyboardInterrupt
if LATE:
    import rolecall.cli.output
    rolecall.cli.output._report = interrupted
else:
    program._open_missing_streams = interrupted
sys.argv = ["rolecall", "show", "nobody"]
program.main()
""".replace("LATE", str(late))
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ(ready), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
