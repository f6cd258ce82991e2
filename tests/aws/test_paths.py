"""Where the AWS tools look, and what stands there."""

import contextlib
import errno
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from rolecall.aws import paths
from rolecall.aws.paths import Presence
from rolecall.host import Host
from tests.homes import soon


def found(home: Path, **environ: str) -> paths.Paths:
    return paths.find(Host.of(home, environ))


# Which files are in force (aws-facts: "Files")


def test_all_stands_below_the_home(tmp_path: Path) -> None:
    assert found(tmp_path) == paths.Paths(
        config=tmp_path / ".aws/config",
        credentials=tmp_path / ".aws/credentials",
        cli_cache=tmp_path / ".aws/cli/cache",
        sso_cache=tmp_path / ".aws/sso/cache",
        login_cache=tmp_path / ".aws/login/cache",
        boto_cache=tmp_path / ".aws/boto/cache",
        cli_history=tmp_path / ".aws/cli/history",
    )


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("/etc/aws", "/etc/aws"),
        ("~/aws", "{HOME}/aws"),
        ("$HOME/aws", "{HOME}/aws"),
        ("${PLACE}/aws", "/place/aws"),
        ("$UNSET/aws", "$UNSET/aws"),
        ("relative", "relative"),
    ],
)
@pytest.mark.parametrize(
    ("variable", "part"),
    [
        ("AWS_CONFIG_FILE", "config"),
        ("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        ("AWS_LOGIN_CACHE_DIRECTORY", "login_cache"),
    ],
)
def test_a_variable_moves_it(tmp_path: Path, variable: str, part: str, value: str, path: str) -> None:
    where = found(tmp_path, PLACE="/place", **{variable: value})
    assert getattr(where, part) == Path(path.replace("{HOME}", str(tmp_path)))


def test_an_empty_variable_means_no_file(tmp_path: Path) -> None:
    where = found(tmp_path, AWS_CONFIG_FILE="", AWS_SHARED_CREDENTIALS_FILE="")
    assert (where.config, where.credentials) == (None, None)


def test_the_other_caches_cannot_be_moved(tmp_path: Path) -> None:
    where = found(tmp_path, AWS_LOGIN_CACHE_DIRECTORY="/elsewhere")
    assert where.caches == (
        tmp_path / ".aws/cli/cache",
        tmp_path / ".aws/sso/cache",
        Path("/elsewhere"),
        tmp_path / ".aws/boto/cache",
    )


# What stands at a path


def directory(path: Path) -> None:
    path.mkdir()


def fifo(path: Path) -> None:
    os.mkfifo(path)


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, contextlib.chdir(path.parent):
        server.bind(path.name)  # the name alone: a socket's path must be short


def link_to_null(path: Path) -> None:
    path.symlink_to(os.devnull)


def dangling(path: Path) -> None:
    path.symlink_to("gone")


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def below_a_file(path: Path) -> None:
    path.parent.rmdir()
    path.parent.write_text("")


def below_a_link_to_nowhere(path: Path) -> None:
    path.parent.rmdir()
    path.parent.symlink_to("gone")


def nothing(_: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("make", "presence", "reason"),
    [
        (nothing, Presence.MISSING, None),
        (dangling, Presence.MISSING, "is a broken symlink to gone; AWS tools treat it as missing"),
        (directory, Presence.UNREADABLE, "is a directory; AWS tools treat it as missing"),
        (fifo, Presence.UNREADABLE, "is a FIFO; AWS tools treat it as missing"),
        (a_socket, Presence.UNREADABLE, "is a socket; AWS tools treat it as missing"),
        (link_to_null, Presence.UNREADABLE, "is a device; AWS tools treat it as missing"),
        (
            loop,
            Presence.UNREADABLE,
            f"cannot be read ({os.strerror(errno.ELOOP)}); AWS tools treat it as missing",
        ),
    ],
)
def test_what_is_no_file_is_said_in_words(
    tmp_path: Path, make: Callable[[Path], None], presence: Presence, reason: str | None
) -> None:
    path = tmp_path / "d" / "file"
    path.parent.mkdir()
    make(path)
    look = paths.look(path)
    assert (look.presence, look.reason, look.stamp) == (presence, reason, None)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (below_a_file, "is not a directory"),
        (below_a_link_to_nowhere, "is a symlink to gone, which cannot be reached"),
    ],
)
def test_what_is_in_the_way_above_a_file_is_named(
    tmp_path: Path, make: Callable[[Path], None], words: str
) -> None:
    above = tmp_path / "d"
    above.mkdir()
    make(above / "file")
    for path in (above / "file", above / "e" / "file"):
        look = paths.look(path)
        reason = f"cannot be reached: {above} {words}; AWS tools treat it as missing"
        assert (look.presence, look.reason) == (Presence.UNREADABLE, reason)


