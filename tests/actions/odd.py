"""Something on loopback that answers with whatever bytes it is told to, and a worker in this process."""

import contextlib
import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Self

import pytest
from botocore import awsrequest, credentials, tokens, utils

from rolecall.actions.prompts import Authorization
from rolecall.actions.worker import __main__ as worker
from rolecall.actions.worker import responses

Answering = Callable[[], Iterable[bytes]]
"""Gives an answer piece by piece, and may never end."""


def http(body: bytes | str = b"", kind: str = "text/xml", status: int = 200, **headers: str) -> Answering:
    """Return an answer of HTTP."""
    data = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    # without the last, the next request may still go out by the connection that the server is closing
    lines = {"Content-Type": kind, "Content-Length": str(len(data)), **named, "Connection": "close"}
    head = f"HTTP/1.1 {status} Odd\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return lambda: [head.encode() + b"\r\n" + data]


def endless(head: bytes, piece: bytes) -> Answering:
    """Return an answer that never ends."""

    def give() -> Iterator[bytes]:
        yield head
        while True:
            yield piece

    return give


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n"
LONG = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 3000000000\r\n\r\n"
PIECE = b"x" * 65536


class Odd:
    """A server that gives one answer to whatever it is asked.

    Attributes:
        answer: the answer; by the first word after the method, its path, where it is a mapping.
        asked: the request lines.
        sent: octets that it has sent.
    """

    def __init__(self, answer: Answering | Mapping[str, Answering]) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.sent = 0
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.odd = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    odd: Odd

    def handle_error(self, *_: object) -> None:
        """Keep to itself that somebody has heard enough."""


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        odd = self.server.odd
        line = self.rfile.readline().decode()
        length = 0
        while header := self.rfile.readline().strip():
            name, _, value = header.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        self.rfile.read(length)
        odd.asked.append(line.strip())
        path = line.split()[1].partition("?")[0]
        for piece in (odd.answer[path] if isinstance(odd.answer, Mapping) else odd.answer)():
            self.wfile.write(piece)
            odd.sent += len(piece)


class Silent:
    """A wire at whose other end everything is allowed, and nothing is asked."""

    def __init__(self) -> None:
        self.writing = threading.Lock()
        self.shown: list[Authorization] = []

    def code(self, device: str, problem: str | None, step: str = "") -> str:
        raise AssertionError(f"nobody has a code for {device} ({problem}, {step})")

    def may_run(self, _profile: str, _command: str) -> bool:
        return True

    def authorize(self, authorization: Authorization) -> None:
        self.shown.append(authorization)

    def tell(self, step: str) -> None:
        """Listen."""

    def send(self, event: Mapping[str, object]) -> None:
        """Listen."""

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        yield


class Worker:
    """Does the tasks of the worker in this process, over a home.

    Attributes:
        home: the home.
        wire: where it asks.
    """

    def __init__(self, home: Path, patch: pytest.MonkeyPatch) -> None:
        self.home = home
        self.wire = Silent()
        self._patch = patch
        for holder, name in (
            (credentials, "JSONFileCache"),
            (credentials, "ProcessProvider"),
            (tokens.SSOTokenProvider, "DEFAULT_CACHE_CLS"),
            (awsrequest, "AWSResponse"),
        ):
            patch.setattr(holder, name, getattr(holder, name))  # put back afterwards
        for provider in (tokens.SSOTokenProvider, credentials.SSOProvider):
            patch.setattr(provider, "_SSO_TOKEN_CACHE_DIR", str(home / ".aws/sso/cache"))
        patch.setattr(utils.ContainerMetadataFetcher, "SLEEP_TIME", 0)
        patch.setattr(responses.LastAnswer, "words", None)
        self.set(
            HOME=str(home),
            AWS_EC2_METADATA_DISABLED="true",
            NO_PROXY="127.0.0.1",
            AWS_DEFAULT_REGION="eu-west-1",
        )

    def set(self, **environ: str) -> None:
        """Set variables."""
        for name, value in environ.items():
            self._patch.setenv(name, value)

    def do(self, task: str, **arguments: object) -> Mapping[str, object]:
        """Do a task."""
        usual = {
            "profile": "x",
            "cli_cache": str(self.home / ".aws/cli/cache"),
            "force": False,
            "durations": {},
        }
        request = {"task": task, "arguments": usual | arguments, "patience": 5.0, "scratch": "s.tmp"}
        return worker._do(request, self.wire)  # type: ignore[arg-type]  # as much of a wire as is wanted

    def failure(self, task: str, **arguments: object) -> Mapping[str, object]:
        """Do a task that has to fail, and return what is told of it."""
        try:
            done = self.do(task, **arguments)
        except Exception as error:  # noqa: BLE001 - as the worker itself does
            return worker._failure(error)
        raise AssertionError(f"it was done: {done}")

    def caches(self) -> dict[str, bytes]:
        """Return all that stands in the caches."""
        caches = (self.home / ".aws").glob("*/cache/*")
        return {str(path.relative_to(self.home)): path.read_bytes() for path in caches}
