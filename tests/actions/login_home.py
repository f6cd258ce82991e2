"""A home with logins of every kind, a service on loopback that it leads to, and a person who listens."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rolecall.actions import login
from rolecall.actions.prompts import Authorization, Cancel
from rolecall.aws import cache_files
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.homes import put
from tests.interop.sso_stub import SsoStub

END = "2999-01-01T00:00:00Z"
PORTAL = "https://corp.awsapps.com/start"
SSO_ROLE = "sso_account_id = 111122223333\nsso_role_name = Reader\n"
CONFIG = f"""\
[sso-session corp]
sso_start_url = {PORTAL}
sso_region = eu-west-1
sso_registration_scopes = sso:account:access
[sso-session other]
sso_start_url = {PORTAL}
sso_region = eu-west-1
sso_registration_scopes = sso:account:access
[profile dev]
sso_session = corp
{SSO_ROLE}
[profile top]
role_arn = arn:aws:iam::111122223333:role/Deploy
source_profile = dev
[profile two]
sso_session = other
{SSO_ROLE}
[profile old]
sso_start_url = {PORTAL}
sso_region = eu-west-1
{SSO_ROLE}
[profile console]
login_session = arn:aws:iam::111122223333:user/me
"""


@dataclass
class Person:
    """Someone who only listens; ``cancel`` is set once the code is shown, where it is given."""

    cancel: Cancel | None = None
    shown: list[Authorization] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def code(self, device: str, problem: str | None, step: str = "") -> str:
        raise AssertionError(f"a login asks for no MFA code ({device}, {problem}, {step})")

    def may_run(self, profile: str, command: str) -> bool:
        raise AssertionError(f"a login runs no program ({profile}, {command})")

    def authorize(self, authorization: Authorization) -> None:
        self.shown.append(authorization)
        if self.cancel is not None:
            self.cancel.set()

    def tell(self, step: str) -> None:
        self.told.append(step)


@dataclass
class World:
    """A home, the service that it leads to, and a person."""

    home: Path
    stub: SsoStub
    person: Person = field(default_factory=Person)
    cancel: Cancel = field(default_factory=Cancel)

    @property
    def cache(self) -> Path:
        return self.home / ".aws" / "sso" / "cache"

    def host(self, **environ: str) -> Host:
        leads = {"AWS_ENDPOINT_URL_SSO": self.stub.url, "AWS_ENDPOINT_URL_SSO_OIDC": self.stub.url}
        return Host.of(self.home, {**leads, "NO_PROXY": "127.0.0.1", **environ})

    def look(self) -> Snapshot:
        return Snapshot.take(self.host())

    def log_in(self, profile: str = "dev") -> login.LoggedIn:
        snapshot = self.look()
        return login.log_in(snapshot, login.target(snapshot, profile), self.person, self.cancel)

    def log_out(self, profile: str = "dev", shown: Snapshot | None = None) -> login.LoggedOut:
        snapshot = shown or self.look()
        return login.log_out(snapshot, login.target(snapshot, profile), self.person, self.cancel)

    def keep_token(self, name: str = "corp") -> None:
        """Put a token where a login leaves it."""
        token = self.stub.new_secret("access-token")
        self.stub.tokens.add(token)
        content = {"startUrl": PORTAL, "region": "eu-west-1", "accessToken": token, "expiresAt": END}
        put(self.token_file(name), json.dumps(content))

    def token_file(self, name: str = "corp") -> Path:
        return self.cache / f"{cache_files.sso_token(name)}.json"

    def role_file(self, profile: str) -> Path:
        hop = self.look().profiles[profile].own_hop
        return self.home / ".aws" / "cli" / "cache" / f"{cache_files.sso_role(hop.settings)}.json"

    def files(self) -> dict[str, bytes]:
        caches = (self.home / ".aws").glob("*/cache/*")
        return {path.name: path.read_bytes() for path in caches if path.is_file()}


@contextmanager
def login_home(place: Path) -> Iterator[World]:
    """Write the home into a directory, and run the service."""
    put(place / ".aws" / "config", CONFIG)
    with SsoStub() as stub:
        yield World(place, stub)


def sso_role(**span: float) -> Mapping[str, object]:
    """Return what CLI v2 keeps of an SSO role."""
    credentials = {
        "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
        "SecretAccessKey": "CANARY",
        "SessionToken": "CANARY",
        "Expiration": (datetime.now(UTC) + timedelta(**span)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "AccountId": "111122223333",
    }
    return {"ProviderType": "sso", "Credentials": credentials}
