"""A person who logs in by the device flow: botocore's own client, a service on loopback, no real time."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rolecall.actions.prompts import Authorization
from rolecall.actions.worker import clients
from rolecall.actions.worker.sso_login import DeviceFlow
from tests.homes import NOW
from tests.interop.sso_stub import SsoStub

PORTAL = "https://corp.awsapps.com/start"
SCOPES = ["sso:account:access"]


@dataclass
class Evening:
    """A person who takes their time, and the clock that goes on meanwhile."""

    now: datetime = NOW
    shown: list[Authorization] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    is_waiting: bool = False

    def authorize(self, authorization: Authorization) -> None:
        self.shown.append(authorization)

    def tell(self, step: str) -> None:
        self.told.append(step)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        self.is_waiting = True
        yield
        self.is_waiting = False

    def sleep(self, seconds: float) -> None:
        assert self.is_waiting, "or the login would be ended for want of a sign of life"
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


@dataclass
class Login:
    """One login with all that it touches."""

    stub: SsoStub
    client: Any
    evening: Evening
    cache: dict[str, Any] = field(default_factory=dict)

    def go(self) -> Mapping[str, str]:
        return self.flow("corp", SCOPES).log_in("token", "registration")

    def flow(self, session: str | None, scopes: list[str] | None) -> DeviceFlow:
        return DeviceFlow(
            client=self.client,
            cache=self.cache,
            person=self.evening,
            start_url=PORTAL,
            region="eu-west-1",
            session=session,
            scopes=scopes,
            registered=self.cache.get("registration", {}),
            clock=lambda: self.evening.now,
            sleep=self.evening.sleep,
        )


@contextmanager
def one_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Login]:
    """Have the service run, and one person at it."""
    config = tmp_path / "config"
    config.write_text("[profile dev]\n")
    with SsoStub() as stub:
        for name, value in {
            "AWS_CONFIG_FILE": str(config),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
            "AWS_ENDPOINT_URL_SSO_OIDC": stub.url,
            "NO_PROXY": "127.0.0.1",
        }.items():
            monkeypatch.setenv(name, value)
        stub.answers.registered_for = NOW - datetime.now(NOW.tzinfo) + timedelta(days=90)
        yield Login(stub, clients.unsigned_client("sso-oidc", "eu-west-1", "dev", 5.0), Evening())
