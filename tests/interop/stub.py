"""A loopback stand-in for the services that moto lacks; it writes down each call."""

import json
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

DENIED = "User: arn:aws:iam::123456789012:user/nobody is not authorized to perform: sts:AssumeRole"
NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
Rule = Callable[[Mapping[str, str]], tuple[int, str]]
"""Answers an action of STS: its parameters → status and body."""
_IDENTITY = f"""<GetCallerIdentityResponse xmlns="{NAMESPACE}"><GetCallerIdentityResult>
<UserId>STUB</UserId><Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/stub</Arn>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""
_REFUSAL = f"""<ErrorResponse xmlns="{NAMESPACE}"><Error><Type>Sender</Type>
<Code>AccessDenied</Code><Message>{DENIED}</Message></Error></ErrorResponse>"""
_TOKEN = json.dumps({"accessToken": "CANARY", "tokenType": "Bearer", "expiresIn": 28800})


class Stub:
    """An HTTP server on a free port of loopback.

    It answers as STS (who the caller is; every other action is refused, unless there is a rule for it), as
    SSO (``/federation/credentials``), as SSO's OIDC service (``/token``) and as a container's credentials
    endpoint (``/container``).

    Attributes:
        calls: an STS action by its name, anything else by method and path, in the order of arrival.
        agents: what each POST says of the program that sends it.
        requests: the parameters of the STS actions, and of a GET with one, in the same order.
        rules: answers of its own to an STS action, by the action's name (``tests.interop.sts`` has some).
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.agents: list[str] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self.requests: list[Mapping[str, str]] = []
        self.rules: dict[str, Rule] = {}
        self._server.calls = self.calls
        self._server.agents = self.agents
        self._server.requests = self.requests
        self._server.rules = self.rules
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
    agents: list[str]
    requests: list[Mapping[str, str]]
    rules: dict[str, Rule]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        parameters = {name: values[0] for name, values in parse_qs(body).items()}
        action = parameters.get("Action", f"POST {self.path}")
        self.server.calls.append(action)
        self.server.agents.append(self.headers.get("User-Agent", ""))
        if "Action" in parameters:
            self.server.requests.append(parameters)
        rule = self.server.rules.get(action)
        if rule is not None:
            status, text = rule(parameters)
            self._answer(status, "text/xml", text)
        elif action == "GetCallerIdentity":
            self._answer(200, "text/xml", _IDENTITY)
        elif self.path == "/token":
            self._answer(200, "application/json", _TOKEN)
        else:
            self._answer(403, "text/xml", _REFUSAL)

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, urlsplit(self.path).query
        self.server.calls.append(f"GET {path}")
        parameters = {name: values[0] for name, values in parse_qs(query).items()}
        if "Action" in parameters:
            self.server.requests.append(parameters)
        rule = self.server.rules.get(parameters.get("Action", ""))
        if rule is not None:
            self._answer(*_between(rule(parameters), "application/json"))
            return
        answer = _CREDENTIALS.get(path)
        if answer is None:
            self._answer(404, "application/json", "{}")
        else:
            self._answer(200, "application/json", json.dumps(answer(datetime.now(UTC))))

    def _answer(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output to itself."""


def _between(answer: tuple[int, str], kind: str) -> tuple[int, str, str]:
    return answer[0], kind, answer[1]


def _of_sso(now: datetime) -> dict[str, object]:
    return {
        "roleCredentials": {
            "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
            "secretAccessKey": "CANARY",
            "sessionToken": "CANARY",
            "expiration": int((now + timedelta(hours=1)).timestamp() * 1000),
        }
    }


def _of_container(now: datetime) -> dict[str, object]:
    return {
        "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
        "SecretAccessKey": "CANARY",
        "Token": "CANARY",
        "Expiration": (now + timedelta(hours=1)).isoformat(),
    }


_CREDENTIALS: Final = {"/federation/credentials": _of_sso, "/container": _of_container}
