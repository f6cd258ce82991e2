"""Hands a secret address to a browser: by an address on loopback that leads to it once.

A browser gets its address as an argument, which every user of the machine can read. This one says nothing, is
answered once, and only to a program of the same user, where the system tells that (Linux).
"""

import contextlib
import os
import secrets
import socket
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from rolecall.actions import timeouts
from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Cancel

_LOOPBACK = "127.0.0.1"
_PULSE = 0.1
"""Seconds between two looks whether the browser has come."""
_CONNECTIONS = Path("/proc/net/tcp")
_SILENCE = 5.0
"""Seconds after which a connection that asks nothing is closed."""


def hand_over(address: str, open_browser: Callable[[str], bool], cancel: Cancel) -> None:
    """Have a browser opened at an address that leads to a secret one, and wait until it has come.

    Args:
        address: the secret one.
        open_browser: opens a browser at an address; returns whether it did.
        cancel: ends the wait.

    Raises:
        ActionFailed: no browser was opened, or it never came.
        Cancelled: the user cancelled.
    """
    with _Server(address) as server:
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": _PULSE}, name="redirect", daemon=True
        )
        thread.start()
        try:
            if not open_browser(server.way):
                raise ActionFailed(
                    "NoBrowser", "the browser could not be opened", cure="see whether it starts"
                )
            _wait(server, cancel)
        finally:
            server.shutdown()
            thread.join()


def _wait(server: "_Server", cancel: Cancel) -> None:
    looks = int(timeouts.BROWSER_COMES / _PULSE)
    for _ in range(looks):
        if server.is_taken.wait(_PULSE):
            return
        cancel.check()
    raise ActionFailed("Timeout", f"no browser came within {timeouts.BROWSER_COMES:g} s")


class _Server(ThreadingHTTPServer):
    """Answers one GET of one path.

    Attributes:
        way: the address on loopback.
        is_taken: set once it was answered.
    """

    def __init__(self, address: str) -> None:
        super().__init__((_LOOPBACK, 0), _Handler)
        self._address: str | None = address
        self._path = f"/{secrets.token_urlsafe(32)}"
        self._lock = threading.Lock()
        self.way = f"http://{_LOOPBACK}:{self.server_port}{self._path}"
        self.is_taken = threading.Event()

    def take(self, path: str, peer: tuple[str, int]) -> str | None:
        """Return the secret address, once; None for another path, another user, and from then on."""
        if not secrets.compare_digest(path.encode(), self._path.encode()) or _is_foreign(
            peer, self.server_port
        ):
            return None
        with self._lock:
            found, self._address = self._address, None
        return found

    def handle_error(self, request: object, client_address: object) -> None:
        """Print nothing: what went wrong with a connection may quote it."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version, sys_version = "rolecall", ""
    timeout = _SILENCE

    def do_GET(self) -> None:
        """Lead on, or say that there is nothing."""
        found = self.server.take(self.path, self.client_address)
        self.send_response(404 if found is None else 302)
        if found is not None:
            self.send_header("Location", found)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Content-Length", "0")
        self.end_headers()
        if found is not None:
            with contextlib.suppress(OSError):
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_WR)
            self.server.is_taken.set()

    def log_message(self, *_: object) -> None:
        """Write nothing: the terminal is another's."""


def _is_foreign(peer: tuple[str, int], port: int) -> bool:
    """Whether a connection comes from another user's program (root's may read everything anyway)."""
    if sys.platform != "linux":
        return False
    ends = [f"{_hex(*peer)}", f"{_hex(_LOOPBACK, port)}"]
    with contextlib.suppress(OSError, ValueError):
        for line in _CONNECTIONS.read_text().splitlines()[1:]:
            words = line.split()
            if words[1:3] == ends:
                return int(words[7]) not in (0, os.getuid())
    return False


def _hex(address: str, port: int) -> str:
    """Return an end of a connection as the kernel lists it."""
    number = int.from_bytes(socket.inet_aton(address), sys.byteorder)
    return f"{number:08X}:{port:04X}"
