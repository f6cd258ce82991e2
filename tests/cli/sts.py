"""A loopback STS that checks MFA codes, can refuse and can be silent; it writes down each call."""

import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs

GOOD_CODE = "802641"
SECRET = "CANARYcanaryCANARYcanaryCANARYcanary0123"
TOKEN = "CANARYtoken" * 20
_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
_SILENCE = 60.0


class Sts:
    """An HTTP server on a free port of loopback.

    Attributes:
        began: when it was started: the credentials that it gives expire by this moment, the same each time.
        calls: for each AssumeRole the role's name, else the action.
        durations: the seconds that were asked for, by role.
        refused: the roles that nobody may assume.
        silent: whether it takes calls and does not answer until it ends.
        reached: set as soon as a call has come.
    """

    def __init__(self) -> None:
        self.began = datetime.now(UTC)
        self.calls: list[str] = []
        self.durations: dict[str, str | None] = {}
        self.refused: set[str] = set()
        self.silent = False
        self.reached = threading.Event()
        self.over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.sts = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def environ(self) -> dict[str, str]:
        """The variables that lead here, and nowhere else."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self._server.server_port}",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_MAX_ATTEMPTS": "1",
            "NO_PROXY": "127.0.0.1",
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    sts: Sts
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        sts = self.server.sts
        length = int(self.headers.get("Content-Length", "0"))
        asked = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        role = asked.get("RoleArn", "").rpartition("/")[2]
        sts.calls.append(role or asked.get("Action", "?"))
        if role:
            sts.durations[role] = asked.get("DurationSeconds")
        sts.reached.set()
        if sts.silent:
            sts.over.wait(_SILENCE)
            return
        if asked.get("Action") == "GetCallerIdentity":
            self._answer(200, _identity(self.headers.get("Authorization", "")))
        elif role in sts.refused or asked.get("TokenCode", GOOD_CODE) != GOOD_CODE:
            self._answer(403, _refusal(role, asked))
        else:
            self._answer(200, _credentials(role, asked, sts.began))

    def _answer(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output to itself."""


def key_of(role: str) -> str:
    """Return the access key id that a role is given."""
    return f"ASIA{role.upper():X<16.16}"


def _identity(authorization: str) -> str:
    key = authorization.partition("Credential=")[2].partition("/")[0]
    role = key[4:].rstrip("X").capitalize()
    arn = f"assumed-role/{role}/me" if key.startswith("ASIA") else "user/base"
    service = "sts" if key.startswith("ASIA") else "iam"
    return f"""<GetCallerIdentityResponse xmlns="{_NAMESPACE}"><GetCallerIdentityResult>
<UserId>AROA:me</UserId><Account>123456789012</Account><Arn>arn:aws:{service}::123456789012:{arn}</Arn>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""


def _refusal(role: str, asked: dict[str, str]) -> str:
    message = (
        "MultiFactorAuthentication failed with invalid MFA one time pass code. "
        if "TokenCode" in asked
        else f"User: arn:aws:iam::123456789012:user/base is not authorized to assume {role}"
    )
    return f"""<ErrorResponse xmlns="{_NAMESPACE}"><Error><Type>Sender</Type>
<Code>AccessDenied</Code><Message>{message}</Message></Error></ErrorResponse>"""


def _credentials(role: str, asked: dict[str, str], began: datetime) -> str:
    ends = began + timedelta(seconds=int(asked.get("DurationSeconds", "3600")))
    return f"""<AssumeRoleResponse xmlns="{_NAMESPACE}"><AssumeRoleResult>
<AssumedRoleUser><AssumedRoleId>AROA:me</AssumedRoleId>
<Arn>arn:aws:sts::123456789012:assumed-role/{role}/me</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>{key_of(role)}</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey>
<SessionToken>{TOKEN}</SessionToken><Expiration>{ends:%Y-%m-%dT%H:%M:%SZ}</Expiration></Credentials>
</AssumeRoleResult></AssumeRoleResponse>"""
