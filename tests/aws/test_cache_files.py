"""The four cache directories, and what each file holds (aws-facts §4)."""

import errno
import os
from pathlib import Path

import pytest

from rolecall.aws import cache_files, paths
from rolecall.aws.cache_files import CacheFile, CacheKind
from tests.aws.entries import (
    HOUR,
    in_,
    login_token,
    registration,
    role_entry,
    sso_role_entry,
    sso_token,
    without,
)
from tests.conftest import HomeMaker
from tests.homes import NOW, Content, put, soon

KEY = "0123456789abcdef0123456789abcdef01234567"
LOGIN_KEY = f"{KEY}89abcdef0123456789abcdef"
"""Stems as the AWS tools make them: SHA-1, and SHA-256 for a login."""


def read(make_home: HomeMaker, name: str, content: Content) -> CacheFile:
    """Read the one file of a home's caches."""
    host = make_home(caches={name: content})
    with soon():
        (file,) = cache_files.read_all(paths.find(host), "utf-8", {}).values()
    return file


# What is fine


@pytest.mark.parametrize("directory", ["cli", "boto"])
def test_a_role(make_home: HomeMaker, directory: str) -> None:
    file = read(make_home, f"{directory}/{KEY}.json", role_entry())
    assert (file.kind, file.problem, file.fault) == (CacheKind.ROLE, None, None)
    assert (file.expires_at, file.access_key) == (NOW + HOUR, "ASIACACHEDEXAMPLE")
    assert file.identity == "arn:aws:sts::123456789012:assumed-role/x/me"
    assert file.path.name == f"{KEY}.json"


@pytest.mark.parametrize(
    "end",
    [
        "2030-01-01T13:00:00Z",
        "2030-01-01T13:00:00+00:00",
        "2030-01-01T13:00:00UTC",
        "2030-01-01T15:00:00+02:00",
    ],
)
def test_the_end_of_a_role_in_every_form_of_its_writers(make_home: HomeMaker, end: str) -> None:
    assert read(make_home, f"cli/{KEY}.json", role_entry(end)).expires_at == NOW + HOUR


def test_a_role_without_a_user_is_named_by_its_account(make_home: HomeMaker) -> None:
    file = read(make_home, f"cli/{KEY}.json", without(role_entry(), "AssumedRoleUser"))
    assert (file.identity, file.problem) == ("123456789012", None)


@pytest.mark.parametrize("user", [None, [], "x", {}, {"Arn": 5}, {"Arn": ""}])
def test_an_odd_user_is_no_name(make_home: HomeMaker, user: object) -> None:
    file = read(make_home, f"cli/{KEY}.json", role_entry() | {"AssumedRoleUser": user})
    assert (file.identity, file.problem) == ("123456789012", None)


def test_a_role_may_have_no_name_at_all(make_home: HomeMaker) -> None:
    entry = without(role_entry(), "AssumedRoleUser", "Credentials.AccountId")
    file = read(make_home, f"cli/{KEY}.json", entry)
    assert (file.identity, file.problem) == (None, None)


def test_when_it_was_written_tells_how_long_it_is(make_home: HomeMaker) -> None:
    host = make_home(caches={f"cli/{KEY}.json": role_entry()})
    path = host.home / ".aws/cli/cache" / f"{KEY}.json"
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    (file,) = cache_files.read_all(paths.find(host), "utf-8", {}).values()
    assert file.written == NOW
    assert CacheFile(path, CacheKind.ROLE).written is None


def test_an_sso_role(make_home: HomeMaker) -> None:
    file = read(make_home, f"cli/{KEY}.json", sso_role_entry())
    assert (file.kind, file.expires_at, file.problem) == (CacheKind.SSO_ROLE, NOW + HOUR, None)


@pytest.mark.parametrize(("ends", "until"), [(None, None), (24 * HOUR, NOW + 24 * HOUR)])
def test_an_sso_token(make_home: HomeMaker, ends: object, until: object) -> None:
    file = read(make_home, f"sso/{KEY}.json", sso_token(HOUR, ends))  # type: ignore[arg-type]
    assert (file.kind, file.expires_at, file.problem) == (CacheKind.SSO_TOKEN, NOW + HOUR, None)
    assert (file.identity, file.renewable_until) == ("https://corp.example/start", until)


@pytest.mark.parametrize("missing", ["refreshToken", "clientId", "clientSecret", "registrationExpiresAt"])
def test_an_sso_token_is_refreshed_with_four_things(make_home: HomeMaker, missing: str) -> None:
    token = without(sso_token(HOUR, 24 * HOUR), missing)
    assert read(make_home, f"sso/{KEY}.json", token).renewable_until is None


@pytest.mark.parametrize(("name", "identity"), [(KEY, None), ("botocore-client-id-eu-west-1", "eu-west-1")])
def test_a_registration(make_home: HomeMaker, name: str, identity: str | None) -> None:
    file = read(make_home, f"sso/{name}.json", registration())
    assert (file.kind, file.identity, file.problem) == (CacheKind.SSO_REGISTRATION, identity, None)
    assert file.expires_at == NOW + HOUR


def test_a_login(make_home: HomeMaker) -> None:
    file = read(make_home, f"login/{LOGIN_KEY}.json", login_token(HOUR))
    assert (file.kind, file.identity, file.problem) == (CacheKind.LOGIN, "123456789012", None)
    assert (file.expires_at, file.access_key) == (NOW + HOUR, "ASIALOGINEXAMPLE")


