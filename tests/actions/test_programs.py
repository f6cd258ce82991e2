"""No more of what a program prints is taken than it can mean: a credential_process, or aws --version."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from rolecall.actions import aws_cli, programs
from rolecall.actions.prompts import Cancel
from rolecall.actions.worker import memory
from rolecall.host import Host
from tests.actions.odd import Worker
from tests.homes import put, soon

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs are written for POSIX")
GOOD = {"Version": 1, "AccessKeyId": "ASIAIOSFODNN7EXAMPLE", "SecretAccessKey": "CANARY"}
ENDLESS = {
    "stdout": "while True: sys.stdout.write('x' * 65536)",
    "stderr": "while True: sys.stderr.write('x' * 65536)",
    "stdout of another": "subprocess.Popen([sys.executable, '-c', 'while True: print(1)']); time.sleep(600)",
    "both": "while True: sys.stdout.write('x' * 65536); sys.stderr.write('x' * 65536)",
}


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Worker:
    return Worker(tmp_path, monkeypatch)


def supplied(worker: Worker, script: str) -> None:
    """Have a profile's credentials come from a program."""
    path = put(worker.home / "helper.py", f"import subprocess, sys, time\n{script}\n")
    put(worker.home / ".aws/config", f"[profile x]\ncredential_process = {sys.executable} -S {path}\n")


def said(worker: Worker, printed: object) -> str:
    """Return what is told where a program prints something."""
    text = printed if isinstance(printed, str) else json.dumps(printed)
    supplied(worker, f"print({text!r})")
    failed = worker.failure("credentials")
    assert failed["kind"] == "CredentialRetrievalError"
    assert "CANARY" not in str(failed)
    assert worker.caches() == {}
    return str(failed["message"])


@pytest.mark.long
@pytest.mark.parametrize("script", ENDLESS.values(), ids=ENDLESS)
def test_a_program_that_prints_without_end_is_ended(worker: Worker, script: str) -> None:
    supplied(worker, script)
    with soon(20):
        failed = worker.failure("credentials")
    assert failed["kind"] == "CredentialRetrievalError"
    assert str(failed["message"]).endswith("it prints more than 1 MiB")


def test_a_program_s_last_words_are_told_but_not_all_of_them(worker: Worker) -> None:
    supplied(worker, "sys.exit('no key: ' + 'word ' * 100_000)")
    message = str(worker.failure("credentials")["message"])
    assert "no key: word word" in message
    assert len(message) < 5000


@pytest.mark.parametrize(
    "printed",
    [
        *("", "CANARY", "[]", "3", "null", '"CANARY"', "NaN", "[" * 100_000, "{" * 100_000),
        *({}, {**GOOD, "Version": None}, {**GOOD, "Version": "1"}, {**GOOD, "Version": [1]}),
        *({**GOOD, "Version": float("nan")}, {**GOOD, "Version": 1e400}, {"Version": 1}),
    ],
    ids=lambda printed: str(printed)[:30],
)
def test_a_program_that_prints_no_credentials(worker: Worker, printed: object) -> None:
    assert said(worker, printed)


NO_TEXTS: tuple[object, ...] = (5, 1.5, True, [], {}, ["CANARY"], {"CANARY": 1}, float("nan"))


@pytest.mark.long
@pytest.mark.parametrize("key", ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"])
@pytest.mark.parametrize("value", NO_TEXTS, ids=repr)
def test_a_program_that_prints_no_text_for_one(worker: Worker, key: str, value: object) -> None:
    assert said(worker, GOOD | {key: value}).endswith(f"its {key} is not text")


@pytest.mark.parametrize("key", ["AccessKeyId", "SecretAccessKey"])
def test_a_program_that_prints_null_for_a_key(worker: Worker, key: str) -> None:
    assert said(worker, GOOD | {key: None}).endswith(f"its {key} is not text")


@pytest.mark.parametrize("key", ["AccessKeyId", "SecretAccessKey", "SessionToken"])
@pytest.mark.parametrize("value", ["CANARY\n", "CAN\0ARY", "CANARY\r\nX-Header: 1", "CANARY\ud800"])
def test_a_program_that_prints_what_no_request_can_hold(worker: Worker, key: str, value: str) -> None:
    assert "has characters that no key" in said(worker, GOOD | {key: value})


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("soon", "is not a time"),
        ("", "is not a time"),
        ("NaN", "is not a time"),
        ("1e400", "is not a time"),
        ("9" * 400, "is not a time"),
        ("99999-01-01T00:00:00Z", "is not a time"),
        ("2030-01-01T00:00:00", "has no time zone"),
        ("2030-01-01T00:00:00+99:00", "is not a time"),
    ],
)
def test_a_program_that_prints_no_end(worker: Worker, end: str, words: str) -> None:
    assert said(worker, GOOD | {"Expiration": end}).endswith(f"its Expiration {words}")


