"""The demo's home as the only home there is, with the real botocore let loose on it."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from rolecall.demo.home import DemoHome, build
from tests.demo.meadow import Meadow, running
from tests.demo.oracle import Oracles


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)  # botocore looks at the real clock


@pytest.fixture
def demo(tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> DemoHome:
    """Build the home and make it this process's, with its two files but without its variables."""
    demo = build(tmp_path, now)
    for name in list(os.environ):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(demo.home))
    monkeypatch.setenv("BOTO_CONFIG", str(demo.home / "none"))  # and not /etc/boto.cfg
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", _refuse)
    return demo


def _refuse(*_arguments: object) -> NoReturn:
    raise AssertionError("the network was asked")


@pytest.fixture
def oracle(demo: DemoHome) -> Oracles:
    return Oracles(demo)


@pytest.fixture
def meadow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Meadow]:
    """Run the demo's AWS; this process has no environment, and so no AWS settings of anybody's."""
    for name in list(os.environ):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("BOTO_CONFIG", str(tmp_path / "none"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    (tmp_path / "home").mkdir()
    with running(tmp_path / "home") as meadow:
        yield meadow
