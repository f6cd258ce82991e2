"""Looking calls no network, starts no process and writes nothing: in the whole app, in every command."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from rolecall.demo.home import DemoHome, build
from rolecall.host import utc_now
from tests.promises.acting import ACTING
from tests.promises.guarded import FINDING
from tests.promises.trees import digest
from tests.terminal.pseudo import Terminal, rolecall, scratch_environment

ROOT = Path(__file__).parents[2]
TIMEOUT = 120.0
"""Seconds after which a guarded child counts as hung."""
STOPS = 100
"""The whole app has many more stops than this over the demo."""
OPENINGS = 110
"""Stops on the way through what opens before a change."""
READ_ONLY = "rolecall was started with --read-only"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks, and pseudo-terminals")


@pytest.fixture
def demo(tmp_path: Path) -> DemoHome:
    home = tmp_path / "home"
    home.mkdir()
    return build(home, utc_now())


def guarded(scenario: str, environ: Mapping[str, str], directory: Path = ROOT) -> dict[str, Any]:
    """Run a scenario in a guarded child, which gets this environment and no more; return its report."""
    done = subprocess.run(
        [sys.executable, "-B", "-m", "tests.promises.guarded", scenario],
        env={**scratch_environment(), **environ, "PYTHONPATH": str(ROOT)},
        cwd=directory,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


def test_the_guard_sees_every_kind_of_offence(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("as it was")

    report = guarded("offend", {}, tmp_path)

    assert report["outcome"] == []
    assert {path.name for path in tmp_path.iterdir()} == {"old"}


@pytest.mark.long
def test_the_whole_app_tries_nothing_and_changes_nothing(demo: DemoHome) -> None:
    # GIVEN the demo's home, in which everything would have to be renewed, refreshed or fetched
    before = digest(demo.home)
    # WHEN someone goes everywhere and opens everything
    report = guarded("walk", demo.environ)
    # THEN nobody was called, nothing was started, and no byte, time or mode is another
    assert len(report["outcome"]) > STOPS
    assert report["tries"] == []
    assert digest(demo.home) == before


@pytest.mark.long
def test_what_opens_before_a_change_tries_nothing_and_changes_nothing(demo: DemoHome) -> None:
    before = digest(demo.home)
    # WHEN someone opens all that a key shows before it acts: forms, diffs, questions, what is wrong and why;
    # pastes an error, copies lines and reports, and goes back each time
    report = guarded("open", demo.environ)
    # THEN nothing has been done yet
    assert len(report["outcome"]) > OPENINGS
    assert report["tries"] == []
    assert digest(demo.home) == before


@pytest.mark.long
def test_a_read_only_app_does_nothing_whichever_key_is_pressed(demo: DemoHome) -> None:
    before = digest(demo.home)

    report = guarded("press", demo.environ)

    # THEN each key says why, and opens nothing
    assert len(report["outcome"]) == len(ACTING)
    assert [pressed for pressed in report["outcome"] if READ_ONLY not in pressed[1] or pressed[2] != 1] == []
    assert report["tries"] == []
    assert digest(demo.home) == before


@pytest.mark.long
def test_every_command_tries_nothing_and_changes_nothing(demo: DemoHome) -> None:
    before = digest(demo.home)

    report = guarded("commands", demo.environ)

    ended = report["outcome"].items()
    assert {line for line, code in ended if code != (line.removesuffix(" --json") in FINDING)} == set()
    assert report["tries"] == []
    assert digest(demo.home) == before


@pytest.mark.long
@pytest.mark.parametrize("scenario", ["arrive", "commands"])
def test_a_home_without_anything_stays_without_anything(tmp_path: Path, scenario: str) -> None:
    before = digest(tmp_path)

    report = guarded(scenario, {"HOME": str(tmp_path)})

    assert report["tries"] == []
    assert digest(tmp_path) == before


@pytest.mark.terminal
def test_the_real_program_on_a_terminal_writes_how_it_was_left_and_nothing_else(
    demo: DemoHome, tmp_path: Path
) -> None:
    before = digest(demo.home)
    state = tmp_path / "state"
    state.mkdir()
    environ = {**demo.environ, "PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(state)}

    command = [sys.executable, "-B", "-m", "tests.promises.guarded", "program"]
    with Terminal(command, environ) as terminal:
        terminal.wait_for("prod-deploy")
        terminal.type("j", "\r")
        terminal.wait_for("Settings")
        terminal.type("q", "!")
        terminal.wait_for("─ Findings ─")
        terminal.type("q", "w")
        terminal.wait_for("─ Why: ")
        terminal.type("q", "r", "q")
        status = terminal.finish()

    report = json.loads(terminal.last_line)
    assert (status, report["outcome"], report["tries"]) == (0, 0, [])
    assert digest(demo.home) == before
    assert [path for path in state.rglob("*") if path.is_file()] == [state / "rolecall" / "state.json"]
    assert json.loads((state / "rolecall" / "state.json").read_text())["cursor"].startswith("profile:")


@pytest.mark.terminal
@pytest.mark.parametrize("options", [(), ("--read-only",), ("--fresh",)])
def test_who_only_looks_leaves_nothing_behind(demo: DemoHome, options: tuple[str, ...]) -> None:
    before = digest(demo.home)
    with rolecall(*options, environ=demo.environ) as terminal:
        terminal.wait_for("prod-deploy")
        terminal.type(*("jjo" if options else ""), "q")
        assert terminal.finish() == 0
    assert digest(demo.home) == before


@pytest.mark.terminal
def test_the_demo_writes_its_own_home_and_nothing_else(tmp_path: Path) -> None:
    # GIVEN a user's home and a place for temporary directories
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    before = digest(home)
    # WHEN the demo was on the screen
    with rolecall("demo", environ={"HOME": str(home), "TMPDIR": str(temporary)}) as terminal:
        terminal.wait_for("prod-deploy")
        assert len(list(temporary.iterdir())) == 1
        terminal.type("q")
        assert terminal.finish() == 0
    # THEN nothing is left of it, and the user's own home is as it was
    assert list(temporary.iterdir()) == []
    assert digest(home) == before
