"""The form: what is typed becomes a Plan; what cannot be written is said, and nothing is lost by mistake."""

import threading
from pathlib import Path
from typing import ClassVar

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.registry import Findings
from rolecall.tui.form.fields import REQUIRED, BlockArea, Label
from rolecall.tui.form.form import NAME, FilledForm
from rolecall.tui.form.notes import FormChecker, FormFindings, Note
from rolecall.tui.form.screen import GONE, MISSING, NOTHING, UNSAVED, EditScreen
from tests.homes import make_home, put
from tests.tui.form.forms import CONFIG, Filling, a_snapshot, added, filling, removed


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return a_snapshot(tmp_path)


# What is to be seen.


async def test_it_shows_the_settings_and_says_where_the_one_in_focus_comes_from(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        assert "Edit profile dev" in form.text
        assert form.at == "role_arn"
        assert form.help == "The role to assume: its whole ARN\n~/.aws/config:2"
        for words in ("source_profile", "base", "max_queue_size = 20", "add a setting", "^s"):
            assert words in form.text


@pytest.mark.long
@pytest.mark.parametrize("size", [(20, 8), (60, 15), (80, 24), (120, 40), (5, 3), (2, 24), (200, 2)])
async def test_it_survives_any_size(snapshot: Snapshot, size: tuple[int, int]) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev"), size) as form:
        await form.press("tab", "ctrl+@", "down", "enter", "tab", "tab", "up", "ctrl+d", "ctrl+d")
        await form.pilot.resize_terminal(30, 9)
        await form.press("shift+tab", "ctrl+@")
        assert form.pilot.app._exception is None


@pytest.mark.long
@pytest.mark.parametrize("size", [(20, 8), (60, 15), (80, 24)])
async def test_the_field_in_focus_is_always_in_view(snapshot: Snapshot, size: tuple[int, int]) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev"), size) as form:
        for _ in range(len(form.keys) + 2):
            await form.press("tab")
            assert form.screen.focused is not None
            area = form.screen.focused.region
            assert area.height >= 1
            assert form.screen.region.contains_region(area)
            assert form.screen.query_one("#fields").region.contains_region(area)


# Going about.


@pytest.mark.long
async def test_tab_and_the_arrows_go_from_field_to_field_round_and_round(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.press("down")
        assert form.at == "source_profile"
        await form.press("up", "up")
        assert form.at == NAME
        await form.press("shift+tab")
        assert form.is_on_free
        await form.press("tab", "tab", "tab")
        assert form.at == "source_profile"


@pytest.mark.long
async def test_enter_goes_to_the_next_field_and_from_the_last_one_on(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "base")) as form:
        await form.type_into("region", "us-east-1")
        await form.press("enter", "enter")
        assert form.is_on_free
        await form.press("enter")
        await form.until(lambda: bool(form.shown.answers))
        assert form.shown.answers[0] is not None


@pytest.mark.long
async def test_the_arrows_move_within_a_block_and_out_of_it_at_its_ends(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        form.screen._go_to(form.row("s3").entry)
        await form.press("up")
        assert form.at == "output"
        await form.press("down", "down")
        entry = form.screen.focused
        assert isinstance(entry, BlockArea)
        assert entry.cursor_location[0] == 1
        await form.press("down")
        assert form.is_on_free


@pytest.mark.long
async def test_in_a_block_enter_begins_a_new_line(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        form.screen._go_to(form.row("s3").entry)
        await form.press("enter")
        assert form.row("s3").text == "\nmax_queue_size = 20\naddressing_style = path"
        assert form.at == "s3"


# What comes of it.


@pytest.mark.long
async def test_what_is_typed_becomes_a_plan(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.press("tab", "ctrl+d", *"ops")
        plan = await form.plan()
    assert added(plan) == ["source_profile = ops"]
    assert removed(plan) == ["source_profile = base"]


@pytest.mark.long
async def test_an_emptied_field_takes_the_setting_away_and_says_so(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.type_into("region", "")
        assert "removed" in form.note("region")
        plan = await form.plan()
    assert (added(plan), removed(plan)) == ([], ["region = eu-west-1"])


async def test_the_key_that_unsets_puts_back_what_stood_there(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.press("ctrl+d")
        assert form.row("role_arn").text == ""
        await form.press("ctrl+d")
        assert form.row("role_arn").text == "arn:aws:iam::111122223333:role/Dev"
        await form.press("ctrl+s")
        assert form.help.strip() == NOTHING


async def test_one_line_of_a_block_changes_one_line(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.type_into("s3", "max_queue_size = 99\naddressing_style = path")
        plan = await form.plan()
    assert added(plan) == ["  max_queue_size = 99"]
    assert removed(plan) == ["  max_queue_size = 20"]


async def test_another_name_takes_those_along_who_refer_to_it(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "base")) as form:
        await form.type_into(NAME, "hub")
        assert form.note(NAME) == "The source_profile of dev, ops follows."
        plan = await form.plan()
    assert added(plan).count("source_profile = hub") == 2
    assert "[profile hub]" in added(plan)
    assert "[hub]" in added(plan)


@pytest.mark.long
async def test_a_setting_of_any_name_can_be_added(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "base")) as form:
        await form.press("shift+tab", "shift+tab", *"Ca_Bundle", "enter")
        assert form.at == "ca_bundle"
        assert "The file with trusted certificates" in form.help
        await form.press(*"/ca.pem")
        plan = await form.plan()
    assert added(plan) == ["ca_bundle = /ca.pem"]


@pytest.mark.long
async def test_the_name_of_a_setting_that_is_there_leads_to_it(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "base")) as form:
        await form.press("shift+tab", "shift+tab", *"region", "enter")
        assert form.at == "region"
        assert form.keys.count("region") == 1


@pytest.mark.long
async def test_a_name_without_its_value_yet_is_not_passed_over(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "base")) as form:
        await form.press("shift+tab", "shift+tab", *"cli_pager", "ctrl+s")
        assert form.at == "cli_pager"
        assert form.shown.answers == []


# New ones.


@pytest.mark.long
async def test_of_a_new_profile_the_kind_is_chosen_first(snapshot: Snapshot) -> None:
    async with filling(EditScreen.new_profile(snapshot)) as form:
        assert "a program that prints credentials" in form.text
        await form.press("j", "j", "j", "enter")
        assert "Add a profile: process" in form.text
        assert form.at == NAME
        await form.press(*"tool", "enter", *"/bin/helper x")
        plan = await form.plan()
    assert added(plan)[-2:] == ["[profile tool]", "credential_process = /bin/helper ••••"]


@pytest.mark.long
async def test_keys_that_come_together_reach_the_form(snapshot: Snapshot) -> None:
    async with filling(EditScreen.new_profile(snapshot)) as form:
        await form.pilot.press("enter", *"web", "tab", *"arn:aws:iam::111122223333:role/Web", "tab", *"base")
        assert form.row("source_profile").text == "base"
        plan = await form.plan()
    assert "source_profile = base" in added(plan)


@pytest.mark.long
async def test_the_first_profile_makes_the_first_file(tmp_path: Path) -> None:
    snapshot = Snapshot.take(make_home(tmp_path))
    async with filling(EditScreen.new_profile(snapshot)) as form:
        await form.press("G", "k", "enter", *"first", "tab", *"eu-west-1")
        plan = await form.plan()
    assert [change.before for change in plan.changes] == [None]
    assert added(plan) == ["[profile first]", "region = eu-west-1"]


async def test_an_sso_session_is_edited(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_session(snapshot, "corp")) as form:
        assert "Edit sso-session corp" in form.text
        await form.type_into("sso_region", "us-east-1")
        plan = await form.plan()
    assert added(plan) == ["sso_region = us-east-1"]


async def test_an_sso_session_is_added(snapshot: Snapshot) -> None:
    async with filling(EditScreen.new_session(snapshot)) as form:
        await form.press(*"new")
        await form.type_into("sso_region", "eu-west-1")
        plan = await form.plan()
    assert "[sso-session new]" in added(plan)


# What is said, and what is refused.


@pytest.mark.long
async def test_what_aws_tools_would_refuse_is_said_below_the_field(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.type_into("source_profile", "nobody")
        await form.until(lambda: "▲ dev names source_profile 'nobody'" in form.text)
        await form.type_into("source_profile", "ops")
        await form.until(lambda: form.note("source_profile") == "")
        assert "nobody" not in form.text


async def test_what_an_older_text_had_wrong_is_never_said_of_a_newer_one(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.type_into("source_profile", "nobody")
        await form.type_into("source_profile", "nobodies")
        await form.until(lambda: "'nobodies'" in form.note("source_profile"))
        await form.shown.settle()
        assert "'nobodies'" in form.note("source_profile")


class _Slow(FormChecker):
    """A checker that takes until it is let go."""

    looks: ClassVar[list[str]] = []
    may_end = threading.Event()

    def look(self, filled: FilledForm) -> FormFindings:
        self.looks.append(filled.text("source_profile"))
        self.may_end.wait(60)
        return FormFindings({"source_profile": (Note(filled.text("source_profile")),)})


async def test_the_rules_look_while_one_types_on_and_the_newest_text_wins(snapshot: Snapshot) -> None:
    # GIVEN rules that take their time
    screen = EditScreen.of_profile(snapshot, "dev")
    slow = screen._checker = _Slow(snapshot)
    slow.looks.clear()
    slow.may_end.clear()
    async with filling(screen) as form:
        await form.until(lambda: slow.looks == ["base"])
        # WHEN one types on meanwhile
        await form.type_into("source_profile", "on")
        await form.type_into("source_profile", "one")
        # THEN that is shown at once, and nothing of what the rules find in the older text
        assert form.row("source_profile").text == "one"
        slow.may_end.set()
        await form.until(lambda: form.note("source_profile") != "")
        assert form.note("source_profile") == "one"
        assert slow.looks == ["base", "one"]


@pytest.mark.long
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 12)])
async def test_the_field_in_focus_stays_in_view_when_findings_come(
    snapshot: Snapshot, size: tuple[int, int]
) -> None:
    async with filling(EditScreen.of_profile(snapshot, "base"), size) as form:
        form.screen._go_to(form.row("aws_secret_access_key").entry)
        await form.press("up", "ctrl+d", "down", "ctrl+d")
        await form.until(lambda: "base has no credentials" in form.note("region"))
        await form.settle()
        entry = form.row("aws_secret_access_key").entry
        assert form.screen.query_one("#fields").region.contains_region(entry.region)


@pytest.mark.long
async def test_what_is_wrong_with_the_whole_is_said_below_the_fields(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.type_into("region", "")
        await form.until(lambda: "· dev has no region." in form.text.lower())
        assert form.screen.query_one("#others").region.y > form.screen.query_one("#fields").region.y
        await form.type_into("region", "eu-west-1")
        await form.until(lambda: "has no region" not in form.text)


async def test_what_is_wrong_from_the_beginning_is_said_at_once(tmp_path: Path) -> None:
    snapshot = a_snapshot(tmp_path, CONFIG.replace("= base", "= bsae"))
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.until(lambda: "bsae" in form.note("source_profile"))


async def test_a_name_that_is_taken_has_to_be_mended(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.type_into(NAME, "base")
        await form.press("tab", "ctrl+s")
        assert form.at == NAME
        assert "✗ There is a profile of this name already." in form.text
        assert form.shown.answers == []


async def test_a_new_profile_needs_a_name_which_is_said_when_it_is_missed(snapshot: Snapshot) -> None:
    async with filling(EditScreen.new_profile(snapshot)) as form:
        await form.press("enter")
        assert "✗" not in form.text
        await form.type_into("region", "eu-west-1")
        await form.press("ctrl+s")
        assert form.at == NAME
        assert "✗ A name cannot be empty." in form.text


async def test_without_a_change_it_stays_and_says_so(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.press("ctrl+s")
        assert NOTHING in form.text
        assert form.shown.answers == []


@pytest.mark.long
async def test_what_cannot_be_done_is_said_and_what_was_typed_stays(tmp_path: Path) -> None:
    # GIVEN a form of a profile whose file is broken from outside while it is filled in
    snapshot = a_snapshot(tmp_path)
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.type_into("region", "us-east-1")
        put(tmp_path / ".aws/config", CONFIG + "\n[profile dev]\n")
        # WHEN it is to be written
        await form.press("ctrl+s")
        # THEN it says why not, and nothing is lost
        await form.until(lambda: "twice" in form.help)
        assert form.row("region").text == "us-east-1"
        assert form.shown.answers == []


# The way back.


async def test_esc_leaves_an_untouched_form(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.press("escape")
        assert form.shown.answers == [None]


async def test_what_was_typed_is_thrown_away_by_a_second_esc_only(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.type_into("region", "us-east-1")
        await form.press("escape")
        assert UNSAVED in form.text
        assert form.shown.answers == []
        await form.press("escape")
        assert form.shown.answers == [None]


@pytest.mark.long
async def test_going_on_after_the_first_esc_asks_again(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.type_into("region", "us-east-1")
        await form.press("escape", "tab", "escape")
        assert form.shown.answers == []
        await form.press("x", "escape")
        assert form.shown.answers == []


@pytest.mark.long
async def test_who_comes_back_from_the_diff_finds_what_was_typed(snapshot: Snapshot) -> None:
    screen = EditScreen.of_profile(snapshot, "dev")
    async with filling(screen) as form:
        await form.press("shift+tab", "shift+tab", *"cli_pager", "enter", *"less")
        await form.type_into("region", "us-east-1")
        plan = await form.plan()
    async with filling(screen.again(snapshot)) as form:
        assert form.row("region").text == "us-east-1"
        assert form.row("cli_pager").text == "less"
        again = await form.plan()
    assert again == plan


# What another program writes meanwhile.


def written(snapshot: Snapshot, old: str, new: str) -> Snapshot:
    """Have another program change the config file; return what is there then."""
    path = snapshot.files[0].path
    assert path is not None
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return Snapshot.reread(snapshot)


async def test_fields_that_were_not_typed_into_follow_and_the_others_say_so(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev"), (100, 40)) as form:
        await form.type_into("region", "us-east-1")
        # WHEN
        now = written(
            snapshot,
            "source_profile = base\nregion = eu-west-1",
            "source_profile = ops\nregion = eu-north-1\noutput = text",
        )
        form.screen.follow(now, Findings())
        await form.until(lambda: form.row("source_profile").text == "ops")
        await form.settle()
        # THEN
        assert "Another program has changed it meanwhile." in form.note("source_profile")
        assert form.row("region").text == "us-east-1"
        assert "Another program has set it to eu-north-1 meanwhile." in form.note("region")
        assert form.row("output").text == "text"
        assert "Another program" not in form.note("role_arn")
        # AND what is written is only what was typed, over what the other wrote
        plan = await form.plan()
    assert (removed(plan), added(plan)) == (["region = eu-north-1"], ["region = us-east-1"])


async def test_what_another_program_has_removed_is_not_written_again(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev"), (100, 40)) as form:
        form.screen.follow(
            written(snapshot, "source_profile = base\nregion = eu-west-1\n", "source_profile = base\n"),
            Findings(),
        )
        await form.until(lambda: form.row("region").text == "")
        assert "Another program has removed it meanwhile." in form.note("region")
        await form.type_into("duration_seconds", "3600")
        assert added(await form.plan()) == ["duration_seconds = 3600"]


@pytest.mark.parametrize("new", ["[profile other]\n", "[profile dev\n"])
async def test_a_profile_that_is_gone_or_cannot_be_read_keeps_what_was_typed(
    snapshot: Snapshot, new: str
) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev")) as form:
        await form.type_into("region", "us-east-1")
        form.screen.follow(written(snapshot, "[profile dev]\n", new), Findings())
        await form.until(lambda: GONE in form.help)
        assert form.row("region").text == "us-east-1"


@pytest.mark.long
async def test_who_comes_back_from_a_conflict_sees_what_the_other_program_wrote(snapshot: Snapshot) -> None:
    screen = EditScreen.of_profile(snapshot, "dev")
    async with filling(screen) as form:
        await form.type_into("region", "us-east-1")
        await form.plan()
    now = written(snapshot, "region = eu-west-1", "region = eu-north-1")
    async with filling(screen.again(now)) as form:
        await form.until(lambda: "eu-north-1" in form.note("region"))
        assert form.row("region").text == "us-east-1"


# What is required, and what is wrong with it.


def label(form: Filling, key: str) -> str:
    return form.row(key).query_one(Label).text


async def test_what_is_required_is_marked_as_long_as_it_is_missing(snapshot: Snapshot) -> None:
    async with filling(EditScreen.new_profile(snapshot), (100, 40)) as form:
        await form.press("enter")  # a role
        needed = {key for key in form.keys if label(form, key).endswith(f" {REQUIRED}")}
        assert needed == {NAME, "role_arn", "source_profile", "credential_source"}
        assert MISSING in form.help
        # AND of two, one of which is enough, each says so
        assert [form.row(key).entry.placeholder for key in ("source_profile", "credential_source")] == [
            "this, or credential_source",
            "this, or source_profile",
        ]
        await form.type_into("source_profile", "base")
        assert MISSING not in form.help
        assert form.row("credential_source").entry.placeholder == ""
        assert label(form, "credential_source") == "credential_source"
        await form.type_into("role_arn", "arn:aws:iam::111122223333:role/x")
        await form.type_into(NAME, "x")
        assert not [key for key in form.keys if REQUIRED in label(form, key)]


@pytest.mark.parametrize("name", ["dev", "base"])
async def test_of_what_has_all_nothing_is_marked(snapshot: Snapshot, name: str) -> None:
    async with filling(EditScreen.of_profile(snapshot, name), (100, 40)) as form:
        assert not [key for key in form.keys if REQUIRED in label(form, key)]


async def test_every_warning_stands_above_the_diff_typed_however_fast(snapshot: Snapshot) -> None:
    async with filling(EditScreen.of_profile(snapshot, "dev"), (100, 40)) as form:
        await form.press("shift+tab", "shift+tab", *"output", "enter")
        form.row("output").text = "josn"
        form.row("region").text = "eu-west-1 ; Dublin"
        plan = await form.plan()
    said = "\n".join(plan.remarks)
    assert "dev sets output to 'josn'" in said
    assert "dev has a comment after its region" in said
