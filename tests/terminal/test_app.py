"""The app as a person uses it: started in a terminal, driven by keys, left again."""

import shutil
import signal
import sys
from pathlib import Path

import pytest

from tests.terminal.pseudo import ARROW_DOWN, CLEAR_ESCAPE, CTRL_C, ESCAPE, Terminal, rolecall

SIZES = ((80, 24), (120, 40), (200, 60))
LAYERS = {"?": "─ Help ─", ":": "─ Commands ─", "y": "─ Copy ─", "\r": "Current state"}
PANES = ("Expiry", "Chain", "Environment", "Cache")


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_the_demo_from_its_start_to_its_end(columns: int, rows: int) -> None:
    with rolecall("demo", environ={}, columns=columns, rows=rows) as terminal:
        # GIVEN the first profile under the cursor
        terminal.wait_for("5 Cache")
        # WHEN the cursor goes down twice, THEN the chain follows it
        terminal.type("j", ARROW_DOWN, "3")
        terminal.wait_for("3 Chain: prod-deploy")
        # WHEN it is inspected, THEN all is said of it
        terminal.type("\r")
        terminal.wait_for("Profile prod-deploy")
        terminal.wait_for("Current state")
        terminal.type(ESCAPE)
        terminal.wait_until_gone("Current state")
        # WHEN the list is filtered, THEN what matches is left, with what it stands under
        terminal.type("/")
        terminal.wait_for("state: account:")
        terminal.type("audit")
        terminal.wait_until_gone("instance metadata")
        terminal.wait_for("partner-audit")
        terminal.type(ESCAPE)
        terminal.wait_for("instance metadata")
        # WHEN it is left
        terminal.type("q")
        status = terminal.finish()
    # THEN that is no error, and the terminal is as it was
    assert status == 0
    assert terminal.is_restored
    assert terminal.lines[0].startswith(" rolecall ")


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_a_home_of_ones_own(small: dict[str, str], columns: int, rows: int) -> None:
    home = small.pop("HOME")
    with rolecall("--home", home, environ=small, columns=columns, rows=rows) as terminal:
        terminal.wait_for("Expiry")
        terminal.wait_for("deploy")
        for key, name in zip("2345", PANES, strict=True):
            terminal.type(key)
            terminal.wait_for(f"{key} {name}")
        terminal.type("q")
        assert terminal.finish() == 0
    assert terminal.is_restored


def test_every_layer_is_left_by_esc_and_the_app_by_q_alone(small: dict[str, str]) -> None:
    with rolecall(environ=small) as terminal:
        terminal.wait_for("5 Cache")
        for key, layer in LAYERS.items():
            terminal.type(key)
            terminal.wait_for(layer)
            terminal.type(ESCAPE)
            terminal.wait_until_gone(layer)
        terminal.type(ESCAPE, ESCAPE, "?")
        terminal.wait_for("─ Help ─")
        assert terminal.is_running
        terminal.type("q")
        terminal.wait_until_gone("─ Help ─")
        terminal.type("q")
        assert terminal.finish() == 0


def test_keys_typed_before_the_panes_are_there(small: dict[str, str]) -> None:
    # GIVEN someone who types ahead of the screen
    with rolecall(environ=small) as terminal:
        terminal.wait_for("deploy")
        terminal.type("5", "\t", "3", "z", "z", "G", "?", ESCAPE)
        terminal.wait_for("5 Cache")
        terminal.type("q")
        assert terminal.finish() == 0


def test_a_filter_that_is_typed_in_one_go(small: dict[str, str]) -> None:
    # GIVEN a slow line, over which keys come together; q and t would be commands
    with rolecall(environ=small) as terminal:
        terminal.wait_for("5 Cache")
        terminal.type("/base qt")
        terminal.wait_for("base qt")
        terminal.wait_until_gone("deploy")
        terminal.type(ESCAPE)
        terminal.wait_for("deploy")
        terminal.type("q")
        assert terminal.finish() == 0


@pytest.mark.parametrize(("key", "input_line"), [(":", "─ Commands ─"), ("t", "─ Theme ─"), ("/", "/q")])
def test_a_key_that_comes_together_with_the_one_before_is_for_what_that_opens(
    small: dict[str, str], key: str, input_line: str
) -> None:
    # GIVEN fast fingers, or a slow line
    with rolecall(environ=small) as terminal:
        terminal.wait_for("5 Cache")
        terminal.type(f"{key}q")
        # THEN the q is typed into what was opened, and does not leave the app
        terminal.wait_for(input_line)
        terminal.type(CLEAR_ESCAPE)
        terminal.wait_until_gone(input_line)
        terminal.type("q")
        assert terminal.finish() == 0


