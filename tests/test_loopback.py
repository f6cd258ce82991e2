"""The guard over the tests: what is beyond this machine is refused, and noted."""

import socket
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest

from tests import loopback


def connect(host: str) -> None:
    with socket.socket() as made:
        made.settimeout(0.1)
        made.connect((host, 9))


@pytest.mark.parametrize(
    "reach",
    [
        lambda: connect("192.0.2.1"),
        lambda: socket.getaddrinfo("sts.amazonaws.com", 443),
        lambda: socket.create_connection(("sts.amazonaws.com", 443), 0.1),
        lambda: urllib.request.urlopen("http://192.0.2.1/", timeout=0.1),
    ],
)
def test_what_is_elsewhere_is_refused_and_noted(reach: Callable[[], object]) -> None:
    with pytest.raises((ConnectionRefusedError, urllib.error.URLError)):
        reach()
    assert loopback.refused
    loopback.refused.clear()


def test_metadata_and_names_that_cannot_exist_are_refused_without_a_note() -> None:
    with pytest.raises(ConnectionRefusedError):
        connect(loopback.METADATA)
    for name in ("sts.invalid", "http"):
        with pytest.raises(socket.gaierror):
            socket.getaddrinfo(name, 443)
    assert not loopback.refused


HERE = ("127.0.0.1", "127.8.9.1", "::1", "localhost", "x.localhost", "", None, b"localhost")


@pytest.mark.parametrize("host", HERE)
def test_what_is_here_is_let_pass(host: object) -> None:
    assert loopback.is_here(host)