def test_no_secret_is_kept(make_home: HomeMaker) -> None:
    for name, content in {
        "cli/a.json": role_entry(),
        "sso/a.json": sso_token(HOUR, HOUR),
        "sso/b.json": registration(),
        f"login/{LOGIN_KEY}.json": login_token(),
    }.items():
        host = make_home(caches={name: content})
        assert "CANARY" not in repr(cache_files.read_all(paths.find(host), "utf-8", {}))


# What is no file of the AWS tools


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("session.db", "AWS CLI v2's usage data; has no credentials"),
        ("session.db-wal", "AWS CLI v2's usage data; has no credentials"),
        ("tmpabcd.tmp", "left behind by an interrupted write"),
        ("README", "not one of the AWS tools' files"),
        (".json", "not one of the AWS tools' files"),
    ],
)
def test_a_foreign_file_is_told_from_a_damaged_one(make_home: HomeMaker, name: str, words: str) -> None:
    file = read(make_home, f"cli/{name}", b"SQLite format 3\0")
    assert (file.kind, file.problem, file.fault) == (CacheKind.UNKNOWN, words, None)


def test_what_is_no_file_is_no_entry_or_has_words(make_home: HomeMaker) -> None:
    host = make_home()
    directory = host.home / ".aws" / "cli" / "cache"
    (directory / "below").mkdir(parents=True)
    os.mkfifo(directory / "fifo.json")
    (directory / "loop.json").symlink_to("loop.json")
    (directory / "gone.json").symlink_to("gone")
    (directory / "gone-below.json").symlink_to("/a/directory/gone")
    with soon():
        files = cache_files.read_all(paths.find(host), "utf-8", {})
    assert {Path(name).name: file.problem for name, file in files.items()} == {
        "fifo.json": "is a FIFO; AWS tools treat it as missing",
        "loop.json": f"cannot be read ({os.strerror(errno.ELOOP)}); AWS tools treat it as missing",
        "gone.json": "is a broken symlink to gone; AWS tools treat it as missing",
        "gone-below.json": "is a broken symlink to /a/directory/gone; AWS tools treat it as missing",
    }


def test_kinds_have_the_names_of_the_contract() -> None:
    assert [str(kind) for kind in CacheKind] == [
        "role",
        "sso-role",
        "sso-token",
        "sso-registration",
        "login",
        "unknown",
    ]


# The directories


def test_a_directory_that_is_not_there_is_empty(make_home: HomeMaker) -> None:
    assert cache_files.read_all(paths.find(make_home()), "utf-8", {}) == {}


def test_what_is_in_the_way_of_a_directory_stands_there_with_its_problem(make_home: HomeMaker) -> None:
    host = make_home(files={".aws/cli": "a file"})
    (found,) = cache_files.read_all(paths.find(host), "utf-8", {}).values()
    assert found.problem == f"cannot be reached: {host.home / '.aws/cli'} is not a directory"


def test_a_directory_that_may_not_be_listed_says_so(
    make_home: HomeMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    host = make_home()
    files = cache_files.read_all(paths.find(host), "utf-8", {}).values()
    assert {file.path for file in files} == set(paths.find(host).caches)
    assert {file.problem for file in files} == {"the directory cannot be listed: Permission denied"}


def test_a_symlinked_directory_is_followed(make_home: HomeMaker) -> None:
    host = make_home(files={"elsewhere/a.json": role_entry()})
    (host.home / ".aws" / "cli").mkdir(parents=True)
    (host.home / ".aws" / "cli" / "cache").symlink_to(host.home / "elsewhere")
    (file,) = cache_files.read_all(paths.find(host), "utf-8", {}).values()
    assert file.kind is CacheKind.ROLE


def test_only_the_login_cache_can_be_moved(make_home: HomeMaker) -> None:
    host = make_home(
        environ={"AWS_LOGIN_CACHE_DIRECTORY": "~/logins"}, files={f"logins/{LOGIN_KEY}.json": login_token()}
    )
    (file,) = cache_files.read_all(paths.find(host), "utf-8", {}).values()
    assert file.kind is CacheKind.LOGIN


# Reading again


def test_what_has_not_changed_is_not_read_again(
    make_home: HomeMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = make_home(caches={"cli/a.json": role_entry(), "cli/b.json": b"", "sso/c.json": sso_token()})
    first = cache_files.read_all(paths.find(host), "utf-8", {})
    reads: list[str] = []
    real = paths.read_file

    def counting(path: Path, most: int) -> bytes:
        reads.append(path.name)
        return real(path, most)

    monkeypatch.setattr(paths, "read_file", counting)
    # WHEN nothing has changed
    second = cache_files.read_all(paths.find(host), "utf-8", first)
    assert reads == []
    assert all(second[path] is first[path] for path in first)
    # WHEN one is written, one is new and one is gone
    put(host.home / ".aws/cli/cache/a.json", role_entry(in_(2 * HOUR)))
    put(host.home / ".aws/cli/cache/d.json", role_entry())
    (host.home / ".aws/sso/cache/c.json").unlink()
    third = cache_files.read_all(paths.find(host), "utf-8", second)
    assert reads == ["a.json", "d.json"]
    assert [Path(name).name for name in third] == ["a.json", "b.json", "d.json"]
