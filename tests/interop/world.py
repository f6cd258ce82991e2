"""A home of AWS files and an environment, which the real ``aws`` and rolecall both look at."""

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent

from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.interop.real_aws import AwsRun, run_aws

HAS_CRT = importlib.util.find_spec("awscrt") is not None
"""Whether ``aws`` will find the CRT, without which it refuses ``login_session``."""


@dataclass(frozen=True, slots=True)
class World:
    """A home that holds what a test puts there, and every variable that is set."""

    home: Path
    environ: Mapping[str, str]

    @property
    def cli_cache(self) -> Path:
        """The CLI's cache of roles."""
        return self.home / ".aws" / "cli" / "cache"

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file under ``~/.aws``; text loses the indentation that it has in the test."""
        path = self.home / ".aws" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else dedent(content).encode())
        return path

    def having(self, variables: Mapping[str, str]) -> "World":
        """Return the same home with more variables set."""
        return replace(self, environ={**self.environ, **variables})

    def host(self) -> Host:
        """Return this world as rolecall sees it."""
        return Host.of(self.home, self.environ, has_crt=HAS_CRT)

    def look(self) -> Snapshot:
        """Return what rolecall says of it now."""
        return Snapshot.take(self.host())

    def aws(self, profile: str | None = None, *options: str) -> AwsRun:
        """Run ``aws sts get-caller-identity`` in it."""
        return run_aws(self.environ, profile, *options)

    def cached(self) -> set[str]:
        """Return the names of the files in the CLI's cache."""
        return {path.name for path in self.cli_cache.glob("*")}

    def contents(self) -> dict[Path, tuple[int, bytes]]:
        """Return when each file of the home was last written, and what is in it."""
        return {
            path: (path.stat().st_mtime_ns, path.read_bytes())
            for path in self.home.rglob("*")
            if path.is_file()
        }
