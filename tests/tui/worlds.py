"""Made-up worlds for the screen: a home, an environment, and a clock that stands still until it is moved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rolecall.aws.snapshot import Snapshot
from rolecall.demo.home import build
from rolecall.host import Host

NO_NOTICES = "[notices]\nminutes = []\n"
"""Settings with which nothing is said by itself while a test looks at something else."""
NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    """Says the same moment until it is moved."""

    moment: datetime = NOW

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, by: timedelta) -> None:
        self.moment += by


@dataclass(frozen=True, slots=True)
class World:
    """A home with its environment, and the clock that hangs there."""

    home: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)

    @property
    def host(self) -> Host:
        return Host.of(self.home, self.environ, clock=self.clock)

    @property
    def aws(self) -> Path:
        return self.home / ".aws"

    def snapshot(self) -> Snapshot:
        return Snapshot.take(self.host)

    def settle(self, settings: str) -> "World":
        """Write the user's own settings."""
        file = self.host.settings_file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(settings, encoding="utf-8")
        return self

    def write(self, config: str = "", credentials: str = "") -> "World":
        self.aws.mkdir(exist_ok=True, parents=True)
        (self.aws / "config").write_text(config, encoding="utf-8")
        (self.aws / "credentials").write_text(credentials, encoding="utf-8")
        return self


def demo_world(home: Path) -> World:
    """Write the demo's home; its times are relative to NOW."""
    home.mkdir(exist_ok=True)
    demo = build(home, NOW)
    world = World(demo.home, demo.environ)
    return world.settle(NO_NOTICES)


def role(name: str, source: str, account: str = "111122223333") -> str:
    """Return the section of a role profile."""
    arn = f"arn:aws:iam::{account}:role/{name}"
    return f"[profile {name}]\nrole_arn = {arn}\nsource_profile = {source}\n"


def keys(name: str) -> str:
    """Return the section of a pair of long-term keys, for the credentials file."""
    pair = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = CANARYcanary\n"
    return f"[{name}]\n{pair}"
