"""Another program at the same file, at each moment of a save: nothing of it is lost, and we are told."""

import errno
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from rolecall.actions.plan import Mark
from rolecall.actions.writing import atomic, replace, saving
from rolecall.actions.writing.replace import Replacement
from tests.actions.writing.saves import NEW, OLD, OTHER, change, failure, plan, save, tree
from tests.actions.writing.systems import SYSTEMS, pretend

THIRD = b"[default]\nregion = ap-south-1\n"

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who has a file open")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Write a file to be changed."""
    path = tmp_path / "config"
    path.write_bytes(OLD)
    return path


def conflict(action: Callable[[], object]) -> replace.Conflict:
    failed = failure(action)
    assert isinstance(failed, replace.Conflict), failed
    assert failed.kind == "Conflict"
    return failed


Deed = Callable[[Replacement], object]


class Rival:
    """Somebody who does something to the file once, on a thread, just before a step of the save.

    The save goes on when that is done, when the system holds the rival back, or when ``go_on`` is set.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self._thread: threading.Thread | None = None
        self.go_on = threading.Event()

    def comes_before(self, step: str, deed: Deed, of: str = "") -> None:
        """Say when to come and what to do, and at which file's step where there are two."""
        real = getattr(Replacement, step)

        def disturbed(replacement: Replacement) -> None:
            if self._thread is None and of in ("", replacement.change.path.name):
                self._thread = threading.Thread(target=deed, args=[replacement], daemon=True)
                self._thread.start()
                while self._thread.is_alive() and not self.go_on.is_set() and not holds_back(replacement):
                    self._thread.join(0.001)
            real(replacement)

        self._patch.setattr(Replacement, step, disturbed)

    def ends(self) -> None:
        """Wait until all is done, which it has to be."""
        assert self._thread is not None
        self._thread.join(60)
        assert not self._thread.is_alive()


def holds_back(replacement: Replacement) -> bool:
    """Whether a save holds the file, and somebody waits for it."""
    held = replacement._held
    return held is not None and held.read() is None


@pytest.fixture
def rival(monkeypatch: pytest.MonkeyPatch) -> Rival:
    """Make somebody who can be told to come in between."""
    return Rival(monkeypatch)


# what somebody may do to the file


def writes_in_place(path: Path) -> None:
    path.write_bytes(OTHER)


def replaces_it(path: Path) -> None:
    path.with_name("theirs").write_bytes(OTHER)
    path.with_name("theirs").replace(path)


def appends_to_it(path: Path) -> None:
    with path.open("ab") as file:
        file.write(OTHER.removeprefix(OLD))


@pytest.mark.parametrize("after", [NEW, None], ids=["replaced", "removed"])
@pytest.mark.parametrize("deed", [writes_in_place, replaces_it, appends_to_it])
@pytest.mark.parametrize("step", ["prepare", "verify", "swap", "put in place"])
def test_what_another_program_writes_stays_and_is_told(
    config: Path, rival: Rival, step: str, deed: Callable[[Path], None], after: bytes | None
) -> None:
    # GIVEN another program that writes at some moment of a save
    step = step.replace("put in place", "_exchange" if after else "_disappear")
    rival.comes_before(step, lambda _: deed(config))
    # WHEN a file is saved
    failed = conflict(lambda: save(config, OLD, after))
    rival.ends()
    # THEN their file stands, and what they have changed is told, or that they are about to
    assert tree(config.parent) == {"config": OTHER}
    assert failed.path == config
    if "open for writing" not in failed.message:
        assert "has changed since it was read" in failed.message
        assert [line.text for line in failed.diff if line.mark is Mark.ADDED] == ["[profile theirs]"]


@pytest.mark.parametrize("deed", [writes_in_place, appends_to_it])
@pytest.mark.parametrize("system", SYSTEMS)
def test_so_it_is_on_lesser_systems_where_it_writes_in_place(
    config: Path, rival: Rival, monkeypatch: pytest.MonkeyPatch, deed: Callable[[Path], None], system: str
) -> None:
    pretend(system, monkeypatch)
    rival.comes_before("_exchange", lambda _: deed(config))
    conflict(lambda: save(config))
    rival.ends()
    assert tree(config.parent) == {"config": OTHER}


@pytest.mark.parametrize("after", [NEW, None], ids=["replaced", "removed"])
@pytest.mark.parametrize("system", ["all", "no exchange"])
def test_a_program_that_has_the_file_open_goes_on_writing_to_the_file_that_stands(
    config: Path, rival: Rival, monkeypatch: pytest.MonkeyPatch, system: str, after: bytes | None
) -> None:
    # GIVEN a program that has emptied the file before the exchange, as aws does, and writes to it after
    pretend(system, monkeypatch)
    with config.open("r+b") as writer:
        in_place = "_exchange" if after else "_disappear"
        rival.comes_before("verify" if system == "all" else in_place, lambda _: writer.truncate(0))
        # WHEN the file is saved
        conflict(lambda: save(config, OLD, after))
        # THEN the very file stands again, so what it writes arrives
        writer.write(OTHER)
    assert tree(config.parent) == {"config": OTHER}


