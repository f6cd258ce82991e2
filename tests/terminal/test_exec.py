"""``rolecall exec`` on a real terminal: a command works in it as it does without rolecall."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.homes import make_home
from tests.terminal.pseudo import CTRL_C, Terminal, rolecall, scratch_environment

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal and its signals"),
]

CTRL_Z = "\x1a"
BASH = shutil.which("bash")
SECRET = "CANARYcanaryCANARYcanaryCANARYcanary0123"
KEYS = f"[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLQ\naws_secret_access_key = {SECRET}\n"
BARE = """
import os, sys
from rolecall.actions import run_command, watch_command
program = run_command.find(sys.argv[2:], os.environ)
if sys.argv[1] == "replaced":
    run_command.replace_process(program, os.environ)
sys.exit(watch_command.end_like(watch_command.watch(program, os.environ)))
"""
"""What ``rolecall exec`` does once it has the credentials: these tests are about nothing else."""
REFUSAL = "An error occurred (AccessDenied) when calling the ListBuckets operation: Access Denied"


ENVIRON = scratch_environment()
BOTH = pytest.mark.parametrize("how", ["watched", "replaced"])
needs_bash = pytest.mark.skipif(BASH is None, reason="needs bash")


def line(how: str, *words: str) -> list[str]:
    """Return the command line that runs a command so."""
    return [sys.executable, "-c", BARE, how, *words]


def python(how: str, script: str) -> Terminal:
    return Terminal(line(how, sys.executable, "-c", script), ENVIRON)


def piped(script: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a shell script, in which ``run`` runs a command."""
    start = shlex.join(line("watched"))
    return subprocess.run(
        [str(BASH), "-c", f'run() {{ {start} "$@"; }}; {script}'],
        env=ENVIRON,
        capture_output=True,
        timeout=60,
        check=False,
    )


@BOTH
def test_a_command_has_the_terminal_at_all_three_streams_and_its_own_exit_code(how: str) -> None:
    script = "import os, sys; print([os.isatty(n) for n in range(3)]); sys.exit(3)"
    with python(how, script) as terminal:
        assert terminal.finish() == 3
    assert "[True, True, True]" in terminal.text


@BOTH
def test_ctrl_c_reaches_it_once_and_it_decides(how: str) -> None:
    script = """
import signal, sys, time
count = 0
def hear(*_):
    global count
    count += 1
signal.signal(signal.SIGINT, hear)
print("ready", flush=True)
while not count: time.sleep(0.01)
time.sleep(0.2)
print("heard", count)
sys.exit(5)
"""
    with python(how, script) as terminal:
        terminal.wait_for("ready")
        terminal.type(CTRL_C)
        assert terminal.finish() == 5
    assert "heard 1" in terminal.text


@BOTH
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_that_ends_it_ends_rolecall_alike(how: str, number: int) -> None:
    script = f"import os, signal\nsignal.signal(signal.SIGINT, 0)\nos.kill(os.getpid(), {number})"
    with python(how, script) as terminal:
        assert terminal.finish() == -number


@BOTH
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1])
def test_a_signal_to_rolecall_is_its_own(how: str, number: int) -> None:
    script = f"""
import signal, sys
signal.signal({number}, lambda *_: sys.exit(6))
print("ready", flush=True)
signal.pause()
"""
    with python(how, script) as terminal:
        terminal.wait_for("ready")
        terminal.signal(number)
        assert terminal.finish() == 6


@BOTH
def test_it_sees_the_size_of_the_window_and_each_new_one(how: str) -> None:
    script = """
import os, time
told = None
while told != (70, 20):
    sizes = {os.get_terminal_size(number) for number in range(3)}
    if len(sizes) == 1 and told != (told := tuple(*sizes)):
        print("size", *told, flush=True)
    time.sleep(0.01)
"""
    with python(how, script) as terminal:
        terminal.wait_for("size 120 40")
        terminal.resize(70, 20)
        terminal.wait_for("size 70 20")
        assert terminal.finish() == 0


@BOTH
def test_no_byte_of_stderr_is_changed(how: str) -> None:
    # what a terminal itself makes of it is the same for both
    script = "import os; os.write(2, bytes(range(256)) * 20 + b'\\n\\r\\t end')"
    with Terminal([sys.executable, "-c", script], ENVIRON) as plain:
        plain.finish()
    with python(how, script) as terminal:
        terminal.finish()
    assert bytes(terminal.raw) == bytes(plain.raw)


def _shell() -> Terminal:
    terminal = Terminal([str(BASH), "--norc", "-i"], {**ENVIRON, "PS1": "$ "})
    terminal.wait_for("$ ")
    return terminal


@needs_bash
@BOTH
def test_ctrl_z_stops_it_and_fg_goes_on(how: str) -> None:
    script = """
import os, signal, sys
signal.signal(signal.SIGCONT, lambda *_: os.write(1, b"aga" + b"in"))
os.write(1, b"re" + b"ady")
os.write(1, b"got " + os.read(0, 99))
sys.exit(4)
"""
    with _shell() as shell:
        shell.type(shlex.join(line(how, sys.executable, "-c", script)) + "\r")
        shell.wait_for("ready")
        shell.type(CTRL_Z)
        shell.wait_for("Stopped")
        shell.type("fg\r")
        shell.wait_for("again")
        shell.type("this\r")
        shell.wait_for("got this")
        shell.type("echo code $?\r")
        shell.wait_for("code 4")


