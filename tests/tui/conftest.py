"""The demo's home, a home of one's own, and the app over either."""

from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from tests.drawing import draw_when_somebody_looks, parse_stylesheets_once
from tests.tui.worlds import World, demo_world

__all__ = ["draw_when_somebody_looks", "parse_stylesheets_once"]


@pytest.fixture
def demo(tmp_path: Path) -> World:
    """The demo's home, which the test may change."""
    return demo_world(tmp_path / "home")


@pytest.fixture
def empty(tmp_path: Path) -> World:
    """A home with nothing in it."""
    (tmp_path / "home").mkdir()
    return World(tmp_path / "home")


@pytest.fixture(scope="session")
def demo_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A Snapshot of the demo's home, for those who only look at it."""
    return demo_world(tmp_path_factory.mktemp("demo") / "home").snapshot()
