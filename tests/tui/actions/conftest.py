"""The demo's home with its AWS on loopback, and homes of one's own."""

from collections.abc import Iterator

import pytest

from rolecall.demo.home import demo_home
from tests.tui.actions.stage import Children, RealClock, counting
from tests.tui.worlds import World


@pytest.fixture
def meadow() -> Iterator[World]:
    """The demo's home, which everything works in; the test may change it."""
    with demo_home() as demo:
        yield World(demo.home, demo.environ, RealClock())


@pytest.fixture
def children() -> Iterator[Children]:
    """What is started for jobs; none of it may be left when the test is over."""
    with counting() as children:
        yield children
        assert children.running == []
