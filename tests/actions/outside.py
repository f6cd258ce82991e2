"""Something on loopback that answers any request: as AWS, as a proxy, as the login page of a network."""

import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Outside:
    """What a server answers, and what it has been asked.

    Attributes:
        status: of its answers.
        ahead: seconds by which its clock is ahead of this machine's.
        headers: more headers of its answers; with a None for ``Date``, there is none.
        asked: the request lines, in the order of arrival.
        sent: the headers that came with each, their names in lower case.
        certificate: the file of its certificate and key, where it speaks TLS.
        url: where it listens.
    """

    status: int = 302
    ahead: float = 0
    headers: Mapping[str, str | None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    sent: list[dict[str, str]] = field(default_factory=list)
    certificate: Path | None = None
    url: str = ""

    @contextmanager
    def listening(self) -> Iterator["Outside"]:
        """Answer for as long as the body takes."""
        server = _Server(("127.0.0.1", 0), _Handler)
        server.outside = self
        self.url = f"{'https' if self.certificate else 'http'}://127.0.0.1:{server.server_port}"
        if self.certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def answer(self) -> dict[str, str]:
        """Return the headers of an answer at this moment."""
        usual = {"Date": formatdate(time.time() + self.ahead, usegmt=True), "Content-Length": "0"}
        return {name: value for name, value in (usual | dict(self.headers)).items() if value is not None}


class _Server(ThreadingHTTPServer):
    outside: Outside

    def handle_error(self, *_: object) -> None:
        """Keep to itself that somebody has not trusted it."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        outside = self.server.outside
        outside.asked.append(self.requestline)
        outside.sent.append({name.lower(): value for name, value in self.headers.items()})
        self.send_response_only(outside.status)
        for name, value in outside.answer().items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the test's output to itself."""
