"""Everything at one instant: what is in it, and what is read again."""

import dataclasses
import errno
import os
import shutil
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from rolecall.aws import paths
from rolecall.aws.config_file import FileKind, FileStatus
from rolecall.aws.expiry import State
from rolecall.aws.providers import Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.aws.entries import (
    role_entry,
)
from tests.aws.whole import CONFIG, CREDENTIALS, HOME
from tests.conftest import HomeMaker, Taker
from tests.homes import NOW, make_home, put

# What is in it


def test_all_of_a_home_is_in_it(take: Taker) -> None:
    snapshot = take(**HOME, environ={"AWS_PROFILE": "x"})
    assert snapshot.taken_at == NOW
    assert snapshot.taken_at.tzinfo is UTC
    assert [file.role for file in snapshot.files] == [FileKind.CONFIG, FileKind.CREDENTIALS]
    assert list(snapshot.profiles) == ["x", "sso", "old", "login", "web", "process", "base"]
    assert [name for name, report in snapshot.profiles.items() if report.name != name] == []
    assert len(snapshot.entries) == 4
    assert [variable.name for variable in snapshot.variables] == ["AWS_PROFILE"]
    assert set(snapshot.default_session) == set(Tool)


def test_entries_stand_in_the_order_of_directories_and_names(take: Taker) -> None:
    caches = {name: role_entry() for name in ("boto/a.json", "sso/a.json", "cli/b.json", "cli/a.json")}
    entries = take(caches=caches).entries
    assert ["/".join(entry.path.parts[-3::2]) for entry in entries] == [
        "cli/a.json",
        "cli/b.json",
        "sso/a.json",
        "boto/a.json",
    ]


def test_an_empty_home_is_no_error(take: Taker) -> None:
    snapshot = take()
    assert [file.status for file in snapshot.files] == [FileStatus.MISSING] * 2
    assert (snapshot.profiles, snapshot.entries, snapshot.variables) == ({}, (), ())
    for default_session in snapshot.default_session.values():
        assert default_session.resolution.error == "NoCredentialsError"
        assert default_session.expiry.state is State.BROKEN


def test_a_home_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert Snapshot.take(Host.of(tmp_path / "gone")).profiles == {}


@pytest.mark.parametrize("broken", ["config", "credentials"])
def test_a_file_that_does_not_parse_leaves_no_profiles(take: Taker, broken: str) -> None:
    snapshot = take(**{**HOME, broken: "garbage"})
    assert snapshot.profiles == {}
    assert {default_session.resolution.error for default_session in snapshot.default_session.values()} == {
        "ConfigParseError"
    }
    assert len(snapshot.entries) == 4


def test_a_file_that_may_not_be_read_counts_as_empty(
    make_home: HomeMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = paths.read_file

    def refuse(path: Path) -> bytes:
        if path.name == "credentials":
            raise PermissionError(errno.EACCES, "Permission denied")
        return read(path)

    monkeypatch.setattr(paths, "read_file", refuse)
    snapshot = Snapshot.take(make_home(**HOME))
    assert "base" not in snapshot.profiles
    assert snapshot.profiles["x"].resolution.error == "InvalidConfigError"


def test_it_cannot_be_changed(take: Taker) -> None:
    snapshot = take(**HOME)
    with pytest.raises(dataclasses.FrozenInstanceError):
        snapshot.taken_at = NOW  # type: ignore[misc]
    with pytest.raises(TypeError):
        snapshot.profiles["x"] = snapshot.profiles["sso"]  # type: ignore[index]
    with pytest.raises(TypeError):
        snapshot.default_session[Tool.BOTO3] = snapshot.default_session[Tool.CLI_V2]  # type: ignore[index]


def test_taking_it_writes_nothing(make_home: HomeMaker) -> None:
    host = make_home(**HOME)

    def state() -> dict[str, tuple[int, int]]:
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in host.home.rglob("*")}

    before = state()
    Snapshot.take(host, Snapshot.take(host))
    assert state() == before


