"""A proxy on loopback that passes calls on to moto, and writes down which."""

import http.client
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit

_SIGNED_BY = re.compile(r"Credential=(\w+)/")


class CountingProxy:
    """Stands before another server.

    Attributes:
        calls: the STS actions, in the order of arrival.
        keys: the access key ids with which they were signed, in the same order.
    """

    def __init__(self, url: str) -> None:
        self.calls: list[str] = []
        self.keys: list[str] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.calls = self.calls
        self._server.keys = self.keys
        self._server.behind = urlsplit(url).netloc
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    calls: list[str]
    keys: list[str]
    behind: str


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.calls.append(parse_qs(body.decode()).get("Action", ["?"])[0])
        signed = _SIGNED_BY.search(self.headers.get("Authorization", ""))
        self.server.keys.append(signed[1] if signed else "")
        connection = http.client.HTTPConnection(self.server.behind)
        connection.request("POST", self.path, body, dict(self.headers))
        answer = connection.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        connection.close()

    def log_message(self, *_: object) -> None:
        """Keep the test's output to itself."""
