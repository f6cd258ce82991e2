"""When rolecall itself fails it says where, and nothing of what was there; the terminal is as it was."""

import os
import sys
from pathlib import Path

import pytest

from tests.homes import make_home
from tests.promises.canaries import Canaries
from tests.promises.crashing import ERRORS, PLACES
from tests.promises.planted import environment
from tests.terminal.pseudo import Terminal

ROOT = Path(__file__).parents[2]
DELETE = "\x1b[3~"
READY = "5 Cache"
OPENING = {
    "the Inspector": [(READY, "\r")],
    "a plan": [(READY, DELETE)],
    "a diff": [(READY, DELETE)],
    "a save": [(READY, DELETE), ("Remove alone", "w")],
    "a call": [(READY, "i")],
    "the answer": [(READY, "w")],
    "the report": [(READY, "w"), ("─ Why: ", "y")],
    "a look outside": [(READY, "w"), ("─ Why: ", "o"), ("─ Go online ─", "\x1b[D\r")],
}
"""What is to be seen, and the key that is pressed then, where a place is not on the way of every start."""
COMMANDS = {
    "a plan": "remove alone --yes",
    "a save": "remove alone --yes --even-the-only-copy",
    "a call": "whoami alone",
    "the rules": "doctor",
    "the answer": "doctor alone",
    "a look outside": "doctor alone --online",
}
"""A command that leads to a place."""

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals"),
]


def world(tmp_path: Path) -> tuple[dict[str, str], Canaries]:
    """Return the environment of a home with one profile, and secrets in its file and its variables."""
    canaries = Canaries()
    keys = f"aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = {canaries.key('file')}\n"
    ends = "x_security_token_expires = 2999-01-01T00:00:00Z\naws_session_token = x\nregion = eu-west-1\n"
    host = make_home(tmp_path / "home", credentials=f"[alone]\n{keys}{ends}", environ=environment(canaries))
    return {**host.environ, "PYTHONPATH": str(ROOT)}, canaries


def crash(tmp_path: Path, place: str, error: str, *arguments: str) -> tuple[Terminal, Canaries, int]:
    """Run rolecall with a fault on a terminal, to its end."""
    environ, canaries = world(tmp_path)
    command = [sys.executable, "-B", "-m", "tests.promises.crashing", place, error, *arguments]
    with Terminal(command, environ) as terminal:
        for seen, key in () if arguments else OPENING.get(place, ()):
            terminal.wait_for(seen)
            terminal.type(key)
        return terminal, canaries, terminal.finish()


@pytest.mark.parametrize("place", [place for place in PLACES if place != "the table"])
def test_a_crash_of_the_app_shows_no_secret(tmp_path: Path, place: str) -> None:
    terminal, canaries, status = crash(tmp_path, place, "RuntimeError")

    text = terminal.raw.decode()
    assert canaries.leaks(text) == set()
    assert "RuntimeError" in text
    assert "crashing.py" in text
    assert status == 1
    assert terminal.is_restored


@pytest.mark.parametrize("error", ERRORS)
def test_no_form_of_error_shows_a_secret(tmp_path: Path, error: str) -> None:
    terminal, canaries, status = crash(tmp_path, "a pane", error)

    assert canaries.leaks(terminal.raw.decode()) == set()
    assert status == 1


@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"]], ids=" ".join)
def test_a_crash_of_a_command_is_one_line_without_a_secret(tmp_path: Path, arguments: list[str]) -> None:
    place = "the reading" if "--json" in arguments else "the table"
    terminal, canaries, status = crash(tmp_path, place, "RuntimeError", *arguments)

    text = terminal.raw.decode()
    assert canaries.leaks(text) == set()
    assert text.startswith("rolecall: this is a bug in rolecall: RuntimeError at crashing.py:")
    assert "Traceback" not in text
    assert status == 1


@pytest.mark.parametrize("place", COMMANDS)
def test_a_crash_deeper_in_a_command_is_one_line_too(tmp_path: Path, place: str) -> None:
    terminal, canaries, status = crash(tmp_path, place, "RuntimeError", *COMMANDS[place].split())

    text = terminal.raw.decode()
    assert canaries.leaks(text) == set()
    assert "rolecall: this is a bug in rolecall: RuntimeError at crashing.py:" in text
    assert "Traceback" not in text
    assert status == 1
    # AND the file is as it was
    assert "[alone]" in (tmp_path / "home/.aws/credentials").read_text()


def test_the_fault_is_what_would_leak(tmp_path: Path) -> None:
    # GIVEN the same fault without rolecall around it
    environ, canaries = world(tmp_path)
    code = "from tests.promises.crashing import _fail; _fail('RuntimeError')"
    with Terminal([sys.executable, "-B", "-c", code], environ) as terminal:
        status = terminal.finish()
    # THEN Python shows the secrets, so that the tests above have something to find
    assert canaries.leaks(terminal.raw.decode()) >= {"AWS_SECRET_ACCESS_KEY", "AWS_MY_PASSWORD"}
    assert status == os.EX_OK + 1