@pytest.mark.ordinary_user
@pytest.mark.parametrize("mode", [0o000, 0o600])
def test_of_a_closed_directory_it_is_said_whose_it_is_and_what_mode_it_has(tmp_path: Path, mode: int) -> None:
    above = tmp_path / "d"
    above.mkdir()
    (above / "file").write_text("")
    above.chmod(mode)
    look = paths.look(above / "file")
    above.chmod(0o700)
    owner = f"belongs to {above.owner()}, mode {mode:03o}"
    reason = f"cannot be reached: {above} {owner}; AWS tools treat it as missing"
    assert (look.presence, look.reason) == (Presence.UNREADABLE, reason)


@pytest.mark.parametrize(
    ("name", "presence", "reason"),
    [
        ("a\0b", Presence.MISSING, "is not a possible file name"),
        ("x" * 5000, Presence.UNREADABLE, "cannot be read (File name too long)"),
    ],
)
def test_an_impossible_name_is_no_crash(name: str, presence: Presence, reason: str) -> None:
    look = paths.look(Path(name))
    assert look.presence is presence
    assert str(look.reason).startswith(reason)


def test_a_closed_directory_is_told_from_a_missing_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_: Path) -> os.stat_result:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "stat", closed)
    look = paths.look(tmp_path / "config")
    assert look.presence is Presence.UNREADABLE
    assert look.reason == "cannot be reached (Permission denied); AWS tools treat it as missing"


def test_a_file_has_a_mode_and_a_stamp(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("x")
    path.chmod(0o640)
    look = paths.look(path)
    assert (look.presence, look.reason) == (Presence.FILE, None)
    assert stat.S_IMODE(look.mode) == 0o640
    assert look.stamp == paths.Stamp.of(path.stat())


def test_a_symlink_to_a_file_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to("file")
    assert paths.look(tmp_path / "link") == paths.look(tmp_path / "file")


def rewritten(path: Path) -> None:
    path.write_text("longer")


def rewritten_in_the_same_size(path: Path) -> None:
    path.write_text("y")


def replaced(path: Path) -> None:
    path.with_name("new").write_text("x")
    path.with_name("new").replace(path)


def touched(path: Path) -> None:
    os.utime(path, (1, 1))


@pytest.mark.parametrize("change", [rewritten, rewritten_in_the_same_size, replaced, touched])
def test_every_change_changes_the_stamp(tmp_path: Path, change: Callable[[Path], None]) -> None:
    path = tmp_path / "file"
    path.write_text("x")
    os.utime(path, (2, 2))  # so that the change falls in no same tick of the clock
    before = paths.look(path).stamp
    change(path)
    assert paths.look(path).stamp != before


# Reading


def test_bytes_are_read_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"a\r\n\x00\xff\x1a\n")
    assert paths.read_file(tmp_path / "file") == b"a\r\n\x00\xff\x1a\n"


@pytest.mark.parametrize("make", [nothing, directory, fifo, a_socket, link_to_null, loop, dangling])
def test_what_is_no_file_cannot_be_read(tmp_path: Path, make: Callable[[Path], None]) -> None:
    # GIVEN what came into the place of a file since it was looked at; to open a FIFO without a writer hangs
    make(tmp_path / "file")
    with soon(), pytest.raises(OSError, match=r".+"):
        paths.read_file(tmp_path / "file")
