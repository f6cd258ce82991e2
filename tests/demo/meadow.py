"""The demo's AWS under test: on loopback, with a clock that is moved by hand, and real clients for it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from rolecall.aws.config_file import FileKind, read_file
from rolecall.aws.profiles import Profiles, merge
from rolecall.demo import callers, service
from rolecall.demo.home import build

TIMEOUT = 30.0
"""Seconds after which an answer counts as lost."""
BASE = "AKIAMEADOWBASEXAMPLE"
CI = "AKIAMEADOWCIXEXAMPLE"


@dataclass(slots=True)
class Clock:
    """Says the same moment until it is moved."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser gets."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class Meadow:
    """The demo's AWS, as it runs."""

    url: str
    clock: Clock
    profiles: Profiles
    session: Any = field(default_factory=botocore.session.Session, repr=False)
    """One for all clients, which then load the services' models once."""

    def client(self, name: str, access_key: str | None = None, token: str | None = None) -> Any:  # noqa: ANN401 - botocore ships no types
        """Return a real client that signs with a key, or with none."""
        config = Config(retries={"total_max_attempts": 1}, read_timeout=TIMEOUT)
        if access_key is None:
            config = config.merge(Config(signature_version=botocore.UNSIGNED))
        return self.session.create_client(
            name,
            region_name="eu-west-1",
            endpoint_url=self.url,
            aws_access_key_id=access_key,
            aws_secret_access_key=callers.SECRET_KEY if access_key else None,
            aws_session_token=token,
            config=config,
        )

    def sts(self, access_key: str | None = BASE, token: str | None = None) -> Any:  # noqa: ANN401 - as above
        """Return STS's client for a long-term key, or for a temporary one, which goes with its token."""
        if access_key is not None and access_key.startswith("ASIA"):
            token = token or callers.SESSION_TOKEN
        return self.client("sts", access_key, token)

    def browse(self, method: str, path: str, body: bytes | str | None = None, **headers: str) -> Page:
        """Ask as a browser does, or as whoever else finds the port."""
        host = urlsplit(self.url)
        connection = HTTPConnection(str(host.hostname), host.port, timeout=TIMEOUT)
        try:
            connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            response = connection.getresponse()
            return Page(response.status, dict(response.getheaders()), response.read().decode())
        finally:
            connection.close()


@contextmanager
def running(directory: Path) -> Iterator[Meadow]:
    """Build the home there, and run the AWS that goes with it."""
    now = datetime.now(UTC).replace(microsecond=0)  # botocore signs with the real clock
    aws = build(directory, now).home / ".aws"
    profiles = merge(
        read_file(aws / "config", FileKind.CONFIG, "utf-8"),
        read_file(aws / "credentials", FileKind.CREDENTIALS, "utf-8"),
    )
    clock = Clock(now)
    with service.listening() as opened, service.serving(opened, profiles, now, clock):
        yield Meadow(service.address(opened), clock, profiles)


def refused(error: ClientError) -> tuple[str, str]:
    """Return the code and the message of an AWS error."""
    answer = error.response["Error"]
    return answer["Code"], answer["Message"]
