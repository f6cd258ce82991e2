"""Edits of sso-sessions."""

from pathlib import Path

import pytest

from rolecall.actions.editing import edits
from rolecall.actions.errors import ActionFailed
from rolecall.aws.config_file import FileKind
from tests.actions.editing.edits_here import after, home

CORP = "[sso-session corp]\nsso_region = r\n\n[profile a]\nsso_session = corp\n"


def test_a_session_that_is_not_there_is_added(tmp_path: Path) -> None:
    changes = {"sso_start_url": "https://x/start#/", "sso_region": "r", "gone": None}
    plan = edits.change_session(home(tmp_path), "my corp", changes)
    assert after(plan, FileKind.CONFIG) == (
        '[sso-session "my corp"]\nsso_start_url = https://x/start#/\nsso_region = r\n'
    )
    assert plan.title == "Add sso-session my corp"


def test_the_session_in_force_is_changed(tmp_path: Path) -> None:
    before = f'{CORP}[sso-session "corp"]\nsso_region = r\nsso_start_url = u\n'
    plan = edits.change_session(home(tmp_path, before), "corp", {"sso_region": "new", "sso_start_url": None})
    assert after(plan, FileKind.CONFIG) == f'{CORP}[sso-session "corp"]\nsso_region = new\n'
    assert plan.title == "Change sso-session corp"


def test_a_profile_of_that_name_is_something_else(tmp_path: Path) -> None:
    plan = edits.change_session(home(tmp_path, "[profile corp]\na = 1\n"), "corp", {"sso_region": "r"})
    assert after(plan, FileKind.CONFIG) == "[profile corp]\na = 1\n\n[sso-session corp]\nsso_region = r\n"


def test_values_are_checked(tmp_path: Path) -> None:
    with pytest.raises(ActionFailed, match="several lines"):
        edits.change_session(home(tmp_path, CORP), "corp", {"sso_region": "a\nb"})