@linux_only
@pytest.mark.parametrize("after", [NEW, None], ids=["replaced", "removed"])
@pytest.mark.parametrize("how", ["ab", "r+b"])
@pytest.mark.parametrize("step", ["prepare", "verify", "swap", "put in place", "_see_old_unchanged"])
def test_a_program_that_is_about_to_write_is_seen_before_it_does(
    config: Path, rival: Rival, step: str, how: str, after: bytes | None
) -> None:
    # GIVEN a program that opens the file at some moment of a save, and takes its time
    told = threading.Event()

    def write(replacement: Replacement) -> None:
        # who has found the file just before the exchange opens it under its new name after it
        path = replacement._old_name if step == "_see_old_unchanged" else config
        assert path is not None
        with path.open(how) as file:
            rival.go_on.set()
            told.wait()
            file.seek(0, os.SEEK_END)
            file.write(OTHER.removeprefix(OLD))

    rival.comes_before(step.replace("put in place", "_exchange" if after else "_disappear"), write)
    # WHEN the file is saved
    failed = conflict(lambda: save(config, OLD, after))
    told.set()
    rival.ends()
    # THEN that is told, and what the program then writes arrives
    assert "open for writing" in failed.message
    assert tree(config.parent) == {"config": OTHER}


@linux_only
def test_a_program_that_comes_too_late_for_that_is_told_at_least(config: Path, rival: Rival) -> None:
    # GIVEN a program that has found the file before the exchange, and opens it when the save is all but done
    def write(replacement: Replacement) -> None:
        assert replacement._old_name is not None
        appends_to_it(replacement._old_name)

    rival.comes_before("drop", write)
    # WHEN the file is saved THEN that something is lost does not go unnoticed
    failed = conflict(lambda: save(config))
    rival.ends()
    assert "wrote to the old one" in failed.message
    assert tree(config.parent) == {"config": NEW}


@linux_only
def test_a_program_that_only_reads_is_in_nobodys_way(config: Path) -> None:
    with config.open("rb") as reader:
        save(config)
        assert reader.read() == OLD
    assert config.read_bytes() == NEW


@linux_only
@pytest.mark.parametrize(("system", "is_told"), [("ext4", True), ("nfs4", False), ("cifs", False)])
def test_a_file_system_that_never_gives_leases_is_not_taken_for_a_busy_file(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, *, is_told: bool
) -> None:
    # GIVEN a mount that refuses leases as if the file were open for writing
    status = config.stat()
    device = f"{os.major(status.st_dev)}:{os.minor(status.st_dev)}"
    mounts = tmp_path / "mounts" / "list"
    mounts.parent.mkdir()
    mounts.write_text(
        f"22 1 0:7 / / rw - proc proc rw\n36 35 {device} / /h rw shared:1 - {system} server:/h rw\n"
    )
    monkeypatch.setattr(atomic, "_MOUNTS", mounts)
    with config.open("ab"):
        # WHEN it is looked at THEN only where leases are to be had a refusal means something
        data = atomic.see(config)
    assert data == (None if is_told else OLD)


# files that come and go


@pytest.mark.parametrize("step", ["prepare", "verify", "swap", "_exchange"])
def test_a_file_that_is_gone_is_not_made_anew(config: Path, rival: Rival, step: str) -> None:
    rival.comes_before(step, lambda _: config.unlink())
    failed = conflict(lambda: save(config))
    assert "is gone" in failed.message
    assert tree(config.parent) == {}


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("step", ["prepare", "verify", "swap", "_appear"])
def test_a_file_that_has_appeared_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rival: Rival, step: str, system: str
) -> None:
    pretend(system, monkeypatch)
    rival.comes_before(step, lambda _: (tmp_path / "config").write_bytes(OTHER))
    failed = conflict(lambda: save(tmp_path / "config", None))
    assert "there is a file by now" in failed.message
    assert tree(tmp_path) == {"config": OTHER}
    assert [line.text for line in failed.diff if line.mark is Mark.ADDED] == OTHER.decode().splitlines()


def test_a_link_that_leads_elsewhere_by_now_is_followed_nowhere(tmp_path: Path, rival: Rival) -> None:
    # GIVEN a link that is turned to another file with the same bytes
    for name in ("one", "two"):
        (tmp_path / name).write_bytes(OLD)
    link = tmp_path / "config"
    link.symlink_to("one")

    def turn() -> None:
        link.unlink()
        link.symlink_to("two")

    rival.comes_before("verify", lambda _: turn())
    # WHEN it is saved THEN neither file is touched
    conflict(lambda: save(link))
    assert tree(tmp_path) == {"config": "two", "one": OLD, "two": OLD}