@needs_bash
@BOTH
def test_a_command_that_stops_itself_gives_the_terminal_back(how: str) -> None:
    script = "import os, sys; os.kill(os.getpid(), 19); print('on' + 'wards', flush=True); sys.exit(4)"
    with _shell() as shell:
        shell.type(shlex.join(line(how, sys.executable, "-c", script)) + "\r")
        shell.wait_for("Stopped")
        shell.type("fg\r")
        shell.wait_for("onwards")
        shell.type("echo code $?\r")
        shell.wait_for("code 4")


@needs_bash
def test_pipes_and_files_get_what_they_get_without_rolecall(tmp_path: Path) -> None:
    # GIVEN both streams in one pipe: they keep their order
    done = piped("run sh -c 'for n in 1 2 3; do echo out $n; echo err $n >&2; done' 2>&1")
    assert done.stdout == b"".join(b"out %d\nerr %d\n" % (n, n) for n in (1, 2, 3))
    # AND in a file each
    done = piped(f"run sh -c 'echo out; printf \"\\0\\377\" >&2; exit 8' 2>{tmp_path}/err; echo $?")
    assert (done.stdout, (tmp_path / "err").read_bytes()) == (b"out\n8\n", b"\0\377")
    # AND what the shell has opened for the command is open
    assert piped("run cat <(echo there)").stdout == b"there\n"
    # AND it reads stdin to its last byte
    assert piped("printf 'a\\nb' | run cat").stdout == b"a\nb"


@needs_bash
def test_a_reader_that_leaves_ends_it_as_it_does_without_rolecall() -> None:
    done = piped("run yes | head -n 1; echo ${PIPESTATUS[0]}")
    assert done.stdout == b"y\n141\n"
    done = piped("{ run sh -c 'yes >&2' 2>&1 >/dev/null; echo $? >&3; } 3>&2 | head -n 1; wait")
    assert done.stdout == b"y\n"
    assert done.stderr.split()[-1] == b"141"


@needs_bash
def test_what_a_command_leaves_running_is_not_waited_for() -> None:
    done = piped("run sh -c 'sleep 300 >/dev/null 2>&1 & echo $!; exit 3' 2>/dev/null; echo $?")
    pid, code = done.stdout.split()
    os.kill(int(pid), signal.SIGKILL)
    assert code == b"3"


@needs_bash
def test_much_on_stderr_is_passed_on_whole() -> None:
    done = piped("run sh -c 'yes | head -c 3000000 >&2; exit 1'")
    assert (done.returncode, done.stderr) == (1, b"y\n" * 1_500_000)


# The whole program


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a home with one pair of keys."""
    home = make_home(tmp_path / "home", credentials=KEYS).home
    return {"HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true"}


def test_an_error_of_aws_gets_one_line_more(environ: dict[str, str]) -> None:
    words = ("sh", "-c", f"printf %s {shlex.quote(REFUSAL)} >&2; exit 254")
    with rolecall("exec", "base", *words, environ=environ) as terminal:
        assert terminal.finish() == 254
    assert terminal.lines[0].strip() == REFUSAL
    assert terminal.lines[1].startswith("rolecall: base: AWS refuses: Access Denied.")
    with rolecall("exec", "--quiet", "base", *words, environ=environ) as terminal:
        assert terminal.finish() == 254
    assert "rolecall" not in terminal.text


@needs_bash
def test_a_shell_in_it_has_its_jobs_and_the_keys(environ: dict[str, str]) -> None:
    with rolecall("exec", "base", "env", "PS1=inner ", str(BASH), "--norc", "-i", environ=environ) as shell:
        shell.wait_for("inner ")
        shell.type("echo got ${AWS_ACCESS_KEY_ID#AKIA} $-\r")
        shell.wait_for("got IOSFODNN7EXAMPLQ")
        shell.type("exit 7\r")
        assert shell.finish() == 7
    # ``m``: job control
    assert re.search(r"got IOSFODNN7EXAMPLQ \w*m", shell.text)
    assert "no job control" not in shell.text
    assert SECRET not in shell.raw.decode()


# X, in the app


@needs_bash
def test_a_shell_in_the_demo_reaches_its_made_up_aws_and_leads_back() -> None:
    own = {"SHELL": str(BASH), "AWS_PROFILE": "of-the-user", "AWS_VAULT": "of-the-user"}
    with rolecall("demo", environ=own) as terminal:
        terminal.wait_for("5 Cache")
        terminal.type("/prod-deploy\r")
        terminal.wait_for("3 Chain: prod-deploy")
        terminal.type("X")
        terminal.wait_for("this shell has the credentials of prod-deploy, which expire in ")
        terminal.type("echo $AWS_PROFILE$AWS_VAULT none\r")
        terminal.wait_for("\nnone")
        terminal.type(f"{sys.executable} -m awscli sts get-caller-identity --query Arn\r")
        terminal.wait_for(":assumed-role/")
        terminal.type("false\r", "exit\r")
        terminal.wait_for(lambda screen: "3 Chain: prod-deploy" in screen and "this shell has" not in screen)
