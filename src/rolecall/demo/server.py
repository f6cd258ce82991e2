"""The made-up AWS: takes HTTP requests on loopback to their service, and answers in AWS's protocols."""

import itertools
import json
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

from rolecall.aws.profiles import Profiles
from rolecall.demo import caches, sso
from rolecall.demo.callers import Callers, Denied
from rolecall.demo.console import Console
from rolecall.demo.device_flow import Devices
from rolecall.demo.sts import TokenService
from rolecall.values import dataclass

_LARGEST_BODY = 64 * 1024
_SILENCE = 10.0  # seconds after which an idle connection is closed
_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
_NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_WORD = re.compile(r"(?<!^)(?=[A-Z])")
_PAGE_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Cache-Control": "no-store",
}
_Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; of a query's fields the first values, headers by lower-cased name."""

    method: str
    path: str
    query: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer: its status, the type of its body, the body, and more headers."""

    status: int
    kind: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


_Serve = Callable[[Request], Response]


class Cloud:
    """STS, ``sso`` and ``sso-oidc`` behind one address; anything else, instance metadata too, gives 404.

    Args:
        profiles: of the home as it was built.
        built: when that was, aware.
        address: where it is reached: ``http://127.0.0.1:PORT``.
        clock: gives the present moment, aware.
    """

    def __init__(
        self, profiles: Profiles, built: datetime, address: str, clock: Callable[[], datetime]
    ) -> None:
        known = Callers(caches.known_callers(profiles, built), clock)
        devices = Devices(f"{address}/device", clock)
        center = sso.IdentityCenter(sso.known_logins(profiles, built), known, devices, clock)
        console = Console(known, clock)
        self._services: dict[tuple[str, str], _Serve] = {
            ("POST", "/"): _sts(TokenService(known, clock)),
            ("POST", "/client/register"): _oidc(center.register),
            ("POST", "/device_authorization"): _oidc(center.authorize_device),
            ("POST", "/token"): _oidc(center.token),
            ("GET", "/device"): lambda request: _page(devices.ask(request.query.get("user_code"))),
            ("POST", "/device"): lambda request: _page(devices.approve(_form(request).get("user_code", ""))),
            ("GET", "/federation"): _federation(console),
            ("GET", "/start/"): lambda _request: _page(console.portal()),
            ("GET", "/federation/credentials"): _portal(center.role_credentials),
            ("GET", "/assignment/accounts"): _portal(center.accounts),
            ("GET", "/assignment/roles"): _portal(center.account_roles),
            ("POST", "/logout"): _portal(center.log_out),
        }

    def answer(self, request: Request) -> Response:
        """Answer a request; a path that is not known gives 404."""
        serve = self._services.get((request.method, request.path), _not_found)
        return serve(request)


def _not_found(_request: Request) -> Response:
    return _error_in_xml(Denied("NotFound", "the demo's AWS has no such thing", 404), "0")


def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))


def _sts(service: TokenService) -> _Serve:
    """Speak the query protocol: a form comes, XML goes back."""
    numbers = itertools.count(1)

    def answer(request: Request) -> Response:
        form = _form(request)
        action, number = form.get("Action", ""), f"00000000-meadow-{next(numbers):012d}"
        try:
            result = service.call(action, form, request.headers)
        except Denied as denied:
            return _error_in_xml(denied, number)
        content = {f"{action}Result": result, "ResponseMetadata": {"RequestId": number}}
        return _in_xml(200, f"{action}Response", content, number)

    return answer


def _oidc(call: Callable[[_Fields], _Fields]) -> _Serve:
    """Speak JSON, and refuse as OAuth does; botocore reads the code from a header."""

    def answer(request: Request) -> Response:
        try:
            return _in_json(call(_json_object(request.body)))
        except Denied as denied:
            error = _WORD.sub("_", denied.code.removesuffix("Exception")).lower()
            return _in_json({"error": error, "error_description": denied.message}, denied)

    return answer


def _portal(call: Callable[[_Fields, str], _Fields]) -> _Serve:
    """Speak JSON as the SSO portal does, which takes the access token in a header."""

    def answer(request: Request) -> Response:
        try:
            return _in_json(call(request.query, request.headers.get("x-amz-sso_bearer_token", "")))
        except Denied as denied:
            return _in_json({"message": denied.message}, denied)

    return answer


def _federation(console: Console) -> _Serve:
    """Speak as the console's federation endpoint does: JSON for a token, a page for a login."""

    def answer(request: Request) -> Response:
        if request.query.get("Action") == "login":
            return _page(console.page(request.query))
        try:
            return _in_json(console.signin_token(request.query))
        except Denied as denied:
            return _in_json({"message": denied.message}, denied)

    return answer


def _page(html: str) -> Response:
    return Response(200, "text/html; charset=utf-8", html.encode(), _PAGE_HEADERS)


def _json_object(body: bytes) -> _Fields:
    try:
        content = json.loads(body)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise Denied("InvalidRequestException", "The request is no JSON object")
    return content


def _in_json(content: _Fields, denied: Denied | None = None) -> Response:
    status, headers = (200, {}) if denied is None else (denied.status, {"x-amzn-ErrorType": denied.code})
    return Response(status, "application/json", json.dumps(content).encode(), headers)


def _error_in_xml(denied: Denied, number: str) -> Response:
    error = {"Type": "Sender", "Code": denied.code, "Message": denied.message}
    return _in_xml(denied.status, "ErrorResponse", {"Error": error, "RequestId": number}, number)


def _in_xml(status: int, name: str, content: _Fields, number: str) -> Response:
    text = f'<{name} xmlns="{_NAMESPACE}">{_elements(content)}</{name}>'
    return Response(status, "text/xml", text.encode(), {"x-amzn-RequestId": number})


def _elements(content: _Fields) -> str:
    return "".join(
        f"<{name}>{_elements(value) if isinstance(value, Mapping) else _text(value)}</{name}>"
        for name, value in content.items()
    )


def _text(value: object) -> str:
    return escape(_NOT_XML.sub("?", str(value)))


class Server(ThreadingHTTPServer):
    """Serves on a listening socket, each connection in a daemon thread."""

    def __init__(self, listening: socket.socket, cloud: Cloud) -> None:
        super().__init__(listening.getsockname(), Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.cloud = cloud

    def handle_error(self, request: object, client_address: object) -> None:
        """Print nothing about a client that went away: the terminal is the app's."""


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
        """Answer a PUT: botocore asks the metadata service for a token so."""
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
            return _error_in_xml(Denied("InternalFailure", f"{type(error).__name__}: {error}", 500), "0")

    def _length(self) -> int | None:
        """Return the length of the body; None if it is too long, or not a number."""
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
