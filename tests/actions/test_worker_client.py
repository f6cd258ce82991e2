"""The child process: what it gets, what it may ask, and that nothing of it is left behind."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from rolecall.actions import worker_client
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.prompts import Cancel
from rolecall.host import Host
from tests.actions.people import Somebody
from tests.homes import put, soon
from tests.interop.blackhole import BlackHole
from tests.interop.texts import sso_token_file

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its children are looked at by POSIX means")
CANARY = "CANARY-argument"
SPEAKING = """\
import json, os, subprocess, sys, time
def say(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)
request = json.loads(sys.stdin.readline())
"""
"""How the made-up children begin: they can speak, and have heard what is asked for."""
HANG = "time.sleep(600)\n"
Run = Callable[..., object]


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """Return an empty world."""
    return Host.of(tmp_path / "home")


@pytest.fixture
def run(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what has a made-up child do a task."""

    def run(
        script: str, somebody: Somebody | None = None, cancel: Cancel | None = None, patience: float = 10
    ) -> object:
        path = put(tmp_path / "child.py", SPEAKING + dedent(script))
        monkeypatch.setattr(worker_client, "COMMAND", (sys.executable, "-P", str(path)))
        with soon(20):
            return worker_client.run_task(
                host,
                "task",
                {"value": CANARY},
                somebody or Somebody(),
                cancel or Cancel(),
                patience=patience,
            )

    return run


