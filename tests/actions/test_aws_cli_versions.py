"""Which AWS tools are here: what `aws --version` says, and what that means for a profile."""

import os
import sys
import threading
from importlib.metadata import version
from pathlib import Path

import pytest

from rolecall.actions import aws_cli
from rolecall.actions.errors import Cancelled
from rolecall.actions.prompts import Cancel
from rolecall.aws.snapshot import Snapshot
from rolecall.steps import Step, StepStatus
from tests.homes import make_home, put, soon

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the made-up programs are scripts")
SAYS = "aws-cli/2.15.1 Python/3.11.6 Linux/6.1 exe/x86_64"


def program(directory: Path, script: str) -> Path:
    """Write an ``aws`` into a directory."""
    path = put(directory / "aws", f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def look(place: Path, *directories: Path, config: str = "", patience: float = 10) -> Step:
    """Say what is there with these directories on the PATH."""
    path = os.pathsep.join(map(str, directories)) or str(place / "nothing")
    snapshot = Snapshot.take(make_home(place / "home", config=config, environ={"PATH": path}))
    profile = next(iter(snapshot.profiles), None)
    with soon(20):
        return aws_cli.check_tools(snapshot, profile, Cancel(), patience)


def test_the_version_and_the_program_are_named(tmp_path: Path) -> None:
    aws = program(tmp_path, f"echo {SAYS}")
    step = look(tmp_path, tmp_path)
    assert (step.title, step.verdict, step.words) == ("Tools", StepStatus.FINE, f"aws-cli/2.15.1 ({aws})")
    assert step.evidence[0] == SAYS


def test_version_one_may_say_it_on_stderr(tmp_path: Path) -> None:
    program(tmp_path, "echo aws-cli/1.16.1 Python/2.7 Linux botocore/1.12 >&2")
    assert look(tmp_path, tmp_path).words.startswith("aws-cli/1.16.1 (")


def test_only_the_version_is_asked_for(tmp_path: Path) -> None:
    program(tmp_path, f'[ "$*" = --version ] && echo {SAYS}')
    assert look(tmp_path, tmp_path).verdict is StepStatus.FINE


def test_a_second_one_behind_it_is_told(tmp_path: Path) -> None:
    first, second = program(tmp_path / "1", f"echo {SAYS}"), program(tmp_path / "2", "echo never run")
    (tmp_path / "3").mkdir()
    (tmp_path / "3" / "aws").symlink_to(first)
    step = look(tmp_path, tmp_path / "1", tmp_path / "2", tmp_path / "3", tmp_path / "1")
    assert [line for line in step.evidence if "PATH" in line] == [
        f"{first} comes first on the PATH, before {second}"
    ]


def test_none_at_all_is_worth_a_word(tmp_path: Path) -> None:
    step = look(tmp_path)
    assert (step.verdict, step.words) == (StepStatus.NOTE, "there is no `aws` on the PATH")


def test_the_libraries_are_those_of_rolecall_itself(tmp_path: Path) -> None:
    assert look(tmp_path).evidence[-1].startswith(f"rolecall itself has botocore {version('botocore')}")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo something else", "is not the AWS CLI, or does not start"),
        ("exit 3", "is not the AWS CLI, or does not start"),
        ("echo 'python3: cannot open file' >&2; exit 2", "is not the AWS CLI, or does not start"),
    ],
)
def test_what_is_not_the_cli_is_suspect(tmp_path: Path, script: str, words: str) -> None:
    program(tmp_path, script)
    step = look(tmp_path, tmp_path)
    assert step.verdict is StepStatus.SUSPECT
    assert words in step.words


def test_one_that_cannot_be_started_is_suspect(tmp_path: Path) -> None:
    put(tmp_path / "aws", "#!/no/such/interpreter\n").chmod(0o755)
    assert look(tmp_path, tmp_path).verdict is StepStatus.SUSPECT


@pytest.mark.parametrize("script", ["sleep 600", "(sleep 600) & sleep 600"])
def test_one_that_hangs_is_given_up_with_all_that_it_started(tmp_path: Path, script: str) -> None:
    program(tmp_path, script)
    step = look(tmp_path, tmp_path, Path("/usr/bin"), Path("/bin"), patience=0.3)
    assert step.verdict is StepStatus.SUSPECT
    assert step.words.endswith("does not say its version within 0.3 s")


@pytest.mark.parametrize(("number", "verdict"), [("2.31.9", StepStatus.CULPRIT), ("2.32.0", StepStatus.FINE)])
def test_a_login_session_takes_a_cli_that_knows_it(tmp_path: Path, number: str, verdict: StepStatus) -> None:
    program(tmp_path, f"echo aws-cli/{number}")
    step = look(tmp_path, tmp_path, config="[profile x]\nlogin_session = me\n")
    assert step.verdict is verdict
    assert (verdict is StepStatus.FINE) or "too old for the login_session of x: that takes 2.32" in step.words


def test_it_can_be_cancelled_while_it_runs(tmp_path: Path) -> None:
    # GIVEN a program that ends only if it is ended, and someone who cancels as soon as it runs
    os.mkfifo(tmp_path / "running")
    program(tmp_path, f"echo it runs > {tmp_path / 'running'}; sleep 600")
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    snapshot, cancel = Snapshot.take(make_home(tmp_path / "home", environ=environ)), Cancel()

    def cancel_it() -> None:
        (tmp_path / "running").read_text()
        cancel.set()

    impatient = threading.Thread(target=cancel_it, daemon=True)
    impatient.start()
    # THEN
    with soon(20), pytest.raises(Cancelled):
        aws_cli.check_tools(snapshot, None, cancel, 60)
    impatient.join()
