"""What a save that was killed has left goes with the next one, and nothing else does."""

import os
import sys
from pathlib import Path

import pytest

from rolecall.actions import timeouts
from rolecall.actions.writing import lock
from tests.actions.writing.saves import NEW, NOBODY, OLD, failure, needs_root, save, tree


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Write a file to be changed."""
    path = tmp_path / ".aws" / "config"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


LEFT = ".credentials.rolecall-0123456789abcdef"


def test_what_a_killed_save_has_left_is_removed_by_the_next(config: Path) -> None:
    config.with_name(LEFT).write_bytes(b"aws_secret_access_key = canary")
    save(config)
    assert tree(config.parent) == {"config": NEW}


def test_it_is_removed_although_the_next_save_is_refused(config: Path) -> None:
    config.with_name(LEFT).write_bytes(b"aws_secret_access_key = canary")
    failure(lambda: save(config, b"something else"))
    assert tree(config.parent) == {"config": OLD}


@pytest.mark.parametrize(
    "name",
    [
        "credentials.rolecall-0123456789abcdef",
        ".rolecall-0123456789abcdef",
        ".credentials.rolecall-0123456789abcde",
        ".credentials.rolecall-0123456789ABCDEF",
        ".credentials.rolecall-0123456789abcdef.bak",
        ".credentials.swp",
    ],
)
def test_what_others_have_there_stays(config: Path, name: str) -> None:
    config.with_name(name).write_bytes(b"theirs")
    save(config)
    assert tree(config.parent) == {"config": NEW, name: b"theirs"}


def test_nothing_but_a_file_is_taken_for_a_leftover(config: Path) -> None:
    config.with_name(LEFT).symlink_to("config")
    config.with_name(LEFT[:-1] + "0").mkdir()
    save(config)
    assert tree(config.parent) == {"config": NEW, LEFT: "config", LEFT[:-1] + "0": None}


@needs_root
def test_a_leftover_that_is_not_ours_stays(tmp_path: Path) -> None:
    # GIVEN a directory of nobody's, with a leftover of root's
    os.chown(tmp_path, NOBODY, NOBODY)
    left = tmp_path / LEFT
    left.write_bytes(b"root's")
    status = left.lstat()
    # WHEN nobody looks at it THEN it is not theirs; to root, all are
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: NOBODY)
        assert not lock._is_ours(status)
    assert lock._is_ours(status)


def test_where_a_directory_cannot_be_locked_only_an_old_leftover_is_removed(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a file system without locks, and the draft of a save that may be under way
    monkeypatch.setattr(lock, "_lock", lambda _descriptor, _path: False)
    config.with_name(LEFT).write_bytes(b"draft")
    # WHEN a file is saved THEN the draft stays
    save(config)
    assert LEFT in tree(config.parent)
    # but not for ever
    monkeypatch.setattr(timeouts, "LEFTOVER", -1.0)
    save(config, NEW, OLD)
    assert tree(config.parent) == {"config": OLD}


# another rolecall


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such locks")
def test_a_rolecall_that_does_not_end_is_not_waited_for_for_ever(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeouts, "DIRECTORY_LOCK", 0.05)
    with lock.held(config.parent):
        failed = failure(lambda: save(config))
    assert failed.kind == "Timeout"
    assert "another rolecall" in failed.message
    save(config)
    assert tree(config.parent) == {"config": NEW}
