"""The made-up AWS of the demo, on a free port of loopback, for as long as the demo runs.

Its port is known at once, which only takes a socket; everything else is imported at the first call.
"""

import select
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from rolecall.actions import console_addresses
from rolecall.aws.profiles import Profiles

NOWHERE = "http://127.0.0.1:9"
"""Where calls go if there is no service: nowhere, but never to the real AWS."""

_LOOPBACK = "127.0.0.1"
_PARTING = 1.0  # seconds


@contextmanager
def listening() -> Iterator[socket.socket | None]:
    """Yield a socket on a free port of loopback, closed at the end; None if there is no free port."""
    try:
        opened = socket.create_server((_LOOPBACK, 0))
    except OSError:
        yield None
        return
    with opened:
        yield opened


def address(opened: socket.socket | None) -> str:
    """Return the URL of a socket."""
    if opened is None:
        return NOWHERE
    host, port = opened.getsockname()
    return f"http://{host}:{port}"


def variables(url: str) -> Mapping[str, str]:
    """Return the variables that lead every AWS tool to the service, for instance metadata as well.

    Without the latter a profile that asks the instance would get the credentials of the real instance that
    this may be running on.
    """
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": url,
        console_addresses.STUB: url,
        "NO_PROXY": _LOOPBACK,  # a system-wide proxy could not reach it
    }


@contextmanager
def serving(
    opened: socket.socket | None, profiles: Profiles, built: datetime, clock: Callable[[], datetime]
) -> Iterator[None]:
    """Answer on that socket as AWS for the home that was built at some moment, until the block is left.

    It runs in daemon threads, which do nothing until they are called.
    """
    if opened is None:
        yield
        return
    stop, stopped = socket.socketpair()
    with stop, stopped:
        arguments = (opened, stopped, profiles, built, clock)
        thread = threading.Thread(target=_serve, args=arguments, name="rolecall-demo", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.shutdown(socket.SHUT_WR)
            thread.join(_PARTING)


def _serve(
    opened: socket.socket,
    stopped: socket.socket,
    profiles: Profiles,
    built: datetime,
    clock: Callable[[], datetime],
) -> None:
    with opened:  # closed whatever happens: no client may wait for an answer that never comes
        if not _is_called(opened, stopped):
            return
        from rolecall.demo.server import Cloud, Server  # noqa: PLC0415 - http.server takes 20 ms: not at the start

        server = Server(opened, Cloud(profiles, built, address(opened), clock))
        server.handle_request()
        while _is_called(opened, stopped):
            server.handle_request()


def _is_called(opened: socket.socket, stopped: socket.socket) -> bool:
    """Wait for a call; return False if it is to stop instead."""
    ready, _, _ = select.select([opened, stopped], [], [])
    return stopped not in ready
