"""The terminal before Textual has it: nothing moves when it comes, no key is lost, and it is given back."""

import signal
import termios
from pathlib import Path

import pytest

from tests.terminal.pseudo import CTRL_C, Terminal, rolecall

GATE = """\
import os, sys, time
class Gate:
    def find_spec(self, name, path=None, target=None):
        if name == "textual":
            while not os.path.exists(os.environ["GATE"]):
                time.sleep(0.01)
            if open(os.environ["GATE"]).read():
                raise RuntimeError("no Textual")
sys.meta_path.insert(0, Gate())
"""
"""Makes the import of Textual wait for a file, and fail if there is something in it."""
FRAME = "╭─ 1 Profiles ─"


class Gated:
    """rolecall, which waits for the gate to open before it imports Textual."""

    def __init__(self, place: Path, environ: dict[str, str]) -> None:
        (place / "sitecustomize.py").write_text(GATE, encoding="utf-8")
        self._gate = place / "gate"
        self.environ = {**environ, "PYTHONPATH": str(place), "GATE": str(self._gate)}

    def open(self, text: str = "") -> None:
        beside = self._gate.with_name("beside")
        beside.write_text(text, encoding="utf-8")
        beside.rename(self._gate)


@pytest.fixture
def gated(small: dict[str, str], tmp_path: Path) -> Gated:
    (tmp_path / "path").mkdir()
    return Gated(tmp_path / "path", small)


def is_given_back(terminal: Terminal) -> bool:
    """Whether the first screen and the cursor are back, and what is typed is echoed."""
    flags = termios.tcgetattr(terminal._child.child_fd)[3]
    written = bytes(terminal.raw)
    return (
        written.rfind(b"\x1b[?1049l") > written.rfind(b"\x1b[?1049h")
        and written.rfind(b"\x1b[?25h") > written.rfind(b"\x1b[?25l")
        and bool(flags & termios.ECHO)
        and bool(flags & termios.ICANON)
    )


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_nothing_moves_when_textual_takes_over(gated: Gated, size: tuple[int, int]) -> None:
    # GIVEN the first frame
    with rolecall(environ=gated.environ, columns=size[0], rows=size[1]) as terminal:
        terminal.wait_for(lambda text: text.count("╰") == 1)
        first, begun = terminal.text, len(terminal.raw)
        # WHEN Textual comes, THEN nothing changes until the panes are there
        gated.open()
        frames: list[str] = []

        def has_panes(text: str) -> bool:
            if text != first:
                frames.append(text)
            return "Expiry" in text

        terminal.wait_for(has_panes)
        later = bytes(terminal.raw[begun:])
        # AND the screen is neither entered nor cleared a second time
        assert b"\x1b[?1049h" not in later
        assert b"\x1b[2J" not in later
        assert frames == [terminal.text]
        terminal.type("q")
        assert terminal.finish() == 0
        assert is_given_back(terminal)


def test_what_is_typed_before_textual_is_obeyed(gated: Gated) -> None:
    with rolecall(environ=gated.environ) as terminal:
        terminal.wait_for(FRAME)
        # WHEN keys are typed over the first frame
        terminal.type("j", "\r")
        gated.open()
        # THEN the second profile is inspected, and nothing of it was echoed
        terminal.wait_for("Profile deploy")
        assert "\r" not in terminal.lines[0]
        terminal.type("\x1b[27u", "q")
        assert terminal.finish() == 0
        assert is_given_back(terminal)


@pytest.mark.parametrize(
    ("end", "status"),
    [(CTRL_C, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["ctrl+c", "TERM", "HUP"],
)
def test_what_ends_it_before_textual_gives_the_terminal_back(
    gated: Gated, end: str | signal.Signals, status: int
) -> None:
    with rolecall(environ=gated.environ) as terminal:
        terminal.wait_for(FRAME)
        if isinstance(end, str):
            terminal.type(end)
        else:
            terminal.signal(end)
        assert terminal.finish() == status
        assert is_given_back(terminal)


def test_a_crash_before_textual_gives_the_terminal_back(gated: Gated) -> None:
    with rolecall(environ=gated.environ) as terminal:
        terminal.wait_for(FRAME)
        gated.open("fail")
        assert terminal.finish() == 1
        assert is_given_back(terminal)
        assert "no Textual" in terminal.last_line or "RuntimeError" in terminal.raw.decode()


def test_without_colours_there_is_no_first_frame(gated: Gated) -> None:
    with rolecall(environ={**gated.environ, "NO_COLOR": "1"}) as terminal:
        gated.open()
        terminal.wait_for("Expiry")
        terminal.type("q")
        assert terminal.finish() == 0
    assert bytes(terminal.raw).count(b"\x1b[?1049h") == 1
