"""A home whose AWS is a stub on loopback."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.homes import put
from tests.interop.sts import gives
from tests.interop.stub import Stub
from tests.interop.texts import BASE

ACCOUNT = "123456789012"
DEVICE = f"arn:aws:iam::{ACCOUNT}:mfa/me"


def role(name: str, source: str = "base", more: str = "") -> str:
    """Return the section of a profile that assumes the role of its own name."""
    return (
        f"[profile {name}]\nrole_arn = arn:aws:iam::{ACCOUNT}:role/{name}\nsource_profile = {source}\n{more}"
    )


def device(serial: str = DEVICE) -> str:
    """Return the line of a role that wants an MFA code."""
    return f"mfa_serial = {serial}\n"


@dataclass
class Place:
    """A home beside a stub.

    Attributes:
        home: the directory.
        stub: the AWS of this place; it gives every role.
        environ: the variables beside those that lead to the stub.
    """

    home: Path
    stub: Stub
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stub.rules["AssumeRole"] = gives()
        self.stub.rules["AssumeRoleWithWebIdentity"] = gives()

    @property
    def cache(self) -> Path:
        """The CLI's cache."""
        return self.home / ".aws" / "cli" / "cache"

    def snapshot(self, config: str | None = None) -> Snapshot:
        """Return what is there; with ``config``, keys in ``base`` and these sections are written before."""
        if config is not None:
            put(self.home / ".aws" / "config", BASE + config)
        return Snapshot.take(Host.of(self.home, self.variables))

    @property
    def variables(self) -> Mapping[str, str]:
        """All that is set but HOME."""
        return {
            "NO_PROXY": "127.0.0.1",
            "BOTO_CONFIG": str(self.home / ".boto"),
            "AWS_ENDPOINT_URL": self.stub.url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_DEFAULT_REGION": "eu-west-1",
        } | self.environ

    def keep(self, snapshot: Snapshot, name: str, content: str) -> Path:
        """Put an entry where the profile's role is kept."""
        file = snapshot.profiles[name].cache_file
        assert file is not None
        return put(self.cache / file, content)

    def contents(self) -> dict[str, tuple[int, bytes]]:
        """Return the files of the cache: when each was written, and what is in it."""
        return {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in self.cache.glob("*")}

    def assumed(self) -> list[str]:
        """Return the roles that were asked for, in order."""
        return [
            request["RoleArn"].rpartition("/")[2]
            for request in self.stub.requests
            if request["Action"].startswith("AssumeRole")
        ]
