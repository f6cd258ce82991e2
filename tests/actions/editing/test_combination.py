"""Several edits in one plan: each over what those before it leave, and one diff of all of them."""

from functools import partial
from pathlib import Path

import pytest

from rolecall.actions.editing import edits
from rolecall.actions.editing.combination import Combination
from rolecall.actions.errors import ActionFailed
from rolecall.actions.writing.saving import save
from rolecall.aws.snapshot import Snapshot
from tests.homes import make_home

CONFIG = "# mine\n[profile a]\nregion = x\n\n[profile b]\nsource_profile = a\n"


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return Snapshot.take(make_home(tmp_path, config=CONFIG, credentials="[c]\nregion = z\n"))


def config_of(snapshot: Snapshot) -> Path:
    path = snapshot.files[0].path
    assert path is not None
    return path


def test_edits_of_both_files_and_of_the_same_lines_come_out_as_if_one_by_one(snapshot: Snapshot) -> None:
    combined = Combination(snapshot)
    combined.add(partial(edits.set_setting, profile="a", key="region", value="eu-west-1"))
    combined.add(partial(edits.set_setting, profile="a", key="output", value="json"))
    combined.add(partial(edits.set_setting, profile="c", key="region", value="eu-west-1"))
    combined.add(partial(edits.rename_profile, old="a", new="d"))
    plan = combined.plan("All")
    assert [change.before for change in plan.changes] == [CONFIG.encode(), b"[c]\nregion = z\n"]
    save(plan)
    assert config_of(snapshot).read_text() == (
        "# mine\n[profile d]\nregion = eu-west-1\noutput = json\n\n[profile b]\nsource_profile = d\n"
    )


def test_what_comes_to_nothing_is_no_change(snapshot: Snapshot) -> None:
    combined = Combination(snapshot)
    combined.add(partial(edits.set_setting, profile="a", key="output", value="json"))
    combined.add(partial(edits.unset_setting, profile="a", key="output"))
    assert combined.plan("Nothing").changes == ()


def test_one_that_cannot_be_done_any_more_leaves_those_before_it(snapshot: Snapshot) -> None:
    combined = Combination(snapshot)
    combined.add(partial(edits.remove_profile, name="a"))
    with pytest.raises(ActionFailed):
        combined.add(partial(edits.set_setting, profile="a", key="bad key=", value="x"))
    (change,) = combined.plan("Remove").changes
    assert change.after == b"# mine\n[profile b]\nsource_profile = a\n"


def test_a_file_that_has_changed_since_it_was_read_gets_all_of_them(snapshot: Snapshot) -> None:
    path = config_of(snapshot)
    path.write_text(CONFIG + "# theirs\n")
    combined = Combination(snapshot)
    combined.add(partial(edits.set_setting, profile="a", key="region", value="eu-west-1"))
    combined.add(partial(edits.set_setting, profile="a", key="output", value="json"))
    save(combined.plan("Both"))
    assert "region = eu-west-1\noutput = json\n" in path.read_text()
    assert path.read_text().endswith("# theirs\n")
