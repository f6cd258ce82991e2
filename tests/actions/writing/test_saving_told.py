"""What is said of a save that failed: which file, what stands there now, what is left beside it."""

import errno
import os
from pathlib import Path

import pytest

from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Plan
from rolecall.actions.writing import replace, saving
from rolecall.actions.writing.replace import Replacement
from tests.actions.writing.saves import NEW, OLD, OTHER, change, failure, plan, save, tree
from tests.actions.writing.systems import SYSTEMS, Failing, pretend


def an_edit(home: Path) -> tuple[Plan, dict[str, bytes | str | None], dict[str, bytes | str | None]]:
    """Return an edit, what stands there before, and what stands there after it."""
    (home / "config").write_bytes(OLD)
    return plan(change(home / "config")), {"config": OLD}, {"config": NEW}


def stuck(*_args: object, **_options: object) -> None:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def left_in(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir() if path.name != "config"]


def test_an_old_file_that_cannot_be_removed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN a directory that lets nothing go any more
    edit, _, _ = an_edit(tmp_path)
    monkeypatch.setattr(os, "unlink", stuck)
    # WHEN a file is saved THEN what has become of it is told, and which file is left, with what in it
    failed = failure(lambda: saving.save(edit))
    (left,) = left_in(tmp_path)
    assert failed.message.startswith("the file was saved, but the old file could not be removed")
    assert (failed.is_done, failed.path) == (True, tmp_path / "config")
    assert left in failed.message
    assert left in (failed.cure or "")
    assert tree(tmp_path) == {"config": NEW, left: OLD}
    # AND the next save that can do it removes it
    monkeypatch.undo()
    save(tmp_path / "config", NEW, OLD)
    assert tree(tmp_path) == {"config": OLD}


@pytest.mark.parametrize("system", SYSTEMS[1:])
def test_a_draft_that_cannot_be_removed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    # GIVEN a directory in which names can neither be changed nor removed
    edit, _, _ = an_edit(tmp_path)
    pretend(system, monkeypatch)
    monkeypatch.setattr(os, "unlink", stuck)
    monkeypatch.setattr(Replacement, "_exchange", stuck)
    # WHEN a file is saved THEN why not is told, and which draft is left
    failed = failure(lambda: saving.save(edit))
    (left,) = left_in(tmp_path)
    assert failed.message.startswith("the file was not changed: Operation not permitted; its draft")
    assert not failed.is_done
    assert left in failed.message
    assert left in (failed.cure or "")
    assert tree(tmp_path) == {"config": OLD, left: NEW}
    # AND a save that cannot remove it either says what is in its way
    failed = failure(lambda: saving.save(edit))
    assert f"{left}, which an earlier save has left, cannot be removed" in failed.message
    assert failed.message.startswith("the file was not changed")


def test_a_conflict_says_what_is_left_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit, _, _ = an_edit(tmp_path)
    pretend("no nameless files", monkeypatch)
    verify = Replacement.verify

    def late(replacement: Replacement) -> None:
        (tmp_path / "config").write_bytes(OTHER)
        verify(replacement)

    monkeypatch.setattr(Replacement, "verify", late)
    monkeypatch.setattr(os, "unlink", stuck)
    failed = failure(lambda: saving.save(edit))
    (left,) = left_in(tmp_path)
    assert isinstance(failed, replace.Conflict)
    assert failed.diff
    assert failed.message.startswith(
        "the file has changed since it was read, and is left as it is; its draft"
    )
    assert left in failed.message


@pytest.mark.long
@pytest.mark.parametrize(
    "code",
    [
        *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ENOENT),
        *(errno.ENAMETOOLONG, errno.EMFILE, errno.ENFILE, errno.ELOOP, errno.ENOTDIR, errno.EBUSY),
    ],
    ids=errno.errorcode.get,
)
def test_whatever_the_system_refuses_is_a_sentence_that_says_what_the_file_is_now(
    tmp_path: Path, code: int
) -> None:
    # GIVEN an edit, of which one call after the other fails in this way
    nth = 0
    while True:
        nth += 1
        home = tmp_path / str(nth)
        home.mkdir()
        edit, before, after = an_edit(home)
        failed: ActionFailed | None = None
        with pytest.MonkeyPatch.context() as patch:
            failing = Failing(patch, nth, code)
            try:
                saving.save(edit)
            except ActionFailed as error:
                failed = error
        if failing.failed is None:
            break
        if failed is None:
            continue
        # THEN the words and the mark agree with what stands there
        assert failed.path == home / "config"
        assert failed.is_done == failed.message.startswith("the file was saved")
        assert tree(home) == (after if failed.is_done else before), (nth, failing.failed)
        assert failed.cure
    assert nth > 20


@pytest.mark.parametrize("name", ["con\0fig", "con\ud800fig"])
def test_a_path_that_no_file_can_have_is_refused(tmp_path: Path, name: str) -> None:
    assert failure(lambda: save(tmp_path / name, None)).kind == "Refused"
    assert tree(tmp_path) == {}
