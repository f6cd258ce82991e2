"""What a save leaves: the new bytes in the very place, with all that was the old file's, and nothing else."""

import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Plan
from rolecall.actions.writing import atomic, replace, saving
from tests.actions.writing.lists import ACCESS_LIST, DEFAULT_LIST, access_list
from tests.actions.writing.saves import NEW, NOBODY, OLD, change, failure, needs_root, plan, save, tree
from tests.actions.writing.systems import SYSTEMS, pretend


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=SYSTEMS)
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Save as on Linux, and as on lesser systems."""
    pretend(request.param, monkeypatch)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Write a file to be changed."""
    path = tmp_path / ".aws" / "config"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


# what stands there


@pytest.mark.usefixtures("system")
def test_the_new_bytes_stand_there_and_nothing_else(config: Path) -> None:
    save(config)
    assert tree(config.parent) == {"config": NEW}


@pytest.mark.usefixtures("system")
def test_a_file_that_was_not_there_is_made(tmp_path: Path) -> None:
    save(tmp_path / "config", None)
    assert tree(tmp_path) == {"config": NEW}


@pytest.mark.usefixtures("system")
def test_a_file_that_is_to_go_goes(config: Path) -> None:
    save(config, OLD, None)
    assert tree(config.parent) == {}


@pytest.mark.usefixtures("system")
def test_two_files_are_saved_together(config: Path) -> None:
    credentials = config.with_name("credentials")
    saving.save(plan(change(config), change(credentials, None)))
    assert tree(config.parent) == {"config": NEW, "credentials": NEW}


@pytest.mark.parametrize("data", [b"", b"\0\xff\r\n" * 7, b"x" * 3_000_000], ids=["none", "odd", "many"])
def test_the_bytes_are_the_very_bytes(config: Path, data: bytes) -> None:
    save(config, OLD, data)
    save(config, data, OLD)
    save(config, OLD, data)
    assert config.read_bytes() == data


def test_a_long_name_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 127)
    save(path, None, OLD)
    save(path)
    assert tree(tmp_path) == {path.name: NEW}


def test_a_plan_that_changes_nothing_touches_nothing(tmp_path: Path) -> None:
    saving.save(Plan("Set region of default", ()))
    assert tree(tmp_path) == {}


# who may read it


@pytest.mark.parametrize("bits", [0o600, 0o640, 0o644, 0o664, 0o200 | 0o444, 0o700])
@pytest.mark.usefixtures("system")
def test_the_mode_stays(config: Path, bits: int) -> None:
    config.chmod(bits)
    save(config)
    assert mode(config) == bits


@pytest.mark.parametrize("umask", [0, 0o022, 0o277])
@pytest.mark.usefixtures("system")
def test_new_files_and_directories_are_their_owners_alone_whatever_the_umask(
    tmp_path: Path, umask: int
) -> None:
    # GIVEN a home without ~/.aws, and a umask
    before = os.umask(umask)
    try:
        # WHEN the first file is made, two directories down
        save(tmp_path / "a" / ".aws" / "config", None)
    finally:
        os.umask(before)
    # THEN nobody else may read it, and the owner may
    assert mode(tmp_path / "a" / ".aws" / "config") == 0o600
    assert mode(tmp_path / "a" / ".aws") == mode(tmp_path / "a") == 0o700


