"""Carries requests to the made-up AWS and its answers back, by HTTP on loopback."""

import socket
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from rolecall.demo.cloud import Cloud
from rolecall.demo.exchange import Denied, Request, Response
from rolecall.demo.sts import refusal

_LARGEST_BODY = 64 * 1024
_SILENCE = 10.0  # seconds after which a connection on which nothing comes is given up


class Server(ThreadingHTTPServer):
    """Serves on a socket that listens already, each connection in a thread that ends with the program."""

    def __init__(self, listening: socket.socket, cloud: Cloud) -> None:
        super().__init__(listening.getsockname(), Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.cloud = cloud

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away: the terminal is the app's."""


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    server: Server
    server_version = "Meadow"
    sys_version = ""
    timeout = _SILENCE

    def do_GET(self) -> None:
        """Answer a GET."""
        self._serve()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._serve()

    def do_PUT(self) -> None:
        """Answer a PUT: the metadata service is asked for a token so, and is not there."""
        self._serve()

    def log_message(self, *_: object) -> None:
        """Write nothing: the terminal is the app's."""

    def _serve(self) -> None:
        length = self._length()
        if length is None:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        target = urlsplit(self.path)
        request = Request(
            self.command,
            target.path,
            dict(parse_qsl(target.query, keep_blank_values=True)),
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
        )
        self._send(self._answer(request))

    def _answer(self, request: Request) -> Response:
        try:
            return self.server.cloud.answer(request)
        except Exception as error:  # noqa: BLE001 - the caller is told of our fault: the terminal is the app's
            return refusal(Denied("InternalFailure", f"{type(error).__name__}: {error}", 500), "0")

    def _length(self) -> int | None:
        """Return how long the body is; None where it is too long, or says no number."""
        text = self.headers.get("Content-Length", "0")
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(_LARGEST_BODY))):
            return None
        return int(text) if int(text) <= _LARGEST_BODY else None

    def _send(self, answer: Response) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