@pytest.mark.parametrize("key", ["?", "y", "\r"])
def test_a_layer_that_is_left_at_once_is_all_that_is_left(small: dict[str, str], key: str) -> None:
    with rolecall(environ=small) as terminal:
        terminal.wait_for("5 Cache")
        terminal.type(f"{key}q")
        terminal.type("y")
        terminal.wait_for("─ Copy ─")
        terminal.type(CLEAR_ESCAPE, "q")
        assert terminal.finish() == 0


def test_the_line_discipline_is_put_back() -> None:
    # GIVEN a shell that asks for the terminal's settings before and after
    stty = shutil.which("stty")
    assert stty is not None
    script = f"{stty} -g; {sys.executable} -m rolecall demo; echo; {stty} -g"
    with Terminal(["/bin/sh", "-c", script], {}) as terminal:
        terminal.wait_for("prod-deploy")
        terminal.type("q")
        terminal.finish()
    lines = terminal.raw.decode().splitlines()
    assert lines[0] == lines[-1]


def test_a_window_that_becomes_small_and_large_again(small: dict[str, str]) -> None:
    with rolecall(environ=small, columns=120, rows=40) as terminal:
        terminal.wait_for("5 Cache")
        for columns, rows in ((20, 5), (1, 1), (3, 40), (200, 2), (120, 40)):
            terminal.resize(columns, rows)
        terminal.wait_for("5 Cache")
        terminal.type("q")
        assert terminal.finish() == 0


# How the demo ends


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    directory = tmp_path / "temporary"
    directory.mkdir()
    return directory


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_the_demo_and_leaves_nothing(temporary: Path, number: signal.Signals) -> None:
    with rolecall("demo", environ={"TMPDIR": str(temporary)}) as terminal:
        terminal.wait_for("prod-deploy")
        assert len(list(temporary.iterdir())) == 1
        # WHEN somebody ends it from outside
        terminal.signal(number)
        terminal.finish()
    # THEN nothing is left of its home, and the terminal is as it was
    assert list(temporary.iterdir()) == []
    assert terminal.is_restored


def test_ctrl_c_in_the_demo_leaves_nothing(temporary: Path) -> None:
    with rolecall("demo", environ={"TMPDIR": str(temporary)}) as terminal:
        terminal.wait_for("prod-deploy")
        # WHEN ctrl+c is pressed, and where that does not end it, q
        terminal.type(CTRL_C, "q")
        terminal.finish()
    assert list(temporary.iterdir()) == []
    assert terminal.is_restored


# Where there is no terminal


@pytest.mark.parametrize("arguments", [[], ["demo"]], ids=["rolecall", "demo"])
def test_without_a_terminal_it_says_so_in_one_line(arguments: list[str], small: dict[str, str]) -> None:
    script = f"{sys.executable} -m rolecall {' '.join(arguments)} </dev/null; echo status $?"
    with Terminal(["/bin/sh", "-c", script], small) as terminal:
        terminal.finish()
    said, status = terminal.raw.decode().splitlines()
    assert said.startswith("rolecall: the app needs a terminal")
    assert status == "status 2"


@pytest.mark.parametrize("keys", ["q", "jjoq", "?q"])
def test_keys_that_are_typed_before_the_panes_are_there_crash_nothing(
    small: dict[str, str], keys: str
) -> None:
    with rolecall(environ=small) as terminal:
        terminal.wait_for("rolecall")
        terminal.type(*keys, "q")
        assert terminal.finish() == 0


def test_the_app_comes_back_as_it_was_left(small: dict[str, str]) -> None:
    with rolecall(environ=small) as terminal:
        terminal.wait_for("5 Cache")
        terminal.type("o")
        terminal.wait_for("by account")
        terminal.type("q")
        assert terminal.finish() == 0
    for options, is_as_left in ((("--fresh",), False), ((), True)):
        with rolecall(*options, environ=small) as terminal:
            terminal.wait_for("5 Cache")
            assert ("by account" in terminal.text) is is_as_left
            terminal.type("q")
            assert terminal.finish() == 0