def is_gone(process: int) -> bool:
    """Whether a process, of whomever, ends within seconds."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 10)[0])
    finally:
        os.close(descriptor)


def test_it_gets_the_task_and_gives_the_result(run: Run) -> None:
    result = run('say("done", result={"task": request["task"], "value": request["arguments"]["value"]})')
    assert result == {"task": "task", "value": CANARY}


def test_what_it_gets_stands_neither_in_its_command_nor_in_its_variables(run: Run) -> None:
    result = run(
        """
        command, variables = open("/proc/self/cmdline").read(), open("/proc/self/environ").read()
        say("done", result={"command": command, "variables": variables})
        """
    )
    assert isinstance(result, dict)
    assert "child.py" in result["command"]
    assert "HOME=" in result["variables"]
    assert CANARY not in result["command"] + result["variables"]


def test_its_environment_is_the_hosts_and_what_a_process_needs(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "of this process")
    monkeypatch.setenv("LANG", "C.UTF-8")
    result = run('say("done", result=dict(os.environ))')
    assert isinstance(result, dict)
    assert "AWS_PROFILE" not in result
    assert (result["HOME"], result["LANG"]) == (str(tmp_path / "home"), "C.UTF-8")
    assert result["PATH"] == os.environ["PATH"]


def test_variables_for_python_are_this_processs_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN a world with a botocore of its own, and a process that knows where rolecall is
    monkeypatch.setenv("PYTHONPATH", "/where/rolecall/is")
    host = Host.of(tmp_path, {"PYTHONPATH": "/another/botocore", "PYTHONSTARTUP": "x", "AWS_PROFILE": "p"})

    environ = worker_client.environment(host)

    assert environ["PYTHONPATH"] == "/where/rolecall/is"
    assert "PYTHONSTARTUP" not in environ
    assert environ["AWS_PROFILE"] == "p"


def test_it_asks_and_tells_on_the_thread_of_the_action(run: Run) -> None:
    somebody = Somebody(codes=["123456"], allows=False)
    result = run(
        """
        answers = []
        say("tell", step="looking")
        say("code", device="my device", problem=None)
        answers.append(json.loads(sys.stdin.readline())["answer"])
        say("may_run", profile="p", command="true")
        answers.append(json.loads(sys.stdin.readline())["answer"])
        say("done", result={"answers": answers})
        """,
        somebody,
    )
    assert result == {"answers": ["123456", False]}
    assert (somebody.told, somebody.asked) == (["looking"], [("my device", None)])
    assert somebody.shown == [("p", "true")]
    assert somebody.threads == {threading.current_thread()}


def test_one_that_is_silent_for_too_long_is_ended_and_it_is_said_where_it_was(run: Run) -> None:
    somebody = Somebody()
    with pytest.raises(ActionFailed, match=r"no answer within 0\.2 s \(calling 4711\)") as failed:
        run(
            'say("tell", step=f"calling 4711"); say("tell", step="calling 4711")\n' + HANG,
            somebody,
            patience=0.2,
        )
    assert failed.value.kind == "Timeout"


def test_the_time_in_which_somebody_is_waited_for_does_not_count(run: Run) -> None:
    result = run(
        """
        say("pause")
        say("tell", step="waiting")
        time.sleep(0.6)
        say("resume")
        say("done", result={})
        """,
        patience=0.2,
    )
    assert result == {}


def test_after_the_wait_it_counts_again(run: Run) -> None:
    with pytest.raises(ActionFailed) as failed:
        run('say("pause"); say("resume")\n' + HANG, patience=0.2)
    assert failed.value.kind == "Timeout"


@pytest.mark.parametrize("manners", ["", "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"])
def test_a_cancel_ends_it_with_all_that_it_has_started(run: Run, manners: str) -> None:
    # GIVEN a child that has started another program, polite or not
    cancel = Cancel()
    seen: list[int] = []

    def told(step: str) -> None:
        seen.extend(map(int, step.split()))
        threading.Timer(0.05, cancel.set).start()

    # WHEN it is cancelled from another thread
    began = time.monotonic()
    with pytest.raises(Cancelled):
        run(
            f"""
            {manners}
            other = subprocess.Popen([sys.executable, "-c", {manners!r} + "\\nimport time; time.sleep(600)"])
            say("tell", step=f"{{os.getpid()}} {{other.pid}}")
            {HANG}
            """,
            Somebody(when_told=told),
            cancel,
        )

    # THEN both are gone, long before they would have ended
    assert time.monotonic() - began < 60
    assert len(seen) == 2
    assert all(map(is_gone, seen))


def test_nothing_is_started_for_what_is_cancelled_already(run: Run, tmp_path: Path) -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        run(f'open({str(tmp_path / "mark")!r}, "w"); say("done", result={{}})', cancel=cancel)
    assert not (tmp_path / "mark").exists()


def test_an_answer_that_is_declined_ends_it(run: Run) -> None:
    seen: list[int] = []
    somebody = Somebody(when_told=lambda step: seen.append(int(step)))
    with pytest.raises(Cancelled):
        run('say("tell", step=str(os.getpid())); say("code", device="d", problem=None)\n' + HANG, somebody)
    assert is_gone(*seen)


def test_one_that_ends_without_a_word_has_crashed(run: Run) -> None:
    with pytest.raises(ActionFailed, match="exit code 3") as failed:
        run("sys.exit(3)")
    assert failed.value.kind == "Crashed"


def test_one_that_says_more_than_anything_can_be_is_ended(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_client, "LONGEST_LINE", 1 << 16)
    with pytest.raises(ActionFailed, match="sent more than AWS can have answered") as failed:
        run('while True: sys.stdout.write("x" * 65536)')
    assert failed.value.kind == "Crashed"


@pytest.mark.long
def test_what_it_has_started_and_left_ends_with_it_although_all_is_well(run: Run) -> None:
    result = run(
        """
        left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        say("done", result={"left": left.pid})
        """
    )
    assert isinstance(result, dict)
    assert is_gone(result["left"])


def test_what_it_prints_on_stderr_reaches_nobody(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    run('print("CANARY", file=sys.stderr); say("done", result={})')
    assert capfd.readouterr() == ("", "")


def test_a_file_that_it_was_writing_when_it_was_ended_is_removed(run: Run, tmp_path: Path) -> None:
    # GIVEN a child that is ended in the middle of a write, beside other files
    cache = tmp_path / "home" / ".aws" / "cli" / "cache"
    other = put(cache / "other.tmp", "of another program")
    with pytest.raises(ActionFailed):
        run(
            f"""
            open({str(cache)!r} + "/" + request["scratch"], "w").write("CANARY")
            say("tell", step="writing")
            {HANG}
            """,
            patience=0.2,
        )
    assert list(cache.iterdir()) == [other]


def test_a_failure_is_carried_over_whole(run: Run) -> None:
    with pytest.raises(ActionFailed) as failed:
        run('say("failed", kind="K", message="m", path="/p", cure="c", command="login")')
    told = failed.value
    assert (told.kind, told.message, told.path) == ("K", "m", Path("/p"))
    assert (told.cure, told.command) == ("c", "login")


PARENT = """\
import os
import sys
from pathlib import Path
from rolecall.actions import assume
from rolecall.actions.prompts import Cancel
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.actions.people import Somebody
def told(step):
    print(Path(f"/proc/self/task/{os.getpid()}/children").read_text(), flush=True)