def test_what_stands_in_the_files_place_by_now_is_put_back(config: Path, rival: Rival) -> None:
    # GIVEN a file that gives way to a link just before the exchange
    def turn() -> None:
        config.rename(config.with_name("moved"))
        config.symlink_to("moved")

    rival.comes_before("_exchange", lambda _: turn())
    # WHEN it is saved THEN the link is there again
    failure(lambda: save(config))
    assert tree(config.parent) == {"config": "moved", "moved": OLD}


def test_a_mode_that_was_changed_meanwhile_is_not_changed_back(config: Path, rival: Rival) -> None:
    config.chmod(0o644)
    rival.comes_before("swap", lambda _: config.chmod(0o600))
    conflict(lambda: save(config))
    assert config.stat().st_mode & 0o777 == 0o600


# two files


def test_where_the_second_file_has_changed_the_first_is_the_very_file_that_it_was(
    config: Path, rival: Rival
) -> None:
    # GIVEN two files, of which the second is written to when the first is in place already
    first = config.with_name("a")
    first.write_bytes(OLD)
    was = first.stat()

    def write(_: Replacement) -> None:
        assert first.read_bytes() == NEW
        writes_in_place(config)

    rival.comes_before("swap", write, of="config")
    # WHEN both are saved
    conflict(lambda: saving.save(plan(change(first), change(config))))
    rival.ends()
    # THEN the first is what it was, and the second what the other program has made of it
    assert tree(config.parent) == {"a": OLD, "config": OTHER}
    assert (first.stat().st_ino, first.stat().st_mtime_ns) == (was.st_ino, was.st_mtime_ns)


def fails_at(path: Path, step: str, patch: pytest.MonkeyPatch) -> None:
    """Have a step fail for one of the files."""
    real = getattr(Replacement, step)

    def failing(replacement: Replacement) -> None:
        if replacement.change.path == path:
            raise OSError(errno.EIO, "the disk is gone")
        real(replacement)

    patch.setattr(Replacement, step, failing)


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(
    ("old", "new"), [(OLD, NEW), (None, NEW), (OLD, None)], ids=["edit", "new", "removal"]
)
def test_where_the_second_file_fails_the_first_is_taken_back_on_any_system(
    config: Path, monkeypatch: pytest.MonkeyPatch, system: str, old: bytes | None, new: bytes | None
) -> None:
    pretend(system, monkeypatch)
    first = config.with_name("a")
    if old is not None:
        first.write_bytes(old)
        first.chmod(0o640)
    fails_at(config, "swap", monkeypatch)
    failed = failure(lambda: saving.save(plan(change(first, old, new), change(config))))
    assert failed.message == "the file was not changed: the disk is gone"
    assert tree(config.parent) == ({"config": OLD} if old is None else {"a": old, "config": OLD})
    assert old is None or first.stat().st_mode & 0o777 == 0o640


def test_where_the_first_cannot_be_taken_back_that_is_told(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = config.with_name("a")
    first.write_bytes(OLD)
    fails_at(config, "swap", monkeypatch)
    fails_at(first, "put_back", monkeypatch)
    failed = failure(lambda: saving.save(plan(change(first), change(config))))
    assert "half of the edit was done" in failed.message
    assert failed.path == first
    assert tree(config.parent) == {"a": NEW, "config": OLD}


def test_what_a_third_program_makes_of_the_new_file_is_not_taken_back(
    config: Path, monkeypatch: pytest.MonkeyPatch, rival: Rival
) -> None:
    # GIVEN a first file that is written to as soon as it is saved, and a second one that fails
    first = config.with_name("a")
    first.write_bytes(OLD)
    fails_at(config, "swap", monkeypatch)
    rival.comes_before("put_back", lambda _: first.write_bytes(THIRD))
    # WHEN both are saved THEN what the other program wrote stands, and that is told
    failed = conflict(lambda: saving.save(plan(change(first), change(config))))
    assert tree(config.parent) == {"a": THIRD, "config": OLD}
    assert failed.path == first
    assert failed.diff


# after the save


@pytest.mark.parametrize("after", [OTHER, None], ids=["written", "removed"])
def test_who_writes_over_the_new_file_at_once_is_told(
    config: Path, rival: Rival, after: bytes | None
) -> None:
    def overwrite() -> None:
        config.unlink() if after is None else config.write_bytes(after)

    rival.comes_before("confirm", lambda _: overwrite())
    failed = conflict(lambda: save(config))
    assert "the file was saved" in failed.message
    assert tree(config.parent) == ({} if after is None else {"config": after})


@linux_only
def test_who_is_writing_over_the_new_file_is_told(config: Path, rival: Rival) -> None:
    writers = []
    rival.comes_before("confirm", lambda _: writers.append(config.open("ab")))
    failed = conflict(lambda: save(config))
    writers[0].close()
    assert "is writing over it right now" in failed.message
    assert tree(config.parent) == {"config": NEW}
