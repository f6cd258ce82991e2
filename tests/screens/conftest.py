"""What makes a picture the same on every machine: the clock, the home, the time zone, the colours."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drawing import draw_when_somebody_looks, parse_stylesheets_once
from tests.tui.worlds import World, demo_world

__all__ = ["draw_when_somebody_looks", "parse_stylesheets_once"]


@pytest.fixture(autouse=True)
def same_everywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The Inspector says local times, and Textual asks the environment for colours and keys."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    for name in ("NO_COLOR", "COLORTERM", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_THEME", "TEXTUAL_ANIMATIONS"):
        monkeypatch.delenv(name, raising=False)
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def demo(tmp_path: Path) -> World:
    return demo_world(tmp_path / "home")


@pytest.fixture
def empty(tmp_path: Path) -> World:
    (tmp_path / "home").mkdir()
    return World(tmp_path / "home")
