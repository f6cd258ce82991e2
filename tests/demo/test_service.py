"""The demo's AWS as a guest on this machine: on loopback only, out of the way, and gone afterwards."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.demo import server, service
from rolecall.demo.home import DemoHome, build, demo_home
from rolecall.host import Host
from tests.demo.meadow import TIMEOUT, Meadow, running

NAME = "rolecall-demo"


def port(demo: DemoHome) -> int:
    found = urlsplit(demo.environ["AWS_ENDPOINT_URL"]).port
    assert found is not None
    return found


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == NAME]


@pytest.fixture
def raw(meadow: Meadow) -> Iterator[socket.socket]:
    where = urlsplit(meadow.url)
    with socket.create_connection((str(where.hostname), where.port), TIMEOUT) as connection:
        yield connection


def answer(connection: socket.socket) -> bytes:
    """Read until the other end closes."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


# How long it is there


def test_it_is_there_from_the_beginning_and_gone_at_the_end() -> None:
    with demo_home() as demo:
        number = port(demo)
        socket.create_connection(("127.0.0.1", number), TIMEOUT).close()
        assert len(threads()) == 1
    assert not threads()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", number), TIMEOUT)


def test_it_is_gone_where_nobody_ever_called() -> None:
    with demo_home():
        assert len(threads()) == 1
    assert not threads()


def test_nobody_waits_for_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_PARTING", TIMEOUT)
    with demo_home():
        begun = time.monotonic()
    assert time.monotonic() - begun < TIMEOUT


def test_it_is_gone_after_an_exception() -> None:
    with pytest.raises(KeyboardInterrupt), demo_home():
        raise KeyboardInterrupt
    assert not threads()


def test_it_listens_on_loopback_and_no_child_inherits_it() -> None:
    with service.listening() as opened:
        assert opened is not None
        assert opened.getsockname()[0] == "127.0.0.1"
        assert not opened.get_inheritable()


def test_two_demos_do_not_get_in_each_others_way() -> None:
    with demo_home() as one, demo_home() as other:
        assert port(one) != port(other)


def test_a_client_that_says_nothing_does_not_hold_it_up(raw: socket.socket, meadow: Meadow) -> None:
    raw.sendall(b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n12")  # and three more are to come
    assert meadow.browse("GET", "/device").status == 200


def test_nothing_of_the_service_is_loaded_before_somebody_calls() -> None:
    code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[2] / "src")!r})
from rolecall.demo.home import demo_home
with demo_home() as demo:
    print(*sorted(sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=TIMEOUT
    )
    loaded = set(done.stdout.split())
    assert "rolecall.demo.service" in loaded
    assert not loaded & {"http.server", "rolecall.demo.server", "botocore.session"}


# Where there is none


def test_without_a_port_calls_lead_nowhere_and_never_to_the_real_aws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_arguments: object, **_options: object) -> NoReturn:
        raise OSError("no port")

    monkeypatch.setattr(socket, "create_server", refuse)
    with demo_home() as demo:
        assert demo.environ["AWS_ENDPOINT_URL"] == service.NOWHERE == "http://127.0.0.1:9"
        assert demo.environ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] == service.NOWHERE
        assert not threads()
        assert Snapshot.take(Host.of(demo.home, demo.environ)).profiles


def test_a_service_that_cannot_start_lets_nobody_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a service with a fault, which is said where threads say such things
    def fail(*_arguments: object) -> NoReturn:
        raise LookupError("a fault")

    told: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(server, "Cloud", fail)
    monkeypatch.setattr(threading, "excepthook", told.append)
    # WHEN somebody calls, THEN the connection is closed and not left hanging
    with running(tmp_path) as meadow:
        with pytest.raises((ConnectionError, http.client.BadStatusLine)):
            meadow.browse("GET", "/device")
        for thread in threads():
            thread.join(TIMEOUT)
        with pytest.raises(ConnectionRefusedError):
            meadow.browse("GET", "/device")
    assert [hook.exc_type for hook in told] == [LookupError]


def test_a_fault_in_an_answer_is_told_to_who_asked(meadow: Meadow, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> NoReturn:
        raise LookupError("a fault")

    assert meadow.browse("GET", "/device").status == 200  # it is there
    monkeypatch.setattr("rolecall.demo.server.Cloud.answer", fail)
    page = meadow.browse("GET", "/device")
    assert page.status == 500
    assert "<Message>LookupError: a fault</Message>" in page.text


# What it does not take


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/latest/api/token"),
        ("GET", "/latest/meta-data/iam/security-credentials/"),
        ("GET", "/../../etc/passwd"),
        ("GET", "/"),
        ("POST", "/v1/token"),
    ],
)
def test_metadata_files_and_all_else_are_not_there(meadow: Meadow, method: str, path: str) -> None:
    assert meadow.browse(method, path).status == 404


@pytest.mark.parametrize("length", ["65537", "9" * 5000, "-1", "x", "1_0", ""])
def test_a_body_that_is_too_long_or_of_no_length_is_refused(raw: socket.socket, length: str) -> None:
    raw.sendall(f"POST / HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode())
    assert answer(raw).split(b" ")[1] == b"413"


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"Action=%FF%00", b"Action", b"&&=&"])
def test_a_form_that_is_none_gets_an_answer_too(meadow: Meadow, body: bytes) -> None:
    page = meadow.browse("POST", "/", body)
    assert page.status == 400
    assert "<Code>InvalidAction</Code>" in page.text


def test_nothing_is_written_to_the_terminal(meadow: Meadow, capfd: pytest.CaptureFixture[str]) -> None:
    meadow.browse("GET", "/nothing")
    where = urlsplit(meadow.url)
    for said in (b"nonsense\r\n\r\n", b"GET /device HTTP/1.1\r\n\r\n"):
        with socket.create_connection((str(where.hostname), where.port), TIMEOUT) as connection:
            connection.sendall(said)  # and away
    meadow.browse("GET", "/device")
    assert capfd.readouterr() == ("", "")


# What it changes in the home


def test_looking_sees_the_same_as_in_the_home_without_it() -> None:
    now = datetime.now(UTC)
    with demo_home(now) as demo:
        without = {name: value for name, value in demo.environ.items() if name not in service.variables("")}
        one, other = (
            Snapshot.take(replace(Host.of(demo.home, environ, clock=lambda: now), is_demo=True))
            for environ in (demo.environ, without)
        )
    assert len(without) == len(demo.environ) - 4
    assert len(one.profiles) > 20
    assert dict(one.profiles) == dict(other.profiles)
    assert dict(one.default_session) == dict(other.default_session)
    assert one.entries == other.entries


def test_the_home_that_is_built_to_be_looked_at_knows_no_port(tmp_path: Path) -> None:
    demo = build(tmp_path, datetime.now(UTC))
    assert not {"AWS_ENDPOINT_URL", "AWS_EC2_METADATA_SERVICE_ENDPOINT"} & set(demo.environ)
    assert "/usr/local/bin/meadow-credentials --account tools" in (tmp_path / ".aws/config").read_text()


def test_this_process_keeps_its_own_environment() -> None:
    before = dict(os.environ)
    with demo_home():
        assert dict(os.environ) == before
