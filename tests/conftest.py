"""Made-up homes for every test that asks for one."""

import gc
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests import homes

# a busy machine must not fail a test: what has to be fast is measured in benchmarks/
settings.register_profile("rolecall", deadline=None)
settings.load_profile("rolecall")

ON_A_SCREEN = ("terminal", "tui", "screens", "promises", "demo", "cli", "interop")
"""Where tests wait for a real screen or another program, which a busy machine may starve for seconds."""

# screens are made of many objects that live to the end of a test: looking for rubbish so often is a waste
gc.set_threshold(50_000, 20, 50)
for number in (signal.SIGINT, signal.SIGTERM):
    # a shell that starts the tests in its background has them, and all that they start, ignore ctrl+c
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

HomeMaker = Callable[..., Host]
Taker = Callable[..., Snapshot]


def pytest_xdist_auto_num_workers() -> int:
    """Have two workers for each core: half of the time tests wait for a screen or for another program."""
    return 2 * (os.cpu_count() or 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give what waits for a screen a second and a third try; leave to others what root cannot test."""
    here = Path(__file__).parent
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    for item in items:
        if item.path.relative_to(here).parts[0] in ON_A_SCREEN:
            item.add_marker(pytest.mark.flaky(reruns=2))
        if is_root and item.get_closest_marker("ordinary_user"):
            reason = "nothing is forbidden to root; .ci/run has an ordinary user run it"
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def make_home(tmp_path: Path) -> HomeMaker:
    """Return what writes a home into this test's directory (``tests.homes.make_home``)."""

    def make(**parts: object) -> Host:
        return homes.make_home(tmp_path, **parts)  # type: ignore[arg-type]  # as that function has them

    return make


@pytest.fixture
def take(make_home: HomeMaker) -> Taker:
    """Return what writes a home and takes a Snapshot of it."""

    def make_and_take(**parts: object) -> Snapshot:
        return Snapshot.take(make_home(**parts))

    return make_and_take
