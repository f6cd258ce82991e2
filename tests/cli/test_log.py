"""``--log``: what is read, written, started and called; and nothing unless it is asked for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rolecall.cli import log
from tests.cli.program import Program


def told(tmp_path: Path, *events: tuple[object, ...]) -> list[str]:
    """Return what is written about events, without the times."""
    path = tmp_path / "log"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    made = log._Log(descriptor, str(path))
    for name, *arguments in events:
        made.hear(str(name), tuple(arguments))
    os.close(descriptor)
    return [line.split(" ms  ", 1)[1] for line in path.read_text().splitlines()]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (("open", "/home/me/.aws/config", "r", os.O_RDONLY), "reads /home/me/.aws/config"),
        (("open", Path("/home/me/x"), None, os.O_RDONLY), "reads /home/me/x"),
        (("open", b"/home/me/x", None, os.O_WRONLY | os.O_CREAT), "writes /home/me/x"),
        (("os.scandir", "/home/me/.aws/cli/cache"), "lists /home/me/.aws/cli/cache"),
        (("os.rename", "/home/me/a", "/home/me/b", -1, -1), "moves /home/me/a to /home/me/b"),
        (("os.remove", "/home/me/a", -1), "deletes /home/me/a"),
        (
            ("subprocess.Popen", "/bin/aws", ["/bin/aws", "--version"], None, None),
            "starts /bin/aws --version",
        ),
        (("socket.getaddrinfo", "sts.amazonaws.com", 443, 0, 0, 0), "looks up sts.amazonaws.com"),
        (("socket.connect", None, ("127.0.0.1", 80)), "connects to 127.0.0.1:80"),
        (("rolecall.bug", "KeyError", "a.py:1 > b.py:2"), "is broken: KeyError a.py:1 > b.py:2"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_each_event_is_a_line(tmp_path: Path, event: tuple[object, ...], words: str) -> None:
    assert told(tmp_path, event) == [words]


def test_what_is_pythons_own_or_unknown_is_not_told(tmp_path: Path) -> None:
    events = (
        ("open", os.__file__, "r", os.O_RDONLY),
        ("open", 3, "r", os.O_RDONLY),
        ("open", log.__file__, "r", os.O_RDONLY),
        ("open", str(tmp_path / "log"), "r", os.O_RDONLY),
        ("open",),
        ("socket.connect", None, "/run/socket"),
        ("import", "x", None, None, None, None),
    )
    assert told(tmp_path, *events) == []


def test_no_secret_is_told(tmp_path: Path) -> None:
    words = ["/bin/helper", "--password", "hunter2hunter2", "--token=CANARYcanary"]
    (line,) = told(tmp_path, ("subprocess.Popen", words[0], words, None, None))
    assert "hunter2" not in line
    assert "CANARY" not in line
    assert line.startswith("starts /bin/helper --password ")


def test_a_log_that_cannot_be_written_ends_the_command(rolecall: Program, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for path in (tmp_path / "nobody" / "log", tmp_path / "link"):
        outcome = rolecall("--log", str(path), "list")
        assert (outcome.code, outcome.out) == (1, "")
        assert "the log cannot be written" in outcome.err
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.long
def test_looking_is_logged_and_calls_nobody(rolecall: Program, tmp_path: Path) -> None:
    path = tmp_path / "my.log"
    environ = {
        "HOME": str(rolecall.home),
        "PATH": os.environ["PATH"],
        "AWS_SECRET_ACCESS_KEY": "CANARYsecret",
    }
    for _ in range(2):
        command = [sys.executable, "-m", "rolecall", "--log", str(path), "doctor", "--json"]
        subprocess.run(command, check=False, env=environ, capture_output=True, timeout=300)
    text = path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert text.count(" --log ") == text.count(" doctor --json\n") == 2
    assert f"reads {rolecall.aws / 'config'}\n" in text
    assert not any(word in text for word in ("CANARY", "connects", "looks up", "starts", "writes", "deletes"))
