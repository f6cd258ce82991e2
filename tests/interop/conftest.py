"""The servers on loopback, and a home with an environment that leads to them."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from tests.interop.real_aws import scratch_environment
from tests.interop.stub import Stub
from tests.interop.world import World


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    """Run moto's STS on a free port."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def stub() -> Iterator[Stub]:
    """Run the stand-in for what moto lacks."""
    with Stub() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make a home with an empty ``~/.aws``."""
    (tmp_path / "home" / ".aws").mkdir(parents=True)
    return tmp_path / "home"


@pytest.fixture
def world(home: Path, moto_url: str) -> World:
    """Return an empty home and the variables that lead to moto."""
    return World(home, scratch_environment(home, moto_url))


@pytest.fixture
def stubbed(home: Path, stub: Stub) -> World:
    """Return an empty home and the variables that lead to the stub."""
    return World(home, scratch_environment(home, stub.url))
