"""A loopback stand-in for IAM Identity Center: ``sso-oidc``, ``sso``, and a little of STS.

It keeps to what the services check: a client must be registered, a device code serves once, a token must be
one that was given out and has not been ended. Each call is written down.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

from tests.interop import stub as plain_stub

DEVICE_CODE: Final = "urn:ietf:params:oauth:grant-type:device_code"
PENDING, SLOW_DOWN, EXPIRED, DENIED = (
    "AuthorizationPendingException",
    "SlowDownException",
    "ExpiredTokenException",
    "AccessDeniedException",
)
CODE = "WXYZ-ABCD"
_OAUTH_NAMES: Final = {
    PENDING: "authorization_pending",
    SLOW_DOWN: "slow_down",
    EXPIRED: "expired_token",
    DENIED: "access_denied",
    "InvalidClientException": "invalid_client",
    "InvalidGrantException": "invalid_grant",
    "InvalidRequestException": "invalid_request",
    "InternalServerException": "server_error",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its name (``POST /token``, ``GetCallerIdentity``), what it said, the token that it showed."""

    name: str
    said: Mapping[str, object] = field(repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass
class SharedAnswers:
    """How the service behaves; a test sets what it wants.

    Attributes:
        before_token: the errors with which it answers to device codes, one after the other, before a token.
        refuse: error codes by path: that call is always refused with it.
        interval: the seconds between two questions that it names; None: it names none.
        code_lasts: seconds for which a device code is good.
        token_lasts: seconds for which an access token is good.
        registered_for: the time for which a registration is good.
        refreshes_all: whether it gives refresh tokens to clients too that registered without scopes.
        hangs: paths that are never answered while the stub runs.
        accounts: the names and permission sets of the accounts, by their ids.
        page: how many of them are on one page, at most.
        throttles: paths that are throttled, once for each time that they are here.
    """

    before_token: list[str] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    interval: int | None = 1
    code_lasts: int = 600
    token_lasts: int = 28800
    registered_for: timedelta = timedelta(days=90)
    refreshes_all: bool = False
    hangs: set[str] = field(default_factory=set)
    accounts: dict[str, tuple[str, tuple[str, ...]]] = field(
        default_factory=lambda: {"111122223333": ("Acme", ("ReadOnly",))}
    )
    page: int = 100
    throttles: list[str] = field(default_factory=list)


class SsoStub:
    """An HTTP server on a free port of loopback.

    Attributes:
        answers: how it behaves.
        calls: what was called, in the order of arrival.
        clients: the registered clients' secrets by their ids, and with which scopes.
        tokens: the access tokens that are good.
        secrets: all that it has given out and that nobody may show.
    """

    def __init__(self) -> None:
        self.answers = SharedAnswers()
        self.calls: list[Call] = []
        self.clients: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.tokens: set[str] = set()
        self.secrets: list[str] = []
        self._refresh_tokens: set[str] = set()
        self._device_codes: set[str] = set()
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.stub = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def names(self) -> list[str]:
        """The names of the calls, in the order of arrival."""
        return [call.name for call in self.calls]

    def of(self, name: str) -> list[Call]:
        """Return the calls of that name."""
        return [call for call in self.calls if call.name == name]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def new_secret(self, kind: str) -> str:
        """Make up a secret, and remember that it is one."""
        made = f"CANARY-{kind}-{len(self.secrets) + 1}"
        self.secrets.append(made)
        return made

    # What each path does: an error's code, or an answer.

    def register(self, said: Mapping[str, object]) -> str | Mapping[str, object]:
        """``sso-oidc:RegisterClient``."""
        client_id = f"client-{len(self.clients) + 1}"
        scopes = said.get("scopes")
        self.clients[client_id] = (
            self.new_secret("client-secret"),
            tuple(scopes) if isinstance(scopes, list) else (),
        )
        return {
            "clientId": client_id,
            "clientSecret": self.clients[client_id][0],
            "clientIdIssuedAt": int(datetime.now(UTC).timestamp()),
            "clientSecretExpiresAt": int((datetime.now(UTC) + self.answers.registered_for).timestamp()),
        }

    def authorize(self, said: Mapping[str, object]) -> str | Mapping[str, object]:
        """``sso-oidc:StartDeviceAuthorization``."""
        if not self._knows(said):
            return "InvalidClientException"
        device = self.new_secret("device-code")
        self._device_codes.add(device)
        interval = {} if self.answers.interval is None else {"interval": self.answers.interval}
        return {
            "deviceCode": device,
            "userCode": CODE,
            "verificationUri": "https://device.sso.eu-west-1.amazonaws.com/",
            "verificationUriComplete": f"https://device.sso.eu-west-1.amazonaws.com/?user_code={CODE}",
            "expiresIn": self.answers.code_lasts,
            **interval,
        }

    def token(self, said: Mapping[str, object]) -> str | Mapping[str, object]:
        """``sso-oidc:CreateToken``."""
        if not self._knows(said):
            return "InvalidClientException"
        if said.get("grantType") == DEVICE_CODE:
            if said.get("deviceCode") not in self._device_codes:
                return "InvalidGrantException"
            if self.answers.before_token:
                return self.answers.before_token.pop(0)
            self._device_codes.discard(str(said["deviceCode"]))
        elif said.get("grantType") == "refresh_token":
            if said.get("refreshToken") not in self._refresh_tokens:
                return "InvalidGrantException"
            self._refresh_tokens.discard(str(said["refreshToken"]))
        else:
            return "InvalidRequestException"
        return self._new_token(str(said["clientId"]))

    def _new_token(self, client_id: str) -> Mapping[str, object]:
        access_token = self.new_secret("access-token")
        self.tokens.add(access_token)
        answer: dict[str, object] = {
            "accessToken": access_token,
            "tokenType": "Bearer",
            "expiresIn": self.answers.token_lasts,
        }
        if self.answers.refreshes_all or self.clients[client_id][1]:
            refresh_token = self.new_secret("refresh-token")
            self._refresh_tokens.add(refresh_token)
            answer["refreshToken"] = refresh_token
        return answer

    def _knows(self, said: Mapping[str, object]) -> bool:
        found = self.clients.get(str(said.get("clientId")))
        return found is not None and found[0] == said.get("clientSecret")


class _Server(ThreadingHTTPServer):
    stub: SsoStub


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        path = urlsplit(self.path).path
        if b"Action=GetCallerIdentity" in body:
            self._note(Call("GetCallerIdentity", {}))
            self._answer(200, "text/xml", plain_stub._IDENTITY.encode())
            return
        said = json.loads(body or b"{}")
        if not self._note(Call(f"POST {path}", said, self._shown_token)):
            return
        stub = self.server.stub
        match path:
            case "/client/register":
                self._say(stub.register(said))
            case "/device_authorization":
                self._say(stub.authorize(said))
            case "/token":
                self._say(stub.token(said))
            case "/logout":
                self._say({} if self._is_let_in() else "UnauthorizedException")
                stub.tokens.discard(self._shown_token or "")
            case _:
                self._say("ResourceNotFoundException")

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
        if not self._note(Call(f"GET {path}", query, self._shown_token)):
            return
        if not self._is_let_in():
            self._say("UnauthorizedException")
            return
        match path:
            case "/federation/credentials":
                self._say({"roleCredentials": self._role_credentials()})
            case "/assignment/accounts":
                accounts = self.server.stub.answers.accounts
                listed = [{"accountId": each, "accountName": name} for each, (name, _) in accounts.items()]
                self._say(self._page("accountList", listed, query))
            case "/assignment/roles":
                account = query["account_id"]
                roles = self.server.stub.answers.accounts[account][1]
                named = [{"roleName": each, "accountId": account} for each in roles]
                self._say(self._page("roleList", named, query))
            case _:
                self._say("ResourceNotFoundException")

    def _page(self, key: str, listed: list[dict[str, str]], query: Mapping[str, str]) -> Mapping[str, object]:
        begin, size = int(query.get("next_token", "0")), self.server.stub.answers.page
        more = {"nextToken": str(begin + size)} if begin + size < len(listed) else {}
        return {key: listed[begin : begin + size], **more}

    def _role_credentials(self) -> Mapping[str, object]:
        return {
            "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
            "secretAccessKey": self.server.stub.new_secret("role-secret"),
            "sessionToken": self.server.stub.new_secret("role-token"),
            "expiration": int((datetime.now(UTC) + timedelta(hours=1)).timestamp() * 1000),
        }

    @property
    def _shown_token(self) -> str | None:
        return self.headers.get("x-amz-sso_bearer_token")

    def _is_let_in(self) -> bool:
        return self._shown_token in self.server.stub.tokens

    def _note(self, call: Call) -> bool:
        """Write a call down; return whether it is to be answered by what its path does."""
        stub = self.server.stub
        stub.calls.append(call)
        path = call.name.rpartition(" ")[2]
        if path in stub.answers.hangs:
            stub.closing.wait()
            return False
        if path in stub.answers.throttles:
            stub.answers.throttles.remove(path)
            self._say("TooManyRequestsException")
            return False
        if path in stub.answers.refuse:
            self._say(stub.answers.refuse[path])
            return False
        return True

    def _say(self, answer: str | Mapping[str, object]) -> None:
        """Send an answer, or the error of that code as AWS sends it."""
        if not isinstance(answer, str):
            self._answer(200, "application/json", json.dumps(answer).encode())
            return
        status = {
            "UnauthorizedException": 401,
            "InternalServerException": 500,
            "TooManyRequestsException": 429,
        }.get(answer, 400)
        name = _OAUTH_NAMES.get(answer, answer)
        body = json.dumps({"error": name, "error_description": f"It is {name}."}).encode()
        self._answer(status, "application/json", body, {"x-amzn-ErrorType": answer})

    def _answer(self, status: int, kind: str, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output to itself."""
