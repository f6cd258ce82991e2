"""Random files and random edits: no other byte changes, and the meaning exactly as asked."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botocore.exceptions import ConfigParseError
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from rolecall.actions.credentials import Credentials
from rolecall.actions.editing import edits
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Plan
from rolecall.aws.config_file import FileKind, FileStatus
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.actions.editing.edits_asked import Files, Impossible, ask
from tests.actions.editing.edits_oracle import (
    assert_means,
    assert_new_keys_stand_with_the_others,
    assert_untouched,
)
from tests.actions.editing.edits_reading import Read
from tests.actions.editing.files_at_random import Edit, Pair, pairs
from tests.actions.editing.files_at_random import edits as random_edits
from tests.differential import EXAMPLES

KEYS = Credentials(
    access_key="ASIAIOSFODNN7EXAMPLE",
    secret_key="CANARY+put/0123456789ABCDEFGHIJKLMNOPQRST",
    token="CANARY-put-token",
    expires_at=datetime(2030, 1, 1, 13, tzinfo=UTC),
    account=None,
)
PUT = (
    ("aws_access_key_id", KEYS.access_key),
    ("aws_secret_access_key", KEYS.secret_key),
    ("aws_session_token", KEYS.token),
    ("x_security_token_expires", "2030-01-01T13:00:00Z"),
)


def planned(snapshot: Snapshot, edit: Edit) -> Plan:
    changes = dict(edit.changes)
    match edit.what:
        case "set_setting":
            ((key, value),) = edit.changes
            return edits.set_setting(snapshot, edit.name, key, str(value), edit.file)
        case "unset_setting":
            return edits.unset_setting(snapshot, edit.name, edit.changes[0][0], edit.file)
        case "change_profile":
            return edits.change_profile(snapshot, edit.name, changes, edit.new)
        case "add_profile":
            return edits.add_profile(snapshot, edit.name, {key: str(value) for key, value in changes.items()})
        case "duplicate_profile":
            return edits.duplicate_profile(snapshot, edit.name, str(edit.new))
        case "rename_profile":
            return edits.rename_profile(snapshot, edit.name, str(edit.new))
        case "remove_profile":
            return edits.remove_profile(snapshot, edit.name)
        case "change_session":
            return edits.change_session(snapshot, edit.name, changes)
        case _:
            return edits.put_credentials(snapshot, edit.name, KEYS)


def aimed(edit: Edit, snapshot: Snapshot) -> Edit:
    """Aim an edit at something that is there, where that is what it is for; ``x`` stays a miss."""
    if edit.what in ("set_setting", "add_profile", "change_session"):
        return edit
    there = list(snapshot.profiles)
    if edit.what == "put_credentials":
        edit, there = replace(edit, changes=PUT), list(snapshot.files[1].headers.profiles)
    if edit.name not in there and there and edit.name != "x":
        edit = replace(edit, name=there[len(edit.name) % len(there)])
    if edit.what == "unset_setting" and edit.name in snapshot.profiles and edit.file is None:
        keys = list(snapshot.merged.by_name[edit.name])
        if keys and edit.changes[0][0] not in keys:
            edit = replace(edit, changes=((keys[0].title(), None),))
    return edit


def write(place: Path, pair: Pair) -> None:
    (place / ".aws").mkdir(exist_ok=True)
    for name, data in (("config", pair.config), ("credentials", pair.credentials)):
        path = place / ".aws" / name
        path.unlink(missing_ok=True)
        if data is not None:
            path.write_bytes(data)


def read(place: Path) -> Files:
    return {role: Read.of(role, place / ".aws" / role.value) for role in FileKind}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def test_an_edit_changes_what_was_asked_for_and_no_other_byte(place: Path) -> None:
    outcomes: Counter[str] = Counter()

    # two edits at least, one after the other: twice as many edits as examples
    @settings(max_examples=EXAMPLES, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
    @given(pair=pairs(), asked=st.lists(random_edits(), min_size=2, max_size=3))
    def check(pair: Pair, asked: list[Edit]) -> None:
        # GIVEN two random files
        write(place, pair)
        # WHEN some edits are made, one after the other
        for edit in asked:
            outcome = made(place, edit)
            outcomes[outcome] += 1
            event(f"{edit.what}: {outcome}")

    check()
    # AND that is not so because everything is refused
    total = outcomes.total()
    assert total > EXAMPLES
    assert outcomes["made"] / total > 0.4, outcomes
    assert outcomes["unparseable"] / total < 0.15, outcomes


def made(place: Path, edit: Edit) -> str:
    """Make one edit, check it, and say how it went."""
    snapshot = Snapshot.take(Host.of(place))
    edit = aimed(edit, snapshot)
    try:
        before = read(place)
        wanted = ask(before, edit)
    except (ConfigParseError, Impossible) as reason:
        # THEN what AWS cannot read, and what cannot be written, is refused
        with pytest.raises(ActionFailed) as refused:
            planned(snapshot, edit)
        if isinstance(reason, ConfigParseError):
            broken = [file for file in snapshot.files if file.status is FileStatus.UNPARSEABLE]
            assert (refused.value.path, refused.value.line) == (broken[0].path, broken[0].line)
            return "unparseable"
        assert refused.value.kind in ("Refused", "NotApplicable", "ProfileNotFound")
        return "impossible"

    # THEN everything else is granted
    plan = planned(snapshot, edit)
    assert len({change.role for change in plan.changes}) == len(plan.changes)
    for change in plan.changes:
        assert change.role is not None
        # AND the plan begins with the very bytes that stand there, which is what undo writes
        assert change.before == before[change.role].data
        assert change.path == place / ".aws" / change.role.value
        assert change.after is not None
        change.path.write_bytes(change.after)
        # AND all lines that it is not about stand as they stood
        assert_untouched(before[change.role], change.after, wanted[change.role])
        assert change.diff
        shown = "\n".join(line.text for line in change.diff)
        assert "CANARY" not in shown, shown
    # AND botocore reads exactly what was asked for, in both files
    after = read(place)
    for role in FileKind:
        assert_means(before[role], after[role], wanted[role])
        assert_new_keys_stand_with_the_others(before[role], after[role], wanted[role])
    return "made" if plan.changes else "nothing to do"