@pytest.mark.usefixtures("system")
def test_what_is_in_the_making_is_never_open_to_others(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN a private file, and a umask that lets everybody in
    config.chmod(0o600)
    seen: list[int] = []

    def watching(function: Callable[..., object]) -> Callable[..., object]:
        def watched(*args: object, **options: object) -> object:
            result = function(*args, **options)
            seen.extend(mode(path) for path in config.parent.iterdir())
            seen.extend(_open_modes(config.parent))
            return result

        return watched

    for name in ("open", "write", "fsync", "fchmod", "link", "close", "unlink"):
        monkeypatch.setattr(os, name, watching(getattr(os, name)))
    before = os.umask(0)
    try:
        # WHEN it is saved
        save(config)
    finally:
        os.umask(before)
    # THEN no file in its directory was ever open to others, nameless ones included
    assert len(seen) > 10
    assert set(seen) == {0o600}


def _open_modes(directory: Path) -> Iterator[int]:
    """Give the modes of the nameless files that this process has open in a directory."""
    for number in range(64):
        try:
            if os.readlink(f"/proc/self/fd/{number}").startswith(f"{directory}/#"):  # noqa: PTH115
                yield stat.S_IMODE(os.fstat(number).st_mode)
        except OSError:
            continue


@needs_root
@pytest.mark.usefixtures("system")
def test_owner_and_group_stay(config: Path) -> None:
    os.chown(config, NOBODY, 12345)
    save(config)
    assert (config.stat().st_uid, config.stat().st_gid) == (NOBODY, 12345)


linux_only = pytest.mark.skipif(sys.platform != "linux", reason="attributes are Linux's")


def set_attribute(path: Path, name: str, value: bytes) -> None:
    try:
        os.setxattr(path, name, value)
    except OSError:
        pytest.skip("this file system has no such attributes")


@linux_only
def test_the_users_own_attributes_stay(config: Path) -> None:
    set_attribute(config, "user.comment", b"mine")
    save(config)
    assert os.getxattr(config, "user.comment") == b"mine"


@linux_only
@pytest.mark.parametrize("mask", [4, 0])
def test_an_access_list_stays(config: Path, mask: int) -> None:
    set_attribute(config, ACCESS_LIST, access_list(mask))
    bits = mode(config)
    save(config)
    assert os.getxattr(config, ACCESS_LIST) == access_list(mask)
    assert mode(config) == bits


@linux_only
def test_a_directorys_default_list_lets_nobody_into_a_file_that_has_none(config: Path) -> None:
    # GIVEN a file with no access list, in a directory that gives new files one
    config.chmod(0o640)
    set_attribute(config.parent, DEFAULT_LIST, access_list(6))
    # WHEN it is saved
    save(config)
    # THEN it still has none
    assert ACCESS_LIST not in os.listxattr(config)
    assert mode(config) == 0o640


@linux_only
@pytest.mark.usefixtures("system")
def test_a_directorys_default_list_lets_nobody_into_what_is_new(config: Path) -> None:
    # GIVEN a directory that lets one more user into what is made in it
    set_attribute(config.parent, DEFAULT_LIST, access_list(7))
    paths = config.with_name("credentials"), config.parent / "a" / "b" / "credentials"
    # WHEN files are made in it, and in new directories below
    for path in paths:
        save(path, None)
    # THEN nobody is on their lists, nor on those of the directories
    for path in (*paths, paths[1].parent, paths[1].parent.parent):
        assert ACCESS_LIST not in os.listxattr(path), path
        assert mode(path) == (0o700 if path.is_dir() else 0o600)
    # AND undoing and doing it again adds nobody
    save(paths[0], NEW, None)
    save(paths[0], None)
    assert ACCESS_LIST not in os.listxattr(paths[0])


@linux_only
@pytest.mark.usefixtures("system")
def test_a_files_own_list_stays_where_the_directory_gives_another(config: Path) -> None:
    set_attribute(config, ACCESS_LIST, access_list(4))
    set_attribute(config.parent, DEFAULT_LIST, access_list(7))
    bits = mode(config)
    save(config)
    assert (os.getxattr(config, ACCESS_LIST), mode(config)) == (access_list(4), bits)


# where it stands


def test_a_chain_of_symlinks_stays(tmp_path: Path) -> None:
    # GIVEN a config that is a link to a link to a file elsewhere
    target = tmp_path / "dotfiles" / "aws" / "config"
    target.parent.mkdir(parents=True)
    target.write_bytes(OLD)
    (tmp_path / "dotfiles" / "link").symlink_to("aws/config")
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").symlink_to(tmp_path / "dotfiles" / "link")
    # WHEN it is saved
    save(tmp_path / ".aws" / "config")
    # THEN the links are as they were, and what they lead to is new
    assert tree(tmp_path) == {
        ".aws": None,
        ".aws/config": str(tmp_path / "dotfiles" / "link"),
        "dotfiles": None,
        "dotfiles/aws": None,
        "dotfiles/aws/config": NEW,
        "dotfiles/link": "aws/config",
    }


def test_a_symlinked_directory_stays(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "config").write_bytes(OLD)
    (tmp_path / ".aws").symlink_to("real")
    save(tmp_path / ".aws" / "config")
    assert tree(tmp_path) == {".aws": "real", "real": None, "real/config": NEW}


def test_a_symlink_to_nothing_gets_its_file_as_the_aws_cli_would_do_it(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    link = tmp_path / "config"
    link.symlink_to("dotfiles/config")
    save(link, None)
    assert tree(tmp_path) == {"config": "dotfiles/config", "dotfiles": None, "dotfiles/config": NEW}
    assert mode(link) == 0o600


# what is seen onto the disk


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record in order what is seen onto the disk, and when names are exchanged."""
    record: list[str] = []
    fsync, exchange = os.fsync, atomic.exchange

    def recorded_fsync(descriptor: int) -> None:
        record.append("directory" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def recorded_exchange(one: Path, other: Path) -> bool:
        record.append("exchange")
        return exchange(one, other)

    monkeypatch.setattr(os, "fsync", recorded_fsync)
    monkeypatch.setattr(atomic, "exchange", recorded_exchange)
    return record


def test_the_bytes_are_on_the_disk_before_the_name_leads_to_them(config: Path, done: list[str]) -> None:
    save(config)
    assert done == ["file", "exchange", "directory"]


def test_all_files_are_on_the_disk_before_the_first_is_exchanged(config: Path, done: list[str]) -> None:
    credentials = config.with_name("credentials")
    credentials.write_bytes(OLD)
    saving.save(plan(change(config), change(credentials)))
    assert done == ["file", "file", "exchange", "exchange", "directory", "directory"]


# what is refused


def test_hard_links_are_not_parted(config: Path) -> None:
    os.link(config, config.with_name("twin"))
    failed = failure(lambda: save(config))
    assert failed.kind == "Refused"
    assert "2 names (hard links)" in failed.message
    assert tree(config.parent) == {"config": OLD, "twin": OLD}
    assert config.samefile(config.with_name("twin"))


@pytest.mark.parametrize("bits", [0o444, 0o400])
def test_a_write_protected_file_is_left_as_an_editor_would_leave_it(config: Path, bits: int) -> None:
    config.chmod(bits)
    failed = failure(lambda: save(config))
    assert failed.kind == "Unwritable"
    assert f"write-protected (mode {bits:04o})" in failed.message
    assert tree(config.parent) == {"config": OLD}


def test_one_file_is_not_changed_as_both_files_at_once(config: Path) -> None:
    link = config.with_name("credentials")
    link.symlink_to("config")
    failed = failure(lambda: saving.save(plan(change(config), change(link))))
    assert failed.kind == "Refused"
    assert tree(config.parent) == {"config": OLD, "credentials": "config"}


# discretion


def test_no_failure_tells_a_secret(config: Path) -> None:
    # GIVEN files that hold a secret before and after, of which one cannot be saved
    secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYCANARYKEYxx"
    mine = change(config, f"[a]\naws_secret_access_key = {secret}\n".encode(), secret.encode())
    # WHEN saving fails THEN neither the failure nor the plan shows it
    with pytest.raises(ActionFailed) as caught:
        saving.save(plan(mine))
    assert isinstance(caught.value, replace.Conflict)
    told = [
        repr(caught.value),
        str(caught.value),
        repr(caught.value.diff),
        repr(plan(mine)),
        repr(vars(caught.value)),
    ]
    assert secret not in "".join(told)
    assert "aws_secret_access_key" in repr(caught.value.diff)
