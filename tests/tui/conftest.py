"""The demo's home, a home of one's own, and the app over either."""

from pathlib import Path

import pytest
from textual._compositor import Compositor

from rolecall.aws.snapshot import Snapshot
from tests.tui.worlds import World, demo_world


@pytest.fixture(autouse=True)
def draw_when_somebody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw a screen only where a test looks at it.

    Without a terminal Textual draws each frame, throws it away, and takes half of these tests' time for it.
    The tests of the pictures, the promises and the terminal have every frame drawn.
    """
    draw = Compositor.render_update

    def render_update(self: Compositor, full: bool = False, **more: object) -> object:  # noqa: FBT001, FBT002
        if full:
            return draw(self, full, **more)  # type: ignore[arg-type]  # as Textual gives them
        self._dirty_regions.clear()
        return None

    monkeypatch.setattr(Compositor, "render_update", render_update)


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
