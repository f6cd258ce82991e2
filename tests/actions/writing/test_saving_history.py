"""Taking edits back, step by step, to the very bytes, unless somebody else was at the file."""

import os
import secrets
from pathlib import Path

import pytest

from rolecall.actions.plan import Mark, Plan
from rolecall.actions.writing import replace, saving
from rolecall.actions.writing.saving import History
from tests.actions.writing.saves import NEW, OLD, OTHER, change, failure, plan, tree


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Write a file to be changed."""
    path = tmp_path / "config"
    path.write_bytes(OLD)
    return path


def do(history: History, edit: Plan) -> None:
    """Save an edit, as the app does it."""
    saving.save(edit)
    history.saved(edit)


def take_back(history: History) -> Plan:
    """Take the last edit back, as the app does it."""
    back = history.undo()
    saving.save(back)
    history.undone()
    return back


def test_there_is_nothing_to_take_back_at_first() -> None:
    history = History()
    assert history.last is None
    assert failure(history.undo).kind == "NotApplicable"


def test_an_edit_that_changed_nothing_is_no_step(config: Path) -> None:
    history = History()
    do(history, plan(change(config)))
    do(history, Plan("Set what is set", ()))
    assert history.last == plan(change(config))


def test_each_step_gives_back_the_very_bytes(config: Path) -> None:
    # GIVEN a file of any bytes, changed again and again
    history, states = History(), [OLD]
    for _ in range(20):
        states.append(secrets.token_bytes(200))
        do(history, plan(change(config, states[-2], states[-1])))
    # WHEN the edits are taken back one by one THEN each state comes again
    for state in reversed(states[:-1]):
        take_back(history)
        assert config.read_bytes() == state
    assert history.last is None
    assert tree(config.parent) == {"config": OLD}


def test_a_file_that_an_edit_made_is_removed_again(tmp_path: Path) -> None:
    # GIVEN a first file, and the directory that was made for it
    path = tmp_path / ".aws" / "config"
    history = History()
    do(history, plan(change(path, None)))
    # WHEN that is taken back THEN the file is gone, the directory stays, and it was said before
    back = take_back(history)
    assert tree(tmp_path) == {".aws": None}
    assert back.remarks == ("config is removed: the edit made it",)
    # and the same edit can be made again
    do(history, plan(change(path, None)))
    assert path.read_bytes() == NEW


def test_both_files_of_an_edit_are_taken_back(config: Path) -> None:
    history = History()
    credentials = config.with_name("credentials")
    do(history, plan(change(config), change(credentials, None)))
    take_back(history)
    assert tree(config.parent) == {"config": OLD}


def test_what_it_will_do_is_shown_first(config: Path) -> None:
    history = History()
    do(history, plan(change(config)))
    back = history.undo()
    assert back.title == "Undo: Set region of default"
    marked = [
        (line.mark, line.text) for line in back.changes[0].diff if line.mark in (Mark.ADDED, Mark.REMOVED)
    ]
    assert marked == [(Mark.REMOVED, "region = us-east-1"), (Mark.ADDED, "region = eu-west-1")]
    # until it is done, nothing is
    assert config.read_bytes() == NEW
    assert history.last is not None


@pytest.mark.parametrize("theirs", [OTHER, None], ids=["changed", "removed"])
def test_what_somebody_else_has_changed_is_not_taken_back(config: Path, theirs: bytes | None) -> None:
    # GIVEN an edit, and another program at the file since
    history = History()
    do(history, plan(change(config)))
    if theirs is None:
        config.unlink()
    else:
        config.write_bytes(theirs)
    # WHEN it is to be taken back THEN it is not, and what the other has done is told
    failed = failure(history.undo)
    assert isinstance(failed, replace.Conflict)
    assert failed.path == config
    assert bool(failed.diff) == (theirs is not None)
    assert tree(config.parent) == ({} if theirs is None else {"config": theirs})
    # and the step is still there, for when the file is as it was
    config.write_bytes(NEW)
    take_back(history)
    assert config.read_bytes() == OLD


def test_what_somebody_else_changes_after_the_question_is_not_taken_back_either(config: Path) -> None:
    history = History()
    do(history, plan(change(config)))
    back = history.undo()
    config.write_bytes(OTHER)
    assert failure(lambda: saving.save(back)).kind == "Conflict"
    assert config.read_bytes() == OTHER


def test_a_file_that_an_edit_made_and_somebody_else_has_filled_stays(tmp_path: Path) -> None:
    path = tmp_path / "config"
    history = History()
    do(history, plan(change(path, None)))
    back = history.undo()
    path.write_bytes(OTHER)
    assert failure(history.undo).kind == "Conflict"
    assert failure(lambda: saving.save(back)).kind == "Conflict"
    assert tree(tmp_path) == {"config": OTHER}


def test_a_file_that_cannot_be_read_by_now_is_told(config: Path) -> None:
    history = History()
    do(history, plan(change(config)))
    config.unlink()
    os.mkfifo(config)
    failed = failure(history.undo)
    assert (failed.kind, failed.path) == ("Unwritable", config)


def test_nothing_secret_is_shown_of_it(config: Path) -> None:
    secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYCANARYKEYxx"
    before = f"[a]\naws_access_key_id = AKIAIOSFODNN7CANARY\naws_secret_access_key = {secret}\n".encode()
    config.write_bytes(before)
    history = History()
    do(history, plan(change(config, before, before.replace(b"[a]", b"[b]"))))
    back = history.undo()
    assert back.changes[0].diff
    assert secret not in repr(back)
    assert "AKIAIOSFODNN7CANARY" not in repr(back)
    assert secret not in repr(history.__dict__)
