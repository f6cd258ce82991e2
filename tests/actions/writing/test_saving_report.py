"""A report in a file: for its owner alone, whole or not at all, never over another file unasked."""

import os
import stat
import sys
from pathlib import Path

import pytest

from rolecall.actions.errors import ActionFailed
from rolecall.actions.writing.replace import Conflict
from rolecall.actions.writing.saving import save_report
from tests.actions.writing.lists import ACCESS_LIST, DEFAULT_LIST, access_list

REPORT = "# Why: prod\n\nThe token ended 3h ago; acmé: log in.\n"


def test_a_new_file_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        save_report(tmp_path / "report.md", REPORT)
    finally:
        os.umask(before)
    assert (tmp_path / "report.md").read_text(encoding="utf-8") == REPORT
    assert stat.S_IMODE((tmp_path / "report.md").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["report.md"]


@pytest.mark.skipif(sys.platform != "linux", reason="access lists are Linux's")
def test_a_new_file_lets_nobody_in_whom_the_directory_lets_in_by_default(tmp_path: Path) -> None:
    try:
        os.setxattr(tmp_path, DEFAULT_LIST, access_list(7))
    except OSError:
        pytest.skip("this file system has no such attributes")
    save_report(tmp_path / "report.md", REPORT)
    assert ACCESS_LIST not in os.listxattr(tmp_path / "report.md")


def test_what_is_there_is_not_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_text("mine")
    with pytest.raises(Conflict):
        save_report(path, REPORT)
    assert path.read_text() == "mine"


def test_what_is_there_is_replaced_where_that_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_text("mine")
    save_report(path, REPORT, replaces=True)
    assert path.read_text(encoding="utf-8") == REPORT


def test_what_was_to_be_replaced_may_be_gone_by_then(tmp_path: Path) -> None:
    save_report(tmp_path / "report.md", REPORT, replaces=True)
    assert (tmp_path / "report.md").read_text(encoding="utf-8") == REPORT


@pytest.mark.parametrize("replaces", [True, False])
def test_no_directory_is_made_for_it(tmp_path: Path, *, replaces: bool) -> None:
    with pytest.raises(ActionFailed, match="there is no directory"):
        save_report(tmp_path / "typo" / "report.md", REPORT, replaces=replaces)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("replaces", [True, False])
def test_a_directory_is_no_place_for_it(tmp_path: Path, *, replaces: bool) -> None:
    (tmp_path / "reports").mkdir()
    with pytest.raises(ActionFailed):
        save_report(tmp_path / "reports", REPORT, replaces=replaces)
    assert list((tmp_path / "reports").iterdir()) == []
