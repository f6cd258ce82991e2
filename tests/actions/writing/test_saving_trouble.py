"""Whatever the system refuses, at whatever moment: the old file stands whole and alone, and why is told."""

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Plan
from rolecall.actions.writing import saving
from rolecall.actions.writing.replace import Replacement
from tests.actions.writing.saves import (
    NEW,
    NOBODY,
    OLD,
    change,
    failure,
    needs_root,
    no_privileges,
    plan,
    save,
    tree,
)
from tests.actions.writing.systems import SYSTEMS, Failing, pretend
from tests.homes import soon


def open_descriptors() -> list[str]:
    return sorted(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").is_dir() else []  # noqa: PTH208


Prepared = tuple[Plan, dict[str, bytes | str | None], dict[str, bytes | str | None]]


def an_edit(home: Path) -> Prepared:
    (home / "config").write_bytes(OLD)
    return plan(change(home / "config")), {"config": OLD}, {"config": NEW}


def an_edit_behind_a_link(home: Path) -> Prepared:
    (home / "real").write_bytes(OLD)
    (home / "config").symlink_to("real")
    both = {"config": "real"}
    return plan(change(home / "config")), both | {"real": OLD}, both | {"real": NEW}


def a_first_file(home: Path) -> Prepared:
    return plan(change(home / "aws" / "config", None)), {}, {"aws": None, "aws/config": NEW}


def a_removal(home: Path) -> Prepared:
    (home / "config").write_bytes(OLD)
    return plan(change(home / "config", OLD, None)), {"config": OLD}, {}


def two_files(home: Path) -> Prepared:
    (home / "config").write_bytes(OLD)
    before: dict[str, bytes | str | None] = {"config": OLD}
    return plan(change(home / "config"), change(home / "b", None)), before, {"config": NEW, "b": NEW}


@pytest.mark.long
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("prepare", [an_edit, an_edit_behind_a_link, a_first_file, a_removal, two_files])
def test_any_one_call_may_fail(tmp_path: Path, system: str, prepare: Callable[[Path], Prepared]) -> None:
    # GIVEN an edit, of which one call after the other fails
    nth, failures = 0, 0
    while True:
        nth += 1
        home = tmp_path / str(nth)
        home.mkdir()
        edit, before, after = prepare(home)
        opened = open_descriptors()
        failed: ActionFailed | None = None
        with pytest.MonkeyPatch.context() as patch:
            pretend(system, patch)
            failing = Failing(patch, nth)
            # WHEN it is saved
            try:
                saving.save(edit)
            except ActionFailed as error:
                failed = error
        if failing.failed is None:
            break
        # THEN it is done, or not done at all, as it says; and nothing is left open or lying about
        is_done = failed is None or failed.message.startswith("the file was saved, but")
        assert tree(home) == (after if is_done else before), (nth, failing.failed)
        assert open_descriptors() == opened, (nth, failing.failed)
        failures += failed is not None
    assert nth > 20
    assert failures > 10


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("name", ["write", "fsync"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_full_disk_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, name: str, code: int
) -> None:
    # GIVEN a disk that takes half of what is written, or finds out when it is to see it down
    pretend(system, monkeypatch)
    edit, before, _ = an_edit(tmp_path)

    def full(descriptor: int, data: bytes = b"") -> int:
        if name == "write" and len(data) == len(NEW):
            return real(descriptor, data[: len(data) // 2])
        raise OSError(code, os.strerror(code))

    real = os.write
    monkeypatch.setattr(os, name, full)
    # WHEN a file is saved THEN the old one stands, and what to do is said
    failed = failure(lambda: saving.save(edit))
    assert (failed.kind, failed.path) == ("Unwritable", tmp_path / "config")
    assert os.strerror(code) in failed.message
    assert "make room" in (failed.cure or "")
    assert tree(tmp_path) == before


@contextmanager
def mounted(place: Path, *options: str) -> Iterator[None]:
    """Mount something for a while, where that is allowed."""
    done = subprocess.run(["mount", *options, str(place)], capture_output=True, check=False)  # noqa: S607
    if done.returncode != 0:
        pytest.skip("nothing can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)  # noqa: S607


@needs_root
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    with mounted(tmp_path, "-t", "tmpfs", "-o", "size=64k", "none"):
        # GIVEN a small disk with little room
        (tmp_path / "config").write_bytes(OLD)
        (tmp_path / "ballast").write_bytes(b"x" * 40_000)
        # WHEN more is saved than it takes
        failed = failure(lambda: save(tmp_path / "config", OLD, b"#" * 60_000))
        # THEN the old file stands, and once there is room it goes
        assert "No space left on device" in failed.message
        assert tree(tmp_path) == {"config": OLD, "ballast": b"x" * 40_000}
        (tmp_path / "ballast").unlink()
        save(tmp_path / "config", OLD, b"#" * 50_000)
        assert tree(tmp_path) == {"config": b"#" * 50_000}


@needs_root
def test_a_file_system_that_is_read_only(tmp_path: Path) -> None:
    with mounted(tmp_path, "-t", "tmpfs", "none"):
        (tmp_path / "config").write_bytes(OLD)
        subprocess.run(["mount", "-o", "remount,ro", str(tmp_path)], check=True)  # noqa: S607
        failed = failure(lambda: save(tmp_path / "config"))
        assert "Read-only file system" in failed.message
        assert "mounted read-only" in (failed.cure or "")
        assert tree(tmp_path) == {"config": OLD}


@needs_root
def test_a_file_that_is_mounted_by_itself(tmp_path: Path) -> None:
    # GIVEN a container's way to bring a file in
    (tmp_path / "outside").write_bytes(OLD)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config").touch()
    with mounted(tmp_path / "home" / "config", "--bind", str(tmp_path / "outside")):
        # WHEN it is saved THEN it stands as it was, with a word on why
        failed = failure(lambda: save(tmp_path / "home" / "config"))
        assert "mounted by itself" in (failed.cure or "")
        assert tree(tmp_path / "home") == {"config": OLD}


@needs_root
@pytest.mark.parametrize("what", ["config", ""])
def test_what_is_immutable(tmp_path: Path, what: str) -> None:
    (tmp_path / "config").write_bytes(OLD)
    command = ["chattr", "+i", str(tmp_path / what)]
    try:
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            pytest.skip("this file system has no such attribute")
        failed = failure(lambda: save(tmp_path / "config"))
    except FileNotFoundError:
        pytest.skip("there is no chattr")
    finally:
        subprocess.run([command[0], "-i", command[2]], check=False)
    assert failed.kind == "Unwritable"
    assert "lsattr" in (failed.cure or "")
    assert tree(tmp_path) == {"config": OLD}


@pytest.fixture
def open_path() -> Iterator[Path]:
    """Give a directory that anybody may reach, and that is nobody's where root runs the tests."""
    with TemporaryDirectory() as directory:
        if os.geteuid() == 0:
            os.chown(directory, NOBODY, NOBODY)
        yield Path(directory)


def test_a_directory_that_may_not_be_written_to(open_path: Path) -> None:
    with no_privileges():
        (open_path / "config").write_bytes(OLD)
        open_path.chmod(0o500)
        failed = failure(lambda: save(open_path / "config"))
        open_path.chmod(0o700)
        assert failed.kind == "Unwritable"
        assert "Permission denied" in failed.message
        assert "ls -ld" in (failed.cure or "")
        save(open_path / "config")
    assert tree(open_path) == {"config": NEW}


def test_a_permission_that_is_lost_on_the_way(open_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN a directory that is closed after the new bytes were prepared in it
    verify = Replacement.verify

    def closing(replacement: Replacement) -> None:
        open_path.chmod(0o500)
        verify(replacement)

    monkeypatch.setattr(Replacement, "verify", closing)
    with no_privileges():
        (open_path / "config").write_bytes(OLD)
        failed = failure(lambda: save(open_path / "config"))
        open_path.chmod(0o700)
    assert failed.kind == "Unwritable"
    assert tree(open_path) == {"config": OLD}


@needs_root
def test_an_owner_that_cannot_be_kept(open_path: Path) -> None:
    # GIVEN root's file that anybody may write to, in a directory of nobody's
    (open_path / "config").write_bytes(OLD)
    (open_path / "config").chmod(0o666)
    with no_privileges():
        failed = failure(lambda: save(open_path / "config"))
    assert "owner 0 and group 0 cannot be kept" in failed.message
    assert tree(open_path) == {"config": OLD}
    assert (open_path / "config").stat().st_uid == 0


def test_a_file_that_may_not_be_read(open_path: Path) -> None:
    with no_privileges():
        (open_path / "config").write_bytes(OLD)
        (open_path / "config").chmod(0o200)
        failed = failure(lambda: save(open_path / "config"))
        (open_path / "config").chmod(0o600)
    assert "Permission denied" in failed.message
    assert tree(open_path) == {"config": OLD}


def test_a_directory_that_is_gone(tmp_path: Path) -> None:
    failed = failure(lambda: save(tmp_path / "aws" / "config"))
    assert (failed.kind, failed.path) == ("Unwritable", tmp_path / "aws" / "config")
    assert "No such file or directory" in failed.message
    assert tree(tmp_path) == {}


def test_a_directory_that_goes_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "aws").mkdir()
    (tmp_path / "aws" / "config").write_bytes(OLD)
    verify = Replacement.verify

    def moving(replacement: Replacement) -> None:
        verify(replacement)
        (tmp_path / "aws").rename(tmp_path / "old")

    monkeypatch.setattr(Replacement, "verify", moving)
    failure(lambda: save(tmp_path / "aws" / "config"))
    assert tree(tmp_path) == {"old": None, "old/config": OLD}


def test_a_disk_that_is_not_mounted_is_not_made_up(tmp_path: Path) -> None:
    # GIVEN ~/.aws as a link to a directory that is not there
    (tmp_path / ".aws").symlink_to("volume/aws")
    # WHEN the first file is to be made THEN no directory is made in its place
    failed = failure(lambda: save(tmp_path / ".aws" / "config", None))
    assert "No such file or directory" in failed.message
    assert "where its path leads" in (failed.cure or "")
    assert tree(tmp_path) == {".aws": "volume/aws"}


def test_directories_that_were_made_for_nothing_go_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    failure(lambda: save(tmp_path / "a" / "b" / "config", None))
    assert tree(tmp_path) == {}


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    failed = failure(lambda: save(tmp_path / ("x" * 300), None))
    assert "File name too long" in failed.message
    assert tree(tmp_path) == {}


def test_a_loop_of_symlinks(tmp_path: Path) -> None:
    (tmp_path / "config").symlink_to("config")
    failed = failure(lambda: save(tmp_path / "config"))
    assert "symbolic links" in failed.message
    assert tree(tmp_path) == {"config": "config"}


@pytest.mark.parametrize("before", [OLD, None])
def test_what_is_no_file_is_neither_waited_for_nor_replaced(tmp_path: Path, before: bytes | None) -> None:
    os.mkfifo(tmp_path / "config")
    (tmp_path / "credentials").mkdir()
    for name in ("config", "credentials"):
        with soon():
            failed = failure(lambda name=name: save(tmp_path / name, before))  # type: ignore[misc]
        assert "no regular file" in failed.message
    assert tree(tmp_path) == {"config": None, "credentials": None}


def test_a_directory_in_which_something_else_is_a_file(tmp_path: Path) -> None:
    (tmp_path / ".aws").write_bytes(b"x")
    failed = failure(lambda: save(tmp_path / ".aws" / "config", None))
    assert "Not a directory" in failed.message
    assert tree(tmp_path) == {".aws": b"x"}
