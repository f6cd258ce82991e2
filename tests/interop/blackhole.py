"""A server that takes every connection and answers none."""

import socket
from typing import Self


class BlackHole:
    """Listens on a free port of loopback; the system takes the connections, nobody reads them."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()


def closed_port() -> str:
    """Return an address at which nobody listens."""
    with BlackHole() as hole:
        return hole.url
