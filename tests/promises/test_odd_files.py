"""Whatever stands where a file is read, nothing hangs, nothing dies, and the rest is told as ever."""

import os
import re
import shutil
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import rolecall
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.registry import examine
from rolecall.host import Host
from tests.aws.entries import role_entry
from tests.cli.program import Program
from tests.homes import make_home, put, soon

pytestmark = pytest.mark.long

HEX, LONG_HEX = "0a" * 20, "0a" * 32
GIGABYTES = 100 * 10**9
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - it is emptied below


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(GIGABYTES)


def link_to(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


ODD: Mapping[str, Callable[[Path], object]] = {
    "a FIFO": os.mkfifo,
    "a socket": lambda path: os.mknod(path, stat.S_IFSOCK | 0o600),
    "an endless device": link_to("/dev/zero"),
    "a full device": link_to("/dev/full"),
    "a terminal": link_to("/dev/tty"),
    "a directory": Path.mkdir,
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to nowhere": link_to("nowhere"),
    "a link to its directory": link_to("."),
    "100 GB": sparse,
    "a file of the kernel": link_to("/proc/self/mem"),
    "a descriptor": link_to("/dev/fd/0"),
    "no text": lambda path: put(path, b"\xff\x00" * 9),
    "nothing": lambda path: put(path, b""),
}
CONFIG = """[profile good]
region = eu-west-1
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = CANARY
[profile web]
role_arn = arn:aws:iam::123456789012:role/x
web_identity_token_file = {HOME}/token
ca_bundle = {HOME}/bundle
[profile last]
region = eu-west-1
"""
BESIDE = {
    "BOTO_CONFIG": "boto",
    "AWS_CREDENTIAL_FILE": "ec2",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "token",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "container",
    "AWS_CA_BUNDLE": "bundle",
}
CACHED = (
    *(f".aws/{name}/cache/{HEX}.json" for name in ("cli", "sso", "boto")),
    f".aws/login/cache/{LONG_HEX}.json",
    ".aws/cli/cache/odd.json",
    ".aws/sso/cache/botocore-client-id-eu-west-1.json",
    ".aws/cli/cache/tmpabcdefgh.tmp",
    os.fsdecode(b".aws/cli/cache/\xff\n.json"),
)
COMMANDS = (("list",), ("list", "--json"), ("show", "good"), ("env",), ("cache", "list"), ("doctor",))


def looks(host: Host) -> None:
    """Look at a home in every way, and see that each comes to its end and nothing is a bug."""
    with soon(20):
        snapshot = Snapshot.take(host)
        examine(snapshot)
        assert snapshot.reread() is snapshot
        for command in COMMANDS:
            outcome = Program(host.home, dict(host.environ))(*command)
            assert outcome.code in (0, 1, 2), (command, outcome.err)
            assert "bug" not in outcome.err


@pytest.mark.parametrize("odd", ODD)
def test_where_the_two_files_are_looked_for(tmp_path: Path, odd: str) -> None:
    for name in ("config", "credentials"):
        host = make_home(tmp_path / name, config=CONFIG, credentials="[other]\nregion = eu-west-1\n")
        path = host.home / ".aws" / name
        path.unlink()
        ODD[odd](path)
        looks(host)


@pytest.mark.parametrize("odd", ODD)
def test_where_all_else_is_looked_for(tmp_path: Path, odd: str) -> None:
    environ = {variable: f"{{HOME}}/{name}" for variable, name in BESIDE.items()}
    host = make_home(
        tmp_path / "home", config=CONFIG, environ=environ, caches={"cli/good.json": role_entry()}
    )
    for name in (*dict.fromkeys(BESIDE.values()), *CACHED, ".config/rolecall/settings.toml"):
        path = host.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        ODD[odd](path)
    looks(host)
    snapshot = Snapshot.take(host)
    assert list(snapshot.profiles) == ["good", "web", "last"]
    assert any(entry.identity for entry in snapshot.entries)


@pytest.mark.parametrize("odd", ODD)
def test_where_a_cache_directory_is_looked_for(tmp_path: Path, odd: str) -> None:
    environ = {"AWS_LOGIN_CACHE_DIRECTORY": "{HOME}/logins"}
    host = make_home(tmp_path / "home", config=CONFIG, environ=environ, caches={"sso/x.json": b"{"})
    for name in ("logins", ".aws/cli/cache", ".aws/boto/cache"):
        (host.home / name).parent.mkdir(parents=True, exist_ok=True)
        ODD[odd](host.home / name)
    looks(host)
    assert f"{host.home}/.aws/sso/cache/x.json" in {str(entry.path) for entry in Snapshot.take(host).entries}


_KEYS = """[dated]
aws_access_key_id = ASIA
aws_secret_access_key = CANARY
aws_session_token = t
expiration = """
ODD_TIMES: tuple[object, ...] = (10**30, -(10**30), 1e999, True, None, "", "0000-01-01T00:00:00Z",
             "99999-01-01T00:00:00Z",
             "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "nan",
             "1e400", "٣٠٣٠-01-01T00:00:00Z", "2030-01-01T00:00:00+99:00", {"a": {"b": []}}, [[]],
             "9" * 5000, "2030-02-30T00:00:00Z", "\ud800", "12:00 PM AM" * 300)  # fmt: skip


@pytest.mark.parametrize("end", ODD_TIMES, ids=repr)
def test_whatever_stands_for_a_time(tmp_path: Path, end: object) -> None:
    role = role_entry()
    role["Credentials"] = {"AccessKeyId": "A", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": end}
    token = {"startUrl": "u", "accessToken": "t", "expiresAt": end, "registrationExpiresAt": end,
             "refreshToken": "r", "clientId": "c", "clientSecret": "s"}  # fmt: skip
    keys = ("accessKeyId", "secretAccessKey", "sessionToken", "accountId")
    access = dict.fromkeys(keys, end) | {"expiresAt": end}
    login = {"accessToken": access, "refreshToken": "r", "dpopKey": "MAZDQU5BUlk=", "clientId": "c"}
    host = make_home(
        tmp_path / "home",
        config=CONFIG,
        credentials=_KEYS + str(end).encode(errors="replace").decode(),
        caches={
            f"cli/{HEX}.json": role,
            f"sso/{HEX}.json": token,
            f"login/{LONG_HEX}.json": login,
            f"sso/{HEX[::-1]}.json": {"clientId": "c", "expiresAt": end},
        },
    )
    looks(host)


@pytest.mark.parametrize(
    "text", ["[" * 10**5, '{"a":' * 10**5, '{"a": ' + "1" * 10**5 + "}", "NaN", '"\\ud800"', "[1e999]"]
)
def test_whatever_stands_in_a_cache_file(tmp_path: Path, text: str) -> None:
    host = make_home(tmp_path / "home", config=CONFIG)
    for name in CACHED:
        put(host.home / name, text)
    looks(host)


@pytest.mark.parametrize("year", [-70_000, -1, 0, 10_000, 99_999_999_999_999 // 31_557_600])
def test_whenever_a_file_was_written(tmp_path: Path, year: int) -> None:
    # where the file system keeps such times
    place = SHARED_MEMORY if SHARED_MEMORY.is_dir() else tmp_path
    host = make_home(
        place / f"rolecall-{os.getpid()}-{year}", config=CONFIG, credentials="", files={"token": "a.b.c"}
    )
    for name in CACHED:
        put(host.home / name, role_entry())
    for path in host.home.rglob("*"):
        os.utime(path, ((year - 1970) * 31_557_600,) * 2)
    try:
        looks(host)
    finally:
        shutil.rmtree(host.home)


def test_a_file_of_100_gb_is_told_and_can_be_cleared(tmp_path: Path) -> None:
    host = make_home(tmp_path / "home", config=CONFIG, files={".aws/cli/cache/": ""})
    path = host.home / f".aws/cli/cache/{HEX}.json"
    sparse(path)
    program = Program(host.home)
    with soon(20):
        assert "is too large: it has more than 1 MiB" in program("cache", "list", "--json").out
        assert program("cache", "clear", "--corrupt", "--yes").code == 0
    assert not path.exists()


def test_only_one_function_opens_what_is_read() -> None:
    source = Path(rolecall.__file__).parent
    opening = re.compile(r"\.read_text\(|\.read_bytes\(|\bopen\(|raw_config_parse\(|load_config\(")
    for folder in ("aws", "doctor", "messages", "tui", "cli"):
        for path in (source / folder).rglob("*.py"):
            # what is made anew, or written only, is not read
            lines = [line for line in path.read_text().splitlines() if opening.search(line)]
            code = [line for line in lines if not re.search(r"os\.(devnull|O_EXCL|O_WRONLY)", line)]
            assert code == [], path
