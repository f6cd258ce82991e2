"""One small change to one file of a home, to and fro, as an AWS tool or an editor would make it."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from homes import Home, stamp

LONG_AGO = timedelta(days=5)  # so that "5d ago" stays as it is


class Alternation:
    """A file that goes to and fro between what it holds and something else.

    Attributes:
        what: the kind of file, in words.
        profile: the profile that looks different for it.
    """

    def __init__(self, home: Home, path: Path, other: bytes, *, what: str, profile: str) -> None:
        self.what = what
        self.profile = profile
        self._path = path
        self._contents = [path.read_bytes(), other]
        self._fresh = home.path / "fresh"

    @classmethod
    def of_entry(cls, home: Home, role: str) -> "Alternation":
        """Let the cached credentials of a role end, and come back."""
        path = home.entries[role]
        return cls(home, path, _ended(path), what="cache entry", profile=role)

    @classmethod
    def of_secret(cls, home: Home, profile: str) -> "Alternation":
        """Take the line with a profile's secret out of the credentials file, and put it back."""
        other = _without_secret(home.credentials, profile)
        return cls(home, home.credentials, other, what="credentials line", profile=profile)

    def flip(self) -> float:
        """Give the file its other content, and return the moment before.

        In one step, as botocore writes its cache. The new file is made in the home, where nobody
        watches, so that who watches the directory of the old one sees a single event.
        """
        self._contents.reverse()
        moment = time.perf_counter()
        self._fresh.write_bytes(self._contents[0])
        self._fresh.chmod(0o600)
        self._fresh.replace(self._path)
        return moment


def _ended(entry: Path) -> bytes:
    content = json.loads(entry.read_bytes())
    content["Credentials"]["Expiration"] = stamp(datetime.now(UTC) - LONG_AGO)
    return json.dumps(content).encode()


def _without_secret(credentials: Path, name: str) -> bytes:
    head, header, tail = credentials.read_text(encoding="utf-8").partition(f"[{name}]\n")
    lines = tail.splitlines(keepends=True)
    secret = next(i for i, line in enumerate(lines) if line.startswith("aws_secret_access_key"))
    del lines[secret]
    return (head + header + "".join(lines)).encode()