home, endpoint = sys.argv[1:]
environ = {"AWS_ENDPOINT_URL": endpoint, "AWS_DEFAULT_REGION": "eu-west-1", "NO_PROXY": "127.0.0.1"}
snapshot = Snapshot.take(Host.of(Path(home), environ))
assume.assume(snapshot, "x", Somebody(when_told=told), Cancel(), patience=60)
"""
ROLE = """\
[profile base]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = CANARY
[profile x]
role_arn = arn:aws:iam::123456789012:role/x
source_profile = base
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells whose child is whose")
def test_where_rolecall_is_killed_its_child_ends_too(tmp_path: Path) -> None:
    # GIVEN a rolecall whose child waits for an answer
    put(tmp_path / ".aws" / "config", ROLE)
    with BlackHole() as hole:
        rolecall = subprocess.Popen(
            [sys.executable, "-c", PARENT, str(tmp_path), hole.url],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONPATH": "."},
        )
        assert rolecall.stdout is not None
        children = [int(word) for word in rolecall.stdout.readline().split()]
        assert len(children) == 1

        # WHEN it is killed, with no time to clean up
        rolecall.send_signal(signal.SIGKILL)
        rolecall.wait()
        rolecall.stdout.close()

        # THEN the child is gone as well
        assert is_gone(*children)


def test_what_python_says_of_a_bug_is_told_as_its_kind_and_place_only(tmp_path: Path) -> None:
    # GIVEN a token that botocore stumbles over
    session = "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.invalid\n"
    sso = "sso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Reader\n"
    put(tmp_path / ".aws" / "config", f"{session}[profile x]\n{sso}")
    put(
        tmp_path / ".aws" / sso_token_file("corp"),
        '{"accessToken": "CANARY", "startUrl": "https://corp.invalid", "expiresAt": ["CANARY"]}',
    )
    arguments = {
        "profile": "x",
        "cli_cache": str(tmp_path / ".aws/cli/cache"),
        "force": False,
        "durations": {},
    }

    with pytest.raises(ActionFailed) as failed:
        worker_client.run_task(Host.of(tmp_path), "credentials", arguments, Somebody(), Cancel())

    assert failed.value.kind == "TypeError"
    assert failed.value.message.startswith("TypeError at parser/_parser.py:")
    assert "CANARY" not in json.dumps(vars(failed.value), default=str)


@pytest.mark.parametrize("name", ["config", "credentials"])
def test_nothing_is_started_over_a_file_that_would_fill_its_memory(run: Run, host: Host, name: str) -> None:
    path = put(host.home / ".aws" / name, "")
    with path.open("r+b") as file:
        file.truncate(100 << 30)
    with pytest.raises(ActionFailed) as failed:
        run(HANG)
    assert (failed.value.kind, failed.value.path) == ("TooLarge", path)
    assert failed.value.message == f"~/.aws/{name} has 107 GB, which every AWS command reads whole"
