"""The made-up home: Meadow's accounts, people and troubles."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from importlib import resources
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory

from rolecall.aws.config_file import FileKind, read_file
from rolecall.aws.profiles import Profiles, merge
from rolecall.demo import callers, credential_process, service
from rolecall.demo.caches import HomeFile, cached_files
from rolecall.host import utc_now
from rolecall.signals import ending_by_exception, undisturbed
from rolecall.values import dataclass


@contextmanager
def temporary_directory(prefix: str) -> Iterator[Path]:
    """Yield a fresh directory, readable by this user alone, and remove it with all that is in it.

    It is removed at the end of the block, at an exception and at ctrl+c; at SIGTERM and SIGHUP,
    which raise ``SystemExit`` inside the block; and at the interpreter's exit if the block was
    never left. Handlers are put back afterwards; a signal that was ignored (nohup) stays ignored.
    """
    with ending_by_exception():
        directory = TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
        try:
            yield Path(directory.name)
        finally:
            with undisturbed():
                directory.cleanup()


_TOKEN_FILE = ".kube/aws-token"  # noqa: S105 - a path
_SETTLED = timedelta(days=6)  # since when the files are as they are
_SUMMER_TIME = timezone(timedelta(hours=2))  # login helpers write the user's own zone


@dataclass(frozen=True, slots=True)
class DemoHome:
    """A home directory and the whole of its environment; nothing of the user's own is in either."""

    home: Path
    environ: dict[str, str]


@contextmanager
def demo_home(now: datetime | None = None) -> Iterator[DemoHome]:
    """Yield the made-up home in a temporary directory that is removed however the program ends.

    Everything works in it: its environment leads to a made-up AWS on loopback, which runs until then, and
    its ``credential_process`` can be run. Where loopback has no port to give, calls fail; none goes out.
    """
    built = now if now is not None else utc_now()
    with temporary_directory("rolecall-demo-") as directory, service.listening() as opened:
        home = directory.absolute()
        profiles = _furnish(home, built, credential_process.command(home))
        _write(home, HomeFile(credential_process.PATH, credential_process.script(), built - _SETTLED))
        environ = {**_environ(home, built), **service.variables(service.address(opened))}
        with service.serving(opened, profiles, built, utc_now):
            yield DemoHome(home, environ)


def build(directory: Path, now: datetime) -> DemoHome:
    """Write the made-up home into an existing directory, its times relative to ``now`` (aware).

    It is to be looked at: nothing in it leads to the made-up AWS, so that it is the same each time.
    """
    home = directory.absolute()  # config holds a path of it
    _furnish(home, now, credential_process.COMMAND)
    return DemoHome(home, _environ(home, now))


def _furnish(home: Path, now: datetime, command: str) -> Profiles:
    """Write every file that AWS tools read, and return the profiles in them."""
    for file in _files(home, now, command):
        _write(home, file)
    profiles = _read(home / ".aws")
    for file in cached_files(profiles, now):
        _write(home, file)
    return profiles


def _files(home: Path, now: datetime, command: str) -> Iterator[HomeFile]:
    """Yield what the caches are derived from: the two files, and a token that config points at."""
    written = now - _SETTLED
    config_values = {"web_identity_token_file": home / _TOKEN_FILE, "helper": command}
    yield HomeFile(".aws/config", _fill("config.ini", config_values), written)
    yield HomeFile(".aws/credentials", _fill("credentials.ini", _credentials_values(now)), written)
    yield HomeFile(_TOKEN_FILE, _web_identity_token(now).encode(), now - timedelta(hours=2))


def _web_identity_token(now: datetime) -> str:
    return callers.web_identity_token(now + timedelta(hours=22))


def _credentials_values(now: datetime) -> dict[str, str]:
    return {
        "secret_key": callers.SECRET_KEY,
        "session_token": callers.SESSION_TOKEN,
        "legacy_expires": _iso(now - timedelta(hours=3), _SUMMER_TIME),
        "okta_expires": _iso(now + timedelta(hours=2, minutes=40), _SUMMER_TIME),
    }


def _fill(name: str, values: Mapping[str, object]) -> bytes:
    text = resources.files("rolecall.demo").joinpath(name).read_text(encoding="utf-8")
    return Template(text).substitute(values).encode()


def _read(aws: Path) -> Profiles:
    return merge(
        read_file(aws / "config", FileKind.CONFIG, "utf-8"),
        read_file(aws / "credentials", FileKind.CREDENTIALS, "utf-8"),
    )


def _environ(home: Path, now: datetime) -> dict[str, str]:
    """A shell after a long day: live, but not what its owner thinks it is."""
    return {
        "HOME": str(home),
        "AWS_PROFILE": "dev",  # typed this morning: CLI v2 takes this one
        "AWS_DEFAULT_PROFILE": "prod-deploy",  # from some rc file: boto3 and CLI v1 take this one
        "AWS_REGION": "us-east-1",  # boto3 and CLI v1 ignore it
        "AWS_DEFAULT_REGION": "eu-west-1",
        # what is left of exported keys after only the two keys were unset
        "AWS_SESSION_TOKEN": callers.SESSION_TOKEN,
        "AWS_CREDENTIAL_EXPIRATION": _iso(now - timedelta(hours=5), UTC),
        "AWS_SDK_LOAD_CONFIG": "1",
        "AWS_PAGER": "",
    }


def _iso(moment: datetime, zone: timezone) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")


def _write(home: Path, file: HomeFile) -> None:
    """Write a file and its directories as the AWS tools do: for this user's eyes alone."""
    *directories, _home = Path(file.path).parents
    for directory in reversed(directories):
        (home / directory).mkdir(mode=0o700, exist_ok=True)
    path = home / file.path
    path.write_bytes(file.content)
    path.chmod(0o600)
    os.utime(path, (file.written.timestamp(), file.written.timestamp()))