@pytest.mark.long
@pytest.mark.parametrize("end", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", None])
@pytest.mark.parametrize("version", [1, 1.0, True])
def test_what_botocore_takes_is_taken(worker: Worker, end: str | None, version: object) -> None:
    supplied(worker, f"print({json.dumps(GOOD | {'Expiration': end, 'Version': version})!r})")
    done = worker.do("credentials")
    assert done["access_key"] == GOOD["AccessKeyId"]


def test_an_account_that_is_no_text_is_left_out(worker: Worker) -> None:
    supplied(worker, f"print({json.dumps(GOOD | {'AccountId': 123456789012})!r})")
    assert worker.do("credentials")["account"] is None


@pytest.mark.long
@pytest.mark.parametrize("script", ENDLESS.values(), ids=ENDLESS)
def test_an_aws_that_prints_without_end_is_none(tmp_path: Path, script: str) -> None:
    program = put(tmp_path / "aws", f"#!{sys.executable}\nimport subprocess, sys, time\n{script}\n")
    program.chmod(0o755)
    with soon(20):
        assert aws_cli.said_of_version(Host.of(tmp_path), str(program), Cancel(), 10) == programs.TOO_MUCH


def test_what_a_program_prints_comes_whole_up_to_the_bound() -> None:
    longest = programs.LONGEST_OUTPUT
    script = f"import sys; sys.stdout.write('o' * {longest}); sys.stderr.write('e' * {longest})"
    command = (sys.executable, "-c", script)
    with programs.Program(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        out, err = program.communicate(timeout=20)
    assert (out, err) == (b"o" * programs.LONGEST_OUTPUT, b"e" * programs.LONGEST_OUTPUT)
    assert program.returncode == 0


def test_a_program_that_takes_too_long_can_be_waited_for_again() -> None:
    script = "import sys; print(1, flush=True); sys.stdin.read(); print(2)"
    command = (sys.executable, "-c", script)
    with programs.Program(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        with pytest.raises(subprocess.TimeoutExpired):
            program.communicate(timeout=0.1)
        assert program.stdin is not None
        program.stdin.close()
        assert program.communicate(timeout=20) == (b"1\n2\n", b"")


LIMITED = """\
import resource, subprocess, sys
from rolecall.actions.worker import memory
memory.limit()
mine = resource.getrlimit(resource.RLIMIT_AS)[0]
asked = (sys.executable, "-c", "import resource; print(resource.getrlimit(resource.RLIMIT_AS)[0])")
with memory.no_limit():
    theirs = subprocess.run(asked, capture_output=True, text=True).stdout
print(mine, int(theirs), resource.getrlimit(resource.RLIMIT_AS)[0] == mine)
try:
    bytearray(4 << 30)
except MemoryError:
    print("MemoryError")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems may not hold a process to it")
def test_memory_has_a_bound_which_no_program_that_is_started_gets() -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)[0]
    done = subprocess.run([sys.executable, "-c", LIMITED], capture_output=True, text=True, check=True)
    mine, theirs, is_back, raised = done.stdout.split()
    assert memory.MOST < int(mine) < 2 * memory.MOST
    assert (int(theirs), is_back, raised) == (before, "True", "MemoryError")


def test_memory_that_is_used_up_is_told(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    supplied(worker, "print(1)")

    def used_up(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(programs.Program, "communicate", used_up)
    failed = worker.failure("credentials")
    assert failed["kind"] == "MemoryError"
    assert failed["message"] == "it took more memory than any answer of AWS needs, and was ended"