# What is read again


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files that are read from now on."""
    names: list[str] = []
    read = paths.read_file

    def noting(path: Path) -> bytes:
        names.append(path.name)
        return read(path)

    monkeypatch.setattr(paths, "read_file", noting)
    return names


def test_nothing_is_read_again_that_has_not_changed(make_home: HomeMaker, reads: list[str]) -> None:
    host = make_home(**HOME)
    first = Snapshot.take(host)
    reads.clear()
    second = Snapshot.take(host, first)
    assert set(reads) <= {"token"}  # it is small, and part of a cache file's name
    assert second.files[0] is first.files[0]
    assert second.files[1] is first.files[1]
    assert second.is_same_as(first)


def rewritten(path: Path) -> None:
    path.write_text(path.read_text().replace("BASE", "ROOT").replace("false", "truth"))


def touched(path: Path) -> None:
    os.utime(path, (1, 1))


def replaced(path: Path) -> None:
    shutil.copy(path, path.with_name("new"))
    path.with_name("new").replace(path)


def closed(path: Path) -> None:
    path.chmod(0o400)


@pytest.mark.parametrize("change", [rewritten, touched, replaced, closed])
@pytest.mark.parametrize(("changed", "index"), [("config", 0), ("credentials", 1)])
def test_only_what_has_changed_is_read_again(
    make_home: HomeMaker, reads: list[str], change: Callable[[Path], None], changed: str, index: int
) -> None:
    host = make_home(**{**HOME, "files": {}})
    first = Snapshot.take(host)
    change(host.home / ".aws" / changed)
    reads.clear()
    second = Snapshot.take(host, first)
    assert set(reads) == {changed}
    assert second.files[1 - index] is first.files[1 - index]
    assert second.files[index] is not first.files[index]
    assert not second.is_same_as(first)


def test_another_path_is_another_file(make_home: HomeMaker) -> None:
    first = Snapshot.take(make_home(**HOME))
    put(first.host.home / "other", CONFIG)
    second = Snapshot.take(make_home(**HOME, environ={"AWS_CONFIG_FILE": "~/other"}), first)
    assert second.files[0].path == first.host.home / "other"
    assert second.files[0].status is FileStatus.OK


def test_what_appears_and_what_goes_is_seen(make_home: HomeMaker) -> None:
    host = make_home(config=CONFIG)
    first = Snapshot.take(host)
    put(host.home / ".aws/credentials", CREDENTIALS)
    second = Snapshot.take(host, first)
    assert "base" in second.profiles
    (host.home / ".aws/config").unlink()
    third = Snapshot.take(host, second)
    assert list(third.profiles) == ["base"]
    assert not second.is_same_as(first)
    assert not third.is_same_as(second)


def test_the_moment_is_always_new(make_home: HomeMaker) -> None:
    host = make_home(**HOME)
    first = Snapshot.take(host)
    later = Snapshot.take(host.at(NOW + timedelta(hours=2)), first)
    assert first.profiles["x"].expiry.state is State.VALID
    assert later.profiles["x"].expiry.state is State.EXPIRED
    assert later.is_same_as(first)


@pytest.mark.parametrize("missing", ["config", "credentials"])
@pytest.mark.parametrize("stead", ["", "/"])
def test_without_one_of_the_files_it_is_the_same_too(make_home: HomeMaker, missing: str, stead: str) -> None:
    # GIVEN a home that has but one of the files, as most have, or a directory in the other's place
    files = {f".aws/{missing}/": ""} if stead else {}
    host = make_home(**{**HOME, missing: None, "files": files})
    first = Snapshot.take(host)
    assert Snapshot.take(host, first).is_same_as(first)
    assert first.reread() is first


def test_another_environment_is_not_the_same(make_home: HomeMaker) -> None:
    first = Snapshot.take(make_home(**HOME))
    assert not Snapshot.take(make_home(**HOME, environ={"AWS_PROFILE": "x"}), first).is_same_as(first)


def test_a_changed_cache_is_not_the_same(make_home: HomeMaker) -> None:
    host = make_home(**HOME)
    first = Snapshot.take(host)
    put(host.home / ".aws/cli/cache/new.json", role_entry())
    assert not Snapshot.take(host, first).is_same_as(first)
    second = first.reread()
    assert "new.json" in {entry.path.name for entry in second.entries}


def test_what_has_not_changed_is_the_very_same_snapshot(make_home: HomeMaker, reads: list[str]) -> None:
    host = make_home(**HOME)
    first = Snapshot.take(host)
    reads.clear()
    assert first.reread() is first
    assert not reads


@pytest.mark.parametrize("change", [rewritten, touched, replaced, closed])
@pytest.mark.parametrize("changed", ["config", "credentials"])
def test_what_has_changed_is_seen_when_it_is_read_again(
    make_home: HomeMaker, change: Callable[[Path], None], changed: str
) -> None:
    host = make_home(**{**HOME, "files": {}})
    first = Snapshot.take(host)
    change(host.home / ".aws" / changed)
    second = first.reread()
    assert second is not first
    assert second.profiles.keys() == Snapshot.take(host).profiles.keys()
    assert second.is_same_as(Snapshot.take(host, second))


ROLE = "arn:aws:iam::123456789012:role/x"
WEB = {
    "of a profile": (f"[profile web]\nrole_arn = {ROLE}\nweb_identity_token_file = {{HOME}}/token\n", {}),
    "of the environment": (
        "[profile web]\nregion = eu-west-1\n",
        {"AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token", "AWS_ROLE_ARN": ROLE},
    ),
}


@pytest.mark.parametrize("whose", WEB)
def test_a_new_web_identity_token_is_seen_when_it_is_read_again(make_home: HomeMaker, whose: str) -> None:
    config, environ = WEB[whose]
    host = make_home(config=config, environ=environ)
    first = Snapshot.take(host)
    put(host.home / "token", b"one")
    second = first.reread()
    put(host.home / "token", b"another")
    third = second.reread()
    (host.home / "token").unlink()
    fourth = third.reread()
    assert len({id(each) for each in (first, second, third, fourth)}) == 4
    assert not second.is_same_as(first)
    assert fourth.reread() is fourth


@pytest.mark.parametrize("whose", WEB)
@pytest.mark.parametrize("kept", range(8))
def test_a_token_that_goes_between_two_looks_is_a_token_that_is_not_there(
    make_home: HomeMaker, monkeypatch: pytest.MonkeyPatch, whose: str, kept: int
) -> None:
    # GIVEN a token file that is gone after any number of looks at it, or reads of it
    config, environ = WEB[whose]
    host = make_home(config=config, environ=environ, files={"token": b"one"})
    looks: list[Path] = []

    def vanishing(real: Callable[..., object]) -> Callable[..., object]:
        def look(path: Path, *rest: int) -> object:
            if path.name == "token":
                looks.append(path)
                if len(looks) > kept:
                    path.unlink(missing_ok=True)
            return real(path, *rest)

        return look

    monkeypatch.setattr(paths, "look", vanishing(paths.look))
    monkeypatch.setattr(paths, "read_file", vanishing(paths.read_file))
    snapshot = Snapshot.take(host)
    assert "web" in snapshot.profiles
    assert len([1 for path in looks if path.name == "token"]) <= 3


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "{HOME}/beside"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "{HOME}/beside"),
        ("AWS_CA_BUNDLE", "~/beside"),
        ("REQUESTS_CA_BUNDLE", "{HOME}/beside"),
    ],
)
def test_a_file_beside_the_two_that_comes_goes_or_changes_is_seen(
    make_home: HomeMaker, variable: str, value: str
) -> None:
    host = make_home(environ={variable: value})
    path = host.home / "beside"
    without = Snapshot.take(host)
    path.write_text("a")
    there = without.reread()
    path.write_text("another")
    changed = there.reread()
    assert len({id(each) for each in (without, there, changed)}) == len((without, there, changed))
    assert changed.reread() is changed
    assert [Path(each) for each in changed.tokens] == [path]


def test_an_edited_snapshot_is_what_is_taken_once_the_files_hold_these_bytes(tmp_path: Path) -> None:
    # GIVEN a profile without a file for its keys, and what both files are to hold
    host = make_home(tmp_path, config="[profile a]\nsource_profile = b\n")
    contents = {
        tmp_path / ".aws/config": b"# moved\n[profile a]\nrole_arn = arn:x\nsource_profile = b\n",
        tmp_path / ".aws/credentials": b"[b]\naws_access_key_id = AKIAX\naws_secret_access_key = x\n",
    }
    before = Snapshot.take(host)
    # WHEN
    edited = before.edited(contents)
    # THEN nothing is written, and it is the same instant
    assert not (tmp_path / ".aws/credentials").exists()
    assert (edited.taken_at, before.merged.by_name["a"]) == (before.taken_at, {"source_profile": "b"})
    # AND it says what is said once they are written, line for line
    for path, data in contents.items():
        path.write_bytes(data)
    after = Snapshot.take(host)
    assert edited.merged.by_name == after.merged.by_name
    assert [file.located for file in edited.files] == [file.located for file in after.files]
    assert [file.text for file in edited.files] == [file.text for file in after.files]
    assert edited.profiles["a"].resolutions == after.profiles["a"].resolutions


def test_an_edit_that_does_not_parse_is_told_as_a_file_that_does_not(tmp_path: Path) -> None:
    edited = Snapshot.take(make_home(tmp_path, config="[profile a]\n")).edited(
        {tmp_path / ".aws/config": b"[profile a]\nnothing\n"}
    )
    assert (edited.files[0].status, edited.files[0].line) == (FileStatus.UNPARSEABLE, 2)
    assert edited.profiles == {}
